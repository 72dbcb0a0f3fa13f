package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ecrMappings() []code.Mapping {
	return append(code.Ignores("AWS::ECR::ReplicationConfiguration", "AWS::ECR::PullThroughCacheRule"),
		code.Settles(code.Makes("AWS::ECR::Repository", "RepositoryName", "arn:{partition}:ecr:{region}:{account}:repository/{name}", repository), code.SettleRepository),
		code.Makes("AWS::ECR::RegistryPolicy", "", "", func(f *code.Form, r *aws.Registry) { f.Set(&r.Policy, "PolicyText") }),
		code.Makes("AWS::ECR::RegistryScanningConfiguration", "", "", func(f *code.Form, r *aws.Registry) {
			f.Set(&r.ScanType, "ScanType")
			code.Each(f, &r.ScanRules, "Rules", func(f *code.Form, s *aws.ScanRule) {
				f.Set(&s.Frequency, "ScanFrequency")
				f.Put(&s.Filters, f.Get("RepositoryFilters").Every("Filter"))
			})
		}),
	)
}

// repository reads a repository. Its tags can be moved and its images are
// neither scanned nor encrypted with KMS unless the template says so.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
func repository(f *code.Form, r *aws.Repository) {
	f.Set(&r.Policy, "RepositoryPolicyText")
	f.Put(&r.HasLifecyclePolicy, f.Get("LifecyclePolicy.LifecyclePolicyText").Present())
	f.Set(&r.ScanOnPush, "ImageScanningConfiguration.ScanOnPush")
	f.Set(&r.TagMutability, "ImageTagMutability", "MUTABLE")
	f.Set(&r.Encryption, "EncryptionConfiguration.EncryptionType", "AES256")
	f.Set(&r.KMSKey, "EncryptionConfiguration.KmsKey")
}
