package terraform

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func elasticacheMappings() []code.Mapping {
	const arn = "arn:{partition}:elasticache:{region}:{account}:"
	return slices.Concat([]code.Mapping{
		code.Makes("aws_elasticache_replication_group", "replication_group_id", arn+"replicationgroup:{name}", replicationGroup),
		code.Makes("aws_elasticache_cluster", "cluster_id", arn+"cluster:{name}", cacheCluster),
		code.Makes("aws_elasticache_serverless_cache", "name", arn+"serverlesscache:{name}", serverlessCache),
	}, code.Ignores("aws_elasticache_global_replication_group", "aws_elasticache_parameter_group", "aws_elasticache_reserved_cache_node",
		"aws_elasticache_subnet_group", "aws_elasticache_user", "aws_elasticache_user_group", "aws_elasticache_user_group_association"))
}

// replicationGroup reads a group and one of its nodes: they are all alike.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
func replicationGroup(f *code.Form, g *aws.ReplicationGroup) {
	var primary code.Value
	if !f.Get("global_replication_group_id").IsAbsent() {
		primary = code.Unsaid("the primary group of its global group decides")
	}
	engine := f.Get("engine").Or(primary).Or(code.Text("redis", nil))
	f.Put(&g.Engine, engine)
	f.Is(&g.Status, "available")
	f.Put(&g.ClusterMode, f.Get("cluster_mode").Is("enabled"))
	f.Put(&g.AtRestEncryption, f.Get("at_rest_encryption_enabled").Or(primary).Or(engine.Is("valkey")))
	f.Set(&g.KMSKey, "kms_key_id")
	f.Put(&g.TransitEncryption, f.Get("transit_encryption_enabled").Or(primary).Or(unlessValkey(engine)))
	f.Set(&g.TransitEncryptionMode, "transit_encryption_mode", "required")
	f.Put(&g.AuthToken, f.Get("auth_token").Present())
	code.EachOf(f, &g.UserGroups, f.Get("user_group_ids"), cacheUserGroup)
	f.Set(&g.AutomaticFailover, "automatic_failover_enabled")
	f.Set(&g.MultiAZ, "multi_az_enabled")
	f.Set(&g.AutoMinorVersionUpgrade, "auto_minor_version_upgrade", true)
	f.Set(&g.SnapshotRetentionDays, "snapshot_retention_limit")
	f.Put(&g.LogTypes, f.Get("log_delivery_configuration").Each("log_type"))
	seat := cacheSeat(f)
	seat.Interface(f)
	code.Implied(f, "/node", f.Get(""), func(f *code.Form, c *aws.CacheCluster) {
		c.Context = false
		f.Put(&c.Engine, engine)
		cacheNode(f, c, seat)
		f.Is(&c.ReplicationGroup, cloud.LinkTo[aws.ReplicationGroup](g.Ref))
	})
}

// unlessValkey is false for Redis; a Valkey group may speak TLS unasked.
func unlessValkey(engine code.Value) code.Value {
	if valkey, known := engine.Is("valkey").Bool(); known && !valkey {
		return code.Flag(false, nil)
	}
	return code.Unsaid("AWS decides it for Valkey")
}

func cacheSeat(f *code.Form) code.Seat {
	subnets := f.Other(f.Get("subnet_group_name"), "name", "aws_elasticache_subnet_group").Get("subnet_ids")
	return code.SeatIn(f, subnets, f.Get("security_group_ids"), "aws_subnet", "vpc_id")
}

// cacheNode reads where a node lives.
func cacheNode(f *code.Form, c *aws.CacheCluster, seat code.Seat) {
	group := f.Get("subnet_group_name")
	f.Put(&c.SubnetGroup, f.Other(group, "name", "aws_elasticache_subnet_group").Get("name").Or(group), "default")
	f.Put(&c.VPC, seat.VPC)
	f.Put(&c.Subnets, seat.Subnets)
	f.Put(&c.SecurityGroups, seat.Groups)
	f.Is(&c.Status, "available")
}

// cacheUserGroup reads the users of a group that a cache names.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_user_group
func cacheUserGroup(f *code.Form, g *aws.CacheUserGroup) {
	id := f.Get("")
	group := f.Other(id, "user_group_id", "aws_elasticache_user_group")
	f.Put(&g.ID, group.Get("user_group_id").Or(id))
	code.EachOf(f, &g.Users, group.Get("user_ids"), cacheUser)
	for _, a := range f.All("aws_elasticache_user_group_association") {
		if a.Get("user_group_id").SameAs(id) {
			code.EachOf(f, &g.Users, a.Get("user_id"), cacheUser)
		}
	}
}

// cacheUser reads a user by its id. The one that AWS makes in every account is
// named default, needs no password and may do anything.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_user
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
func cacheUser(f *code.Form, u *aws.CacheUser) {
	user := f.Other(f.Get(""), "user_id", "aws_elasticache_user")
	if id, _ := f.Get("").Known(); id == "default" {
		f.Is(&u.Name, "default")
		f.Is(&u.Authentication, "no-password")
		f.Is(&u.Enabled, true)
		f.Is(&u.Access, "on ~* +@all")
		return
	}
	f.Put(&u.Name, user.Get("user_name"))
	f.Put(&u.Access, user.Get("access_string"))
	f.Put(&u.Enabled, user.Get("access_string").Test(func(s string) bool { return strings.HasPrefix(s, "on") }))
	mode := user.Get("authentication_mode.type").Map(func(s string) string { return strings.TrimSuffix(s, "-required") })
	f.Put(&u.Authentication, mode.Or(user.Get("no_password_required").Choose("no-password", "password")), "password")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_cluster
func cacheCluster(f *code.Form, c *aws.CacheCluster) {
	group := f.Other(f.Get("replication_group_id"), "replication_group_id", "aws_elasticache_replication_group")
	engine := f.Get("engine").Or(group.Get("engine"))
	f.Put(&c.Engine, engine, "redis")
	f.Put(&c.EngineVersion, f.Get("engine_version").Or(code.Unsaid("AWS picks the version")))
	f.Put(&c.Port, f.Get("port").Or(code.CachePort(engine)))
	seat := cacheSeat(f)
	seat.Interface(f)
	cacheNode(f, c, seat)
	f.Put(&c.AtRestEncryption, group.Get("at_rest_encryption_enabled"))
	f.Put(&c.TransitEncryption, f.Get("transit_encryption_enabled").Or(group.Get("transit_encryption_enabled")))
	f.Put(&c.AuthToken, group.Get("auth_token").Present())
	f.Set(&c.AutoMinorVersionUpgrade, "auto_minor_version_upgrade", true)
	f.Set(&c.SnapshotRetentionDays, "snapshot_retention_limit")
	f.Set(&c.ReplicationGroup, "replication_group_id")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_serverless_cache
func serverlessCache(f *code.Form, c *aws.ServerlessCache) {
	f.Set(&c.Engine, "engine")
	f.Put(&c.EngineVersion, f.Get("major_engine_version").Or(code.Unsaid("AWS picks the version")))
	f.Is(&c.Status, "available")
	f.Set(&c.KMSKey, "kms_key_id")
	seat := code.SeatIn(f, f.Get("subnet_ids"), f.Get("security_group_ids"), "aws_subnet", "vpc_id")
	f.Put(&c.Subnets, seat.Subnets)
	f.Put(&c.SecurityGroups, seat.Groups)
	seat.Interface(f)
	code.EachOf(f, &c.UserGroups, f.Get("user_group_id"), cacheUserGroup)
	f.Set(&c.SnapshotRetentionDays, "snapshot_retention_limit")
}
