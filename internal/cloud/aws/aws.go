// Package aws is the typed model of an AWS estate: one struct per resource
// type, one file per service. It holds what AWS says of a resource, in AWS's
// own words, and nothing that is judged.
//
// Conventions, kept by a test:
//   - A resource embeds cloud.Base and has a Kind method returning its
//     CloudFormation type name. Structs nested in a resource embed
//     cloud.Object and are held by pointer or slice of pointers.
//   - The json tag is the name rules use. Scalars are plain bool, string, int,
//     float64 and time.Time, never pointers: a value AWS leaves out has the
//     default that AWS documents; a value that should be there and is not is a
//     cloud.Gap on the field.
//   - A reference to another resource is a cloud.Link. A field with a backlink
//     tag is filled by cloud.Snapshot.Resolve and is not stored.
//   - No secret is ever kept: an environment value, user data or a parameter is
//     reduced to a hash and to what a secret detector said of it.
package aws

//go:generate go test -run=TestModelIsDocumented . -update

import "merlon.dev/internal/cloud"

// Kinds returns an empty resource of every type in the model.
func Kinds() []cloud.Resource {
	var all []cloud.Resource
	for _, kinds := range [][]cloud.Resource{
		accountKinds(),
		s3Kinds(),
		iamKinds(),
		organizationsKinds(),
		ssoKinds(),
		accessanalyzerKinds(),
		ec2NetworkKinds(),
		elbKinds(),
		route53Kinds(),
		ec2ComputeKinds(),
		autoscalingKinds(),
		lambdaKinds(),
		ecsKinds(),
		eksKinds(),
		ecrKinds(),
		ssmKinds(),
		rdsKinds(),
		redshiftKinds(),
		dynamodbKinds(),
		elasticacheKinds(),
		opensearchKinds(),
		efsKinds(),
		backupKinds(),
		sqsKinds(),
		snsKinds(),
		secretsmanagerKinds(),
		kmsKinds(),
		acmKinds(),
		glacierKinds(),
		eventbridgeKinds(),
		codebuildKinds(),
		cloudtrailKinds(),
		configKinds(),
		guarddutyKinds(),
		securityhubKinds(),
		inspectorKinds(),
		macieKinds(),
		cloudwatchKinds(),
		logsKinds(),
		cloudfrontKinds(),
		apigatewayKinds(),
		wafv2Kinds(),
	} {
		all = append(all, kinds...)
	}
	return all
}

func accountKinds() []cloud.Resource {
	return []cloud.Resource{&Account{}, &RegionSettings{}}
}

