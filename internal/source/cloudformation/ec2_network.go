package cloudformation

import (
	"slices"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ec2NetworkMappings() []code.Mapping {
	return slices.Concat(vpcMappings(), routeMappings(), securityGroupMappings(), networkACLMappings(), interfaceMappings(),
		gatewayMappings(), endpointMappings(), transitGatewayMappings(), vpnMappings())
}

func vpcMappings() []code.Mapping {
	return []code.Mapping{
		code.WithVPCParts(code.Makes("AWS::EC2::VPC", "", "", vpc)),
		code.Joins("AWS::EC2::VPCCidrBlock", "VpcId", vpcRange),
		code.Settles(code.Makes("AWS::EC2::Subnet", "", "", subnet), code.SettleSubnet),
		code.Joins("AWS::EC2::SubnetCidrBlock", "SubnetId", func(f *code.Form, s *aws.Subnet) {
			f.Put(&s.CIDRs6, picked(f.Get("Ipv6CidrBlock"), "IPAM"))
		}),
		code.Makes("AWS::EC2::PrefixList", "", "", prefixList),
		code.Makes("AWS::EC2::FlowLog", "", "", flowLog),
	}
}

// picked is a value that AWS picks where the template gives none.
func picked(v code.Value, by string) code.Value {
	return v.Or(code.Unsure(&code.Hole{Why: "the range is picked by " + by + " at apply"}, nil))
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html
func vpc(f *code.Form, v *aws.VPC) {
	f.Default(&v.Default, &v.BlockPublicAccess, &v.Owner, &v.CIDRs6)
	f.Put(&v.CIDRs4, picked(f.Get("CidrBlock"), "IPAM"))
	f.Set(&v.Tenancy, "InstanceTenancy", "default")
}

// vpcRange adds a range: IPv4 where the template gives one, else IPv6.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpccidrblock.html
func vpcRange(f *code.Form, v *aws.VPC) {
	if four := f.First("CidrBlock", "Ipv4IpamPoolId"); !four.IsAbsent() {
		f.Put(&v.CIDRs4, picked(f.Get("CidrBlock"), "IPAM"))
	} else {
		f.Put(&v.CIDRs6, picked(f.Get("Ipv6CidrBlock"), "AWS"))
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html
func subnet(f *code.Form, s *aws.Subnet) {
	f.Default(&s.DefaultForAZ, &s.BlockPublicAccess, &s.Owner)
	f.Set(&s.VPC, "VpcId")
	f.Set(&s.CIDR4, "CidrBlock")
	f.Set(&s.CIDRs6, "Ipv6CidrBlock")
	f.Set(&s.AutoAssignPublicIP, "MapPublicIpOnLaunch")
	f.Set(&s.AutoAssignIPv6, "AssignIpv6AddressOnCreation")
	if v := f.Get("AvailabilityZone"); !v.IsAbsent() {
		f.Put(&s.AvailabilityZone, v)
	}
	if v := f.Get("AvailabilityZoneId"); !v.IsAbsent() {
		f.Put(&s.AvailabilityZoneID, v)
	}
}

func prefixList(f *code.Form, l *aws.PrefixList) {
	f.Default(&l.Owner)
	f.Set(&l.ListName, "PrefixListName")
	f.Set(&l.AddressFamily, "AddressFamily")
	code.Each(f, &l.Entries, "Entries", func(f *code.Form, e *aws.PrefixListEntry) {
		f.Put(&e.CIDR, code.Ranges(f.Get("Cidr")))
		f.Set(&e.Description, "Description")
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-flowlog.html
func flowLog(f *code.Form, l *aws.FlowLog) {
	f.Is(&l.Active, true)
	f.Default(&l.VPC, &l.Subnet, &l.Interface, &l.TransitGateway, &l.LogGroup, &l.Bucket)
	of := f.Get("ResourceId")
	switch kind, _ := f.Get("ResourceType").Known(); kind {
	case "VPC":
		f.Put(&l.VPC, of)
	case "Subnet":
		f.Put(&l.Subnet, of)
	case "NetworkInterface":
		f.Put(&l.Interface, of)
	case "TransitGateway":
		f.Put(&l.TransitGateway, of)
	}
	f.Set(&l.TrafficType, "TrafficType")
	f.Set(&l.Format, "LogFormat")
	f.Set(&l.AggregationSeconds, "MaxAggregationInterval", 600)
	kind := f.Get("LogDestinationType").Or(code.Text("cloud-watch-logs", nil))
	f.Put(&l.DestinationType, kind)
	switch name, _ := kind.Known(); name {
	case "cloud-watch-logs":
		f.Put(&l.LogGroup, f.First("LogGroupName", "LogDestination"))
	case "s3":
		f.Set(&l.Bucket, "LogDestination")
	}
}

func routeMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::EC2::RouteTable", "", "", func(f *code.Form, t *aws.RouteTable) {
			f.Default(&t.Main, &t.Owner, &t.Routes, &t.InternetGateways, &t.VPNGateways, &t.PropagatingVPNGateways)
			f.Set(&t.VPC, "VpcId")
		}),
		code.Joins("AWS::EC2::Route", "RouteTableId", func(f *code.Form, t *aws.RouteTable) { code.Add(f, &t.Routes, route) }),
		code.Joins("AWS::EC2::SubnetRouteTableAssociation", "SubnetId", func(f *code.Form, s *aws.Subnet) { f.Set(&s.RouteTable, "RouteTableId") }),
		code.Joins("AWS::EC2::GatewayRouteTableAssociation", "RouteTableId", func(f *code.Form, t *aws.RouteTable) {
			if f.KindOf(f.Get("GatewayId")) == (&aws.VPNGateway{}).Kind() {
				f.Set(&t.VPNGateways, "GatewayId")
			} else {
				f.Set(&t.InternetGateways, "GatewayId")
			}
		}),
		code.JoinsEach("AWS::EC2::VPNGatewayRoutePropagation", func(f *code.Form) {
			tables, _ := f.Get("RouteTableIds").Items()
			for _, table := range tables {
				code.Configure(f, table, func(f *code.Form, t *aws.RouteTable) { f.Set(&t.PropagatingVPNGateways, "VpnGatewayId") })
			}
		}),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
func route(f *code.Form, r *aws.Route) {
	f.Put(&r.Destination, code.Ranges(f.First("DestinationCidrBlock", "DestinationIpv6CidrBlock")))
	f.Set(&r.PrefixList, "DestinationPrefixListId")
	code.Aim(f, r, map[string]code.Value{
		"gateway": f.Get("GatewayId"), "nat-gateway": f.Get("NatGatewayId"), "egress-only-internet-gateway": f.Get("EgressOnlyInternetGatewayId"),
		"transit-gateway": f.Get("TransitGatewayId"), "vpc-peering": f.Get("VpcPeeringConnectionId"), "vpc-endpoint": f.Get("VpcEndpointId"),
		"network-interface": f.First("NetworkInterfaceId", "InstanceId"), "local-gateway": f.Get("LocalGatewayId"),
		"carrier-gateway": f.Get("CarrierGatewayId"), "core-network": f.Get("CoreNetworkArn"),
	})
}

func securityGroupMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::EC2::SecurityGroup", "GroupName", "", securityGroup),
		code.Joins("AWS::EC2::SecurityGroupIngress", "GroupId", func(f *code.Form, g *aws.SecurityGroup) {
			f.Default(&g.Default)
			code.Add(f, &g.Ingress, securityGroupRule)
		}),
		code.Joins("AWS::EC2::SecurityGroupEgress", "GroupId", func(f *code.Form, g *aws.SecurityGroup) {
			f.Default(&g.Default)
			code.Add(f, &g.Egress, securityGroupRule)
		}),
	}
}

// securityGroup reads a group. AWS lets everything out unless the group itself
// has a rule for what goes out; rules of their own add to that.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
func securityGroup(f *code.Form, g *aws.SecurityGroup) {
	f.Default(&g.Default, &g.Owner)
	f.Set(&g.GroupName, "GroupName", f.Resource().Label)
	f.Set(&g.Description, "GroupDescription")
	if v := f.Get("VpcId"); !v.IsAbsent() {
		f.Put(&g.VPC, v)
	}
	code.Each(f, &g.Ingress, "SecurityGroupIngress", securityGroupRule)
	egress := f.Get("SecurityGroupEgress")
	if given, known := egress.Present().Bool(); known && !given {
		f.Is(&g.Egress, code.OpenEgress())
	} else {
		code.EachOf(f, &g.Egress, egress, securityGroupRule)
	}
}

func securityGroupRule(f *code.Form, r *aws.SecurityGroupRule) {
	protocol := code.Protocol(f.Get("IpProtocol"))
	f.Put(&r.Protocol, protocol)
	code.Ports(f, &r.FromPort, &r.ToPort, protocol, f.Get("FromPort"), f.Get("ToPort"))
	f.Put(&r.CIDRs4, code.Ranges(f.Get("CidrIp")))
	f.Put(&r.CIDRs6, code.Ranges(f.Get("CidrIpv6")))
	f.Put(&r.PrefixLists, f.First("SourcePrefixListId", "DestinationPrefixListId"))
	f.Put(&r.Groups, f.First("SourceSecurityGroupId", "DestinationSecurityGroupId", "SourceSecurityGroupName"))
	f.Set(&r.Description, "Description")
}

func networkACLMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::EC2::NetworkAcl", "", "", func(f *code.Form, a *aws.NetworkACL) {
			f.Default(&a.Default, &a.Owner, &a.Entries)
			f.Set(&a.VPC, "VpcId")
		}),
		code.Joins("AWS::EC2::NetworkAclEntry", "NetworkAclId", func(f *code.Form, a *aws.NetworkACL) { code.Add(f, &a.Entries, networkACLEntry) }),
		code.Joins("AWS::EC2::SubnetNetworkAclAssociation", "SubnetId", func(f *code.Form, s *aws.Subnet) { f.Set(&s.NetworkACL, "NetworkAclId") }),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkaclentry.html
func networkACLEntry(f *code.Form, e *aws.NetworkACLEntry) {
	protocol := code.Protocol(f.Get("Protocol"))
	f.Set(&e.RuleNumber, "RuleNumber")
	f.Set(&e.Egress, "Egress")
	f.Put(&e.Allow, f.Get("RuleAction").Is("allow"))
	f.Put(&e.Protocol, protocol)
	if icmp, _ := protocol.Is("icmp", "icmpv6").Bool(); icmp {
		code.Ports(f, &e.FromPort, &e.ToPort, protocol, f.Get("Icmp.Type"), f.Get("Icmp.Code"))
	} else {
		code.Ports(f, &e.FromPort, &e.ToPort, protocol, f.Get("PortRange.From"), f.Get("PortRange.To"))
	}
	f.Put(&e.CIDR, code.Ranges(f.First("CidrBlock", "Ipv6CidrBlock")))
}

func interfaceMappings() []code.Mapping {
	return []code.Mapping{
		code.Settles(code.Makes("AWS::EC2::NetworkInterface", "", "", networkInterface), func(f *code.Form, n *aws.NetworkInterface) {
			code.SettleInterface(f, cloud.LinkTo[aws.NetworkInterface](n.Ref), code.Flag(false, nil))
			code.SettleGroups(f, n)
		}),
		code.Joins("AWS::EC2::NetworkInterfaceAttachment", "NetworkInterfaceId", func(f *code.Form, n *aws.NetworkInterface) {
			f.Is(&n.Status, "in-use")
			f.Set(&n.Instance, "InstanceId")
			f.Set(&n.DeviceIndex, "DeviceIndex")
		}),
		code.Settles(code.Makes("AWS::EC2::EIP", "", "", func(f *code.Form, e *aws.ElasticIP) {
			f.Default(&e.ServiceManaged, &e.Interface)
			f.Put(&e.Associated, f.Get("InstanceId").Present())
			f.Set(&e.Instance, "InstanceId")
			f.Set(&e.Interface, "InstanceId")
		}), code.SettleElasticIP),
		code.Joins("AWS::EC2::EIPAssociation", "AllocationId", func(f *code.Form, e *aws.ElasticIP) {
			f.Is(&e.Associated, true)
			f.Set(&e.Instance, "InstanceId")
			f.Put(&e.Interface, f.First("NetworkInterfaceId", "InstanceId"))
		}),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkinterface.html
func networkInterface(f *code.Form, n *aws.NetworkInterface) {
	f.Default(&n.RequesterManaged, &n.Requester, &n.DenyInternetGateway, &n.LoadBalancer, &n.ClassicLoadBalancer, &n.Instance, &n.DeviceIndex)
	f.Set(&n.Subnet, "SubnetId")
	if v := f.Get("GroupSet"); !v.IsAbsent() {
		f.Put(&n.SecurityGroups, v)
	}
	f.Set(&n.InterfaceType, "InterfaceType", "interface")
	f.Set(&n.Description, "Description")
	f.Set(&n.SourceDestCheck, "SourceDestCheck", true)
	f.Is(&n.Status, "available")
	if v := f.Get("Ipv6Addresses"); !v.IsAbsent() {
		f.Put(&n.IPv6, v.Each("Ipv6Address"))
	} else if count := f.Get("Ipv6AddressCount"); !count.IsAbsent() {
		f.Put(&n.IPv6, count.Map(func(string) string { return code.Assigned }))
	}
}

func gatewayMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::EC2::InternetGateway", "", "", func(f *code.Form, g *aws.InternetGateway) { f.Default(&g.VPCs) }),
		code.Makes("AWS::EC2::VPNGateway", "", "", func(f *code.Form, g *aws.VPNGateway) { f.Default(&g.VPCs) }),
		code.JoinsEach("AWS::EC2::VPCGatewayAttachment", func(f *code.Form) {
			if igw := f.Get("InternetGatewayId"); !igw.IsAbsent() {
				code.Configure(f, igw, func(f *code.Form, g *aws.InternetGateway) { f.Set(&g.VPCs, "VpcId") })
			}
			if vgw := f.Get("VpnGatewayId"); !vgw.IsAbsent() {
				code.Configure(f, vgw, func(f *code.Form, g *aws.VPNGateway) { f.Set(&g.VPCs, "VpcId") })
			}
		}),
		code.Makes("AWS::EC2::EgressOnlyInternetGateway", "", "", func(f *code.Form, g *aws.EgressOnlyInternetGateway) { f.Set(&g.VPCs, "VpcId") }),
		code.AlsoJoins(code.Settles(code.Makes("AWS::EC2::NatGateway", "", "", func(f *code.Form, g *aws.NATGateway) {
			f.Set(&g.Subnet, "SubnetId")
			f.Set(&g.Connectivity, "ConnectivityType", "public")
			f.Is(&g.State, "available")
		}), code.SettleNATGateway), func(f *code.Form) { holdElasticIPs(f, f.Get("AllocationId"), f.Get("SecondaryAllocationIds")) }),
		code.Settles(code.Makes("AWS::EC2::VPCPeeringConnection", "", "", peering), settlePeering),
	}
}

// holdElasticIPs says of addresses that something holds them.
func holdElasticIPs(f *code.Form, of ...code.Value) {
	for _, v := range of {
		ids, _ := v.Items()
		for _, id := range ids {
			code.Configure(f, id, func(f *code.Form, e *aws.ElasticIP) { f.Is(&e.Associated, true) })
		}
	}
}

// peering reads a connection: CloudFormation accepts it itself within an
// account, and with a role in another one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcpeeringconnection.html
func peering(f *code.Form, p *aws.VPCPeering) {
	if f.Get("PeerOwnerId").IsAbsent() || !f.Get("PeerRoleArn").IsAbsent() {
		f.Is(&p.Status, "active")
	}
}

func settlePeering(f *code.Form, p *aws.VPCPeering) {
	code.Make(f, &p.Requester, f.Get(""), func(f *code.Form, s *aws.PeeringSide) {
		code.SettlePeeringSide(f, s, f.Get("VpcId"))
		f.Is(&s.Account, string(p.Account))
		f.Is(&s.Region, string(p.Region))
	})
	code.Make(f, &p.Accepter, f.Get(""), func(f *code.Form, s *aws.PeeringSide) {
		code.SettlePeeringSide(f, s, f.Get("PeerVpcId"))
		f.Set(&s.Account, "PeerOwnerId", string(p.Account))
		f.Set(&s.Region, "PeerRegion", string(p.Region))
	})
}

func endpointMappings() []code.Mapping {
	return []code.Mapping{
		code.Settles(code.Makes("AWS::EC2::VPCEndpoint", "", "", vpcEndpoint), code.SettleEndpoint),
		code.Makes("AWS::EC2::VPCEndpointService", "", "", func(f *code.Form, s *aws.VPCEndpointService) {
			f.Default(&s.AllowedPrincipals)
			if v := f.Get("AcceptanceRequired"); !v.IsAbsent() {
				f.Put(&s.AcceptanceRequired, v)
			}
			f.Set(&s.LoadBalancers, "NetworkLoadBalancerArns")
			f.Set(&s.LoadBalancers, "GatewayLoadBalancerArns")
		}),
		code.Joins("AWS::EC2::VPCEndpointServicePermissions", "ServiceId", func(f *code.Form, s *aws.VPCEndpointService) {
			f.Set(&s.AllowedPrincipals, "AllowedPrincipals")
		}),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
func vpcEndpoint(f *code.Form, e *aws.VPCEndpoint) {
	f.Set(&e.VPC, "VpcId")
	f.Set(&e.Type, "VpcEndpointType", "Gateway")
	f.Set(&e.PrivateDNS, "PrivateDnsEnabled")
	f.Set(&e.Subnets, "SubnetIds")
	f.Set(&e.RouteTables, "RouteTableIds")
	f.Set(&e.SecurityGroups, "SecurityGroupIds")
	code.Endpoint(f, e, f.Get("ServiceName"), f.Get("PolicyDocument"))
}

func transitGatewayMappings() []code.Mapping {
	attachment := func(typ, kind string) code.Mapping {
		return code.Makes(typ, "", "", func(f *code.Form, a *aws.TransitGatewayAttachment) {
			f.Is(&a.ResourceType, kind)
			f.Is(&a.State, "available")
			f.Default(&a.VPN, &a.RouteTable)
			f.Set(&a.TransitGateway, "TransitGatewayId")
			f.Set(&a.VPC, "VpcId")
			f.Set(&a.Subnets, "SubnetIds")
		})
	}
	return []code.Mapping{
		code.Makes("AWS::EC2::TransitGateway", "", "", transitGateway),
		attachment("AWS::EC2::TransitGatewayAttachment", "vpc"),
		attachment("AWS::EC2::TransitGatewayVpcAttachment", "vpc"),
		attachment("AWS::EC2::TransitGatewayPeeringAttachment", "peering"),
		attachment("AWS::EC2::TransitGatewayConnect", "connect"),
		code.Makes("AWS::EC2::TransitGatewayRouteTable", "", "", func(f *code.Form, t *aws.TransitGatewayRouteTable) {
			f.Default(&t.DefaultAssociation, &t.DefaultPropagation, &t.Routes)
			f.Set(&t.TransitGateway, "TransitGatewayId")
		}),
		code.Joins("AWS::EC2::TransitGatewayRouteTableAssociation", "TransitGatewayAttachmentId", func(f *code.Form, a *aws.TransitGatewayAttachment) {
			f.Set(&a.RouteTable, "TransitGatewayRouteTableId")
		}),
		code.Joins("AWS::EC2::TransitGatewayRoute", "TransitGatewayRouteTableId", func(f *code.Form, t *aws.TransitGatewayRouteTable) {
			code.Add(f, &t.Routes, func(f *code.Form, r *aws.TransitGatewayRoute) {
				f.Default(&r.PrefixList, &r.Propagated)
				f.Put(&r.Destination, code.Ranges(f.Get("DestinationCidrBlock")))
				f.Set(&r.Blackhole, "Blackhole")
				f.Set(&r.Attachments, "TransitGatewayAttachmentId")
			})
		}),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-transitgateway.html
func transitGateway(f *code.Form, g *aws.TransitGateway) {
	f.Default(&g.Owner)
	f.Is(&g.State, "available")
	f.Put(&g.AutoAcceptSharedAttachments, f.Get("AutoAcceptSharedAttachments").Is("enable"))
	f.Put(&g.DefaultRouteTableAssociation, f.Get("DefaultRouteTableAssociation").Is("disable").Not())
	f.Put(&g.DefaultRouteTablePropagation, f.Get("DefaultRouteTablePropagation").Is("disable").Not())
	f.Set(&g.CIDRs, "TransitGatewayCidrBlocks")
}

func vpnMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::EC2::VPNConnection", "", "", vpnConnection),
		code.Joins("AWS::EC2::VPNConnectionRoute", "VpnConnectionId", func(f *code.Form, v *aws.VPNConnection) { f.Set(&v.Routes, "DestinationCidrBlock") }),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpnconnection.html
func vpnConnection(f *code.Form, v *aws.VPNConnection) {
	f.Is(&v.State, "available")
	f.Default(&v.Routes, &v.Tunnels)
	f.Set(&v.VPNGateway, "VpnGatewayId")
	f.Set(&v.TransitGateway, "TransitGatewayId")
	f.Set(&v.CustomerGateway, "CustomerGatewayId")
	f.Set(&v.StaticRoutesOnly, "StaticRoutesOnly")
	for _, tunnel := range []string{"0", "1"} {
		code.Add(f, &v.Tunnels, func(f *code.Form, t *aws.VPNTunnel) {
			options := f.Get("VpnTunnelOptionsSpecifications").Get(tunnel)
			f.Put(&t.IKEVersions, versions(options.Get("IKEVersions")), []string{"ikev1", "ikev2"})
			f.Put(&t.Logging, options.Get("LogOptions.CloudwatchLogOptions.LogEnabled"))
		})
	}
}

func versions(v code.Value) code.Value {
	if v.IsAbsent() {
		return v
	}
	return v.Each("Value")
}
