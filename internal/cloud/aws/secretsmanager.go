package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func secretsmanagerKinds() []cloud.Resource {
	return []cloud.Resource{&Secret{}}
}

// Secret is a Secrets Manager secret. Its value is never read.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
type Secret struct {
	cloud.Base

	// Description is the free text its owner gave it.
	Description string `json:"description,omitempty"`
	// CreatedAt is when the secret was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ChangedAt is when the secret was last changed in any way.
	ChangedAt time.Time `json:"changed_at,omitzero"`
	// AccessedAt is the day the value was last read; unset when it never was.
	AccessedAt time.Time `json:"accessed_at,omitzero"`
	// DeletionAt is when a deleted secret goes for good; unset unless deleted.
	DeletionAt time.Time `json:"deletion_at,omitzero"`
	// KMSKey encrypts the value; unset for the AWS managed key aws/secretsmanager.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// OwningService is the AWS service that made and rotates the secret, such
	// as rds; empty for the customer's own.
	// https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html
	OwningService string `json:"owning_service,omitempty"`
	// RotationEnabled is whether the secret rotates by itself.
	RotationEnabled bool `json:"rotation_enabled,omitempty"`
	// RotationFunction rotates it; unset for rotation that a service manages.
	RotationFunction cloud.Link[Function] `json:"rotation_function,omitzero"`
	// RotationDays is the period in days; 0 when it is given as a schedule.
	RotationDays int `json:"rotation_days,omitempty"`
	// RotationSchedule is a cron() or rate() expression in UTC.
	RotationSchedule string `json:"rotation_schedule,omitempty"`
	// RotatedAt is when it last rotated; unset when it never did.
	RotatedAt time.Time `json:"rotated_at,omitzero"`
	// NextRotationAt is the date by which it is to rotate next.
	NextRotationAt time.Time `json:"next_rotation_at,omitzero"`
	// Replica is whether this is a copy of a secret in another region, which
	// gets its value and its rotation from there.
	Replica bool `json:"replica,omitempty"`
	// PrimaryRegion is where the original lives; empty when never replicated.
	PrimaryRegion string `json:"primary_region,omitempty"`
	// Replicas are the copies in other regions.
	Replicas []*SecretReplica `json:"replicas,omitempty"`
	// Policy is the secret's resource policy; has(resource.policy) is false when there is none.
	Policy *Policy `json:"policy,omitempty"`
}

// Kind implements cloud.Resource.
func (*Secret) Kind() cloud.Kind { return "AWS::SecretsManager::Secret" }

// SecretReplica is the copy of a secret in another region.
type SecretReplica struct {
	cloud.Object
	// InRegion is where the copy lives.
	InRegion string `json:"in_region"`
	// Status is InSync, InProgress or Failed.
	Status string `json:"status,omitempty"`
	// KMSKey encrypts the copy; unset for the AWS managed key.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
}
