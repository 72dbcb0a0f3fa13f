package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func ec2NetworkKinds() []cloud.Resource {
	return []cloud.Resource{
		&VPC{}, &Subnet{}, &RouteTable{}, &SecurityGroup{}, &NetworkACL{}, &NetworkInterface{}, &ElasticIP{},
		&PrefixList{}, &InternetGateway{}, &EgressOnlyInternetGateway{}, &NATGateway{}, &VPCPeering{},
		&VPCEndpoint{}, &VPCEndpointService{}, &TransitGateway{}, &TransitGatewayAttachment{},
		&TransitGatewayRouteTable{}, &VPNGateway{}, &VPNConnection{}, &FlowLog{},
	}
}

// VPC is a virtual private cloud.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html
type VPC struct {
	cloud.Base

	// CIDRs4 are all IPv4 ranges associated with the VPC, the primary one first.
	CIDRs4 []string `json:"cidr_ipv4,omitempty"`
	// CIDRs6 are all IPv6 ranges associated with the VPC.
	CIDRs6 []string `json:"cidr_ipv6,omitempty"`
	// Default is whether this is the VPC that AWS made for the region.
	// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
	Default bool `json:"default"`
	// Tenancy of instances launched without one of their own: default or dedicated.
	Tenancy string `json:"tenancy,omitempty"`
	// BlockPublicAccess is what VPC Block Public Access does to the VPC's internet
	// gateway traffic: off, block-bidirectional, or block-ingress. Empty is off.
	// https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
	BlockPublicAccess string `json:"block_public_access,omitempty"`
	// Owner is the account that owns the VPC, when it is shared with this
	// account from another one.
	Owner string `json:"owner,omitempty"`

	// Subnets of the VPC.
	Subnets []cloud.Link[Subnet] `json:"-" cel:"subnets" backlink:"vpc" within:"region"`
	// RouteTables of the VPC.
	RouteTables []cloud.Link[RouteTable] `json:"-" cel:"route_tables" backlink:"vpc" within:"region"`
	// SecurityGroups of the VPC.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"-" cel:"security_groups" backlink:"vpc" within:"region"`
	// NetworkACLs of the VPC.
	NetworkACLs []cloud.Link[NetworkACL] `json:"-" cel:"network_acls" backlink:"vpc" within:"region"`
	// Interfaces are the network interfaces in the VPC; a VPC without any is unused.
	Interfaces []cloud.Link[NetworkInterface] `json:"-" cel:"interfaces" backlink:"vpc" within:"region"`
	// InternetGateways attached to the VPC.
	InternetGateways []cloud.Link[InternetGateway] `json:"-" cel:"internet_gateways" backlink:"vpcs" within:"region"`
	// NATGateways in the VPC.
	NATGateways []cloud.Link[NATGateway] `json:"-" cel:"nat_gateways" backlink:"vpc" within:"region"`
	// Endpoints are the VPC endpoints in the VPC.
	Endpoints []cloud.Link[VPCEndpoint] `json:"-" cel:"endpoints" backlink:"vpc" within:"region"`
	// FlowLogs are the flow logs made for the VPC as a whole; logs of single
	// subnets and interfaces are found there.
	FlowLogs []cloud.Link[FlowLog] `json:"-" cel:"flow_logs" backlink:"vpc" within:"region"`
}

// Kind implements cloud.Resource.
func (*VPC) Kind() cloud.Kind { return "AWS::EC2::VPC" }

