package terraform

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
		code.WithVPCParts(code.Makes("aws_vpc", "", "", vpc)),
		code.WithVPCParts(code.Makes("aws_default_vpc", "", "", defaultVPC)),
		code.Joins("aws_vpc_ipv4_cidr_block_association", "vpc_id", func(f *code.Form, v *aws.VPC) { f.Put(&v.CIDRs4, computedRange(f, "cidr_block", "IPAM")) }),
		code.Joins("aws_vpc_ipv6_cidr_block_association", "vpc_id", func(f *code.Form, v *aws.VPC) { f.Put(&v.CIDRs6, computedRange(f, "ipv6_cidr_block", "IPAM")) }),
		code.Settles(code.Makes("aws_subnet", "", "", subnet), code.SettleSubnet),
		code.Makes("aws_default_subnet", "", "", defaultSubnet),
		code.Makes("aws_ec2_managed_prefix_list", "", "", prefixList),
		code.Joins("aws_ec2_managed_prefix_list_entry", "prefix_list_id", func(f *code.Form, l *aws.PrefixList) { code.Add(f, &l.Entries, prefixListEntry) }),
		code.Makes("aws_flow_log", "", "", flowLog),
	}
}

// given is the first value that the code gives: blocks written as attributes
// say "" for nothing.
func given(f *code.Form, paths ...string) code.Value {
	for _, p := range paths {
		v := f.Get(p)
		if text, known := v.Known(); !v.IsAbsent() && !(known && text == "") {
			return v
		}
	}
	return code.Value{}
}

