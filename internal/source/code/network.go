package code

import (
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
		takeOver(f, &n.VPC, s.VPC, s, "vpc")
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

// takeOver sets a field to what another object's field says, or to its gap.
func takeOver(f *Form, field, value any, from cloud.Gapped, name string) {
	if g := from.Obj().Gap(name); g != nil {
		f.Gap(field, g.Reason, g.Message)
		return
	}
	f.Is(field, value)
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
