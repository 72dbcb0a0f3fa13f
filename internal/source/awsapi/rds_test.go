package awsapi

import (
	"context"
	"slices"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestRDS(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), rds.NewFromConfig(e.cfg), awssdk.String
	subnet, group := newSubnet(t, e)
	must(t)(c.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{DBSubnetGroupName: str("data"), DBSubnetGroupDescription: str("data"), SubnetIds: []string{subnet}}))
	must(t)(c.CreateDBParameterGroup(ctx, &rds.CreateDBParameterGroupInput{DBParameterGroupName: str("tls"), DBParameterGroupFamily: str("postgres16"), Description: str("tls")}))
	must(t)(c.ModifyDBParameterGroup(ctx, &rds.ModifyDBParameterGroupInput{DBParameterGroupName: str("tls"), Parameters: []types.Parameter{
		{ParameterName: str("rds.force_ssl"), ParameterValue: str("1"), ApplyMethod: types.ApplyMethodImmediate},
	}}))
	must(t)(c.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: str("orders"), Engine: str("postgres"), EngineVersion: str("16.4"), DBInstanceClass: str("db.t4g.micro"), AllocatedStorage: awssdk.Int32(20),
		MasterUsername: str("keeper"), MasterUserPassword: str("correct-horse"), StorageEncrypted: awssdk.Bool(true), MultiAZ: awssdk.Bool(true),
		PubliclyAccessible: awssdk.Bool(true), DBSubnetGroupName: str("data"), DBParameterGroupName: str("tls"), VpcSecurityGroupIds: []string{group},
		BackupRetentionPeriod: awssdk.Int32(14), EnableCloudwatchLogsExports: []string{"postgresql"}, Tags: []types.Tag{{Key: str("team"), Value: str("shop")}},
	}))
	must(t)(c.CreateDBSnapshot(ctx, &rds.CreateDBSnapshotInput{DBInstanceIdentifier: str("orders"), DBSnapshotIdentifier: str("orders-shared")}))
	must(t)(c.ModifyDBSnapshotAttribute(ctx, &rds.ModifyDBSnapshotAttributeInput{DBSnapshotIdentifier: str("orders-shared"), AttributeName: str("restore"), ValuesToAdd: []string{"all"}}))
	must(t)(c.CreateDBCluster(ctx, &rds.CreateDBClusterInput{
		DBClusterIdentifier: str("graph"), Engine: str("neptune"), MasterUsername: str("keeper"), MasterUserPassword: str("correct-horse"), DBSubnetGroupName: str("data"),
		DeletionProtection: awssdk.Bool(true),
	}))
	must(t)(c.CreateDBClusterSnapshot(ctx, &rds.CreateDBClusterSnapshotInput{DBClusterIdentifier: str("graph"), DBClusterSnapshotIdentifier: str("graph-kept")}))
	must(t)(c.CreateEventSubscription(ctx, &rds.CreateEventSubscriptionInput{
		SubscriptionName: str("trouble"), SnsTopicArn: str("arn:aws:sns:us-east-1:123456789012:pager"), SourceType: str("db-instance"), EventCategories: []string{"failure"}, Enabled: awssdk.Bool(true),
	}))

	s := e.read(t, nil, "rds")
	db := find[aws.DBInstance](t, s, "orders")
	noGaps(t, db, "standard_support_ends", "certificate", "backups")
	if !db.PubliclyAccessible || !db.StorageEncrypted || !db.MultiAZ || db.Port != 5432 || db.BackupRetentionDays != 14 || db.MasterUsername != "keeper" {
		t.Errorf("instance: %+v", db)
	}
	if !slices.Equal(db.LogExports, []string{"postgresql"}) || db.Tags["team"] != "shop" {
		t.Errorf("log exports %v, tags %v", db.LogExports, db.Tags)
	}
	if len(db.Subnets) != 1 || db.Subnets[0].To != ec2Ref(e, "subnet/"+subnet) || len(db.SecurityGroups) != 1 || db.SecurityGroups[0].To != ec2Ref(e, "security-group/"+group) {
		t.Errorf("subnets %v, security groups %v", db.Subnets, db.SecurityGroups)
	}
	if len(db.ParameterGroups) != 1 || !db.ParameterGroups[0].Target().TLSRequired {
		t.Errorf("parameter groups: %v", db.ParameterGroups)
	}
	if db.Gap("standard_support_ends") == nil {
		t.Error("the emulator knows no support dates, yet there is no gap")
	}
	snap := find[aws.DBSnapshot](t, s, "orders-shared")
	noGaps(t, snap)
	if !slices.Equal(snap.SharedWith, []string{"all"}) || snap.Instance.Target() != db || len(db.Snapshots) != 1 {
		t.Errorf("snapshot shared with %v, of %v", snap.SharedWith, snap.Instance)
	}
	cluster := find[aws.DBCluster](t, s, "graph")
	if cluster.Engine != "neptune" || !cluster.DeletionProtection || len(cluster.Subnets) != 1 {
		t.Errorf("cluster: %+v", cluster)
	}
	kept := find[aws.DBClusterSnapshot](t, s, "graph-kept")
	noGaps(t, kept)
	if len(kept.SharedWith) != 0 || kept.Cluster.Target() != cluster {
		t.Errorf("cluster snapshot: %+v", kept)
	}
	sub := find[aws.DBEventSubscription](t, s, "trouble")
	noGaps(t, sub)
	if !sub.Enabled || sub.SourceType != "db-instance" || !slices.Equal(sub.Categories, []string{"failure"}) {
		t.Errorf("subscription: %+v", sub)
	}
}

