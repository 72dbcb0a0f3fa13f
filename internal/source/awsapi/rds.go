package awsapi

import (
	"maps"
	"slices"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func rdsService() *service {
	return &service{name: "rds", kinds: []cloud.Kind{
		kindOf[aws.DBInstance](), kindOf[aws.DBCluster](), kindOf[aws.DBSnapshot](), kindOf[aws.DBClusterSnapshot](),
		kindOf[aws.DBParameterGroup](), kindOf[aws.DBClusterParameterGroup](), kindOf[aws.DBEventSubscription](),
	}, read: readRDS}
}

// readRDS reads the databases of one region: RDS, Aurora, DocumentDB and
// Neptune answer to the same calls. What only serves databases (subnet groups,
// parameter groups, support dates) is asked for when there is one.
func readRDS(s *scope) {
	r := &rdsReader{scope: s, c: rds.NewFromConfig(s.cfg)}
	var instances []types.DBInstance
	gap := list(s, rds.NewDescribeDBInstancesPaginator(r.c, &rds.DescribeDBInstancesInput{}), func(out *rds.DescribeDBInstancesOutput) {
		instances = append(instances, out.DBInstances...)
	}, kindOf[aws.DBInstance]())
	s.decide(gap, []cloud.Kind{kindOf[aws.DBParameterGroup]()})
	var clusters []types.DBCluster
	gap = list(s, rds.NewDescribeDBClustersPaginator(r.c, &rds.DescribeDBClustersInput{}), func(out *rds.DescribeDBClustersOutput) {
		clusters = append(clusters, out.DBClusters...)
	}, kindOf[aws.DBCluster]())
	s.decide(gap, []cloud.Kind{kindOf[aws.DBClusterParameterGroup]()})

	if len(instances)+len(clusters) > 0 {
		r.readSupport()
	}
	r.readSubnetGroups(instances, clusters)
	items(s, kindOf[aws.DBInstance](), instances, r.instance)
	items(s, kindOf[aws.DBCluster](), clusters, r.cluster)
	r.readParameterGroups(instances, clusters)
	r.readSnapshots()
	r.readEventSubscriptions(len(instances)+len(clusters) > 0)
}

// rdsReader holds what the databases of a region share.
type rdsReader struct {
	*scope
	c *rds.Client

	supportEnds map[string]map[string]time.Time // engine, major version
	supportGap  *cloud.Gap

	subnetGroups map[string]subnetGroup
	subnetGap    *cloud.Gap
}

type subnetGroup struct {
	vpc     string
	subnets []string
}

func (r *rdsReader) readSupport() {
	r.supportEnds = map[string]map[string]time.Time{}
	r.supportGap = list(r.scope, rds.NewDescribeDBMajorEngineVersionsPaginator(r.c, &rds.DescribeDBMajorEngineVersionsInput{}), func(out *rds.DescribeDBMajorEngineVersionsOutput) {
		for _, v := range out.DBMajorEngineVersions {
			engine := awssdk.ToString(v.Engine)
			if r.supportEnds[engine] == nil {
				r.supportEnds[engine] = map[string]time.Time{}
			}
			r.supportEnds[engine][awssdk.ToString(v.MajorEngineVersion)] = standardSupportEnd(v.SupportedEngineLifecycles)
		}
	})
	for _, kind := range []cloud.Kind{kindOf[aws.DBInstance](), kindOf[aws.DBCluster]()} {
		r.recordOrigin(kind, &callInfo{service: "RDS", operation: "DescribeDBMajorEngineVersions"}, "standard_support_ends")
	}
}

func standardSupportEnd(in []types.SupportedEngineLifecycle) time.Time {
	for _, l := range in {
		if l.LifecycleSupportName == types.LifecycleSupportNameOpenSourceRdsStandardSupport {
			return awssdk.ToTime(l.LifecycleSupportEndDate)
		}
	}
	return time.Time{}
}

// supportEnd finds the longest major version that the full version begins with.
func (r *rdsReader) supportEnd(o cloud.Gapped, engine, version string) time.Time {
	o.Obj().SetGap(r.supportGap, "standard_support_ends")
	best, end := "", time.Time{}
	for major, at := range r.supportEnds[engine] {
		if (version == major || strings.HasPrefix(version, major+".")) && len(major) > len(best) {
			best, end = major, at
		}
	}
	if best == "" && len(r.supportEnds[engine]) > 0 {
		o.Obj().SetGap(&cloud.Gap{Reason: cloud.Missing, Message: "AWS lists no support dates for " + engine + " " + version}, "standard_support_ends")
	}
	return end
}

// readSubnetGroups learns the groups of clusters, which their replies only
// name; instances' replies spell theirs out.
func (r *rdsReader) readSubnetGroups(instances []types.DBInstance, clusters []types.DBCluster) {
	r.subnetGroups = map[string]subnetGroup{}
	for _, in := range instances {
		r.addSubnetGroup(in.DBSubnetGroup)
	}
	named := func(in types.DBCluster) bool {
		name := awssdk.ToString(in.DBSubnetGroup)
		_, known := r.subnetGroups[name]
		return name != "" && !known
	}
	if !slices.ContainsFunc(clusters, named) {
		return
	}
	r.subnetGap = list(r.scope, rds.NewDescribeDBSubnetGroupsPaginator(r.c, &rds.DescribeDBSubnetGroupsInput{}), func(out *rds.DescribeDBSubnetGroupsOutput) {
		for _, g := range out.DBSubnetGroups {
			r.addSubnetGroup(&g)
		}
	})
}

func (r *rdsReader) addSubnetGroup(in *types.DBSubnetGroup) {
	if in == nil || len(in.Subnets) == 0 {
		return
	}
	g := subnetGroup{vpc: awssdk.ToString(in.VpcId)}
	for _, sub := range in.Subnets {
		g.subnets = append(g.subnets, awssdk.ToString(sub.SubnetIdentifier))
	}
	r.subnetGroups[awssdk.ToString(in.DBSubnetGroupName)] = g
}

func (r *rdsReader) instance(in types.DBInstance) {
	name := awssdk.ToString(in.DBInstanceIdentifier)
	db := &aws.DBInstance{Base: r.base(r.ref(in.DBInstanceArn, "db:"+name), name)}
	db.Tags = rdsTags(in.TagList)
	db.Engine = need(db, "engine", in.Engine)
	db.EngineVersion = need(db, "engine_version", in.EngineVersion)
	db.StandardSupportEnds = r.supportEnd(db, db.Engine, db.EngineVersion)
	db.Class = awssdk.ToString(in.DBInstanceClass)
	db.Status = awssdk.ToString(in.DBInstanceStatus)
	db.CreatedAt = awssdk.ToTime(in.InstanceCreateTime)

	if e := in.Endpoint; e != nil {
		db.Endpoint = awssdk.ToString(e.Address)
		db.Port = int(need(db, "port", e.Port))
	} else {
		need[string](db, "endpoint", nil)
		need[int](db, "port", nil)
	}
	db.PubliclyAccessible = need(db, "publicly_accessible", in.PubliclyAccessible)
	if g := in.DBSubnetGroup; g != nil {
		db.VPC = ec2Link[aws.VPC](r.scope, "vpc", awssdk.ToString(g.VpcId))
		for _, sub := range g.Subnets {
			db.Subnets = append(db.Subnets, ec2Link[aws.Subnet](r.scope, "subnet", awssdk.ToString(sub.SubnetIdentifier)))
		}
	} else {
		need[string](db, "vpc", nil)
		lackSubnets(db, nil)
	}
	db.SecurityGroups = r.securityGroups(in.VpcSecurityGroups)

	db.StorageEncrypted = need(db, "storage_encrypted", in.StorageEncrypted)
	db.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	db.MultiAZ = need(db, "multi_az", in.MultiAZ)
	db.AutoMinorVersionUpgrade = need(db, "auto_minor_version_upgrade", in.AutoMinorVersionUpgrade)
	db.DeletionProtection = need(db, "deletion_protection", in.DeletionProtection)
	db.CopyTagsToSnapshot = need(db, "copy_tags_to_snapshot", in.CopyTagsToSnapshot)
	db.BackupRetentionDays = int(need(db, "backup_retention_days", in.BackupRetentionPeriod))
	db.IAMAuthentication = need(db, "iam_authentication", in.IAMDatabaseAuthenticationEnabled)
	db.MasterUsername = need(db, "master_username", in.MasterUsername)
	if m := in.MasterUserSecret; m != nil {
		db.MasterSecret = cloud.LinkTo[aws.Secret](cloud.Ref(awssdk.ToString(m.SecretArn)))
	}
	db.LogExports = in.EnabledCloudwatchLogsExports
	db.MonitoringSeconds = int(awssdk.ToInt32(in.MonitoringInterval))
	db.PerformanceInsights = awssdk.ToBool(in.PerformanceInsightsEnabled)
	if d := in.CertificateDetails; d != nil {
		db.Certificate = &aws.DBCertificate{Authority: awssdk.ToString(d.CAIdentifier)}
		db.Certificate.ValidTill = need(db.Certificate, "valid_till", d.ValidTill)
	} else {
		need[string](db, "certificate", nil)
	}
	for _, role := range in.AssociatedRoles {
		db.Roles = append(db.Roles, cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(role.RoleArn))))
	}
	if cluster := awssdk.ToString(in.DBClusterIdentifier); cluster != "" {
		db.Cluster = cloud.LinkTo[aws.DBCluster](r.arn("rds", "cluster:"+cluster))
	} else {
		for _, g := range in.DBParameterGroups {
			db.ParameterGroups = append(db.ParameterGroups, cloud.LinkTo[aws.DBParameterGroup](r.arn("rds", "pg:"+awssdk.ToString(g.DBParameterGroupName))))
		}
	}
	if source := awssdk.ToString(in.ReadReplicaSourceDBInstanceIdentifier); source != "" {
		db.ReplicaOf = cloud.LinkTo[aws.DBInstance](r.ref(nil, "db:"+source))
	}
	r.add(db)
}

