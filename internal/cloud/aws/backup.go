package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func backupKinds() []cloud.Resource {
	return []cloud.Resource{&BackupVault{}, &BackupPlan{}, &ProtectedResource{}, &RestoreTestingPlan{}}
}

// BackupVault holds recovery points of AWS Backup.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupVaultListMember.html
type BackupVault struct {
	cloud.Base

	// Type is BACKUP_VAULT, LOGICALLY_AIR_GAPPED_BACKUP_VAULT or
	// RESTORE_ACCESS_BACKUP_VAULT.
	Type string `json:"type,omitempty"`
	// CreatedAt is when the vault was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// KMSKey encrypts what the vault holds.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Policy is the vault's access policy; has(resource.policy) is false when
	// there is none.
	Policy *Policy `json:"policy,omitempty"`
	// Locked is whether Vault Lock guards recovery points against deletion.
	// https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
	Locked bool `json:"locked,omitempty"`
	// LockedFrom is when the lock can no longer be removed by anyone; unset for
	// a lock in governance mode.
	LockedFrom time.Time `json:"locked_from,omitzero"`
	// MinRetentionDays is the shortest retention the lock allows.
	MinRetentionDays int `json:"min_retention_days,omitempty"`
	// MaxRetentionDays is the longest retention the lock allows.
	MaxRetentionDays int `json:"max_retention_days,omitempty"`
	// RecoveryPoints is how many the vault holds.
	RecoveryPoints int `json:"recovery_points,omitempty"`
	// UnencryptedRecoveryPoints are the ARNs of those that are not encrypted.
	UnencryptedRecoveryPoints []string `json:"unencrypted_recovery_points,omitempty"`
	// LastRestoredAt is when a recovery point of the vault was last restored;
	// unset when none ever was.
	LastRestoredAt time.Time `json:"last_restored_at,omitzero"`
}

// Kind implements cloud.Resource.
func (*BackupVault) Kind() cloud.Kind { return "AWS::Backup::BackupVault" }

// BackupPlan says what AWS Backup saves when and where.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupPlan.html
type BackupPlan struct {
	cloud.Base

	// CreatedAt is when the plan was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// LastRunAt is when the plan last ran; unset when it never did.
	LastRunAt time.Time `json:"last_run_at,omitzero"`
	// Rules say when backups are made and how long they are kept.
	Rules []*BackupRule `json:"rules,omitempty"`
	// Selections say what is saved. A plan without one saves nothing.
	Selections []*BackupSelection `json:"selections,omitempty"`
}

// Kind implements cloud.Resource.
func (*BackupPlan) Kind() cloud.Kind { return "AWS::Backup::BackupPlan" }

// BackupRule is one schedule of a plan.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
type BackupRule struct {
	cloud.Object
	// Name of the rule.
	Name string `json:"name"`
	// Schedule is a cron or rate expression; empty for AWS's default, daily.
	Schedule string `json:"schedule,omitempty"`
	// Vault receives the recovery points.
	Vault cloud.Link[BackupVault] `json:"vault,omitzero"`
	// DeleteAfterDays is how long recovery points are kept; 0 means for ever.
	DeleteAfterDays int `json:"delete_after_days,omitempty"`
	// Continuous is whether point-in-time recovery is kept where the service
	// knows it.
	Continuous bool `json:"continuous,omitempty"`
	// Copies go to further vaults, in other regions or accounts.
	Copies []*BackupCopy `json:"copies,omitempty"`
}

// BackupCopy is a further place for a recovery point.
type BackupCopy struct {
	cloud.Object
	// Vault receives the copy.
	Vault cloud.Link[BackupVault] `json:"vault,omitzero"`
	// DeleteAfterDays is how long the copy is kept; 0 means for ever.
	DeleteAfterDays int `json:"delete_after_days,omitempty"`
}

// BackupSelection is a set of resources that a plan saves.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
type BackupSelection struct {
	cloud.Object
	// Name of the selection.
	Name string `json:"name"`
	// Role AWS Backup assumes.
	Role cloud.Link[Role] `json:"role,omitzero"`
	// Resources are ARNs or patterns; * is everything AWS Backup can save.
	Resources []string `json:"resources,omitempty"`
	// NotResources are left out.
	NotResources []string `json:"not_resources,omitempty"`
	// Tags select resources that have any of them.
	Tags map[string]string `json:"tags,omitempty"`
	// Conditional is whether tag conditions narrow the selection further.
	Conditional bool `json:"conditional,omitempty"`
}

// ProtectedResource is what AWS Backup holds of one resource: it appears with
// the first successful backup.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ProtectedResource.html
type ProtectedResource struct {
	cloud.Base

	// ResourceARN is what was saved.
	ResourceARN string `json:"resource_arn,omitempty"`
	// ResourceType is AWS Backup's word for it, such as RDS, Aurora, DynamoDB,
	// EFS, EBS, EC2, S3, DocumentDB or Neptune.
	ResourceType string `json:"resource_type,omitempty"`
	// LastBackupAt is when it was last saved.
	LastBackupAt time.Time `json:"last_backup_at,omitzero"`
	// Vault holds the last backup.
	Vault cloud.Link[BackupVault] `json:"vault,omitzero"`

	// One of these leads to the saved resource, by its type.

	// DBInstance that was saved.
	DBInstance cloud.Link[DBInstance] `json:"db_instance,omitzero"`
	// DBCluster that was saved.
	DBCluster cloud.Link[DBCluster] `json:"db_cluster,omitzero"`
	// Table that was saved.
	Table cloud.Link[Table] `json:"table,omitzero"`
	// FileSystem that was saved.
	FileSystem cloud.Link[FileSystem] `json:"file_system,omitzero"`
	// Volume that was saved.
	Volume cloud.Link[Volume] `json:"volume,omitzero"`
	// Instance that was saved, with all its volumes.
	Instance cloud.Link[Instance] `json:"instance,omitzero"`
	// Bucket that was saved.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// RedshiftCluster that was saved.
	RedshiftCluster cloud.Link[RedshiftCluster] `json:"redshift_cluster,omitzero"`
}

// Kind implements cloud.Resource.
func (*ProtectedResource) Kind() cloud.Kind { return "AWS::Backup::ProtectedResource" }

// RestoreTestingPlan restores recovery points on a schedule to prove that they
// can be. Plans are read in regions that have a backup vault.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
type RestoreTestingPlan struct {
	cloud.Base

	// Schedule is a cron expression.
	Schedule string `json:"schedule,omitempty"`
	// CreatedAt is when the plan was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// LastRunAt is when the plan last ran; unset when it never did.
	LastRunAt time.Time `json:"last_run_at,omitzero"`
	// ResourceTypes are the kinds of resource it restores, in AWS Backup's
	// words; a plan without any restores nothing.
	ResourceTypes []string `json:"resource_types,omitempty"`
}

// Kind implements cloud.Resource.
func (*RestoreTestingPlan) Kind() cloud.Kind { return "AWS::Backup::RestoreTestingPlan" }
