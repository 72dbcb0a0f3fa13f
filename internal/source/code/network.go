package code

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Assigned stands in the model for a public address that AWS picks at apply.
const Assigned = "assigned by AWS"

const (
	defaultGroup = "/default-security-group"
	defaultACL   = "/default-network-acl"
	mainTable    = "/main-route-table"
)

// WithVPCParts says of a mapping of VPCs that each comes with a default
// security group, a default network ACL and a main route table, as AWS makes
// them, unless the code takes their place.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
// https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
func WithVPCParts(m Mapping) Mapping {
	m = HasPart[aws.SecurityGroup](m, defaultGroup)
	m = HasPart[aws.NetworkACL](m, defaultACL)
	m = HasPart[aws.RouteTable](m, mainTable)
	whole := m.fill
	m.fill = func(f *Form, r cloud.Resource) {
		whole(f, r)
		addVPCParts(f, r.(*aws.VPC))
	}
	return m
}

func addVPCParts(f *Form, v *aws.VPC) {
	in := cloud.LinkTo[aws.VPC](v.Ref)
	Implied(f, defaultGroup, Value{}, func(f *Form, g *aws.SecurityGroup) {
		f.Is(&g.VPC, in)
		f.Is(&g.Default, true)
		f.Is(&g.GroupName, "default")
		f.Is(&g.Description, "default VPC security group")
		f.Default(&g.Owner, &g.Ingress, &g.Egress)
		g.Ingress = []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, Groups: cloud.LinksTo[aws.SecurityGroup](g.Ref)}}
		g.Egress = OpenEgress()
	})
	Implied(f, defaultACL, Value{}, func(f *Form, a *aws.NetworkACL) {
		f.Is(&a.VPC, in)
		f.Is(&a.Default, true)
		f.Default(&a.Owner, &a.Entries)
		for _, egress := range []bool{false, true} {
			a.Entries = append(a.Entries, &aws.NetworkACLEntry{RuleNumber: 100, Egress: egress, Allow: true, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "0.0.0.0/0"})
		}
	})
	Implied(f, mainTable, Value{}, func(f *Form, t *aws.RouteTable) {
		f.Is(&t.VPC, in)
		f.Is(&t.Main, true)
		f.Default(&t.Owner, &t.Routes, &t.InternetGateways, &t.VPNGateways, &t.PropagatingVPNGateways)
	})
}

// OpenEgress are the rules that AWS gives a security group for what goes out:
// everything.
func OpenEgress() []*aws.SecurityGroupRule {
	return []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, CIDRs4: []string{"0.0.0.0/0"}}}
}

// SettleSubnet gives a subnet that was given no route table or network ACL the
// ones of its VPC.
func SettleSubnet(f *Form, s *aws.Subnet) {
	v := Target(f, s.VPC)
	if v == nil {
		return
	}
	own := f.set["route_table"]
	if !own {
		f.Is(&s.RouteTable, mainTableOf(f, v))
	}
	f.Is(&s.MainRouteTable, !own)
	if !f.set["network_acl"] {
		f.Is(&s.NetworkACL, cloud.LinkTo[aws.NetworkACL](f.world.part(v.Ref, kindOf[aws.NetworkACL]())))
	}
}

// mainTableOf is the table that the code makes the main one of the VPC, or the
// one that AWS made so.
func mainTableOf(f *Form, v *aws.VPC) cloud.Link[aws.RouteTable] {
	main := f.world.part(v.Ref, kindOf[aws.RouteTable]())
	for _, t := range All[aws.RouteTable](f) {
		if t.Main && !t.Context && t.VPC.To == v.Ref {
			main = t.Ref
		}
	}
	return cloud.LinkTo[aws.RouteTable](main)
}

// SettleInterface says of an implied interface what follows from its subnet:
// the VPC, and whether it gets public addresses. Public is a boolean for IPv4;
// absent, the subnet decides.
func SettleInterface(f *Form, l cloud.Link[aws.NetworkInterface], public Value) {
	n := Target(f, l)
	if n == nil {
		return
	}
	f = f.world.forms[n.Ref]
	s := Target(f, n.Subnet)
	if s != nil {
		f.Take(&n.VPC, s, &s.VPC)
		if !f.set["ipv6"] {
			takeOver(f, &n.IPv6, assigned(s.AutoAssignIPv6), s, "auto_assign_ipv6")
		}
	}
	switch gives, known := public.Bool(); {
	case f.set["public_ips"]:
	case known:
		f.Is(&n.PublicIPs, assigned(gives))
	case public.Hole() != nil:
		f.Put(&n.PublicIPs, public)
	case s != nil:
		takeOver(f, &n.PublicIPs, assigned(s.AutoAssignPublicIP), s, "auto_assign_public_ip")
	}
}

