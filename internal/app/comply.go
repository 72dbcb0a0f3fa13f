package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"merlon.dev/compliance"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
)

// Framework is a compliance framework as content: requirements and what answers
// them.
type Framework struct {
	ID           string        `yaml:"id"`
	Title        string        `yaml:"title"`
	Version      string        `yaml:"version"`
	Requirements []Requirement `yaml:"requirements"`
}

// Requirement is one requirement of a framework.
type Requirement struct {
	ID      string `yaml:"id"`
	Title   string `yaml:"title"`
	Section string `yaml:"section"`
	// Rules that answer it, all of them needed.
	Rules []string `yaml:"rules"`
	// Kind is how it is answered when not by rules alone: analysis, playbook,
	// process or planned. Rules beside it answer a part: a failure decides,
	// and a pass does not.
	Kind string `yaml:"kind"`
	// How says, for those, what answers it, or why nothing does.
	How string `yaml:"how"`
}

// kindRules is the Kind of requirements that rules answer.
const kindRules = "rules"

// Frameworks loads the built-in frameworks, sorted by id. Every rule they name
// must be among the known ones.
func Frameworks(rules []*policy.Rule) ([]*Framework, error) {
	files, err := fs.Glob(compliance.FS, "*.yaml")
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, r := range rules {
		known[r.ID] = true
	}
	var out []*Framework
	var errs []error
	for _, file := range files {
		src, err := fs.ReadFile(compliance.FS, file)
		if err != nil {
			return nil, err
		}
		f := &Framework{}
		d := yaml.NewDecoder(bytes.NewReader(src))
		d.KnownFields(true)
		if err := d.Decode(f); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", file, err))
			continue
		}
		errs = append(errs, f.check(file, known))
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b *Framework) int { return strings.Compare(a.ID, b.ID) })
	return out, errors.Join(errs...)
}

func (f *Framework) check(file string, known map[string]bool) error {
	var errs []error
	if f.ID != strings.TrimSuffix(file, ".yaml") {
		errs = append(errs, fmt.Errorf("%s: the id must be the file's name, not %s", file, f.ID))
	}
	seen := map[string]bool{}
	for i := range f.Requirements {
		r := &f.Requirements[i]
		if r.ID == "" || r.Title == "" || seen[r.ID] {
			errs = append(errs, fmt.Errorf("%s: requirement %q: an id of its own and a title, please", file, r.ID))
		}
		seen[r.ID] = true
		if r.Kind == "" {
			r.Kind = kindRules
		}
		switch {
		case !slices.Contains([]string{kindRules, "analysis", "playbook", "process", "planned"}, r.Kind):
			errs = append(errs, fmt.Errorf("%s: %s: kind %q is none of rules, analysis, playbook, process, planned", file, r.ID, r.Kind))
		case r.Kind == kindRules && len(r.Rules) == 0:
			errs = append(errs, fmt.Errorf("%s: %s: no rules; say kind and how", file, r.ID))
		case r.Kind != kindRules && r.How == "":
			errs = append(errs, fmt.Errorf("%s: %s: how must say what answers it, or why nothing does", file, r.ID))
		}
		for _, id := range r.Rules {
			if !known[id] {
				errs = append(errs, fmt.Errorf("%s: %s: there is no rule %s", file, r.ID, id))
			}
		}
	}
	return errors.Join(errs...)
}

// Answered counts the requirements that rules answer, wholly and in part.
func (f *Framework) Answered() (whole, part int) {
	for _, r := range f.Requirements {
		switch {
		case r.Kind == kindRules:
			whole++
		case len(r.Rules) > 0:
			part++
		}
	}
	return whole, part
}

// FindFramework returns the framework of that id.
func FindFramework(all []*Framework, id string) (*Framework, error) {
	var ids []string
	for _, f := range all {
		if f.ID == id {
			return f, nil
		}
		ids = append(ids, f.ID)
	}
	return nil, fmt.Errorf("no framework %q; there are: %s", id, strings.Join(ids, ", "))
}

// Comply answers a framework from a judgement; without one it shows how each
// requirement would be answered.
func Comply(f *Framework, j *Judgement) *report.ComplianceReport {
	c := &report.ComplianceReport{
		Tool: report.Tool{Name: "merlon", Version: Version}, Framework: f.ID, Title: f.Title, Version: f.Version,
	}
	if j != nil {
		c.Source = j.Report.Source
	}
	for _, r := range f.Requirements {
		out := report.Requirement{ID: r.ID, Title: r.Title, Section: r.Section, Rules: r.Rules, Kind: r.Kind, Status: report.NotAssessed}
		switch {
		case len(r.Rules) == 0:
			out.Why = r.otherwise()
		case j == nil && r.Kind == kindRules:
			out.Why = "no estate was given: --from a snapshot, or --demo"
		case j == nil:
			out.Why = "by rules in part; " + r.otherwise()
		default:
			j.answer(&out)
			if out.Status == report.Satisfied && r.Kind != kindRules {
				out.Status, out.Why = report.NotAssessed, "what rules can tell holds; "+r.otherwise()
			}
		}
		c.Requirements = append(c.Requirements, out)
	}
	return c
}

// otherwise says what answers a requirement, or its rest, that rules do not.
func (r *Requirement) otherwise() string {
	if r.Kind == "process" {
		return "process, not testable: " + r.How
	}
	return r.Kind + ": " + r.How
}

// answer decides a requirement by its rules. It is satisfied only when
// something was judged and nothing failed or stayed unknown: never by absence.
func (j *Judgement) answer(r *report.Requirement) {
	notEvaluated := map[string]string{}
	for _, n := range j.Report.Coverage.Rules.NotEvaluated {
		notEvaluated[n.Rule] = n.Why
	}
	passed := 0
	var unread, failing []string
	for _, id := range r.Rules {
		t, ran := j.Tallies[id]
		passed += t.Pass
		r.Failing += t.Fail
		r.Unknown += t.Unknown
		if t.Fail > 0 {
			failing = append(failing, id)
		}
		switch {
		case notEvaluated[id] != "":
			unread = append(unread, notEvaluated[id])
		case !ran:
			unread = append(unread, id+" did not run")
		}
	}
	switch {
	case r.Failing > 0:
		r.Status, r.Why = report.NotSatisfied, "fails: "+strings.Join(failing, ", ")
	case len(unread) > 0:
		r.Why = unread[0]
	case r.Unknown > 0:
		r.Why = "not everything could be judged"
	case passed == 0:
		r.Why = "there is nothing of the kind in the estate"
	default:
		r.Status, r.Why = report.Satisfied, count(passed, "check passed", "checks passed")
	}
}