func (r *rdsReader) cluster(in types.DBCluster) {
	name := awssdk.ToString(in.DBClusterIdentifier)
	db := &aws.DBCluster{Base: r.base(r.ref(in.DBClusterArn, "cluster:"+name), name)}
	db.Tags = rdsTags(in.TagList)
	db.Engine = need(db, "engine", in.Engine)
	db.EngineVersion = need(db, "engine_version", in.EngineVersion)
	db.EngineMode = awssdk.ToString(in.EngineMode)
	db.StandardSupportEnds = r.supportEnd(db, db.Engine, db.EngineVersion)
	db.Status = awssdk.ToString(in.Status)
	db.CreatedAt = awssdk.ToTime(in.ClusterCreateTime)

	db.Endpoint = awssdk.ToString(in.Endpoint)
	db.Port = int(need(db, "port", in.Port))
	db.PubliclyAccessible = awssdk.ToBool(in.PubliclyAccessible)
	db.InternetGateway = awssdk.ToBool(in.InternetAccessGatewayEnabled)
	db.DataAPI = awssdk.ToBool(in.HttpEndpointEnabled)
	if group := awssdk.ToString(in.DBSubnetGroup); group != "" {
		if g, known := r.subnetGroups[group]; known {
			db.VPC = ec2Link[aws.VPC](r.scope, "vpc", g.vpc)
			db.Subnets = ec2Links[aws.Subnet](r.scope, "subnet", g.subnets)
		} else {
			db.SetGap(r.subnetGap, "vpc")
			need[string](db, "vpc", nil)
			lackSubnets(db, r.subnetGap)
		}
	}
	db.SecurityGroups = r.securityGroups(in.VpcSecurityGroups)

	db.StorageEncrypted = need(db, "storage_encrypted", in.StorageEncrypted)
	db.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	db.MultiAZ = need(db, "multi_az", in.MultiAZ)
	db.AutoMinorVersionUpgrade = awssdk.ToBool(in.AutoMinorVersionUpgrade)
	db.DeletionProtection = need(db, "deletion_protection", in.DeletionProtection)
	db.CopyTagsToSnapshot = need(db, "copy_tags_to_snapshot", in.CopyTagsToSnapshot)
	db.BackupRetentionDays = int(need(db, "backup_retention_days", in.BackupRetentionPeriod))
	db.BacktrackSeconds = int(awssdk.ToInt64(in.BacktrackWindow))
	db.IAMAuthentication = need(db, "iam_authentication", in.IAMDatabaseAuthenticationEnabled)
	db.MasterUsername = need(db, "master_username", in.MasterUsername)
	if m := in.MasterUserSecret; m != nil {
		db.MasterSecret = cloud.LinkTo[aws.Secret](cloud.Ref(awssdk.ToString(m.SecretArn)))
	}
	db.LogExports = in.EnabledCloudwatchLogsExports
	db.ActivityStream = in.ActivityStreamStatus == types.ActivityStreamStatusStarted
	if g := awssdk.ToString(in.DBClusterParameterGroup); g != "" {
		db.ParameterGroup = cloud.LinkTo[aws.DBClusterParameterGroup](r.arn("rds", "cluster-pg:"+g))
	} else {
		need[string](db, "parameter_group", nil)
	}
	for _, role := range in.AssociatedRoles {
		db.Roles = append(db.Roles, cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(role.RoleArn))))
	}
	db.ReplicaOf = awssdk.ToString(in.ReplicationSourceIdentifier)
	db.GlobalCluster = awssdk.ToString(in.GlobalClusterIdentifier)
	r.add(db)
}

