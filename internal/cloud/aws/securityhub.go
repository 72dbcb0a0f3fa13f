package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func securityhubKinds() []cloud.Resource {
	return []cloud.Resource{&SecurityHub{}}
}

// SecurityHub is Security Hub CSPM in one region; there is none where it is off.
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html
type SecurityHub struct {
	cloud.Base

	// SubscribedAt is when it was switched on.
	SubscribedAt time.Time `json:"subscribed_at,omitzero"`
	// AutoEnableControls is whether new controls of its standards start
	// switched on.
	AutoEnableControls bool `json:"auto_enable_controls,omitempty"`
	// FindingGenerator is SECURITY_CONTROL (one finding for a control whatever
	// standards it is in) or STANDARD_CONTROL.
	FindingGenerator string `json:"finding_generator,omitempty"`
	// Standards are those the hub checks against.
	Standards []*HubStandard `json:"standards,omitempty"`
	// Aggregator is the ARN of the finding aggregator that collects the
	// findings of several regions; empty when there is none. Its region is the
	// one that collects.
	// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListFindingAggregators.html
	Aggregator string `json:"aggregator,omitempty"`
}

// Kind implements cloud.Resource.
func (*SecurityHub) Kind() cloud.Kind { return "AWS::SecurityHub::Hub" }

// HubStandard is a standard that a hub subscribes to.
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StandardsSubscription.html
type HubStandard struct {
	cloud.Object
	// ARN of the standard.
	ARN string `json:"arn"`
	// Name is the part of the ARN that says which, such as
	// aws-foundational-security-best-practices/v/1.0.0.
	Name string `json:"name"`
	// Status is READY, PENDING, INCOMPLETE, DELETING or FAILED.
	Status string `json:"status"`
}