// Account is one AWS account: its own settings, and the way from a rule to
// everything in it. Rules reach the account of any resource as `account`.
type Account struct {
	cloud.Base

	// Aliases stand for the account's number in its sign-in address; one at most.
	Aliases []string `json:"aliases,omitempty"`
	// Contact is the account's primary contact.
	// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-primary.html
	Contact *Contact `json:"contact,omitempty"`
	// AlternateContacts are the billing, operations and security contacts that
	// are set.
	AlternateContacts []*AlternateContact `json:"alternate_contacts,omitempty"`
	// Root is the account's root user.
	Root *RootUser `json:"root,omitempty"`
	// PasswordPolicy is what passwords of IAM users must be;
	// has(account.password_policy) is false when the account has none.
	PasswordPolicy *PasswordPolicy `json:"password_policy,omitempty"`
	// Organization the account is part of; unset when it stands alone.
	Organization cloud.Link[Organization] `json:"organization,omitzero"`
	// ManagesOrganization is whether this is the management account of its
	// organization.
	ManagesOrganization bool `json:"manages_organization,omitempty"`
	// RootCredentialsManagement is whether the organization manages the root
	// credentials of its member accounts centrally, and RootSessions whether it
	// can act as their root user. Both are false for all but the management
	// account.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
	RootCredentialsManagement bool `json:"root_credentials_management,omitempty"`
	RootSessions              bool `json:"root_sessions,omitempty"`
	// S3PublicAccessBlock is the account-wide S3 Block Public Access setting;
	// all four switches are off where it was never set.
	S3PublicAccessBlock *PublicAccessBlock `json:"s3_public_access_block,omitempty"`

	// OrganizationTrails are the trails that record this account for the
	// organization, but belong to another account.
	OrganizationTrails []cloud.Link[Trail] `json:"organization_trails,omitempty"`

	// Regions are the regions that are enabled for the account.
	Regions []cloud.Link[RegionSettings] `json:"-" cel:"regions" backlink:"@account"`

	// What follows is everything of one type in the account.

	Buckets           []cloud.Link[Bucket]           `json:"-" cel:"buckets" backlink:"@account"`
	Users             []cloud.Link[User]             `json:"-" cel:"users" backlink:"@account"`
	Groups            []cloud.Link[Group]            `json:"-" cel:"groups" backlink:"@account"`
	Roles             []cloud.Link[Role]             `json:"-" cel:"roles" backlink:"@account"`
	ManagedPolicies   []cloud.Link[ManagedPolicy]    `json:"-" cel:"managed_policies" backlink:"@account"`
	SAMLProviders     []cloud.Link[SAMLProvider]     `json:"-" cel:"saml_providers" backlink:"@account"`
	OIDCProviders     []cloud.Link[OIDCProvider]     `json:"-" cel:"oidc_providers" backlink:"@account"`
	VirtualMFADevices []cloud.Link[VirtualMFADevice] `json:"-" cel:"virtual_mfa_devices" backlink:"@account"`
	SSOInstances      []cloud.Link[SSOInstance]      `json:"-" cel:"sso_instances" backlink:"@account"`
	Trails            []cloud.Link[Trail]            `json:"-" cel:"trails" backlink:"@account"`
	MetricFilters     []cloud.Link[MetricFilter]     `json:"-" cel:"metric_filters" backlink:"@account"`
	Alarms            []cloud.Link[Alarm]            `json:"-" cel:"alarms" backlink:"@account"`
	BackupPlans       []cloud.Link[BackupPlan]       `json:"-" cel:"backup_plans" backlink:"@account"`
}

// Kind implements cloud.Resource.
func (*Account) Kind() cloud.Kind { return "AWS::Account" }

// Contact is whom AWS writes to first. Of what identifies a person only
// whether it is set, and a hash of it, is kept.
// https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html
type Contact struct {
	cloud.Object
	// HasAddress is whether a street address is set.
	HasAddress bool `json:"has_address,omitempty"`
	// NameHash and PhoneHash are equal for equal names and telephone numbers,
	// and empty where none is set.
	NameHash  string `json:"name_hash,omitempty"`
	PhoneHash string `json:"phone_hash,omitempty"`
}

// AlternateContact is one of the account's further contacts.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
type AlternateContact struct {
	cloud.Object
	// Type is BILLING, OPERATIONS or SECURITY.
	Type string `json:"type"`
	// NameHash, MailHash and PhoneHash are equal for equal names, addresses and
	// telephone numbers, and empty where none is set.
	NameHash  string `json:"name_hash,omitempty"`
	MailHash  string `json:"mail_hash,omitempty"`
	PhoneHash string `json:"phone_hash,omitempty"`
}

