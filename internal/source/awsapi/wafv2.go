package awsapi

import (
	"cmp"
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func wafv2Service() *service {
	return &service{name: "wafv2", kinds: []cloud.Kind{kindOf[aws.WebACL]()}, read: readWAFv2}
}

// readWAFv2 reads the ACLs of the region, and in us-east-1 those of CloudFront.
func readWAFv2(s *scope) {
	readWebACLs(s, types.ScopeRegional)
	if s.region == "us-east-1" {
		readWebACLs(s, types.ScopeCloudfront)
	}
}

func readWebACLs(s *scope, of types.Scope) {
	kind := kindOf[aws.WebACL]()
	c := wafv2.NewFromConfig(s.cfg)
	var found []types.WebACLSummary
	list(s, &byToken[wafv2.ListWebACLsOutput, wafv2.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*wafv2.Options)) (*wafv2.ListWebACLsOutput, error) {
			return c.ListWebACLs(ctx, &wafv2.ListWebACLsInput{Scope: of, NextMarker: token}, opts...)
		},
		next: func(out *wafv2.ListWebACLsOutput) *string { return out.NextMarker },
	}, func(out *wafv2.ListWebACLsOutput) { found = append(found, out.WebACLs...) }, kind)
	if len(found) == 0 {
		return
	}
	logs, gap := readWAFLogging(s, of)
	each(s, kind, found, func(in types.WebACLSummary) {
		a := &aws.WebACL{Base: s.base(cloud.Ref(awssdk.ToString(in.ARN)), awssdk.ToString(in.Name)), Scope: string(of)}
		defer s.add(a)
		if l, ok := logs[a.Ref]; ok {
			a.LogDestinations, a.LogFiltered = l.LogDestinationConfigs, l.LoggingFilter != nil
		} else if gap != nil {
			a.SetGap(gap, "log_destinations", "log_filtered")
		}
		readWebACLRules(s, a, in)
	})
}

// readWAFLogging reads the logging configurations of all ACLs, by ACL.
func readWAFLogging(s *scope, of types.Scope) (map[cloud.Ref]types.LoggingConfiguration, *cloud.Gap) {
	c := wafv2.NewFromConfig(s.cfg)
	logs := map[cloud.Ref]types.LoggingConfiguration{}
	gap := list(s, &byToken[wafv2.ListLoggingConfigurationsOutput, wafv2.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*wafv2.Options)) (*wafv2.ListLoggingConfigurationsOutput, error) {
			return c.ListLoggingConfigurations(ctx, &wafv2.ListLoggingConfigurationsInput{Scope: of, NextMarker: token}, opts...)
		},
		next: func(out *wafv2.ListLoggingConfigurationsOutput) *string { return out.NextMarker },
	}, func(out *wafv2.ListLoggingConfigurationsOutput) {
		for _, l := range out.LoggingConfigurations {
			logs[cloud.Ref(awssdk.ToString(l.ResourceArn))] = l
		}
	})
	return logs, gap
}