// Subnet is a subnet of a VPC.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
type Subnet struct {
	cloud.Base

	// VPC the subnet is part of.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// CIDR4 is the IPv4 range; empty in an IPv6-only subnet.
	CIDR4 string `json:"cidr_ipv4,omitempty"`
	// CIDRs6 are the IPv6 ranges.
	CIDRs6 []string `json:"cidr_ipv6,omitempty"`
	// AvailabilityZone is the zone's name, such as eu-west-1a.
	AvailabilityZone string `json:"availability_zone,omitempty"`
	// AvailabilityZoneID is the zone's id, the same in every account.
	AvailabilityZoneID string `json:"availability_zone_id,omitempty"`
	// AutoAssignPublicIP is whether an interface made here gets a public IPv4
	// address unless it says otherwise (MapPublicIpOnLaunch).
	AutoAssignPublicIP bool `json:"auto_assign_public_ip"`
	// AutoAssignIPv6 is whether an interface made here gets an IPv6 address.
	AutoAssignIPv6 bool `json:"auto_assign_ipv6,omitempty"`
	// DefaultForAZ is whether AWS made the subnet as part of the default VPC.
	DefaultForAZ bool `json:"default_for_az,omitempty"`
	// BlockPublicAccess is what VPC Block Public Access does to the subnet's
	// internet gateway traffic: off, block-bidirectional, or block-ingress. Empty
	// is off.
	BlockPublicAccess string `json:"block_public_access,omitempty"`
	// Owner is the account that owns the subnet, when it is shared with this
	// account from another one.
	Owner string `json:"owner,omitempty"`
	// RouteTable is the table in effect: the one associated with the subnet,
	// else the main table of the VPC.
	// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
	RouteTable cloud.Link[RouteTable] `json:"route_table,omitzero"`
	// MainRouteTable is whether the table in effect is the VPC's main table
	// because the subnet has no association of its own.
	MainRouteTable bool `json:"main_route_table,omitempty"`
	// NetworkACL in effect; each subnet has exactly one.
	NetworkACL cloud.Link[NetworkACL] `json:"network_acl,omitzero"`

	// Interfaces are the network interfaces in the subnet.
	Interfaces []cloud.Link[NetworkInterface] `json:"-" cel:"interfaces" backlink:"subnet" within:"region"`
	// DBInstances are the RDS instances that may be placed in the subnet.
	DBInstances []cloud.Link[DBInstance] `json:"-" cel:"db_instances" backlink:"subnets" within:"region"`
	// FlowLogs are the flow logs made for the subnet itself.
	FlowLogs []cloud.Link[FlowLog] `json:"-" cel:"flow_logs" backlink:"subnet" within:"region"`
}

// Kind implements cloud.Resource.
func (*Subnet) Kind() cloud.Kind { return "AWS::EC2::Subnet" }

// RouteTable is a route table of a VPC.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTable.html
type RouteTable struct {
	cloud.Base

	// VPC the table is part of.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Owner is the account that owns the table, when its VPC is shared with this
	// account from another one.
	Owner string `json:"owner,omitempty"`
	// Main is whether subnets without an association use the table.
	Main bool `json:"main"`
	// Routes of the table, propagated ones included.
	Routes []*Route `json:"routes,omitempty"`
	// InternetGateways and VPNGateways are those whose incoming traffic the
	// table routes (an edge association).
	InternetGateways []cloud.Link[InternetGateway] `json:"internet_gateways,omitempty"`
	VPNGateways      []cloud.Link[VPNGateway]      `json:"vpn_gateways,omitempty"`
	// PropagatingVPNGateways may add routes of their own.
	PropagatingVPNGateways []cloud.Link[VPNGateway] `json:"propagating_vpn_gateways,omitempty"`

	// Subnets in which the table is in effect, by association or as main table.
	Subnets []cloud.Link[Subnet] `json:"-" cel:"subnets" backlink:"route_table" within:"region"`
}

// Kind implements cloud.Resource.
func (*RouteTable) Kind() cloud.Kind { return "AWS::EC2::RouteTable" }

// Route is one route: a destination and where its packets go. The longest
// matching destination wins.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
type Route struct {
	cloud.Object
	// Destination is an IPv4 or IPv6 range; empty when PrefixList is set.
	Destination string `json:"destination,omitempty"`
	// PrefixList is the destination where that is a prefix list.
	PrefixList cloud.Link[PrefixList] `json:"prefix_list,omitzero"`
	// TargetKind is local, internet-gateway, nat-gateway,
	// egress-only-internet-gateway, vpn-gateway, transit-gateway, vpc-peering,
	// vpc-endpoint (a gateway or gateway load balancer endpoint),
	// network-interface (a NAT instance or other appliance), local-gateway,
	// carrier-gateway, core-network or other.
	TargetKind string `json:"target_kind"`
	// Target is the target's id as AWS gives it, such as igw-1; local for local routes.
	Target string `json:"target,omitempty"`
	// Blackhole is whether the target is gone or detached; packets are dropped.
	Blackhole bool `json:"blackhole,omitempty"`
	// Propagated is whether a VPN gateway added the route.
	Propagated bool `json:"propagated,omitempty"`

	// One of the following leads to the target, where the model has its kind.

	InternetGateway           cloud.Link[InternetGateway]           `json:"internet_gateway,omitzero"`
	NATGateway                cloud.Link[NATGateway]                `json:"nat_gateway,omitzero"`
	EgressOnlyInternetGateway cloud.Link[EgressOnlyInternetGateway] `json:"egress_only_internet_gateway,omitzero"`
	VPNGateway                cloud.Link[VPNGateway]                `json:"vpn_gateway,omitzero"`
	TransitGateway            cloud.Link[TransitGateway]            `json:"transit_gateway,omitzero"`
	Peering                   cloud.Link[VPCPeering]                `json:"peering,omitzero"`
	Endpoint                  cloud.Link[VPCEndpoint]               `json:"endpoint,omitzero"`
	Interface                 cloud.Link[NetworkInterface]          `json:"interface,omitzero"`
}

