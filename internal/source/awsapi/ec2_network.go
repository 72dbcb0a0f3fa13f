package awsapi

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func ec2NetworkService() *service {
	return &service{name: "ec2", read: readNetwork, kinds: []cloud.Kind{
		kindOf[aws.VPC](), kindOf[aws.Subnet](), kindOf[aws.RouteTable](), kindOf[aws.SecurityGroup](), kindOf[aws.NetworkACL](),
		kindOf[aws.NetworkInterface](), kindOf[aws.ElasticIP](), kindOf[aws.PrefixList](), kindOf[aws.InternetGateway](),
		kindOf[aws.EgressOnlyInternetGateway](), kindOf[aws.NATGateway](), kindOf[aws.VPCPeering](), kindOf[aws.VPCEndpoint](),
		kindOf[aws.VPCEndpointService](), kindOf[aws.TransitGateway](), kindOf[aws.TransitGatewayAttachment](),
		kindOf[aws.TransitGatewayRouteTable](), kindOf[aws.VPNGateway](), kindOf[aws.VPNConnection](), kindOf[aws.FlowLog](),
	}}
}

// network is the reading of one region's network.
type network struct {
	*scope
	client *ec2.Client

	prefixLists map[string]types.ManagedPrefixList // every list the region offers, by id
	usedLists   map[string]bool                    // ids that a route or rule names

	tables mainAndOwn // route tables in effect
	acls   map[string]cloud.Ref
	noACLs *cloud.Gap
}

// mainAndOwn are the route tables by the subnet they are associated with, and
// the main ones by VPC.
type mainAndOwn struct {
	bySubnet, mainOf map[string]cloud.Ref
	gap              *cloud.Gap
}

func readNetwork(s *scope) {
	n := &network{
		scope:       s,
		client:      ec2.NewFromConfig(s.cfg),
		prefixLists: map[string]types.ManagedPrefixList{},
		usedLists:   map[string]bool{},
		tables:      mainAndOwn{bySubnet: map[string]cloud.Ref{}, mainOf: map[string]cloud.Ref{}},
		acls:        map[string]cloud.Ref{},
	}
	n.findPrefixLists() // first: rules and routes name lists by id, refs need the owner
	n.readRouteTables() // before subnets, which name the table in effect
	n.readNetworkACLs() // likewise
	for _, read := range []func(){
		n.readVPCs, n.readSubnets, n.readSecurityGroups, n.readInterfaces, n.readElasticIPs, n.readInternetGateways,
		n.readEgressOnlyGateways, n.readNATGateways, n.readPeerings, n.readEndpoints, n.readEndpointServices,
		n.readTransitGateways, n.readVPNGateways, n.readVPNConnections, n.readFlowLogs,
	} {
		read()
	}
	n.readPrefixLists() // last: AWS's own lists are read where something uses them
}

// linkEC2 is ec2Link for ids as EC2's own replies hold them.
func linkEC2[T any](s *scope, what string, id *string) cloud.Link[T] {
	return ec2Link[T](s, what, awssdk.ToString(id))
}

// ec2Base starts an EC2 resource. The id must be there: nothing can be said of
// a thing without one.
func (s *scope) ec2Base(kind string, id *string, tags []types.Tag) cloud.Base {
	b := s.base(s.arn("ec2", kind+"/"+*id), *id)
	b.Tags = tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	return b
}

// otherOwner is the owner of a thing that is shared with the account.
func (s *scope) otherOwner(owner *string) string {
	if o := awssdk.ToString(owner); o != string(s.id) {
		return o
	}
	return ""
}

func (n *network) readVPCs() {
	kind := kindOf[aws.VPC]()
	pages := ec2.NewDescribeVpcsPaginator(n.client, &ec2.DescribeVpcsInput{})
	list(n.scope, pages, func(out *ec2.DescribeVpcsOutput) {
		items(n.scope, kind, out.Vpcs, func(in types.Vpc) {
			v := &aws.VPC{Base: n.ec2Base("vpc", in.VpcId, in.Tags), Tenancy: string(in.InstanceTenancy), Owner: n.otherOwner(in.OwnerId)}
			v.Default = need(v, "default", in.IsDefault)
			if b := in.BlockPublicAccessStates; b != nil {
				v.BlockPublicAccess = string(b.InternetGatewayBlockMode)
			}
			v.CIDRs4, v.CIDRs6 = vpcRanges(in)
			n.add(v)
		})
	}, kind)
}

func vpcRanges(in types.Vpc) (v4, v6 []string) {
	if c := awssdk.ToString(in.CidrBlock); c != "" {
		v4 = append(v4, c)
	}
	for _, a := range in.CidrBlockAssociationSet {
		c := awssdk.ToString(a.CidrBlock)
		if associated(a.CidrBlockState) && c != "" && !slices.Contains(v4, c) {
			v4 = append(v4, c)
		}
	}
	for _, a := range in.Ipv6CidrBlockAssociationSet {
		if c := awssdk.ToString(a.Ipv6CidrBlock); associated(a.Ipv6CidrBlockState) && c != "" {
			v6 = append(v6, c)
		}
	}
	return v4, v6
}

func associated(s *types.VpcCidrBlockState) bool {
	return s == nil || s.State != types.VpcCidrBlockStateCodeDisassociated && s.State != types.VpcCidrBlockStateCodeFailed
}

func (n *network) readSubnets() {
	kind := kindOf[aws.Subnet]()
	pages := ec2.NewDescribeSubnetsPaginator(n.client, &ec2.DescribeSubnetsInput{})
	list(n.scope, pages, func(out *ec2.DescribeSubnetsOutput) {
		items(n.scope, kind, out.Subnets, n.addSubnet)
	}, kind)
}

