package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
)

// FindResource returns the resource with the given ref, or the only one with
// that name.
func FindResource(s *cloud.Snapshot, ref string) (cloud.Resource, error) {
	var named []cloud.Resource
	for _, r := range s.Resources {
		if string(r.Meta().Ref) == ref {
			return r, nil
		}
		if r.Meta().Name == ref {
			named = append(named, r)
		}
	}
	switch len(named) {
	case 0:
		return nil, fmt.Errorf("no resource %q in the snapshot; `merlon snapshot query` finds resources", ref)
	case 1:
		return named[0], nil
	}
	var refs []string
	for _, r := range named[:min(len(named), 5)] {
		refs = append(refs, string(r.Meta().Ref))
	}
	return nil, fmt.Errorf("%d resources are named %q: %s", len(named), ref, strings.Join(refs, ", "))
}

// Summary is what a snapshot holds, in numbers.
type Summary struct {
	SchemaVersion int                `json:"schema_version"`
	Source        cloud.Source       `json:"source"`
	Partial       bool               `json:"partial"`
	Resources     int                `json:"resources"`
	Kinds         map[cloud.Kind]int `json:"kinds"`
	Gaps          []report.Gap       `json:"gaps"`
}

// Summarize counts an unresolved snapshot.
func Summarize(s *cloud.Snapshot) *Summary {
	sum := &Summary{SchemaVersion: report.SchemaVersion, Source: s.Source, Partial: s.Partial, Resources: len(s.Resources), Kinds: map[cloud.Kind]int{}, Gaps: gapsOf(s).list()}
	for _, r := range s.Resources {
		sum.Kinds[r.Kind()]++
	}
	return sum
}

// WriteTable writes the summary for a terminal.
func (s *Summary) WriteTable(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s, read at %s: %d resources in %d accounts and %d regions\n\n", s.Source.Kind, s.Source.ReadAt.Format(time.RFC3339), s.Resources, len(s.Source.Accounts), len(s.Source.Regions))
	kinds := make([]cloud.Kind, 0, len(s.Kinds))
	for k := range s.Kinds {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		fmt.Fprintf(&b, "%6d  %s\n", s.Kinds[k], k)
	}
	if len(s.Gaps) > 0 {
		fmt.Fprintf(&b, "\n%d gaps:\n", len(s.Gaps))
	}
	for _, g := range s.Gaps {
		what := string(g.Kind)
		if g.Field != "" {
			what += " " + g.Field
		}
		gap := cloud.Gap{Reason: g.Reason, Permission: g.Permission, Message: g.Message}
		fmt.Fprintf(&b, "  %s: %s\n", what, &gap)
	}
	if s.Partial {
		b.WriteString("\nThe read was interrupted: the snapshot is partial.\n")
	}
	_, err := b.WriteTo(w)
	return err
}

// Query returns the refs of the resources for which an expression holds, and of
// those for which that is unknown.
func Query(env *policy.Env, s *cloud.Snapshot, kind, expr string) (holds, unknown []cloud.Ref, err error) {
	s.Resolve()
	yes, maybe, err := env.Query(s, cloud.Kind(kind), expr)
	return refs(yes), refs(maybe), err
}

func refs(rs []cloud.Resource) []cloud.Ref {
	out := make([]cloud.Ref, 0, len(rs))
	for _, r := range rs {
		out = append(out, r.Meta().Ref)
	}
	return out
}

// Diff judges two snapshots with the same rules and compares both what was
// found and what is there.
func Diff(env *policy.Env, rules []*policy.Rule, before, after *cloud.Snapshot, c *Settings, now time.Time) (*report.DiffReport, error) {
	d := &report.DiffReport{Tool: report.Tool{Name: "merlon", Version: Version}, Before: before.Source, After: after.Source}
	if err := diffResources(d, before, after); err != nil {
		return nil, err
	}
	sel := Selection{All: true}
	was, err := Judge(env, rules, before, c, sel, now)
	if err != nil {
		return nil, err
	}
	is, err := Judge(env, rules, after, c, sel, now)
	if err != nil {
		return nil, err
	}
	diffFindings(d, was.Report.Findings, is.Report.Findings)
	return d, nil
}

func diffFindings(d *report.DiffReport, before, after []cloud.Finding) {
	was := map[string]cloud.Finding{}
	for _, f := range before {
		was[f.Fingerprint] = f
	}
	for _, f := range after {
		old, known := was[f.Fingerprint]
		delete(was, f.Fingerprint)
		switch {
		case known && old.Verdict == f.Verdict:
			if f.Verdict != cloud.Pass {
				d.Unchanged.Findings++
			}
		case f.Verdict == cloud.Fail && (!known || old.Verdict == cloud.Pass):
			d.Findings.New = append(d.Findings.New, f)
		case known && old.Verdict == cloud.Fail && f.Verdict == cloud.Pass:
			d.Findings.Fixed = append(d.Findings.Fixed, old)
		case known || f.Verdict == cloud.Unknown:
			d.Findings.Changed = append(d.Findings.Changed, report.FindingChange{Was: old.Verdict, Finding: f})
		}
	}
	for _, old := range was {
		if old.Verdict == cloud.Fail {
			d.Findings.Fixed = append(d.Findings.Fixed, old)
		}
	}
}

func diffResources(d *report.DiffReport, before, after *cloud.Snapshot) error {
	type key struct {
		kind    cloud.Kind
		ref     cloud.Ref
		account cloud.AccountID
	}
	was := map[key]cloud.Resource{}
	for _, r := range before.Resources {
		was[key{r.Kind(), r.Meta().Ref, r.Meta().Account}] = r
	}
	for _, r := range after.Resources {
		k := key{r.Kind(), r.Meta().Ref, r.Meta().Account}
		old := was[k]
		delete(was, k)
		if old == nil {
			d.Resources.Added = append(d.Resources.Added, cloud.SubjectOf(r))
			continue
		}
		fields, err := changedFields(old, r)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			d.Unchanged.Resources++
			continue
		}
		d.Resources.Changed = append(d.Resources.Changed, report.ResourceChange{Resource: cloud.SubjectOf(r), Fields: fields})
	}
	for _, r := range was {
		d.Resources.Removed = append(d.Resources.Removed, cloud.SubjectOf(r))
	}
	return nil
}

// changedFields compares the stored form of two resources, field by field.
func changedFields(before, after cloud.Resource) ([]report.FieldChange, error) {
	was, err := fieldsOf(before)
	if err != nil {
		return nil, err
	}
	is, err := fieldsOf(after)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for f := range was {
		all[f] = true
	}
	for f := range is {
		all[f] = true
	}
	gap := func(r cloud.Resource, field string) *cloud.Gap { return r.Meta().Gaps[field] }
	for _, r := range []cloud.Resource{before, after} {
		for f := range r.Meta().Gaps {
			all[f] = true
		}
	}
	var out []report.FieldChange
	for f := range all {
		c := report.FieldChange{Field: f, Before: was[f], After: is[f], BeforeGap: gap(before, f), AfterGap: gap(after, f)}
		if reflect.DeepEqual(c.Before, c.After) && (c.BeforeGap == nil) == (c.AfterGap == nil) {
			continue
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b report.FieldChange) int { return cmp.Compare(a.Field, b.Field) })
	return out, nil
}

func fieldsOf(r cloud.Resource) (map[string]any, error) {
	doc, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	err = json.Unmarshal(doc, &out)
	delete(out, "gaps")
	delete(out, "origins")
	return out, err
}