// lackSubnets notes that the subnets of an object could not be read, for the
// reason of their subnet group when there is one. The gap is partial: what is
// known of the security groups may decide without them.
func lackSubnets(o cloud.Gapped, why *cloud.Gap) {
	if why == nil {
		why = &cloud.Gap{Reason: cloud.Missing, Message: "the reply lacks it"}
	}
	o.Obj().SetGap(why.AsPartial(), "subnets")
}

// ref returns the ARN of a reply, or builds the one that a name stands for.
func (r *rdsReader) ref(arn *string, resource string) cloud.Ref {
	if arn != nil {
		return cloud.Ref(*arn)
	}
	if _, name, _ := strings.Cut(resource, ":"); strings.HasPrefix(name, "arn:") {
		return cloud.Ref(name)
	}
	return r.arn("rds", resource)
}

func (r *rdsReader) securityGroups(in []types.VpcSecurityGroupMembership) []cloud.Link[aws.SecurityGroup] {
	var ids []string
	for _, m := range in {
		ids = append(ids, awssdk.ToString(m.VpcSecurityGroupId))
	}
	return ec2Links[aws.SecurityGroup](r.scope, "security-group", ids)
}

func rdsTags(in []types.Tag) map[string]string {
	tags := make(map[string]string, len(in))
	for _, t := range in {
		tags[awssdk.ToString(t.Key)] = awssdk.ToString(t.Value)
	}
	return tags
}

