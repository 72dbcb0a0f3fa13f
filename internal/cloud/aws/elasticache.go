package aws

import "merlon.dev/internal/cloud"

func elasticacheKinds() []cloud.Resource {
	return []cloud.Resource{&ReplicationGroup{}, &CacheCluster{}, &ServerlessCache{}}
}

// ReplicationGroup is a Redis OSS or Valkey cache of one or more nodes.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
type ReplicationGroup struct {
	cloud.Base

	// Engine is redis or valkey.
	Engine string `json:"engine,omitempty"`
	// Status is available, creating and so on.
	Status string `json:"status,omitempty"`
	// ClusterMode is whether data is spread over several shards.
	ClusterMode bool `json:"cluster_mode,omitempty"`
	// AtRestEncryption is whether data on disk is encrypted.
	AtRestEncryption bool `json:"at_rest_encryption,omitempty"`
	// KMSKey encrypts the data; unset for the service's own key.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// TransitEncryption is whether the cache speaks TLS.
	TransitEncryption bool `json:"transit_encryption,omitempty"`
	// TransitEncryptionMode is required, or preferred: then plaintext
	// connections are taken too.
	TransitEncryptionMode string `json:"transit_encryption_mode,omitempty"`
	// AuthToken is whether clients must send one shared password.
	AuthToken bool `json:"auth_token,omitempty"`
	// UserGroups hold the users that may log in; empty without access control
	// by user.
	// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
	UserGroups []*CacheUserGroup `json:"user_groups,omitempty"`
	// AutomaticFailover is whether a replica takes over from a failed primary.
	AutomaticFailover bool `json:"automatic_failover,omitempty"`
	// MultiAZ is whether replicas are held in other zones.
	MultiAZ bool `json:"multi_az,omitempty"`
	// AutoMinorVersionUpgrade is whether minor versions install themselves.
	AutoMinorVersionUpgrade bool `json:"auto_minor_version_upgrade,omitempty"`
	// SnapshotRetentionDays is how long daily snapshots are kept; 0 means none
	// are made.
	SnapshotRetentionDays int `json:"snapshot_retention_days,omitempty"`
	// LogTypes are the logs that are delivered: slow-log, engine-log.
	LogTypes []string `json:"log_types,omitempty"`

	// Members are the nodes, with their security groups and subnets.
	Members []cloud.Link[CacheCluster] `json:"-" cel:"members" backlink:"replication_group" within:"region"`
}

// Kind implements cloud.Resource.
func (*ReplicationGroup) Kind() cloud.Kind { return "AWS::ElastiCache::ReplicationGroup" }

// CacheUserGroup is a set of users of a cache.
type CacheUserGroup struct {
	cloud.Object
	// ID of the group.
	ID string `json:"id"`
	// Users in the group.
	Users []*CacheUser `json:"users,omitempty"`
}

// CacheUser is one user of a cache.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_User.html
type CacheUser struct {
	cloud.Object
	// Name clients log in with; the user named default is who they are before.
	Name string `json:"name"`
	// Authentication is password, iam or no-password.
	Authentication string `json:"authentication,omitempty"`
	// Enabled is whether the user may log in: its access string says on.
	Enabled bool `json:"enabled,omitempty"`
	// Access is the access string, such as "on ~* +@all".
	Access string `json:"access,omitempty"`
}

// CacheCluster is a Memcached cluster, or one node of a Redis OSS or Valkey
// cache.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html
type CacheCluster struct {
	cloud.Base

	// Engine is memcached, redis or valkey.
	Engine string `json:"engine,omitempty"`
	// EngineVersion is the full version.
	EngineVersion string `json:"engine_version,omitempty"`
	// Status is available, creating and so on.
	Status string `json:"status,omitempty"`
	// Port clients connect to.
	Port int `json:"port,omitempty"`
	// VPC the cluster lives in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// SubnetGroup is the name of the subnet group.
	SubnetGroup string `json:"subnet_group,omitempty"`
	// Subnets are those of the subnet group.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups guard the cluster.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// AtRestEncryption is whether data on disk is encrypted.
	AtRestEncryption bool `json:"at_rest_encryption,omitempty"`
	// TransitEncryption is whether the cache speaks TLS.
	TransitEncryption bool `json:"transit_encryption,omitempty"`
	// AuthToken is whether clients must send one shared password.
	AuthToken bool `json:"auth_token,omitempty"`
	// AutoMinorVersionUpgrade is whether minor versions install themselves.
	AutoMinorVersionUpgrade bool `json:"auto_minor_version_upgrade,omitempty"`
	// SnapshotRetentionDays is how long daily snapshots are kept.
	SnapshotRetentionDays int `json:"snapshot_retention_days,omitempty"`
	// ReplicationGroup the node belongs to; unset for one that stands alone.
	ReplicationGroup cloud.Link[ReplicationGroup] `json:"replication_group,omitzero"`
}

// Kind implements cloud.Resource.
func (*CacheCluster) Kind() cloud.Kind { return "AWS::ElastiCache::CacheCluster" }

// ServerlessCache is a cache without nodes. It always speaks TLS and is always
// encrypted at rest.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ServerlessCache.html
type ServerlessCache struct {
	cloud.Base

	// Engine is memcached, redis or valkey.
	Engine string `json:"engine,omitempty"`
	// EngineVersion is the full version.
	EngineVersion string `json:"engine_version,omitempty"`
	// Status is available, creating and so on.
	Status string `json:"status,omitempty"`
	// KMSKey encrypts the data; unset for the service's own key.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Subnets its endpoints live in.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups guard its endpoints.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// UserGroups hold the users that may log in: one group, or none.
	UserGroups []*CacheUserGroup `json:"user_groups,omitempty"`
	// SnapshotRetentionDays is how long daily snapshots are kept; 0 means none
	// are made.
	SnapshotRetentionDays int `json:"snapshot_retention_days,omitempty"`
}

// Kind implements cloud.Resource.
func (*ServerlessCache) Kind() cloud.Kind { return "AWS::ElastiCache::ServerlessCache" }
