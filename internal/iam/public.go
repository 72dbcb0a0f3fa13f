package iam

import (
	"net/netip"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Public proves that a resource policy lets in somebody who is neither named
// nor held to something fixed: an account, an organization, a network, a source
// resource. With actions, only statements on actions that match one of these
// patterns count; with none, all do.
//
// What narrows a wildcard principal follows S3's own definition of public,
// extended to the keys of other services:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
//
// A Lambda policy may let everyone call a function through a URL without
// authentication, and by no other way; it takes such a URL to make that public.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func Public(p *aws.Policy, actions []string) cloud.Proof {
	return anyStatement(p, func(s *aws.Statement) cloud.Proof {
		if len(actions) > 0 && !actsOn(s, actions) || !anyone(s) {
			return cloud.Refuted()
		}
		for _, c := range s.Conditions {
			if g := c.Gap("values"); g != nil {
				return cloud.Hidden(c, "values", g)
			}
			if narrows(c) {
				return cloud.Refuted()
			}
		}
		if deniedToOutsiders(p, s) {
			return cloud.Refuted()
		}
		return cloud.Proved(because(s)...)
	})
}

// anyone reports whether the statement names everyone: "*", or everyone but
// some.
func anyone(s *aws.Statement) bool {
	if len(s.NotPrincipals) > 0 {
		return true
	}
	for _, p := range s.Principals {
		if p.ID == "*" && (p.Type == "AWS" || p.Type == "*") {
			return true
		}
	}
	return false
}

// deniedToOutsiders reports whether a Deny of the same policy takes back what
// the Allow gives to everyone, for all but fixed callers.
func deniedToOutsiders(p *aws.Policy, allow *aws.Statement) bool {
	for _, s := range p.Statements {
		if s.Effect != "Deny" || !anyone(s) || len(s.NotPrincipals) > 0 {
			continue
		}
		if _, g := reads(s); g != nil {
			continue
		}
		if coversActions(s, allow) && coversResources(s, allow) && hitsOutsiders(s) {
			return true
		}
	}
	return false
}

func coversActions(deny, allow *aws.Statement) bool {
	if len(deny.Actions) == 0 || len(allow.Actions) == 0 {
		return covers(deny.Actions, "*")
	}
	for _, a := range allow.Actions {
		if !covers(deny.Actions, a) {
			return false
		}
	}
	return true
}

func coversResources(deny, allow *aws.Statement) bool {
	if len(deny.Resources) == 0 && len(deny.NotResources) == 0 {
		return true // a policy without resources, such as a trust policy
	}
	if len(allow.Resources) == 0 {
		return covers(deny.Resources, "*")
	}
	for _, r := range allow.Resources {
		if !covers(deny.Resources, r) {
			return false
		}
	}
	return true
}

// hitsOutsiders reports whether every condition of a Deny holds for a caller
// who has none of the fixed values: then the Deny spares only those who do.
func hitsOutsiders(deny *aws.Statement) bool {
	for _, c := range deny.Conditions {
		operator, _ := baseOperator(c.Operator)
		key := strings.ToLower(c.Key)
		switch {
		case operator == "bool" && (key == "aws:principalisawsservice" || key == "aws:viaawsservice") && allEqual(c.Values, "false"):
		case negated(operator) && fixedKey(key, c.Values, true):
		default:
			return false
		}
	}
	return true
}

func negated(operator string) bool {
	switch operator {
	case "stringnotequals", "stringnotlike", "stringnotequalsignorecase", "arnnotequals", "arnnotlike", "notipaddress":
		return true
	}
	return false
}