// SecurityGroup is a security group: a stateful firewall around network
// interfaces. What no rule allows is refused.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html
type SecurityGroup struct {
	cloud.Base

	// GroupName is the group's own name; Name is its id.
	GroupName string `json:"group_name,omitempty"`
	// Description given when the group was made.
	Description string `json:"description,omitempty"`
	// VPC the group is part of.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Default is whether this is the group AWS made with the VPC. It cannot be
	// deleted, and is given to whatever names no other group.
	// https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
	Default bool `json:"default"`
	// Owner is the account that owns the group, when its VPC is shared with this
	// account from another one.
	Owner string `json:"owner,omitempty"`
	// Ingress rules: who may connect in.
	Ingress []*SecurityGroupRule `json:"ingress,omitempty"`
	// Egress rules: where connections may be opened to.
	Egress []*SecurityGroupRule `json:"egress,omitempty"`

	// Interfaces are the network interfaces that wear the group; a group
	// without any guards nothing.
	Interfaces []cloud.Link[NetworkInterface] `json:"-" cel:"interfaces" backlink:"security_groups" within:"region"`
	// LoadBalancers, DBInstances, Functions and LaunchTemplates name the group for
	// interfaces they have or will make.
	LoadBalancers   []cloud.Link[LoadBalancer]   `json:"-" cel:"load_balancers" backlink:"security_groups" within:"region"`
	DBInstances     []cloud.Link[DBInstance]     `json:"-" cel:"db_instances" backlink:"security_groups" within:"region"`
	Functions       []cloud.Link[Function]       `json:"-" cel:"functions" backlink:"security_groups" within:"region"`
	LaunchTemplates []cloud.Link[LaunchTemplate] `json:"-" cel:"launch_templates" backlink:"versions" within:"region"`
	// ReferencedByIngress and ReferencedByEgress are the groups of this account
	// whose rules name this group.
	ReferencedByIngress []cloud.Link[SecurityGroup] `json:"-" cel:"referenced_by_ingress" backlink:"ingress" within:"region"`
	ReferencedByEgress  []cloud.Link[SecurityGroup] `json:"-" cel:"referenced_by_egress" backlink:"egress" within:"region"`
}

// Kind implements cloud.Resource.
func (*SecurityGroup) Kind() cloud.Kind { return "AWS::EC2::SecurityGroup" }

// SecurityGroupRule is one permission entry as AWS returns it: a protocol, a
// port range, and every peer that was given them.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
type SecurityGroupRule struct {
	cloud.Object
	// Protocol is tcp, udp, icmp, icmpv6, -1 for all, or the number of any
	// other protocol.
	Protocol string `json:"protocol"`
	// FromPort and ToPort are the first and last port, -1 for all. They are the
	// ICMP type and code with icmp and icmpv6, and say nothing with protocols
	// other than tcp, udp and those.
	FromPort int `json:"from_port"`
	ToPort   int `json:"to_port"`
	// CIDRs4 are peers by IPv4 range.
	CIDRs4 []string `json:"cidr_ipv4,omitempty"`
	// CIDRs6 are peers by IPv6 range.
	CIDRs6 []string `json:"cidr_ipv6,omitempty"`
	// PrefixLists are peers by prefix list.
	PrefixLists []cloud.Link[PrefixList] `json:"prefix_lists,omitempty"`
	// Groups are peers by the security group they wear, in this or a peered VPC.
	Groups []cloud.Link[SecurityGroup] `json:"groups,omitempty"`
	// Description of the first described peer of the entry.
	Description string `json:"description,omitempty"`
}

