package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func secretsmanagerMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::SecretsManager::Secret", "Name", "", secret),
		code.Joins("AWS::SecretsManager::ResourcePolicy", "SecretId", func(f *code.Form, s *aws.Secret) { f.Set(&s.Policy, "ResourcePolicy") }),
		code.Joins("AWS::SecretsManager::RotationSchedule", "SecretId", rotation),
		code.Alias("AWS::SecretsManager::SecretTargetAttachment", "SecretId"),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
func secret(f *code.Form, s *aws.Secret) {
	f.Set(&s.Description, "Description")
	f.Set(&s.KMSKey, "KmsKeyId")
	f.Default(&s.Policy, &s.OwningService, &s.DeletionAt, &s.Replica)
	f.Default(&s.RotationEnabled, &s.RotationFunction, &s.RotationDays, &s.RotationSchedule)
	code.Each(f, &s.Replicas, "ReplicaRegions", func(f *code.Form, r *aws.SecretReplica) {
		f.Set(&r.InRegion, "Region")
		f.Set(&r.KMSKey, "KmsKeyId")
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-rotationschedule.html
func rotation(f *code.Form, s *aws.Secret) {
	f.Is(&s.RotationEnabled, true)
	f.Set(&s.RotationFunction, "RotationLambdaARN")
	f.Set(&s.RotationDays, "RotationRules.AutomaticallyAfterDays")
	f.Set(&s.RotationSchedule, "RotationRules.ScheduleExpression")
}
