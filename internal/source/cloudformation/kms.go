package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func kmsMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::KMS::Key", "", "", key),
		code.Settles(code.Makes("AWS::KMS::ReplicaKey", "", "", replicaKey), code.LikePrimary),
		code.Joins("AWS::KMS::Alias", "TargetKeyId", func(f *code.Form, k *aws.Key) { f.Set(&k.Aliases, "AliasName") }).Named("AliasName"),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
func key(f *code.Form, k *aws.Key) {
	keyOfCustomer(f, k)
	f.Set(&k.Usage, "KeyUsage", "ENCRYPT_DECRYPT")
	f.Set(&k.Spec, "KeySpec", "SYMMETRIC_DEFAULT")
	f.Set(&k.MaterialOrigin, "Origin", "AWS_KMS")
	if k.MaterialOrigin == "EXTERNAL" {
		f.Is(&k.State, "PendingImport")
	}
	f.Set(&k.MultiRegion, "MultiRegion")
	f.Set(&k.RotationEnabled, "EnableKeyRotation")
	f.Default(&k.RotationDays)
	if k.RotationEnabled {
		f.Set(&k.RotationDays, "RotationPeriodInDays", 365)
	}
}

// keyOfCustomer reads what both kinds of key have.
func keyOfCustomer(f *code.Form, k *aws.Key) {
	f.Is(&k.Manager, "CUSTOMER")
	f.Put(&k.State, f.Get("Enabled").Or(code.Flag(true, nil)).Choose("Enabled", "Disabled"))
	f.Set(&k.Description, "Description")
	if f.Get("KeyPolicy").IsAbsent() {
		f.Is(&k.Policy, code.KeyPolicy(f.Resource()))
	} else {
		f.Set(&k.Policy, "KeyPolicy")
	}
	f.Default(&k.Aliases, &k.Grants, &k.DeletionAt, &k.MaterialExpiresAt, &k.CustomKeyStore)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html
func replicaKey(f *code.Form, k *aws.Key) {
	keyOfCustomer(f, k)
	f.Is(&k.MultiRegion, true)
	f.Set(&k.Primary, "PrimaryKeyArn")
}
