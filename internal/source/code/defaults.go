package code

import (
	"fmt"

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
