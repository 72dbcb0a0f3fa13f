package app

import (
	"cmp"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
)

// Version of the program; set by the linker for releases.
var Version = "0.1.0-dev"

// Selection says which rules run and which verdicts are shown.
type Selection struct {
	Rules    []string         // globs on rule ids; empty means all
	Exclude  []string         // globs on rule ids
	Severity []cloud.Severity // empty means all
	All      bool             // also passed and suppressed
}

// Judgement is a snapshot judged: the report, and what compliance needs.
type Judgement struct {
	Report  *report.Report
	Tallies map[string]policy.Tally
	// Worst are the severities of the failed and of the unknown verdicts,
	// whatever part of them the report shows: what gates decide by.
	Worst map[cloud.Verdict][]cloud.Severity
	// Notes are lines for the person who runs this, such as expired
	// suppressions.
	Notes []string
	// Shown are the ids of the rules that were to run.
	Shown []string
}

// Judge resolves and judges a snapshot and makes the report. Now is the present
// that suppressions expire by.
func Judge(env *policy.Env, rules []*policy.Rule, s *cloud.Snapshot, c *Settings, sel Selection, now time.Time) (*Judgement, error) {
	rules, err := c.apply(rules)
	if err != nil {
		return nil, err
	}
	if rules, err = sel.Choose(rules); err != nil {
		return nil, err
	}
	gaps := gapsOf(s)
	s.Resolve()
	want := policy.Findings
	if sel.All {
		want = policy.Everything
	}
	res := env.Judge(s, rules, want)
	j := &Judgement{Tallies: res.Tallies}
	for _, r := range rules {
		j.Shown = append(j.Shown, r.ID)
	}
	cov := report.Coverage{
		Resources: len(s.Resources), Kinds: map[cloud.Kind]int{}, Partial: s.Partial,
		Skipped:  slices.Clone(s.Skipped),
		Verdicts: report.Verdicts{Pass: res.Verdicts[cloud.Pass], Fail: res.Verdicts[cloud.Fail], Unknown: res.Verdicts[cloud.Unknown]},
		Rules:    report.Rules{Evaluated: len(res.Evaluated)},
	}
	for _, r := range s.Resources {
		cov.Kinds[r.Kind()]++
	}
	cov.Accounts = accountsOf(s, res)
	for _, n := range res.NotEvaluated {
		cov.Rules.NotEvaluated = append(cov.Rules.NotEvaluated, report.NotEvaluated{Rule: n.Rule, Reason: n.Gap.Reason, Why: n.Why})
	}
	j.Notes = c.suppress(res.Findings, &cov.Verdicts, now)
	j.Worst = map[cloud.Verdict][]cloud.Severity{}
	for _, f := range res.Findings {
		if !slices.Contains(j.Worst[f.Verdict], f.Severity) {
			j.Worst[f.Verdict] = append(j.Worst[f.Verdict], f.Severity)
		}
	}
	gaps.count(res.Findings)
	cov.Gaps = gaps.list()
	j.Report = &report.Report{
		Tool: report.Tool{Name: "merlon", Version: Version}, Source: s.Source, Coverage: cov,
		Findings: sel.filter(res.Findings),
	}
	return j, nil
}

// accountsOf says what was seen of each account that was to be read.
func accountsOf(s *cloud.Snapshot, res *policy.Result) []report.AccountCoverage {
	var out []report.AccountCoverage
	at := map[cloud.AccountID]int{}
	for _, id := range s.Source.Accounts {
		t := res.Accounts[id]
		at[id] = len(out)
		out = append(out, report.AccountCoverage{Account: id, Verdicts: report.Verdicts{Pass: t.Pass, Fail: t.Fail, Unknown: t.Unknown}})
	}
	for _, r := range s.Resources {
		m := r.Meta()
		i, listed := at[m.Account]
		if !listed {
			continue
		}
		out[i].Resources++
		if r.Kind() == (&aws.Account{}).Kind() {
			out[i].Name = m.Name
			if g := m.Gap(cloud.Everything); g != nil {
				out[i].Why = g.String()
			}
		}
	}
	return out
}

// Choose returns the rules that the selection names; a name that matches none is
// an error.
func (sel Selection) Choose(rules []*policy.Rule) ([]*policy.Rule, error) {
	for _, g := range slices.Concat(sel.Rules, sel.Exclude) {
		if !slices.ContainsFunc(rules, func(r *policy.Rule) bool { return matchesRule(g, r) }) {
			return nil, fmt.Errorf("no rule matches %q%s; `merlon rule list` shows all", g, suggest(g, rules))
		}
	}
	var out []*policy.Rule
	for _, r := range rules {
		any := func(globs []string) bool {
			return slices.ContainsFunc(globs, func(g string) bool { return matchesRule(g, r) })
		}
		if (len(sel.Rules) == 0 || any(sel.Rules)) && !any(sel.Exclude) {
			out = append(out, r)
		}
	}
	return out, nil
}

