package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"merlon.dev/internal/cloud"
)

// JUnit XML: one suite per rule, one case per resource, so that a CI page lists
// rules and opens into resources. A failure is a failure; an unknown verdict
// and an accepted failure are skipped, with the reason; rules that could not
// run are a suite with one skipped case. The times are zero.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties *junitProps     `xml:"properties"`
	Cases      []junitTestcase `xml:"testcase"`
}

type junitProps struct {
	List []junitProp `xml:"property"`
}

type junitProp struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitTestcase struct {
	Name      string        `xml:"name,attr"`
	Classname string        `xml:"classname,attr"`
	Time      string        `xml:"time,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	Skipped   *junitSkipped `xml:"skipped"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",cdata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

func writeJUnit(w io.Writer, r *Report) error {
	all := junitSuites{Name: brief(r.Tool.Name), Time: "0"}
	for _, g := range groupByRule(r.Findings) {
		all.add(junitSuiteOf(r, g))
	}
	for _, n := range r.Coverage.Rules.NotEvaluated {
		all.add(junitSuite{Name: brief(n.Rule), Tests: 1, Skipped: 1, Time: "0", Cases: []junitTestcase{{
			Name: "not evaluated", Classname: brief(n.Rule), Time: "0", Skipped: &junitSkipped{"not evaluated: " + brief(n.Why)},
		}}})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (all *junitSuites) add(s junitSuite) {
	all.Suites = append(all.Suites, s)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Skipped += s.Skipped
}

func junitSuiteOf(r *Report, g *ruleGroup) junitSuite {
	s := junitSuite{
		Name: brief(g.rule.Rule), Tests: len(g.findings), Failures: g.verdicts.Fail,
		Skipped: g.verdicts.Unknown + g.verdicts.Suppressed, Time: "0",
		Properties: &junitProps{[]junitProp{{"title", brief(g.rule.Title)}, {"severity", brief(string(g.rule.Severity))}}},
	}
	if !r.Source.ReadAt.IsZero() {
		s.Timestamp = r.Source.ReadAt.UTC().Format("2006-01-02T15:04:05")
	}
	for _, f := range g.findings {
		s.Cases = append(s.Cases, junitCaseOf(f))
	}
	return s
}

func junitCaseOf(f *cloud.Finding) junitTestcase {
	c := junitTestcase{Name: brief(string(f.Resource.Ref)), Classname: brief(f.Rule), Time: "0"}
	if inCode(f) {
		c.File, c.Line = brief(f.Origin[0].File), f.Origin[0].Line
	}
	switch f.Verdict {
	case cloud.Fail:
		c.Failure = &junitFailure{
			Message: brief(f.Title) + ": " + line(because(f), shown),
			Type:    brief(string(f.Severity)),
			Text:    junitText(f),
		}
	case cloud.Unknown:
		c.Skipped = &junitSkipped{"unknown: " + line(because(f), shown)}
	case cloud.Suppressed:
		c.Skipped = &junitSkipped{"suppressed: " + suppressionText(f.Suppression)}
	}
	return c
}

func junitText(f *cloud.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n%s\n", brief(string(f.Resource.Ref)), place(f))
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, "%s = %s\n", brief(e.Field), quoted(e.Value))
	}
	fmt.Fprintf(&b, "Why: %s\nFix: %s\n", paragraph(f.Why), paragraph(f.Fix))
	return b.String()
}
