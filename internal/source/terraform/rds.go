package terraform

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

// rdsMappings map RDS, Aurora, DocumentDB and Neptune, which are one service to AWS.
func rdsMappings() []code.Mapping {
	const arn = "arn:{partition}:rds:{region}:{account}:"
	spansZones := func(f *code.Form, c *aws.DBCluster) {
		if c.Engine != "mysql" && c.Engine != "postgres" {
			code.ClusterSpansZones(f, c, "availability_zone")
		}
	}
	member := func(typ string) code.Mapping {
		return code.Settles(code.Makes(typ, "identifier", arn+"db:{name}", clusterInstance), code.TakeFromCluster)
	}
	clusterSnapshot := func(typ string) code.Mapping {
		return code.Settles(code.Makes(typ, "db_cluster_snapshot_identifier", arn+"cluster-snapshot:{name}", dbClusterSnapshot), code.TakeFromClusterSource)
	}
	return slices.Concat([]code.Mapping{
		code.Makes("aws_db_instance", "identifier", arn+"db:{name}", dbInstance),
		code.Settles(code.Makes("aws_rds_cluster", "cluster_identifier", arn+"cluster:{name}", rdsCluster), spansZones),
		code.Settles(code.Makes("aws_docdb_cluster", "cluster_identifier", arn+"cluster:{name}", docdbCluster), spansZones),
		code.Settles(code.Makes("aws_neptune_cluster", "cluster_identifier", arn+"cluster:{name}", neptuneCluster), spansZones),
		member("aws_rds_cluster_instance"),
		member("aws_docdb_cluster_instance"),
		member("aws_neptune_cluster_instance"),
		code.Joins("aws_rds_cluster_activity_stream", "resource_arn", func(f *code.Form, c *aws.DBCluster) { f.Is(&c.ActivityStream, true) }).Minor(),
		code.Joins("aws_rds_cluster_role_association", "db_cluster_identifier", func(f *code.Form, c *aws.DBCluster) { f.Set(&c.Roles, "role_arn") }).Minor(),
		code.Joins("aws_db_instance_role_association", "db_instance_identifier", func(f *code.Form, i *aws.DBInstance) { f.Set(&i.Roles, "role_arn") }).Minor(),
		code.Joins("aws_rds_global_cluster", "source_db_cluster_identifier", func(f *code.Form, c *aws.DBCluster) {
			f.Set(&c.GlobalCluster, "global_cluster_identifier")
		}).Minor(),
		code.Makes("aws_db_parameter_group", "name", arn+"pg:{name}", dbParameterGroup),
		code.Makes("aws_neptune_parameter_group", "name", arn+"pg:{name}", dbParameterGroup),
		code.Makes("aws_rds_cluster_parameter_group", "name", arn+"cluster-pg:{name}", dbClusterParameterGroup),
		code.Makes("aws_docdb_cluster_parameter_group", "name", arn+"cluster-pg:{name}", dbClusterParameterGroup),
		code.Makes("aws_neptune_cluster_parameter_group", "name", arn+"cluster-pg:{name}", dbClusterParameterGroup),
		code.Settles(code.Makes("aws_db_snapshot", "db_snapshot_identifier", arn+"snapshot:{name}", dbSnapshot), code.TakeFromSource),
		code.Makes("aws_db_snapshot_copy", "target_db_snapshot_identifier", arn+"snapshot:{name}", dbSnapshotCopy),
		clusterSnapshot("aws_db_cluster_snapshot"),
		clusterSnapshot("aws_docdb_cluster_snapshot"),
		clusterSnapshot("aws_neptune_cluster_snapshot"),
		code.Makes("aws_rds_cluster_snapshot_copy", "target_db_cluster_snapshot_identifier", arn+"cluster-snapshot:{name}", dbClusterSnapshotCopy),
		code.Makes("aws_db_event_subscription", "name", arn+"es:{name}", dbEventSubscription),
		code.Makes("aws_docdb_event_subscription", "name", arn+"es:{name}", dbEventSubscription),
		code.Makes("aws_neptune_event_subscription", "name", arn+"es:{name}", dbEventSubscription),
	}, code.Ignores("aws_db_subnet_group", "aws_docdb_subnet_group", "aws_neptune_subnet_group", "aws_db_option_group",
		"aws_db_instance_automated_backups_replication", "aws_db_proxy", "aws_db_proxy_default_target_group", "aws_db_proxy_endpoint", "aws_db_proxy_target",
		"aws_docdb_global_cluster", "aws_neptune_global_cluster", "aws_neptune_cluster_endpoint", "aws_rds_cluster_endpoint", "aws_rds_certificate",
		"aws_rds_custom_db_engine_version", "aws_rds_export_task", "aws_rds_instance_state", "aws_rds_integration", "aws_rds_reserved_instance"))
}

