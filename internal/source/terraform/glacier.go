package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func glacierMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_glacier_vault", "name", "arn:{partition}:glacier:{region}:{account}:vaults/{name}", vault),
		code.Joins("aws_glacier_vault_lock", "vault_name", vaultLock),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/glacier_vault
func vault(f *code.Form, v *aws.Vault) {
	f.Set(&v.Policy, "access_policy")
	f.Default(&v.Lock)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/glacier_vault_lock
func vaultLock(f *code.Form, v *aws.Vault) {
	code.Make(f, &v.Lock, f.Get(""), func(f *code.Form, l *aws.VaultLock) {
		f.Put(&l.State, f.Get("complete_lock").Choose("Locked", "InProgress"))
		f.Set(&l.Policy, "policy")
	})
}
