package awsapi

import (
	"context"
	"slices"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestBackup(t *testing.T) {
	e := newEstate(t)
	ctx, c, str := context.Background(), backup.NewFromConfig(e.cfg), awssdk.String
	must(t)(c.CreateBackupVault(ctx, &backup.CreateBackupVaultInput{BackupVaultName: str("safe"), BackupVaultTags: map[string]string{"team": "ops"}}))
	must(t)(c.PutBackupVaultLockConfiguration(ctx, &backup.PutBackupVaultLockConfigurationInput{BackupVaultName: str("safe"), MinRetentionDays: awssdk.Int64(7), MaxRetentionDays: awssdk.Int64(70)}))
	must(t)(c.CreateBackupPlan(ctx, &backup.CreateBackupPlanInput{BackupPlan: &types.BackupPlanInput{BackupPlanName: str("daily"), Rules: []types.BackupRuleInput{
		{RuleName: str("nightly"), TargetBackupVaultName: str("safe"), ScheduleExpression: str("cron(0 3 * * ? *)"), Lifecycle: &types.Lifecycle{DeleteAfterDays: awssdk.Int64(35)}},
	}}}))

	s := e.read(t, nil, "backup")
	vault := find[aws.BackupVault](t, s, "safe")
	if !vault.Locked || vault.MinRetentionDays != 7 || vault.MaxRetentionDays != 70 {
		t.Errorf("vault: %+v", vault)
	}
	plan := find[aws.BackupPlan](t, s, "daily")
	if len(plan.Rules) != 1 || plan.Rules[0].Name != "nightly" || plan.Rules[0].Vault.Target() != vault || plan.Rules[0].DeleteAfterDays != 35 {
		t.Errorf("plan: %+v", plan)
	}
}

func TestProtectedResourceLeadsToWhatWasSaved(t *testing.T) {
	a := (&reader{Config: Config{Stats: &Stats{}}}).newAccount("123456789012", "aws", awssdk.Config{})
	s := a.scope(context.Background(), backupService(), "eu-west-1")
	refs := []cloud.Ref{
		"arn:aws:rds:eu-west-1:123456789012:db:orders",
		"arn:aws:rds:eu-west-1:123456789012:cluster:graph",
		"arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
		"arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",
		"arn:aws:ec2:eu-west-1:123456789012:volume/vol-1",
		"arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
		"arn:aws:s3:::data",
		"arn:aws:redshift:eu-west-1:123456789012:cluster:sales",
		"arn:aws:fsx:eu-west-1:123456789012:file-system/fs-2",
	}
	for _, ref := range refs {
		addProtectedResource(s, types.ProtectedResource{ResourceArn: awssdk.String(string(ref))})
	}
	var leads []cloud.Ref
	for _, r := range a.resources {
		p := r.(*aws.ProtectedResource)
		for _, to := range []cloud.Ref{p.DBInstance.To, p.DBCluster.To, p.Table.To, p.FileSystem.To, p.Volume.To, p.Instance.To, p.Bucket.To, p.RedshiftCluster.To} {
			if to != "" {
				leads = append(leads, to)
			}
		}
		if p.Gap("last_backup_at") == nil {
			t.Errorf("%s: no gap on the missing time", p.ResourceARN)
		}
	}
	if !slices.Equal(leads, refs[:8]) {
		t.Errorf("leads to %v", leads)
	}
}