func (n *network) addSubnet(in types.Subnet) {
	sub := &aws.Subnet{
		Base:               n.ec2Base("subnet", in.SubnetId, in.Tags),
		VPC:                linkEC2[aws.VPC](n.scope, "vpc", in.VpcId),
		CIDR4:              awssdk.ToString(in.CidrBlock),
		AvailabilityZone:   awssdk.ToString(in.AvailabilityZone),
		AvailabilityZoneID: awssdk.ToString(in.AvailabilityZoneId),
		AutoAssignIPv6:     awssdk.ToBool(in.AssignIpv6AddressOnCreation),
		DefaultForAZ:       awssdk.ToBool(in.DefaultForAz),
		Owner:              n.otherOwner(in.OwnerId),
	}
	sub.AutoAssignPublicIP = need(sub, "auto_assign_public_ip", in.MapPublicIpOnLaunch)
	if b := in.BlockPublicAccessStates; b != nil {
		sub.BlockPublicAccess = string(b.InternetGatewayBlockMode)
	}
	for _, a := range in.Ipv6CidrBlockAssociationSet {
		if c := awssdk.ToString(a.Ipv6CidrBlock); c != "" && (a.Ipv6CidrBlockState == nil || a.Ipv6CidrBlockState.State != types.SubnetCidrBlockStateCodeDisassociated) {
			sub.CIDRs6 = append(sub.CIDRs6, c)
		}
	}
	table, own := n.tables.bySubnet[*in.SubnetId]
	if !own {
		table = n.tables.mainOf[awssdk.ToString(in.VpcId)]
		// While tables are missing from the list, the subnet's own may be among them.
		sub.SetGap(n.tables.gap, "route_table", "main_route_table")
		if n.tables.gap == nil && table == "" {
			sub.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "ec2:DescribeRouteTables", Message: "no route table of the subnet or its VPC is listed"}, "route_table", "main_route_table")
		}
	}
	if sub.Gap("route_table") == nil {
		sub.RouteTable, sub.MainRouteTable = cloud.LinkTo[aws.RouteTable](table), !own
	}
	if acl, ok := n.acls[*in.SubnetId]; ok {
		sub.NetworkACL = cloud.LinkTo[aws.NetworkACL](acl)
	} else if n.noACLs != nil {
		sub.SetGap(n.noACLs, "network_acl")
	} else {
		sub.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "ec2:DescribeNetworkAcls", Message: "no network ACL of the subnet is listed"}, "network_acl")
	}
	n.add(sub)
}

func (n *network) readRouteTables() {
	kind := kindOf[aws.RouteTable]()
	pages := ec2.NewDescribeRouteTablesPaginator(n.client, &ec2.DescribeRouteTablesInput{})
	n.tables.gap = list(n.scope, pages, func(out *ec2.DescribeRouteTablesOutput) {
		items(n.scope, kind, out.RouteTables, func(in types.RouteTable) {
			t := &aws.RouteTable{Base: n.ec2Base("route-table", in.RouteTableId, in.Tags), VPC: linkEC2[aws.VPC](n.scope, "vpc", in.VpcId), Owner: n.otherOwner(in.OwnerId)}
			for _, a := range in.Associations {
				n.associate(t, in, a)
			}
			for _, g := range in.PropagatingVgws {
				t.PropagatingVPNGateways = append(t.PropagatingVPNGateways, linkEC2[aws.VPNGateway](n.scope, "vpn-gateway", g.GatewayId))
			}
			for _, r := range in.Routes {
				t.Routes = append(t.Routes, n.route(r))
			}
			n.add(t)
		})
	}, kind)
}

// associate records for what the table is in effect.
func (n *network) associate(t *aws.RouteTable, in types.RouteTable, a types.RouteTableAssociation) {
	if st := a.AssociationState; st != nil && (st.State == types.RouteTableAssociationStateCodeDisassociated || st.State == types.RouteTableAssociationStateCodeFailed) {
		return
	}
	subnet, gateway := awssdk.ToString(a.SubnetId), awssdk.ToString(a.GatewayId)
	switch {
	case subnet != "":
		n.tables.bySubnet[subnet] = t.Ref
	case strings.HasPrefix(gateway, "igw-"):
		t.InternetGateways = append(t.InternetGateways, linkEC2[aws.InternetGateway](n.scope, "internet-gateway", a.GatewayId))
	case strings.HasPrefix(gateway, "vgw-"):
		t.VPNGateways = append(t.VPNGateways, linkEC2[aws.VPNGateway](n.scope, "vpn-gateway", a.GatewayId))
	case awssdk.ToBool(a.Main):
		t.Main = true
		n.tables.mainOf[awssdk.ToString(in.VpcId)] = t.Ref
	}
}

func (n *network) route(in types.Route) *aws.Route {
	r := &aws.Route{
		Destination: cmp.Or(awssdk.ToString(in.DestinationCidrBlock), awssdk.ToString(in.DestinationIpv6CidrBlock)),
		PrefixList:  n.prefixListLink(in.DestinationPrefixListId),
		Blackhole:   in.State == types.RouteStateBlackhole,
		Propagated:  in.Origin == types.RouteOriginEnableVgwRoutePropagation,
		TargetKind:  "other",
	}
	gateway := awssdk.ToString(in.GatewayId)
	aim := func(kind string, id *string) bool {
		if awssdk.ToString(id) == "" {
			return false
		}
		r.TargetKind, r.Target = kind, *id
		return true
	}
	switch s := n.scope; {
	case aim("nat-gateway", in.NatGatewayId):
		r.NATGateway = linkEC2[aws.NATGateway](s, "natgateway", in.NatGatewayId)
	case aim("egress-only-internet-gateway", in.EgressOnlyInternetGatewayId):
		r.EgressOnlyInternetGateway = linkEC2[aws.EgressOnlyInternetGateway](s, "egress-only-internet-gateway", in.EgressOnlyInternetGatewayId)
	case aim("transit-gateway", in.TransitGatewayId):
		r.TransitGateway = linkEC2[aws.TransitGateway](s, "transit-gateway", in.TransitGatewayId)
	case aim("vpc-peering", in.VpcPeeringConnectionId):
		r.Peering = linkEC2[aws.VPCPeering](s, "vpc-peering-connection", in.VpcPeeringConnectionId)
	case aim("network-interface", in.NetworkInterfaceId):
		r.Interface = linkEC2[aws.NetworkInterface](s, "network-interface", in.NetworkInterfaceId)
	case aim("carrier-gateway", in.CarrierGatewayId), aim("local-gateway", in.LocalGatewayId), aim("core-network", in.CoreNetworkArn):
	case strings.HasPrefix(gateway, "igw-"):
		aim("internet-gateway", in.GatewayId)
		r.InternetGateway = linkEC2[aws.InternetGateway](s, "internet-gateway", in.GatewayId)
	case strings.HasPrefix(gateway, "vgw-"):
		aim("vpn-gateway", in.GatewayId)
		r.VPNGateway = linkEC2[aws.VPNGateway](s, "vpn-gateway", in.GatewayId)
	case strings.HasPrefix(gateway, "vpce-"):
		aim("vpc-endpoint", in.GatewayId)
		r.Endpoint = linkEC2[aws.VPCEndpoint](s, "vpc-endpoint", in.GatewayId)
	case gateway != "":
		aim("other", in.GatewayId)
		if gateway == "local" {
			r.TargetKind = "local"
		}
	}
	return r
}

