package awsapi

import (
	"context"
	"slices"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	opensearchtypes "github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	redshifttypes "github.com/aws/aws-sdk-go-v2/service/redshift/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestRedshift(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), redshift.NewFromConfig(e.cfg), awssdk.String
	subnet, group := newSubnet(t, e)
	must(t)(c.CreateClusterSubnetGroup(ctx, &redshift.CreateClusterSubnetGroupInput{ClusterSubnetGroupName: str("data"), Description: str("data"), SubnetIds: []string{subnet}}))
	must(t)(c.CreateCluster(ctx, &redshift.CreateClusterInput{
		ClusterIdentifier: str("sales"), NodeType: str("ra3.large"), MasterUsername: str("keeper"), MasterUserPassword: str("Correct-horse1"), DBName: str("sales"),
		Encrypted: awssdk.Bool(true), PubliclyAccessible: awssdk.Bool(true), EnhancedVpcRouting: awssdk.Bool(true), ClusterSubnetGroupName: str("data"),
		VpcSecurityGroupIds: []string{group}, Tags: []redshifttypes.Tag{{Key: str("team"), Value: str("sales")}},
	}))
	must(t)(c.EnableLogging(ctx, &redshift.EnableLoggingInput{ClusterIdentifier: str("sales"), LogDestinationType: redshifttypes.LogDestinationTypeCloudwatch, LogExports: []string{"connectionlog"}}))
	must(t)(c.CreateClusterSnapshot(ctx, &redshift.CreateClusterSnapshotInput{ClusterIdentifier: str("sales"), SnapshotIdentifier: str("sales-kept")}))

	s := e.read(t, nil, "redshift")
	cluster := find[aws.RedshiftCluster](t, s, "sales")
	noGaps(t, cluster, "multi_az")
	if !cluster.Encrypted || !cluster.PubliclyAccessible || !cluster.EnhancedVPCRouting || cluster.Port != 5439 || cluster.DatabaseName != "sales" || cluster.Tags["team"] != "sales" {
		t.Errorf("cluster: %+v", cluster)
	}
	if len(cluster.Subnets) != 1 || len(cluster.SecurityGroups) != 1 || cluster.SecurityGroups[0].To != ec2Ref(e, "security-group/"+group) {
		t.Errorf("subnets %v, security groups %v", cluster.Subnets, cluster.SecurityGroups)
	}
	if cluster.Logging == nil || !cluster.Logging.Enabled {
		t.Errorf("logging: %+v", cluster.Logging)
	}
	if snap := find[aws.RedshiftSnapshot](t, s, "sales-kept"); snap.Cluster.Target() != cluster {
		t.Errorf("snapshot: %+v", snap)
	}
}

