package report

import (
	"io"
	"net/url"
	"strings"

	"merlon.dev/internal/cloud"
)

// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
//
// A failure is a result of kind fail. An unknown verdict is kind open, which
// the standard has for a rule that ran and found too little to decide; a pass
// is kind pass. Only kind fail carries a level other than none, so viewers that
// know levels alone show failures alone. Suppressed failures carry their
// suppression.
//
// A resource in code has the physical location of its block, and each module
// call that made it as a related location. A live resource has no file: it is a
// logical location with its ARN. What could not be read is a notification of
// the run.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string         `json:"id"`
	Name                 string         `json:"name"`
	ShortDescription     sarifText      `json:"shortDescription"`
	FullDescription      sarifText      `json:"fullDescription"`
	Help                 sarifHelp      `json:"help"`
	DefaultConfiguration sarifConfig    `json:"defaultConfiguration"`
	Properties           sarifRuleProps `json:"properties"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifHelp struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

type sarifRuleProps struct {
	Tags             []string `json:"tags"`
	Precision        string   `json:"precision"`
	ProblemSeverity  string   `json:"problem.severity"`
	SecuritySeverity string   `json:"security-severity"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	StartTimeUTC        string              `json:"startTimeUtc,omitempty"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID              string             `json:"ruleId"`
	RuleIndex           int                `json:"ruleIndex"`
	Kind                string             `json:"kind"`
	Level               string             `json:"level"`
	Message             sarifText          `json:"message"`
	Locations           []sarifLocation    `json:"locations"`
	RelatedLocations    []sarifLocation    `json:"relatedLocations,omitempty"`
	PartialFingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	Properties          sarifResultProps   `json:"properties"`
}

type sarifLocation struct {
	ID               int            `json:"id,omitempty"`
	PhysicalLocation *sarifPhysical `json:"physicalLocation,omitempty"`
	LogicalLocations []sarifLogical `json:"logicalLocations,omitempty"`
	Message          *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI       string `json:"uri"`
	URIBaseID string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
	EndLine   int `json:"endLine,omitempty"`
}

type sarifLogical struct {
	Name               string `json:"name"`
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Kind               string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

type sarifResultProps struct {
	Verdict  cloud.Verdict    `json:"verdict"`
	Severity cloud.Severity   `json:"severity"`
	Kind     cloud.Kind       `json:"resource_kind"`
	Account  cloud.AccountID  `json:"account,omitempty"`
	Region   cloud.Region     `json:"region,omitempty"`
	Evidence []cloud.Evidence `json:"evidence"`
	Gaps     []cloud.FieldGap `json:"gaps,omitempty"`
}

func writeSARIF(w io.Writer, r *Report) error {
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: r.Tool.Name, Version: r.Tool.Version, Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	index := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		n, ok := index[f.Rule]
		if !ok {
			n = len(run.Tool.Driver.Rules)
			index[f.Rule] = n
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(f))
		}
		run.Results = append(run.Results, sarifResultOf(f, n))
	}
	run.Invocations = []sarifInvocation{sarifInvocationOf(r)}
	return writeJSON(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func sarifRuleOf(f *cloud.Finding) sarifRule {
	tags := []string{"security", service(f)}
	return sarifRule{
		ID:                   f.Rule,
		Name:                 camel(f.Rule),
		ShortDescription:     sarifText{f.Title},
		FullDescription:      sarifText{f.Why},
		Help:                 sarifHelp{Text: f.Why + "\n\nFix: " + f.Fix, Markdown: mdParagraph(f.Why) + "\n\n**Fix**\n\n" + mdFence(f.Fix)},
		DefaultConfiguration: sarifConfig{sarifLevel(f.Severity)},
		Properties: sarifRuleProps{
			Tags:             append(tags, f.Aliases...),
			Precision:        "very-high",
			ProblemSeverity:  sarifLevel(f.Severity),
			SecuritySeverity: securitySeverity(f.Severity),
		},
	}
}

func sarifLevel(s cloud.Severity) string {
	switch s {
	case cloud.Critical, cloud.High:
		return "error"
	case cloud.Medium:
		return "warning"
	}
	return "note"
}

// securitySeverity is a number in the band that code scanning viewers give the
// word.
func securitySeverity(s cloud.Severity) string {
	switch s {
	case cloud.Critical:
		return "9.5"
	case cloud.High:
		return "8.0"
	case cloud.Medium:
		return "5.5"
	}
	return "3.0"
}

// camel turns a rule id into the PascalCase name that SARIF asks for.
func camel(id string) string {
	var b strings.Builder
	for _, part := range strings.Split(id, "-") {
		b.WriteString(titleCase(part))
	}
	return b.String()
}

func sarifResultOf(f *cloud.Finding, rule int) sarifResult {
	res := sarifResult{
		RuleID:    f.Rule,
		RuleIndex: rule,
		Kind:      "fail",
		Level:     sarifLevel(f.Severity),
		Message:   sarifText{sarifMessage(f)},
		Locations: []sarifLocation{{LogicalLocations: []sarifLogical{{
			Name: name(f), FullyQualifiedName: string(f.Resource.Ref), Kind: "resource",
		}}}},
		PartialFingerprints: map[string]string{"merlon/v1": f.Fingerprint},
		Properties: sarifResultProps{
			Verdict: f.Verdict, Severity: f.Severity, Kind: f.Resource.Kind,
			Account: f.Resource.Account, Region: f.Resource.Region,
			Evidence: f.Evidence, Gaps: f.Gaps,
		},
	}
	switch f.Verdict {
	case cloud.Unknown:
		res.Kind, res.Level = "open", "none"
	case cloud.Pass:
		res.Kind, res.Level = "pass", "none"
	case cloud.Suppressed:
		s := sarifSuppression{Kind: "external", Status: "accepted"}
		if f.Suppression != nil {
			s.Justification = f.Suppression.Reason
		}
		res.Suppressions = []sarifSuppression{s}
	}
	for i, o := range f.Origin {
		if o.File == "" {
			continue
		}
		if i == 0 {
			res.Locations[0].PhysicalLocation = physical(o)
			continue
		}
		res.RelatedLocations = append(res.RelatedLocations, sarifLocation{
			ID: i, PhysicalLocation: physical(o), Message: &sarifText{"module call"},
		})
	}
	return res
}

// sarifMessage is one sentence that stands without the rule.
func sarifMessage(f *cloud.Finding) string {
	s := f.Title + ": " + string(f.Verdict) + " for " + called(f)
	if why := because(f); why != "" {
		s += ": " + line(why, shown)
	}
	return escapeSarif(s) + "."
}

// escapeSarif keeps brackets and braces from becoming links and placeholders.
func escapeSarif(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}

func physical(o cloud.Origin) *sarifPhysical {
	p := &sarifPhysical{ArtifactLocation: sarifArtifact{URI: (&url.URL{Path: o.File}).String(), URIBaseID: "%SRCROOT%"}}
	if strings.HasPrefix(o.File, "/") {
		p.ArtifactLocation = sarifArtifact{URI: (&url.URL{Scheme: "file", Path: o.File}).String()}
	}
	if o.Line > 0 {
		p.Region = &sarifRegion{StartLine: o.Line, EndLine: o.EndLine}
	}
	return p
}

// sarifInvocationOf lists what could not be seen.
func sarifInvocationOf(r *Report) sarifInvocation {
	inv := sarifInvocation{ExecutionSuccessful: !r.Coverage.Partial, Notifications: []sarifNotification{}}
	if !r.Source.ReadAt.IsZero() {
		inv.StartTimeUTC = r.Source.ReadAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	tell := func(level, text string, at ...sarifLocation) {
		inv.Notifications = append(inv.Notifications, sarifNotification{Level: level, Message: sarifText{escapeSarif(text)}, Locations: at})
	}
	warn := func(text string, at ...sarifLocation) { tell("warning", text, at...) }
	for _, g := range groupGaps(r.Coverage.Gaps) {
		warn("Not seen: " + g.Hides() + ": " + g.cause() + "; " + count(g.Verdicts, "verdict") + " left unknown.")
	}
	leftOut, notEvaluated := foldLeftOut(r.Coverage.Rules.NotEvaluated)
	if leftOut != "" {
		tell("note", "Not evaluated: "+leftOut+".")
	}
	for _, n := range notEvaluated {
		warn("Not evaluated: " + brief(n.Rule) + ": " + brief(n.Why))
	}
	for _, s := range r.Coverage.Skipped {
		warn("Skipped: "+brief(s.Why), sarifLocation{PhysicalLocation: physical(cloud.Origin{File: s.Path, Line: s.Line})})
	}
	return inv
}