func (n *network) readSecurityGroups() {
	kind := kindOf[aws.SecurityGroup]()
	pages := ec2.NewDescribeSecurityGroupsPaginator(n.client, &ec2.DescribeSecurityGroupsInput{MaxResults: awssdk.Int32(1000)})
	list(n.scope, pages, func(out *ec2.DescribeSecurityGroupsOutput) {
		items(n.scope, kind, out.SecurityGroups, func(in types.SecurityGroup) {
			g := &aws.SecurityGroup{
				Base:        n.ec2Base("security-group", in.GroupId, in.Tags),
				GroupName:   awssdk.ToString(in.GroupName),
				Description: awssdk.ToString(in.Description),
				VPC:         linkEC2[aws.VPC](n.scope, "vpc", in.VpcId),
				Owner:       n.otherOwner(in.OwnerId),
			}
			// No other group may bear the name.
			g.Default = need(g, "default", in.GroupName) == "default"
			for _, p := range in.IpPermissions {
				g.Ingress = append(g.Ingress, n.securityGroupRule(p))
			}
			for _, p := range in.IpPermissionsEgress {
				g.Egress = append(g.Egress, n.securityGroupRule(p))
			}
			n.add(g)
		})
	}, kind)
}

func (n *network) securityGroupRule(in types.IpPermission) *aws.SecurityGroupRule {
	r := &aws.SecurityGroupRule{}
	r.Protocol = protocolName(need(r, "protocol", in.IpProtocol))
	r.FromPort, r.ToPort = -1, -1
	if in.FromPort != nil && in.ToPort != nil {
		r.FromPort, r.ToPort = int(*in.FromPort), int(*in.ToPort)
	}
	describe := func(d *string) { r.Description = cmp.Or(r.Description, awssdk.ToString(d)) }
	for _, p := range in.IpRanges {
		r.CIDRs4 = append(r.CIDRs4, *p.CidrIp)
		describe(p.Description)
	}
	for _, p := range in.Ipv6Ranges {
		r.CIDRs6 = append(r.CIDRs6, *p.CidrIpv6)
		describe(p.Description)
	}
	for _, p := range in.PrefixListIds {
		r.PrefixLists = append(r.PrefixLists, n.prefixListLink(p.PrefixListId))
		describe(p.Description)
	}
	for _, p := range in.UserIdGroupPairs {
		r.Groups = append(r.Groups, n.groupLink(p))
		describe(p.Description)
	}
	return r
}

// groupLink leads to a group of this account, or of the peer that owns it.
func (n *network) groupLink(p types.UserIdGroupPair) cloud.Link[aws.SecurityGroup] {
	ref := n.arn("ec2", "security-group/"+*p.GroupId)
	if owner := n.otherOwner(p.UserId); owner != "" {
		ref = cloud.Ref(strings.Replace(string(ref), ":"+string(n.id)+":", ":"+owner+":", 1))
	}
	return cloud.LinkTo[aws.SecurityGroup](ref)
}

// protocolName returns AWS's name for an IP protocol number, where it has one.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func protocolName(p string) string {
	switch p {
	case "1":
		return "icmp"
	case "6":
		return "tcp"
	case "17":
		return "udp"
	case "58":
		return "icmpv6"
	case "all":
		return "-1"
	}
	return strings.ToLower(p)
}

func (n *network) readNetworkACLs() {
	kind := kindOf[aws.NetworkACL]()
	pages := ec2.NewDescribeNetworkAclsPaginator(n.client, &ec2.DescribeNetworkAclsInput{})
	n.noACLs = list(n.scope, pages, func(out *ec2.DescribeNetworkAclsOutput) {
		items(n.scope, kind, out.NetworkAcls, func(in types.NetworkAcl) {
			a := &aws.NetworkACL{Base: n.ec2Base("network-acl", in.NetworkAclId, in.Tags), VPC: linkEC2[aws.VPC](n.scope, "vpc", in.VpcId), Owner: n.otherOwner(in.OwnerId)}
			a.Default = need(a, "default", in.IsDefault)
			for _, s := range in.Associations {
				n.acls[awssdk.ToString(s.SubnetId)] = a.Ref
			}
			for _, e := range in.Entries {
				a.Entries = append(a.Entries, aclEntry(e))
			}
			slices.SortStableFunc(a.Entries, func(x, y *aws.NetworkACLEntry) int {
				if x.Egress != y.Egress {
					if x.Egress {
						return 1
					}
					return -1
				}
				return cmp.Compare(x.RuleNumber, y.RuleNumber)
			})
			n.add(a)
		})
	}, kind)
}