// SettleGroups gives an interface that was given no security group the default
// one of its VPC.
func SettleGroups(f *Form, n *aws.NetworkInterface) {
	f = f.world.forms[n.Ref]
	if v := Target(f, n.VPC); v != nil && !f.set["security_groups"] {
		f.Is(&n.SecurityGroups, cloud.LinksTo[aws.SecurityGroup](f.world.part(v.Ref, kindOf[aws.SecurityGroup]())))
	}
}

// SettleElasticIP gives the interface that an address is bound to a public address.
func SettleElasticIP(f *Form, e *aws.ElasticIP) {
	if n := Target(f, e.Interface); n != nil {
		f.world.forms[n.Ref].Is(&n.PublicIPs, assigned(true))
		delete(n.Gaps, "public_ips")
	}
}

// SettleNATGateway says of a gateway what follows from its subnet, and makes
// its interface.
func SettleNATGateway(f *Form, g *aws.NATGateway) {
	if s := Target(f, g.Subnet); s != nil {
		f.Take(&g.VPC, s, &s.VPC)
	}
	public := g.Connectivity == "public"
	takeOver(f, &g.PublicIPs, assigned(public), g, "connectivity")
	g.Interfaces = append(g.Interfaces, serviceInterface(f, "/interface", g.Subnet, nil, Flag(public, nil), "natGateway", nil))
	f.Default(&g.Interfaces)
}

// Endpoint reads what follows from the service that a VPC endpoint is for. One
// of AWS's own lets everything through where the code gives it no policy.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
func Endpoint(f *Form, e *aws.VPCEndpoint, service, policy Value) {
	f.Put(&e.Policy, policy)
	if !strings.HasPrefix(service.Show(), "com.amazonaws.") {
		f.Put(&e.Service, service)
		return
	}
	f.Put(&e.Service, Text(service.Show(), service.at)) // the region in it may be a hole
	f.Is(&e.ServiceOwner, "amazon")
	f.Is(&e.State, "available")
	if policy.IsAbsent() {
		f.Is(&e.Policy, &aws.Policy{Version: "2008-10-17", Statements: []*aws.Statement{{
			Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}, Principals: []*aws.Principal{{Type: "AWS", ID: "*"}},
		}}})
	}
}

// SettleEndpoint makes the interfaces of an endpoint, one in each subnet.
func SettleEndpoint(f *Form, e *aws.VPCEndpoint) {
	for i, s := range e.Subnets {
		e.Interfaces = append(e.Interfaces, serviceInterface(f, cloud.Ref("/interface/"+strconv.Itoa(i)), s, e.SecurityGroups, Flag(false, nil), "vpc_endpoint", nil))
	}
	f.Default(&e.Interfaces)
}

// SettleBalancer makes the interfaces of a load balancer, one in each subnet,
// which link names as its own. A load balancer is in the VPC of its subnets.
// Public says whether the internet may reach it.
func SettleBalancer(f *Form, vpc *cloud.Link[aws.VPC], subnets []cloud.Link[aws.Subnet], groups []cloud.Link[aws.SecurityGroup], public Value, link func(*Form, *aws.NetworkInterface)) {
	for i, l := range subnets {
		serviceInterface(f, cloud.Ref("/interface/"+strconv.Itoa(i)), l, groups, public, "interface", link)
		if s := Target(f, l); s != nil && i == 0 {
			f.Take(vpc, s, &s.VPC)
		}
	}
}

// serviceInterface is an interface that a service makes and controls.
func serviceInterface(f *Form, suffix cloud.Ref, subnet cloud.Link[aws.Subnet], groups []cloud.Link[aws.SecurityGroup], public Value, typ string, more func(*Form, *aws.NetworkInterface)) cloud.Link[aws.NetworkInterface] {
	l := Implied(f, suffix, Value{}, func(f *Form, n *aws.NetworkInterface) {
		f.Default(&n.Instance, &n.DeviceIndex, &n.LoadBalancer, &n.ClassicLoadBalancer, &n.SourceDestCheck, &n.DenyInternetGateway)
		f.Is(&n.Subnet, subnet)
		f.Is(&n.SecurityGroups, groups)
		f.Is(&n.InterfaceType, typ)
		f.Is(&n.Status, "in-use")
		f.Is(&n.RequesterManaged, true)
		if more != nil {
			more(f, n)
		}
	})
	SettleInterface(f, l, public)
	return l
}

// SettlePeeringSide says of one side of a peering connection what its VPC says.
func SettlePeeringSide(f *Form, s *aws.PeeringSide, vpc Value) {
	f.Put(&s.VPC, vpc)
	if v := Target(f, s.VPC); v != nil {
		f.Take(&s.CIDRs4, v, &v.CIDRs4)
		f.Take(&s.CIDRs6, v, &v.CIDRs6)
	}
}

// takeOver sets a field to what follows from another object's field, with its gap.
func takeOver(f *Form, field, value any, from cloud.Gapped, name string) {
	f.Is(field, value)
	f.into.Obj().SetGap(from.Obj().Gap(name), f.decide(field))
}

func assigned(yes bool) []string {
	if yes {
		return []string{Assigned}
	}
	return nil
}

