package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func organizationsKinds() []cloud.Resource {
	return []cloud.Resource{&Organization{}, &OrganizationalUnit{}, &OrganizationPolicy{}, &MemberAccount{}}
}

// Organization is a set of accounts under one management account. Only that
// account and delegated administrators may read it; what belongs to it has
// the management account as its account.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
type Organization struct {
	cloud.Base

	// ID of the organization, such as o-exampleorgid.
	ID string `json:"id,omitempty"`
	// ManagementAccount is the id of the account that owns the organization.
	ManagementAccount string `json:"management_account,omitempty"`
	// FeatureSet is ALL, or CONSOLIDATED_BILLING when accounts share the bill
	// and nothing else.
	FeatureSet string `json:"feature_set,omitempty"`
	// EnabledPolicyTypes are the types of policies that can take effect, such as
	// SERVICE_CONTROL_POLICY. Policies of other types do nothing, attached or not.
	// https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicyTypeSummary.html
	EnabledPolicyTypes []string `json:"enabled_policy_types,omitempty"`
	// TrustedServices are the AWS services that may act in all accounts, as
	// service principals such as config.amazonaws.com.
	TrustedServices []string `json:"trusted_services,omitempty"`
	// DelegatedAdministrators are the member accounts that administer a service
	// for the whole organization.
	DelegatedAdministrators []*DelegatedAdministrator `json:"delegated_administrators,omitempty"`

	// Units are the root and all organizational units.
	Units []cloud.Link[OrganizationalUnit] `json:"-" cel:"units" backlink:"organization" within:"estate"`
	// Accounts are all accounts, the management account among them.
	Accounts []cloud.Link[MemberAccount] `json:"-" cel:"accounts" backlink:"organization" within:"estate"`
	// Policies are all policies of the organization, in effect or not.
	Policies []cloud.Link[OrganizationPolicy] `json:"-" cel:"policies" backlink:"organization" within:"estate"`
}

// Kind implements cloud.Resource.
func (*Organization) Kind() cloud.Kind { return "AWS::Organizations::Organization" }

// DelegatedAdministrator is a member account that administers services for the
// whole organization.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DelegatedAdministrator.html
type DelegatedAdministrator struct {
	cloud.Object
	// AccountID is the account's id.
	AccountID string `json:"account_id"`
	// Account is the member account.
	Account cloud.Link[MemberAccount] `json:"account,omitzero"`
	// Services are what it administers, as service principals.
	Services []string `json:"services,omitempty"`
	// Since is when it first became one.
	Since time.Time `json:"since,omitzero"`
}

// OrganizationalUnit is a folder for accounts. The organization's root is one
// too: the one without a parent.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
type OrganizationalUnit struct {
	cloud.Base

	// ID such as ou-examplerootid111-exampleouid111, or r-examplerootid111.
	ID string `json:"id,omitempty"`
	// Root is whether this is the organization's root.
	Root bool `json:"root,omitempty"`
	// Organization it is part of.
	Organization cloud.Link[Organization] `json:"organization,omitzero"`
	// Parent it sits in; unset for the root.
	Parent cloud.Link[OrganizationalUnit] `json:"parent,omitzero"`

	// Units sit directly in this one.
	Units []cloud.Link[OrganizationalUnit] `json:"-" cel:"units" backlink:"parent" within:"estate"`
	// Accounts sit directly in this one.
	Accounts []cloud.Link[MemberAccount] `json:"-" cel:"accounts" backlink:"parent" within:"estate"`
	// Policies are attached to this one; those of its parents apply as well.
	Policies []cloud.Link[OrganizationPolicy] `json:"-" cel:"policies" backlink:"units" within:"estate"`
}

// Kind implements cloud.Resource.
func (*OrganizationalUnit) Kind() cloud.Kind { return "AWS::Organizations::OrganizationalUnit" }

// OrganizationPolicy is a policy of the organization: what accounts may do at
// most (SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY), or how they are set up.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
type OrganizationPolicy struct {
	cloud.Base

	// ID such as p-examplepolicyid111.
	ID string `json:"id,omitempty"`
	// Type is SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, TAG_POLICY,
	// BACKUP_POLICY, AISERVICES_OPT_OUT_POLICY, DECLARATIVE_POLICY_EC2 and so on.
	Type string `json:"type"`
	// Description is free text.
	Description string `json:"description,omitempty"`
	// AWSManaged is whether AWS wrote it, as FullAWSAccess.
	AWSManaged bool `json:"aws_managed,omitempty"`
	// Document is the parsed policy; only for service and resource control
	// policies.
	Document *Policy `json:"document,omitempty"`
	// Content is the text of a policy of any other type, as JSON.
	Content string `json:"content,omitempty"`
	// Organization it belongs to.
	Organization cloud.Link[Organization] `json:"organization,omitzero"`
	// Units the policy is attached to, the root among them.
	Units []cloud.Link[OrganizationalUnit] `json:"units,omitempty"`
	// Accounts the policy is attached to directly.
	Accounts []cloud.Link[MemberAccount] `json:"accounts,omitempty"`
}

// Kind implements cloud.Resource.
func (*OrganizationPolicy) Kind() cloud.Kind { return "AWS::Organizations::Policy" }

// MemberAccount is an account as its organization sees it. The account's own
// settings are in AWS::Account.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
type MemberAccount struct {
	cloud.Base

	// ID is the account's twelve digits.
	ID string `json:"id"`
	// State is ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED or PENDING_ACTIVATION.
	State string `json:"state,omitempty"`
	// JoinedMethod is INVITED or CREATED.
	JoinedMethod string `json:"joined_method,omitempty"`
	// JoinedAt is when it became part of the organization.
	JoinedAt time.Time `json:"joined_at,omitzero"`
	// Management is whether it is the management account: no service or
	// resource control policy applies to it.
	Management bool `json:"management,omitempty"`
	// Organization it is part of.
	Organization cloud.Link[Organization] `json:"organization,omitzero"`
	// Parent is the root or organizational unit it sits in.
	Parent cloud.Link[OrganizationalUnit] `json:"parent,omitzero"`

	// Policies are attached to the account itself; those of its parents apply
	// as well.
	Policies []cloud.Link[OrganizationPolicy] `json:"-" cel:"policies" backlink:"accounts" within:"estate"`
}

// Kind implements cloud.Resource.
func (*MemberAccount) Kind() cloud.Kind { return "AWS::Organizations::Account" }
