// Package report turns verdicts into something to read or to feed to another
// tool: a table, JSON, SARIF, OCSF, CSV, JUnit, Markdown and one HTML page.
//
// It writes to an io.Writer and knows neither terminal, file nor clock: width
// and colour are handed in, and every time in the output was in the report.
// The same report gives the same bytes. It judges nothing and drops nothing
// silently: what a format shortens, it says it shortened.
//
// Names, tags and messages come from the estate, so whoever can name a bucket
// writes into the report. Every writer makes such text harmless for where it
// goes: a terminal, a spreadsheet, a browser, a pull request.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
)

// SchemaVersion is the version of the JSON form of every report here. It grows
// only when a field changes its meaning or goes away; fields are added freely.
const SchemaVersion = 1

// Report is everything one run has to say. Its JSON form is the contract of
// docs/json.md.
type Report struct {
	// SchemaVersion is SchemaVersion.
	SchemaVersion int `json:"schema_version"`
	// Tool is the program that made the report.
	Tool Tool `json:"tool"`
	// Source is what was read, and when.
	Source cloud.Source `json:"source"`
	// Coverage is how far the answer reaches.
	Coverage Coverage `json:"coverage"`
	// Findings in the order of severity, rule, ref: failures and unknowns,
	// and passes and suppressed failures where they were asked for.
	Findings []cloud.Finding `json:"findings"`
}

// Tool is a program and its version.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Coverage says how much of the estate was seen and how much of it judged.
// Its numbers are of the whole run, whatever part of the findings is listed.
type Coverage struct {
	// Resources that were read.
	Resources int `json:"resources"`
	// Kinds is the number of resources of each kind.
	Kinds map[cloud.Kind]int `json:"kinds"`
	// Accounts, each with what was seen of it, in the order of their ids.
	Accounts []AccountCoverage `json:"accounts"`
	// Verdicts that were reached.
	Verdicts Verdicts `json:"verdicts"`
	// Rules that ran, and those that could not.
	Rules Rules `json:"rules"`
	// Gaps is what could not be read. Gaps that differ in the resource alone
	// may be folded into one without a ref.
	Gaps []Gap `json:"gaps"`
	// Skipped is what was left out of code: files and blocks that could not
	// be understood.
	Skipped []cloud.Skipped `json:"skipped"`
	// Partial is set when the read was interrupted.
	Partial bool `json:"partial,omitempty"`
}

// AccountCoverage is how much of one account was seen and judged.
type AccountCoverage struct {
	Account   cloud.AccountID `json:"account"`
	Name      string          `json:"name"`
	Resources int             `json:"resources"`
	Verdicts  Verdicts        `json:"verdicts"`
	// Why nothing of the account could be read; empty where something was.
	Why string `json:"why,omitempty"`
}

// Verdicts counts verdicts.
type Verdicts struct {
	Pass       int `json:"pass"`
	Fail       int `json:"fail"`
	Unknown    int `json:"unknown"`
	Suppressed int `json:"suppressed"`
}

// Add counts one verdict.
func (v *Verdicts) Add(x cloud.Verdict) {
	switch x {
	case cloud.Pass:
		v.Pass++
	case cloud.Fail:
		v.Fail++
	case cloud.Unknown:
		v.Unknown++
	case cloud.Suppressed:
		v.Suppressed++
	}
}

// Rules says how many rules ran.
type Rules struct {
	// Evaluated is the number of rules whose resources could be listed,
	// including those that found none to judge.
	Evaluated int `json:"evaluated"`
	// NotEvaluated are the rules of whose resources nothing is known.
	NotEvaluated []NotEvaluated `json:"not_evaluated"`
}

// NotEvaluated is a rule that could not run.
type NotEvaluated struct {
	Rule   string       `json:"rule"`
	Reason cloud.Reason `json:"reason"`
	// Why it could not, naming the permission that would help.
	Why string `json:"why"`
}

// foldLeftOut takes out the rules on what the command line left out and on what
// code never says, and counts them in a line: who asked for less, or for code,
// knows what is missing.
func foldLeftOut(rules []NotEvaluated) (line string, rest []NotEvaluated) {
	leftOut, notInCode := 0, 0
	for _, n := range rules {
		switch n.Reason {
		case cloud.LeftOut:
			leftOut++
		case cloud.NotInCode:
			notInCode++
		default:
			rest = append(rest, n)
		}
	}
	var parts []string
	if leftOut > 0 {
		parts = append(parts, count(leftOut, "rule")+" on what the command line left out")
	}
	if notInCode > 0 {
		parts = append(parts, count(notInCode, "rule")+" on what this code does not say")
	}
	return strings.Join(parts, ", "), rest
}

// Gap is something that could not be read.
type Gap struct {
	// Ref is the resource, or the account or region whose list is missing.
	Ref  cloud.Ref  `json:"ref"`
	Kind cloud.Kind `json:"kind"`
	// Field is empty when the list of all resources of the kind is missing.
	Field  string       `json:"field"`
	Reason cloud.Reason `json:"reason"`
	// Permission is the IAM action that would close the gap, if one would.
	Permission string `json:"permission"`
	Message    string `json:"message"`
	// Count is the number of verdicts that the gap left unknown.
	Count int `json:"count"`
}