// NetworkACL is a network ACL: a stateless filter around subnets.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAcl.html
type NetworkACL struct {
	cloud.Base

	// VPC the ACL is part of.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Default is whether this is the ACL AWS made with the VPC; as made it
	// lets everything through.
	Default bool `json:"default"`
	// Owner is the account that owns the ACL, when its VPC is shared with this
	// account from another one.
	Owner string `json:"owner,omitempty"`
	// Entries in the order in which they are tried: ingress before egress, then
	// by rule number. The first that matches decides. AWS's closing entries,
	// numbered 32767, deny the rest.
	Entries []*NetworkACLEntry `json:"entries,omitempty"`

	// Subnets the ACL guards.
	Subnets []cloud.Link[Subnet] `json:"-" cel:"subnets" backlink:"network_acl" within:"region"`
}

// Kind implements cloud.Resource.
func (*NetworkACL) Kind() cloud.Kind { return "AWS::EC2::NetworkAcl" }

// NetworkACLEntry is one entry of a network ACL.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html
type NetworkACLEntry struct {
	cloud.Object
	// RuleNumber sets the order: the lowest matching number decides.
	RuleNumber int `json:"rule_number"`
	// Egress is whether the entry is for packets that leave the subnet.
	Egress bool `json:"egress"`
	// Allow is whether matching packets pass; else they are dropped.
	Allow bool `json:"allow"`
	// Protocol is tcp, udp, icmp, icmpv6, -1 for all, or the number of any
	// other protocol.
	Protocol string `json:"protocol"`
	// FromPort and ToPort are the first and last destination port, -1 for all.
	// They are the ICMP type and code with icmp and icmpv6, and say nothing
	// with protocols other than tcp, udp and those.
	FromPort int `json:"from_port"`
	ToPort   int `json:"to_port"`
	// CIDR is the IPv4 or IPv6 range of the other side.
	CIDR string `json:"cidr"`
}

// NetworkInterface is an elastic network interface: an instance's, or one that
// a service (load balancer, NAT gateway, Lambda, RDS, endpoint) made for itself.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
type NetworkInterface struct {
	cloud.Base

	// VPC and Subnet the interface is in.
	VPC    cloud.Link[VPC]    `json:"vpc,omitzero"`
	Subnet cloud.Link[Subnet] `json:"subnet,omitzero"`
	// SecurityGroups around the interface. Their rules add up.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// PrivateIPs are the private IPv4 addresses, the primary one first.
	PrivateIPs []string `json:"private_ips,omitempty"`
	// PublicIPs are the public IPv4 addresses, elastic ones included.
	PublicIPs []string `json:"public_ips,omitempty"`
	// IPv6 addresses. They are public whenever a route to an internet gateway exists.
	IPv6 []string `json:"ipv6,omitempty"`
	// InterfaceType is interface, natGateway, network_load_balancer,
	// gateway_load_balancer, gateway_load_balancer_endpoint, vpc_endpoint,
	// lambda, efa, trunk, branch and so on.
	InterfaceType string `json:"interface_type,omitempty"`
	// Status is available (attached to nothing), in-use, attaching, detaching
	// or associated.
	Status string `json:"status,omitempty"`
	// Description is free text; services write here what the interface is for.
	Description string `json:"description,omitempty"`
	// RequesterManaged is whether a service made and controls the interface.
	RequesterManaged bool `json:"requester_managed,omitempty"`
	// Requester is the account or service name that made the interface.
	Requester string `json:"requester,omitempty"`
	// SourceDestCheck is off where an instance forwards the packets of others.
	SourceDestCheck bool `json:"source_dest_check"`
	// DenyInternetGateway is whether AWS lets no internet gateway traffic through
	// the interface, as it does for internal load balancers.
	DenyInternetGateway bool `json:"deny_internet_gateway,omitempty"`
	// Instance the interface is attached to.
	Instance cloud.Link[Instance] `json:"instance,omitzero"`
	// DeviceIndex is the place in the instance, 0 for the primary interface.
	DeviceIndex int `json:"device_index,omitempty"`
	// LoadBalancer and ClassicLoadBalancer are the load balancer the interface
	// serves, as its description says.
	LoadBalancer        cloud.Link[LoadBalancer]        `json:"load_balancer,omitzero"`
	ClassicLoadBalancer cloud.Link[ClassicLoadBalancer] `json:"classic_load_balancer,omitzero"`

	// ElasticIPs associated with the interface.
	ElasticIPs []cloud.Link[ElasticIP] `json:"-" cel:"elastic_ips" backlink:"interface" within:"region"`
	// FlowLogs are the flow logs made for the interface itself.
	FlowLogs []cloud.Link[FlowLog] `json:"-" cel:"flow_logs" backlink:"interface" within:"region"`
}

