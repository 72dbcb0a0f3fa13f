package iam

import (
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Admin proves that the policy allows every action on every resource. A
// condition on who calls, when, from where or with which second factor does
// not lessen what is granted; any other condition does.
func Admin(p *aws.Policy) cloud.Proof {
	return anyStatement(p, func(s *aws.Statement) cloud.Proof {
		if !covers(s.Actions, "*") && !covers(s.Actions, "*:*") || !covers(s.Resources, "*") || lessens(s) || denied(p, "*", "*") {
			return cloud.Refuted()
		}
		return cloud.Proved(because(s)...)
	})
}

// Grants proves that an Allow covers the action on the resource pattern, and no
// condition other than on the caller's circumstances lessens it.
func Grants(p *aws.Policy, action, resource string) cloud.Proof {
	return anyStatement(p, func(s *aws.Statement) cloud.Proof {
		if !allows(s, action) || !covers(s.Resources, resource) || lessens(s) || denied(p, action, resource) {
			return cloud.Refuted()
		}
		return cloud.Proved(because(s)...)
	})
}

// DeniesInsecureTransport proves that the policy refuses every request that
// does not come over TLS: to the bucket and to its objects alike, in one
// statement or in several.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit
func DeniesInsecureTransport(p *aws.Policy) cloud.Proof {
	if p == nil {
		return cloud.Refuted()
	}
	var refused []string
	var facts []cloud.Fact
	for _, s := range p.Statements {
		if _, g := reads(s); g != nil || s.Effect != "Deny" || !anyone(s) || len(s.NotPrincipals) > 0 {
			continue
		}
		if len(s.Conditions) == 1 && refusesPlain(s.Conditions[0]) && wholeService(s.Actions) {
			refused = append(refused, s.Resources...)
			facts = append(facts, because(s)...)
		}
	}
	if bucketAndObjects(refused) {
		return cloud.Proved(facts...)
	}
	if g := p.Gap("statements"); g != nil {
		return cloud.Hidden(p, "statements", g)
	}
	for _, s := range p.Statements {
		if f, g := reads(s); g != nil {
			return cloud.Hidden(s, f, g)
		}
	}
	return cloud.Refuted(cloud.Fact{Of: p, Field: "statements", Value: "none denies every request without TLS"})
}

func refusesPlain(c *aws.Condition) bool {
	operator, _ := baseOperator(c.Operator)
	return operator == "bool" && strings.EqualFold(c.Key, "aws:SecureTransport") && allEqual(c.Values, "false") && c.Gap("values") == nil
}

func wholeService(actions []string) bool {
	for _, a := range actions {
		if a == "*" || strings.HasSuffix(a, ":*") {
			return true
		}
	}
	return false
}

// bucketAndObjects reports whether the resources take in a bucket and what is
// in it; resources of other services are taken in by any.
func bucketAndObjects(resources []string) bool {
	bucket, objects := false, false
	for _, r := range resources {
		part := r[strings.LastIndexByte(r, ':')+1:]
		switch {
		case !strings.Contains(r, ":s3:") && r != "*":
			return true
		case strings.HasSuffix(part, "/*"):
			objects = true
		case strings.HasSuffix(part, "*"):
			return true
		case !strings.Contains(part, "/"):
			bucket = true
		}
	}
	return bucket && objects
}

// Escalates proves that the policy holds a published set of rights that leads
// to more rights. A right counts when it reaches more than one fixed resource,
// or resources other than the caller's own user.
func Escalates(p *aws.Policy) cloud.Proof {
	if p == nil {
		return cloud.Refuted()
	}
	for _, e := range escalations {
		if facts, ok := holdsAll(p, e.actions); ok {
			return cloud.Proved(append([]cloud.Fact{{Of: p, Field: "escalation", Value: e.id + ": " + strings.Join(e.actions, " + ")}}, facts...)...)
		}
	}
	return anyStatement(p, func(*aws.Statement) cloud.Proof { return cloud.Refuted() })
}

func holdsAll(p *aws.Policy, actions []string) ([]cloud.Fact, bool) {
	var facts []cloud.Fact
	for _, action := range actions {
		s := holder(p, action, actions)
		if s == nil {
			return nil, false
		}
		facts = append(facts, cloud.Fact{Of: s, Field: "actions", Value: few(s.Actions)})
	}
	return facts, true
}

// holder returns a statement that grants the action widely enough to matter
// together with the others.
func holder(p *aws.Policy, action string, others []string) *aws.Statement {
	for _, s := range p.Statements {
		if _, g := reads(s); g != nil || s.Effect != "Allow" || !allows(s, action) || denied(p, action, "*") {
			continue
		}
		if reachesOthers(s, action) && (!lessens(s) || action == "iam:PassRole" && passesTo(s, others)) {
			return s
		}
	}
	return nil
}

// allows reports whether the statement's actions take in one action.
func allows(s *aws.Statement, action string) bool {
	if len(s.NotActions) > 0 {
		return !covers(s.NotActions, action)
	}
	return covers(s.Actions, action)
}

// reachesOthers reports whether some resource of the statement is a pattern
// that can match something of the action's service, other than the caller itself.
func reachesOthers(s *aws.Statement, action string) bool {
	if len(s.NotResources) > 0 {
		return true
	}
	for _, r := range s.Resources {
		if strings.Contains(r, "*") && ofService(r, action) && !strings.Contains(strings.ToLower(r), "${aws:username}") {
			return true
		}
	}
	return false
}

// ofService reports whether a pattern of ARNs leaves room for the service that
// the action belongs to.
func ofService(pattern, action string) bool {
	parts := strings.SplitN(pattern, ":", 4)
	service, _, _ := strings.Cut(action, ":")
	return len(parts) < 4 || parts[2] == "" || Glob(parts[2], service)
}

// lessens reports whether a condition limits what is granted, beyond who asks,
// when, from where, and with which second factor.
func lessens(s *aws.Statement) bool {
	for _, c := range s.Conditions {
		switch key := strings.ToLower(c.Key); {
		case strings.HasPrefix(key, "aws:multifactorauth"), strings.HasPrefix(key, "aws:source"), strings.HasPrefix(key, "aws:principal"),
			key == "aws:securetransport", key == "aws:currenttime", key == "aws:epochtime", key == "aws:userid", key == "aws:username", key == "aws:vpcsourceip":
		default:
			return true
		}
	}
	return false
}

// passesTo reports whether PassRole is limited to services, one of which the
// other rights drive.
func passesTo(s *aws.Statement, others []string) bool {
	for _, c := range s.Conditions {
		operator, _ := baseOperator(c.Operator)
		if !strings.EqualFold(c.Key, "iam:PassedToService") || !strings.HasPrefix(operator, "stringequals") && operator != "stringlike" {
			return false
		}
		for _, v := range c.Values {
			for _, o := range others {
				service, _, _ := strings.Cut(o, ":")
				if service != "iam" && (v == "*" || strings.HasPrefix(v, service+".") || strings.HasPrefix(v, service+"-")) {
					return true
				}
			}
		}
	}
	return false
}

// denied reports whether the policy itself takes the action on the resource
// back without a condition.
func denied(p *aws.Policy, action, resource string) bool {
	for _, s := range p.Statements {
		if s.Effect == "Deny" && len(s.Conditions) == 0 && len(s.NotActions) == 0 && len(s.NotResources) == 0 &&
			s.Gap("conditions") == nil && covers(s.Actions, action) && covers(s.Resources, resource) {
			return true
		}
	}
	return false
}