// computedRange is a range that somebody else picks where the code gives none.
func computedRange(f *code.Form, path, picker string) code.Value {
	return given(f, path).Or(code.Unsure(&code.Hole{Why: path + " is picked by " + picker + " at apply"}, nil))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc
func vpc(f *code.Form, v *aws.VPC) {
	f.Default(&v.Default, &v.BlockPublicAccess, &v.Owner)
	f.Put(&v.CIDRs4, computedRange(f, "cidr_block", "IPAM"))
	f.Set(&v.Tenancy, "instance_tenancy", "default")
	ipv6(f, &v.CIDRs6)
}

func ipv6(f *code.Form, ranges *[]string) {
	amazon, _ := f.Get("assign_generated_ipv6_cidr_block").Bool()
	if v := given(f, "ipv6_cidr_block"); amazon || v.IsAbsent() && !given(f, "ipv6_ipam_pool_id").IsAbsent() {
		f.Put(ranges, computedRange(f, "ipv6_cidr_block", "AWS"))
	} else {
		f.Put(ranges, v)
	}
}

// defaultVPC is the VPC that AWS made; Terraform takes it over as it is.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_vpc
func defaultVPC(f *code.Form, v *aws.VPC) {
	f.Default(&v.BlockPublicAccess, &v.Owner)
	f.Is(&v.Default, true)
	f.Is(&v.CIDRs4, []string{"172.31.0.0/16"})
	f.Is(&v.Tenancy, "default")
	ipv6(f, &v.CIDRs6)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/subnet
func subnet(f *code.Form, s *aws.Subnet) {
	f.Default(&s.DefaultForAZ, &s.BlockPublicAccess, &s.Owner)
	f.Set(&s.VPC, "vpc_id")
	f.Set(&s.CIDR4, "cidr_block")
	f.Put(&s.CIDRs6, given(f, "ipv6_cidr_block"))
	f.Set(&s.AutoAssignPublicIP, "map_public_ip_on_launch")
	f.Set(&s.AutoAssignIPv6, "assign_ipv6_address_on_creation")
	subnetZone(f, s)
}

func subnetZone(f *code.Form, s *aws.Subnet) {
	if v := given(f, "availability_zone"); !v.IsAbsent() {
		f.Put(&s.AvailabilityZone, v)
	}
	if v := given(f, "availability_zone_id"); !v.IsAbsent() {
		f.Put(&s.AvailabilityZoneID, v)
	}
}

// defaultSubnet is a subnet of the default VPC, which gives out public
// addresses unless told otherwise.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_subnet
func defaultSubnet(f *code.Form, s *aws.Subnet) {
	f.Default(&s.CIDRs6, &s.BlockPublicAccess, &s.Owner)
	f.Is(&s.DefaultForAZ, true)
	f.Set(&s.AutoAssignPublicIP, "map_public_ip_on_launch", true)
	f.Set(&s.AutoAssignIPv6, "assign_ipv6_address_on_creation")
	subnetZone(f, s)
}

func prefixList(f *code.Form, l *aws.PrefixList) {
	f.Default(&l.Owner)
	f.Set(&l.ListName, "name")
	f.Set(&l.AddressFamily, "address_family")
	code.Each(f, &l.Entries, "entry", prefixListEntry)
}

func prefixListEntry(f *code.Form, e *aws.PrefixListEntry) {
	f.Put(&e.CIDR, code.Ranges(f.Get("cidr")))
	f.Set(&e.Description, "description")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/flow_log
func flowLog(f *code.Form, l *aws.FlowLog) {
	f.Is(&l.Active, true)
	f.Set(&l.VPC, "vpc_id")
	f.Set(&l.Subnet, "subnet_id")
	f.Set(&l.Interface, "eni_id")
	f.Set(&l.TransitGateway, "transit_gateway_id")
	f.Set(&l.TrafficType, "traffic_type")
	f.Set(&l.Format, "log_format")
	f.Set(&l.AggregationSeconds, "max_aggregation_interval", 600)
	kind := f.Get("log_destination_type").Or(code.Text("cloud-watch-logs", nil))
	f.Put(&l.DestinationType, kind)
	f.Default(&l.LogGroup, &l.Bucket)
	switch name, _ := kind.Known(); name {
	case "cloud-watch-logs":
		f.Put(&l.LogGroup, f.First("log_destination", "log_group_name"))
	case "s3":
		f.Set(&l.Bucket, "log_destination")
	}
}

func routeMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_route_table", "", "", func(f *code.Form, t *aws.RouteTable) {
			f.Default(&t.Main)
			f.Set(&t.VPC, "vpc_id")
			routeTable(f, t)
		}),
		code.Makes("aws_default_route_table", "", "", func(f *code.Form, t *aws.RouteTable) {
			f.Is(&t.Main, true)
			f.Set(&t.VPC, "default_route_table_id")
			routeTable(f, t)
		}).Takes("default_route_table_id"),
		code.Joins("aws_main_route_table_association", "route_table_id", func(f *code.Form, t *aws.RouteTable) { f.Is(&t.Main, true) }),
		code.Joins("aws_route", "route_table_id", func(f *code.Form, t *aws.RouteTable) { code.Add(f, &t.Routes, route) }),
		code.JoinsEach("aws_route_table_association", routeTableAssociation),
		code.Joins("aws_vpn_gateway_route_propagation", "route_table_id", func(f *code.Form, t *aws.RouteTable) {
			f.Set(&t.PropagatingVPNGateways, "vpn_gateway_id")
		}),
		code.Joins("aws_vpc_endpoint_route_table_association", "vpc_endpoint_id", func(f *code.Form, e *aws.VPCEndpoint) { f.Set(&e.RouteTables, "route_table_id") }),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table
func routeTable(f *code.Form, t *aws.RouteTable) {
	f.Default(&t.Owner, &t.InternetGateways, &t.VPNGateways)
	f.Set(&t.PropagatingVPNGateways, "propagating_vgws")
	code.Each(f, &t.Routes, "route", route)
}

// route reads a block of a table and a route of its own.
func route(f *code.Form, r *aws.Route) {
	f.Put(&r.Destination, code.Ranges(given(f, "cidr_block", "destination_cidr_block", "ipv6_cidr_block", "destination_ipv6_cidr_block")))
	f.Put(&r.PrefixList, given(f, "destination_prefix_list_id"))
	code.Aim(f, r, map[string]code.Value{
		"gateway": given(f, "gateway_id"), "nat-gateway": given(f, "nat_gateway_id"), "egress-only-internet-gateway": given(f, "egress_only_gateway_id"),
		"transit-gateway": given(f, "transit_gateway_id"), "vpc-peering": given(f, "vpc_peering_connection_id"), "vpc-endpoint": given(f, "vpc_endpoint_id"),
		"network-interface": given(f, "network_interface_id", "instance_id"), "local-gateway": given(f, "local_gateway_id"),
		"carrier-gateway": given(f, "carrier_gateway_id"), "core-network": given(f, "core_network_arn"),
	})
}

// routeTableAssociation puts a table to work in a subnet, or for a gateway.
func routeTableAssociation(f *code.Form) {
	if subnet := given(f, "subnet_id"); !subnet.IsAbsent() {
		code.Configure(f, subnet, func(f *code.Form, s *aws.Subnet) { f.Set(&s.RouteTable, "route_table_id") })
		return
	}
	code.Configure(f, f.Get("route_table_id"), func(f *code.Form, t *aws.RouteTable) {
		if f.KindOf(f.Get("gateway_id")) == (&aws.VPNGateway{}).Kind() {
			f.Set(&t.VPNGateways, "gateway_id")
		} else {
			f.Set(&t.InternetGateways, "gateway_id")
		}
	})
}

func securityGroupMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_security_group", "", "", securityGroup),
		code.Makes("aws_default_security_group", "", "", func(f *code.Form, g *aws.SecurityGroup) {
			f.Is(&g.Default, true)
			f.Is(&g.GroupName, "default")
			f.Is(&g.Description, "default VPC security group")
			securityGroupRules(f, g)
		}).Takes("vpc_id"),
		code.Joins("aws_security_group_rule", "security_group_id", splitRule),
		code.Joins("aws_vpc_security_group_ingress_rule", "security_group_id", func(f *code.Form, g *aws.SecurityGroup) {
			f.Default(&g.Default)
			addRule(f, &g.Ingress, g)
		}),
		code.Joins("aws_vpc_security_group_egress_rule", "security_group_id", func(f *code.Form, g *aws.SecurityGroup) {
			f.Default(&g.Default)
			addRule(f, &g.Egress, g)
		}),
		code.Joins("aws_network_interface_sg_attachment", "network_interface_id", func(f *code.Form, n *aws.NetworkInterface) {
			f.Set(&n.SecurityGroups, "security_group_id")
		}),
	}
}

