package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func iamKinds() []cloud.Resource {
	return []cloud.Resource{&User{}, &Group{}, &Role{}, &InstanceProfile{}, &ManagedPolicy{}, &ServerCertificate{}, &SAMLProvider{}, &OIDCProvider{}, &VirtualMFADevice{}}
}

// RootUser is the sign-in that owns the account. No identity policy limits it.
// Its facts come from the account summary, the list of virtual MFA devices and
// the credential report; a fact that all of them lack is a gap.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
type RootUser struct {
	cloud.Object
	// PasswordEnabled is whether the root user can sign in with a password. It
	// is false only where the organization removed the root credentials of a
	// member account.
	PasswordEnabled bool `json:"password_enabled"`
	// MFAEnabled is whether sign-in asks for a second factor.
	MFAEnabled bool `json:"mfa_enabled"`
	// VirtualMFA is whether one of the second factors is an authenticator app.
	VirtualMFA bool `json:"virtual_mfa,omitempty"`
	// AccessKeys is whether the root user owns an access key, active or not.
	AccessKeys bool `json:"access_keys"`
	// SigningCertificates is whether the root user owns an X.509 signing
	// certificate.
	SigningCertificates bool `json:"signing_certificates,omitempty"`
	// LastUsed is when the password or an access key was last used; zero when
	// AWS has no record of a use.
	LastUsed time.Time `json:"last_used,omitzero"`
	// PasswordLastUsed is when somebody last signed in with the password.
	PasswordLastUsed time.Time `json:"password_last_used,omitzero"`
	// PasswordLastChanged is when the password was last set.
	PasswordLastChanged time.Time `json:"password_last_changed,omitzero"`
}

// PasswordPolicy is what the account asks of the passwords of its IAM users.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html
type PasswordPolicy struct {
	cloud.Object
	// MinimumLength in characters. AWS asks for 6 when the policy does not say.
	MinimumLength int `json:"minimum_length"`
	// RequireLowercase, RequireUppercase, RequireNumbers and RequireSymbols say
	// which classes of characters a password must have.
	RequireLowercase bool `json:"require_lowercase"`
	RequireUppercase bool `json:"require_uppercase"`
	RequireNumbers   bool `json:"require_numbers"`
	RequireSymbols   bool `json:"require_symbols"`
	// MaxAgeDays is the age at which a password expires; 0 when it never does.
	MaxAgeDays int `json:"max_age_days"`
	// ReusePrevention is how many previous passwords are refused; 0 for none.
	ReusePrevention int `json:"reuse_prevention"`
	// HardExpiry is whether only an administrator can replace an expired password.
	HardExpiry bool `json:"hard_expiry,omitempty"`
	// UsersMayChange is whether users may change their own password.
	UsersMayChange bool `json:"users_may_change,omitempty"`
}

// User is an IAM user.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UserDetail.html
type User struct {
	cloud.Base

	// UserID is the unique id behind the name, such as AIDA...
	UserID string `json:"user_id,omitempty"`
	// Path is / unless users are sorted into folders.
	Path string `json:"path,omitempty"`
	// CreatedAt is when the user was made.
	CreatedAt time.Time `json:"created_at,omitzero"`

	// Groups the user is a member of; their policies apply to the user.
	Groups []cloud.Link[Group] `json:"groups,omitempty"`
	// InlinePolicies are embedded in the user.
	InlinePolicies []*InlinePolicy `json:"inline_policies,omitempty"`
	// AttachedPolicies are the managed policies attached to the user itself.
	AttachedPolicies []cloud.Link[ManagedPolicy] `json:"attached_policies,omitempty"`
	// PermissionsBoundary limits what the policies can give; unset for none.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
	PermissionsBoundary cloud.Link[ManagedPolicy] `json:"permissions_boundary,omitzero"`

	// PasswordEnabled is whether the user has a console password.
	PasswordEnabled bool `json:"password_enabled"`
	// PasswordLastUsed is when the user last signed in to the console; zero when
	// AWS has no record of it.
	PasswordLastUsed time.Time `json:"password_last_used,omitzero"`
	// PasswordLastChanged is when the password was last set; zero without one.
	PasswordLastChanged time.Time `json:"password_last_changed,omitzero"`
	// PasswordResetRequired is whether the next sign-in must set a new password.
	PasswordResetRequired bool `json:"password_reset_required,omitempty"`

	// MFAActive is whether the user has a second factor of any type.
	MFAActive bool `json:"mfa_active"`
	// MFADevices are the user's second factors.
	MFADevices []*MFADevice `json:"mfa_devices,omitempty"`
	// AccessKeys are the user's access keys, two at most.
	AccessKeys []*AccessKey `json:"access_keys,omitempty"`
	// SigningCertificates are the user's X.509 certificates, two at most.
	SigningCertificates []*SigningCertificate `json:"signing_certificates,omitempty"`
}