// Protocol is AWS's name for an IP protocol: tcp, udp, icmp, icmpv6, -1 for
// all, or the number of any other.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func Protocol(v Value) Value {
	return v.Map(func(p string) string {
		switch p = strings.ToLower(p); p {
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
		return p
	})
}

// Ports reads the two ends of a range of ports. They are -1 where the protocol
// is every protocol, and where the code leaves them out.
func Ports(f *Form, from, to *int, protocol, low, high Value) {
	if all, known := protocol.Is("-1", "all").Bool(); known && all {
		low, high = Value{}, Value{}
	}
	f.Put(from, low, -1)
	f.Put(to, high, -1)
}

// GroupID is the id in the way EC2 names a group of another account: account/id.
func GroupID(v Value) Value {
	if v.kind == List {
		members := make([]Value, len(v.list))
		for i, m := range v.list {
			members[i] = GroupID(m)
		}
		return ListOf(members, v.hole, v.at)
	}
	return v.Map(func(s string) string { return s[strings.LastIndex(s, "/")+1:] })
}

// doubtGroups keeps a security group from being taken for unused when a
// resource names it in a way that the model does not follow.
func (w *World) doubtGroups() {
	for _, r := range w.order {
		if m := w.mappings[r.Type]; m != nil && m.kind == kindOf[aws.SecurityGroup]() {
			continue
		}
		r.Body.eachHole(func(h *Hole) {
			g, ok := w.model[w.follow(h.Of)].(*aws.SecurityGroup)
			if ok && w.doubts[g.Ref] == nil {
				w.doubts[g.Ref] = &cloud.Gap{Reason: cloud.NotInCode, Message: string(r.Address) + " may wear it"}
			}
		})
	}
}

// Ranges are address ranges. One that is known to be small, as "${...}/32" is,
// stands for itself though its address is not known: it is never the internet.
func Ranges(v Value) Value {
	if v.kind != List {
		return smallRange(v)
	}
	members := make([]Value, len(v.list))
	for i, m := range v.list {
		members[i] = smallRange(m)
	}
	return ListOf(members, v.hole, v.at)
}

func smallRange(v Value) Value {
	n := len(v.parts)
	if n < 2 {
		return v
	}
	_, length, _ := strings.Cut(v.parts[n-1].Text, "/")
	if bits, ok := wholeNumber(length); ok && bits >= 16 && !strings.Contains(v.Show(), ":") {
		return Text(v.Show(), v.at)
	}
	return v
}

// Aim says where a route leads: the first of the targets that is given. They
// are by the names that the model has for the kinds of target; under "gateway"
// is one of several kinds.
func Aim(f *Form, r *aws.Route, targets map[string]Value) {
	f.Default(&r.Blackhole, &r.Propagated, &r.InternetGateway, &r.NATGateway, &r.EgressOnlyInternetGateway, &r.VPNGateway,
		&r.TransitGateway, &r.Peering, &r.Endpoint, &r.Interface)
	links := map[string]cloud.AnyLink{
		"internet-gateway": &r.InternetGateway, "nat-gateway": &r.NATGateway, "egress-only-internet-gateway": &r.EgressOnlyInternetGateway,
		"vpn-gateway": &r.VPNGateway, "transit-gateway": &r.TransitGateway, "vpc-peering": &r.Peering, "vpc-endpoint": &r.Endpoint,
		"network-interface": &r.Interface,
	}
	f.Is(&r.TargetKind, "other")
	for _, kind := range slices.Sorted(maps.Keys(targets)) {
		v := targets[kind]
		if v.IsAbsent() {
			continue
		}
		if kind == "gateway" {
			kind = gatewayKind(f, v)
		}
		if kind == "" { // which of the gateways it is, is not known
			f.Put(&r.TargetKind, v)
			f.Put(&r.InternetGateway, v)
			return
		}
		f.Is(&r.TargetKind, kind)
		f.Put(&r.Target, v)
		if l := links[kind]; l != nil {
			f.Put(l, v)
		}
		return
	}
}

// gatewayKind is the kind of gateway that a route leads to, where that is known.
func gatewayKind(f *Form, v Value) string {
	byKind := map[cloud.Kind]string{
		kindOf[aws.InternetGateway](): "internet-gateway", kindOf[aws.VPNGateway](): "vpn-gateway", kindOf[aws.VPCEndpoint](): "vpc-endpoint",
		kindOf[aws.EgressOnlyInternetGateway](): "egress-only-internet-gateway", kindOf[aws.NATGateway](): "nat-gateway",
	}
	id, known := v.Known()
	if !known {
		return byKind[f.KindOf(v)]
	}
	switch prefix, _, _ := strings.Cut(id, "-"); prefix {
	case "igw":
		return "internet-gateway"
	case "vgw":
		return "vpn-gateway"
	case "vpce":
		return "vpc-endpoint"
	case "local":
		return "local"
	}
	return "other"
}