// securityGroup reads a group. Terraform removes the rule that lets everything
// out, which AWS gives every new group: without egress in the code there is none.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
func securityGroup(f *code.Form, g *aws.SecurityGroup) {
	f.Default(&g.Default)
	f.Put(&g.GroupName, given(f, "name", "name_prefix"), "terraform-")
	f.Set(&g.Description, "description", "Managed by Terraform")
	securityGroupRules(f, g)
}

func securityGroupRules(f *code.Form, g *aws.SecurityGroup) {
	f.Default(&g.Owner)
	if v := given(f, "vpc_id"); !v.IsAbsent() {
		f.Put(&g.VPC, v)
	}
	rule := func(f *code.Form, r *aws.SecurityGroupRule) { securityGroupRule(f, r, g) }
	code.Each(f, &g.Ingress, "ingress", rule)
	code.Each(f, &g.Egress, "egress", rule)
}

// splitRule reads a rule of its own. While its type is not known it may be in
// either list.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group_rule
func splitRule(f *code.Form, g *aws.SecurityGroup) {
	f.Default(&g.Default)
	switch typ, _ := f.Get("type").Known(); typ {
	case "ingress":
		addRule(f, &g.Ingress, g)
	case "egress":
		addRule(f, &g.Egress, g)
	default:
		unclear := code.ListOf(nil, f.Get("type").Hole(), nil)
		code.EachOf(f, &g.Ingress, unclear, func(*code.Form, *aws.SecurityGroupRule) {})
		code.EachOf(f, &g.Egress, unclear, func(*code.Form, *aws.SecurityGroupRule) {})
	}
}

func addRule(f *code.Form, list *[]*aws.SecurityGroupRule, g *aws.SecurityGroup) {
	code.Add(f, list, func(f *code.Form, r *aws.SecurityGroupRule) { securityGroupRule(f, r, g) })
}

