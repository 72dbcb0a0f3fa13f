package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func dynamodbService() *service {
	return &service{name: "dynamodb", kinds: []cloud.Kind{kindOf[aws.Table]()}, read: readDynamoDB}
}

func readDynamoDB(s *scope) {
	c, kind := dynamodb.NewFromConfig(s.cfg), kindOf[aws.Table]()
	var names []string
	list(s, dynamodb.NewListTablesPaginator(c, &dynamodb.ListTablesInput{}), func(out *dynamodb.ListTablesOutput) {
		names = append(names, out.TableNames...)
	}, kind)
	each(s, kind, names, func(name string) { readTable(s, c, name) })
}

func readTable(s *scope, c *dynamodb.Client, name string) {
	t := &aws.Table{Base: s.base(s.arn("dynamodb", "table/"+name), name)}
	defer s.add(t)
	stream, arn := "", string(t.Ref)
	fill(s, t, []string{"status", "created_at", "class", "billing_mode", "deletion_protection", "kms_encryption", "kms_key", "stream_view", "stream_policy", "replica_regions"},
		c.DescribeTable, &dynamodb.DescribeTableInput{TableName: &name}, func(out *dynamodb.DescribeTableOutput) {
			describeTable(s, t, out.Table)
			stream = awssdk.ToString(out.Table.LatestStreamArn)
		})
	fill(s, t, []string{"point_in_time_recovery", "recovery_days"}, c.DescribeContinuousBackups, &dynamodb.DescribeContinuousBackupsInput{TableName: &name}, func(out *dynamodb.DescribeContinuousBackupsOutput) {
		if p := out.ContinuousBackupsDescription.PointInTimeRecoveryDescription; p != nil {
			t.PointInTimeRecovery = p.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled
			t.RecoveryDays = int(awssdk.ToInt32(p.RecoveryPeriodInDays))
		}
	})
	fill(s, t, []string{"policy"}, c.GetResourcePolicy, &dynamodb.GetResourcePolicyInput{ResourceArn: &arn}, func(out *dynamodb.GetResourcePolicyOutput) {
		t.Policy = parsePolicy(t, "policy", out.Policy)
	}, "PolicyNotFoundException")
	if stream != "" && t.StreamView != "" {
		fill(s, t, []string{"stream_policy"}, c.GetResourcePolicy, &dynamodb.GetResourcePolicyInput{ResourceArn: &stream}, func(out *dynamodb.GetResourcePolicyOutput) {
			t.StreamPolicy = parsePolicy(t, "stream_policy", out.Policy)
		}, "PolicyNotFoundException")
	}
	fill(s, t, []string{"tags"}, c.ListTagsOfResource, &dynamodb.ListTagsOfResourceInput{ResourceArn: &arn}, func(out *dynamodb.ListTagsOfResourceOutput) {
		t.Tags = map[string]string{}
		for _, tag := range out.Tags {
			t.Tags[awssdk.ToString(tag.Key)] = awssdk.ToString(tag.Value)
		}
	})
}

func describeTable(s *scope, t *aws.Table, in *types.TableDescription) {
	t.Status = string(in.TableStatus)
	t.CreatedAt = awssdk.ToTime(in.CreationDateTime)
	t.Class = string(types.TableClassStandard)
	if c := in.TableClassSummary; c != nil {
		t.Class = string(c.TableClass)
	}
	t.BillingMode = string(types.BillingModeProvisioned)
	if b := in.BillingModeSummary; b != nil {
		t.BillingMode = string(b.BillingMode)
	}
	t.DeletionProtection = need(t, "deletion_protection", in.DeletionProtectionEnabled)
	if e := in.SSEDescription; e != nil {
		t.KMSEncryption = e.SSEType == types.SSETypeKms && (e.Status == types.SSEStatusEnabled || e.Status == types.SSEStatusUpdating)
		t.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(e.KMSMasterKeyArn))
	}
	if st := in.StreamSpecification; st != nil && awssdk.ToBool(st.StreamEnabled) {
		t.StreamView = string(st.StreamViewType)
	}
	for _, r := range in.Replicas {
		t.ReplicaRegions = append(t.ReplicaRegions, awssdk.ToString(r.RegionName))
	}
}
