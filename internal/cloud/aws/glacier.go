package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func glacierKinds() []cloud.Resource {
	return []cloud.Resource{&Vault{}}
}

// Vault is a vault of the S3 Glacier service, which is older than, and apart
// from, the Glacier storage classes of S3. Its contents are always encrypted.
// https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-get.html
type Vault struct {
	cloud.Base

	// CreatedAt is when the vault was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Archives is how many archives the last inventory counted.
	Archives int `json:"archives,omitempty"`
	// SizeBytes is their size in the last inventory.
	SizeBytes int `json:"size_bytes,omitempty"`
	// Policy is the vault access policy; has(resource.policy) is false when there is none.
	Policy *Policy `json:"policy,omitempty"`
	// Lock is the vault lock; unset when there is none.
	Lock *VaultLock `json:"lock,omitempty"`
}

// Kind implements cloud.Resource.
func (*Vault) Kind() cloud.Kind { return "AWS::Glacier::Vault" }

// VaultLock is a policy that nobody can take back once it is locked.
// https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock.html
type VaultLock struct {
	cloud.Object
	// State is InProgress (can still be aborted) or Locked.
	State string `json:"state"`
	// Policy is what the lock enforces.
	Policy *Policy `json:"policy,omitempty"`
	// CreatedAt is when locking began.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ExpiresAt is when a lock in progress lapses; unset once locked.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}