// matchesRule matches a glob against a rule's id, or an alias in full.
func matchesRule(glob string, r *policy.Rule) bool {
	if ok, _ := path.Match(glob, r.ID); ok {
		return true
	}
	return slices.Contains(r.Aliases, glob)
}

// suggest names the rule whose id is most like a misspelt one.
func suggest(id string, rules []*policy.Rule) string {
	best, most := "", 0
	words := strings.Split(id, "-")
	for _, r := range rules {
		parts := strings.Split(r.ID, "-")
		score := -len(parts)
		for _, w := range parts {
			if slices.Contains(words, w) {
				score += 2
			}
		}
		if score > most {
			best, most = r.ID, score
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

func (sel Selection) filter(all []cloud.Finding) []cloud.Finding {
	return slices.DeleteFunc(all, func(f cloud.Finding) bool {
		if !sel.All && (f.Verdict == cloud.Pass || f.Verdict == cloud.Suppressed) {
			return true
		}
		return len(sel.Severity) > 0 && !slices.Contains(sel.Severity, f.Severity)
	})
}

// holes collects the gaps of a snapshot for the report: those that differ in
// the resource alone are one line.
type holes struct {
	byKey map[holeKey]*report.Gap
}

type holeKey struct {
	kind       cloud.Kind
	field      string
	reason     cloud.Reason
	permission string
	message    string
}

// gapsOf lists what a snapshot lacks. It must run before Resolve: gaps that
// only follow from others are not listed again.
func gapsOf(s *cloud.Snapshot) *holes {
	h := &holes{byKey: map[holeKey]*report.Gap{}}
	for _, c := range s.Collections {
		if c.Gap == nil || c.Gap.Reason == cloud.LeftOut {
			continue
		}
		ref := cloud.Ref(c.Account)
		if len(c.Regions) == 1 && c.Regions[0] != "" {
			ref = cloud.Ref(string(c.Account) + "/" + string(c.Regions[0]))
		}
		h.add(ref, c.Kind, "", c.Gap)
	}
	for _, r := range s.Resources {
		h.object(r, "", reflect.ValueOf(r).Elem())
	}
	return h
}

func (h *holes) add(ref cloud.Ref, kind cloud.Kind, field string, g *cloud.Gap) {
	key := holeKey{kind, field, g.Reason, g.Permission, g.Message}
	if old := h.byKey[key]; old != nil {
		if old.Ref != ref {
			old.Ref = ""
		}
		return
	}
	h.byKey[key] = &report.Gap{Ref: ref, Kind: kind, Field: field, Reason: g.Reason, Permission: g.Permission, Message: g.Message}
}

// object lists the gaps of a resource and of everything nested in it. Members
// of lists go by the list's name.
func (h *holes) object(r cloud.Resource, prefix string, v reflect.Value) {
	o, ok := v.Addr().Interface().(cloud.Gapped)
	if !ok {
		return
	}
	for field, g := range o.Obj().Gaps {
		h.add(r.Meta().Ref, r.Kind(), prefix+field, g)
	}
	for i := range v.NumField() {
		sf, f := v.Type().Field(i), v.Field(i)
		name := prefix + cloud.FieldName(sf)
		switch {
		case sf.Anonymous:
		case f.Kind() == reflect.Pointer && f.Type().Elem().Kind() == reflect.Struct && !f.IsNil():
			h.object(r, name+".", f.Elem())
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Pointer:
			for k := range f.Len() {
				if !f.Index(k).IsNil() {
					h.object(r, name+"[].", f.Index(k).Elem())
				}
			}
		}
	}
}

// count adds up, for each gap, the verdicts it left unknown. Gaps met through
// links and backlinks are told apart by what was missing, not by the path.
func (h *holes) count(findings []cloud.Finding) {
	type cause struct {
		reason              cloud.Reason
		permission, message string
	}
	byCause := map[cause][]*report.Gap{}
	for _, g := range h.list() {
		key := cause{g.Reason, g.Permission, g.Message}
		byCause[key] = append(byCause[key], h.byKey[holeKey{g.Kind, g.Field, g.Reason, g.Permission, g.Message}])
	}
	for _, f := range findings {
		if f.Verdict != cloud.Unknown {
			continue
		}
		counted := map[*report.Gap]bool{}
		for _, fg := range f.Gaps {
			candidates := byCause[cause{fg.Reason, fg.Permission, fg.Message}]
			if len(candidates) == 0 {
				continue
			}
			best := candidates[0]
			for _, c := range candidates {
				if c.Kind == f.Resource.Kind && c.Field != "" && strings.HasSuffix(fg.Field, c.Field) {
					best = c
				}
			}
			if !counted[best] {
				counted[best] = true
				best.Count++
			}
		}
	}
}

func (h *holes) list() []report.Gap {
	out := make([]report.Gap, 0, len(h.byKey))
	for _, g := range h.byKey {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b report.Gap) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.Message, b.Message))
	})
	return out
}
