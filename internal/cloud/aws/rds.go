package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func rdsKinds() []cloud.Resource {
	return []cloud.Resource{
		&DBInstance{}, &DBCluster{}, &DBSnapshot{}, &DBClusterSnapshot{},
		&DBParameterGroup{}, &DBClusterParameterGroup{}, &DBEventSubscription{},
	}
}

// DBInstance is a database instance of RDS, Aurora, DocumentDB or Neptune:
// AWS keeps all four in one list, and Engine tells them apart.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
type DBInstance struct {
	cloud.Base

	// Engine is the database product, such as postgres, mysql, mariadb,
	// sqlserver-se, oracle-ee, db2-se, aurora-mysql, aurora-postgresql, docdb
	// or neptune.
	Engine string `json:"engine,omitempty"`
	// EngineVersion is the full version, such as 16.4.
	EngineVersion string `json:"engine_version,omitempty"`
	// StandardSupportEnds is when AWS stops to mend the major version without
	// extra charge; unset when AWS names no such date.
	// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html
	StandardSupportEnds time.Time `json:"standard_support_ends,omitzero"`
	// Class is the hardware, such as db.t4g.micro.
	Class string `json:"class,omitempty"`
	// Status is available, creating, stopped and so on.
	Status string `json:"status,omitempty"`
	// CreatedAt is when the instance was made.
	CreatedAt time.Time `json:"created_at,omitzero"`

	// Endpoint is the host name clients connect to.
	Endpoint string `json:"endpoint,omitempty"`
	// Port clients connect to.
	Port int `json:"port,omitempty"`
	// PubliclyAccessible is whether the host name resolves to a public address
	// outside the VPC. Security groups and routes decide who gets there.
	// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
	PubliclyAccessible bool `json:"publicly_accessible,omitempty"`
	// VPC the instance lives in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets are those of the subnet group; the instance may move between them.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups guard the instance.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`

	// StorageEncrypted is whether data, logs, backups and snapshots are encrypted.
	StorageEncrypted bool `json:"storage_encrypted,omitempty"`
	// KMSKey encrypts the storage.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// MultiAZ is whether a standby waits in another zone. Members of a cluster
	// have none of their own: see the cluster's multi_az.
	MultiAZ bool `json:"multi_az,omitempty"`
	// AutoMinorVersionUpgrade is whether minor engine versions install
	// themselves in the maintenance window.
	AutoMinorVersionUpgrade bool `json:"auto_minor_version_upgrade,omitempty"`
	// DeletionProtection is whether the instance refuses to be deleted. Members
	// of a cluster are guarded by the cluster's.
	DeletionProtection bool `json:"deletion_protection,omitempty"`
	// CopyTagsToSnapshot is whether snapshots inherit the instance's tags.
	CopyTagsToSnapshot bool `json:"copy_tags_to_snapshot,omitempty"`
	// BackupRetentionDays is how long automatic backups are kept; 0 means none
	// are made.
	BackupRetentionDays int `json:"backup_retention_days,omitempty"`
	// IAMAuthentication is whether users may log in with IAM credentials.
	IAMAuthentication bool `json:"iam_authentication,omitempty"`
	// MasterUsername is the name of the administrator made with the instance.
	MasterUsername string `json:"master_username,omitempty"`
	// MasterSecret holds the administrator's password, when RDS manages it.
	MasterSecret cloud.Link[Secret] `json:"master_secret,omitzero"`
	// LogExports are the kinds of log sent to CloudWatch Logs, such as audit,
	// error, general, slowquery, postgresql.
	LogExports []string `json:"log_exports,omitempty"`
	// MonitoringSeconds is how often operating system metrics are taken; 0
	// means never.
	// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html
	MonitoringSeconds int `json:"monitoring_seconds,omitempty"`
	// PerformanceInsights is whether query load is recorded.
	PerformanceInsights bool `json:"performance_insights,omitempty"`
	// Certificate is the TLS certificate the instance presents.
	Certificate *DBCertificate `json:"certificate,omitempty"`
	// ParameterGroups configure the engine.
	ParameterGroups []cloud.Link[DBParameterGroup] `json:"parameter_groups,omitempty"`
	// Roles the engine may assume, to load from S3 for one.
	Roles []cloud.Link[Role] `json:"roles,omitempty"`

	// Cluster the instance is a member of; unset for one that stands alone.
	Cluster cloud.Link[DBCluster] `json:"cluster,omitzero"`
	// ReplicaOf is the instance this one replicates.
	ReplicaOf cloud.Link[DBInstance] `json:"replica_of,omitzero"`

	// Snapshots are the manual snapshots of the instance.
	Snapshots []cloud.Link[DBSnapshot] `json:"-" cel:"snapshots" backlink:"instance" within:"region"`
	// Backups says what AWS Backup holds of the instance.
	Backups []cloud.Link[ProtectedResource] `json:"-" cel:"backups" backlink:"db_instance" within:"region"`
}