// Kind implements cloud.Resource.
func (*NetworkInterface) Kind() cloud.Kind { return "AWS::EC2::NetworkInterface" }

// ElasticIP is a public IPv4 address held by the account.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html
type ElasticIP struct {
	cloud.Base

	// PublicIP is the address.
	PublicIP string `json:"public_ip,omitempty"`
	// PrivateIP is the address it stands for.
	PrivateIP string `json:"private_ip,omitempty"`
	// Associated is whether the address is bound to anything.
	Associated bool `json:"associated"`
	// Interface and Instance are what the address is bound to.
	Interface cloud.Link[NetworkInterface] `json:"interface,omitzero"`
	Instance  cloud.Link[Instance]         `json:"instance,omitzero"`
	// ServiceManaged names the service that holds the address (alb, nlb, rds, rnat); empty
	// for the account's own.
	ServiceManaged string `json:"service_managed,omitempty"`
}

// Kind implements cloud.Resource.
func (*ElasticIP) Kind() cloud.Kind { return "AWS::EC2::EIP" }

// PrefixList is a managed prefix list: a named set of ranges. AWS's own lists
// appear where a route or rule uses them.
// https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
type PrefixList struct {
	cloud.Base

	// ListName is the list's name; Name is its id.
	ListName string `json:"list_name,omitempty"`
	// Owner is the account that owns the list, or AWS.
	Owner string `json:"owner,omitempty"`
	// AddressFamily is IPv4 or IPv6.
	AddressFamily string `json:"address_family,omitempty"`
	// Entries of the current version.
	Entries []*PrefixListEntry `json:"entries,omitempty"`
}

// Kind implements cloud.Resource.
func (*PrefixList) Kind() cloud.Kind { return "AWS::EC2::PrefixList" }

// PrefixListEntry is one range of a prefix list.
type PrefixListEntry struct {
	cloud.Object
	// CIDR is an IPv4 or IPv6 range.
	CIDR string `json:"cidr"`
	// Description is free text.
	Description string `json:"description,omitempty"`
}

// InternetGateway joins a VPC to the internet, both ways.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
type InternetGateway struct {
	cloud.Base

	// VPCs the gateway is attached to; at most one.
	VPCs []cloud.Link[VPC] `json:"vpcs,omitempty"`
}

// Kind implements cloud.Resource.
func (*InternetGateway) Kind() cloud.Kind { return "AWS::EC2::InternetGateway" }

// EgressOnlyInternetGateway lets IPv6 connections out of a VPC and none in.
// https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
type EgressOnlyInternetGateway struct {
	cloud.Base

	// VPCs the gateway is attached to; at most one.
	VPCs []cloud.Link[VPC] `json:"vpcs,omitempty"`
}

// Kind implements cloud.Resource.
func (*EgressOnlyInternetGateway) Kind() cloud.Kind { return "AWS::EC2::EgressOnlyInternetGateway" }

// NATGateway lets connections out of private subnets and none in.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
type NATGateway struct {
	cloud.Base

	// VPC and Subnet the gateway is in.
	VPC    cloud.Link[VPC]    `json:"vpc,omitzero"`
	Subnet cloud.Link[Subnet] `json:"subnet,omitzero"`
	// Connectivity is public (to the internet) or private (to other networks).
	Connectivity string `json:"connectivity,omitempty"`
	// State is pending, failed, available, deleting or deleted.
	State string `json:"state,omitempty"`
	// Interfaces of the gateway.
	Interfaces []cloud.Link[NetworkInterface] `json:"interfaces,omitempty"`
	// PublicIPs the gateway speaks from.
	PublicIPs []string `json:"public_ips,omitempty"`
}