// dbInstance reads an instance that stands alone. A replica takes over from the
// instance it replicates, a restored one from its snapshot.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
func dbInstance(f *code.Form, i *aws.DBInstance) {
	source := f.Other(f.Get("replicate_source_db"), "identifier", "aws_db_instance")
	if !f.First("snapshot_identifier", "restore_to_point_in_time", "s3_import").IsAbsent() {
		source = code.Unsaid("what it is restored from decides")
	}
	inherited := func(name string) code.Value { return f.Get(name).Or(source.Get(name)) }
	engine := inherited("engine")
	f.Put(&i.Engine, engine)
	f.Put(&i.EngineVersion, inherited("engine_version").Or(code.Unsaid("AWS picks the version")))
	f.Set(&i.Class, "instance_class")
	f.Is(&i.Status, "available")
	f.Put(&i.Port, inherited("port").Or(code.DBPort(engine)))
	f.Set(&i.PubliclyAccessible, "publicly_accessible")
	dbSeat(f, inherited("db_subnet_group_name"), f.Get("vpc_security_group_ids"), &i.VPC, &i.Subnets, &i.SecurityGroups)

	f.Put(&i.StorageEncrypted, f.Get("storage_encrypted").Or(dbReplicaKey(f)).Or(source.Get("storage_encrypted")))
	f.Put(&i.KMSKey, inherited("kms_key_id"))
	f.Set(&i.MultiAZ, "multi_az")
	f.Set(&i.AutoMinorVersionUpgrade, "auto_minor_version_upgrade", true)
	f.Set(&i.DeletionProtection, "deletion_protection")
	f.Set(&i.CopyTagsToSnapshot, "copy_tags_to_snapshot")
	f.Set(&i.BackupRetentionDays, "backup_retention_period")
	f.Set(&i.IAMAuthentication, "iam_database_authentication_enabled")
	f.Put(&i.MasterUsername, inherited("username"))
	code.ManagedSecret(f, &i.MasterSecret, f.Get("manage_master_user_password"))
	f.Set(&i.LogExports, "enabled_cloudwatch_logs_exports")
	f.Set(&i.MonitoringSeconds, "monitoring_interval")
	f.Set(&i.PerformanceInsights, "performance_insights_enabled")
	dbCertificate(f, i)
	code.DBParameterGroup(f, &i.ParameterGroups, f.Get("parameter_group_name"), code.DBFamily(engine, inherited("engine_version")))
	f.Default(&i.Roles, &i.Cluster)
	f.Set(&i.ReplicaOf, "replicate_source_db")
}

// dbReplicaKey says of a replica with a key that it is encrypted: in another
// region the key alone says so.
func dbReplicaKey(f *code.Form) code.Value {
	if key := f.Get("kms_key_id"); !key.IsAbsent() && !f.Get("replicate_source_db").IsAbsent() {
		return key.Present()
	}
	return code.Value{}
}

// dbCertificate keeps the authority that code names; only AWS knows the day.
func dbCertificate(f *code.Form, i *aws.DBInstance) {
	code.Make(f, &i.Certificate, f.Get(""), func(f *code.Form, c *aws.DBCertificate) {
		f.Put(&c.Authority, f.Get("ca_cert_identifier").Or(code.Unsaid("AWS picks the authority")))
	})
}

// dbSeat puts a database into the subnets of its group.
func dbSeat(f *code.Form, group, groups code.Value, vpc, subnets, securityGroups any) {
	ids := f.Other(group, "name", "aws_db_subnet_group", "aws_docdb_subnet_group", "aws_neptune_subnet_group").Get("subnet_ids")
	seat := code.SeatIn(f, ids, groups, "aws_subnet", "vpc_id")
	f.Put(vpc, seat.VPC)
	f.Put(subnets, seat.Subnets)
	f.Put(securityGroups, seat.Groups)
	seat.Interface(f)
}

