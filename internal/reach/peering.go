package reach

import (
	"slices"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// RoutesWholePeer proves that some route over the peering connection takes in a
// whole range of one of the two VPCs.
func RoutesWholePeer(p *aws.VPCPeering) cloud.Proof {
	ranges, hidden := peerRanges(p)
	if g := p.Gap("route_tables"); g != nil {
		hidden = hide(hidden, p, "route_tables", g)
	}
	for _, l := range p.RouteTables {
		table := l.Target()
		if g := table.Gap("routes"); g != nil {
			hidden = hide(hidden, table, "routes", g)
		}
		for _, r := range table.Routes {
			if r.Peering.Target() != p {
				continue
			}
			for _, f := range []string{"destination", "prefix_list"} {
				if g := r.Gap(f); g != nil {
					hidden = hide(hidden, r, f, g)
				}
			}
			if list := r.PrefixList.Target(); list != nil {
				if g := list.Gap("entries"); g != nil {
					hidden = hide(hidden, list, "entries", g)
				}
			}
			to := destinations(r)
			for _, c := range ranges {
				if Within(c, to) {
					return cloud.Proved(cloud.Fact{Of: r, Field: "destination", Value: r.Destination}, cloud.Fact{Of: table, Field: "ref", Value: string(table.Ref)})
				}
			}
		}
	}
	if hidden != nil {
		return *hidden
	}
	return cloud.Refuted()
}

// peerRanges returns the known ranges of both VPCs, and why there may be more.
func peerRanges(p *aws.VPCPeering) ([]string, *cloud.Proof) {
	var ranges []string
	var hidden *cloud.Proof
	for _, side := range []*aws.PeeringSide{p.Requester, p.Accepter} {
		if side == nil {
			continue
		}
		for _, f := range []string{"cidr_ipv4", "cidr_ipv6"} {
			if g := side.Gap(f); g != nil {
				hidden = hide(hidden, side, f, g)
			}
		}
		ranges = slices.Concat(ranges, side.CIDRs4, side.CIDRs6)
	}
	for _, f := range []string{"requester", "accepter"} {
		if g := p.Gap(f); g != nil {
			hidden = hide(hidden, p, f, g)
		}
	}
	return ranges, hidden
}

// hide keeps the first of several gaps.
func hide(first *cloud.Proof, of any, field string, g *cloud.Gap) *cloud.Proof {
	if first != nil {
		return first
	}
	h := cloud.Hidden(of, field, g)
	return &h
}