// Kind implements cloud.Resource.
func (*NATGateway) Kind() cloud.Kind { return "AWS::EC2::NatGateway" }

// VPCPeering is a peering connection between two VPCs.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnection.html
type VPCPeering struct {
	cloud.Base

	// Status is active, pending-acceptance, provisioning, rejected, expired,
	// failed, deleting or deleted.
	Status string `json:"status,omitempty"`
	// Requester asked for the connection, Accepter agreed to it.
	Requester *PeeringSide `json:"requester,omitempty"`
	Accepter  *PeeringSide `json:"accepter,omitempty"`

	// RouteTables that send packets over the connection.
	RouteTables []cloud.Link[RouteTable] `json:"-" cel:"route_tables" backlink:"routes" within:"account"`
}

// Kind implements cloud.Resource.
func (*VPCPeering) Kind() cloud.Kind { return "AWS::EC2::VPCPeeringConnection" }

// PeeringSide is one of the two VPCs of a peering connection.
type PeeringSide struct {
	cloud.Object
	// VPC on this side; often in another account.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Account that owns the VPC.
	Account string `json:"account,omitempty"`
	// Region the VPC is in.
	Region string `json:"region,omitempty"`
	// CIDRs4 and CIDRs6 are the VPC's ranges. AWS tells them once the
	// connection is active.
	CIDRs4 []string `json:"cidr_ipv4,omitempty"`
	CIDRs6 []string `json:"cidr_ipv6,omitempty"`
	// RemoteDNS is whether names of this VPC resolve to private addresses when
	// asked for from the other.
	RemoteDNS bool `json:"remote_dns,omitempty"`
}

// VPCEndpoint is a private way from a VPC to a service.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
type VPCEndpoint struct {
	cloud.Base

	// VPC the endpoint is in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Type is Gateway, Interface, GatewayLoadBalancer, Resource or ServiceNetwork.
	Type string `json:"type,omitempty"`
	// Service is the service's name, such as com.amazonaws.eu-west-1.s3.
	Service string `json:"service,omitempty"`
	// ServiceOwner is amazon, or the account that offers the service.
	ServiceOwner string `json:"service_owner,omitempty"`
	// State is available, pending, pendingAcceptance, rejected, failed, expired,
	// deleting or deleted.
	State string `json:"state,omitempty"`
	// Policy limits what may be done through the endpoint; has(resource.policy)
	// is false for services that take none.
	// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
	Policy *Policy `json:"policy,omitempty"`
	// PrivateDNS is whether the service's public names resolve to the endpoint.
	PrivateDNS bool `json:"private_dns,omitempty"`
	// Subnets of an interface endpoint.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// RouteTables of a gateway endpoint.
	RouteTables []cloud.Link[RouteTable] `json:"route_tables,omitempty"`
	// SecurityGroups around an interface endpoint.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// Interfaces of an interface endpoint.
	Interfaces []cloud.Link[NetworkInterface] `json:"interfaces,omitempty"`
	// DNSNames the endpoint answers to.
	DNSNames []string `json:"dns_names,omitempty"`
}

// Kind implements cloud.Resource.
func (*VPCEndpoint) Kind() cloud.Kind { return "AWS::EC2::VPCEndpoint" }

// VPCEndpointService is a service of one's own that others reach by endpoints.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
type VPCEndpointService struct {
	cloud.Base

	// ServiceName is what consumers ask for.
	ServiceName string `json:"service_name,omitempty"`
	// AcceptanceRequired is whether each new endpoint waits for approval.
	AcceptanceRequired bool `json:"acceptance_required"`
	// AllowedPrincipals may ask for an endpoint: ARNs, or * for everyone.
	AllowedPrincipals []string `json:"allowed_principals,omitempty"`
	// LoadBalancers behind the service.
	LoadBalancers []cloud.Link[LoadBalancer] `json:"load_balancers,omitempty"`
}

// Kind implements cloud.Resource.
func (*VPCEndpointService) Kind() cloud.Kind { return "AWS::EC2::VPCEndpointService" }

