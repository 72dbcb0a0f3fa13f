package report

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"merlon.dev/internal/cloud"
)

// Status is the answer to one requirement of a framework.
type Status string

const (
	Satisfied    Status = "satisfied"     // every rule ran and none failed
	NotSatisfied Status = "not_satisfied" // some rule failed
	NotAssessed  Status = "not_assessed"  // nothing was judged, or not enough; Why says what
)

// ComplianceReport is a framework answered requirement by requirement.
type ComplianceReport struct {
	// SchemaVersion is SchemaVersion.
	SchemaVersion int  `json:"schema_version"`
	Tool          Tool `json:"tool"`
	// Source is what was read, and when. Its kind is empty when the framework
	// is shown without an estate.
	Source cloud.Source `json:"source"`
	// Framework is its id, such as cis-aws-5.0.
	Framework string `json:"framework"`
	Title     string `json:"title"`
	Version   string `json:"version"`
	// Requirements in the framework's own order.
	Requirements []Requirement    `json:"requirements"`
	Counts       ComplianceCounts `json:"counts"`
}

// Requirement is one requirement and its answer.
type Requirement struct {
	// ID is the framework's number, such as 2.1.4.
	ID string `json:"id"`
	// Title says the requirement in one line, in our words.
	Title string `json:"title"`
	// Section is the heading it stands under; empty for frameworks without.
	Section string `json:"section"`
	Status  Status `json:"status"`
	// Why says what decided, in a sentence: always for not_assessed.
	Why string `json:"why"`
	// Rules that answer it.
	Rules []string `json:"rules"`
	// Failing is how many failures those rules have; Unknown how many
	// verdicts they could not reach.
	Failing int `json:"failing"`
	Unknown int `json:"unknown"`
	// Kind is the way it is answered: rules, analysis, playbook, process,
	// planned. Rules of another kind than rules answer it in part: a failure
	// decides it, a pass does not.
	Kind string `json:"kind"`
}

// ComplianceCounts counts requirements by status.
type ComplianceCounts struct {
	Satisfied    int `json:"satisfied"`
	NotSatisfied int `json:"not_satisfied"`
	NotAssessed  int `json:"not_assessed"`
}

// Normalize fills in what consumers rely on, and counts. The order of
// requirements is the framework's and stays.
func (c *ComplianceReport) Normalize() {
	c.SchemaVersion = SchemaVersion
	c.Requirements = list(c.Requirements)
	c.Counts = ComplianceCounts{}
	for i := range c.Requirements {
		r := &c.Requirements[i]
		r.Rules = list(r.Rules)
		switch r.Status {
		case Satisfied:
			c.Counts.Satisfied++
		case NotSatisfied:
			c.Counts.NotSatisfied++
		default:
			r.Status = NotAssessed
			c.Counts.NotAssessed++
		}
	}
}

// ComplianceFormats lists every form of a ComplianceReport.
func ComplianceFormats() []Format { return []Format{Table, JSON, CSV, Markdown, HTML} }

// WriteCompliance writes the report in one format. It normalizes it first.
func WriteCompliance(w io.Writer, format Format, c *ComplianceReport, o Options) error {
	c.Normalize()
	switch format {
	case Table:
		return complianceTable(w, c, o)
	case JSON:
		return writeJSON(w, c)
	case CSV:
		return complianceCSV(w, c)
	case Markdown:
		return complianceMarkdown(w, c)
	case HTML:
		return complianceHTML(w, c)
	}
	_, err := ParseFormat(string(format), ComplianceFormats())
	return err
}

// name is the framework's title with its version.
func (c *ComplianceReport) name() string {
	if c.Version == "" || strings.Contains(c.Title, c.Version) {
		return brief(c.Title)
	}
	return brief(c.Title) + " " + brief(c.Version)
}

// tally is "12 satisfied, 3 not satisfied, 40 not assessed of 55".
func (c *ComplianceReport) tally() string {
	n := c.Counts
	return fmt.Sprintf("%s satisfied, %s not satisfied, %s not assessed of %s",
		thousands(n.Satisfied), thousands(n.NotSatisfied), thousands(n.NotAssessed), count(len(c.Requirements), "requirement"))
}

// answers counts the ways in which requirements are answered: "41 by rules, 12
// by rules in part, 9 process, 3 planned".
func (c *ComplianceReport) answers() string {
	n := map[string]int{}
	for _, r := range c.Requirements {
		switch {
		case r.Kind == "rules":
			n["by rules"]++
		case len(r.Rules) > 0:
			n["by rules in part"]++
		default:
			n[r.Kind]++
		}
	}
	var parts []string
	for _, way := range []string{"by rules", "by rules in part", "analysis", "playbook", "process", "planned"} {
		if n[way] > 0 {
			parts = append(parts, thousands(n[way])+" "+way)
		}
	}
	return "answered: " + strings.Join(parts, ", ")
}

