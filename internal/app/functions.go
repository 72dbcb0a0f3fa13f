package app

import (
	"reflect"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/iam"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/policy/cwfilter"
	"merlon.dev/internal/reach"
)

// functions are what rules can ask the engines. Here, and only here, the rule
// language meets iam and reach.
func functions() []policy.Func {
	var (
		boolean  = reflect.TypeFor[bool]()
		text     = reflect.TypeFor[string]()
		number   = reflect.TypeFor[int]()
		words    = reflect.TypeFor[[]string]()
		document = reflect.TypeFor[*aws.Policy]()
		filters  = reflect.TypeFor[[]*aws.SecurityGroupRule]()
		groups   = reflect.TypeFor[[]*aws.SecurityGroup]()
		subnets  = reflect.TypeFor[[]*aws.Subnet]()
		acl      = reflect.TypeFor[*aws.NetworkACL]()
		instance = reflect.TypeFor[*aws.Instance]()
		peering  = reflect.TypeFor[*aws.VPCPeering]()
	)
	return []policy.Func{
		{Name: "iam.public", Params: []reflect.Type{document}, Result: boolean,
			Doc:  "somebody who is neither named nor held to a fixed account, organization, network or source is let in",
			Call: func(a []any) policy.Answer { return policy.Proved(iam.Public(a[0].(*aws.Policy), nil)) }},
		{Name: "iam.publicFor", Params: []reflect.Type{document, words}, Result: boolean,
			Doc: "the same, for actions that match one of the patterns",
			Call: func(a []any) policy.Answer {
				return policy.Proved(iam.Public(a[0].(*aws.Policy), wordsOf(a[1])))
			}},
		{Name: "iam.admin", Params: []reflect.Type{document}, Result: boolean,
			Doc:  "every action on every resource is allowed",
			Call: func(a []any) policy.Answer { return policy.Proved(iam.Admin(a[0].(*aws.Policy))) }},
		{Name: "iam.escalates", Params: []reflect.Type{document}, Result: boolean,
			Doc:  "a published set of rights that leads to more rights is held",
			Call: func(a []any) policy.Answer { return policy.Proved(iam.Escalates(a[0].(*aws.Policy))) }},
		{Name: "iam.grants", Params: []reflect.Type{document, text, text}, Result: boolean,
			Doc: "an Allow covers the action on the resource pattern, unconditionally",
			Call: func(a []any) policy.Answer {
				return policy.Proved(iam.Grants(a[0].(*aws.Policy), a[1].(string), a[2].(string)))
			}},
		{Name: "iam.deniesInsecureTransport", Params: []reflect.Type{document}, Result: boolean,
			Doc:  "every request without TLS is refused",
			Call: func(a []any) policy.Answer { return policy.Proved(iam.DeniesInsecureTransport(a[0].(*aws.Policy))) }},
		{Name: "iam.untiedService", Params: []reflect.Type{document}, Result: boolean,
			Doc:  "a trust policy lets a service in for whomever it acts: no account, organization or resource ties it",
			Call: func(a []any) policy.Answer { return policy.Proved(iam.UntiedService(a[0].(*aws.Policy))) }},
		{Name: "iam.untiedWebIdentity", Params: []reflect.Type{document}, Result: boolean,
			Doc:  "a trust policy takes tokens of a web identity provider without asking whose they are",
			Call: func(a []any) policy.Answer { return policy.Proved(iam.UntiedWebIdentity(a[0].(*aws.Policy))) }},
		{Name: "iam.outsiders", Params: []reflect.Type{document, words, words}, Result: boolean,
			Doc: "principals of other accounts than these are let in, with no condition on one of the keys",
			Call: func(a []any) policy.Answer {
				return policy.Proved(iam.Outsiders(a[0].(*aws.Policy), wordsOf(a[1]), wordsOf(a[2])))
			}},
		{Name: "iam.glob", Params: []reflect.Type{text, text}, Result: boolean,
			Doc:  "the pattern, with * and ?, matches the text, letter case aside",
			Call: func(a []any) policy.Answer { return policy.Answer{Value: iam.Glob(a[0].(string), a[1].(string))} }},
		{Name: "logs.covers", Params: []reflect.Type{text, text}, Result: boolean,
			Doc: "the filter pattern takes every log event that the second pattern takes",
			Call: func(a []any) policy.Answer {
				covers, err := cwfilter.Covers(a[0].(string), a[1].(string))
				if err != nil {
					return policy.Answer{Field: "pattern", Gap: &cloud.Gap{Reason: cloud.Malformed, Message: "filter pattern: " + err.Error()}}
				}
				return policy.Answer{Value: covers}
			}},
		{Name: "net.world", Params: []reflect.Type{words}, Result: boolean,
			Doc: "the ranges together take in at least half of the internet",
			Call: func(a []any) policy.Answer {
				l := a[0].(policy.List)
				if reach.World(wordsOf(l)) {
					return policy.Answer{Value: true}
				}
				return policy.Answer{Value: false, Gap: l.Gap}
			}},
		{Name: "net.openToWorld", Params: []reflect.Type{filters, text, number, number}, Result: boolean,
			Doc: "the rules together open some port of the range to the internet",
			Call: func(a []any) policy.Answer {
				l := a[0].(policy.List)
				return policy.Proved(reach.OpenToWorld(l.Items.([]*aws.SecurityGroupRule), l.Gap, a[1].(string), a[2].(int), a[3].(int)))
			}},
		{Name: "net.everyPortOpenToWorld", Params: []reflect.Type{filters}, Result: boolean,
			Doc: "the rules together open all ports to the internet",
			Call: func(a []any) policy.Answer {
				l := a[0].(policy.List)
				return policy.Proved(reach.EveryPortOpenToWorld(l.Items.([]*aws.SecurityGroupRule), l.Gap))
			}},
		{Name: "net.aclOpenToWorld", Params: []reflect.Type{acl, text, number, number}, Result: boolean,
			Doc: "the network ACL, in order, lets the internet in to some port of the range",
			Call: func(a []any) policy.Answer {
				return policy.Proved(reach.ACLOpenToWorld(a[0].(*aws.NetworkACL), a[1].(string), a[2].(int), a[3].(int)))
			}},
		{Name: "net.aclEveryPortOpenToWorld", Params: []reflect.Type{acl}, Result: boolean,
			Doc: "the network ACL, in order, lets the internet in to at least half of the ports below 1024",
			Call: func(a []any) policy.Answer {
				return policy.Proved(reach.ACLEveryPortOpenToWorld(a[0].(*aws.NetworkACL)))
			}},
		{Name: "net.within", Params: []reflect.Type{text, words}, Result: boolean,
			Doc: "the address or range lies inside the ranges, taken together",
			Call: func(a []any) policy.Answer {
				l := a[1].(policy.List)
				if reach.Within(a[0].(string), wordsOf(l)) {
					return policy.Answer{Value: true}
				}
				return policy.Answer{Value: false, Gap: l.Gap}
			}},
		{Name: "net.routesWholePeer", Params: []reflect.Type{peering}, Result: boolean,
			Doc: "some route over the peering connection takes in a whole range of one of the VPCs",
			Call: func(a []any) policy.Answer {
				return policy.Proved(reach.RoutesWholePeer(a[0].(*aws.VPCPeering)))
			}},
		{Name: "net.exposed", Params: []reflect.Type{instance, text, number, number}, Result: boolean,
			Doc: "the internet reaches some port of the range: address, group, route and ACL agree",
			Call: func(a []any) policy.Answer {
				return policy.Proved(reach.Exposed(a[0].(*aws.Instance), a[1].(string), a[2].(int), a[3].(int)))
			}},
		{Name: "net.exposedThrough", Params: []reflect.Type{groups, subnets, text, number, number}, Result: boolean,
			Doc: "some group lets the internet in and some subnet routes to an internet gateway",
			Call: func(a []any) policy.Answer {
				g, s := a[0].(policy.List), a[1].(policy.List)
				return policy.Proved(reach.ExposedThrough(g.Items.([]*aws.SecurityGroup), g.Gap, s.Items.([]*aws.Subnet), s.Gap, a[2].(string), a[3].(int), a[4].(int)))
			}},
	}
}

func wordsOf(v any) []string {
	l, _ := v.(policy.List)
	words, _ := l.Items.([]string)
	return words
}