func aclEntry(in types.NetworkAclEntry) *aws.NetworkACLEntry {
	e := &aws.NetworkACLEntry{FromPort: -1, ToPort: -1, CIDR: cmp.Or(awssdk.ToString(in.CidrBlock), awssdk.ToString(in.Ipv6CidrBlock))}
	e.RuleNumber = int(need(e, "rule_number", in.RuleNumber))
	e.Egress = need(e, "egress", in.Egress)
	e.Protocol = protocolName(need(e, "protocol", in.Protocol))
	e.Allow = in.RuleAction == types.RuleActionAllow
	if in.RuleAction == "" {
		need[string](e, "allow", nil)
	}
	if e.CIDR == "" {
		need[string](e, "cidr", nil)
	}
	if p := in.PortRange; p != nil && p.From != nil && p.To != nil {
		e.FromPort, e.ToPort = int(*p.From), int(*p.To)
	}
	if c := in.IcmpTypeCode; c != nil && c.Type != nil && strings.HasPrefix(e.Protocol, "icmp") {
		e.FromPort, e.ToPort = int(*c.Type), int(awssdk.ToInt32(c.Code))
	}
	return e
}

func (n *network) readInterfaces() {
	kind := kindOf[aws.NetworkInterface]()
	pages := ec2.NewDescribeNetworkInterfacesPaginator(n.client, &ec2.DescribeNetworkInterfacesInput{MaxResults: awssdk.Int32(1000)})
	list(n.scope, pages, func(out *ec2.DescribeNetworkInterfacesOutput) {
		items(n.scope, kind, out.NetworkInterfaces, n.addInterface)
	}, kind)
}

func (n *network) addInterface(in types.NetworkInterface) {
	i := &aws.NetworkInterface{
		Base:                n.ec2Base("network-interface", in.NetworkInterfaceId, in.TagSet),
		VPC:                 linkEC2[aws.VPC](n.scope, "vpc", in.VpcId),
		Subnet:              linkEC2[aws.Subnet](n.scope, "subnet", in.SubnetId),
		InterfaceType:       string(in.InterfaceType),
		Status:              string(in.Status),
		Description:         awssdk.ToString(in.Description),
		RequesterManaged:    awssdk.ToBool(in.RequesterManaged),
		Requester:           awssdk.ToString(in.RequesterId),
		DenyInternetGateway: awssdk.ToBool(in.DenyAllIgwTraffic),
	}
	i.SourceDestCheck = need(i, "source_dest_check", in.SourceDestCheck)
	for _, g := range in.Groups {
		i.SecurityGroups = append(i.SecurityGroups, linkEC2[aws.SecurityGroup](n.scope, "security-group", g.GroupId))
	}
	i.PrivateIPs, i.PublicIPs = interfaceAddresses(in)
	for _, a := range in.Ipv6Addresses {
		i.IPv6 = append(i.IPv6, awssdk.ToString(a.Ipv6Address))
	}
	if a := in.Attachment; a != nil {
		i.Instance = linkEC2[aws.Instance](n.scope, "instance", a.InstanceId)
		i.DeviceIndex = int(awssdk.ToInt32(a.DeviceIndex))
	}
	if lb, ok := strings.CutPrefix(i.Description, "ELB "); ok && i.RequesterManaged {
		if strings.Contains(lb, "/") {
			i.LoadBalancer = cloud.LinkTo[aws.LoadBalancer](n.arn("elasticloadbalancing", "loadbalancer/"+lb))
		} else {
			i.ClassicLoadBalancer = cloud.LinkTo[aws.ClassicLoadBalancer](n.arn("elasticloadbalancing", "loadbalancer/"+lb))
		}
	}
	n.add(i)
}

// interfaceAddresses returns the private and public IPv4 addresses, the
// primary private one first.
func interfaceAddresses(in types.NetworkInterface) (private, public []string) {
	note := func(list *[]string, ip *string) {
		if v := awssdk.ToString(ip); v != "" && !slices.Contains(*list, v) {
			*list = append(*list, v)
		}
	}
	note(&private, in.PrivateIpAddress)
	if a := in.Association; a != nil {
		note(&public, a.PublicIp)
	}
	for _, p := range in.PrivateIpAddresses {
		note(&private, p.PrivateIpAddress)
		if a := p.Association; a != nil {
			note(&public, a.PublicIp)
		}
	}
	return private, public
}

func (n *network) readElasticIPs() {
	kind := kindOf[aws.ElasticIP]()
	get(n.scope, n.client.DescribeAddresses, &ec2.DescribeAddressesInput{}, func(out *ec2.DescribeAddressesOutput) {
		items(n.scope, kind, out.Addresses, func(in types.Address) {
			id := in.AllocationId
			if awssdk.ToString(id) == "" {
				id = in.PublicIp
			}
			e := &aws.ElasticIP{
				Base:           n.ec2Base("elastic-ip", id, in.Tags),
				PublicIP:       awssdk.ToString(in.PublicIp),
				PrivateIP:      awssdk.ToString(in.PrivateIpAddress),
				Associated:     awssdk.ToString(in.AssociationId)+awssdk.ToString(in.InstanceId)+awssdk.ToString(in.NetworkInterfaceId) != "",
				Interface:      linkEC2[aws.NetworkInterface](n.scope, "network-interface", in.NetworkInterfaceId),
				Instance:       linkEC2[aws.Instance](n.scope, "instance", in.InstanceId),
				ServiceManaged: string(in.ServiceManaged),
			}
			n.add(e)
		})
	}, kind)
}

func (n *network) findPrefixLists() {
	pages := ec2.NewDescribeManagedPrefixListsPaginator(n.client, &ec2.DescribeManagedPrefixListsInput{})
	list(n.scope, pages, func(out *ec2.DescribeManagedPrefixListsOutput) {
		items(n.scope, kindOf[aws.PrefixList](), out.PrefixLists, func(in types.ManagedPrefixList) { n.prefixLists[*in.PrefixListId] = in })
	}, kindOf[aws.PrefixList]())
}

