package code

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// OldTLSPolicy is the security policy of a listener whose maker chose none.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
const OldTLSPolicy = "ELBSecurityPolicy-2016-08"

// CertificateLink sorts a certificate by where it is kept: ACM or IAM.
func CertificateLink(f *Form, acm *cloud.Link[aws.Certificate], iam *cloud.Link[aws.ServerCertificate], v Value) {
	f.Default(acm, iam)
	if f.KindOf(v) == kindOf[aws.ServerCertificate]() || strings.Contains(v.Show(), ":iam:") {
		f.Put(iam, v)
	} else {
		f.Put(acm, v)
	}
}

// LoadBalancerDefaults decides what a load balancer's type says by itself.
func LoadBalancerDefaults(f *Form, lb *aws.LoadBalancer, typ, internal, crossZone Value) {
	f.Put(&lb.Type, typ, "application")
	f.Is(&lb.State, "active")
	f.Default(&lb.WebACL)
	kind, _ := typ.Or(Text("application", nil)).Known()
	if kind == "gateway" {
		f.Default(&lb.Scheme)
	} else {
		f.Put(&lb.Scheme, internal.Or(Flag(false, nil)).Choose("internal", "internet-facing"))
	}
	if kind == "application" {
		crossZone = Flag(true, crossZone.at)
	}
	f.Put(&lb.CrossZone, crossZone)
}

// SettleListener tells the target groups of a listener which load balancer
// uses them.
func SettleListener(f *Form, l *aws.Listener) {
	for _, a := range slices.Concat(l.DefaultActions, actionsOf(l.Rules)) {
		for _, to := range a.TargetGroups {
			g := Target(f, to)
			if g == nil {
				continue
			}
			if gap := l.Gap("load_balancer"); gap != nil {
				g.SetGap(gap.AsPartial(), "load_balancers")
			} else if !l.LoadBalancer.IsZero() && !slices.ContainsFunc(g.LoadBalancers, func(lb cloud.Link[aws.LoadBalancer]) bool { return lb.To == l.LoadBalancer.To }) {
				g.LoadBalancers = append(g.LoadBalancers, cloud.LinkTo[aws.LoadBalancer](l.LoadBalancer.To))
			}
		}
	}
}

func actionsOf(rules []*aws.ListenerRule) []*aws.ListenerAction {
	var all []*aws.ListenerAction
	for _, r := range rules {
		all = append(all, r.Actions...)
	}
	return all
}

// TargetLink reads what a target is: the id says it of things outside of the
// code by itself.
func TargetLink(f *Form, t *aws.Target, id Value) {
	f.Put(&t.ID, id)
	f.Default(&t.Instance, &t.Function, &t.LoadBalancer)
	switch f.KindOf(id) {
	case kindOf[aws.Instance]():
		f.Put(&t.Instance, id)
	case kindOf[aws.Function]():
		f.Put(&t.Function, id)
	case kindOf[aws.LoadBalancer]():
		f.Put(&t.LoadBalancer, id)
	}
}

// SettleClassicZones says in which zones a classic load balancer is: those of
// its subnets, of which no two share one.
func SettleClassicZones(f *Form, lb *aws.ClassicLoadBalancer) {
	for _, l := range lb.Subnets {
		s := Target(f, l)
		if s == nil || s.AvailabilityZone == "" {
			f.Gap(&lb.AvailabilityZones, cloud.NotInCode, "the zone of "+string(l.To)+" is not in this code")
			return
		}
		lb.AvailabilityZones = append(lb.AvailabilityZones, s.AvailabilityZone)
	}
}

// ClassicTLS decides the negotiation of a classic listener: by the attributes
// of its policy, which is an object of names and values. Without a policy it
// has AWS's default.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
func ClassicTLS(f *Form, l *aws.ClassicListener, secure, attributes Value) {
	f.Default(&l.TLSPolicy, &l.TLSProtocols, &l.TLSCiphers)
	l.TLSPolicy, l.TLSProtocols, l.TLSCiphers = "", nil, nil
	switch on, known := secure.Bool(); {
	case !known:
		f.Put(&l.TLSProtocols, Unsure(secure.Hole(), nil))
		return
	case !on:
		return
	}
	if h := attributes.Hole(); attributes.kind == Unknown {
		f.Put(&l.TLSProtocols, Unsure(h, nil))
		return
	}
	if attributes.IsAbsent() {
		attributes = ObjectOf(map[string]Value{"Reference-Security-Policy": Text(OldTLSPolicy, nil)}, nil, nil)
	}
	f.Put(&l.TLSPolicy, attributes.Field("Reference-Security-Policy"))
	if l.TLSPolicy != "" {
		f.Is(&l.TLSProtocols, classicProtocols(l.TLSPolicy))
		return
	}
	names, more := attributes.Fields()
	for _, n := range names {
		on, known := attributes.fields[n].Bool()
		protocol, is := strings.CutPrefix(n, "Protocol-")
		switch {
		case !known:
			more = attributes.fields[n].Hole()
		case on && is:
			l.TLSProtocols = append(l.TLSProtocols, protocol)
		case on && n != "Server-Defined-Cipher-Order":
			l.TLSCiphers = append(l.TLSCiphers, n)
		}
	}
	if more != nil {
		l.SetGap(more.Gap().AsPartial(), "tls_protocols", "tls_ciphers")
	}
}

// Renegotiate replaces the negotiation of a classic load balancer's listener at
// a port by that of a policy.
func Renegotiate(f *Form, lb *aws.ClassicLoadBalancer, port, attributes Value) {
	f.Default(&lb.Listeners)
	at, known := wholeNumberOf(port)
	for _, l := range lb.Listeners {
		if known && l.Port != at {
			continue
		}
		for _, field := range []string{"tls_policy", "tls_protocols", "tls_ciphers"} {
			delete(l.Gaps, field)
		}
		inner := &Form{world: f.world, resource: f.resource, body: f.body, into: l, set: map[string]bool{}, touched: map[string]bool{}}
		if known {
			ClassicTLS(inner, l, Flag(true, nil), attributes)
		} else {
			inner.Put(&l.TLSProtocols, port)
		}
	}
}

func wholeNumberOf(v Value) (int, bool) {
	s, _ := v.Known()
	return wholeNumber(s)
}

// classicProtocols are the protocols that a predefined policy switches on.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
func classicProtocols(policy string) []string {
	switch policy {
	case "ELBSecurityPolicy-TLS-1-2-2017-01":
		return []string{"TLSv1.2"}
	case "ELBSecurityPolicy-TLS-1-1-2017-01":
		return []string{"TLSv1.1", "TLSv1.2"}
	case "ELBSecurityPolicy-2011-08", "ELBSecurityPolicy-2014-01":
		return []string{"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"}
	}
	return []string{"TLSv1", "TLSv1.1", "TLSv1.2"}
}

// ProtectWith puts a web ACL in front of a load balancer or the stage of an API.
func ProtectWith(f *Form, resource, acl Value) {
	if f.KindOf(resource) == kindOf[aws.RestStage]() {
		Configure(f, resource, func(f *Form, s *aws.RestStage) { f.Put(&s.WebACL, acl) })
		return
	}
	Configure(f, resource, func(f *Form, lb *aws.LoadBalancer) { f.Put(&lb.WebACL, acl) })
}