func readWebACLRules(s *scope, a *aws.WebACL, in types.WebACLSummary) {
	c := wafv2.NewFromConfig(s.cfg)
	arn := string(a.Ref)
	fields := []string{"default_action", "rules", "capacity", "firewall_manager", "metrics", "sampled_requests"}
	fill(s, a, fields, c.GetWebACL, &wafv2.GetWebACLInput{Id: in.Id, Name: in.Name, Scope: types.Scope(a.Scope)}, func(out *wafv2.GetWebACLOutput) {
		acl := out.WebACL
		a.DefaultAction = "BLOCK"
		if acl.DefaultAction == nil {
			need[string](a, "default_action", nil)
		} else if acl.DefaultAction.Allow != nil {
			a.DefaultAction = "ALLOW"
		}
		a.Capacity, a.FirewallManager = int(acl.Capacity), acl.ManagedByFirewallManager
		if v := acl.VisibilityConfig; v != nil {
			a.Metrics, a.SampledRequests = v.CloudWatchMetricsEnabled, v.SampledRequestsEnabled
		}
		a.Rules = webACLRules(acl)
	})
	fill(s, a, []string{"tags"}, c.ListTagsForResource, &wafv2.ListTagsForResourceInput{ResourceARN: &arn}, func(out *wafv2.ListTagsForResourceOutput) {
		a.Tags = tagMap(out.TagInfoForResource.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
}

// webACLRules returns the rules in the order they are tried: the first groups
// of Firewall Manager, the ACL's own rules, the last groups of Firewall Manager.
func webACLRules(acl *types.WebACL) []*aws.WebACLRule {
	managed := func(groups []types.FirewallManagerRuleGroup) []types.Rule {
		var out []types.Rule
		for _, g := range groups {
			r := types.Rule{Name: g.Name, Priority: g.Priority, OverrideAction: g.OverrideAction, VisibilityConfig: g.VisibilityConfig}
			if f := g.FirewallManagerStatement; f != nil {
				r.Statement = &types.Statement{ManagedRuleGroupStatement: f.ManagedRuleGroupStatement, RuleGroupReferenceStatement: f.RuleGroupReferenceStatement}
			}
			out = append(out, r)
		}
		return out
	}
	var out []*aws.WebACLRule
	for _, rules := range [][]types.Rule{managed(acl.PreProcessFirewallManagerRuleGroups), acl.Rules, managed(acl.PostProcessFirewallManagerRuleGroups)} {
		slices.SortStableFunc(rules, func(a, b types.Rule) int { return cmp.Compare(a.Priority, b.Priority) })
		for _, r := range rules {
			out = append(out, webACLRule(r))
		}
	}
	return out
}

func webACLRule(in types.Rule) *aws.WebACLRule {
	r := &aws.WebACLRule{Name: awssdk.ToString(in.Name), Priority: int(in.Priority), Action: ruleAction(in.Action)}
	if in.Action == nil {
		r.Action = "GROUP"
		if o := in.OverrideAction; o != nil && o.Count != nil {
			r.Action = "COUNT"
		}
	}
	if v := in.VisibilityConfig; v != nil {
		r.Metrics, r.SampledRequests = v.CloudWatchMetricsEnabled, v.SampledRequestsEnabled
	} else {
		need[bool](r, "metrics", nil)
	}
	if in.Statement == nil {
		r.Type = needText(r, "type", "")
		return r
	}
	ruleStatement(r, in.Statement)
	return r
}

func ruleAction(a *types.RuleAction) string {
	switch {
	case a == nil:
		return ""
	case a.Allow != nil:
		return "ALLOW"
	case a.Block != nil:
		return "BLOCK"
	case a.Captcha != nil:
		return "CAPTCHA"
	case a.Challenge != nil:
		return "CHALLENGE"
	case a.Count != nil:
		return "COUNT"
	}
	return ""
}

func ruleStatement(r *aws.WebACLRule, in *types.Statement) {
	switch {
	case in.ManagedRuleGroupStatement != nil:
		m := in.ManagedRuleGroupStatement
		r.Type, r.Vendor, r.Group = "managed_group", awssdk.ToString(m.VendorName), awssdk.ToString(m.Name)
		r.Counted, r.ScopedDown = countedRules(m.ExcludedRules, m.RuleActionOverrides), m.ScopeDownStatement != nil
	case in.RuleGroupReferenceStatement != nil:
		g := in.RuleGroupReferenceStatement
		r.Type, r.GroupARN = "rule_group", awssdk.ToString(g.ARN)
		r.Counted = countedRules(g.ExcludedRules, g.RuleActionOverrides)
	case in.RateBasedStatement != nil:
		rate := in.RateBasedStatement
		r.Type, r.RateLimit, r.RateWindowSeconds = "rate", int(awssdk.ToInt64(rate.Limit)), int(rate.EvaluationWindowSec)
		if r.RateWindowSeconds == 0 {
			r.RateWindowSeconds = 300 // what AWS takes when it is left out
		}
		r.ScopedDown = rate.ScopeDownStatement != nil
	case in.IPSetReferenceStatement != nil:
		r.Type = "ip_set"
	case in.GeoMatchStatement != nil:
		r.Type = "geo"
	case in.AsnMatchStatement != nil:
		r.Type = "asn"
	case in.SqliMatchStatement != nil:
		r.Type = "sqli"
	case in.XssMatchStatement != nil:
		r.Type = "xss"
	case in.ByteMatchStatement != nil:
		r.Type = "bytes"
	case in.RegexMatchStatement != nil:
		r.Type = "regex"
	case in.RegexPatternSetReferenceStatement != nil:
		r.Type = "regex_set"
	case in.SizeConstraintStatement != nil:
		r.Type = "size"
	case in.LabelMatchStatement != nil:
		r.Type = "label"
	case in.AndStatement != nil:
		r.Type = "and"
	case in.OrStatement != nil:
		r.Type = "or"
	case in.NotStatement != nil:
		r.Type = "not"
	default:
		r.Type = needText(r, "type", "")
	}
}

func countedRules(excluded []types.ExcludedRule, overrides []types.RuleActionOverride) []string {
	var names []string
	for _, e := range excluded {
		names = append(names, awssdk.ToString(e.Name))
	}
	for _, o := range overrides {
		if ruleAction(o.ActionToUse) == "COUNT" {
			names = append(names, awssdk.ToString(o.Name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
