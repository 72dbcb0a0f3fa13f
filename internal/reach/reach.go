// Package reach reasons about packets: which addresses a set of filters lets
// through, and whether the internet can reach an interface. It judges ingress
// from the internet; it does not yet walk between two hosts of an estate.
//
// Everything is computed on sets of addresses, so a range written in halves, a
// prefix list and an IPv6 rule count for what they are.
package reach

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// family is IPv4, counted in addresses, or IPv6, counted in /64 networks of the
// global unicast space 2000::/3 (RFC 4291).
type family int

const (
	v4 family = iota
	v6
)

// span is an inclusive range of addresses of one family.
type span struct{ lo, hi uint64 }

var everything = [2]span{
	v4: {0, 1<<32 - 1},
	v6: {0x2000_0000_0000_0000, 0x3fff_ffff_ffff_ffff},
}

// spanOf converts a prefix; ok is false for what is no prefix, or lies outside
// the global unicast space.
func spanOf(cidr string) (f family, s span, ok bool) {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		a, err := netip.ParseAddr(cidr)
		if err != nil {
			return 0, span{}, false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	if p.Addr().Is4() {
		b := p.Masked().Addr().As4()
		lo := uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
		return v4, span{lo, lo + 1<<(32-p.Bits()) - 1}, true
	}
	b := p.Masked().Addr().As16()
	var lo uint64
	for _, x := range b[:8] {
		lo = lo<<8 | uint64(x)
	}
	hi := lo
	switch {
	case p.Bits() == 0:
		hi = 1<<64 - 1
	case p.Bits() < 64:
		hi = lo + 1<<(64-p.Bits()) - 1
	}
	all := everything[v6]
	if hi < all.lo || lo > all.hi {
		return v6, span{}, false
	}
	return v6, span{max(lo, all.lo), min(hi, all.hi)}, true
}

// set is a sorted list of spans that do not touch.
type set []span

func setOf(spans []span) set {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	var out set
	for _, s := range spans {
		if n := len(out); n > 0 && (s.lo <= out[n-1].hi || s.lo == out[n-1].hi+1) {
			out[n-1].hi = max(out[n-1].hi, s.hi)
			continue
		}
		out = append(out, s)
	}
	return out
}

// minus returns s without t.
func (s set) minus(t set) set {
	var out set
	for _, a := range s {
		lo, whole := a.lo, true
		for _, b := range t {
			if b.hi < lo || b.lo > a.hi {
				continue
			}
			if b.lo > lo {
				out = append(out, span{lo, b.lo - 1})
			}
			if b.hi >= a.hi {
				whole = false
				break
			}
			lo = b.hi + 1
		}
		if whole {
			out = append(out, span{lo, a.hi})
		}
	}
	return out
}

// and returns what is in both.
func (s set) and(t set) set { return s.minus(s.minus(t)) }

// isWorld reports whether the set holds at least half of the family's space: a
// rule that leaves out less than it lets in is not a rule for known peers.
func (s set) isWorld(f family) bool {
	var n uint64
	for _, x := range s {
		n += x.hi - x.lo + 1
	}
	all := everything[f]
	return n >= (all.hi-all.lo)/2+1
}

// World reports whether the ranges together take in at least half of the
// internet, IPv4 or IPv6. Ranges may overlap and may be split.
func World(cidrs []string) bool {
	sets := byFamily(cidrs)
	return sets[v4].isWorld(v4) || sets[v6].isWorld(v6)
}

// Within reports whether the address or range lies wholly inside the ranges,
// taken together. What is no address lies in none.
func Within(address string, cidrs []string) bool {
	f, s, ok := spanOf(address)
	if !ok {
		return false
	}
	return len(set{s}.minus(byFamily(cidrs)[f])) == 0
}

func byFamily(cidrs []string) [2]set {
	var spans [2][]span
	for _, c := range cidrs {
		if f, s, ok := spanOf(c); ok {
			spans[f] = append(spans[f], s)
		}
	}
	return [2]set{v4: setOf(spans[v4]), v6: setOf(spans[v6])}
}

// ports is an inclusive range of ports.
type ports struct{ lo, hi int }

// matches reports whether a rule's protocol and ports take in some of want.
// Protocol -1 takes in everything; icmp has no ports.
func matches(protocol string, from, to int, wantProtocol string, want ports) bool {
	if protocol == "-1" || protocol == "all" {
		return true
	}
	if protocol != wantProtocol {
		return false
	}
	if protocol != "tcp" && protocol != "udp" {
		return true
	}
	return from == -1 || from <= want.hi && to >= want.lo
}

// allowed is what a list of rules lets in, and what keeps that from being known
// in full.
type allowed struct {
	sets   [2]set
	hidden cloud.Proof // its Gap is nil when all is known
	facts  [2][]cloud.Fact
}

// ingress unions the ranges of all rules that let one port in.
func ingress(rules []*aws.SecurityGroupRule, protocol string, port ports) allowed {
	var out allowed
	var spans [2][]span
	hide := func(of any, field string, g *cloud.Gap) {
		if out.hidden.Gap == nil {
			out.hidden = cloud.Hidden(of, field, g)
		}
	}
	for _, r := range rules {
		known := true
		for _, f := range []string{"protocol", "from_port", "to_port"} {
			if g := r.Gap(f); g != nil {
				hide(r, f, g)
				known = false
			}
		}
		if !known || !matches(r.Protocol, r.FromPort, r.ToPort, protocol, port) {
			continue
		}
		for _, f := range []string{"cidr_ipv4", "cidr_ipv6", "prefix_lists"} {
			if g := r.Gap(f); g != nil {
				hide(r, f, g)
			}
		}
		cidrs := slices.Concat(r.CIDRs4, r.CIDRs6)
		for _, l := range r.PrefixLists {
			list := l.Target()
			if list == nil {
				continue
			}
			if g := list.Gap("entries"); g != nil {
				hide(list, "entries", g)
			}
			for _, e := range list.Entries {
				if g := e.Gap("cidr"); g != nil {
					hide(e, "cidr", g)
					continue
				}
				cidrs = append(cidrs, e.CIDR)
			}
		}
		for _, c := range cidrs {
			if f, s, ok := spanOf(c); ok {
				spans[f] = append(spans[f], s)
				out.facts[f] = append(out.facts[f], ruleFacts(r, f)...)
			}
		}
	}
	for _, f := range []family{v4, v6} {
		out.sets[f] = setOf(spans[f])
	}
	return out
}

func ruleFacts(r *aws.SecurityGroupRule, f family) []cloud.Fact {
	facts := []cloud.Fact{{Of: r, Field: "protocol", Value: r.Protocol}}
	if r.Protocol != "-1" {
		facts = append(facts, cloud.Fact{Of: r, Field: "from_port", Value: r.FromPort}, cloud.Fact{Of: r, Field: "to_port", Value: r.ToPort})
	}
	if f == v4 && len(r.CIDRs4) > 0 {
		facts = append(facts, cloud.Fact{Of: r, Field: "cidr_ipv4", Value: r.CIDRs4})
	}
	if f == v6 && len(r.CIDRs6) > 0 {
		facts = append(facts, cloud.Fact{Of: r, Field: "cidr_ipv6", Value: r.CIDRs6})
	}
	for _, l := range r.PrefixLists {
		facts = append(facts, cloud.Fact{Of: r, Field: "prefix_lists", Value: string(l.To)})
	}
	return facts
}

// OpenToWorld proves that the rules, taken together, open some port of the
// range to the internet. A gap in the list of rules matters only when the known
// ones do not decide.
func OpenToWorld(rules []*aws.SecurityGroupRule, gap *cloud.Gap, protocol string, from, to int) cloud.Proof {
	otherwise := cloud.Refuted()
	if gap != nil {
		otherwise = cloud.Hidden(nil, "ingress", gap)
	}
	return anyOf(otherwise, openPorts([]family{v4, v6}, rules, protocol, from, to))
}

// openPorts asks at each port where the answer can change whether the rules let
// the internet in to it over one of the families.
func openPorts(over []family, rules []*aws.SecurityGroupRule, protocol string, from, to int) iter.Seq[cloud.Proof] {
	return func(yield func(cloud.Proof) bool) {
		for _, p := range portsToTry(rules, from, to) {
			in := ingress(rules, protocol, ports{p, p})
			for _, f := range over {
				if in.sets[f].isWorld(f) && !yield(cloud.Proved(in.facts[f]...)) {
					return
				}
			}
			if in.hidden.Gap != nil && !yield(in.hidden) {
				return
			}
		}
	}
}

// anyOf proves that one of the proofs holds. A gap hides the answer only when
// none does; when nothing speaks for it either way the answer is otherwise.
func anyOf(otherwise cloud.Proof, proofs iter.Seq[cloud.Proof]) cloud.Proof {
	answer := otherwise
	for p := range proofs {
		switch {
		case p.Gap != nil:
			answer = p
		case p.Holds:
			return p
		}
	}
	return answer
}

// allOf proves that all of the proofs hold. A no decides at once, whatever is
// hidden elsewhere; a yes needs them all.
func allOf(proofs iter.Seq[cloud.Proof]) cloud.Proof {
	all := cloud.Proved()
	for p := range proofs {
		switch {
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

// portsToTry returns the ports of the range at which the answer can change: its
// start, and the start of every rule inside it.
func portsToTry(rules []*aws.SecurityGroupRule, from, to int) []int {
	try := []int{from}
	for _, r := range rules {
		if r.FromPort > from && r.FromPort <= to {
			try = append(try, r.FromPort)
		}
	}
	slices.Sort(try)
	return slices.Compact(try)
}

// EveryPortOpenToWorld proves that the rules, taken together, open all ports to
// the internet: every protocol, or the whole range of TCP or UDP.
func EveryPortOpenToWorld(rules []*aws.SecurityGroupRule, gap *cloud.Gap) cloud.Proof {
	return anyOf(cloud.Refuted(), func(yield func(cloud.Proof) bool) {
		_ = yield(everyPort(rules, gap, "tcp")) && yield(everyPort(rules, gap, "udp"))
	})
}

// everyPort asks at each port where the answer can change: one that is shut
// decides, whatever is hidden elsewhere.
func everyPort(rules []*aws.SecurityGroupRule, gap *cloud.Gap, protocol string) cloud.Proof {
	try := []int{1}
	for _, r := range rules {
		for _, p := range []int{r.FromPort, r.ToPort + 1} {
			if r.Protocol == protocol && p > 1 && p <= 65535 {
				try = append(try, p)
			}
		}
	}
	slices.Sort(try)
	return allOf(func(yield func(cloud.Proof) bool) {
		for _, port := range slices.Compact(try) {
			if !yield(OpenToWorld(rules, gap, protocol, port, port)) {
				return
			}
		}
	})
}

// aclIngress returns the addresses that a network ACL lets in to a port:
// entries in the order of their numbers, the first that matches decides.
// https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
func aclIngress(acl *aws.NetworkACL, protocol string, port ports) ([2]set, []cloud.Fact) {
	entries := slices.Clone(acl.Entries)
	slices.SortStableFunc(entries, func(a, b *aws.NetworkACLEntry) int { return cmp.Compare(a.RuleNumber, b.RuleNumber) })
	left := [2]set{{everything[v4]}, {everything[v6]}}
	var in [2][]span
	var facts []cloud.Fact
	for _, e := range entries {
		if e.Egress || !matches(e.Protocol, e.FromPort, e.ToPort, protocol, port) {
			continue
		}
		f, s, ok := spanOf(e.CIDR)
		if !ok {
			continue
		}
		hit := left[f].and(set{s})
		if e.Allow && len(hit) > 0 {
			in[f] = append(in[f], hit...)
			facts = append(facts, cloud.Fact{Of: e, Field: "rule_number", Value: e.RuleNumber}, cloud.Fact{Of: e, Field: "cidr", Value: e.CIDR})
		}
		left[f] = left[f].minus(set{s})
	}
	return [2]set{setOf(in[v4]), setOf(in[v6])}, facts
}

// aclGap returns what keeps an ACL from being judged: the order of entries
// matters, so any hole does.
func aclGap(acl *aws.NetworkACL) (any, string, *cloud.Gap) {
	if g := acl.Gap("entries"); g != nil {
		return acl, "entries", g
	}
	for _, e := range acl.Entries {
		for _, f := range []string{"rule_number", "egress", "allow", "protocol", "from_port", "to_port", "cidr"} {
			if g := e.Gap(f); g != nil {
				return e, f, g
			}
		}
	}
	return nil, "", nil
}

// ACLOpenToWorld proves that the network ACL lets the internet in to some port
// of the range.
func ACLOpenToWorld(acl *aws.NetworkACL, protocol string, from, to int) cloud.Proof {
	return anyOf(cloud.Refuted(), func(yield func(cloud.Proof) bool) {
		for _, p := range aclPortsToTry(acl, from, to) {
			if !yield(aclOpenAt([]family{v4, v6}, acl, protocol, p)) {
				return
			}
		}
	})
}

// aclOpenAt proves that the network ACL lets the internet in to the port over
// one of the families.
func aclOpenAt(over []family, acl *aws.NetworkACL, protocol string, port int) cloud.Proof {
	if of, field, g := aclGap(acl); g != nil {
		return cloud.Hidden(of, field, g)
	}
	in, facts := aclIngress(acl, protocol, ports{port, port})
	for _, f := range over {
		if in[f].isWorld(f) {
			return cloud.Proved(facts...)
		}
	}
	return cloud.Refuted()
}

// aclPortsToTry returns the ports of the range at which the answer can change:
// its start, and the start of every entry inside it and of what follows one.
func aclPortsToTry(acl *aws.NetworkACL, from, to int) []int {
	try := []int{from}
	for _, e := range acl.Entries {
		for _, p := range []int{e.FromPort, e.ToPort + 1} {
			if p > from && p <= to {
				try = append(try, p)
			}
		}
	}
	slices.Sort(try)
	return slices.Compact(try)
}

// ACLEveryPortOpenToWorld proves that the network ACL lets the internet in to
// nearly every port of TCP or UDP: to at least half of those below 1024. The
// ports above must be open for answers to return, and say nothing.
// https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
func ACLEveryPortOpenToWorld(acl *aws.NetworkACL) cloud.Proof {
	const system = 1024
	if of, field, g := aclGap(acl); g != nil {
		return cloud.Hidden(of, field, g)
	}
	try := append(aclPortsToTry(acl, 0, system-1), system)
	for _, protocol := range []string{"tcp", "udp"} {
		open := 0
		var because []cloud.Fact
		for i, p := range try[:len(try)-1] {
			in, facts := aclIngress(acl, protocol, ports{p, p})
			if in[v4].isWorld(v4) || in[v6].isWorld(v6) {
				open += try[i+1] - p
				because = facts
			}
		}
		if open >= system/2 {
			return cloud.Proved(because...)
		}
	}
	return cloud.Refuted()
}