// Kind implements cloud.Resource.
func (*User) Kind() cloud.Kind { return "AWS::IAM::User" }

// InlinePolicy is a policy that lives inside one user, group or role.
type InlinePolicy struct {
	cloud.Object
	// Name of the policy, unique within its owner.
	Name string `json:"name"`
	// Document is what the policy says.
	Document *Policy `json:"document,omitempty"`
}

// MFADevice is one second factor of a user.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
type MFADevice struct {
	cloud.Object
	// Serial is the device's serial number; for all but hardware TOTP tokens it
	// is an ARN.
	Serial string `json:"serial"`
	// Type is virtual (an authenticator app), fido (a security key or passkey),
	// hardware (a TOTP token) or sms.
	Type string `json:"type"`
	// EnabledAt is when the device was put to use.
	EnabledAt time.Time `json:"enabled_at,omitzero"`
}

// AccessKey is a long-lived credential for the API.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyMetadata.html
type AccessKey struct {
	cloud.Object
	// ID is the public half of the key, such as AKIA...
	ID string `json:"id,omitempty"`
	// Active is whether the key works.
	Active bool `json:"active"`
	// CreatedAt is when the key was made. A key is rotated by a new one.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// LastUsed is when the key last signed a call; zero when AWS has no record
	// of a use.
	LastUsed time.Time `json:"last_used,omitzero"`
	// LastUsedRegion and LastUsedService are where that call went.
	LastUsedRegion  string `json:"last_used_region,omitempty"`
	LastUsedService string `json:"last_used_service,omitempty"`
}

