package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func secretsmanagerMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_secretsmanager_secret", "name", "", secret),
		code.Joins("aws_secretsmanager_secret_policy", "secret_arn", func(f *code.Form, s *aws.Secret) { f.Set(&s.Policy, "policy") }),
		code.Joins("aws_secretsmanager_secret_rotation", "secret_id", rotation),
		code.Alias("aws_secretsmanager_secret_version", "secret_id"),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret
func secret(f *code.Form, s *aws.Secret) {
	f.Set(&s.Description, "description")
	f.Set(&s.KMSKey, "kms_key_id")
	f.Set(&s.Policy, "policy")
	f.Default(&s.OwningService, &s.DeletionAt, &s.Replica)
	f.Default(&s.RotationEnabled, &s.RotationFunction, &s.RotationDays, &s.RotationSchedule)
	if !f.First("rotation_lambda_arn", "rotation_rules").IsAbsent() {
		rotation(f, s)
	}
	code.Each(f, &s.Replicas, "replica", func(f *code.Form, r *aws.SecretReplica) {
		f.Set(&r.InRegion, "region")
		f.Set(&r.KMSKey, "kms_key_id")
	})
}

// rotation also reads what older code writes inside of the secret. Without a
// function it is the service that owns the secret which rotates it.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_rotation
func rotation(f *code.Form, s *aws.Secret) {
	f.Is(&s.RotationEnabled, true)
	f.Set(&s.RotationFunction, "rotation_lambda_arn")
	f.Set(&s.RotationDays, "rotation_rules.automatically_after_days")
	f.Set(&s.RotationSchedule, "rotation_rules.schedule_expression")
}
