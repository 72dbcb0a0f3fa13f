package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func eksKinds() []cloud.Resource {
	return []cloud.Resource{&EKSCluster{}, &EKSNodeGroup{}}
}

// EKSCluster is an EKS cluster.
// https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html
type EKSCluster struct {
	cloud.Base

	// Status is ACTIVE, CREATING, DELETING, FAILED, UPDATING or PENDING.
	Status string `json:"status,omitempty"`
	// Version of Kubernetes, such as 1.33.
	Version string `json:"version,omitempty"`
	// SupportType is what happens when standard support of the version ends:
	// STANDARD (it is upgraded) or EXTENDED (AWS goes on patching, for a fee).
	SupportType string `json:"support_type,omitempty"`
	// CreatedAt is when the cluster was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Role the control plane acts as.
	Role cloud.Link[Role] `json:"role,omitzero"`
	// PublicEndpoint is whether the API server has a public address.
	// https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
	PublicEndpoint bool `json:"public_endpoint,omitempty"`
	// PrivateEndpoint is whether the API server answers inside the VPC.
	PrivateEndpoint bool `json:"private_endpoint,omitempty"`
	// PublicCIDRs may reach the public endpoint. They mean nothing while it is off.
	PublicCIDRs []string `json:"public_cidrs,omitempty"`
	// VPC the control plane has interfaces in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets of those interfaces.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups of those interfaces, the cluster's own group included.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// LogTypes that go to CloudWatch Logs: api, audit, authenticator,
	// controllerManager, scheduler.
	LogTypes []string `json:"log_types,omitempty"`
	// SecretsKMSKey encrypts Kubernetes secrets on top of the disk; it leads
	// nowhere when no key was chosen.
	SecretsKMSKey cloud.Link[Key] `json:"secrets_kms_key,omitzero"`
	// AuthenticationMode is API, API_AND_CONFIG_MAP or CONFIG_MAP.
	AuthenticationMode string `json:"authentication_mode,omitempty"`
	// AccessEntries say which IAM principals may enter the cluster. They are read
	// unless AuthenticationMode is CONFIG_MAP; the config map inside
	// the cluster is out of AWS's sight.
	// https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
	AccessEntries []*EKSAccessEntry `json:"access_entries,omitempty"`
	// PodIdentities say which pods get the rights of which role.
	// https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
	PodIdentities []*EKSPodIdentity `json:"pod_identities,omitempty"`
	// OIDCIssuer is the issuer of service account tokens.
	OIDCIssuer string `json:"oidc_issuer,omitempty"`
	// DeletionProtection is whether deleting must be allowed first.
	DeletionProtection bool `json:"deletion_protection,omitempty"`
	// AutoMode is whether AWS runs the nodes.
	AutoMode bool `json:"auto_mode,omitempty"`

	// NodeGroups of the cluster.
	NodeGroups []cloud.Link[EKSNodeGroup] `json:"-" cel:"node_groups" backlink:"cluster" within:"region"`
}

// Kind implements cloud.Resource.
func (*EKSCluster) Kind() cloud.Kind { return "AWS::EKS::Cluster" }

// EKSAccessEntry lets one IAM principal into a cluster.
type EKSAccessEntry struct {
	cloud.Object
	// Principal is the ARN of the role or user.
	Principal string `json:"principal"`
	// Type is STANDARD for people and software; the other types are for nodes.
	Type string `json:"type,omitempty"`
	// Groups are the Kubernetes groups the principal is put into.
	Groups []string `json:"groups,omitempty"`
	// Policies are the access policies attached to the entry.
	Policies []*EKSAccessPolicy `json:"policies,omitempty"`
}

// EKSAccessPolicy is a set of Kubernetes rights that AWS keeps.
type EKSAccessPolicy struct {
	cloud.Object
	// ARN such as
	// arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy.
	ARN string `json:"arn"`
	// Namespaces the rights are limited to; empty for the whole cluster.
	Namespaces []string `json:"namespaces,omitempty"`
}

// EKSPodIdentity gives the pods of a service account the rights of a role.
type EKSPodIdentity struct {
	cloud.Object
	// Namespace and ServiceAccount of the pods.
	Namespace      string `json:"namespace"`
	ServiceAccount string `json:"service_account"`
	// Role they act as.
	Role cloud.Link[Role] `json:"role,omitzero"`
}

// EKSNodeGroup is a managed node group.
// https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html
type EKSNodeGroup struct {
	cloud.Base

	// Status is ACTIVE, DEGRADED and so on.
	Status string `json:"status,omitempty"`
	// Cluster it belongs to.
	Cluster cloud.Link[EKSCluster] `json:"cluster,omitzero"`
	// Role the nodes hold.
	Role cloud.Link[Role] `json:"role,omitzero"`
	// Version of Kubernetes on the nodes.
	Version string `json:"version,omitempty"`
	// ReleaseVersion of the node image.
	ReleaseVersion string `json:"release_version,omitempty"`
	// AMIType such as AL2023_x86_64_STANDARD, or CUSTOM.
	AMIType string `json:"ami_type,omitempty"`
	// Subnets the nodes run in.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// RemoteAccess is the SSH key pair on the nodes; empty when SSH is off.
	RemoteAccess string `json:"remote_access,omitempty"`
	// RemoteAccessFrom are the only security groups that may use SSH. Empty
	// with RemoteAccess set opens port 22 to the internet.
	RemoteAccessFrom []cloud.Link[SecurityGroup] `json:"remote_access_from,omitempty"`
	// LaunchTemplate with further settings; it leads nowhere for none.
	LaunchTemplate cloud.Link[LaunchTemplate] `json:"launch_template,omitzero"`
	// AutoScalingGroups that hold the nodes.
	AutoScalingGroups []string `json:"auto_scaling_groups,omitempty"`
}

// Kind implements cloud.Resource.
func (*EKSNodeGroup) Kind() cloud.Kind { return "AWS::EKS::Nodegroup" }