// readParameterGroups reads every group that a database uses, once, and of it
// only the parameters that the model keeps.
func (r *rdsReader) readParameterGroups(instances []types.DBInstance, clusters []types.DBCluster) {
	ofInstances, ofClusters := map[string]string{}, map[string]string{}
	for _, in := range instances {
		if awssdk.ToString(in.DBClusterIdentifier) != "" {
			continue
		}
		for _, g := range in.DBParameterGroups {
			ofInstances[awssdk.ToString(g.DBParameterGroupName)] = awssdk.ToString(in.Engine)
		}
	}
	for _, in := range clusters {
		if g := awssdk.ToString(in.DBClusterParameterGroup); g != "" {
			ofClusters[g] = awssdk.ToString(in.Engine)
		}
	}
	each(r.scope, kindOf[aws.DBParameterGroup](), slices.Sorted(maps.Keys(ofInstances)), func(name string) {
		r.parameterGroup(name, ofInstances[name])
	})
	each(r.scope, kindOf[aws.DBClusterParameterGroup](), slices.Sorted(maps.Keys(ofClusters)), func(name string) {
		r.clusterParameterGroup(name, ofClusters[name])
	})
}

func (r *rdsReader) parameterGroup(name, engine string) {
	g := &aws.DBParameterGroup{Base: r.base(r.arn("rds", "pg:"+name), name)}
	defer r.add(g)
	tls := aws.TLSParameter(engine)
	if tls == "" {
		return
	}
	values := map[string]string{}
	gap := list(r.scope, rds.NewDescribeDBParametersPaginator(r.c, &rds.DescribeDBParametersInput{
		DBParameterGroupName: &name, Filters: parameterFilter(tls),
	}), func(out *rds.DescribeDBParametersOutput) { keepParameters(values, out.Parameters) })
	r.recordOrigin(g.Kind(), &callInfo{service: "RDS", operation: "DescribeDBParameters"}, "")
	g.SetGap(gap, "tls_required")
	g.TLSRequired = isOn(g, "tls_required", values, tls)
}

