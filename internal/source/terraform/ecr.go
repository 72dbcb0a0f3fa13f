package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ecrMappings() []code.Mapping {
	return append(code.Ignores("aws_ecr_replication_configuration", "aws_ecr_pull_through_cache_rule"),
		code.Settles(code.Makes("aws_ecr_repository", "name", "arn:{partition}:ecr:{region}:{account}:repository/{name}", repository), code.SettleRepository),
		code.Joins("aws_ecr_repository_policy", "repository", func(f *code.Form, r *aws.Repository) { f.Set(&r.Policy, "policy") }),
		code.Joins("aws_ecr_lifecycle_policy", "repository", func(f *code.Form, r *aws.Repository) { f.Is(&r.HasLifecyclePolicy, true) }),
		code.Makes("aws_ecr_registry_policy", "", "", func(f *code.Form, r *aws.Registry) { f.Set(&r.Policy, "policy") }),
		code.Makes("aws_ecr_registry_scanning_configuration", "", "", func(f *code.Form, r *aws.Registry) {
			f.Set(&r.ScanType, "scan_type")
			code.Each(f, &r.ScanRules, "rule", func(f *code.Form, s *aws.ScanRule) {
				f.Set(&s.Frequency, "scan_frequency")
				f.Put(&s.Filters, f.Get("repository_filter").Every("filter"))
			})
		}),
	)
}

// repository reads a repository. Its tags can be moved and its images are
// neither scanned nor encrypted with KMS unless the code says so.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecr_repository
func repository(f *code.Form, r *aws.Repository) {
	f.Default(&r.Policy, &r.HasLifecyclePolicy)
	f.Set(&r.ScanOnPush, "image_scanning_configuration.scan_on_push")
	f.Set(&r.TagMutability, "image_tag_mutability", "MUTABLE")
	f.Set(&r.Encryption, "encryption_configuration.encryption_type", "AES256")
	f.Set(&r.KMSKey, "encryption_configuration.kms_key")
}
