package aws

import (
	"strings"
	"time"

	"merlon.dev/internal/cloud"
)

func kmsKinds() []cloud.Resource {
	return []cloud.Resource{&Key{}}
}

// Key is a KMS key: a customer's own, or one that AWS made in the account for
// one of its services (alias/aws/...). Of the latter only what its alias and
// KMS's documentation say is read, as nobody but AWS can change it.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
type Key struct {
	cloud.Base

	// Aliases are the key's other names, such as alias/orders. Sorted.
	Aliases []string `json:"aliases,omitempty"`
	// Description is the free text its owner gave it.
	Description string `json:"description,omitempty"`
	// Manager is CUSTOMER or AWS.
	Manager string `json:"manager"`
	// State is Enabled, Disabled, PendingDeletion, PendingImport,
	// PendingReplicaDeletion, Creating, Updating or Unavailable.
	// https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
	State string `json:"state"`
	// Usage is ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or KEY_AGREEMENT.
	Usage string `json:"usage"`
	// Spec is SYMMETRIC_DEFAULT for symmetric encryption keys, otherwise the
	// type and size, such as RSA_2048, ECC_NIST_P256 or HMAC_256.
	Spec string `json:"spec"`
	// MaterialOrigin is where the key material comes from: AWS_KMS, EXTERNAL
	// (imported), AWS_CLOUDHSM or EXTERNAL_KEY_STORE.
	MaterialOrigin string `json:"material_origin"`
	// CustomKeyStore is the id of the key store outside KMS that holds the
	// material; empty for none.
	CustomKeyStore string `json:"custom_key_store,omitempty"`
	// CreatedAt is when the key was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// DeletionAt is when the key will be destroyed, for a key whose deletion is scheduled.
	DeletionAt time.Time `json:"deletion_at,omitzero"`
	// MaterialExpiresAt is when imported material is removed; unset when it stays.
	MaterialExpiresAt time.Time `json:"material_expires_at,omitzero"`
	// MultiRegion is whether the key shares its material with keys in other regions.
	// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
	MultiRegion bool `json:"multi_region,omitempty"`
	// Primary is the key this one replicates; on a primary it is the key itself.
	Primary cloud.Link[Key] `json:"primary,omitzero"`
	// Replicas are the copies of a primary in other regions.
	Replicas []cloud.Link[Key] `json:"replicas,omitempty"`
	// RotationEnabled is whether KMS renews the material by itself. Always
	// true for keys of AWS, and always false for keys KMS cannot rotate:
	// asymmetric, HMAC, imported, in a custom key store, pending deletion.
	// https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
	RotationEnabled bool `json:"rotation_enabled,omitempty"`
	// RotationDays is the rotation period in days, 90 to 2560; 0 without rotation.
	RotationDays int `json:"rotation_days,omitempty"`
	// NextRotationAt is when the material is renewed next.
	NextRotationAt time.Time `json:"next_rotation_at,omitzero"`
	// Policy is the key policy. Every key has exactly one; without it not even
	// root has access.
	// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
	Policy *Policy `json:"policy,omitempty"`
	// Grants are permissions given to single principals besides the policy.
	Grants []*KeyGrant `json:"grants,omitempty"`
}

// Kind implements cloud.Resource.
func (*Key) Kind() cloud.Kind { return "AWS::KMS::Key" }

// AlsoKnown returns the ARNs of the key's aliases.
func (k *Key) AlsoKnown() []cloud.Ref {
	owner, _, isARN := strings.Cut(string(k.Ref), ":key/")
	if !isARN {
		return nil
	}
	refs := make([]cloud.Ref, 0, len(k.Aliases))
	for _, a := range k.Aliases {
		refs = append(refs, cloud.Ref(owner+":"+a))
	}
	return refs
}

// KeyGrant is one grant on a key. Grants only allow.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html
type KeyGrant struct {
	cloud.Object
	// ID of the grant.
	ID string `json:"id"`
	// Name the grant was given, if any.
	Name string `json:"name,omitempty"`
	// Grantee is who may use the key: the ARN of a principal, or a service.
	Grantee string `json:"grantee"`
	// RetiringPrincipal may end the grant.
	RetiringPrincipal string `json:"retiring_principal,omitempty"`
	// IssuingAccount is the ARN of the account the grant was made under.
	IssuingAccount string `json:"issuing_account,omitempty"`
	// Operations that are allowed, such as Decrypt or CreateGrant.
	Operations []string `json:"operations,omitempty"`
	// ContextEquals and ContextSubset narrow the grant to requests whose
	// encryption context is, or contains, these pairs.
	ContextEquals map[string]string `json:"context_equals,omitempty"`
	ContextSubset map[string]string `json:"context_subset,omitempty"`
	// CreatedAt is when the grant was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
}
