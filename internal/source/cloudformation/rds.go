package cloudformation

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

// rdsMappings map RDS, Aurora, DocumentDB and Neptune, which are one service to AWS.
func rdsMappings() []code.Mapping {
	const arn = "arn:{partition}:rds:{region}:{account}:"
	cluster := func(typ, engine string) code.Mapping {
		m := code.Makes(typ, "DBClusterIdentifier", arn+"cluster:{name}", func(f *code.Form, c *aws.DBCluster) { dbCluster(f, c, engine) })
		return code.Settles(m, func(f *code.Form, c *aws.DBCluster) {
			if c.Engine != "mysql" && c.Engine != "postgres" {
				code.ClusterSpansZones(f, c, "AvailabilityZone")
			}
		})
	}
	member := func(typ, engine string) code.Mapping {
		m := code.Makes(typ, "DBInstanceIdentifier", arn+"db:{name}", func(f *code.Form, i *aws.DBInstance) { clusterInstance(f, i, engine) })
		return code.Settles(m, code.TakeFromCluster)
	}
	return slices.Concat([]code.Mapping{
		code.Settles(code.Makes("AWS::RDS::DBInstance", "DBInstanceIdentifier", arn+"db:{name}", dbInstance), code.TakeFromCluster),
		member("AWS::DocDB::DBInstance", "docdb"),
		member("AWS::Neptune::DBInstance", "neptune"),
		cluster("AWS::RDS::DBCluster", ""),
		cluster("AWS::DocDB::DBCluster", "docdb"),
		cluster("AWS::Neptune::DBCluster", "neptune"),
		code.Joins("AWS::RDS::GlobalCluster", "SourceDBClusterIdentifier", func(f *code.Form, c *aws.DBCluster) {
			f.Set(&c.GlobalCluster, "GlobalClusterIdentifier")
		}).Minor(),
		code.Makes("AWS::RDS::DBParameterGroup", "DBParameterGroupName", arn+"pg:{name}", dbParameterGroup),
		code.Makes("AWS::Neptune::DBParameterGroup", "Name", arn+"pg:{name}", dbParameterGroup),
		code.Makes("AWS::RDS::DBClusterParameterGroup", "DBClusterParameterGroupName", arn+"cluster-pg:{name}", dbClusterParameterGroup),
		code.Makes("AWS::DocDB::DBClusterParameterGroup", "Name", arn+"cluster-pg:{name}", dbClusterParameterGroup),
		code.Makes("AWS::Neptune::DBClusterParameterGroup", "Name", arn+"cluster-pg:{name}", dbClusterParameterGroup),
		code.Makes("AWS::RDS::EventSubscription", "SubscriptionName", arn+"es:{name}", dbEventSubscription),
		code.Makes("AWS::DocDB::EventSubscription", "SubscriptionName", arn+"es:{name}", dbEventSubscription),
		code.Makes("AWS::Neptune::EventSubscription", "SubscriptionName", arn+"es:{name}", dbEventSubscription),
	}, code.Ignores("AWS::RDS::DBSubnetGroup", "AWS::DocDB::DBSubnetGroup", "AWS::Neptune::DBSubnetGroup", "AWS::RDS::OptionGroup",
		"AWS::RDS::CustomDBEngineVersion", "AWS::RDS::DBProxy", "AWS::RDS::DBProxyEndpoint", "AWS::RDS::DBProxyTargetGroup", "AWS::RDS::Integration",
		"AWS::DocDB::GlobalCluster"))
}

