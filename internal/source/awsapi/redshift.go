package awsapi

import (
	"maps"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func redshiftService() *service {
	return &service{name: "redshift", kinds: []cloud.Kind{
		kindOf[aws.RedshiftCluster](), kindOf[aws.RedshiftParameterGroup](), kindOf[aws.RedshiftSnapshot](),
	}, read: readRedshift}
}

// readRedshift reads the clusters of one region and, when there are any, the
// subnet groups and parameter groups they use.
func readRedshift(s *scope) {
	r := &redshiftReader{scope: s, c: redshift.NewFromConfig(s.cfg), subnetGroups: map[string][]string{}}
	kind := kindOf[aws.RedshiftCluster]()
	var clusters []types.Cluster
	gap := list(s, redshift.NewDescribeClustersPaginator(r.c, &redshift.DescribeClustersInput{}), func(out *redshift.DescribeClustersOutput) {
		clusters = append(clusters, out.Clusters...)
	}, kind)
	s.decide(gap, []cloud.Kind{kindOf[aws.RedshiftParameterGroup]()})
	if len(clusters) > 0 {
		r.readSubnetGroups()
	}
	each(s, kind, clusters, r.cluster)
	r.readParameterGroups(clusters)
	r.readSnapshots()
}

type redshiftReader struct {
	*scope
	c            *redshift.Client
	subnetGroups map[string][]string // name, subnet ids
	subnetGap    *cloud.Gap
}

func (r *redshiftReader) readSubnetGroups() {
	r.subnetGap = list(r.scope, redshift.NewDescribeClusterSubnetGroupsPaginator(r.c, &redshift.DescribeClusterSubnetGroupsInput{}), func(out *redshift.DescribeClusterSubnetGroupsOutput) {
		for _, g := range out.ClusterSubnetGroups {
			var ids []string
			for _, sub := range g.Subnets {
				ids = append(ids, awssdk.ToString(sub.SubnetIdentifier))
			}
			r.subnetGroups[awssdk.ToString(g.ClusterSubnetGroupName)] = ids
		}
	})
	r.recordOrigin(kindOf[aws.RedshiftCluster](), &callInfo{service: "Redshift", operation: "DescribeClusterSubnetGroups"}, "subnets")
}

func (r *redshiftReader) cluster(in types.Cluster) {
	name := awssdk.ToString(in.ClusterIdentifier)
	c := &aws.RedshiftCluster{Base: r.base(r.arn("redshift", "cluster:"+name), name)}
	defer r.add(c)
	c.Tags = redshiftTags(in.Tags)
	c.NodeType = awssdk.ToString(in.NodeType)
	c.Nodes = int(awssdk.ToInt32(in.NumberOfNodes))
	c.Version = awssdk.ToString(in.ClusterVersion)
	c.Status = awssdk.ToString(in.ClusterStatus)
	c.CreatedAt = awssdk.ToTime(in.ClusterCreateTime)

	if e := in.Endpoint; e != nil {
		c.Endpoint = awssdk.ToString(e.Address)
		c.Port = int(need(c, "port", e.Port))
	} else {
		need[string](c, "endpoint", nil)
		need[int](c, "port", nil)
	}
	c.PubliclyAccessible = need(c, "publicly_accessible", in.PubliclyAccessible)
	c.EnhancedVPCRouting = need(c, "enhanced_vpc_routing", in.EnhancedVpcRouting)
	c.VPC = ec2Link[aws.VPC](r.scope, "vpc", awssdk.ToString(in.VpcId))
	r.subnets(c, awssdk.ToString(in.ClusterSubnetGroupName))
	for _, g := range in.VpcSecurityGroups {
		c.SecurityGroups = append(c.SecurityGroups, ec2Link[aws.SecurityGroup](r.scope, "security-group", awssdk.ToString(g.VpcSecurityGroupId)))
	}

	c.Encrypted = need(c, "encrypted", in.Encrypted)
	c.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	c.MultiAZ = strings.EqualFold(need(c, "multi_az", in.MultiAZ), "enabled")
	c.AllowVersionUpgrade = need(c, "allow_version_upgrade", in.AllowVersionUpgrade)
	c.SnapshotRetentionDays = int(need(c, "snapshot_retention_days", in.AutomatedSnapshotRetentionPeriod))
	if copies := in.ClusterSnapshotCopyStatus; copies != nil {
		c.SnapshotCopyRegion = awssdk.ToString(copies.DestinationRegion)
	}
	c.MasterUsername = need(c, "master_username", in.MasterUsername)
	c.MasterSecret = cloud.LinkTo[aws.Secret](cloud.Ref(awssdk.ToString(in.MasterPasswordSecretArn)))
	c.DatabaseName = need(c, "database_name", in.DBName)
	for _, role := range in.IamRoles {
		c.Roles = append(c.Roles, cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(role.IamRoleArn))))
	}
	for _, g := range in.ClusterParameterGroups {
		c.ParameterGroups = append(c.ParameterGroups, cloud.LinkTo[aws.RedshiftParameterGroup](r.arn("redshift", "parametergroup:"+awssdk.ToString(g.ParameterGroupName))))
	}
	if len(in.ClusterParameterGroups) == 0 {
		need[string](c, "parameter_groups", nil)
	}
	fill(r.scope, c, []string{"logging"}, r.c.DescribeLoggingStatus, &redshift.DescribeLoggingStatusInput{ClusterIdentifier: &name}, func(out *redshift.DescribeLoggingStatusOutput) {
		l := &aws.RedshiftLogging{Exports: out.LogExports, Destination: string(out.LogDestinationType)}
		l.Enabled = need(l, "enabled", out.LoggingEnabled)
		l.Bucket = bucketLink(r.scope, awssdk.ToString(out.BucketName))
		if l.Destination == "" && !l.Bucket.IsZero() {
			l.Destination = "s3"
		}
		c.Logging = l
	})
}

