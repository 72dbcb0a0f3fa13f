package aws

import (
	"strings"
	"time"

	"merlon.dev/internal/cloud"
)

func ssoKinds() []cloud.Resource {
	return []cloud.Resource{&SSOInstance{}, &PermissionSet{}, &IdentityUser{}, &IdentityGroup{}}
}

// SSOInstance is an instance of IAM Identity Center. It lives in one region; an
// organization has one, and a single account may have one of its own.
// https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_InstanceMetadata.html
type SSOInstance struct {
	cloud.Base

	// IdentityStoreID is where its users and groups are, such as d-1234567890.
	IdentityStoreID string `json:"identity_store_id,omitempty"`
	// OwnerAccount is the id of the account that owns it.
	OwnerAccount string `json:"owner_account,omitempty"`
	// Status is ACTIVE, CREATE_IN_PROGRESS, CREATE_FAILED or DELETE_IN_PROGRESS.
	Status string `json:"status,omitempty"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`

	// PermissionSets are what it can give to people.
	PermissionSets []cloud.Link[PermissionSet] `json:"-" cel:"permission_sets" backlink:"instance" within:"account"`
	// Users and groups of its identity store.
	Users  []cloud.Link[IdentityUser]  `json:"-" cel:"users" backlink:"instance" within:"account"`
	Groups []cloud.Link[IdentityGroup] `json:"-" cel:"groups" backlink:"instance" within:"account"`
}

// Kind implements cloud.Resource.
func (*SSOInstance) Kind() cloud.Kind { return "AWS::SSO::Instance" }

// PermissionSet is a template for roles that Identity Center keeps in the
// accounts it is assigned in.
// https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSet.html
type PermissionSet struct {
	cloud.Base

	// Instance it belongs to.
	Instance cloud.Link[SSOInstance] `json:"instance,omitzero"`
	// Description is free text.
	Description string `json:"description,omitempty"`
	// SessionSeconds is how long a sign-in lasts; 3600 unless it was raised.
	SessionSeconds int `json:"session_seconds,omitempty"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// InlinePolicy is its own policy; unset for none.
	InlinePolicy *Policy `json:"inline_policy,omitempty"`
	// AWSManagedPolicies are the ARNs of the AWS managed policies it attaches.
	AWSManagedPolicies []string `json:"aws_managed_policies,omitempty"`
	// CustomerManagedPolicies are the names, with their paths, of the policies
	// it attaches in each account; each account has its own under that name.
	CustomerManagedPolicies []string `json:"customer_managed_policies,omitempty"`
	// PermissionsBoundary is the ARN of the AWS managed policy, or the path and
	// name of the customer's, that limits it; empty for none.
	PermissionsBoundary string `json:"permissions_boundary,omitempty"`
	// Assignments say who gets the permission set in which account.
	Assignments []*AccountAssignment `json:"assignments,omitempty"`
}

// Kind implements cloud.Resource.
func (*PermissionSet) Kind() cloud.Kind { return "AWS::SSO::PermissionSet" }

// AccountAssignment gives a permission set in one account to a user or group.
// https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AccountAssignment.html
type AccountAssignment struct {
	cloud.Object
	// AccountID is the account in which.
	AccountID string `json:"account_id"`
	// PrincipalType is USER or GROUP.
	PrincipalType string `json:"principal_type"`
	// PrincipalID is the id in the identity store.
	PrincipalID string `json:"principal_id"`
	// User or Group is who, whichever PrincipalType says.
	User  cloud.Link[IdentityUser]  `json:"user,omitzero"`
	Group cloud.Link[IdentityGroup] `json:"group,omitzero"`
}

// IdentityUser is a person in the identity store of Identity Center.
// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html
type IdentityUser struct {
	cloud.Base

	// Instance whose identity store the user is in.
	Instance cloud.Link[SSOInstance] `json:"instance,omitzero"`
	// ID in the identity store.
	ID string `json:"id"`
	// External is whether the user is kept by another identity provider.
	External bool `json:"external,omitempty"`
	// Disabled is whether the user cannot sign in.
	Disabled bool `json:"disabled,omitempty"`

	// Groups the user is a member of.
	Groups []cloud.Link[IdentityGroup] `json:"-" cel:"groups" backlink:"members" within:"account"`
	// PermissionSets are assigned to the user directly.
	PermissionSets []cloud.Link[PermissionSet] `json:"-" cel:"permission_sets" backlink:"assignments" within:"account"`
}

// Kind implements cloud.Resource.
func (*IdentityUser) Kind() cloud.Kind { return "AWS::IdentityStore::User" }

// IdentityGroup is a group in the identity store of Identity Center.
// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Group.html
type IdentityGroup struct {
	cloud.Base

	// Instance whose identity store the group is in.
	Instance cloud.Link[SSOInstance] `json:"instance,omitzero"`
	// ID in the identity store.
	ID string `json:"id"`
	// External is whether the group is kept by another identity provider.
	External bool `json:"external,omitempty"`
	// Members of the group.
	Members []cloud.Link[IdentityUser] `json:"members,omitempty"`

	// PermissionSets are assigned to the group.
	PermissionSets []cloud.Link[PermissionSet] `json:"-" cel:"permission_sets" backlink:"assignments" within:"account"`
}

// Kind implements cloud.Resource.
func (*IdentityGroup) Kind() cloud.Kind { return "AWS::IdentityStore::Group" }

// ISOSeconds reads an ISO 8601 duration of hours, minutes and seconds, such as
// PT4H30M; nil when it is none.
func ISOSeconds(v string) *int {
	rest, ok := strings.CutPrefix(v, "PT")
	if !ok {
		return nil
	}
	d, err := time.ParseDuration(strings.ToLower(rest))
	if err != nil {
		return nil
	}
	seconds := int(d.Seconds())
	return &seconds
}
