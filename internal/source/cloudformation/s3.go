package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func s3Mappings() []code.Mapping {
	return []code.Mapping{
		code.Joins("AWS::S3::BucketPolicy", "Bucket", func(f *code.Form, b *aws.Bucket) { f.Set(&b.Policy, "PolicyDocument") }),
	}
}
