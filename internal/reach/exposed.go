package reach

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Exposed proves that the internet reaches some port of the range on the
// instance: on one of its interfaces a public address, security groups that let
// the internet in, a route to an internet gateway, and a network ACL that does
// not stand in the way, all for the same address family.
func Exposed(i *aws.Instance, protocol string, from, to int) cloud.Proof {
	otherwise := cloud.Refuted(cloud.Fact{Of: i, Field: "interfaces", Value: len(i.Interfaces)})
	if g := i.Gap("interfaces"); g != nil {
		otherwise = cloud.Hidden(i, "interfaces", g)
	}
	return anyOf(otherwise, func(yield func(cloud.Proof) bool) {
		for _, l := range i.Interfaces {
			if n := l.Target(); n != nil && !yield(exposedInterface(n, protocol, from, to)) {
				return
			}
		}
	})
}

func exposedInterface(n *aws.NetworkInterface, protocol string, from, to int) cloud.Proof {
	return anyOf(cloud.Refuted(), func(yield func(cloud.Proof) bool) {
		_ = yield(exposedOver(v4, n, protocol, from, to)) && yield(exposedOver(v6, n, protocol, from, to))
	})
}

// exposedOver asks the four questions in turn. A no decides at once, whatever
// is hidden elsewhere; a yes needs all four.
func exposedOver(f family, n *aws.NetworkInterface, protocol string, from, to int) cloud.Proof {
	all := cloud.Proved()
	for _, ask := range []func() cloud.Proof{
		func() cloud.Proof { return publicAddress(f, n) },
		func() cloud.Proof {
			return inSubnet(n, func(s *aws.Subnet) cloud.Proof { return subnetRoute(f, s) })
		},
		func() cloud.Proof {
			return openGroups(f, targets(n.SecurityGroups), n.Gap("security_groups"), protocol, from, to)
		},
		func() cloud.Proof {
			return inSubnet(n, func(s *aws.Subnet) cloud.Proof { return subnetACL(f, s, protocol, from, to) })
		},
	} {
		switch p := ask(); {
		case p.Gap != nil:
			all = p
		case !p.Holds:
			return p
		case all.Gap == nil:
			all.Because = append(all.Because, p.Because...)
		}
	}
	return all
}

func inSubnet(n *aws.NetworkInterface, ask func(*aws.Subnet) cloud.Proof) cloud.Proof {
	if g := n.Gap("subnet"); g != nil {
		return cloud.Hidden(n, "subnet", g)
	}
	if s := n.Subnet.Target(); s != nil {
		return ask(s)
	}
	return cloud.Refuted(cloud.Fact{Of: n, Field: "subnet", Value: ""})
}

func targets(links []cloud.Link[aws.SecurityGroup]) []*aws.SecurityGroup {
	var out []*aws.SecurityGroup
	for _, l := range links {
		if t := l.Target(); t != nil {
			out = append(out, t)
		}
	}
	return out
}

func publicAddress(f family, n *aws.NetworkInterface) cloud.Proof {
	field, addresses := "public_ips", n.PublicIPs
	if f == v6 {
		field, addresses = "ipv6", n.IPv6
	}
	switch {
	case len(addresses) > 0 && n.Gap(field) == nil:
		return cloud.Proved(cloud.Fact{Of: n, Field: field, Value: addresses})
	case n.Gap(field) != nil:
		return cloud.Hidden(n, field, n.Gap(field))
	}
	return cloud.Refuted(cloud.Fact{Of: n, Field: field, Value: []string{}})
}

// subnetRoute proves that traffic between the subnet and the internet passes an
// internet gateway.
func subnetRoute(f family, s *aws.Subnet) cloud.Proof {
	if g := s.Gap("route_table"); g != nil {
		return cloud.Hidden(s, "route_table", g)
	}
	table := s.RouteTable.Target()
	if table == nil {
		return cloud.Refuted(cloud.Fact{Of: s, Field: "route_table", Value: ""})
	}
	var reached []span
	var facts []cloud.Fact
	var hidden *cloud.Proof
	for _, r := range table.Routes {
		if r.InternetGateway.IsZero() || r.Blackhole {
			continue
		}
		if list := r.PrefixList.Target(); list != nil && list.Gap("entries") != nil {
			h := cloud.Hidden(list, "entries", list.Gap("entries"))
			hidden = &h
		}
		for _, c := range destinations(r) {
			if rf, span, ok := spanOf(c); ok && rf == f {
				reached = append(reached, span)
				facts = append(facts, cloud.Fact{Of: r, Field: "destination", Value: c}, cloud.Fact{Of: r, Field: "internet_gateway", Value: string(r.InternetGateway.To)})
			}
		}
	}
	if setOf(reached).isWorld(f) {
		return cloud.Proved(facts...)
	}
	if g := table.Gap("routes"); g != nil {
		return cloud.Hidden(table, "routes", g)
	}
	if hidden != nil {
		return *hidden
	}
	return cloud.Refuted(cloud.Fact{Of: table, Field: "ref", Value: string(table.Ref)})
}

