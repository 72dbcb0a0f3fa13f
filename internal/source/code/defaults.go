package code

import (
	"fmt"
	"slices"

	"merlon.dev/internal/cloud/aws"
)

// KeyPolicy is the policy that KMS gives a key whose maker chose none: the
// account has every right, and hands it on by identity policies.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func KeyPolicy(r *Resource) *aws.Policy {
	return &aws.Policy{Version: "2012-10-17", Statements: []*aws.Statement{{
		SID: "Enable IAM User Permissions", Effect: "Allow", Actions: []string{"kms:*"}, Resources: []string{"*"},
		Principals: []*aws.Principal{{Type: "AWS", ID: fmt.Sprintf("arn:%s:iam::%s:root", r.partition(), r.Account)}},
	}}}
}

// TopicPolicy is the policy that SNS gives a topic whose maker chose none: its
// owner has every right.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
func TopicPolicy(r *Resource) *aws.Policy {
	return &aws.Policy{Version: "2008-10-17", Statements: []*aws.Statement{{
		SID: "__default_statement_ID", Effect: "Allow", Resources: []string{"*"},
		Actions: []string{"SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission", "SNS:DeleteTopic",
			"SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"},
		Principals: []*aws.Principal{{Type: "AWS", ID: "*"}},
		Conditions: []*aws.Condition{{Operator: "StringEquals", Key: "AWS:SourceOwner", Values: []string{string(r.Account)}}},
	}}}
}

// ManagedSSE is whether SQS encrypts a queue with a key of its own: unless it has
// another one. Where that is not known it is on, as the queue is encrypted either
// way.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html
func ManagedSSE(key Value) Value {
	h := key.Hole()
	return Flag(key.IsAbsent() || h != nil && h.Of == "", nil)
}

// LikePrimary takes over what a replica shares with its primary key.
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
func LikePrimary(f *Form, k *aws.Key) {
	shared := []string{"spec", "usage", "material_origin", "rotation_enabled", "rotation_days"}
	p := Target(f, k.Primary)
	if p == nil || slices.ContainsFunc(shared, func(field string) bool { return p.Gap(field) != nil }) {
		return
	}
	f.Is(&k.Spec, p.Spec)
	f.Is(&k.Usage, p.Usage)
	f.Is(&k.MaterialOrigin, p.MaterialOrigin)
	f.Is(&k.RotationEnabled, p.RotationEnabled)
	f.Is(&k.RotationDays, p.RotationDays)
}