// ec2Ref is the ref of a resource of EC2 in the estate.
func ec2Ref(e *estate, resource string) cloud.Ref {
	return cloud.Ref("arn:aws:ec2:us-east-1:" + string(e.account) + ":" + resource)
}

// newSubnet makes a VPC with one subnet and one security group.
func newSubnet(t *testing.T, e *estate) (subnet, group string) {
	t.Helper()
	ctx, c := context.Background(), ec2.NewFromConfig(e.cfg)
	vpc, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: awssdk.String("10.0.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := c.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: awssdk.String("10.0.1.0/24")})
	if err != nil {
		t.Fatal(err)
	}
	sg, err := c.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: vpc.Vpc.VpcId, GroupName: awssdk.String("data"), Description: awssdk.String("data")})
	if err != nil {
		t.Fatal(err)
	}
	return awssdk.ToString(sub.Subnet.SubnetId), awssdk.ToString(sg.GroupId)
}

func TestParameterSwitches(t *testing.T) {
	values := map[string]string{"rds.force_ssl": "1", "tls": "fips-140-3", "audit_logs": "none", "require_secure_transport": ""}
	for name, want := range map[string]bool{"rds.force_ssl": true, "tls": true, "audit_logs": false, "require_secure_transport": false} {
		g := &aws.DBClusterParameterGroup{}
		if got := isOn(g, "tls_required", values, name); got != want || g.Gap("tls_required") != nil {
			t.Errorf("%s: %v, gap %v", name, got, g.Gap("tls_required"))
		}
	}
	g := &aws.DBClusterParameterGroup{}
	if isOn(g, "audit_log", values, "neptune_enable_audit_log"); g.Gap("audit_log") == nil {
		t.Error("a parameter that is not listed leaves no gap")
	}
}

func TestSupportEndsWithTheMajorVersion(t *testing.T) {
	at := time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)
	r := &rdsReader{supportEnds: map[string]map[string]time.Time{"postgres": {"1": {}, "16": at}, "sqlserver-se": {"15.00": {}}}}
	for _, c := range []struct {
		engine, version string
		want            time.Time
		gap             bool
	}{
		{"postgres", "16.4", at, false},
		{"postgres", "9.6.1", time.Time{}, true},
		{"sqlserver-se", "15.00.4345.5.v1", time.Time{}, false},
		{"neptune", "1.3.2.1", time.Time{}, false},
	} {
		db := &aws.DBInstance{}
		if got := r.supportEnd(db, c.engine, c.version); !got.Equal(c.want) || (db.Gap("standard_support_ends") != nil) != c.gap {
			t.Errorf("%s %s: %v, gap %v", c.engine, c.version, got, db.Gap("standard_support_ends"))
		}
	}
}

func TestSubnetsThatAreNotKnownArePartial(t *testing.T) {
	for _, why := range []*cloud.Gap{nil, {Reason: cloud.Denied, Operation: "rds:DescribeDBSubnetGroups"}} {
		db := &aws.DBCluster{}
		lackSubnets(db, why)
		g := db.Gap("subnets")
		if g == nil || !g.Partial {
			t.Fatalf("gap: %v", g)
		}
		if why != nil && g.Reason != why.Reason {
			t.Errorf("reason %s, want %s", g.Reason, why.Reason)
		}
	}
}
