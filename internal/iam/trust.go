package iam

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// UntiedService proves that a trust policy lets an AWS service assume the role
// for whomever it acts: no condition ties it to an account, an organization or
// a resource on whose behalf it comes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func UntiedService(p *aws.Policy) cloud.Proof {
	return anyStatement(p, func(s *aws.Statement) cloud.Proof {
		if !slices.ContainsFunc(s.Principals, func(p *aws.Principal) bool { return p.Type == "Service" }) || tied(s, sourceKeys()) {
			return cloud.Refuted()
		}
		return cloud.Proved(because(s)...)
	})
}

func sourceKeys() []string {
	return []string{"aws:SourceAccount", "aws:SourceArn", "aws:SourceOwner", "aws:SourceOrgID", "aws:SourceOrgPaths"}
}

// Outsiders proves that a policy lets in principals of other accounts than the
// given ones, without a condition on one of the keys that holds them to
// something fixed. An empty account is one that is not known, as the one that
// code is for may be: then any that is named may be it.
func Outsiders(p *aws.Policy, accounts, keys []string) cloud.Proof {
	return anyStatement(p, func(s *aws.Statement) cloud.Proof {
		everyone := anyone(s) && !slices.ContainsFunc(s.Conditions, narrows)
		named := slices.ContainsFunc(s.Principals, func(p *aws.Principal) bool { return outsider(p, accounts) })
		switch {
		case !everyone && !named, tied(s, keys):
			return cloud.Refuted()
		case !everyone && slices.Contains(accounts, ""):
			return cloud.Hidden(s, "principals", &cloud.Gap{Reason: cloud.NotRead, Message: "the account that this is for is not known, and may be the one that is named"})
		}
		return cloud.Proved(because(s)...)
	})
}

// outsider reports whether the principal names another account, or somebody
// in one. Ids of deleted principals name nobody.
func outsider(p *aws.Principal, accounts []string) bool {
	if p.Type != "AWS" {
		return false
	}
	id := p.ID
	if strings.HasPrefix(id, "arn:") {
		id = string(cloud.AccountOf(cloud.Ref(id)))
	}
	return len(id) == 12 && strings.Trim(id, "0123456789") == "" && !slices.Contains(accounts, id)
}

// UntiedWebIdentity proves that a trust policy takes tokens of a web identity
// provider without asking whose they are: tokens for other people's projects
// come from the same provider.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func UntiedWebIdentity(p *aws.Policy) cloud.Proof {
	return anyStatement(p, func(s *aws.Statement) cloud.Proof {
		federated := slices.ContainsFunc(s.Principals, func(p *aws.Principal) bool { return p.Type == "Federated" })
		if !federated || !allows(s, "sts:AssumeRoleWithWebIdentity") || slices.ContainsFunc(s.Conditions, asksWhose) {
			return cloud.Refuted()
		}
		return cloud.Proved(because(s)...)
	})
}

// asksWhose reports whether a condition holds tokens to fixed subjects, or, at
// providers that give each customer an audience of its own, to that.
func asksWhose(c *aws.Condition) bool {
	operator, mayBeMissing := baseOperator(c.Operator)
	if mayBeMissing || operator != "stringequals" && operator != "stringequalsignorecase" && operator != "stringlike" || len(c.Values) == 0 {
		return false
	}
	switch key := strings.ToLower(c.Key); {
	case strings.HasSuffix(key, ":sub"):
		return !slices.ContainsFunc(c.Values, func(v string) bool { return operator == "stringlike" && !fixedSubject(v) })
	case key == "cognito-identity.amazonaws.com:aud", key == "accounts.google.com:aud", key == "www.amazon.com:app_id", key == "graph.facebook.com:app_id":
		return !slices.ContainsFunc(c.Values, func(v string) bool { return operator == "stringlike" && strings.ContainsAny(v, "*?") })
	}
	return false
}

// fixedSubject reports whether what comes before the first wildcard names an
// owner: repo:acme/* does, repo:acme* and repo:* do not.
func fixedSubject(v string) bool {
	i := strings.IndexAny(v, "*?")
	if i < 0 {
		return true
	}
	return strings.Contains(v[:i], "/") || strings.Count(v[:i], ":") > 1
}

// tied reports whether a condition on one of the keys holds callers to fixed
// values.
func tied(s *aws.Statement, keys []string) bool {
	return slices.ContainsFunc(s.Conditions, func(c *aws.Condition) bool {
		if !slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, c.Key) }) {
			return false
		}
		operator, mayBeMissing := baseOperator(c.Operator)
		switch {
		case strings.EqualFold(c.Key, "sts:ExternalId"):
			return !mayBeMissing && strings.HasPrefix(operator, "stringequals") && len(c.Values) > 0
		case strings.EqualFold(c.Key, "aws:MultiFactorAuthPresent"):
			return !mayBeMissing && operator == "bool" && allEqual(c.Values, "true")
		}
		return narrows(c)
	})
}