// securityGroupRule reads what a block of the group, aws_security_group_rule and
// the aws_vpc_security_group_..._rule say of a rule, each in words of its own.
func securityGroupRule(f *code.Form, r *aws.SecurityGroupRule, g *aws.SecurityGroup) {
	protocol := code.Protocol(given(f, "protocol", "ip_protocol"))
	f.Put(&r.Protocol, protocol)
	code.Ports(f, &r.FromPort, &r.ToPort, protocol, f.Get("from_port"), f.Get("to_port"))
	f.Put(&r.CIDRs4, code.Ranges(given(f, "cidr_blocks", "cidr_ipv4")))
	f.Put(&r.CIDRs6, code.Ranges(given(f, "ipv6_cidr_blocks", "cidr_ipv6")))
	f.Put(&r.PrefixLists, given(f, "prefix_list_ids", "prefix_list_id"))
	f.Put(&r.Groups, code.GroupID(given(f, "security_groups", "source_security_group_id", "referenced_security_group_id")))
	f.Set(&r.Description, "description")
	switch self := f.Get("self"); {
	case self.Hole() != nil:
		f.Put(&r.Groups, code.ListOf(nil, self.Hole(), nil))
	default:
		if yes, _ := self.Bool(); yes {
			r.Groups = append(r.Groups, cloud.LinkTo[aws.SecurityGroup](g.Ref))
		}
	}
}

func networkACLMappings() []code.Mapping {
	return []code.Mapping{
		guarding(code.Makes("aws_network_acl", "", "", func(f *code.Form, a *aws.NetworkACL) {
			f.Default(&a.Default)
			f.Set(&a.VPC, "vpc_id")
			networkACL(f, a)
		})),
		guarding(code.Makes("aws_default_network_acl", "", "", func(f *code.Form, a *aws.NetworkACL) {
			f.Is(&a.Default, true)
			f.Set(&a.VPC, "default_network_acl_id")
			networkACL(f, a)
		}).Takes("default_network_acl_id")),
		code.Joins("aws_network_acl_rule", "network_acl_id", func(f *code.Form, a *aws.NetworkACL) {
			code.Add(f, &a.Entries, func(f *code.Form, e *aws.NetworkACLEntry) {
				f.Set(&e.Egress, "egress")
				networkACLEntry(f, e)
			})
		}),
		code.Joins("aws_network_acl_association", "subnet_id", func(f *code.Form, s *aws.Subnet) { f.Set(&s.NetworkACL, "network_acl_id") }),
	}
}

// guarding puts an ACL in front of the subnets that it lists.
func guarding(m code.Mapping) code.Mapping {
	return code.AlsoJoins(m, func(f *code.Form) {
		subnets, _ := f.Get("subnet_ids").Items()
		for _, subnet := range subnets {
			code.Configure(f, subnet, func(f *code.Form, s *aws.Subnet) { f.Put(&s.NetworkACL, f.Self()) })
		}
	})
}

// networkACL reads an ACL with its blocks. What they do not allow is denied,
// also by the default ACL.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_acl
func networkACL(f *code.Form, a *aws.NetworkACL) {
	f.Default(&a.Owner)
	for _, egress := range []bool{false, true} {
		block := "ingress"
		if egress {
			block = "egress"
		}
		code.Each(f, &a.Entries, block, func(f *code.Form, e *aws.NetworkACLEntry) {
			f.Is(&e.Egress, egress)
			networkACLEntry(f, e)
		})
	}
}

func networkACLEntry(f *code.Form, e *aws.NetworkACLEntry) {
	protocol := code.Protocol(f.Get("protocol"))
	f.Put(&e.RuleNumber, f.First("rule_no", "rule_number"))
	f.Put(&e.Allow, f.First("action", "rule_action").Is("allow"))
	f.Put(&e.Protocol, protocol)
	if icmp, _ := protocol.Is("icmp", "icmpv6").Bool(); icmp {
		code.Ports(f, &e.FromPort, &e.ToPort, protocol, f.Get("icmp_type"), f.Get("icmp_code"))
	} else {
		code.Ports(f, &e.FromPort, &e.ToPort, protocol, f.Get("from_port"), f.Get("to_port"))
	}
	f.Put(&e.CIDR, code.Ranges(given(f, "cidr_block", "ipv6_cidr_block")))
}

