package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func kmsMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_kms_key", "", "", kmsKey),
		code.Makes("aws_kms_external_key", "", "", externalKey),
		code.Settles(code.Makes("aws_kms_replica_key", "", "", replicaKey), code.LikePrimary),
		code.Settles(code.Makes("aws_kms_replica_external_key", "", "", func(f *code.Form, k *aws.Key) {
			externalKey(f, k)
			replicaKey(f, k)
		}), code.LikePrimary),
		code.Joins("aws_kms_alias", "target_key_id", func(f *code.Form, k *aws.Key) { f.Set(&k.Aliases, "name") }).Named("name"),
		code.Joins("aws_kms_key_policy", "key_id", func(f *code.Form, k *aws.Key) { f.Set(&k.Policy, "policy") }),
		code.Joins("aws_kms_grant", "key_id", func(f *code.Form, k *aws.Key) { code.Add(f, &k.Grants, keyGrant) }),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
func kmsKey(f *code.Form, k *aws.Key) {
	keyOfCustomer(f, k)
	f.Put(&k.State, enabledState(f.Get("is_enabled")))
	f.Set(&k.Usage, "key_usage", "ENCRYPT_DECRYPT")
	f.Put(&k.Spec, f.First("customer_master_key_spec", "key_spec"), "SYMMETRIC_DEFAULT")
	f.Set(&k.CustomKeyStore, "custom_key_store_id")
	f.Put(&k.MaterialOrigin, f.Get("xks_key_id").Present().Choose("EXTERNAL_KEY_STORE", "AWS_KMS"))
	if k.MaterialOrigin == "AWS_KMS" {
		f.Put(&k.MaterialOrigin, f.Get("custom_key_store_id").Present().Choose("AWS_CLOUDHSM", "AWS_KMS"))
	}
	f.Set(&k.MultiRegion, "multi_region")
	f.Set(&k.RotationEnabled, "enable_key_rotation")
	f.Default(&k.RotationDays)
	if k.RotationEnabled {
		f.Set(&k.RotationDays, "rotation_period_in_days", 365)
	}
}

// keyOfCustomer reads what every kind of key has.
func keyOfCustomer(f *code.Form, k *aws.Key) {
	f.Is(&k.Manager, "CUSTOMER")
	f.Set(&k.Description, "description")
	if f.Get("policy").IsAbsent() {
		f.Is(&k.Policy, code.KeyPolicy(f.Resource()))
	} else {
		f.Set(&k.Policy, "policy")
	}
	f.Default(&k.Aliases, &k.Grants, &k.DeletionAt, &k.MaterialExpiresAt)
}

func enabledState(enabled code.Value) code.Value {
	return enabled.Or(code.Flag(true, nil)).Choose("Enabled", "Disabled")
}

// externalKey reads a key whose material somebody brings: KMS never rotates it.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_external_key
func externalKey(f *code.Form, k *aws.Key) {
	keyOfCustomer(f, k)
	f.Is(&k.MaterialOrigin, "EXTERNAL")
	f.Set(&k.Usage, "key_usage", "ENCRYPT_DECRYPT")
	f.Set(&k.Spec, "key_spec", "SYMMETRIC_DEFAULT")
	f.Put(&k.State, enabledState(f.Get("enabled")))
	if f.Get("key_material_base64").IsAbsent() {
		f.Is(&k.State, "PendingImport")
	}
	f.Set(&k.MaterialExpiresAt, "valid_to")
	f.Set(&k.MultiRegion, "multi_region")
	f.Default(&k.RotationEnabled, &k.RotationDays, &k.CustomKeyStore)
}

// replicaKey reads the copy of a key in another region.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_replica_key
func replicaKey(f *code.Form, k *aws.Key) {
	if k.MaterialOrigin == "" {
		keyOfCustomer(f, k)
		f.Put(&k.State, enabledState(f.Get("enabled")))
	}
	f.Is(&k.MultiRegion, true)
	f.Set(&k.Primary, "primary_key_arn")
	f.Default(&k.CustomKeyStore)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_grant
func keyGrant(f *code.Form, g *aws.KeyGrant) {
	f.Set(&g.Name, "name")
	f.Set(&g.Grantee, "grantee_principal")
	f.Set(&g.RetiringPrincipal, "retiring_principal")
	f.Set(&g.Operations, "operations")
	f.Set(&g.ContextEquals, "constraints.encryption_context_equals")
	f.Set(&g.ContextSubset, "constraints.encryption_context_subset")
}