// Normalize puts everything in the report into its canonical order and fills
// in what JSON consumers may rely on: the schema version, and lists that are
// empty rather than null. Write calls it.
func (r *Report) Normalize() {
	r.SchemaVersion = SchemaVersion
	c := &r.Coverage
	if c.Kinds == nil {
		c.Kinds = map[cloud.Kind]int{}
	}
	c.Accounts = list(c.Accounts)
	c.Rules.NotEvaluated = list(c.Rules.NotEvaluated)
	c.Gaps = list(c.Gaps)
	c.Skipped = list(c.Skipped)
	r.Findings = list(r.Findings)
	for i := range r.Findings {
		normalizeFinding(&r.Findings[i])
	}
	slices.SortStableFunc(r.Findings, compareFindings)
	slices.SortStableFunc(c.Rules.NotEvaluated, func(a, b NotEvaluated) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Why, b.Why))
	})
	slices.SortStableFunc(c.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Field, b.Field),
			cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.Message, b.Message))
	})
	slices.SortStableFunc(c.Skipped, func(a, b cloud.Skipped) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Why, b.Why))
	})
}

func normalizeFinding(f *cloud.Finding) {
	f.Aliases = list(f.Aliases)
	f.Evidence = list(f.Evidence)
}

func compareFindings(a, b cloud.Finding) int {
	return cmp.Or(cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Resource.Ref, b.Resource.Ref), cmp.Compare(a.Fingerprint, b.Fingerprint))
}

// list is s, or an empty list when s is nil.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Format names a form a report can be written in.
type Format string

const (
	Table    Format = "table"    // for a terminal
	JSON     Format = "json"     // the contract
	SARIF    Format = "sarif"    // 2.1.0, for code scanning
	OCSF     Format = "ocsf"     // Compliance Findings as NDJSON, for a SIEM or data lake
	CSV      Format = "csv"      // for a spreadsheet
	JUnit    Format = "junit"    // for a CI page
	Markdown Format = "markdown" // for a pull request or a wiki
	HTML     Format = "html"     // one page that needs nothing else
)

// Formats lists every form of a Report.
func Formats() []Format {
	return []Format{Table, JSON, SARIF, OCSF, CSV, JUnit, Markdown, HTML}
}

// ParseFormat returns the format of that name, out of those given.
func ParseFormat(name string, among []Format) (Format, error) {
	if f := Format(name); slices.Contains(among, f) {
		return f, nil
	}
	names := make([]string, len(among))
	for i, f := range among {
		names[i] = string(f)
	}
	return "", fmt.Errorf("no format %q: choose from %s", name, strings.Join(names, ", "))
}

// Options are what a writer has to know of where its output goes.
type Options struct {
	// Width is the number of columns lines are cut to. 0 cuts nothing.
	Width int
	// Color allows terminal colours. See ColorAllowed.
	Color bool
	// Unfold lists every resource under its rule, where the table otherwise
	// shows the first few.
	Unfold bool
	// Source returns lines of a file of code, from and to counted from 1 and
	// inclusive, without secrets; fewer where the file ends. Nil shows no code.
	Source func(file string, from, to int) []string
	// Command is the command line that made the report, without --format and
	// -o: hints to see more build on it. By default it is derived from the
	// kind of the source.
	Command string
}

// ColorAllowed reports whether output should be coloured: on a terminal, unless
// NO_COLOR is set to anything or TERM is dumb.
func ColorAllowed(terminal bool, getenv func(string) string) bool {
	return terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// Write writes the report in one format. It normalizes the report first.
func Write(w io.Writer, format Format, r *Report, o Options) error {
	r.Normalize()
	switch format {
	case Table:
		return writeTable(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case SARIF:
		return writeSARIF(w, r)
	case OCSF:
		return writeOCSF(w, r)
	case CSV:
		return writeCSV(w, r)
	case JUnit:
		return writeJUnit(w, r)
	case Markdown:
		return writeMarkdown(w, r)
	case HTML:
		return writeHTML(w, r)
	}
	_, err := ParseFormat(string(format), Formats())
	return err
}

// command is the command line that hints to the user build on.
func (r *Report) command(o Options) string {
	if o.Command != "" {
		return o.Command
	}
	switch r.Source.Kind {
	case "aws", "":
		return "merlon scan aws"
	}
	paths := make([]string, len(r.Source.Paths))
	for i, p := range r.Source.Paths {
		paths[i] = ShellWord(p)
	}
	return strings.TrimSpace("merlon check " + strings.Join(paths, " "))
}

// service is the provider's service a finding belongs to: S3 of AWS::S3::Bucket.
// Rules about a whole account or region belong to the service in their id.
func service(f *cloud.Finding) string {
	parts := strings.Split(string(f.Resource.Kind), "::")
	if len(parts) == 3 && parts[1] != "Account" {
		return parts[1]
	}
	id := strings.Split(f.Rule, "-")
	if len(id) < 3 {
		return string(f.Resource.Kind)
	}
	return serviceWord(id[1])
}

// serviceWord writes a service of a rule id the way kinds do.
func serviceWord(s string) string {
	switch s {
	case "accessanalyzer":
		return "AccessAnalyzer"
	case "cloudfront":
		return "CloudFront"
	case "cloudtrail":
		return "CloudTrail"
	case "cloudwatch":
		return "CloudWatch"
	case "guardduty":
		return "GuardDuty"
	case "inspector":
		return "InspectorV2"
	case "securityhub":
		return "SecurityHub"
	}
	if len(s) <= 3 {
		return strings.ToUpper(s)
	}
	return titleCase(s)
}

// shortKind is a kind without its provider: S3::Bucket.
func shortKind(k cloud.Kind) string {
	_, rest, found := strings.Cut(string(k), "::")
	if found {
		return rest
	}
	return string(k)
}
