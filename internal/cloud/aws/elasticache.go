package aws

import "merlon.dev/internal/cloud"

func elasticacheKinds() []cloud.Resource {
	return []cloud.Resource{&ReplicationGroup{}, &CacheCluster{}}
}

// ReplicationGroup is ...
type ReplicationGroup struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ReplicationGroup) Kind() cloud.Kind { return "AWS::ElastiCache::ReplicationGroup" }

// CacheCluster is ...
type CacheCluster struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*CacheCluster) Kind() cloud.Kind { return "AWS::ElastiCache::CacheCluster" }
