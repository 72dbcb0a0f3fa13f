package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
)

// DiffReport is what changed between two snapshots.
type DiffReport struct {
	// SchemaVersion is SchemaVersion.
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Before        cloud.Source  `json:"before"`
	After         cloud.Source  `json:"after"`
	Findings      FindingDiff   `json:"findings"`
	Resources     ResourceDiff  `json:"resources"`
	Unchanged     DiffUnchanged `json:"unchanged"`
}

// FindingDiff is how findings changed.
type FindingDiff struct {
	// New failures: the claim held before, or the resource is new.
	New []cloud.Finding `json:"new"`
	// Fixed failures: the claim holds now, or the resource is gone. They are
	// shown as they were.
	Fixed []cloud.Finding `json:"fixed"`
	// Changed verdicts of any other kind: a failure that is unknown now is
	// not fixed.
	Changed []FindingChange `json:"changed"`
}

// FindingChange is a finding with another verdict than before.
type FindingChange struct {
	Was cloud.Verdict `json:"was"`
	// Finding as it is now.
	Finding cloud.Finding `json:"finding"`
}

// ResourceDiff is how resources changed.
type ResourceDiff struct {
	Added   []cloud.Subject  `json:"added"`
	Removed []cloud.Subject  `json:"removed"`
	Changed []ResourceChange `json:"changed"`
}

// ResourceChange is a resource some of whose fields changed.
type ResourceChange struct {
	Resource cloud.Subject `json:"resource"`
	Fields   []FieldChange `json:"fields"`
}

// FieldChange is one field with another value than before. An unreadable value
// is left out and its gap stands instead: that a field can no longer be read
// says nothing of its value.
type FieldChange struct {
	Field     string     `json:"field"`
	Before    any        `json:"before,omitempty"`
	After     any        `json:"after,omitempty"`
	BeforeGap *cloud.Gap `json:"before_gap,omitempty"`
	AfterGap  *cloud.Gap `json:"after_gap,omitempty"`
}

// DiffUnchanged counts what stayed.
type DiffUnchanged struct {
	Findings  int `json:"findings"`
	Resources int `json:"resources"`
}

// Normalize puts everything in its canonical order and fills in empty lists.
func (d *DiffReport) Normalize() {
	d.SchemaVersion = SchemaVersion
	f, r := &d.Findings, &d.Resources
	f.New, f.Fixed, f.Changed = list(f.New), list(f.Fixed), list(f.Changed)
	r.Added, r.Removed, r.Changed = list(r.Added), list(r.Removed), list(r.Changed)
	for _, fs := range [][]cloud.Finding{f.New, f.Fixed} {
		for i := range fs {
			normalizeFinding(&fs[i])
		}
		slices.SortStableFunc(fs, compareFindings)
	}
	for i := range f.Changed {
		normalizeFinding(&f.Changed[i].Finding)
	}
	slices.SortStableFunc(f.Changed, func(a, b FindingChange) int { return compareFindings(a.Finding, b.Finding) })
	slices.SortStableFunc(r.Added, compareSubjects)
	slices.SortStableFunc(r.Removed, compareSubjects)
	for i := range r.Changed {
		r.Changed[i].Fields = list(r.Changed[i].Fields)
		slices.SortStableFunc(r.Changed[i].Fields, func(a, b FieldChange) int { return cmp.Compare(a.Field, b.Field) })
	}
	slices.SortStableFunc(r.Changed, func(a, b ResourceChange) int { return compareSubjects(a.Resource, b.Resource) })
}

func compareSubjects(a, b cloud.Subject) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref))
}

// DiffFormats lists every form of a DiffReport.
func DiffFormats() []Format { return []Format{Table, JSON, Markdown} }

// WriteDiff writes the report in one format. It normalizes it first.
func WriteDiff(w io.Writer, format Format, d *DiffReport, o Options) error {
	d.Normalize()
	switch format {
	case Table:
		return diffTable(w, d, o)
	case JSON:
		return writeJSON(w, d)
	case Markdown:
		return diffMarkdown(w, d)
	}
	_, err := ParseFormat(string(format), DiffFormats())
	return err
}

func (d *DiffReport) tally() string {
	return fmt.Sprintf("Findings: %s new, %s fixed, %s changed. Resources: %s added, %s removed, %s changed.",
		thousands(len(d.Findings.New)), thousands(len(d.Findings.Fixed)), thousands(len(d.Findings.Changed)),
		thousands(len(d.Resources.Added)), thousands(len(d.Resources.Removed)), thousands(len(d.Resources.Changed)))
}

