package awsapi

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func backupService() *service {
	return &service{name: "backup", kinds: []cloud.Kind{
		kindOf[aws.BackupVault](), kindOf[aws.BackupPlan](), kindOf[aws.ProtectedResource](), kindOf[aws.RestoreTestingPlan](),
	}, read: readBackup}
}

// readBackup reads AWS Backup in one region. A region without a vault holds no
// backup: what is saved and what is restored for practice are not asked for.
func readBackup(s *scope) {
	c := backup.NewFromConfig(s.cfg)
	var vaults []types.BackupVaultListMember
	gap := list(s, backup.NewListBackupVaultsPaginator(c, &backup.ListBackupVaultsInput{}), func(out *backup.ListBackupVaultsOutput) {
		vaults = append(vaults, out.BackupVaultList...)
	}, kindOf[aws.BackupVault]())
	each(s, kindOf[aws.BackupVault](), vaults, func(in types.BackupVaultListMember) { readBackupVault(s, c, in) })

	var plans []types.BackupPlansListMember
	list(s, backup.NewListBackupPlansPaginator(c, &backup.ListBackupPlansInput{}), func(out *backup.ListBackupPlansOutput) {
		plans = append(plans, out.BackupPlansList...)
	}, kindOf[aws.BackupPlan]())
	each(s, kindOf[aws.BackupPlan](), plans, func(in types.BackupPlansListMember) { readBackupPlan(s, c, in) })

	protected := kindOf[aws.ProtectedResource]()
	if gap == nil && len(vaults) == 0 {
		s.decide(nil, []cloud.Kind{protected, kindOf[aws.RestoreTestingPlan]()})
		return
	}
	list(s, backup.NewListProtectedResourcesPaginator(c, &backup.ListProtectedResourcesInput{}), func(out *backup.ListProtectedResourcesOutput) {
		items(s, protected, out.Results, func(in types.ProtectedResource) { addProtectedResource(s, in) })
	}, protected)

	var tests []types.RestoreTestingPlanForList
	list(s, backup.NewListRestoreTestingPlansPaginator(c, &backup.ListRestoreTestingPlansInput{}), func(out *backup.ListRestoreTestingPlansOutput) {
		tests = append(tests, out.RestoreTestingPlans...)
	}, kindOf[aws.RestoreTestingPlan]())
	each(s, kindOf[aws.RestoreTestingPlan](), tests, func(in types.RestoreTestingPlanForList) { readRestoreTestingPlan(s, c, in) })
}

func readBackupVault(s *scope, c *backup.Client, in types.BackupVaultListMember) {
	name := awssdk.ToString(in.BackupVaultName)
	v := &aws.BackupVault{Base: s.base(cloud.Ref(orElse(awssdk.ToString(in.BackupVaultArn), string(s.arn("backup", "backup-vault:"+name)))), name)}
	defer s.add(v)
	v.Type = orElse(string(in.VaultType), string(types.VaultTypeBackupVault))
	v.CreatedAt = awssdk.ToTime(in.CreationDate)
	v.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(in.EncryptionKeyArn))
	v.Locked = need(v, "locked", in.Locked)
	v.LockedFrom = awssdk.ToTime(in.LockDate)
	v.MinRetentionDays = int(awssdk.ToInt64(in.MinRetentionDays))
	v.MaxRetentionDays = int(awssdk.ToInt64(in.MaxRetentionDays))
	v.RecoveryPoints = int(in.NumberOfRecoveryPoints)
	fill(s, v, []string{"policy"}, c.GetBackupVaultAccessPolicy, &backup.GetBackupVaultAccessPolicyInput{BackupVaultName: &name}, func(out *backup.GetBackupVaultAccessPolicyOutput) {
		v.Policy = parsePolicy(v, "policy", out.Policy)
	}, "ResourceNotFoundException")
	backupTags(s, c, v)
	if v.RecoveryPoints > 0 {
		readRecoveryPoints(s, c, v, name)
	}
}