// clusterInstance reads a member of a cluster, which holds most settings for it.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_instance
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/docdb_cluster_instance
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/neptune_cluster_instance
func clusterInstance(f *code.Form, i *aws.DBInstance) {
	f.Put(&i.Engine, f.Get("engine").Or(code.Text(clusterEngine(f.Resource().Type), nil)))
	f.Put(&i.EngineVersion, f.Get("engine_version").Or(code.Unsaid("AWS picks the version")))
	f.Set(&i.Class, "instance_class")
	f.Is(&i.Status, "available")
	f.Set(&i.PubliclyAccessible, "publicly_accessible")
	f.Set(&i.AutoMinorVersionUpgrade, "auto_minor_version_upgrade", true)
	f.Set(&i.CopyTagsToSnapshot, "copy_tags_to_snapshot")
	f.Set(&i.MonitoringSeconds, "monitoring_interval")
	f.Put(&i.PerformanceInsights, f.First("performance_insights_enabled", "enable_performance_insights"))
	dbCertificate(f, i)
	f.Default(&i.MultiAZ, &i.DeletionProtection, &i.ParameterGroups, &i.Roles, &i.ReplicaOf)
	f.Set(&i.Cluster, "cluster_identifier")
}

// clusterEngine is the engine of a type that has but one.
func clusterEngine(typ string) string {
	switch typ {
	case "aws_docdb_cluster", "aws_docdb_cluster_instance":
		return "docdb"
	case "aws_neptune_cluster", "aws_neptune_cluster_instance":
		return "neptune"
	}
	return "aurora"
}

func subnetGroupOf(cluster code.Value) code.Value {
	return cluster.Get("db_subnet_group_name").Or(cluster.Get("neptune_subnet_group_name"))
}