// detail is what stands beside a requirement: failures and unknowns of its
// rules, or why it was not assessed.
func (r *Requirement) detail() string {
	var parts []string
	if r.Failing > 0 {
		parts = append(parts, count(r.Failing, "failure"))
	}
	if r.Unknown > 0 {
		parts = append(parts, thousands(r.Unknown)+" unknown")
	}
	if r.Why != "" {
		parts = append(parts, brief(r.Why))
	}
	return strings.Join(parts, "; ")
}

// words is the status as people read it.
func (s Status) words() string { return strings.ReplaceAll(string(s), "_", " ") }

// complianceTable writes one line per requirement, under its section.
func complianceTable(w io.Writer, c *ComplianceReport, o Options) error {
	t := &table{out: bufio.NewWriter(w), opt: o}
	if o.Color {
		t.style = ansi
	}
	t.line(t.paint(t.style.bold, fit(c.name(), o.Width)))
	if c.Source.Kind != "" {
		t.line(t.paint(t.style.dim, fit(sourceLine(c.Source), o.Width)))
	}
	ids := 0
	for _, r := range c.Requirements {
		ids = max(ids, len([]rune(brief(r.ID))))
	}
	ids = min(ids, 20)
	for _, s := range c.sections() {
		t.line("")
		if s.title != "" {
			t.line(t.paint(t.style.bold, fit(brief(s.title), o.Width)))
		}
		for _, r := range s.requirements {
			t.requirement(r, ids)
		}
	}
	t.line("")
	t.line(t.paint(t.style.bold, fit(c.tally(), o.Width)))
	t.line(t.paint(t.style.dim, fit(c.answers(), o.Width)))
	return t.out.Flush()
}

const statusWidth = len("not satisfied")

func (t *table) requirement(r *Requirement, ids int) {
	style := map[Status]string{Satisfied: t.style.pass, NotSatisfied: t.style.critical, NotAssessed: t.style.dim}[r.Status]
	row := "  " + t.paint(style, pad(r.Status.words(), statusWidth)) + "  "
	if ids > 0 {
		row += pad(fit(brief(r.ID), ids), ids) + "  "
	}
	used := 2 + statusWidth + 2 + ids + 2
	title, detail := brief(r.Title), r.detail()
	if r.Status == Satisfied {
		detail = ""
	}
	room := t.rest(used)
	if detail != "" && (room == 0 || len(title)+2+len(detail) <= room) {
		t.line(row + title + "  " + t.paint(t.style.dim, detail))
		return
	}
	for i, l := range wrap(title, room) {
		if i > 0 {
			row = strings.Repeat(" ", used)
		}
		t.line(row + l)
	}
	if detail != "" {
		for _, l := range wrap(detail, room) {
			t.line(strings.Repeat(" ", used) + t.paint(t.style.dim, l))
		}
	}
}

func complianceCSV(w io.Writer, c *ComplianceReport) error {
	rows := [][]string{{"framework", "version", "section", "id", "title", "status", "failing", "unknown", "why", "kind", "rules"}}
	for _, r := range c.Requirements {
		rows = append(rows, []string{c.Framework, c.Version, r.Section, r.ID, r.Title, string(r.Status),
			fmt.Sprint(r.Failing), fmt.Sprint(r.Unknown), r.Why, r.Kind, strings.Join(r.Rules, " ")})
	}
	return writeRows(w, rows)
}

func complianceMarkdown(w io.Writer, c *ComplianceReport) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s; %s.\n", md(c.name()), c.tally(), c.answers())
	for _, s := range c.sections() {
		if s.title != "" {
			fmt.Fprintf(&b, "\n### %s\n", md(s.title))
		}
		b.WriteString("\n| status | id | requirement | because | rules |\n|---|---|---|---|---|\n")
		for _, r := range s.requirements {
			status := r.Status.words()
			if r.Status == NotSatisfied {
				status = "**" + status + "**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", status, md(r.ID), md(r.Title), md(r.detail()), md(strings.Join(r.Rules, ", ")))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func complianceHTML(w io.Writer, c *ComplianceReport) error {
	return compliancePage(newHead(c.name()), c).Render(context.Background(), w)
}

// complianceSection is a run of requirements under one heading.
type complianceSection struct {
	title        string
	requirements []*Requirement
}

func (c *ComplianceReport) sections() []complianceSection {
	var out []complianceSection
	for i := range c.Requirements {
		r := &c.Requirements[i]
		if n := len(out); n == 0 || out[n-1].title != r.Section {
			out = append(out, complianceSection{title: r.Section})
		}
		s := &out[len(out)-1]
		s.requirements = append(s.requirements, r)
	}
	return out
}