// RegionSettings is one enabled region of one account: settings that AWS keeps
// per region, and the services that are switched on or off per region. Rules
// reach the region of any regional resource as `region`.
type RegionSettings struct {
	cloud.Base

	// OptInStatus is opt-in-not-required, opted-in or not-opted-in.
	// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html
	OptInStatus string `json:"opt_in_status,omitempty"`

	// EBSEncryptionByDefault is whether new EBS volumes are encrypted unasked.
	// https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
	EBSEncryptionByDefault bool `json:"ebs_encryption_by_default,omitempty"`
	// EBSDefaultKMSKey is the key that new volumes get unasked. It is read
	// where encryption by default is on.
	EBSDefaultKMSKey cloud.Link[Key] `json:"ebs_default_kms_key,omitzero"`
	// MetadataDefaults are the instance metadata settings of new instances
	// that choose none; every field is empty where the region has no default.
	MetadataDefaults *MetadataOptions `json:"metadata_defaults,omitempty"`
	// ImageBlockPublicAccess is block-new-sharing or unblocked.
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
	ImageBlockPublicAccess string `json:"image_block_public_access,omitempty"`
	// SnapshotBlockPublicAccess is block-all-sharing (public snapshots are
	// withheld), block-new-sharing or unblocked.
	// https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
	SnapshotBlockPublicAccess string `json:"snapshot_block_public_access,omitempty"`
	// SerialConsoleAccess is whether operators may open the serial console of
	// instances.
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html
	SerialConsoleAccess bool `json:"serial_console_access,omitempty"`
	// SSMDocumentPublicSharing is Enable or Disable: whether SSM documents may
	// be shared with everyone.
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html
	SSMDocumentPublicSharing string `json:"ssm_document_public_sharing,omitempty"`

	// What follows is everything of one type in this region of the account.

	VPCs          []cloud.Link[VPC]            `json:"-" cel:"vpcs" backlink:"@region"`
	Instances     []cloud.Link[Instance]       `json:"-" cel:"instances" backlink:"@region"`
	Volumes       []cloud.Link[Volume]         `json:"-" cel:"volumes" backlink:"@region"`
	Snapshots     []cloud.Link[Snapshot]       `json:"-" cel:"snapshots" backlink:"@region"`
	Images        []cloud.Link[Image]          `json:"-" cel:"images" backlink:"@region"`
	Detectors     []cloud.Link[Detector]       `json:"-" cel:"detectors" backlink:"@region"`
	Hubs          []cloud.Link[SecurityHub]    `json:"-" cel:"hubs" backlink:"@region"`
	Recorders     []cloud.Link[ConfigRecorder] `json:"-" cel:"recorders" backlink:"@region"`
	Analyzers     []cloud.Link[Analyzer]       `json:"-" cel:"analyzers" backlink:"@region"`
	MacieSessions []cloud.Link[MacieSession]   `json:"-" cel:"macie_sessions" backlink:"@region"`
	Inspectors    []cloud.Link[Inspector]      `json:"-" cel:"inspectors" backlink:"@region"`
	ConfigRules   []cloud.Link[ConfigRule]     `json:"-" cel:"config_rules" backlink:"@region"`

	DBInstances          []cloud.Link[DBInstance]          `json:"-" cel:"db_instances" backlink:"@region"`
	DBClusters           []cloud.Link[DBCluster]           `json:"-" cel:"db_clusters" backlink:"@region"`
	DBEventSubscriptions []cloud.Link[DBEventSubscription] `json:"-" cel:"db_event_subscriptions" backlink:"@region"`
	Tables               []cloud.Link[Table]               `json:"-" cel:"tables" backlink:"@region"`
	FileSystems          []cloud.Link[FileSystem]          `json:"-" cel:"file_systems" backlink:"@region"`
	BackupVaults         []cloud.Link[BackupVault]         `json:"-" cel:"backup_vaults" backlink:"@region"`
	BackupPlans          []cloud.Link[BackupPlan]          `json:"-" cel:"backup_plans" backlink:"@region"`
	ProtectedResources   []cloud.Link[ProtectedResource]   `json:"-" cel:"protected_resources" backlink:"@region"`
	RestoreTestingPlans  []cloud.Link[RestoreTestingPlan]  `json:"-" cel:"restore_testing_plans" backlink:"@region"`
}

// Kind implements cloud.Resource.
func (*RegionSettings) Kind() cloud.Kind { return "AWS::Account::Region" }