// narrows reports whether a condition of an Allow holds callers to something
// fixed.
func narrows(c *aws.Condition) bool {
	operator, mayBeMissing := baseOperator(c.Operator)
	if mayBeMissing {
		return false
	}
	key := strings.ToLower(c.Key)
	switch operator {
	case "bool":
		switch key {
		case "aws:principalisawsservice", "elasticfilesystem:accessedviamounttarget",
			"lambda:invokedviafunctionurl": // such a call needs lambda:InvokeFunctionUrl as well
			return allEqual(c.Values, "true")
		}
	case "stringequals", "stringequalsignorecase":
		return fixedKey(key, c.Values, false)
	case "stringlike", "arnequals", "arnlike", "ipaddress":
		return fixedKey(key, c.Values, true)
	}
	return false
}

// baseOperator lowers an operator to its bare name, and says whether it is
// satisfied by a request that lacks the key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func baseOperator(operator string) (name string, mayBeMissing bool) {
	name = strings.ToLower(operator)
	if rest, ok := strings.CutPrefix(name, "forallvalues:"); ok {
		name, mayBeMissing = rest, true
	}
	name = strings.TrimPrefix(name, "foranyvalue:")
	if rest, ok := strings.CutSuffix(name, "ifexists"); ok {
		name, mayBeMissing = rest, true
	}
	return name, mayBeMissing
}

// fixedKey reports whether the key says who calls or from where, and all the
// values are fixed. With globs, * and ? in values are wildcards. A user name
// (aws:username) or a private address (aws:VpcSourceIp) is nobody's own: any
// account can make a user, and any VPC use an address, that fits.
func fixedKey(key string, values []string, globs bool) bool {
	for _, v := range values {
		if !fixedValue(key, v, globs) {
			return false
		}
	}
	return len(values) > 0
}

func fixedValue(key, v string, globs bool) bool {
	if strings.Contains(v, "${") {
		return false
	}
	wild := globs && strings.ContainsAny(v, "*?")
	switch key {
	case "aws:sourceip":
		return narrowNetwork(v)
	case "aws:sourcearn", "aws:principalarn", "s3:dataaccesspointarn":
		return !wild || fixedARN(v)
	case "aws:principalorgpaths", "aws:sourceorgpaths":
		org, _, _ := strings.Cut(v, "/")
		return org != "" && !strings.ContainsAny(org, "*?")
	case "sns:endpoint": // a condition only subscriptions meet, and only to these receivers
		_, domain, mail := strings.Cut(v, "@")
		return !wild || mail && domain != "" && !strings.ContainsAny(domain, "*?") || fixedARN(v)
	case "lambda:functionurlauthtype": // of a URL that takes unsigned calls, which is the URL's flaw
		return v == "NONE"
	case "aws:userid":
		id, _, _ := strings.Cut(v, ":") // AROAEXAMPLE:* is every session of one role
		return id != "" && !strings.ContainsAny(id, "*?")
	case "aws:sourceaccount", "aws:sourceowner", "aws:principalaccount", "aws:principalorgid", "aws:sourceorgid",
		"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "kms:calleraccount", "s3:dataaccesspointaccount", "aws:principalservicename":
		return !wild
	}
	return false
}

// fixedARN reports whether a wildcard ARN still holds to one account, or to one
// bucket, whose ARN names no account.
func fixedARN(v string) bool {
	parts := strings.SplitN(v, ":", 6)
	if len(parts) < 6 {
		return false
	}
	account := parts[4]
	if account == "" {
		return parts[2] == "s3" && !strings.ContainsAny(parts[5], "*?")
	}
	return len(account) == 12 && !strings.ContainsAny(account, "*?")
}

// narrowNetwork reports whether a range is no broader than /8 (IPv4) or /32
// (IPv6): S3's limit between a network and the internet.
func narrowNetwork(v string) bool {
	if !strings.Contains(v, "/") {
		a, err := netip.ParseAddr(v)
		return err == nil && a.IsValid()
	}
	p, err := netip.ParsePrefix(v)
	if err != nil {
		return false
	}
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}

func allEqual(values []string, want string) bool {
	for _, v := range values {
		if !strings.EqualFold(v, want) {
			return false
		}
	}
	return len(values) > 0
}
