package awsapi

import (
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func elasticacheService() *service {
	return &service{name: "elasticache", kinds: []cloud.Kind{
		kindOf[aws.ReplicationGroup](), kindOf[aws.CacheCluster](), kindOf[aws.ServerlessCache](),
	}, read: readElastiCache}
}

// readElastiCache reads the caches of one region; subnet groups and users only
// when a cache has some.
func readElastiCache(s *scope) {
	r := &elasticacheReader{scope: s, c: elasticache.NewFromConfig(s.cfg)}
	var groups []types.ReplicationGroup
	list(s, elasticache.NewDescribeReplicationGroupsPaginator(r.c, &elasticache.DescribeReplicationGroupsInput{}), func(out *elasticache.DescribeReplicationGroupsOutput) {
		groups = append(groups, out.ReplicationGroups...)
	}, kindOf[aws.ReplicationGroup]())
	var clusters []types.CacheCluster
	nodes := true
	list(s, elasticache.NewDescribeCacheClustersPaginator(r.c, &elasticache.DescribeCacheClustersInput{ShowCacheNodeInfo: &nodes}), func(out *elasticache.DescribeCacheClustersOutput) {
		clusters = append(clusters, out.CacheClusters...)
	}, kindOf[aws.CacheCluster]())
	var serverless []types.ServerlessCache
	list(s, elasticache.NewDescribeServerlessCachesPaginator(r.c, &elasticache.DescribeServerlessCachesInput{}), func(out *elasticache.DescribeServerlessCachesOutput) {
		serverless = append(serverless, out.ServerlessCaches...)
	}, kindOf[aws.ServerlessCache]())

	if len(clusters) > 0 {
		r.readSubnetGroups()
	}
	if slices.ContainsFunc(groups, func(g types.ReplicationGroup) bool { return len(g.UserGroupIds) > 0 }) ||
		slices.ContainsFunc(serverless, func(c types.ServerlessCache) bool { return awssdk.ToString(c.UserGroupId) != "" }) {
		r.readUsers()
	}
	each(s, kindOf[aws.ReplicationGroup](), groups, r.replicationGroup)
	each(s, kindOf[aws.CacheCluster](), clusters, r.cluster)
	each(s, kindOf[aws.ServerlessCache](), serverless, r.serverless)
}

type elasticacheReader struct {
	*scope
	c *elasticache.Client

	subnetGroups map[string]subnetGroup
	subnetGap    *cloud.Gap

	users    map[string]types.User // by id
	members  map[string][]string   // user group, user ids
	usersGap *cloud.Gap
}

func (r *elasticacheReader) readSubnetGroups() {
	r.subnetGroups = map[string]subnetGroup{}
	r.subnetGap = list(r.scope, elasticache.NewDescribeCacheSubnetGroupsPaginator(r.c, &elasticache.DescribeCacheSubnetGroupsInput{}), func(out *elasticache.DescribeCacheSubnetGroupsOutput) {
		for _, in := range out.CacheSubnetGroups {
			g := subnetGroup{vpc: awssdk.ToString(in.VpcId)}
			for _, sub := range in.Subnets {
				g.subnets = append(g.subnets, awssdk.ToString(sub.SubnetIdentifier))
			}
			r.subnetGroups[awssdk.ToString(in.CacheSubnetGroupName)] = g
		}
	})
	r.recordOrigin(kindOf[aws.CacheCluster](), &callInfo{service: "ElastiCache", operation: "DescribeCacheSubnetGroups"}, "vpc", "subnets")
}

func (r *elasticacheReader) readUsers() {
	r.users, r.members = map[string]types.User{}, map[string][]string{}
	r.usersGap = list(r.scope, elasticache.NewDescribeUserGroupsPaginator(r.c, &elasticache.DescribeUserGroupsInput{}), func(out *elasticache.DescribeUserGroupsOutput) {
		for _, g := range out.UserGroups {
			r.members[awssdk.ToString(g.UserGroupId)] = g.UserIds
		}
	})
	gap := list(r.scope, elasticache.NewDescribeUsersPaginator(r.c, &elasticache.DescribeUsersInput{}), func(out *elasticache.DescribeUsersOutput) {
		for _, u := range out.Users {
			r.users[awssdk.ToString(u.UserId)] = u
		}
	})
	if r.usersGap == nil {
		r.usersGap = gap
	}
}

func (r *elasticacheReader) userGroup(id string) *aws.CacheUserGroup {
	g := &aws.CacheUserGroup{ID: id}
	ids, known := r.members[id]
	if !known && r.usersGap == nil {
		need[string](g, "users", nil)
	}
	g.SetGap(r.usersGap, "users")
	for _, id := range ids {
		in, known := r.users[id]
		if !known {
			need[string](g, "users", nil)
			continue
		}
		u := &aws.CacheUser{Name: awssdk.ToString(in.UserName), Access: awssdk.ToString(in.AccessString)}
		u.Enabled = strings.HasPrefix(u.Access, "on")
		if in.Authentication != nil {
			u.Authentication = string(in.Authentication.Type)
		} else {
			need[string](u, "authentication", nil)
		}
		g.Users = append(g.Users, u)
	}
	return g
}

func (r *elasticacheReader) replicationGroup(in types.ReplicationGroup) {
	name := awssdk.ToString(in.ReplicationGroupId)
	g := &aws.ReplicationGroup{Base: r.base(cloud.Ref(orElse(awssdk.ToString(in.ARN), string(r.arn("elasticache", "replicationgroup:"+name)))), name)}
	defer r.add(g)
	arn := string(g.Ref)
	g.Engine = orElse(awssdk.ToString(in.Engine), "redis")
	g.Status = awssdk.ToString(in.Status)
	g.ClusterMode = awssdk.ToBool(in.ClusterEnabled)
	g.AtRestEncryption = need(g, "at_rest_encryption", in.AtRestEncryptionEnabled)
	g.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	g.TransitEncryption = need(g, "transit_encryption", in.TransitEncryptionEnabled)
	g.TransitEncryptionMode = string(in.TransitEncryptionMode)
	g.AuthToken = need(g, "auth_token", in.AuthTokenEnabled)
	for _, id := range in.UserGroupIds {
		g.UserGroups = append(g.UserGroups, r.userGroup(id))
	}
	g.AutomaticFailover = in.AutomaticFailover == types.AutomaticFailoverStatusEnabled || in.AutomaticFailover == types.AutomaticFailoverStatusEnabling
	if in.AutomaticFailover == "" {
		need[string](g, "automatic_failover", nil)
	}
	g.MultiAZ = in.MultiAZ == types.MultiAZStatusEnabled
	if in.MultiAZ == "" {
		need[string](g, "multi_az", nil)
	}
	g.AutoMinorVersionUpgrade = need(g, "auto_minor_version_upgrade", in.AutoMinorVersionUpgrade)
	g.SnapshotRetentionDays = int(need(g, "snapshot_retention_days", in.SnapshotRetentionLimit))
	for _, l := range in.LogDeliveryConfigurations {
		g.LogTypes = append(g.LogTypes, string(l.LogType))
	}
	r.tags(g, arn)
}

func (r *elasticacheReader) cluster(in types.CacheCluster) {
	name := awssdk.ToString(in.CacheClusterId)
	c := &aws.CacheCluster{Base: r.base(cloud.Ref(orElse(awssdk.ToString(in.ARN), string(r.arn("elasticache", "cluster:"+name)))), name)}
	c.Engine = need(c, "engine", in.Engine)
	c.EngineVersion = awssdk.ToString(in.EngineVersion)
	c.Status = awssdk.ToString(in.CacheClusterStatus)
	c.Port = cachePort(in)
	c.SubnetGroup = awssdk.ToString(in.CacheSubnetGroupName)
	if g, known := r.subnetGroups[c.SubnetGroup]; known {
		c.VPC = ec2Link[aws.VPC](r.scope, "vpc", g.vpc)
		c.Subnets = ec2Links[aws.Subnet](r.scope, "subnet", g.subnets)
	} else {
		c.SetGap(r.subnetGap, "vpc")
		need[string](c, "vpc", nil)
		lackSubnets(c, r.subnetGap)
	}
	for _, g := range in.SecurityGroups {
		c.SecurityGroups = append(c.SecurityGroups, ec2Link[aws.SecurityGroup](r.scope, "security-group", awssdk.ToString(g.SecurityGroupId)))
	}
	c.AtRestEncryption = need(c, "at_rest_encryption", in.AtRestEncryptionEnabled)
	c.TransitEncryption = need(c, "transit_encryption", in.TransitEncryptionEnabled)
	c.AuthToken = need(c, "auth_token", in.AuthTokenEnabled)
	c.AutoMinorVersionUpgrade = need(c, "auto_minor_version_upgrade", in.AutoMinorVersionUpgrade)
	c.SnapshotRetentionDays = int(awssdk.ToInt32(in.SnapshotRetentionLimit))
	if g := awssdk.ToString(in.ReplicationGroupId); g != "" {
		c.ReplicationGroup = cloud.LinkTo[aws.ReplicationGroup](r.arn("elasticache", "replicationgroup:"+g))
	} else {
		r.tags(c, string(c.Ref))
	}
	r.add(c)
}

// cachePort takes the port from the endpoint of the cluster or of any node.
func cachePort(in types.CacheCluster) int {
	if e := in.ConfigurationEndpoint; e != nil {
		return int(awssdk.ToInt32(e.Port))
	}
	for _, n := range in.CacheNodes {
		if n.Endpoint != nil {
			return int(awssdk.ToInt32(n.Endpoint.Port))
		}
	}
	return 0
}

func (r *elasticacheReader) serverless(in types.ServerlessCache) {
	name := awssdk.ToString(in.ServerlessCacheName)
	c := &aws.ServerlessCache{Base: r.base(cloud.Ref(orElse(awssdk.ToString(in.ARN), string(r.arn("elasticache", "serverlesscache:"+name)))), name)}
	c.Engine = need(c, "engine", in.Engine)
	c.EngineVersion = awssdk.ToString(in.FullEngineVersion)
	c.Status = awssdk.ToString(in.Status)
	c.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	c.Subnets = ec2Links[aws.Subnet](r.scope, "subnet", in.SubnetIds)
	c.SecurityGroups = ec2Links[aws.SecurityGroup](r.scope, "security-group", in.SecurityGroupIds)
	if id := awssdk.ToString(in.UserGroupId); id != "" {
		c.UserGroups = []*aws.CacheUserGroup{r.userGroup(id)}
	}
	c.SnapshotRetentionDays = int(awssdk.ToInt32(in.SnapshotRetentionLimit))
	r.tags(c, string(c.Ref))
	r.add(c)
}

func (r *elasticacheReader) tags(of cloud.Resource, arn string) {
	base := of.Meta()
	fill(r.scope, of.(cloud.Gapped), []string{"tags"}, r.c.ListTagsForResource, &elasticache.ListTagsForResourceInput{ResourceName: &arn}, func(out *elasticache.ListTagsForResourceOutput) {
		base.Tags = map[string]string{}
		for _, t := range out.TagList {
			base.Tags[awssdk.ToString(t.Key)] = awssdk.ToString(t.Value)
		}
	})
}
