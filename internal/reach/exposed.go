package reach

import (
	"slices"

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

// exposedOver asks the four questions over one family. Groups that are shut
// decide even when the subnet is hidden.
func exposedOver(f family, n *aws.NetworkInterface, protocol string, from, to int) cloud.Proof {
	groups := filterOf(targets(n.SecurityGroups), n.Gap("security_groups"), protocol, from, to)
	if groups.shut(f) {
		return cloud.Refuted()
	}
	return allOf(func(yield func(cloud.Proof) bool) {
		_ = yield(publicAddress(f, n)) &&
			yield(inSubnet(n, func(s *aws.Subnet) cloud.Proof { return exposedIn(f, s, groups) }))
	})
}

// exposedIn proves that the subnet routes to the internet, and that its network
// ACL and the groups open the same port.
func exposedIn(f family, s *aws.Subnet, groups filter) cloud.Proof {
	return allOf(func(yield func(cloud.Proof) bool) {
		_ = yield(subnetRoute(f, s)) && yield(openInBoth(f, s, groups))
	})
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

// openInBoth proves that the internet comes through the subnet's network ACL and
// through the groups to one and the same port.
func openInBoth(f family, s *aws.Subnet, groups filter) cloud.Proof {
	if g := s.Gap("network_acl"); g != nil {
		return cloud.Hidden(s, "network_acl", g)
	}
	acl := s.NetworkACL.Target()
	if acl == nil {
		return cloud.Refuted(cloud.Fact{Of: s, Field: "network_acl", Value: ""})
	}
	return anyOf(cloud.Refuted(cloud.Fact{Of: acl, Field: "ref", Value: string(acl.Ref)}), func(yield func(cloud.Proof) bool) {
		for _, port := range slices.Concat(groups.portsToTry(), aclPortsToTry(acl, groups.from, groups.to)) {
			both := allOf(func(yield func(cloud.Proof) bool) {
				_ = yield(groups.at(port).open(f)) && yield(aclOpenAt([]family{f}, acl, groups.protocol, port))
			})
			if !yield(both) {
				return
			}
		}
	})
}

// ExposedThrough proves that the internet reaches a thing known only by its
// groups and subnets, as a managed database is: some group lets it in and some
// subnet routes to an internet gateway. That the thing has a public address is
// for the caller to know.
func ExposedThrough(groups []*aws.SecurityGroup, groupsGap *cloud.Gap, subnets []*aws.Subnet, subnetsGap *cloud.Gap, protocol string, from, to int) cloud.Proof {
	through := filterOf(groups, groupsGap, protocol, from, to)
	return anyOf(cloud.Refuted(), func(yield func(cloud.Proof) bool) {
		for _, f := range []family{v4, v6} {
			if !through.shut(f) && !yield(anySubnet(f, subnets, subnetsGap, through)) {
				return
			}
		}
	})
}

func anySubnet(f family, subnets []*aws.Subnet, gap *cloud.Gap, groups filter) cloud.Proof {
	otherwise := cloud.Refuted()
	if gap != nil {
		otherwise = cloud.Hidden(nil, "subnets", gap)
	}
	return anyOf(otherwise, func(yield func(cloud.Proof) bool) {
		for _, s := range subnets {
			if !yield(exposedIn(f, s, groups)) {
				return
			}
		}
	})
}

// filter is security groups, whose rules add up, asked about the ports of one
// protocol.
type filter struct {
	groups   []*aws.SecurityGroup
	gap      *cloud.Gap // there may be more groups
	rules    []*aws.SecurityGroupRule
	protocol string
	from, to int
}

func filterOf(groups []*aws.SecurityGroup, gap *cloud.Gap, protocol string, from, to int) filter {
	f := filter{groups: groups, gap: gap, protocol: protocol, from: from, to: to}
	for _, group := range groups {
		f.rules = append(f.rules, group.Ingress...)
	}
	return f
}

// at is the filter asked about one port only.
func (g filter) at(port int) filter {
	g.from, g.to = port, port
	return g
}

// shut reports whether the groups let nobody in over one family.
func (g filter) shut(f family) bool {
	p := g.lets(f)
	return p.Gap == nil && !p.Holds
}

// open proves that the groups let the internet in over one family.
func (g filter) open(f family) cloud.Proof {
	p := g.lets(f)
	if p.Gap != nil {
		return p
	}
	var facts []cloud.Fact
	for _, group := range g.groups {
		facts = append(facts, cloud.Fact{Of: group, Field: "ref", Value: string(group.Ref)})
	}
	p.Because = append(facts, p.Because...)
	return p
}

// lets is open without the groups among the facts.
func (g filter) lets(f family) cloud.Proof {
	otherwise := cloud.Refuted()
	if g.gap != nil {
		otherwise = cloud.Hidden(nil, "security_groups", g.gap)
	}
	for _, group := range g.groups {
		if hidden := group.Gap("ingress"); hidden != nil {
			otherwise = cloud.Hidden(group, "ingress", hidden)
		}
	}
	return anyOf(otherwise, openPorts([]family{f}, g.rules, g.protocol, g.from, g.to))
}

func (g filter) portsToTry() []int { return portsToTry(g.rules, g.from, g.to) }
