package aws

import (
	"net/url"
	"strings"

	"merlon.dev/internal/cloud"
)

func snsKinds() []cloud.Resource {
	return []cloud.Resource{&Topic{}}
}

// Topic is an SNS topic.
// https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
type Topic struct {
	cloud.Base

	// DisplayName is the sender that subscribers see.
	DisplayName string `json:"display_name,omitempty"`
	// FIFO is whether the topic keeps the order of messages.
	FIFO bool `json:"fifo,omitempty"`
	// Policy is the topic's resource policy. Topics are made with one that
	// admits their owner only.
	Policy *Policy `json:"policy,omitempty"`
	// KMSKey encrypts the messages at rest; unset when they are not encrypted
	// with a KMS key.
	// https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// SignatureVersion is the hash in signatures of messages: 1 is SHA-1 (the
	// default), 2 is SHA-256.
	SignatureVersion string `json:"signature_version,omitempty"`
	// Tracing is Active or PassThrough (default).
	Tracing string `json:"tracing,omitempty"`
	// DeliveryLogging has an entry for each protocol whose deliveries are logged.
	// https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
	DeliveryLogging []*DeliveryLogging `json:"delivery_logging,omitempty"`
	// Subscriptions are all subscriptions to the topic, other accounts' included.
	Subscriptions []*Subscription `json:"subscriptions,omitempty"`
}

// Kind implements cloud.Resource.
func (*Topic) Kind() cloud.Kind { return "AWS::SNS::Topic" }

// DeliveryLogging is how deliveries over one protocol are logged.
type DeliveryLogging struct {
	cloud.Object
	// Protocol is HTTP (https too), Lambda, SQS, Firehose or Application.
	Protocol string `json:"protocol"`
	// SuccessRole writes the log of successful deliveries.
	SuccessRole cloud.Link[Role] `json:"success_role,omitzero"`
	// FailureRole writes the log of failed deliveries.
	FailureRole cloud.Link[Role] `json:"failure_role,omitzero"`
	// SamplePercent is the share of successful deliveries that is logged.
	SamplePercent int `json:"sample_percent,omitempty"`
}

// Subscription is one subscription to a topic.
// https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html
type Subscription struct {
	cloud.Object
	// ARN of the subscription; empty while it is pending.
	ARN string `json:"arn,omitempty"`
	// Protocol is http, https, email, email-json, sms, sqs, application,
	// lambda or firehose.
	Protocol string `json:"protocol"`
	// Endpoint is where messages go, as far as it is no secret: an ARN, the
	// host of a URL, the domain of a mail address; empty otherwise.
	Endpoint string `json:"endpoint,omitempty"`
	// Owner is the account that subscribed.
	Owner string `json:"owner,omitempty"`
	// Pending is whether the receiver has not confirmed yet: nothing is delivered.
	Pending bool `json:"pending,omitempty"`
}

// EndpointName is what of a subscription's endpoint is no secret.
func EndpointName(protocol, endpoint string) string {
	switch protocol {
	case "http", "https":
		u, err := url.Parse(endpoint)
		if err != nil {
			return ""
		}
		return u.Host
	case "email", "email-json":
		_, domain, _ := strings.Cut(endpoint, "@")
		return domain
	}
	if strings.HasPrefix(endpoint, "arn:") {
		return endpoint
	}
	return ""
}