func (r *rdsReader) clusterParameterGroup(name, engine string) {
	g := &aws.DBClusterParameterGroup{Base: r.base(r.arn("rds", "cluster-pg:"+name), name)}
	defer r.add(g)
	tls, audit := aws.TLSParameter(engine), aws.AuditParameter(engine)
	values := map[string]string{}
	gap := list(r.scope, rds.NewDescribeDBClusterParametersPaginator(r.c, &rds.DescribeDBClusterParametersInput{
		DBClusterParameterGroupName: &name, Filters: parameterFilter(tls, audit),
	}), func(out *rds.DescribeDBClusterParametersOutput) { keepParameters(values, out.Parameters) })
	r.recordOrigin(g.Kind(), &callInfo{service: "RDS", operation: "DescribeDBClusterParameters"}, "")
	g.SetGap(gap, "tls_required", "audit_log")
	g.TLSRequired = isOn(g, "tls_required", values, tls)
	g.AuditLog = isOn(g, "audit_log", values, audit)
}

func parameterFilter(names ...string) []types.Filter {
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" })
	if len(names) == 0 {
		return nil
	}
	name := "parameter-name"
	return []types.Filter{{Name: &name, Values: names}}
}

func keepParameters(values map[string]string, in []types.Parameter) {
	for _, p := range in {
		values[awssdk.ToString(p.ParameterName)] = awssdk.ToString(p.ParameterValue)
	}
}

// isOn reads a switch. A parameter without a value is at the engine's default,
// off.
func isOn(o cloud.Gapped, field string, values map[string]string, name string) bool {
	if name == "" || o.Obj().Gap(field) != nil {
		return false
	}
	value, listed := values[name]
	if !listed {
		o.Obj().SetGap(&cloud.Gap{Reason: cloud.Missing, Message: "the reply lacks the parameter " + name}, field)
		return false
	}
	return aws.SwitchedOn(value)
}

func (r *rdsReader) readSnapshots() {
	manual := "manual"
	var ofInstances []types.DBSnapshot
	list(r.scope, rds.NewDescribeDBSnapshotsPaginator(r.c, &rds.DescribeDBSnapshotsInput{SnapshotType: &manual}), func(out *rds.DescribeDBSnapshotsOutput) {
		ofInstances = append(ofInstances, out.DBSnapshots...)
	}, kindOf[aws.DBSnapshot]())
	each(r.scope, kindOf[aws.DBSnapshot](), ofInstances, r.snapshot)

	var ofClusters []types.DBClusterSnapshot
	list(r.scope, rds.NewDescribeDBClusterSnapshotsPaginator(r.c, &rds.DescribeDBClusterSnapshotsInput{SnapshotType: &manual}), func(out *rds.DescribeDBClusterSnapshotsOutput) {
		ofClusters = append(ofClusters, out.DBClusterSnapshots...)
	}, kindOf[aws.DBClusterSnapshot]())
	each(r.scope, kindOf[aws.DBClusterSnapshot](), ofClusters, r.clusterSnapshot)
}