func readRecoveryPoints(s *scope, c *backup.Client, v *aws.BackupVault, name string) {
	gap := list(s, backup.NewListRecoveryPointsByBackupVaultPaginator(c, &backup.ListRecoveryPointsByBackupVaultInput{
		BackupVaultName: &name, MaxResults: awssdk.Int32(1000),
	}), func(out *backup.ListRecoveryPointsByBackupVaultOutput) {
		for _, p := range out.RecoveryPoints {
			if !p.IsEncrypted && p.Status == types.RecoveryPointStatusCompleted {
				v.UnencryptedRecoveryPoints = append(v.UnencryptedRecoveryPoints, awssdk.ToString(p.RecoveryPointArn))
			}
			if p.LastRestoreTime != nil && p.LastRestoreTime.After(v.LastRestoredAt) {
				v.LastRestoredAt = *p.LastRestoreTime
			}
		}
	})
	s.recordOrigin(v.Kind(), &callInfo{service: "Backup", operation: "ListRecoveryPointsByBackupVault"}, "unencrypted_recovery_points", "last_restored_at")
	v.SetGap(gap.AsPartial(), "unencrypted_recovery_points")
	v.SetGap(gap, "last_restored_at")
}

func backupTags(s *scope, c *backup.Client, of cloud.Resource) {
	base := of.Meta()
	arn := string(base.Ref)
	gap := list(s, backup.NewListTagsPaginator(c, &backup.ListTagsInput{ResourceArn: &arn}), func(out *backup.ListTagsOutput) {
		if base.Tags == nil {
			base.Tags = map[string]string{}
		}
		for k, v := range out.Tags {
			base.Tags[k] = v
		}
	})
	s.recordOrigin(of.Kind(), &callInfo{service: "Backup", operation: "ListTags"}, "tags")
	base.SetGap(gap, "tags")
}

func readBackupPlan(s *scope, c *backup.Client, in types.BackupPlansListMember) {
	id := awssdk.ToString(in.BackupPlanId)
	p := &aws.BackupPlan{Base: s.base(cloud.Ref(orElse(awssdk.ToString(in.BackupPlanArn), string(s.arn("backup", "backup-plan:"+id)))), orElse(awssdk.ToString(in.BackupPlanName), id))}
	defer s.add(p)
	p.CreatedAt = awssdk.ToTime(in.CreationDate)
	p.LastRunAt = awssdk.ToTime(in.LastExecutionDate)
	fill(s, p, []string{"rules"}, c.GetBackupPlan, &backup.GetBackupPlanInput{BackupPlanId: &id}, func(out *backup.GetBackupPlanOutput) {
		for _, r := range out.BackupPlan.Rules {
			p.Rules = append(p.Rules, backupRule(s, r))
		}
	})
	backupTags(s, c, p)
	gap := list(s, backup.NewListBackupSelectionsPaginator(c, &backup.ListBackupSelectionsInput{BackupPlanId: &id}), func(out *backup.ListBackupSelectionsOutput) {
		for _, sel := range out.BackupSelectionsList {
			p.Selections = append(p.Selections, readBackupSelection(s, c, id, sel))
		}
	})
	s.recordOrigin(p.Kind(), &callInfo{service: "Backup", operation: "ListBackupSelections"}, "selections")
	p.SetGap(gap.AsPartial(), "selections")
}

func backupRule(s *scope, in types.BackupRule) *aws.BackupRule {
	r := &aws.BackupRule{
		Name:            awssdk.ToString(in.RuleName),
		Schedule:        awssdk.ToString(in.ScheduleExpression),
		Vault:           cloud.LinkTo[aws.BackupVault](s.arn("backup", "backup-vault:"+awssdk.ToString(in.TargetBackupVaultName))),
		DeleteAfterDays: deleteAfter(in.Lifecycle),
		Continuous:      awssdk.ToBool(in.EnableContinuousBackup),
	}
	for _, to := range in.CopyActions {
		r.Copies = append(r.Copies, &aws.BackupCopy{
			Vault:           cloud.LinkTo[aws.BackupVault](cloud.Ref(awssdk.ToString(to.DestinationBackupVaultArn))),
			DeleteAfterDays: deleteAfter(to.Lifecycle),
		})
	}
	return r
}

// deleteAfter is 0 for ever: without a lifecycle, or with AWS's -1.
func deleteAfter(l *types.Lifecycle) int {
	if l == nil {
		return 0
	}
	return max(0, int(awssdk.ToInt64(l.DeleteAfterDays)))
}

