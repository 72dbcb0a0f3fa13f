package cloudformation

import (
	"slices"

	"merlon.dev/internal/source/code"
)

// Mappings say how CloudFormation's resource types become part of the model,
// one file per service. What a template leaves out has the default that the
// resource's page names: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
func Mappings() []code.Mapping {
	return slices.Concat(
		code.Ignores("AWS::CDK::Metadata", "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"),
		rdsMappings(),
		s3Mappings(),
		accessanalyzerMappings(),
		acmMappings(),
		iamMappings(),
		kmsMappings(),
		organizationsMappings(),
		secretsmanagerMappings(),
		snsMappings(),
		sqsMappings(),
		ssmMappings(),
		ssoMappings(),
		ec2ComputeMappings(),
		ec2NetworkMappings(),
		elbMappings(),
		route53Mappings(),
		autoscalingMappings(),
		lambdaMappings(),
		ecsMappings(),
		eksMappings(),
		ecrMappings(),
		codebuildMappings(),
	)
}