// Kind implements cloud.Resource.
func (*DBInstance) Kind() cloud.Kind { return "AWS::RDS::DBInstance" }

// DBCertificate is the TLS certificate of a database server.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
type DBCertificate struct {
	cloud.Object
	// Authority that signed it, such as rds-ca-rsa2048-g1.
	Authority string `json:"authority,omitempty"`
	// ValidTill is when the server's certificate expires.
	ValidTill time.Time `json:"valid_till,omitzero"`
}

// DBCluster is a cluster of Aurora, DocumentDB or Neptune, or a Multi-AZ
// cluster of RDS.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
type DBCluster struct {
	cloud.Base

	// Engine is aurora-mysql, aurora-postgresql, mysql, postgres, docdb or neptune.
	Engine string `json:"engine,omitempty"`
	// EngineVersion is the full version.
	EngineVersion string `json:"engine_version,omitempty"`
	// EngineMode is provisioned or serverless (the first version of Aurora Serverless).
	EngineMode string `json:"engine_mode,omitempty"`
	// StandardSupportEnds is when AWS stops to mend the major version without
	// extra charge; unset when AWS names no such date.
	StandardSupportEnds time.Time `json:"standard_support_ends,omitzero"`
	// Status is available, creating, stopped and so on.
	Status string `json:"status,omitempty"`
	// CreatedAt is when the cluster was made.
	CreatedAt time.Time `json:"created_at,omitzero"`

	// Endpoint is the host name of the writer.
	Endpoint string `json:"endpoint,omitempty"`
	// Port clients connect to.
	Port int `json:"port,omitempty"`
	// PubliclyAccessible is whether a Multi-AZ cluster of RDS has a public
	// address; Aurora says so of each instance instead.
	PubliclyAccessible bool `json:"publicly_accessible,omitempty"`
	// InternetGateway is whether Aurora's own internet access gateway lets
	// clients in from outside the VPC.
	InternetGateway bool `json:"internet_gateway,omitempty"`
	// DataAPI is whether SQL can be run over HTTPS with IAM credentials.
	// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html
	DataAPI bool `json:"data_api,omitempty"`
	// VPC the cluster lives in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets are those of the subnet group.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups guard the cluster.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`

	// StorageEncrypted is whether data, logs, backups and snapshots are encrypted.
	StorageEncrypted bool `json:"storage_encrypted,omitempty"`
	// KMSKey encrypts the storage.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// MultiAZ is whether instances run in more than one zone.
	MultiAZ bool `json:"multi_az,omitempty"`
	// AutoMinorVersionUpgrade is whether minor versions install themselves in
	// a Multi-AZ cluster of RDS; elsewhere each instance says so.
	AutoMinorVersionUpgrade bool `json:"auto_minor_version_upgrade,omitempty"`
	// DeletionProtection is whether the cluster refuses to be deleted.
	DeletionProtection bool `json:"deletion_protection,omitempty"`
	// CopyTagsToSnapshot is whether snapshots inherit the cluster's tags.
	CopyTagsToSnapshot bool `json:"copy_tags_to_snapshot,omitempty"`
	// BackupRetentionDays is how long automatic backups are kept, at least 1.
	BackupRetentionDays int `json:"backup_retention_days,omitempty"`
	// BacktrackSeconds is how far Aurora MySQL can be wound back in place; 0
	// means not at all.
	BacktrackSeconds int `json:"backtrack_seconds,omitempty"`
	// IAMAuthentication is whether users may log in with IAM credentials.
	IAMAuthentication bool `json:"iam_authentication,omitempty"`
	// MasterUsername is the name of the administrator made with the cluster.
	MasterUsername string `json:"master_username,omitempty"`
	// MasterSecret holds the administrator's password, when RDS manages it.
	MasterSecret cloud.Link[Secret] `json:"master_secret,omitzero"`
	// LogExports are the kinds of log sent to CloudWatch Logs.
	LogExports []string `json:"log_exports,omitempty"`
	// ActivityStream is whether all activity goes to a Kinesis stream.
	ActivityStream bool `json:"activity_stream,omitempty"`
	// ParameterGroup configures the engine.
	ParameterGroup cloud.Link[DBClusterParameterGroup] `json:"parameter_group,omitzero"`
	// Roles the engine may assume.
	Roles []cloud.Link[Role] `json:"roles,omitempty"`
	// ReplicaOf is the ARN of the cluster or instance this one replicates.
	ReplicaOf string `json:"replica_of,omitempty"`
	// GlobalCluster is the name of the global cluster it belongs to.
	GlobalCluster string `json:"global_cluster,omitempty"`

	// Instances are the members.
	Instances []cloud.Link[DBInstance] `json:"-" cel:"instances" backlink:"cluster" within:"region"`
	// Snapshots are the manual snapshots of the cluster.
	Snapshots []cloud.Link[DBClusterSnapshot] `json:"-" cel:"snapshots" backlink:"cluster" within:"region"`
	// Backups says what AWS Backup holds of the cluster.
	Backups []cloud.Link[ProtectedResource] `json:"-" cel:"backups" backlink:"db_cluster" within:"region"`
}

