package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func ssmKinds() []cloud.Resource {
	return []cloud.Resource{&Parameter{}, &Document{}, &ManagedInstance{}}
}

// Parameter is an entry of the SSM Parameter Store. Its value is not read.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterMetadata.html
type Parameter struct {
	cloud.Base

	// Type is String, StringList or SecureString.
	Type string `json:"type,omitempty"`
	// KMSKey encrypts a SecureString; it leads nowhere for plain types.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Tier is Standard, Advanced or Intelligent-Tiering.
	Tier string `json:"tier,omitempty"`
	// LastModified is when the value last changed.
	LastModified time.Time `json:"last_modified,omitzero"`
	// NamedLikeASecret is whether the name says that the value is a secret:
	// password, token, private key and the like.
	NamedLikeASecret bool `json:"named_like_a_secret,omitempty"`
}

// Kind implements cloud.Resource.
func (*Parameter) Kind() cloud.Kind { return "AWS::SSM::Parameter" }

// Document is an SSM document that the account owns.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DocumentIdentifier.html
type Document struct {
	cloud.Base

	// Type is Command, Automation, Session, Policy and so on.
	Type string `json:"type,omitempty"`
	// Format is JSON, YAML or TEXT.
	Format string `json:"format,omitempty"`
	// CreatedAt is when the document was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Public is whether every AWS account may use it.
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html
	Public bool `json:"public,omitempty"`
	// SharedWith are the accounts that may use it.
	SharedWith []string `json:"shared_with,omitempty"`
	// Secrets found in the content of the default version.
	Secrets []*TextSecret `json:"secrets,omitempty"`
}

// Kind implements cloud.Resource.
func (*Document) Kind() cloud.Kind { return "AWS::SSM::Document" }

// ManagedInstance is a machine whose agent has registered with Systems Manager.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstanceInformation.html
type ManagedInstance struct {
	cloud.Base

	// Instance is the EC2 instance; it leads nowhere for machines elsewhere.
	Instance cloud.Link[Instance] `json:"instance,omitzero"`
	// PingStatus is Online, ConnectionLost or Inactive.
	PingStatus string `json:"ping_status,omitempty"`
	// LastPing is when the agent last reported.
	LastPing time.Time `json:"last_ping,omitzero"`
	// AgentVersion of the SSM agent.
	AgentVersion string `json:"agent_version,omitempty"`
	// AgentIsLatest is whether no newer agent is out.
	AgentIsLatest bool `json:"agent_is_latest,omitempty"`
	// PlatformType is Windows, Linux or MacOS.
	PlatformType string `json:"platform_type,omitempty"`
	// PlatformName and PlatformVersion of the operating system.
	PlatformName    string `json:"platform_name,omitempty"`
	PlatformVersion string `json:"platform_version,omitempty"`
	// PatchStatus is COMPLIANT, NON_COMPLIANT, or empty when patches were
	// never scanned for.
	PatchStatus string `json:"patch_status,omitempty"`
	// AssociationStatus is COMPLIANT, NON_COMPLIANT, or empty when the machine
	// has no association.
	AssociationStatus string `json:"association_status,omitempty"`
}

// Kind implements cloud.Resource.
func (*ManagedInstance) Kind() cloud.Kind { return "AWS::SSM::ManagedInstance" }
