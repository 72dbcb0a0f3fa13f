package aws

import "merlon.dev/internal/cloud"

func opensearchKinds() []cloud.Resource {
	return []cloud.Resource{&Domain{}}
}

// Domain is an OpenSearch or Elasticsearch domain.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html
type Domain struct {
	cloud.Base

	// EngineVersion is such as OpenSearch_2.17 or Elasticsearch_7.10.
	EngineVersion string `json:"engine_version,omitempty"`
	// Endpoint is the host name clients connect to.
	Endpoint string `json:"endpoint,omitempty"`
	// InVPC is whether the endpoint lives in a VPC; otherwise it is on the
	// internet, with only the policy in front of it.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
	InVPC bool `json:"in_vpc,omitempty"`
	// VPC the domain lives in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets of its endpoints.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups guard its endpoints.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// Policy is the access policy; has(resource.policy) is false when there is
	// none.
	Policy *Policy `json:"policy,omitempty"`

	// EnforceHTTPS is whether plain HTTP is turned away.
	EnforceHTTPS bool `json:"enforce_https,omitempty"`
	// TLSPolicy names the protocol versions and ciphers, such as
	// Policy-Min-TLS-1-2-PFS-2023-10.
	TLSPolicy string `json:"tls_policy,omitempty"`
	// CustomEndpointCertificate serves the custom host name, when there is one.
	CustomEndpointCertificate cloud.Link[Certificate] `json:"custom_endpoint_certificate,omitzero"`
	// EncryptionAtRest is whether data on disk is encrypted.
	EncryptionAtRest bool `json:"encryption_at_rest,omitempty"`
	// KMSKey encrypts the data.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// NodeToNodeEncryption is whether nodes speak TLS to each other.
	NodeToNodeEncryption bool `json:"node_to_node_encryption,omitempty"`
	// FineGrainedAccess is whether users and roles are checked per index,
	// document and field.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
	FineGrainedAccess bool `json:"fine_grained_access,omitempty"`
	// AnonymousAccess is whether fine-grained access still lets anonymous
	// requests in, during migration.
	AnonymousAccess bool `json:"anonymous_access,omitempty"`
	// InternalUsers is whether users with passwords live in the domain.
	InternalUsers bool `json:"internal_users,omitempty"`
	// SAML is whether Dashboards logs in through a SAML provider.
	SAML bool `json:"saml,omitempty"`
	// Cognito is whether Dashboards logs in through Cognito.
	Cognito bool `json:"cognito,omitempty"`
	// Logs that are sent to CloudWatch Logs.
	Logs []*DomainLog `json:"logs,omitempty"`
	// UpdateAvailable is whether newer service software waits to be installed.
	UpdateAvailable bool `json:"update_available,omitempty"`
	// AutoSoftwareUpdate is whether service software installs itself in
	// off-peak hours.
	AutoSoftwareUpdate bool `json:"auto_software_update,omitempty"`

	// DataNodes is the number of data nodes.
	DataNodes int `json:"data_nodes,omitempty"`
	// MasterNodes is the number of dedicated cluster managers; 0 for none.
	MasterNodes int `json:"master_nodes,omitempty"`
	// ZoneAwareness is whether data nodes are spread over zones.
	ZoneAwareness bool `json:"zone_awareness,omitempty"`
}

// Kind implements cloud.Resource.
func (*Domain) Kind() cloud.Kind { return "AWS::OpenSearchService::Domain" }

// DomainLog is one log of a domain.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
type DomainLog struct {
	cloud.Object
	// Type is AUDIT_LOGS, ES_APPLICATION_LOGS, INDEX_SLOW_LOGS or SEARCH_SLOW_LOGS.
	Type string `json:"type"`
	// Enabled is whether it is sent.
	Enabled bool `json:"enabled,omitempty"`
	// LogGroup receives it.
	LogGroup cloud.Link[LogGroup] `json:"log_group,omitzero"`
}
