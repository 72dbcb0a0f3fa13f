package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func redshiftKinds() []cloud.Resource {
	return []cloud.Resource{&RedshiftCluster{}, &RedshiftParameterGroup{}, &RedshiftSnapshot{}}
}

// RedshiftCluster is a provisioned Redshift warehouse.
// https://docs.aws.amazon.com/redshift/latest/APIReference/API_Cluster.html
type RedshiftCluster struct {
	cloud.Base

	// NodeType is the hardware, such as ra3.large.
	NodeType string `json:"node_type,omitempty"`
	// Nodes is the number of compute nodes.
	Nodes int `json:"nodes,omitempty"`
	// Version is the engine version, such as 1.0.
	Version string `json:"version,omitempty"`
	// Status is available, creating, paused and so on.
	Status string `json:"status,omitempty"`
	// CreatedAt is when the cluster was made.
	CreatedAt time.Time `json:"created_at,omitzero"`

	// Endpoint is the host name clients connect to.
	Endpoint string `json:"endpoint,omitempty"`
	// Port clients connect to.
	Port int `json:"port,omitempty"`
	// PubliclyAccessible is whether the leader node has a public address.
	// Security groups and routes decide who gets there.
	PubliclyAccessible bool `json:"publicly_accessible,omitempty"`
	// EnhancedVPCRouting is whether COPY and UNLOAD traffic stays in the VPC.
	// https://docs.aws.amazon.com/redshift/latest/mgmt/enhanced-vpc-routing.html
	EnhancedVPCRouting bool `json:"enhanced_vpc_routing,omitempty"`
	// VPC the cluster lives in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets are those of the subnet group.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups guard the cluster.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`

	// Encrypted is whether data at rest is encrypted.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the data.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// MultiAZ is whether compute runs in two zones.
	MultiAZ bool `json:"multi_az,omitempty"`
	// AllowVersionUpgrade is whether major versions install themselves in the
	// maintenance window.
	AllowVersionUpgrade bool `json:"allow_version_upgrade,omitempty"`
	// SnapshotRetentionDays is how long automatic snapshots are kept; 0 means
	// none are made.
	SnapshotRetentionDays int `json:"snapshot_retention_days,omitempty"`
	// SnapshotCopyRegion receives copies of snapshots; empty for none.
	SnapshotCopyRegion string `json:"snapshot_copy_region,omitempty"`
	// MasterUsername is the administrator made with the cluster.
	MasterUsername string `json:"master_username,omitempty"`
	// MasterSecret holds the administrator's password, when Redshift manages it.
	MasterSecret cloud.Link[Secret] `json:"master_secret,omitzero"`
	// DatabaseName is the database made with the cluster; dev unless chosen.
	DatabaseName string `json:"database_name,omitempty"`
	// Logging is whether and where audit logs go.
	Logging *RedshiftLogging `json:"logging,omitempty"`
	// ParameterGroups configure the engine.
	ParameterGroups []cloud.Link[RedshiftParameterGroup] `json:"parameter_groups,omitempty"`
	// Roles the cluster may assume.
	Roles []cloud.Link[Role] `json:"roles,omitempty"`
}

// Kind implements cloud.Resource.
func (*RedshiftCluster) Kind() cloud.Kind { return "AWS::Redshift::Cluster" }

// RedshiftLogging is a cluster's audit log.
// https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
type RedshiftLogging struct {
	cloud.Object
	// Enabled is whether connections and user changes are logged.
	Enabled bool `json:"enabled,omitempty"`
	// Destination is s3 or cloudwatch.
	Destination string `json:"destination,omitempty"`
	// Bucket receives the logs, when they go to S3.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// Exports are the logs sent to CloudWatch: connectionlog, userlog,
	// useractivitylog.
	Exports []string `json:"exports,omitempty"`
}

// RedshiftParameterGroup is a parameter group that some cluster uses, reduced
// to what matters to security.
// https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
type RedshiftParameterGroup struct {
	cloud.Base

	// TLSRequired is require_ssl: whether plaintext connections are turned away.
	TLSRequired bool `json:"tls_required,omitempty"`
	// ActivityLog is enable_user_activity_logging: whether each query is
	// written to the audit log.
	ActivityLog bool `json:"activity_log,omitempty"`
}

// Kind implements cloud.Resource.
func (*RedshiftParameterGroup) Kind() cloud.Kind { return "AWS::Redshift::ClusterParameterGroup" }

// RedshiftSnapshot is a manual snapshot of a cluster.
// https://docs.aws.amazon.com/redshift/latest/APIReference/API_Snapshot.html
type RedshiftSnapshot struct {
	cloud.Base

	// Encrypted is whether the snapshot is encrypted.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the snapshot.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// SharedWith are the ids of other accounts that may restore it.
	SharedWith []string `json:"shared_with,omitempty"`
	// CreatedAt is when the snapshot was taken.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Cluster it was taken of; it may be gone since.
	Cluster cloud.Link[RedshiftCluster] `json:"cluster,omitzero"`
}

// Kind implements cloud.Resource.
func (*RedshiftSnapshot) Kind() cloud.Kind { return "AWS::Redshift::ClusterSnapshot" }