func (r *rdsReader) snapshot(in types.DBSnapshot) {
	name := awssdk.ToString(in.DBSnapshotIdentifier)
	snap := &aws.DBSnapshot{Base: r.base(r.ref(in.DBSnapshotArn, "snapshot:"+name), name)}
	defer r.add(snap)
	snap.Tags = rdsTags(in.TagList)
	snap.Engine = need(snap, "engine", in.Engine)
	snap.Encrypted = need(snap, "encrypted", in.Encrypted)
	snap.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	snap.CreatedAt = awssdk.ToTime(in.SnapshotCreateTime)
	if of := awssdk.ToString(in.DBInstanceIdentifier); of != "" {
		snap.Instance = cloud.LinkTo[aws.DBInstance](r.arn("rds", "db:"+of))
	}
	fill(r.scope, snap, []string{"shared_with"}, r.c.DescribeDBSnapshotAttributes, &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: &name}, func(out *rds.DescribeDBSnapshotAttributesOutput) {
		for _, a := range out.DBSnapshotAttributesResult.DBSnapshotAttributes {
			if awssdk.ToString(a.AttributeName) == "restore" {
				snap.SharedWith = a.AttributeValues
			}
		}
	})
}

func (r *rdsReader) clusterSnapshot(in types.DBClusterSnapshot) {
	name := awssdk.ToString(in.DBClusterSnapshotIdentifier)
	snap := &aws.DBClusterSnapshot{Base: r.base(r.ref(in.DBClusterSnapshotArn, "cluster-snapshot:"+name), name)}
	defer r.add(snap)
	snap.Tags = rdsTags(in.TagList)
	snap.Engine = need(snap, "engine", in.Engine)
	snap.Encrypted = need(snap, "encrypted", in.StorageEncrypted)
	snap.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	snap.CreatedAt = awssdk.ToTime(in.SnapshotCreateTime)
	if of := awssdk.ToString(in.DBClusterIdentifier); of != "" {
		snap.Cluster = cloud.LinkTo[aws.DBCluster](r.arn("rds", "cluster:"+of))
	}
	fill(r.scope, snap, []string{"shared_with"}, r.c.DescribeDBClusterSnapshotAttributes, &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: &name}, func(out *rds.DescribeDBClusterSnapshotAttributesOutput) {
		for _, a := range out.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes {
			if awssdk.ToString(a.AttributeName) == "restore" {
				snap.SharedWith = a.AttributeValues
			}
		}
	})
}

// readEventSubscriptions lists who is told of what, where there are databases
// to tell of.
func (r *rdsReader) readEventSubscriptions(databases bool) {
	kind := kindOf[aws.DBEventSubscription]()
	if !databases {
		r.decide(nil, []cloud.Kind{kind})
		return
	}
	list(r.scope, rds.NewDescribeEventSubscriptionsPaginator(r.c, &rds.DescribeEventSubscriptionsInput{}), func(out *rds.DescribeEventSubscriptionsOutput) {
		items(r.scope, kind, out.EventSubscriptionsList, func(in types.EventSubscription) {
			name := awssdk.ToString(in.CustSubscriptionId)
			sub := &aws.DBEventSubscription{Base: r.base(r.ref(in.EventSubscriptionArn, "es:"+name), name)}
			sub.Enabled = need(sub, "enabled", in.Enabled)
			sub.SourceType = awssdk.ToString(in.SourceType)
			sub.SourceIDs = in.SourceIdsList
			sub.Categories = in.EventCategoriesList
			sub.Topic = cloud.LinkTo[aws.Topic](cloud.Ref(awssdk.ToString(in.SnsTopicArn)))
			r.add(sub)
		})
	}, kind)
}