// prefixListLink leads to a list by its id, and notes that the list is in use.
func (n *network) prefixListLink(id *string) cloud.Link[aws.PrefixList] {
	if awssdk.ToString(id) == "" {
		return cloud.Link[aws.PrefixList]{}
	}
	n.usedLists[*id] = true
	return cloud.LinkTo[aws.PrefixList](n.prefixListRef(*id))
}

func (n *network) prefixListRef(id string) cloud.Ref {
	if arn := awssdk.ToString(n.prefixLists[id].PrefixListArn); arn != "" {
		return cloud.Ref(arn)
	}
	return n.arn("ec2", "prefix-list/"+id)
}

func (n *network) readPrefixLists() {
	var use []types.ManagedPrefixList
	for id, in := range n.prefixLists {
		if n.usedLists[id] || awssdk.ToString(in.OwnerId) != "AWS" {
			use = append(use, in)
		}
	}
	each(n.scope, kindOf[aws.PrefixList](), use, func(in types.ManagedPrefixList) {
		p := &aws.PrefixList{
			Base:          n.ec2Base("prefix-list", in.PrefixListId, in.Tags),
			ListName:      awssdk.ToString(in.PrefixListName),
			Owner:         awssdk.ToString(in.OwnerId),
			AddressFamily: awssdk.ToString(in.AddressFamily),
		}
		p.Ref = n.prefixListRef(*in.PrefixListId)
		defer n.add(p)
		pages := ec2.NewGetManagedPrefixListEntriesPaginator(n.client, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: in.PrefixListId})
		fillList(n.scope, p, []string{"entries"}, pages, func(out *ec2.GetManagedPrefixListEntriesOutput) {
			for _, e := range out.Entries {
				p.Entries = append(p.Entries, &aws.PrefixListEntry{CIDR: *e.Cidr, Description: awssdk.ToString(e.Description)})
			}
		})
	})
}

func (n *network) readInternetGateways() {
	kind := kindOf[aws.InternetGateway]()
	pages := ec2.NewDescribeInternetGatewaysPaginator(n.client, &ec2.DescribeInternetGatewaysInput{})
	list(n.scope, pages, func(out *ec2.DescribeInternetGatewaysOutput) {
		items(n.scope, kind, out.InternetGateways, func(in types.InternetGateway) {
			n.add(&aws.InternetGateway{Base: n.ec2Base("internet-gateway", in.InternetGatewayId, in.Tags), VPCs: n.attachedTo(in.Attachments)})
		})
	}, kind)
}

func (n *network) readEgressOnlyGateways() {
	kind := kindOf[aws.EgressOnlyInternetGateway]()
	pages := ec2.NewDescribeEgressOnlyInternetGatewaysPaginator(n.client, &ec2.DescribeEgressOnlyInternetGatewaysInput{})
	list(n.scope, pages, func(out *ec2.DescribeEgressOnlyInternetGatewaysOutput) {
		items(n.scope, kind, out.EgressOnlyInternetGateways, func(in types.EgressOnlyInternetGateway) {
			n.add(&aws.EgressOnlyInternetGateway{
				Base: n.ec2Base("egress-only-internet-gateway", in.EgressOnlyInternetGatewayId, in.Tags), VPCs: n.attachedTo(in.Attachments),
			})
		})
	}, kind)
}

func (n *network) attachedTo(in []types.InternetGatewayAttachment) []cloud.Link[aws.VPC] {
	var vpcs []cloud.Link[aws.VPC]
	for _, a := range in {
		if a.State != types.AttachmentStatusDetached {
			vpcs = append(vpcs, linkEC2[aws.VPC](n.scope, "vpc", a.VpcId))
		}
	}
	return vpcs
}

func (n *network) readNATGateways() {
	kind := kindOf[aws.NATGateway]()
	pages := ec2.NewDescribeNatGatewaysPaginator(n.client, &ec2.DescribeNatGatewaysInput{})
	list(n.scope, pages, func(out *ec2.DescribeNatGatewaysOutput) {
		items(n.scope, kind, out.NatGateways, func(in types.NatGateway) {
			if in.State == types.NatGatewayStateDeleted {
				return // listed for an hour after it is gone
			}
			g := &aws.NATGateway{
				Base:         n.ec2Base("natgateway", in.NatGatewayId, in.Tags),
				VPC:          linkEC2[aws.VPC](n.scope, "vpc", in.VpcId),
				Subnet:       linkEC2[aws.Subnet](n.scope, "subnet", in.SubnetId),
				Connectivity: string(in.ConnectivityType),
				State:        string(in.State),
			}
			for _, a := range in.NatGatewayAddresses {
				if awssdk.ToString(a.NetworkInterfaceId) != "" {
					g.Interfaces = append(g.Interfaces, linkEC2[aws.NetworkInterface](n.scope, "network-interface", a.NetworkInterfaceId))
				}
				if ip := awssdk.ToString(a.PublicIp); ip != "" {
					g.PublicIPs = append(g.PublicIPs, ip)
				}
			}
			n.add(g)
		})
	}, kind)
}

func (n *network) readPeerings() {
	kind := kindOf[aws.VPCPeering]()
	pages := ec2.NewDescribeVpcPeeringConnectionsPaginator(n.client, &ec2.DescribeVpcPeeringConnectionsInput{})
	list(n.scope, pages, func(out *ec2.DescribeVpcPeeringConnectionsOutput) {
		items(n.scope, kind, out.VpcPeeringConnections, func(in types.VpcPeeringConnection) {
			p := &aws.VPCPeering{Base: n.ec2Base("vpc-peering-connection", in.VpcPeeringConnectionId, in.Tags)}
			if in.Status != nil {
				p.Status = string(in.Status.Code)
			}
			if p.Status == string(types.VpcPeeringConnectionStateReasonCodeDeleted) {
				return
			}
			p.Requester, p.Accepter = n.peeringSide(in.RequesterVpcInfo), n.peeringSide(in.AccepterVpcInfo)
			n.add(p)
		})
	}, kind)
}