// TransitGateway joins VPCs, VPNs and other transit gateways.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayOptions.html
type TransitGateway struct {
	cloud.Base

	// Owner is the account that owns the gateway, when it is shared with this
	// account from another one.
	Owner string `json:"owner,omitempty"`
	// State is pending, available, modifying, deleting or deleted.
	State string `json:"state,omitempty"`
	// AutoAcceptSharedAttachments is whether attachments from other accounts
	// need no approval.
	AutoAcceptSharedAttachments bool `json:"auto_accept_shared_attachments"`
	// DefaultRouteTableAssociation is whether new attachments use the default
	// route table.
	DefaultRouteTableAssociation bool `json:"default_route_table_association"`
	// DefaultRouteTablePropagation is whether new attachments announce their
	// routes to the default route table.
	DefaultRouteTablePropagation bool `json:"default_route_table_propagation"`
	// CIDRs of the gateway itself.
	CIDRs []string `json:"cidrs,omitempty"`

	// Attachments of the gateway.
	Attachments []cloud.Link[TransitGatewayAttachment] `json:"-" cel:"attachments" backlink:"transit_gateway" within:"region"`
	// RouteTables of the gateway.
	RouteTables []cloud.Link[TransitGatewayRouteTable] `json:"-" cel:"route_tables" backlink:"transit_gateway" within:"region"`
	// FlowLogs made for the gateway.
	FlowLogs []cloud.Link[FlowLog] `json:"-" cel:"flow_logs" backlink:"transit_gateway" within:"region"`
}

// Kind implements cloud.Resource.
func (*TransitGateway) Kind() cloud.Kind { return "AWS::EC2::TransitGateway" }

// TransitGatewayAttachment is one thing attached to a transit gateway.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html
type TransitGatewayAttachment struct {
	cloud.Base

	// TransitGateway it is attached to.
	TransitGateway cloud.Link[TransitGateway] `json:"transit_gateway,omitzero"`
	// ResourceType is vpc, vpn, direct-connect-gateway, connect, peering,
	// tgw-peering or network-function.
	ResourceType string `json:"resource_type,omitempty"`
	// ResourceID is the attached thing's id as AWS gives it.
	ResourceID string `json:"resource_id,omitempty"`
	// ResourceOwner is the account that owns the attached thing.
	ResourceOwner string `json:"resource_owner,omitempty"`
	// State is available, pendingAcceptance, rejected, failed, deleted and so on.
	State string `json:"state,omitempty"`
	// VPC that is attached, for ResourceType vpc.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets in which a VPC attachment has its interfaces.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// VPN that is attached, for ResourceType vpn.
	VPN cloud.Link[VPNConnection] `json:"vpn,omitzero"`
	// RouteTable that routes what comes in from the attachment.
	RouteTable cloud.Link[TransitGatewayRouteTable] `json:"route_table,omitzero"`
}

// Kind implements cloud.Resource.
func (*TransitGatewayAttachment) Kind() cloud.Kind { return "AWS::EC2::TransitGatewayAttachment" }

// TransitGatewayRouteTable is a route table of a transit gateway.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRouteTable.html
type TransitGatewayRouteTable struct {
	cloud.Base

	// TransitGateway the table is part of.
	TransitGateway cloud.Link[TransitGateway] `json:"transit_gateway,omitzero"`
	// DefaultAssociation is whether new attachments use the table.
	DefaultAssociation bool `json:"default_association,omitempty"`
	// DefaultPropagation is whether new attachments announce their routes here.
	DefaultPropagation bool `json:"default_propagation,omitempty"`
	// Routes of the table, propagated ones included.
	Routes []*TransitGatewayRoute `json:"routes,omitempty"`

	// Attachments whose incoming packets the table routes.
	Attachments []cloud.Link[TransitGatewayAttachment] `json:"-" cel:"attachments" backlink:"route_table" within:"region"`
}

// Kind implements cloud.Resource.
func (*TransitGatewayRouteTable) Kind() cloud.Kind { return "AWS::EC2::TransitGatewayRouteTable" }

// TransitGatewayRoute is one route of a transit gateway route table.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRoute.html
type TransitGatewayRoute struct {
	cloud.Object
	// Destination is an IPv4 or IPv6 range; empty when PrefixList is set.
	Destination string `json:"destination,omitempty"`
	// PrefixList the route was made from.
	PrefixList cloud.Link[PrefixList] `json:"prefix_list,omitzero"`
	// Propagated is whether an attachment announced the route; else it is static.
	Propagated bool `json:"propagated,omitempty"`
	// Blackhole is whether packets are dropped.
	Blackhole bool `json:"blackhole,omitempty"`
	// Attachments the packets go to.
	Attachments []cloud.Link[TransitGatewayAttachment] `json:"attachments,omitempty"`
}