func TestDynamoDB(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), dynamodb.NewFromConfig(e.cfg), awssdk.String
	for _, name := range []string{"orders", "scratch"} {
		must(t)(c.CreateTable(ctx, &dynamodb.CreateTableInput{
			TableName: &name, BillingMode: dynamodbtypes.BillingModePayPerRequest,
			AttributeDefinitions:      []dynamodbtypes.AttributeDefinition{{AttributeName: str("id"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
			KeySchema:                 []dynamodbtypes.KeySchemaElement{{AttributeName: str("id"), KeyType: dynamodbtypes.KeyTypeHash}},
			DeletionProtectionEnabled: awssdk.Bool(name == "orders"),
		}))
	}
	must(t)(c.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: str("orders"),
		PointInTimeRecoverySpecification: &dynamodbtypes.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: awssdk.Bool(true)}}))
	must(t)(c.PutResourcePolicy(ctx, &dynamodb.PutResourcePolicyInput{ResourceArn: str("arn:aws:dynamodb:us-east-1:" + string(e.account) + ":table/orders"),
		Policy: str(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}]}`)}))

	s := e.read(t, nil, "dynamodb")
	orders, scratch := find[aws.Table](t, s, "orders"), find[aws.Table](t, s, "scratch")
	noGaps(t, orders, "backups")
	noGaps(t, scratch, "backups")
	if !orders.PointInTimeRecovery || !orders.DeletionProtection || orders.Policy == nil || orders.BillingMode != "PAY_PER_REQUEST" {
		t.Errorf("orders: %+v", orders)
	}
	if scratch.PointInTimeRecovery || scratch.DeletionProtection || scratch.Policy != nil || scratch.KMSEncryption {
		t.Errorf("scratch: %+v", scratch)
	}
}

func TestElastiCache(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), elasticache.NewFromConfig(e.cfg), awssdk.String
	must(t)(c.CreateReplicationGroup(ctx, &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: str("sessions"), ReplicationGroupDescription: str("sessions"), Engine: str("redis"), CacheNodeType: str("cache.t4g.micro"), NumCacheClusters: awssdk.Int32(2),
		TransitEncryptionEnabled: awssdk.Bool(true), AtRestEncryptionEnabled: awssdk.Bool(true), AutomaticFailoverEnabled: awssdk.Bool(true), SnapshotRetentionLimit: awssdk.Int32(3),
	}))
	must(t)(c.CreateCacheCluster(ctx, &elasticache.CreateCacheClusterInput{CacheClusterId: str("pages"), Engine: str("memcached"), CacheNodeType: str("cache.t4g.micro"), NumCacheNodes: awssdk.Int32(1)}))

	s := e.read(t, nil, "elasticache")
	g := find[aws.ReplicationGroup](t, s, "sessions")
	if !g.TransitEncryption || !g.AtRestEncryption || g.SnapshotRetentionDays != 3 || !g.AutomaticFailover {
		t.Errorf("replication group: %+v", g)
	}
	if pages := find[aws.CacheCluster](t, s, "pages"); pages.Engine != "memcached" || !pages.ReplicationGroup.IsZero() {
		t.Errorf("cluster: %+v", pages)
	}
}

func TestOpenSearch(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), opensearch.NewFromConfig(e.cfg), awssdk.String
	must(t)(c.CreateDomain(ctx, &opensearch.CreateDomainInput{
		DomainName: str("logs"), EngineVersion: str("OpenSearch_2.11"),
		ClusterConfig:               &opensearchtypes.ClusterConfig{InstanceCount: awssdk.Int32(3), ZoneAwarenessEnabled: awssdk.Bool(true), DedicatedMasterEnabled: awssdk.Bool(true), DedicatedMasterCount: awssdk.Int32(3)},
		EncryptionAtRestOptions:     &opensearchtypes.EncryptionAtRestOptions{Enabled: awssdk.Bool(true)},
		NodeToNodeEncryptionOptions: &opensearchtypes.NodeToNodeEncryptionOptions{Enabled: awssdk.Bool(true)},
		DomainEndpointOptions:       &opensearchtypes.DomainEndpointOptions{EnforceHTTPS: awssdk.Bool(true), TLSSecurityPolicy: "Policy-Min-TLS-1-2-2019-07"},
		AdvancedSecurityOptions:     &opensearchtypes.AdvancedSecurityOptionsInput{Enabled: awssdk.Bool(true), InternalUserDatabaseEnabled: awssdk.Bool(false)},
		AccessPolicies:              str(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"es:*","Resource":"*"}]}`),
		LogPublishingOptions: map[string]opensearchtypes.LogPublishingOption{
			"AUDIT_LOGS": {Enabled: awssdk.Bool(true), CloudWatchLogsLogGroupArn: str("arn:aws:logs:us-east-1:123456789012:log-group:audit:*")},
		},
	}))
	s := e.read(t, nil, "opensearch")
	d := find[aws.Domain](t, s, "logs")
	noGaps(t, d, "update_available")
	if !d.EncryptionAtRest || !d.NodeToNodeEncryption || !d.EnforceHTTPS || !d.FineGrainedAccess || d.InVPC || d.Policy == nil || d.DataNodes != 3 || d.MasterNodes != 3 {
		t.Errorf("domain: %+v", d)
	}
	if len(d.Logs) != 1 || d.Logs[0].Type != "AUDIT_LOGS" || !d.Logs[0].Enabled || d.Logs[0].LogGroup.To != "arn:aws:logs:us-east-1:123456789012:log-group:audit" {
		t.Errorf("logs: %+v", d.Logs)
	}
}