// Kind implements cloud.Resource.
func (*DBCluster) Kind() cloud.Kind { return "AWS::RDS::DBCluster" }

// DBSnapshot is a manual snapshot of an instance. Automatic ones are not in
// the model: they share the instance's encryption and cannot be shared.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshot.html
type DBSnapshot struct {
	cloud.Base

	// Engine of the instance.
	Engine string `json:"engine,omitempty"`
	// Encrypted is whether the snapshot is encrypted.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the snapshot.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// SharedWith are the account ids that may restore it; "all" is everyone.
	// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html
	SharedWith []string `json:"shared_with,omitempty"`
	// CreatedAt is when the snapshot was taken.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Instance it was taken of; it may be gone since.
	Instance cloud.Link[DBInstance] `json:"instance,omitzero"`
}

// Kind implements cloud.Resource.
func (*DBSnapshot) Kind() cloud.Kind { return "AWS::RDS::DBSnapshot" }

// DBClusterSnapshot is a manual snapshot of a cluster.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterSnapshot.html
type DBClusterSnapshot struct {
	cloud.Base

	// Engine of the cluster.
	Engine string `json:"engine,omitempty"`
	// Encrypted is whether the snapshot is encrypted.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the snapshot.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// SharedWith are the account ids that may restore it; "all" is everyone.
	SharedWith []string `json:"shared_with,omitempty"`
	// CreatedAt is when the snapshot was taken.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Cluster it was taken of; it may be gone since.
	Cluster cloud.Link[DBCluster] `json:"cluster,omitzero"`
}

// Kind implements cloud.Resource.
func (*DBClusterSnapshot) Kind() cloud.Kind { return "AWS::RDS::DBClusterSnapshot" }

// DBParameterGroup is a parameter group that some instance uses, reduced to
// what matters to security. Groups that nothing uses are not in the model.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
type DBParameterGroup struct {
	cloud.Base

	// TLSRequired is whether the server turns plaintext connections away:
	// rds.force_ssl of PostgreSQL and SQL Server, require_secure_transport of
	// MySQL and MariaDB. Engine defaults count.
	TLSRequired bool `json:"tls_required,omitempty"`
}

// Kind implements cloud.Resource.
func (*DBParameterGroup) Kind() cloud.Kind { return "AWS::RDS::DBParameterGroup" }

// DBClusterParameterGroup is a cluster parameter group that some cluster uses,
// reduced to what matters to security.
type DBClusterParameterGroup struct {
	cloud.Base

	// TLSRequired is whether the server turns plaintext connections away:
	// rds.force_ssl, require_secure_transport, tls of DocumentDB or
	// neptune_enforce_ssl of Neptune. Engine defaults count.
	TLSRequired bool `json:"tls_required,omitempty"`
	// AuditLog is whether the engine writes an audit log at all: audit_logs of
	// DocumentDB, neptune_enable_audit_log of Neptune, server_audit_logging of
	// Aurora MySQL. Sending it to CloudWatch is the cluster's log_exports.
	AuditLog bool `json:"audit_log,omitempty"`
}

// Kind implements cloud.Resource.
func (*DBClusterParameterGroup) Kind() cloud.Kind { return "AWS::RDS::DBClusterParameterGroup" }

// DBEventSubscription sends events of databases to an SNS topic.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_EventSubscription.html
type DBEventSubscription struct {
	cloud.Base

	// Enabled is whether events are sent.
	Enabled bool `json:"enabled,omitempty"`
	// SourceType is db-instance, db-cluster, db-parameter-group,
	// db-security-group, db-snapshot, db-cluster-snapshot, db-proxy and so on;
	// empty for all.
	SourceType string `json:"source_type,omitempty"`
	// SourceIDs are the sources' names; empty for all of the type.
	SourceIDs []string `json:"source_ids,omitempty"`
	// Categories of events, such as failure; empty for all.
	Categories []string `json:"categories,omitempty"`
	// Topic receives the events.
	Topic cloud.Link[Topic] `json:"topic,omitzero"`
}

// Kind implements cloud.Resource.
func (*DBEventSubscription) Kind() cloud.Kind { return "AWS::RDS::EventSubscription" }