func (n *network) peeringSide(in *types.VpcPeeringConnectionVpcInfo) *aws.PeeringSide {
	if in == nil {
		return nil
	}
	side := &aws.PeeringSide{Account: awssdk.ToString(in.OwnerId), Region: cmp.Or(awssdk.ToString(in.Region), string(n.region))}
	if id := awssdk.ToString(in.VpcId); id != "" {
		side.VPC = cloud.LinkTo[aws.VPC](cloud.Ref("arn:" + n.partition + ":ec2:" + side.Region + ":" + cmp.Or(side.Account, string(n.id)) + ":vpc/" + id))
	}
	for _, c := range in.CidrBlockSet {
		side.CIDRs4 = append(side.CIDRs4, awssdk.ToString(c.CidrBlock))
	}
	if c := awssdk.ToString(in.CidrBlock); c != "" && !slices.Contains(side.CIDRs4, c) {
		side.CIDRs4 = append(side.CIDRs4, c)
	}
	for _, c := range in.Ipv6CidrBlockSet {
		side.CIDRs6 = append(side.CIDRs6, awssdk.ToString(c.Ipv6CidrBlock))
	}
	if o := in.PeeringOptions; o != nil {
		side.RemoteDNS = awssdk.ToBool(o.AllowDnsResolutionFromRemoteVpc)
	}
	return side
}

func (n *network) readEndpoints() {
	kind := kindOf[aws.VPCEndpoint]()
	pages := ec2.NewDescribeVpcEndpointsPaginator(n.client, &ec2.DescribeVpcEndpointsInput{})
	list(n.scope, pages, func(out *ec2.DescribeVpcEndpointsOutput) {
		items(n.scope, kind, out.VpcEndpoints, func(in types.VpcEndpoint) {
			if strings.EqualFold(string(in.State), "deleted") {
				return
			}
			e := &aws.VPCEndpoint{
				Base:        n.ec2Base("vpc-endpoint", in.VpcEndpointId, in.Tags),
				VPC:         linkEC2[aws.VPC](n.scope, "vpc", in.VpcId),
				Type:        string(in.VpcEndpointType),
				Service:     awssdk.ToString(in.ServiceName),
				State:       string(in.State),
				PrivateDNS:  awssdk.ToBool(in.PrivateDnsEnabled),
				Subnets:     ec2Links[aws.Subnet](n.scope, "subnet", in.SubnetIds),
				RouteTables: ec2Links[aws.RouteTable](n.scope, "route-table", in.RouteTableIds),
				Interfaces:  ec2Links[aws.NetworkInterface](n.scope, "network-interface", in.NetworkInterfaceIds),
			}
			if e.State != "" {
				e.State = strings.ToLower(e.State[:1]) + e.State[1:] // AWS sends Available and available
			}
			e.Policy = parsePolicy(e, "policy", in.PolicyDocument)
			for _, g := range in.Groups {
				e.SecurityGroups = append(e.SecurityGroups, linkEC2[aws.SecurityGroup](n.scope, "security-group", g.GroupId))
			}
			for _, d := range in.DnsEntries {
				e.DNSNames = append(e.DNSNames, awssdk.ToString(d.DnsName))
			}
			n.add(e)
		})
	}, kind)
}

func (n *network) readEndpointServices() {
	kind := kindOf[aws.VPCEndpointService]()
	var found []types.ServiceConfiguration
	pages := ec2.NewDescribeVpcEndpointServiceConfigurationsPaginator(n.client, &ec2.DescribeVpcEndpointServiceConfigurationsInput{})
	list(n.scope, pages, func(out *ec2.DescribeVpcEndpointServiceConfigurationsOutput) {
		found = append(found, out.ServiceConfigurations...)
	}, kind)
	each(n.scope, kind, found, func(in types.ServiceConfiguration) {
		e := &aws.VPCEndpointService{Base: n.ec2Base("vpc-endpoint-service", in.ServiceId, in.Tags), ServiceName: awssdk.ToString(in.ServiceName)}
		defer n.add(e)
		e.AcceptanceRequired = need(e, "acceptance_required", in.AcceptanceRequired)
		for _, arn := range slices.Concat(in.NetworkLoadBalancerArns, in.GatewayLoadBalancerArns) {
			e.LoadBalancers = append(e.LoadBalancers, cloud.LinkTo[aws.LoadBalancer](cloud.Ref(arn)))
		}
		pages := ec2.NewDescribeVpcEndpointServicePermissionsPaginator(n.client, &ec2.DescribeVpcEndpointServicePermissionsInput{ServiceId: in.ServiceId})
		fillList(n.scope, e, []string{"allowed_principals"}, pages, func(out *ec2.DescribeVpcEndpointServicePermissionsOutput) {
			for _, p := range out.AllowedPrincipals {
				e.AllowedPrincipals = append(e.AllowedPrincipals, *p.Principal)
			}
		})
	})
}

// readTransitGateways reads transit gateways and what belongs to them. Where
// there is no gateway there is nothing else to ask for.
func (n *network) readTransitGateways() {
	kind := kindOf[aws.TransitGateway]()
	found := false
	pages := ec2.NewDescribeTransitGatewaysPaginator(n.client, &ec2.DescribeTransitGatewaysInput{})
	gap := list(n.scope, pages, func(out *ec2.DescribeTransitGatewaysOutput) {
		items(n.scope, kind, out.TransitGateways, func(in types.TransitGateway) {
			if in.State == types.TransitGatewayStateDeleted {
				return
			}
			found = true
			g := &aws.TransitGateway{Base: n.ec2Base("transit-gateway", in.TransitGatewayId, in.Tags), Owner: n.otherOwner(in.OwnerId), State: string(in.State)}
			if o := in.Options; o != nil {
				g.AutoAcceptSharedAttachments = o.AutoAcceptSharedAttachments == types.AutoAcceptSharedAttachmentsValueEnable
				g.DefaultRouteTableAssociation = o.DefaultRouteTableAssociation == types.DefaultRouteTableAssociationValueEnable
				g.DefaultRouteTablePropagation = o.DefaultRouteTablePropagation == types.DefaultRouteTablePropagationValueEnable
				g.CIDRs = o.TransitGatewayCidrBlocks
			} else {
				need[string](g, "auto_accept_shared_attachments", nil)
				need[string](g, "default_route_table_association", nil)
				need[string](g, "default_route_table_propagation", nil)
			}
			n.add(g)
		})
	}, kind)
	if found || gap != nil {
		n.readTransitGatewayAttachments()
		n.readTransitGatewayRouteTables()
		return
	}
	n.decide(nil, []cloud.Kind{kindOf[aws.TransitGatewayAttachment](), kindOf[aws.TransitGatewayRouteTable]()})
}