// dbInstance reads an instance, which is a member when it names a cluster. A
// replica takes over from the instance it replicates, a restored one from its
// snapshot.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
func dbInstance(f *code.Form, i *aws.DBInstance) {
	if !f.Get("DBClusterIdentifier").IsAbsent() {
		clusterInstance(f, i, "aurora")
		return
	}
	source := f.Other(f.Get("SourceDBInstanceIdentifier"), "DBInstanceIdentifier", "AWS::RDS::DBInstance")
	if !f.First("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier", "SourceDbiResourceId", "SourceDBInstanceAutomatedBackupsArn").IsAbsent() {
		source = code.Unsaid("what it is restored from decides")
	}
	inherited := func(name string) code.Value { return f.Get(name).Or(source.Get(name)) }
	engine := inherited("Engine")
	f.Put(&i.Engine, engine)
	f.Put(&i.EngineVersion, inherited("EngineVersion").Or(code.Unsaid("AWS picks the version")))
	f.Set(&i.Class, "DBInstanceClass")
	f.Is(&i.Status, "available")
	f.Put(&i.Port, inherited("Port").Or(code.DBPort(engine)))
	f.Put(&i.PubliclyAccessible, f.Get("PubliclyAccessible").Or(code.Unsaid("the instance is public where its VPC has an internet gateway")))
	dbSeat(f, inherited("DBSubnetGroupName"), f.Get("VPCSecurityGroups"), &i.VPC, &i.Subnets, &i.SecurityGroups)

	f.Put(&i.StorageEncrypted, f.Get("StorageEncrypted").Or(dbReplicaKey(f)).Or(source.Get("StorageEncrypted")))
	f.Put(&i.KMSKey, inherited("KmsKeyId"))
	f.Set(&i.MultiAZ, "MultiAZ")
	f.Set(&i.DeletionProtection, "DeletionProtection")
	f.Set(&i.BackupRetentionDays, "BackupRetentionPeriod", replicaRetention(f))
	f.Set(&i.IAMAuthentication, "EnableIAMDatabaseAuthentication")
	f.Put(&i.MasterUsername, inherited("MasterUsername"))
	code.ManagedSecret(f, &i.MasterSecret, f.Get("ManageMasterUserPassword"))
	f.Set(&i.LogExports, "EnableCloudwatchLogsExports")
	code.DBParameterGroup(f, &i.ParameterGroups, f.Get("DBParameterGroupName"), code.DBFamily(engine, inherited("EngineVersion")))
	f.Put(&i.Roles, f.Get("AssociatedRoles").Each("RoleArn"))
	f.Default(&i.Cluster)
	f.Set(&i.ReplicaOf, "SourceDBInstanceIdentifier")
	instanceOptions(f, i)
}

// dbReplicaKey says of a replica with a key that it is encrypted: in another
// region the key alone says so.
func dbReplicaKey(f *code.Form) code.Value {
	if key := f.Get("KmsKeyId"); !key.IsAbsent() && !f.Get("SourceDBInstanceIdentifier").IsAbsent() {
		return key.Present()
	}
	return code.Value{}
}

// replicaRetention is how long AWS keeps backups unasked: one day, and of
// replicas none.
func replicaRetention(f *code.Form) int {
	if f.Get("SourceDBInstanceIdentifier").IsAbsent() {
		return 1
	}
	return 0
}

// instanceOptions are those that an instance has whether or not it is a member.
func instanceOptions(f *code.Form, i *aws.DBInstance) {
	f.Set(&i.AutoMinorVersionUpgrade, "AutoMinorVersionUpgrade", true)
	f.Set(&i.CopyTagsToSnapshot, "CopyTagsToSnapshot")
	f.Set(&i.MonitoringSeconds, "MonitoringInterval")
	f.Put(&i.PerformanceInsights, f.Get("EnablePerformanceInsights"))
	code.Make(f, &i.Certificate, f.Get(""), func(f *code.Form, c *aws.DBCertificate) {
		f.Put(&c.Authority, f.Get("CACertificateIdentifier").Or(code.Unsaid("AWS picks the authority")))
	})
}

// dbSeat puts a database into the subnets of its group.
func dbSeat(f *code.Form, group, groups code.Value, vpc, subnets, securityGroups any) {
	ids := f.Other(group, "DBSubnetGroupName", "AWS::RDS::DBSubnetGroup", "AWS::DocDB::DBSubnetGroup", "AWS::Neptune::DBSubnetGroup").Get("SubnetIds")
	seat := code.SeatIn(f, ids, groups, "AWS::EC2::Subnet", "VpcId")
	f.Put(vpc, seat.VPC)
	f.Put(subnets, seat.Subnets)
	f.Put(securityGroups, seat.Groups)
	seat.Interface(f)
}

// clusterInstance reads a member of a cluster, which holds most settings for it.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-docdb-dbinstance.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-neptune-dbinstance.html
func clusterInstance(f *code.Form, i *aws.DBInstance, engine string) {
	f.Set(&i.Engine, "Engine", engine)
	f.Put(&i.EngineVersion, f.Get("EngineVersion").Or(code.Unsaid("AWS picks the version")))
	f.Set(&i.Class, "DBInstanceClass")
	f.Is(&i.Status, "available")
	f.Set(&i.PubliclyAccessible, "PubliclyAccessible")
	f.Default(&i.MultiAZ, &i.DeletionProtection, &i.ParameterGroups, &i.Roles, &i.ReplicaOf)
	f.Set(&i.Cluster, "DBClusterIdentifier")
	instanceOptions(f, i)
}

