package terraform

import (
	"slices"

	"merlon.dev/internal/source/code"
)

// Mappings say how the resource types of Terraform's AWS provider become part
// of the model, one file per service. What a type leaves out has the default
// that the provider's documentation names: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
func Mappings() []code.Mapping {
	return slices.Concat(
		ec2NetworkMappings(),
		elbMappings(),
		route53Mappings(),
		backupMappings(),
		dynamodbMappings(),
		efsMappings(),
		elasticacheMappings(),
		opensearchMappings(),
		rdsMappings(),
		redshiftMappings(),
		s3Mappings(),
		accessanalyzerMappings(),
		acmMappings(),
		glacierMappings(),
		iamMappings(),
		kmsMappings(),
		organizationsMappings(),
		secretsmanagerMappings(),
		snsMappings(),
		sqsMappings(),
		ssmMappings(),
		ssoMappings(),
		ec2ComputeMappings(),
		autoscalingMappings(),
		lambdaMappings(),
		ecsMappings(),
		eksMappings(),
		ecrMappings(),
		codebuildMappings(),
	)
}