// VPNGateway is a virtual private gateway: the AWS end of VPN and Direct
// Connect links to a VPC.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnGateway.html
type VPNGateway struct {
	cloud.Base

	// VPCs the gateway is attached to; at most one.
	VPCs []cloud.Link[VPC] `json:"vpcs,omitempty"`
}

// Kind implements cloud.Resource.
func (*VPNGateway) Kind() cloud.Kind { return "AWS::EC2::VPNGateway" }

// VPNConnection is a site-to-site VPN of two tunnels.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
type VPNConnection struct {
	cloud.Base

	// State is pending, available, deleting or deleted.
	State string `json:"state,omitempty"`
	// VPNGateway or TransitGateway is the AWS end.
	VPNGateway     cloud.Link[VPNGateway]     `json:"vpn_gateway,omitzero"`
	TransitGateway cloud.Link[TransitGateway] `json:"transit_gateway,omitzero"`
	// CustomerGateway is the id of the other end.
	CustomerGateway string `json:"customer_gateway,omitempty"`
	// StaticRoutesOnly is whether routes are set by hand and not by BGP.
	StaticRoutesOnly bool `json:"static_routes_only,omitempty"`
	// Routes are the static routes' destinations.
	Routes []string `json:"routes,omitempty"`
	// Tunnels of the connection; two in a healthy one.
	Tunnels []*VPNTunnel `json:"tunnels,omitempty"`
}

// Kind implements cloud.Resource.
func (*VPNConnection) Kind() cloud.Kind { return "AWS::EC2::VPNConnection" }

// VPNTunnel is one tunnel of a VPN connection. Its pre-shared key is not read.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VgwTelemetry.html
type VPNTunnel struct {
	cloud.Object
	// OutsideIP is the public address of the AWS end.
	OutsideIP string `json:"outside_ip,omitempty"`
	// Up is whether the tunnel carries traffic.
	Up bool `json:"up"`
	// ChangedAt is when the status last changed.
	ChangedAt time.Time `json:"changed_at,omitzero"`
	// IKEVersions that are accepted; AWS accepts ikev1 and ikev2 unless told otherwise.
	IKEVersions []string `json:"ike_versions,omitempty"`
	// Logging is whether the tunnel writes its log to CloudWatch Logs.
	Logging bool `json:"logging,omitempty"`
}

// FlowLog records the packets of a VPC, a subnet, an interface or a transit gateway.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
type FlowLog struct {
	cloud.Base

	// One of the following is what the log records.

	VPC            cloud.Link[VPC]              `json:"vpc,omitzero"`
	Subnet         cloud.Link[Subnet]           `json:"subnet,omitzero"`
	Interface      cloud.Link[NetworkInterface] `json:"interface,omitzero"`
	TransitGateway cloud.Link[TransitGateway]   `json:"transit_gateway,omitzero"`

	// TrafficType is ACCEPT, REJECT or ALL; empty for transit gateways.
	TrafficType string `json:"traffic_type,omitempty"`
	// Active is whether the log is switched on.
	Active bool `json:"active"`
	// DeliveryFailed is whether AWS could not deliver the log's records.
	DeliveryFailed bool `json:"delivery_failed,omitempty"`
	// DestinationType is cloud-watch-logs, s3 or kinesis-data-firehose.
	DestinationType string `json:"destination_type,omitempty"`
	// LogGroup or Bucket receives the records.
	LogGroup cloud.Link[LogGroup] `json:"log_group,omitzero"`
	Bucket   cloud.Link[Bucket]   `json:"bucket,omitzero"`
	// Format lists the fields of a record, as in ${srcaddr} ${dstaddr}.
	Format string `json:"format,omitempty"`
	// AggregationSeconds is the longest time one record covers: 60 or 600.
	AggregationSeconds int `json:"aggregation_seconds,omitempty"`
}

// Kind implements cloud.Resource.
func (*FlowLog) Kind() cloud.Kind { return "AWS::EC2::FlowLog" }
