package reach_test

import (
	"fmt"
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/reach"
)

func TestWorld(t *testing.T) {
	for _, c := range []struct {
		cidrs []string
		want  bool
	}{
		{[]string{"0.0.0.0/0"}, true},
		{[]string{"::/0"}, true},
		{[]string{"0.0.0.0/1", "128.0.0.0/1"}, true},
		{[]string{"0.0.0.0/2", "64.0.0.0/2"}, true}, // half
		{[]string{"0.0.0.0/2", "32.0.0.0/3"}, false},
		{[]string{"2000::/3"}, true},
		{[]string{"2000::/4"}, true},
		{[]string{"2001:db8::/32"}, false},
		{[]string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}, false},
		{[]string{"fd00::/8"}, false},
		{[]string{"203.0.113.7/32"}, false},
		{[]string{"not a range", ""}, false},
		{nil, false},
	} {
		if got := reach.World(c.cidrs); got != c.want {
			t.Errorf("%v: %v", c.cidrs, got)
		}
	}
	// Every address but one's own, as 32 ranges.
	var all []string
	for bits := 1; bits <= 32; bits++ {
		all = append(all, fmt.Sprintf("%d.0.0.0/%d", 1<<(8-min(bits, 8)), bits))
	}
	if !reach.World(all) {
		t.Error("many ranges that leave out a little are the world")
	}
}

func tcp(from, to int, cidrs ...string) *aws.SecurityGroupRule {
	return &aws.SecurityGroupRule{Protocol: "tcp", FromPort: from, ToPort: to, CIDRs4: cidrs}
}

func verdict(p cloud.Proof) string {
	switch {
	case p.Gap != nil:
		return "unknown"
	case p.Holds:
		return "yes"
	}
	return "no"
}