func TestEFS(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), efs.NewFromConfig(e.cfg), awssdk.String
	subnet, group := newSubnet(t, e)
	made, err := c.CreateFileSystem(ctx, &efs.CreateFileSystemInput{CreationToken: str("home"), Encrypted: awssdk.Bool(true), Backup: awssdk.Bool(true), Tags: []efstypes.Tag{{Key: str("Name"), Value: str("home")}}})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(c.CreateMountTarget(ctx, &efs.CreateMountTargetInput{FileSystemId: made.FileSystemId, SubnetId: &subnet, SecurityGroups: []string{group}}))
	must(t)(c.PutFileSystemPolicy(ctx, &efs.PutFileSystemPolicyInput{FileSystemId: made.FileSystemId, Policy: str(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"elasticfilesystem:ClientMount"}]}`)}))
	must(t)(c.CreateAccessPoint(ctx, &efs.CreateAccessPointInput{ClientToken: str("app"), FileSystemId: made.FileSystemId, Tags: []efstypes.Tag{{Key: str("Name"), Value: str("app")}},
		PosixUser: &efstypes.PosixUser{Uid: awssdk.Int64(1001), Gid: awssdk.Int64(1001)}, RootDirectory: &efstypes.RootDirectory{Path: str("/app")}}))
	must(t)(c.CreateFileSystem(ctx, &efs.CreateFileSystemInput{CreationToken: str("bare"), Tags: []efstypes.Tag{{Key: str("Name"), Value: str("bare")}}}))

	s := e.read(t, nil, "efs")
	home := find[aws.FileSystem](t, s, "home")
	noGaps(t, home, "backups")
	if !home.Encrypted || !home.AutomaticBackups || home.Policy == nil || len(home.AccessPoints) != 1 {
		t.Errorf("home: %+v", home)
	}
	if len(home.MountTargets) != 1 || home.MountTargets[0].Subnet.To != ec2Ref(e, "subnet/"+subnet) || len(home.MountTargets[0].SecurityGroups) != 1 {
		t.Errorf("mount targets: %+v", home.MountTargets)
	}
	if bare := find[aws.FileSystem](t, s, "bare"); bare.Policy != nil || bare.AutomaticBackups || bare.Gap("policy") != nil || len(bare.MountTargets) != 0 {
		t.Errorf("bare: %+v", bare)
	}
	app := find[aws.FileSystemAccessPoint](t, s, "app")
	noGaps(t, app)
	if app.RootDirectory != "/app" || !app.EnforcesUser || app.UserID != 1001 || app.FileSystem.Target() != home {
		t.Errorf("access point: %+v", app)
	}
}

func TestDataStoresOfAnEmptyRegion(t *testing.T) {
	e := newEstate(t)
	s := e.read(t, nil, "rds", "redshift", "dynamodb", "elasticache", "opensearch", "efs", "backup")
	complete := map[cloud.Kind]bool{}
	for _, c := range s.Collections {
		if slices.Contains(c.Regions, "us-east-1") {
			complete[c.Kind] = c.Gap == nil
		}
	}
	for _, svc := range []*service{rdsService(), redshiftService(), dynamodbService(), elasticacheService(), opensearchService(), efsService(), backupService()} {
		for _, k := range svc.kinds {
			if ok, listed := complete[k]; !listed || !ok && k != kindOf[aws.ServerlessCache]() {
				t.Errorf("%s: listed %v, complete %v", k, listed, ok)
			}
		}
	}
}
