package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func configKinds() []cloud.Resource {
	return []cloud.Resource{&ConfigRecorder{}, &ConfigRule{}}
}

// ConfigRecorder is the customer's AWS Config recorder of a region. Recorders
// that AWS services keep for themselves are not listed.
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html
type ConfigRecorder struct {
	cloud.Base

	// Recording is whether the recorder is running.
	Recording bool `json:"recording"`
	// LastStatus is how the last attempt to record went: Pending, Success,
	// Failure or NotApplicable.
	LastStatus string `json:"last_status,omitempty"`
	// LastError is the code of the last failure.
	LastError string `json:"last_error,omitempty"`
	// LastStatusAt is when LastStatus last changed.
	LastStatusAt time.Time `json:"last_status_at,omitzero"`
	// Role is the role the recorder reads with.
	Role cloud.Link[Role] `json:"role,omitzero"`
	// Strategy is ALL_SUPPORTED_RESOURCE_TYPES, INCLUSION_BY_RESOURCE_TYPES or
	// EXCLUSION_BY_RESOURCE_TYPES.
	// https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingStrategy.html
	Strategy string `json:"strategy,omitempty"`
	// AllSupported is whether every supported regional resource type is
	// recorded, new ones as they come.
	AllSupported bool `json:"all_supported"`
	// GlobalTypes is whether users, groups, roles and policies of IAM are
	// recorded too: where they were asked for, or where all but some types are
	// recorded and they are not among those. One region of an account is enough.
	GlobalTypes bool `json:"global_types"`
	// ResourceTypes are what is recorded under INCLUSION_BY_RESOURCE_TYPES.
	ResourceTypes []string `json:"resource_types,omitempty"`
	// ExcludedTypes are what is not recorded under EXCLUSION_BY_RESOURCE_TYPES.
	ExcludedTypes []string `json:"excluded_types,omitempty"`
	// Frequency is CONTINUOUS (the default) or DAILY.
	Frequency string `json:"frequency,omitempty"`
	// Delivery is the channel its records leave by; has(resource.delivery) is
	// false when there is none, and then nothing can be recorded.
	Delivery *ConfigDelivery `json:"delivery,omitempty"`
}

// Kind implements cloud.Resource.
func (*ConfigRecorder) Kind() cloud.Kind { return "AWS::Config::ConfigurationRecorder" }

// ConfigDelivery is a region's delivery channel.
// https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html
type ConfigDelivery struct {
	cloud.Object
	// Bucket receives snapshots and history.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// Prefix starts the names of the objects.
	Prefix string `json:"prefix,omitempty"`
	// KMSKey encrypts the objects; unset when the bucket's default does.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Topic is told of changes; unset when none is.
	Topic cloud.Link[Topic] `json:"topic,omitzero"`
	// SnapshotFrequency is how often a full snapshot is delivered, such as
	// TwentyFour_Hours; empty when only history is.
	SnapshotFrequency string `json:"snapshot_frequency,omitempty"`
}

// ConfigRule is an AWS Config rule. Rules are read where a recorder exists.
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html
type ConfigRule struct {
	cloud.Base

	// State is ACTIVE, DELETING, DELETING_RESULTS or EVALUATING.
	State string `json:"state,omitempty"`
	// Owner is AWS (managed), CUSTOM_LAMBDA or CUSTOM_POLICY.
	Owner string `json:"owner"`
	// Source names the managed rule, such as ENCRYPTED_VOLUMES, or is the ARN
	// of the custom rule's function.
	Source string `json:"source,omitempty"`
	// CreatedBy is the service that made the rule; empty when a person did.
	CreatedBy string `json:"created_by,omitempty"`
}

// Kind implements cloud.Resource.
func (*ConfigRule) Kind() cloud.Kind { return "AWS::Config::ConfigRule" }