func (n *network) readTransitGatewayAttachments() {
	kind := kindOf[aws.TransitGatewayAttachment]()
	subnets := map[string][]string{}
	vpcPages := ec2.NewDescribeTransitGatewayVpcAttachmentsPaginator(n.client, &ec2.DescribeTransitGatewayVpcAttachmentsInput{})
	noSubnets := list(n.scope, vpcPages, func(out *ec2.DescribeTransitGatewayVpcAttachmentsOutput) {
		for _, a := range out.TransitGatewayVpcAttachments {
			subnets[awssdk.ToString(a.TransitGatewayAttachmentId)] = a.SubnetIds
		}
	})
	pages := ec2.NewDescribeTransitGatewayAttachmentsPaginator(n.client, &ec2.DescribeTransitGatewayAttachmentsInput{})
	list(n.scope, pages, func(out *ec2.DescribeTransitGatewayAttachmentsOutput) {
		items(n.scope, kind, out.TransitGatewayAttachments, func(in types.TransitGatewayAttachment) {
			if in.State == types.TransitGatewayAttachmentStateDeleted {
				return
			}
			a := &aws.TransitGatewayAttachment{
				Base:           n.ec2Base("transit-gateway-attachment", in.TransitGatewayAttachmentId, in.Tags),
				TransitGateway: linkEC2[aws.TransitGateway](n.scope, "transit-gateway", in.TransitGatewayId),
				ResourceType:   string(in.ResourceType),
				ResourceID:     awssdk.ToString(in.ResourceId),
				ResourceOwner:  awssdk.ToString(in.ResourceOwnerId),
				State:          string(in.State),
				Subnets:        ec2Links[aws.Subnet](n.scope, "subnet", subnets[*in.TransitGatewayAttachmentId]),
			}
			switch in.ResourceType {
			case types.TransitGatewayAttachmentResourceTypeVpc:
				owner := cmp.Or(a.ResourceOwner, string(n.id))
				a.VPC = cloud.LinkTo[aws.VPC](cloud.Ref("arn:" + n.partition + ":ec2:" + string(n.region) + ":" + owner + ":vpc/" + a.ResourceID))
				a.SetGap(noSubnets, "subnets")
			case types.TransitGatewayAttachmentResourceTypeVpn:
				a.VPN = linkEC2[aws.VPNConnection](n.scope, "vpn-connection", in.ResourceId)
			}
			if t := in.Association; t != nil {
				a.RouteTable = linkEC2[aws.TransitGatewayRouteTable](n.scope, "transit-gateway-route-table", t.TransitGatewayRouteTableId)
			}
			n.add(a)
		})
	}, kind)
}

func (n *network) readTransitGatewayRouteTables() {
	kind := kindOf[aws.TransitGatewayRouteTable]()
	var found []types.TransitGatewayRouteTable
	pages := ec2.NewDescribeTransitGatewayRouteTablesPaginator(n.client, &ec2.DescribeTransitGatewayRouteTablesInput{})
	list(n.scope, pages, func(out *ec2.DescribeTransitGatewayRouteTablesOutput) {
		found = append(found, out.TransitGatewayRouteTables...)
	}, kind)
	var mu sync.Mutex // of usedLists
	each(n.scope, kind, found, func(in types.TransitGatewayRouteTable) {
		if in.State == types.TransitGatewayRouteTableStateDeleted {
			return
		}
		t := &aws.TransitGatewayRouteTable{
			Base:               n.ec2Base("transit-gateway-route-table", in.TransitGatewayRouteTableId, in.Tags),
			TransitGateway:     linkEC2[aws.TransitGateway](n.scope, "transit-gateway", in.TransitGatewayId),
			DefaultAssociation: awssdk.ToBool(in.DefaultAssociationRouteTable),
			DefaultPropagation: awssdk.ToBool(in.DefaultPropagationRouteTable),
		}
		defer n.add(t)
		pages := ec2.NewSearchTransitGatewayRoutesPaginator(n.client, &ec2.SearchTransitGatewayRoutesInput{
			TransitGatewayRouteTableId: in.TransitGatewayRouteTableId,
			Filters:                    []types.Filter{{Name: awssdk.String("state"), Values: []string{"active", "blackhole"}}},
		})
		fillList(n.scope, t, []string{"routes"}, pages, func(out *ec2.SearchTransitGatewayRoutesOutput) {
			mu.Lock()
			defer mu.Unlock()
			for _, r := range out.Routes {
				t.Routes = append(t.Routes, n.transitRoute(r))
			}
			if awssdk.ToBool(out.AdditionalRoutesAvailable) && awssdk.ToString(out.NextToken) == "" {
				t.SetGap(&cloud.Gap{Reason: cloud.NotRead, Operation: "ec2:SearchTransitGatewayRoutes", Message: "the table has more routes than the call returns", Partial: true}, "routes")
			}
		})
	})
}

func (n *network) transitRoute(in types.TransitGatewayRoute) *aws.TransitGatewayRoute {
	r := &aws.TransitGatewayRoute{
		Destination: awssdk.ToString(in.DestinationCidrBlock),
		PrefixList:  n.prefixListLink(in.PrefixListId),
		Propagated:  in.Type == types.TransitGatewayRouteTypePropagated,
		Blackhole:   in.State == types.TransitGatewayRouteStateBlackhole,
	}
	for _, a := range in.TransitGatewayAttachments {
		r.Attachments = append(r.Attachments, linkEC2[aws.TransitGatewayAttachment](n.scope, "transit-gateway-attachment", a.TransitGatewayAttachmentId))
	}
	return r
}