// rdsCluster reads a cluster of Aurora, or a Multi-AZ cluster of MySQL or
// PostgreSQL, which AWS itself spreads over zones and upgrades.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster
func rdsCluster(f *code.Form, c *aws.DBCluster) {
	cluster(f, c)
	f.Set(&c.EngineMode, "engine_mode", "provisioned")
	f.Set(&c.DataAPI, "enable_http_endpoint")
	f.Set(&c.KMSKey, "kms_key_id")
	f.Set(&c.BacktrackSeconds, "backtrack_window")
	f.Set(&c.LogExports, "enabled_cloudwatch_logs_exports")
	code.DBClusterParameterGroup(f, &c.ParameterGroup, f.Get("db_cluster_parameter_group_name"), code.DBFamily(f.Get("engine"), f.Get("engine_version")))
	switch c.Engine {
	case "": // not known
	case "mysql", "postgres":
		f.Is(&c.MultiAZ, true)
		f.Is(&c.AutoMinorVersionUpgrade, true)
	default:
		f.Default(&c.AutoMinorVersionUpgrade, &c.PubliclyAccessible)
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/docdb_cluster
func docdbCluster(f *code.Form, c *aws.DBCluster) {
	cluster(f, c)
	f.Set(&c.KMSKey, "kms_key_id")
	f.Set(&c.LogExports, "enabled_cloudwatch_logs_exports")
	code.DBClusterParameterGroup(f, &c.ParameterGroup, f.Get("db_cluster_parameter_group_name"), code.DBFamily(code.Text("docdb", nil), f.Get("engine_version")))
	f.Default(&c.EngineMode, &c.DataAPI, &c.BacktrackSeconds, &c.AutoMinorVersionUpgrade, &c.PubliclyAccessible)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/neptune_cluster
func neptuneCluster(f *code.Form, c *aws.DBCluster) {
	cluster(f, c)
	f.Set(&c.KMSKey, "kms_key_arn")
	f.Set(&c.LogExports, "enable_cloudwatch_logs_exports")
	code.DBClusterParameterGroup(f, &c.ParameterGroup, f.Get("neptune_cluster_parameter_group_name"), code.DBFamily(code.Text("neptune", nil), f.Get("engine_version")))
	f.Default(&c.EngineMode, &c.DataAPI, &c.BacktrackSeconds, &c.AutoMinorVersionUpgrade, &c.PubliclyAccessible)
}

// cluster reads what all clusters have in common.
func cluster(f *code.Form, c *aws.DBCluster) {
	var source code.Value
	if !f.First("snapshot_identifier", "restore_to_point_in_time", "replication_source_identifier", "s3_import").IsAbsent() {
		source = code.Unsaid("what it is restored from decides")
	}
	engine := f.Get("engine").Or(code.Text(clusterEngine(f.Resource().Type), nil))
	f.Put(&c.Engine, engine)
	f.Put(&c.EngineVersion, f.Get("engine_version").Or(code.Unsaid("AWS picks the version")))
	f.Is(&c.Status, "available")
	f.Put(&c.Port, f.Get("port").Or(code.DBPort(engine)))
	f.Default(&c.InternetGateway, &c.ActivityStream)
	dbSeat(f, subnetGroupOf(f.Get("")), f.Get("vpc_security_group_ids"), &c.VPC, &c.Subnets, &c.SecurityGroups)
	f.Put(&c.StorageEncrypted, f.Get("storage_encrypted").Or(source).Or(f.Get("engine_mode").Is("serverless")))
	f.Set(&c.DeletionProtection, "deletion_protection")
	f.Set(&c.CopyTagsToSnapshot, "copy_tags_to_snapshot")
	f.Set(&c.BackupRetentionDays, "backup_retention_period", 1)
	f.Set(&c.IAMAuthentication, "iam_database_authentication_enabled")
	f.Put(&c.MasterUsername, f.Get("master_username").Or(source))
	code.ManagedSecret(f, &c.MasterSecret, f.Get("manage_master_user_password"))
	f.Set(&c.Roles, "iam_roles")
	f.Set(&c.ReplicaOf, "replication_source_identifier")
	global := f.Get("global_cluster_identifier")
	f.Put(&c.GlobalCluster, f.Other(global, "global_cluster_identifier", "aws_rds_global_cluster", "aws_docdb_global_cluster", "aws_neptune_global_cluster").
		Get("global_cluster_identifier").Or(global))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_parameter_group
func dbParameterGroup(f *code.Form, g *aws.DBParameterGroup) {
	f.Put(&g.TLSRequired, code.DBRequiresTLS(f.Get("family"), f.Get("parameter").Named("name", "value")))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_parameter_group
func dbClusterParameterGroup(f *code.Form, g *aws.DBClusterParameterGroup) {
	parameters := f.Get("parameter").Named("name", "value")
	f.Put(&g.TLSRequired, code.DBRequiresTLS(f.Get("family"), parameters))
	f.Put(&g.AuditLog, code.DBAudits(f.Get("family"), parameters))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_snapshot
func dbSnapshot(f *code.Form, s *aws.DBSnapshot) {
	f.Set(&s.SharedWith, "shared_accounts")
	f.Set(&s.Instance, "db_instance_identifier")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_snapshot_copy
func dbSnapshotCopy(f *code.Form, s *aws.DBSnapshot) {
	f.Put(&s.Encrypted, copyEncrypted(f))
	f.Put(&s.KMSKey, f.Get("kms_key_id").Or(code.Unsaid("the snapshot it copies decides")))
	f.Set(&s.SharedWith, "shared_accounts")
}

func copyEncrypted(f *code.Form) code.Value {
	if key := f.Get("kms_key_id"); !key.IsAbsent() {
		return key.Present()
	}
	return code.Unsaid("the snapshot it copies decides")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_cluster_snapshot
func dbClusterSnapshot(f *code.Form, s *aws.DBClusterSnapshot) {
	f.Set(&s.SharedWith, "shared_accounts")
	f.Set(&s.Cluster, "db_cluster_identifier")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_snapshot_copy
func dbClusterSnapshotCopy(f *code.Form, s *aws.DBClusterSnapshot) {
	f.Put(&s.Encrypted, copyEncrypted(f))
	f.Put(&s.KMSKey, f.Get("kms_key_id").Or(code.Unsaid("the snapshot it copies decides")))
	f.Set(&s.SharedWith, "shared_accounts")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_event_subscription
func dbEventSubscription(f *code.Form, s *aws.DBEventSubscription) {
	f.Set(&s.Enabled, "enabled", true)
	f.Set(&s.SourceType, "source_type")
	f.Set(&s.SourceIDs, "source_ids")
	f.Set(&s.Categories, "event_categories")
	f.Put(&s.Topic, f.First("sns_topic", "sns_topic_arn"))
}