func TestOpenToWorld(t *testing.T) {
	gap := &cloud.Gap{Reason: cloud.Denied}
	hidden := tcp(22, 22)
	hidden.SetGap(gap, "cidr_ipv4")
	list := &aws.PrefixList{Entries: []*aws.PrefixListEntry{{CIDR: "0.0.0.0/0"}}}
	list.Ref = "arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-1"
	listed := &aws.SecurityGroupRule{Protocol: "tcp", FromPort: 22, ToPort: 22, PrefixLists: cloud.LinksTo[aws.PrefixList](list.Ref)}
	group := &aws.SecurityGroup{Ingress: []*aws.SecurityGroupRule{listed}}
	group.Ref = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"
	(&cloud.Snapshot{Resources: []cloud.Resource{list, group}}).Resolve()

	for _, c := range []struct {
		name  string
		rules []*aws.SecurityGroupRule
		gap   *cloud.Gap
		want  string
	}{
		{"the port", []*aws.SecurityGroupRule{tcp(22, 22, "0.0.0.0/0")}, nil, "yes"},
		{"a range with the port", []*aws.SecurityGroupRule{tcp(0, 1024, "0.0.0.0/0")}, nil, "yes"},
		{"every protocol", []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, CIDRs6: []string{"::/0"}}}, nil, "yes"},
		{"another port", []*aws.SecurityGroupRule{tcp(443, 443, "0.0.0.0/0")}, nil, "no"},
		{"another protocol", []*aws.SecurityGroupRule{{Protocol: "udp", FromPort: 22, ToPort: 22, CIDRs4: []string{"0.0.0.0/0"}}}, nil, "no"},
		{"halves in two rules", []*aws.SecurityGroupRule{tcp(22, 22, "0.0.0.0/1"), tcp(20, 30, "128.0.0.0/1")}, nil, "yes"},
		{"halves of different ports", []*aws.SecurityGroupRule{tcp(22, 22, "0.0.0.0/2"), tcp(23, 23, "128.0.0.0/2")}, nil, "no"},
		{"known peers", []*aws.SecurityGroupRule{tcp(22, 22, "198.51.100.0/24")}, nil, "no"},
		{"a prefix list", []*aws.SecurityGroupRule{listed}, nil, "yes"},
		{"ranges unread", []*aws.SecurityGroupRule{hidden}, nil, "unknown"},
		{"ranges unread beside an open rule", []*aws.SecurityGroupRule{hidden, tcp(22, 22, "0.0.0.0/0")}, nil, "yes"},
		{"rules unread", nil, gap.AsPartial(), "unknown"},
		{"rules unread beside an open one", []*aws.SecurityGroupRule{tcp(22, 22, "0.0.0.0/0")}, gap.AsPartial(), "yes"},
	} {
		if got := verdict(reach.OpenToWorld(c.rules, c.gap, "tcp", 22, 22)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEveryPortOpenToWorld(t *testing.T) {
	for _, c := range []struct {
		name  string
		rules []*aws.SecurityGroupRule
		want  string
	}{
		{"every protocol", []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, CIDRs4: []string{"0.0.0.0/0"}}}, "yes"},
		{"all of TCP", []*aws.SecurityGroupRule{tcp(0, 65535, "0.0.0.0/0")}, "yes"},
		{"443 of a load balancer", []*aws.SecurityGroupRule{tcp(443, 443, "0.0.0.0/0")}, "no"},
		{"every protocol among members", []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, CIDRs4: []string{"10.0.0.0/8"}}}, "no"},
	} {
		if got := verdict(reach.EveryPortOpenToWorld(c.rules, nil)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestACLIsReadInOrder(t *testing.T) {
	entry := func(n int, allow bool, cidr string, from, to int) *aws.NetworkACLEntry {
		return &aws.NetworkACLEntry{RuleNumber: n, Allow: allow, Protocol: "tcp", CIDR: cidr, FromPort: from, ToPort: to}
	}
	everything := &aws.NetworkACLEntry{RuleNumber: 100, Allow: true, Protocol: "-1", CIDR: "0.0.0.0/0", FromPort: -1, ToPort: -1}
	for _, c := range []struct {
		name    string
		entries []*aws.NetworkACLEntry
		want    string
	}{
		{"allow all", []*aws.NetworkACLEntry{everything}, "yes"},
		{"a deny before it", []*aws.NetworkACLEntry{everything, entry(90, false, "0.0.0.0/0", 22, 22)}, "no"},
		{"a deny after it", []*aws.NetworkACLEntry{everything, entry(110, false, "0.0.0.0/0", 22, 22)}, "yes"},
		{"half denied before it", []*aws.NetworkACLEntry{everything, entry(90, false, "0.0.0.0/1", 22, 22)}, "yes"},
		{"most denied before it", []*aws.NetworkACLEntry{everything, entry(90, false, "0.0.0.0/1", 22, 22), entry(91, false, "128.0.0.0/2", 22, 22)}, "no"},
		{"nothing", nil, "no"},
	} {
		if got := verdict(reach.ACLOpenToWorld(&aws.NetworkACL{Entries: c.entries}, "tcp", 22, 22)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// world is an instance with one interface that the internet reaches; tests take
// one thing away.
type world struct {
	instance *aws.Instance
	nic      *aws.NetworkInterface
	group    *aws.SecurityGroup
	subnet   *aws.Subnet
	table    *aws.RouteTable
	acl      *aws.NetworkACL
}

func exposedWorld() *world {
	base := func(what string) cloud.Base {
		return cloud.Base{Ref: cloud.Ref("arn:aws:ec2:eu-west-1:111122223333:" + what), Account: "111122223333", Region: "eu-west-1"}
	}
	w := &world{
		acl:   &aws.NetworkACL{Base: base("network-acl/acl-1"), Entries: []*aws.NetworkACLEntry{{RuleNumber: 100, Allow: true, Protocol: "-1", CIDR: "0.0.0.0/0", FromPort: -1, ToPort: -1}}},
		table: &aws.RouteTable{Base: base("route-table/rtb-1"), Routes: []*aws.Route{{Destination: "0.0.0.0/0", InternetGateway: cloud.LinkTo[aws.InternetGateway]("arn:aws:ec2:eu-west-1:111122223333:internet-gateway/igw-1")}}},
		group: &aws.SecurityGroup{Base: base("security-group/sg-1"), Ingress: []*aws.SecurityGroupRule{tcp(22, 22, "0.0.0.0/0")}},
	}
	w.subnet = &aws.Subnet{Base: base("subnet/subnet-1"), RouteTable: cloud.LinkTo[aws.RouteTable](w.table.Ref), NetworkACL: cloud.LinkTo[aws.NetworkACL](w.acl.Ref)}
	w.nic = &aws.NetworkInterface{Base: base("network-interface/eni-1"), PublicIPs: []string{"198.51.100.1"}, Subnet: cloud.LinkTo[aws.Subnet](w.subnet.Ref), SecurityGroups: cloud.LinksTo[aws.SecurityGroup](w.group.Ref)}
	w.instance = &aws.Instance{Base: base("instance/i-1"), Interfaces: cloud.LinksTo[aws.NetworkInterface](w.nic.Ref)}
	return w
}

func TestExposed(t *testing.T) {
	gap := &cloud.Gap{Reason: cloud.Denied}
	for _, c := range []struct {
		name   string
		change func(*world)
		want   string
	}{
		{"all four agree", func(*world) {}, "yes"},
		{"no public address", func(w *world) { w.nic.PublicIPs = nil }, "no"},
		{"IPv6 only, over an IPv4 filter", func(w *world) { w.nic.PublicIPs, w.nic.IPv6 = nil, []string{"2001:db8::1"} }, "no"},
		{"the group lets nobody in", func(w *world) { w.group.Ingress = nil }, "no"},
		{"the route leads to a NAT gateway", func(w *world) { w.table.Routes[0].InternetGateway = cloud.Link[aws.InternetGateway]{} }, "no"},
		{"the ACL denies", func(w *world) { w.acl.Entries = nil }, "no"},
		{"group unread", func(w *world) { w.group.SetGap(gap, "ingress"); w.group.Ingress = nil }, "unknown"},
		{"group unread, no public address", func(w *world) { w.group.SetGap(gap, "ingress"); w.nic.PublicIPs = nil }, "no"},
		{"routes unread", func(w *world) { w.table.SetGap(gap, "routes"); w.table.Routes = nil }, "unknown"},
		{"ACL unread", func(w *world) { w.acl.SetGap(gap.AsPartial(), "entries") }, "unknown"},
		{"interfaces unread", func(w *world) { w.instance.SetGap(gap, "interfaces"); w.instance.Interfaces = nil }, "unknown"},
		{"interface outside the snapshot", func(w *world) {
			w.instance.Interfaces = cloud.LinksTo[aws.NetworkInterface]("arn:aws:ec2:eu-west-1:111122223333:network-interface/other")
		}, "unknown"},
		{"subnet unknown", func(w *world) { w.nic.Subnet = cloud.Link[aws.Subnet]{}; w.nic.SetGap(gap, "subnet") }, "unknown"},
		{"the route is for a prefix list outside the snapshot", func(w *world) {
			w.table.Routes[0].Destination = ""
			w.table.Routes[0].PrefixList = cloud.LinkTo[aws.PrefixList]("arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-1")
		}, "unknown"},
		{"subnet outside the snapshot", func(w *world) {
			w.nic.Subnet = cloud.LinkTo[aws.Subnet]("arn:aws:ec2:eu-west-1:111122223333:subnet/other")
		}, "unknown"},
	} {
		w := exposedWorld()
		c.change(w)
		(&cloud.Snapshot{Resources: []cloud.Resource{w.instance, w.nic, w.group, w.subnet, w.table, w.acl}}).Resolve()
		if got := verdict(reach.Exposed(w.instance, "tcp", 22, 22)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestExposedAtAnyPort asks about a range: the port that decides may lie in its
// middle, and must be open in group and ACL alike.
func TestExposedAtAnyPort(t *testing.T) {
	only := func(port int) []*aws.NetworkACLEntry {
		return []*aws.NetworkACLEntry{{RuleNumber: 100, Allow: true, Protocol: "tcp", CIDR: "0.0.0.0/0", FromPort: port, ToPort: port}}
	}
	for _, c := range []struct {
		name   string
		change func(*world)
		want   string
	}{
		{"group and ACL let in the same middle port", func(w *world) { w.acl.Entries = only(22) }, "yes"},
		{"the group lets in more than the ACL", func(w *world) {
			w.acl.Entries, w.group.Ingress = only(443), []*aws.SecurityGroupRule{tcp(22, 8080, "0.0.0.0/0")}
		}, "yes"},
		{"group and ACL let in different ports", func(w *world) { w.acl.Entries = only(443) }, "no"},
		{"an ACL entry unread", func(w *world) {
			w.acl.Entries = only(22)
			w.acl.Entries[0].SetGap(&cloud.Gap{Reason: cloud.Denied}, "cidr")
		}, "unknown"},
	} {
		w := exposedWorld()
		c.change(w)
		(&cloud.Snapshot{Resources: []cloud.Resource{w.instance, w.nic, w.group, w.subnet, w.table, w.acl}}).Resolve()
		if got := verdict(reach.Exposed(w.instance, "tcp", 1, 65535)); got != c.want {
			t.Errorf("%s: an instance is exposed: %s, want %s", c.name, got, c.want)
		}
		through := reach.ExposedThrough([]*aws.SecurityGroup{w.group}, nil, []*aws.Subnet{w.subnet}, nil, "tcp", 1, 65535)
		if got := verdict(through); got != c.want {
			t.Errorf("%s: a database is exposed: %s, want %s", c.name, got, c.want)
		}
	}
}