func readBackupSelection(s *scope, c *backup.Client, plan string, in types.BackupSelectionsListMember) *aws.BackupSelection {
	sel := &aws.BackupSelection{
		Name: awssdk.ToString(in.SelectionName),
		Role: cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.IamRoleArn))),
	}
	fill(s, sel, []string{"resources", "not_resources", "tags", "conditional"}, c.GetBackupSelection, &backup.GetBackupSelectionInput{BackupPlanId: &plan, SelectionId: in.SelectionId}, func(out *backup.GetBackupSelectionOutput) {
		sel.Resources, sel.NotResources = out.BackupSelection.Resources, out.BackupSelection.NotResources
		for _, t := range out.BackupSelection.ListOfTags {
			if sel.Tags == nil {
				sel.Tags = map[string]string{}
			}
			sel.Tags[awssdk.ToString(t.ConditionKey)] = awssdk.ToString(t.ConditionValue)
		}
		if w := out.BackupSelection.Conditions; w != nil {
			sel.Conditional = len(w.StringEquals)+len(w.StringLike)+len(w.StringNotEquals)+len(w.StringNotLike) > 0
		}
	})
	return sel
}

func addProtectedResource(s *scope, in types.ProtectedResource) {
	arn := cloud.Ref(awssdk.ToString(in.ResourceArn))
	p := &aws.ProtectedResource{Base: s.base(s.arn("backup", "protected-resource:"+string(arn)), orElse(awssdk.ToString(in.ResourceName), string(arn)))}
	p.ResourceARN = string(arn)
	p.ResourceType = awssdk.ToString(in.ResourceType)
	p.LastBackupAt = need(p, "last_backup_at", in.LastBackupTime)
	p.Vault = cloud.LinkTo[aws.BackupVault](cloud.Ref(awssdk.ToString(in.LastBackupVaultArn)))
	switch service, resource := arnService(arn), arnResource(arn); {
	case service == "rds" && strings.HasPrefix(resource, "db:"):
		p.DBInstance = cloud.LinkTo[aws.DBInstance](arn)
	case service == "rds" && strings.HasPrefix(resource, "cluster:"):
		p.DBCluster = cloud.LinkTo[aws.DBCluster](arn)
	case service == "dynamodb":
		p.Table = cloud.LinkTo[aws.Table](arn)
	case service == "elasticfilesystem":
		p.FileSystem = cloud.LinkTo[aws.FileSystem](arn)
	case service == "ec2" && strings.HasPrefix(resource, "volume/"):
		p.Volume = cloud.LinkTo[aws.Volume](arn)
	case service == "ec2" && strings.HasPrefix(resource, "instance/"):
		p.Instance = cloud.LinkTo[aws.Instance](arn)
	case service == "s3":
		p.Bucket = cloud.LinkTo[aws.Bucket](arn)
	case service == "redshift":
		p.RedshiftCluster = cloud.LinkTo[aws.RedshiftCluster](arn)
	}
	s.add(p)
}

// arnService returns the service in an ARN, arnResource what follows the account.
func arnService(ref cloud.Ref) string  { return arnPart(ref, 2) }
func arnResource(ref cloud.Ref) string { return arnPart(ref, 5) }

func arnPart(ref cloud.Ref, n int) string {
	parts := strings.SplitN(string(ref), ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[n]
}

func readRestoreTestingPlan(s *scope, c *backup.Client, in types.RestoreTestingPlanForList) {
	name := awssdk.ToString(in.RestoreTestingPlanName)
	p := &aws.RestoreTestingPlan{Base: s.base(cloud.Ref(orElse(awssdk.ToString(in.RestoreTestingPlanArn), string(s.arn("backup", "restore-testing-plan:"+name)))), name)}
	defer s.add(p)
	p.Schedule = awssdk.ToString(in.ScheduleExpression)
	p.CreatedAt = awssdk.ToTime(in.CreationTime)
	p.LastRunAt = awssdk.ToTime(in.LastExecutionTime)
	gap := list(s, backup.NewListRestoreTestingSelectionsPaginator(c, &backup.ListRestoreTestingSelectionsInput{RestoreTestingPlanName: &name}), func(out *backup.ListRestoreTestingSelectionsOutput) {
		for _, sel := range out.RestoreTestingSelections {
			p.ResourceTypes = append(p.ResourceTypes, awssdk.ToString(sel.ProtectedResourceType))
		}
	})
	s.recordOrigin(p.Kind(), &callInfo{service: "Backup", operation: "ListRestoreTestingSelections"}, "resource_types")
	p.SetGap(gap.AsPartial(), "resource_types")
}