// diffSection is a heading with its lines, as table and Markdown show it.
type diffSection struct {
	title string
	style func(style) string
	rows  []diffRow
}

type diffRow struct{ mark, what, where, detail string }

func (d *DiffReport) sections() []diffSection {
	finding := func(mark string, f *cloud.Finding, detail string) diffRow {
		return diffRow{mark, brief(string(f.Severity)) + "  " + brief(f.Rule), called(f) + "  " + place(f), detail}
	}
	resource := func(mark string, s cloud.Subject, detail string) diffRow {
		return diffRow{mark, brief(shortKind(s.Kind)), called(&cloud.Finding{Resource: s}) + "  " + place(&cloud.Finding{Resource: s}), detail}
	}
	out := []diffSection{
		{title: "New failures", style: func(s style) string { return s.critical }},
		{title: "Fixed", style: func(s style) string { return s.pass }},
		{title: "Changed verdicts", style: func(s style) string { return s.unknown }},
		{title: "Resources added", style: func(s style) string { return s.bold }},
		{title: "Resources removed", style: func(s style) string { return s.bold }},
		{title: "Resources changed", style: func(s style) string { return s.bold }},
	}
	for i := range d.Findings.New {
		f := &d.Findings.New[i]
		out[0].rows = append(out[0].rows, finding("+", f, because(f)))
	}
	for i := range d.Findings.Fixed {
		out[1].rows = append(out[1].rows, finding("-", &d.Findings.Fixed[i], ""))
	}
	for i := range d.Findings.Changed {
		c := &d.Findings.Changed[i]
		detail := brief(string(c.Was)) + " -> " + brief(string(c.Finding.Verdict))
		if why := because(&c.Finding); why != "" {
			detail += ": " + why
		}
		out[2].rows = append(out[2].rows, finding("~", &c.Finding, detail))
	}
	for _, s := range d.Resources.Added {
		out[3].rows = append(out[3].rows, resource("+", s, ""))
	}
	for _, s := range d.Resources.Removed {
		out[4].rows = append(out[4].rows, resource("-", s, ""))
	}
	for _, c := range d.Resources.Changed {
		out[5].rows = append(out[5].rows, resource("~", c.Resource, fieldChanges(c.Fields)))
	}
	return slices.DeleteFunc(out, func(s diffSection) bool { return len(s.rows) == 0 })
}

func fieldChanges(fields []FieldChange) string {
	side := func(v any, g *cloud.Gap) string {
		if g != nil {
			return "unknown (" + need(g.Reason, g.Permission, g.Message) + ")"
		}
		return line(quoted(v), 120)
	}
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = brief(f.Field) + ": " + side(f.Before, f.BeforeGap) + " -> " + side(f.After, f.AfterGap)
	}
	return strings.Join(parts, "; ")
}

func diffTable(w io.Writer, d *DiffReport, o Options) error {
	t := &table{out: bufio.NewWriter(w), opt: o}
	if o.Color {
		t.style = ansi
	}
	t.line(t.paint(t.style.dim, fit("before  "+sourceLine(d.Before), o.Width)))
	t.line(t.paint(t.style.dim, fit("after   "+sourceLine(d.After), o.Width)))
	for _, s := range d.sections() {
		t.line("")
		t.line(t.paint(s.style(t.style), strings.ToUpper(s.title)) + "  " + t.paint(t.style.dim, thousands(len(s.rows))))
		t.line("")
		for _, r := range s.rows {
			t.line(fit("  "+r.mark+" "+r.what+"  "+r.where, o.Width))
			if r.detail != "" {
				t.line(t.paint(t.style.dim, "    "+fit(r.detail, t.rest(4))))
			}
		}
	}
	t.line("")
	t.line(t.paint(t.style.bold, fit(d.tally(), o.Width)))
	return t.out.Flush()
}

func diffMarkdown(w io.Writer, d *DiffReport) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## Changes\n\n%s\n\n- before: %s\n- after: %s\n", d.tally(), md(sourceLine(d.Before)), md(sourceLine(d.After)))
	for _, s := range d.sections() {
		fmt.Fprintf(&b, "\n### %s\n\n| | what | where | detail |\n|---|---|---|---|\n", s.title)
		for i, r := range s.rows {
			if b.Len() > markdownMax {
				fmt.Fprintf(&b, "\n%s more: the json form has them all.\n", thousands(len(s.rows)-i))
				break
			}
			fmt.Fprintf(&b, "| \\%s | %s | %s | %s |\n", r.mark, md(line(r.what, 200)), md(line(r.where, 300)), md(line(r.detail, 400)))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