// dbCluster reads a cluster of Aurora, DocumentDB or Neptune, or a Multi-AZ
// cluster of MySQL or PostgreSQL, which AWS itself spreads over zones.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-docdb-dbcluster.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-neptune-dbcluster.html
func dbCluster(f *code.Form, c *aws.DBCluster, only string) {
	engine := f.Get("Engine")
	if only != "" {
		engine = code.Text(only, nil)
	}
	var source code.Value
	if !f.First("SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId", "ReplicationSourceIdentifier").IsAbsent() {
		source = code.Unsaid("what it is restored from decides")
	}
	f.Put(&c.Engine, engine.Or(source))
	f.Put(&c.EngineVersion, f.Get("EngineVersion").Or(code.Unsaid("AWS picks the version")))
	f.Is(&c.Status, "available")
	f.Put(&c.Port, f.First("Port", "DBPort").Or(code.DBPort(engine)))
	f.Set(&c.DataAPI, "EnableHttpEndpoint")
	f.Default(&c.InternetGateway, &c.ActivityStream)
	dbSeat(f, f.Get("DBSubnetGroupName"), f.Get("VpcSecurityGroupIds"), &c.VPC, &c.Subnets, &c.SecurityGroups)

	f.Put(&c.StorageEncrypted, f.Get("StorageEncrypted").Or(source).Or(f.Get("EngineMode").Is("serverless")))
	f.Set(&c.KMSKey, "KmsKeyId")
	f.Set(&c.DeletionProtection, "DeletionProtection")
	f.Set(&c.CopyTagsToSnapshot, "CopyTagsToSnapshot")
	f.Set(&c.BackupRetentionDays, "BackupRetentionPeriod", 1)
	f.Set(&c.BacktrackSeconds, "BacktrackWindow")
	f.Put(&c.IAMAuthentication, f.First("EnableIAMDatabaseAuthentication", "IamAuthEnabled"))
	f.Put(&c.MasterUsername, f.Get("MasterUsername").Or(source))
	code.ManagedSecret(f, &c.MasterSecret, f.Get("ManageMasterUserPassword"))
	f.Put(&c.LogExports, f.Get("EnableCloudwatchLogsExports"))
	code.DBClusterParameterGroup(f, &c.ParameterGroup, f.Get("DBClusterParameterGroupName"), code.DBFamily(engine, f.Get("EngineVersion")))
	f.Put(&c.Roles, f.Get("AssociatedRoles").Each("RoleArn"))
	f.Put(&c.ReplicaOf, f.Get("ReplicationSourceIdentifier"))
	global := f.Get("GlobalClusterIdentifier")
	f.Put(&c.GlobalCluster, f.Other(global, "GlobalClusterIdentifier", "AWS::RDS::GlobalCluster", "AWS::DocDB::GlobalCluster").Get("GlobalClusterIdentifier").Or(global))
	switch c.Engine {
	case "": // not known
	case "mysql", "postgres":
		f.Put(&c.PubliclyAccessible, f.Get("PubliclyAccessible").Or(code.Unsaid("the cluster is public where its VPC has an internet gateway")))
		f.Set(&c.AutoMinorVersionUpgrade, "AutoMinorVersionUpgrade", true)
		f.Is(&c.MultiAZ, true)
		f.Default(&c.EngineMode)
	default:
		f.Set(&c.EngineMode, "EngineMode", "provisioned")
		f.Default(&c.AutoMinorVersionUpgrade, &c.PubliclyAccessible)
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbparametergroup.html
func dbParameterGroup(f *code.Form, g *aws.DBParameterGroup) {
	f.Put(&g.TLSRequired, code.DBRequiresTLS(f.Get("Family"), f.Get("Parameters")))
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbclusterparametergroup.html
func dbClusterParameterGroup(f *code.Form, g *aws.DBClusterParameterGroup) {
	f.Put(&g.TLSRequired, code.DBRequiresTLS(f.Get("Family"), f.Get("Parameters")))
	f.Put(&g.AuditLog, code.DBAudits(f.Get("Family"), f.Get("Parameters")))
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-eventsubscription.html
func dbEventSubscription(f *code.Form, s *aws.DBEventSubscription) {
	f.Set(&s.Enabled, "Enabled", true)
	f.Set(&s.SourceType, "SourceType")
	f.Set(&s.SourceIDs, "SourceIds")
	f.Set(&s.Categories, "EventCategories")
	f.Set(&s.Topic, "SnsTopicArn")
}
