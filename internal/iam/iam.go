// Package iam reasons about AWS policy documents: who a document lets in, and
// what it grants. It follows the evaluation rules of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
//
// It judges documents one at a time: which principals a document names, which
// conditions narrow it, what its own Deny statements take away. It does not
// combine the documents of an account.
package iam

import (
	"strconv"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Glob reports whether pattern, in which * stands for any text and ? for one
// character, matches all of s. Letter case does not matter, as in IAM actions.
func Glob(pattern, s string) bool {
	p := pattern
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || lower(p[i]) == lower(s[j])):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// lower folds an ASCII letter: actions, keys and ARNs hold no others.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// overlap reports whether some string matches both patterns.
func overlap(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	// reach[j] says that a[:i] and b[:j] can both be matched by one string.
	reach := make([]bool, len(b)+1)
	next := make([]bool, len(b)+1)
	reach[0] = true
	for j := 0; j < len(b) && b[j] == '*'; j++ {
		reach[j+1] = true
	}
	for i := range len(a) {
		clear(next)
		next[0] = reach[0] && a[i] == '*'
		for j := range len(b) {
			switch {
			case a[i] == '*' || b[j] == '*':
				next[j+1] = reach[j+1] && a[i] == '*' || next[j] && (b[j] == '*' || a[i] == '*') || reach[j+1] && b[j] == '*' || reach[j]
			default:
				next[j+1] = reach[j] && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
		}
		reach, next = next, reach
	}
	return reach[len(b)]
}

// covers reports whether every string that matches pattern matches one of the
// wider patterns. It errs on the side of no.
func covers(wider []string, pattern string) bool {
	for _, w := range wider {
		// A pattern matched literally by another is contained in it: its own
		// wildcards are ordinary characters there, and * covers them.
		if Glob(w, pattern) && (strings.Contains(w, "*") || !strings.ContainsAny(pattern, "*?")) {
			return true
		}
	}
	return false
}

// actsOn reports whether the statement speaks of any action that matches one
// of the patterns.
func actsOn(s *aws.Statement, patterns []string) bool {
	for _, p := range patterns {
		for _, a := range s.Actions {
			if overlap(a, p) {
				return true
			}
		}
		if len(s.NotActions) > 0 && !covers(s.NotActions, p) {
			return true
		}
	}
	return false
}

// reads returns the gap that keeps a statement from being judged.
func reads(s *aws.Statement) (string, *cloud.Gap) {
	for _, f := range []string{"conditions", "effect", "principals", "not_principals", "actions", "not_actions", "resources", "not_resources"} {
		if g := s.Gap(f); g != nil {
			return f, g
		}
	}
	return "", nil
}

// anyStatement proves that some Allow statement of the policy satisfies holds.
// A gap hides the answer only when no known statement gives it.
func anyStatement(p *aws.Policy, holds func(*aws.Statement) cloud.Proof) cloud.Proof {
	if p == nil {
		return cloud.Refuted()
	}
	var hidden *cloud.Proof
	for _, s := range p.Statements {
		if f, g := reads(s); g != nil {
			h := cloud.Hidden(s, f, g)
			if g.Partial && s.Effect == "Allow" {
				// The known part may already be enough; more of it never
				// narrows an Allow, except for conditions.
				if f != "conditions" && holds(s).Holds {
					return holds(s)
				}
			}
			hidden = &h
			continue
		}
		if s.Effect != "Allow" {
			continue
		}
		switch proof := holds(s); {
		case proof.Gap != nil:
			hidden = &proof
		case proof.Holds:
			return proof
		}
	}
	if hidden != nil {
		return *hidden
	}
	if g := p.Gap("statements"); g != nil {
		return cloud.Hidden(p, "statements", g)
	}
	return cloud.Refuted(cloud.Fact{Of: p, Field: "statements", Value: "none of " + strconv.Itoa(len(p.Statements))})
}

// because shows a statement as evidence.
func because(s *aws.Statement) []cloud.Fact {
	var facts []cloud.Fact
	add := func(field string, words []string) {
		if len(words) > 0 {
			facts = append(facts, cloud.Fact{Of: s, Field: field, Value: few(words)})
		}
	}
	add("principals", principalNames(s.Principals))
	add("not_principals", principalNames(s.NotPrincipals))
	add("actions", s.Actions)
	add("not_actions", s.NotActions)
	add("resources", s.Resources)
	var conditions []string
	for _, c := range s.Conditions {
		conditions = append(conditions, c.Operator+" "+c.Key+" "+strings.Join(few(c.Values), ","))
	}
	add("conditions", conditions)
	return append(facts, cloud.Fact{Of: s, Field: "effect", Value: s.Effect})
}

func principalNames(ps []*aws.Principal) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Type+":"+p.ID)
	}
	return out
}

func few(words []string) []string {
	if len(words) > 5 {
		return append(append([]string{}, words[:5]...), "...")
	}
	return words
}
