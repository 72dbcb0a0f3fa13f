package terraform

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func backupMappings() []code.Mapping {
	const arn = "arn:{partition}:backup:{region}:{account}:"
	return slices.Concat([]code.Mapping{
		code.Makes("aws_backup_vault", "name", arn+"backup-vault:{name}", backupVault),
		code.Makes("aws_backup_logically_air_gapped_vault", "name", arn+"backup-vault:{name}", airGappedVault),
		code.Joins("aws_backup_vault_policy", "backup_vault_name", func(f *code.Form, v *aws.BackupVault) { f.Set(&v.Policy, "policy") }),
		code.Joins("aws_backup_vault_lock_configuration", "backup_vault_name", func(f *code.Form, v *aws.BackupVault) {
			f.Is(&v.Locked, true)
			f.Set(&v.MinRetentionDays, "min_retention_days")
			f.Set(&v.MaxRetentionDays, "max_retention_days")
		}).Minor(),
		code.Makes("aws_backup_plan", "name", "", backupPlan),
		code.Joins("aws_backup_selection", "plan_id", func(f *code.Form, p *aws.BackupPlan) { code.Add(f, &p.Selections, backupSelection) }).Minor(),
		code.Makes("aws_backup_restore_testing_plan", "name", arn+"restore-testing-plan:{name}", restoreTestingPlan),
		code.Joins("aws_backup_restore_testing_selection", "restore_testing_plan_name", func(f *code.Form, p *aws.RestoreTestingPlan) {
			f.Set(&p.ResourceTypes, "protected_resource_type")
		}).Minor(),
	}, code.Ignores("aws_backup_framework", "aws_backup_global_settings", "aws_backup_region_settings", "aws_backup_report_plan", "aws_backup_vault_notifications"))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_vault
func backupVault(f *code.Form, v *aws.BackupVault) {
	f.Is(&v.Type, "BACKUP_VAULT")
	f.Set(&v.KMSKey, "kms_key_arn")
	f.Default(&v.Policy, &v.Locked, &v.LockedFrom, &v.MinRetentionDays, &v.MaxRetentionDays)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_logically_air_gapped_vault
func airGappedVault(f *code.Form, v *aws.BackupVault) {
	f.Is(&v.Type, "LOGICALLY_AIR_GAPPED_BACKUP_VAULT")
	f.Is(&v.Locked, true)
	f.Set(&v.MinRetentionDays, "min_retention_days")
	f.Set(&v.MaxRetentionDays, "max_retention_days")
	f.Default(&v.KMSKey, &v.Policy)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_plan
func backupPlan(f *code.Form, p *aws.BackupPlan) {
	code.Each(f, &p.Rules, "rule", func(f *code.Form, r *aws.BackupRule) {
		f.Set(&r.Name, "rule_name")
		f.Set(&r.Schedule, "schedule")
		f.Set(&r.Vault, "target_vault_name")
		f.Set(&r.DeleteAfterDays, "lifecycle.delete_after")
		f.Set(&r.Continuous, "enable_continuous_backup")
		code.Each(f, &r.Copies, "copy_action", func(f *code.Form, c *aws.BackupCopy) {
			f.Set(&c.Vault, "destination_vault_arn")
			f.Set(&c.DeleteAfterDays, "lifecycle.delete_after")
		})
	})
	f.Default(&p.Selections)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_selection
func backupSelection(f *code.Form, s *aws.BackupSelection) {
	f.Set(&s.Name, "name")
	f.Set(&s.Role, "iam_role_arn")
	f.Put(&s.Resources, f.StandEvery(f.Get("resources")))
	f.Put(&s.NotResources, f.StandEvery(f.Get("not_resources")))
	f.Put(&s.Tags, f.Get("selection_tag").Named("key", "value"))
	f.Put(&s.Conditional, f.Get("condition").Present())
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_restore_testing_plan
func restoreTestingPlan(f *code.Form, p *aws.RestoreTestingPlan) {
	f.Set(&p.Schedule, "schedule_expression")
	f.Default(&p.ResourceTypes)
}