func destinations(r *aws.Route) []string {
	list := r.PrefixList.Target()
	if list == nil {
		return []string{r.Destination}
	}
	var out []string
	for _, e := range list.Entries {
		out = append(out, e.CIDR)
	}
	return out
}

// subnetACL proves that the subnet's network ACL lets the internet in.
func subnetACL(f family, s *aws.Subnet, protocol string, from, to int) cloud.Proof {
	if g := s.Gap("network_acl"); g != nil {
		return cloud.Hidden(s, "network_acl", g)
	}
	acl := s.NetworkACL.Target()
	if acl == nil {
		return cloud.Refuted(cloud.Fact{Of: s, Field: "network_acl", Value: ""})
	}
	if of, field, g := aclGap(acl); g != nil {
		return cloud.Hidden(of, field, g)
	}
	for _, p := range []int{from, to} {
		if in, facts := aclIngress(acl, protocol, ports{p, p}); in[f].isWorld(f) {
			return cloud.Proved(facts...)
		}
	}
	return cloud.Refuted(cloud.Fact{Of: acl, Field: "ref", Value: string(acl.Ref)})
}

// ExposedThrough proves that the internet reaches a thing known only by its
// groups and subnets, as a managed database is: some group lets it in and some
// subnet routes to an internet gateway. That the thing has a public address is
// for the caller to know.
func ExposedThrough(groups []*aws.SecurityGroup, groupsGap *cloud.Gap, subnets []*aws.Subnet, subnetsGap *cloud.Gap, protocol string, from, to int) cloud.Proof {
	var hidden *cloud.Proof
	for _, f := range []family{v4, v6} {
		filter := openGroups(f, groups, groupsGap, protocol, from, to)
		route := anySubnet(f, subnets, subnetsGap, protocol, from, to)
		switch {
		case filter.Gap == nil && !filter.Holds, route.Gap == nil && !route.Holds:
			continue
		case filter.Gap != nil:
			hidden = &filter
		case route.Gap != nil:
			hidden = &route
		default:
			return cloud.Proved(append(filter.Because, route.Because...)...)
		}
	}
	if hidden != nil {
		return *hidden
	}
	return cloud.Refuted()
}

// openGroups proves that the groups, whose rules add up, let the internet in
// over one family.
func openGroups(f family, groups []*aws.SecurityGroup, gap *cloud.Gap, protocol string, from, to int) cloud.Proof {
	var rules []*aws.SecurityGroupRule
	var facts []cloud.Fact
	otherwise := cloud.Refuted()
	if gap != nil {
		otherwise = cloud.Hidden(nil, "security_groups", gap)
	}
	for _, group := range groups {
		facts = append(facts, cloud.Fact{Of: group, Field: "ref", Value: string(group.Ref)})
		if g := group.Gap("ingress"); g != nil {
			otherwise = cloud.Hidden(group, "ingress", g)
		}
		rules = append(rules, group.Ingress...)
	}
	p := anyOf(otherwise, openPorts([]family{f}, rules, protocol, from, to))
	if p.Gap == nil {
		p.Because = append(facts, p.Because...)
	}
	return p
}

func anySubnet(f family, subnets []*aws.Subnet, gap *cloud.Gap, protocol string, from, to int) cloud.Proof {
	var hidden *cloud.Proof
	if gap != nil {
		h := cloud.Hidden(nil, "subnets", gap)
		hidden = &h
	}
	var facts []cloud.Fact
	for _, s := range subnets {
		route, acl := subnetRoute(f, s), subnetACL(f, s, protocol, from, to)
		switch {
		case route.Gap == nil && !route.Holds, acl.Gap == nil && !acl.Holds:
			facts = append(facts, route.Because...)
		case route.Gap != nil:
			hidden = &route
		case acl.Gap != nil:
			hidden = &acl
		default:
			return cloud.Proved(append(route.Because, acl.Because...)...)
		}
	}
	if hidden != nil {
		return *hidden
	}
	return cloud.Refuted(facts...)
}