func (n *network) readVPNGateways() {
	kind := kindOf[aws.VPNGateway]()
	get(n.scope, n.client.DescribeVpnGateways, &ec2.DescribeVpnGatewaysInput{}, func(out *ec2.DescribeVpnGatewaysOutput) {
		items(n.scope, kind, out.VpnGateways, func(in types.VpnGateway) {
			if in.State == types.VpnStateDeleted {
				return
			}
			g := &aws.VPNGateway{Base: n.ec2Base("vpn-gateway", in.VpnGatewayId, in.Tags)}
			for _, a := range in.VpcAttachments {
				if a.State != types.AttachmentStatusDetached {
					g.VPCs = append(g.VPCs, linkEC2[aws.VPC](n.scope, "vpc", a.VpcId))
				}
			}
			n.add(g)
		})
	}, kind)
}

func (n *network) readVPNConnections() {
	kind := kindOf[aws.VPNConnection]()
	get(n.scope, n.client.DescribeVpnConnections, &ec2.DescribeVpnConnectionsInput{}, func(out *ec2.DescribeVpnConnectionsOutput) {
		items(n.scope, kind, out.VpnConnections, func(in types.VpnConnection) {
			if in.State == types.VpnStateDeleted {
				return
			}
			v := &aws.VPNConnection{
				Base:            n.ec2Base("vpn-connection", in.VpnConnectionId, in.Tags),
				State:           string(in.State),
				VPNGateway:      linkEC2[aws.VPNGateway](n.scope, "vpn-gateway", in.VpnGatewayId),
				TransitGateway:  linkEC2[aws.TransitGateway](n.scope, "transit-gateway", in.TransitGatewayId),
				CustomerGateway: awssdk.ToString(in.CustomerGatewayId),
			}
			var options []types.TunnelOption
			if in.Options != nil {
				v.StaticRoutesOnly = awssdk.ToBool(in.Options.StaticRoutesOnly)
				options = in.Options.TunnelOptions
			}
			for _, r := range in.Routes {
				v.Routes = append(v.Routes, awssdk.ToString(r.DestinationCidrBlock))
			}
			v.Tunnels = vpnTunnels(in.VgwTelemetry, options)
			n.add(v)
		})
	}, kind)
}

func vpnTunnels(status []types.VgwTelemetry, options []types.TunnelOption) []*aws.VPNTunnel {
	var tunnels []*aws.VPNTunnel
	for _, in := range status {
		t := &aws.VPNTunnel{
			OutsideIP: awssdk.ToString(in.OutsideIpAddress),
			Up:        in.Status == types.TelemetryStatusUp,
			ChangedAt: awssdk.ToTime(in.LastStatusChange),
		}
		if in.Status == "" {
			need[string](t, "up", nil)
		}
		for _, o := range options {
			if awssdk.ToString(o.OutsideIpAddress) != t.OutsideIP {
				continue
			}
			for _, v := range o.IkeVersions {
				t.IKEVersions = append(t.IKEVersions, awssdk.ToString(v.Value))
			}
			if o.LogOptions != nil && o.LogOptions.CloudWatchLogOptions != nil {
				t.Logging = awssdk.ToBool(o.LogOptions.CloudWatchLogOptions.LogEnabled)
			}
		}
		tunnels = append(tunnels, t)
	}
	return tunnels
}

func (n *network) readFlowLogs() {
	kind := kindOf[aws.FlowLog]()
	pages := ec2.NewDescribeFlowLogsPaginator(n.client, &ec2.DescribeFlowLogsInput{})
	list(n.scope, pages, func(out *ec2.DescribeFlowLogsOutput) {
		items(n.scope, kind, out.FlowLogs, func(in types.FlowLog) {
			f := &aws.FlowLog{
				Base:               n.ec2Base("vpc-flow-log", in.FlowLogId, in.Tags),
				TrafficType:        string(in.TrafficType),
				DeliveryFailed:     awssdk.ToString(in.DeliverLogsStatus) == "FAILED",
				DestinationType:    cmp.Or(string(in.LogDestinationType), "cloud-watch-logs"),
				Format:             awssdk.ToString(in.LogFormat),
				AggregationSeconds: int(awssdk.ToInt32(in.MaxAggregationInterval)),
			}
			f.Active = need(f, "active", in.FlowLogStatus) == "ACTIVE"
			switch kind, _, _ := strings.Cut(awssdk.ToString(in.ResourceId), "-"); kind {
			case "vpc":
				f.VPC = linkEC2[aws.VPC](n.scope, "vpc", in.ResourceId)
			case "subnet":
				f.Subnet = linkEC2[aws.Subnet](n.scope, "subnet", in.ResourceId)
			case "eni":
				f.Interface = linkEC2[aws.NetworkInterface](n.scope, "network-interface", in.ResourceId)
			case "tgw":
				f.TransitGateway = linkEC2[aws.TransitGateway](n.scope, "transit-gateway", in.ResourceId)
			}
			n.flowLogDestination(f, in)
			n.add(f)
		})
	}, kind)
}

func (n *network) flowLogDestination(f *aws.FlowLog, in types.FlowLog) {
	arn := awssdk.ToString(in.LogDestination)
	switch f.DestinationType {
	case "s3":
		bucket, _, _ := strings.Cut(arn, "/")
		f.Bucket = cloud.LinkTo[aws.Bucket](cloud.Ref(bucket))
	case "cloud-watch-logs":
		if arn == "" && awssdk.ToString(in.LogGroupName) != "" {
			arn = string(n.arn("logs", "log-group:"+*in.LogGroupName))
		}
		f.LogGroup = cloud.LinkTo[aws.LogGroup](cloud.Ref(strings.TrimSuffix(arn, ":*")))
	}
}