// SigningCertificate is an X.509 certificate that signs SOAP calls.
type SigningCertificate struct {
	cloud.Object
	// Active is whether the certificate is accepted.
	Active bool `json:"active"`
	// CreatedAt is when it was uploaded or last rotated.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// Group is a set of IAM users that share policies.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GroupDetail.html
type Group struct {
	cloud.Base

	// GroupID is the unique id behind the name, such as AGPA...
	GroupID string `json:"group_id,omitempty"`
	// Path is / unless groups are sorted into folders.
	Path string `json:"path,omitempty"`
	// CreatedAt is when the group was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// InlinePolicies are embedded in the group.
	InlinePolicies []*InlinePolicy `json:"inline_policies,omitempty"`
	// AttachedPolicies are the managed policies attached to the group.
	AttachedPolicies []cloud.Link[ManagedPolicy] `json:"attached_policies,omitempty"`

	// Users are the members.
	Users []cloud.Link[User] `json:"-" cel:"users" backlink:"groups" within:"account"`
}

// Kind implements cloud.Resource.
func (*Group) Kind() cloud.Kind { return "AWS::IAM::Group" }

// Role is an IAM role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html
type Role struct {
	cloud.Base

	// RoleID is the unique id behind the name, such as AROA...
	RoleID string `json:"role_id,omitempty"`
	// Path is / unless roles are sorted into folders.
	Path string `json:"path,omitempty"`
	// Description is free text.
	Description string `json:"description,omitempty"`
	// CreatedAt is when the role was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// MaxSessionSeconds is the longest session anybody may ask for; 3600 unless
	// it was raised.
	MaxSessionSeconds int `json:"max_session_seconds,omitempty"`
	// TrustPolicy says who may assume the role.
	TrustPolicy *Policy `json:"trust_policy,omitempty"`
	// InlinePolicies are embedded in the role.
	InlinePolicies []*InlinePolicy `json:"inline_policies,omitempty"`
	// AttachedPolicies are the managed policies attached to the role.
	AttachedPolicies []cloud.Link[ManagedPolicy] `json:"attached_policies,omitempty"`
	// PermissionsBoundary limits what the policies can give; unset for none.
	PermissionsBoundary cloud.Link[ManagedPolicy] `json:"permissions_boundary,omitzero"`
	// LastUsed is when the role was last used, within the 400 days AWS looks
	// back; zero when it was not.
	LastUsed time.Time `json:"last_used,omitzero"`
	// LastUsedRegion is where that was.
	LastUsedRegion string `json:"last_used_region,omitempty"`
	// ServiceLinked is whether an AWS service owns the role: its trust and its
	// policies are AWS's own and cannot be edited.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
	ServiceLinked bool `json:"service_linked,omitempty"`
	// Reserved is whether AWS manages the role from elsewhere: roles below
	// /aws-reserved/ follow an Identity Center permission set.
	Reserved bool `json:"reserved,omitempty"`

	// InstanceProfiles hand the role to EC2 instances.
	InstanceProfiles []cloud.Link[InstanceProfile] `json:"-" cel:"instance_profiles" backlink:"role" within:"account"`
}

// Kind implements cloud.Resource.
func (*Role) Kind() cloud.Kind { return "AWS::IAM::Role" }

// InstanceProfile hands a role to EC2 instances.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_InstanceProfile.html
type InstanceProfile struct {
	cloud.Base

	// InstanceProfileID is the unique id behind the name, such as AIPA...
	InstanceProfileID string `json:"instance_profile_id,omitempty"`
	// Path is / unless profiles are sorted into folders.
	Path string `json:"path,omitempty"`
	// CreatedAt is when the profile was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Role is what instances with this profile may use; unset for none.
	Role cloud.Link[Role] `json:"role,omitzero"`
}

// Kind implements cloud.Resource.
func (*InstanceProfile) Kind() cloud.Kind { return "AWS::IAM::InstanceProfile" }

// ManagedPolicy is a policy that can be attached to many. Of AWS's own only
// those are in the model that somebody uses, attached or as a boundary.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html
type ManagedPolicy struct {
	cloud.Base

	// PolicyID is the unique id behind the name, such as ANPA...
	PolicyID string `json:"policy_id,omitempty"`
	// Path is / unless policies are sorted into folders.
	Path string `json:"path,omitempty"`
	// Description is free text.
	Description string `json:"description,omitempty"`
	// AWSManaged is whether AWS wrote the policy and keeps it.
	AWSManaged bool `json:"aws_managed,omitempty"`
	// CreatedAt is when the policy was made, UpdatedAt when its default version
	// last changed.
	CreatedAt time.Time `json:"created_at,omitzero"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	// AttachmentCount is how many users, groups and roles of the account the
	// policy is attached to.
	AttachmentCount int `json:"attachment_count"`
	// BoundaryCount is how many users and roles have it as permissions boundary.
	BoundaryCount int `json:"boundary_count,omitempty"`
	// DefaultVersion is the id of the version in force, such as v1.
	DefaultVersion string `json:"default_version,omitempty"`
	// Document is what the version in force says.
	Document *Policy `json:"document,omitempty"`
	// OtherVersions are kept beside the one in force: whoever may set the
	// default version can bring them back.
	OtherVersions []*PolicyVersion `json:"other_versions,omitempty"`

	// Users, groups and roles the policy is attached to.

	Users  []cloud.Link[User]  `json:"-" cel:"users" backlink:"attached_policies" within:"account"`
	Groups []cloud.Link[Group] `json:"-" cel:"groups" backlink:"attached_policies" within:"account"`
	Roles  []cloud.Link[Role]  `json:"-" cel:"roles" backlink:"attached_policies" within:"account"`
	// BoundaryOfUsers and BoundaryOfRoles are limited by the policy.
	BoundaryOfUsers []cloud.Link[User] `json:"-" cel:"boundary_of_users" backlink:"permissions_boundary" within:"account"`
	BoundaryOfRoles []cloud.Link[Role] `json:"-" cel:"boundary_of_roles" backlink:"permissions_boundary" within:"account"`
}

// Kind implements cloud.Resource.
func (*ManagedPolicy) Kind() cloud.Kind { return "AWS::IAM::ManagedPolicy" }

// PolicyVersion is one stored version of a managed policy.
type PolicyVersion struct {
	cloud.Object
	// ID of the version, such as v2.
	ID string `json:"id"`
	// CreatedAt is when the version was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Document is what the version says.
	Document *Policy `json:"document,omitempty"`
}

// ServerCertificate is a TLS certificate kept in IAM.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServerCertificateMetadata.html
type ServerCertificate struct {
	cloud.Base

	// CertificateID is the unique id behind the name, such as ASCA...
	CertificateID string `json:"certificate_id,omitempty"`
	// Path is / or, for CloudFront, below /cloudfront/.
	Path string `json:"path,omitempty"`
	// UploadedAt is when the certificate was stored.
	UploadedAt time.Time `json:"uploaded_at,omitzero"`
	// ExpiresAt is the end of its validity.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

// Kind implements cloud.Resource.
func (*ServerCertificate) Kind() cloud.Kind { return "AWS::IAM::ServerCertificate" }

// SAMLProvider is an identity provider that users sign in through with SAML.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SAMLProviderListEntry.html
type SAMLProvider struct {
	cloud.Base

	// CreatedAt is when the provider was set up.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ValidUntil is the end of the provider's metadata; no sign-in after it.
	ValidUntil time.Time `json:"valid_until,omitzero"`
	// Reserved is whether Identity Center set the provider up for itself.
	Reserved bool `json:"reserved,omitempty"`
}

// Kind implements cloud.Resource.
func (*SAMLProvider) Kind() cloud.Kind { return "AWS::IAM::SAMLProvider" }

// OIDCProvider is an identity provider whose tokens can be traded for a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
type OIDCProvider struct {
	cloud.Base

	// URL of the issuer without its scheme, such as
	// token.actions.githubusercontent.com.
	URL string `json:"url,omitempty"`
	// ClientIDs are the audiences that are accepted.
	ClientIDs []string `json:"client_ids,omitempty"`
	// Thumbprints are the hashes of the issuer's accepted certificates.
	Thumbprints []string `json:"thumbprints,omitempty"`
	// CreatedAt is when the provider was set up.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// Kind implements cloud.Resource.
func (*OIDCProvider) Kind() cloud.Kind { return "AWS::IAM::OIDCProvider" }

// VirtualMFADevice is an authenticator app registered in the account.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html
type VirtualMFADevice struct {
	cloud.Base

	// User is whose second factor it is; unset when it is nobody's, or root's.
	User cloud.Link[User] `json:"user,omitzero"`
	// Root is whether it is the root user's second factor.
	Root bool `json:"root,omitempty"`
	// EnabledAt is when it was put to use; zero when it never was.
	EnabledAt time.Time `json:"enabled_at,omitzero"`
}

// Kind implements cloud.Resource.
func (*VirtualMFADevice) Kind() cloud.Kind { return "AWS::IAM::VirtualMFADevice" }
