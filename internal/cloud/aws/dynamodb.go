package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func dynamodbKinds() []cloud.Resource {
	return []cloud.Resource{&Table{}}
}

// Table is a DynamoDB table.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
type Table struct {
	cloud.Base

	// Status is ACTIVE, CREATING, ARCHIVED and so on.
	Status string `json:"status,omitempty"`
	// CreatedAt is when the table was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Class is STANDARD or STANDARD_INFREQUENT_ACCESS.
	Class string `json:"class,omitempty"`
	// BillingMode is PROVISIONED or PAY_PER_REQUEST.
	BillingMode string `json:"billing_mode,omitempty"`
	// DeletionProtection is whether the table refuses to be deleted.
	DeletionProtection bool `json:"deletion_protection,omitempty"`
	// PointInTimeRecovery is whether the table can be restored to any second of
	// the recovery period.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
	PointInTimeRecovery bool `json:"point_in_time_recovery,omitempty"`
	// RecoveryDays is the length of the recovery period, 1 to 35.
	RecoveryDays int `json:"recovery_days,omitempty"`
	// KMSEncryption is whether a key in the account's KMS encrypts the table.
	// Otherwise a key that AWS owns does: a table is never in the clear.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
	KMSEncryption bool `json:"kms_encryption,omitempty"`
	// KMSKey encrypts the table: the AWS managed key or one of your own.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Policy is the table's resource policy; has(resource.policy) is false when
	// there is none.
	Policy *Policy `json:"policy,omitempty"`
	// StreamView is what each change record of the stream holds: KEYS_ONLY,
	// NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES; empty when the stream is off.
	StreamView string `json:"stream_view,omitempty"`
	// StreamPolicy is the resource policy of the current stream.
	StreamPolicy *Policy `json:"stream_policy,omitempty"`
	// ReplicaRegions hold further copies of a global table.
	ReplicaRegions []string `json:"replica_regions,omitempty"`

	// Backups says what AWS Backup holds of the table.
	Backups []cloud.Link[ProtectedResource] `json:"-" cel:"backups" backlink:"table" within:"region"`
}

// Kind implements cloud.Resource.
func (*Table) Kind() cloud.Kind { return "AWS::DynamoDB::Table" }