func (r *redshiftReader) subnets(c *aws.RedshiftCluster, group string) {
	ids, known := r.subnetGroups[group]
	if !known {
		lackSubnets(c, r.subnetGap)
		return
	}
	c.Subnets = ec2Links[aws.Subnet](r.scope, "subnet", ids)
}

func redshiftTags(in []types.Tag) map[string]string {
	tags := make(map[string]string, len(in))
	for _, t := range in {
		tags[awssdk.ToString(t.Key)] = awssdk.ToString(t.Value)
	}
	return tags
}

// readParameterGroups reads every group that a cluster uses, once.
func (r *redshiftReader) readParameterGroups(clusters []types.Cluster) {
	used := map[string]bool{}
	for _, in := range clusters {
		for _, g := range in.ClusterParameterGroups {
			used[awssdk.ToString(g.ParameterGroupName)] = true
		}
	}
	each(r.scope, kindOf[aws.RedshiftParameterGroup](), slices.Sorted(maps.Keys(used)), r.parameterGroup)
}

func (r *redshiftReader) parameterGroup(name string) {
	g := &aws.RedshiftParameterGroup{Base: r.base(r.arn("redshift", "parametergroup:"+name), name)}
	defer r.add(g)
	values := map[string]string{}
	gap := list(r.scope, redshift.NewDescribeClusterParametersPaginator(r.c, &redshift.DescribeClusterParametersInput{ParameterGroupName: &name}), func(out *redshift.DescribeClusterParametersOutput) {
		for _, p := range out.Parameters {
			values[awssdk.ToString(p.ParameterName)] = awssdk.ToString(p.ParameterValue)
		}
	})
	r.recordOrigin(g.Kind(), &callInfo{service: "Redshift", operation: "DescribeClusterParameters"}, "")
	g.SetGap(gap, "tls_required", "activity_log")
	g.TLSRequired = isOn(g, "tls_required", values, "require_ssl")
	g.ActivityLog = isOn(g, "activity_log", values, "enable_user_activity_logging")
}

func (r *redshiftReader) readSnapshots() {
	kind, manual := kindOf[aws.RedshiftSnapshot](), "manual"
	in := &redshift.DescribeClusterSnapshotsInput{SnapshotType: &manual}
	if r.id != "unknown" {
		in.OwnerAccount = awssdk.String(string(r.id))
	}
	list(r.scope, redshift.NewDescribeClusterSnapshotsPaginator(r.c, in), func(out *redshift.DescribeClusterSnapshotsOutput) {
		items(r.scope, kind, out.Snapshots, r.snapshot)
	}, kind)
}

func (r *redshiftReader) snapshot(in types.Snapshot) {
	name, cluster := awssdk.ToString(in.SnapshotIdentifier), awssdk.ToString(in.ClusterIdentifier)
	ref := r.arn("redshift", "snapshot:"+cluster+"/"+name)
	if in.SnapshotArn != nil {
		ref = cloud.Ref(*in.SnapshotArn)
	}
	snap := &aws.RedshiftSnapshot{Base: r.base(ref, name)}
	snap.Tags = redshiftTags(in.Tags)
	snap.Encrypted = need(snap, "encrypted", in.Encrypted)
	snap.KMSKey = cloud.LinkTo[aws.Key](r.keyRef(in.KmsKeyId))
	for _, a := range in.AccountsWithRestoreAccess {
		snap.SharedWith = append(snap.SharedWith, awssdk.ToString(a.AccountId))
	}
	snap.CreatedAt = awssdk.ToTime(in.SnapshotCreateTime)
	if cluster != "" {
		snap.Cluster = cloud.LinkTo[aws.RedshiftCluster](r.arn("redshift", "cluster:"+cluster))
	}
	r.add(snap)
}