func interfaceMappings() []code.Mapping {
	return []code.Mapping{
		code.Settles(code.Makes("aws_network_interface", "", "", networkInterface), settleInterface),
		code.Joins("aws_network_interface_attachment", "network_interface_id", func(f *code.Form, n *aws.NetworkInterface) {
			f.Is(&n.Status, "in-use")
			f.Set(&n.Instance, "instance_id")
			f.Set(&n.DeviceIndex, "device_index")
		}),
		code.Settles(code.Makes("aws_eip", "", "", elasticIP), code.SettleElasticIP),
		code.Joins("aws_eip_association", "allocation_id", func(f *code.Form, e *aws.ElasticIP) {
			f.Is(&e.Associated, true)
			bindElasticIP(f, e, "instance_id", "network_interface_id")
		}),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_interface
func networkInterface(f *code.Form, n *aws.NetworkInterface) {
	f.Default(&n.RequesterManaged, &n.Requester, &n.DenyInternetGateway, &n.LoadBalancer, &n.ClassicLoadBalancer)
	f.Set(&n.Subnet, "subnet_id")
	if v := given(f, "security_groups"); !v.IsAbsent() {
		f.Put(&n.SecurityGroups, v)
	}
	f.Set(&n.InterfaceType, "interface_type", "interface")
	f.Set(&n.Description, "description")
	f.Set(&n.SourceDestCheck, "source_dest_check", true)
	f.Put(&n.Status, f.Get("attachment").Present().Choose("in-use", "available"))
	f.Set(&n.Instance, "attachment.instance")
	f.Set(&n.DeviceIndex, "attachment.device_index")
	if v := given(f, "private_ips", "private_ip"); !v.IsAbsent() {
		f.Put(&n.PrivateIPs, v)
	}
	if v := given(f, "ipv6_addresses"); !v.IsAbsent() {
		f.Put(&n.IPv6, v)
	} else if count := given(f, "ipv6_address_count", "ipv6_prefix_count"); !count.IsAbsent() {
		f.Put(&n.IPv6, count.Map(func(string) string { return code.Assigned }))
	}
}

// settleInterface: an interface that is made for itself gets no public address
// but by an elastic IP.
func settleInterface(f *code.Form, n *aws.NetworkInterface) {
	code.SettleInterface(f, cloud.LinkTo[aws.NetworkInterface](n.Ref), code.Flag(false, nil))
	code.SettleGroups(f, n)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eip
func elasticIP(f *code.Form, e *aws.ElasticIP) {
	f.Default(&e.ServiceManaged)
	f.Put(&e.Associated, given(f, "instance", "network_interface").Present())
	bindElasticIP(f, e, "instance", "network_interface")
}

// bindElasticIP reads what an address is bound to; an instance stands for its
// first interface.
func bindElasticIP(f *code.Form, e *aws.ElasticIP, instance, nic string) {
	f.Put(&e.Instance, given(f, instance))
	f.Put(&e.Interface, given(f, nic, instance))
}

func gatewayMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_internet_gateway", "", "", func(f *code.Form, g *aws.InternetGateway) { f.Put(&g.VPCs, given(f, "vpc_id")) }),
		code.Joins("aws_internet_gateway_attachment", "internet_gateway_id", func(f *code.Form, g *aws.InternetGateway) { f.Set(&g.VPCs, "vpc_id") }),
		code.Makes("aws_egress_only_internet_gateway", "", "", func(f *code.Form, g *aws.EgressOnlyInternetGateway) { f.Set(&g.VPCs, "vpc_id") }),
		code.AlsoJoins(code.Settles(code.Makes("aws_nat_gateway", "", "", natGateway), code.SettleNATGateway), func(f *code.Form) {
			holdElasticIPs(f, f.Get("allocation_id"), f.Get("secondary_allocation_ids"))
		}),
		code.Settles(code.Makes("aws_vpc_peering_connection", "", "", peering), func(f *code.Form, p *aws.VPCPeering) {
			settlePeering(f, p, f.Get("vpc_id"), f.Get("peer_vpc_id"))
		}),
		code.Joins("aws_vpc_peering_connection_accepter", "vpc_peering_connection_id", func(f *code.Form, p *aws.VPCPeering) {
			if accepts, _ := f.Get("auto_accept").Bool(); accepts {
				f.Is(&p.Status, "active")
			}
		}),
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

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway
func natGateway(f *code.Form, g *aws.NATGateway) {
	f.Set(&g.Subnet, "subnet_id")
	f.Set(&g.Connectivity, "connectivity_type", "public")
	f.Is(&g.State, "available")
	if v := given(f, "vpc_id"); !v.IsAbsent() {
		f.Put(&g.VPC, v)
	}
}

// peering reads a connection. It is active once both sides agree: at once where
// the code says so, else when an accepter does.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_peering_connection
func peering(f *code.Form, p *aws.VPCPeering) {
	if accepts, _ := f.Get("auto_accept").Bool(); accepts {
		f.Is(&p.Status, "active")
	}
}

func settlePeering(f *code.Form, p *aws.VPCPeering, requester, accepter code.Value) {
	side := func(field **aws.PeeringSide, vpc, options code.Value, more func(*code.Form, *aws.PeeringSide)) {
		code.Make(f, field, f.Get(""), func(f *code.Form, s *aws.PeeringSide) {
			code.SettlePeeringSide(f, s, vpc)
			f.Put(&s.RemoteDNS, options.Get("allow_remote_vpc_dns_resolution"))
			more(f, s)
		})
	}
	side(&p.Requester, requester, f.Get("requester"), func(f *code.Form, s *aws.PeeringSide) {
		f.Is(&s.Account, string(p.Meta().Account))
		f.Is(&s.Region, string(p.Meta().Region))
	})
	side(&p.Accepter, accepter, f.Get("accepter"), func(f *code.Form, s *aws.PeeringSide) {
		f.Set(&s.Account, "peer_owner_id", string(p.Meta().Account))
		f.Set(&s.Region, "peer_region", string(p.Meta().Region))
	})
}

func endpointMappings() []code.Mapping {
	return []code.Mapping{
		code.Settles(code.Makes("aws_vpc_endpoint", "", "", vpcEndpoint), code.SettleEndpoint),
		code.Joins("aws_vpc_endpoint_policy", "vpc_endpoint_id", func(f *code.Form, e *aws.VPCEndpoint) { f.Set(&e.Policy, "policy") }),
		code.Joins("aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", func(f *code.Form, e *aws.VPCEndpoint) { f.Set(&e.Subnets, "subnet_id") }),
		code.Joins("aws_vpc_endpoint_security_group_association", "vpc_endpoint_id", func(f *code.Form, e *aws.VPCEndpoint) {
			f.Set(&e.SecurityGroups, "security_group_id")
		}),
		code.Makes("aws_vpc_endpoint_service", "", "", func(f *code.Form, s *aws.VPCEndpointService) {
			f.Set(&s.AcceptanceRequired, "acceptance_required")
			f.Set(&s.AllowedPrincipals, "allowed_principals")
			f.Set(&s.LoadBalancers, "network_load_balancer_arns")
			f.Set(&s.LoadBalancers, "gateway_load_balancer_arns")
		}),
		code.Joins("aws_vpc_endpoint_service_allowed_principal", "vpc_endpoint_service_id", func(f *code.Form, s *aws.VPCEndpointService) {
			f.Set(&s.AllowedPrincipals, "principal_arn")
		}),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint
func vpcEndpoint(f *code.Form, e *aws.VPCEndpoint) {
	f.Set(&e.VPC, "vpc_id")
	f.Set(&e.Type, "vpc_endpoint_type", "Gateway")
	f.Set(&e.PrivateDNS, "private_dns_enabled")
	f.Set(&e.Subnets, "subnet_ids")
	f.Set(&e.RouteTables, "route_table_ids")
	f.Set(&e.SecurityGroups, "security_group_ids")
	code.Endpoint(f, e, f.Get("service_name"), given(f, "policy"))
}

func transitGatewayMappings() []code.Mapping {
	attachment := func(typ, kind string) code.Mapping {
		return code.Makes(typ, "", "", func(f *code.Form, a *aws.TransitGatewayAttachment) {
			f.Is(&a.ResourceType, kind)
			f.Is(&a.State, "available")
			f.Default(&a.VPN, &a.RouteTable)
			f.Set(&a.TransitGateway, "transit_gateway_id")
			f.Set(&a.VPC, "vpc_id")
			f.Set(&a.Subnets, "subnet_ids")
		})
	}
	return []code.Mapping{
		code.Makes("aws_ec2_transit_gateway", "", "", transitGateway),
		attachment("aws_ec2_transit_gateway_vpc_attachment", "vpc"),
		attachment("aws_ec2_transit_gateway_peering_attachment", "peering"),
		attachment("aws_ec2_transit_gateway_connect", "connect"),
		code.Makes("aws_ec2_transit_gateway_route_table", "", "", func(f *code.Form, t *aws.TransitGatewayRouteTable) {
			f.Default(&t.DefaultAssociation, &t.DefaultPropagation, &t.Routes)
			f.Set(&t.TransitGateway, "transit_gateway_id")
		}),
		code.Joins("aws_ec2_transit_gateway_route_table_association", "transit_gateway_attachment_id", func(f *code.Form, a *aws.TransitGatewayAttachment) {
			f.Set(&a.RouteTable, "transit_gateway_route_table_id")
		}),
		code.Joins("aws_ec2_transit_gateway_route", "transit_gateway_route_table_id", func(f *code.Form, t *aws.TransitGatewayRouteTable) {
			code.Add(f, &t.Routes, func(f *code.Form, r *aws.TransitGatewayRoute) {
				f.Default(&r.PrefixList, &r.Propagated)
				f.Put(&r.Destination, code.Ranges(f.Get("destination_cidr_block")))
				f.Set(&r.Blackhole, "blackhole")
				f.Put(&r.Attachments, given(f, "transit_gateway_attachment_id"))
			})
		}),
		code.Alias("aws_ec2_transit_gateway_vpc_attachment_accepter", "transit_gateway_attachment_id"),
		code.Alias("aws_ec2_transit_gateway_peering_attachment_accepter", "transit_gateway_attachment_id"),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_transit_gateway
func transitGateway(f *code.Form, g *aws.TransitGateway) {
	f.Default(&g.Owner)
	f.Is(&g.State, "available")
	f.Put(&g.AutoAcceptSharedAttachments, f.Get("auto_accept_shared_attachments").Is("enable"))
	f.Put(&g.DefaultRouteTableAssociation, f.Get("default_route_table_association").Is("disable").Not())
	f.Put(&g.DefaultRouteTablePropagation, f.Get("default_route_table_propagation").Is("disable").Not())
	f.Set(&g.CIDRs, "transit_gateway_cidr_blocks")
}

func vpnMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_vpn_gateway", "", "", func(f *code.Form, g *aws.VPNGateway) { f.Put(&g.VPCs, given(f, "vpc_id")) }),
		code.Joins("aws_vpn_gateway_attachment", "vpn_gateway_id", func(f *code.Form, g *aws.VPNGateway) { f.Set(&g.VPCs, "vpc_id") }),
		code.Makes("aws_vpn_connection", "", "", vpnConnection),
		code.Joins("aws_vpn_connection_route", "vpn_connection_id", func(f *code.Form, v *aws.VPNConnection) { f.Set(&v.Routes, "destination_cidr_block") }),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpn_connection
func vpnConnection(f *code.Form, v *aws.VPNConnection) {
	f.Is(&v.State, "available")
	f.Default(&v.Routes, &v.Tunnels)
	f.Set(&v.VPNGateway, "vpn_gateway_id")
	f.Set(&v.TransitGateway, "transit_gateway_id")
	f.Set(&v.CustomerGateway, "customer_gateway_id")
	f.Set(&v.StaticRoutesOnly, "static_routes_only")
	for _, tunnel := range []string{"tunnel1_", "tunnel2_"} {
		code.Add(f, &v.Tunnels, func(f *code.Form, t *aws.VPNTunnel) {
			f.Set(&t.IKEVersions, tunnel+"ike_versions", []string{"ikev1", "ikev2"})
			f.Set(&t.Logging, tunnel+"log_options.cloudwatch_log_options.log_enabled")
		})
	}
}
