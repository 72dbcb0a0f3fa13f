package report

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"merlon.dev/internal/cloud"
)

// hostile are texts that somebody who can name a resource could choose. Each
// has a space, so that all reports filled with one have the same shape.
var hostile = map[string]string{
	"escape":      "a \x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]8;;http://evil.example\x1b\\link",
	"c1":          "a \u009b31mred\u0090q",
	"html":        `a "><script>alert(1)</script><img src=x onerror=alert(1)>' </style></script><!--`,
	"cdata":       "a ]]></failure><testcase name=\"x\"/> &amp; &#x1b;",
	"formula":     "=cmd|' /C calc'!A0",
	"formula2":    "\u00a0+1+1 @SUM(A1)",
	"formula3":    "\t-2+3 x",
	"newline":     "a b\nFAIL      forged\r\n\r\n## forged\n- x\n```\n</details>\n",
	"markdown":    "a [x](http://evil.example) `code` **b** | cell | @everyone #1 www.evil.example <b> ```",
	"bidi":        "a \u202egnp.exe \u2066x\u2069 \u200b\u00ad",
	"invalid":     "a \xff\xfe\xc3( \xed\xa0\x80",
	"nul":         "a \x00b \x7f",
	"separators":  "a \u2028b\u2029c\u0085",
	"million":     "a " + strings.Repeat("x", 1<<20),
	"millionWide": "a " + strings.Repeat("日", 1<<18) + strings.Repeat("\x1b", 1<<18),
}

const benign = "plain text"

// filled is a report in which every text is s.
func filled(s string) *Report {
	finding := func(v cloud.Verdict, sev cloud.Severity) cloud.Finding {
		until := readAt
		return cloud.Finding{
			Rule: s, Aliases: []string{s, s}, Title: s, Severity: sev, Why: s, Fix: s, Verdict: v,
			Resource: cloud.Subject{Ref: cloud.Ref(s), Kind: cloud.Kind(s), Name: s, Label: s + s, Account: cloud.AccountID(s), Region: cloud.Region(s)},
			Origin:   []cloud.Origin{{File: s, Line: 3, EndLine: 4}, {File: s, Line: 7}},
			Evidence: []cloud.Evidence{
				{Field: s, Value: s, Origin: &cloud.Origin{Call: s}},
				{Field: s, Value: map[string]any{s: []any{s, 1, nil}}, Origin: &cloud.Origin{File: s, Line: 1}},
			},
			Gaps:        []cloud.FieldGap{{Field: s, Reason: cloud.Reason(s), Operation: s, Permission: s, Message: s}},
			Suppression: &cloud.Suppression{Reason: s, By: s, Until: &until, Where: s},
			Fingerprint: s,
		}
	}
	return &Report{
		Tool:   Tool{Name: s, Version: s},
		Source: cloud.Source{Kind: s, Accounts: []cloud.AccountID{cloud.AccountID(s)}, Regions: []cloud.Region{cloud.Region(s)}, Paths: []string{s}, ReadAt: readAt},
		Coverage: Coverage{
			Resources: 1, Kinds: map[cloud.Kind]int{cloud.Kind(s): 1}, Verdicts: Verdicts{Pass: 1, Fail: 2, Unknown: 1, Suppressed: 1},
			Rules:   Rules{Evaluated: 1, NotEvaluated: []NotEvaluated{{Rule: s, Why: s}}},
			Gaps:    []Gap{{Ref: cloud.Ref(s), Kind: cloud.Kind(s), Field: s, Reason: cloud.Denied, Permission: s, Message: s, Count: 1}, {Kind: cloud.Kind(s), Reason: cloud.Reason(s), Message: s}},
			Skipped: []cloud.Skipped{{Path: s, Line: 1, Why: s}},
		},
		Findings: []cloud.Finding{
			finding(cloud.Fail, cloud.Critical), finding(cloud.Unknown, cloud.Critical),
			finding(cloud.Suppressed, cloud.High), finding(cloud.Pass, cloud.Low),
			finding(cloud.Fail, cloud.Severity(s)),
		},
	}
}

func filledCompliance(s string) *ComplianceReport {
	return &ComplianceReport{
		Tool: Tool{Name: s, Version: s}, Source: cloud.Source{Kind: s, ReadAt: readAt}, Framework: s, Title: s, Version: s,
		Requirements: []Requirement{
			{ID: s, Title: s, Section: s, Status: NotSatisfied, Why: s, Rules: []string{s}, Failing: 2, Unknown: 1, Kind: s},
			{ID: s, Title: s, Section: s, Status: Status(s), Why: s, Kind: s},
		},
	}
}

func filledDiff(s string) *DiffReport {
	r := filled(s)
	f := r.Findings[0]
	return &DiffReport{
		Tool: r.Tool, Before: r.Source, After: r.Source,
		Findings: FindingDiff{New: []cloud.Finding{f}, Fixed: []cloud.Finding{f}, Changed: []FindingChange{{Was: cloud.Verdict(s), Finding: r.Findings[1]}}},
		Resources: ResourceDiff{
			Added: []cloud.Subject{f.Resource}, Removed: []cloud.Subject{f.Resource},
			Changed: []ResourceChange{{Resource: f.Resource, Fields: []FieldChange{{Field: s, Before: s, AfterGap: &cloud.Gap{Reason: cloud.Reason(s), Message: s}}}}},
		},
	}
}

// outputs are all forms of all reports filled with s, by name.
func outputs(t *testing.T, s string) map[string]string {
	t.Helper()
	out := map[string]string{}
	text := func(f Format) string {
		if f == JSON || f == SARIF || f == OCSF {
			return s[:min(len(s), 1<<14)] // they keep texts whole
		}
		return s
	}
	for _, f := range Formats() {
		out["report/"+string(f)] = render(t, f, filled(text(f)), Options{Width: 100})
	}
	for _, f := range ComplianceFormats() {
		out["comply/"+string(f)] = renderCompliance(t, f, filledCompliance(text(f)), Options{Width: 100})
	}
	for _, f := range DiffFormats() {
		out["diff/"+string(f)] = renderDiff(t, f, filledDiff(text(f)), Options{Width: 100})
	}
	return out
}

func renderCompliance(t *testing.T, format Format, c *ComplianceReport, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := WriteCompliance(&b, format, c, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func renderDiff(t *testing.T, format Format, d *DiffReport, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := WriteDiff(&b, format, d, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHostileTextIsHarmless fills reports with every hostile text and compares
// their structure with that of a report filled with a plain one.
func TestHostileTextIsHarmless(t *testing.T) {
	plain := outputs(t, benign)
	for name, text := range hostile {
		for form, got := range outputs(t, text) {
			t.Run(name+"/"+form, func(t *testing.T) {
				checkCharacters(t, got)
				_, format, _ := strings.Cut(form, "/")
				if check := structure[Format(format)]; check != nil {
					check(t, got, plain[form])
				}
			})
		}
	}
}

// checkCharacters fails on anything that steers a terminal or hides text.
func checkCharacters(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Error("not UTF-8")
	}
	for i, r := range s {
		if r != '\n' && hidden(r) {
			t.Errorf("%U at byte %d: %q", r, i, s[max(0, i-20):min(len(s), i+20)])
			return
		}
	}
}

var structure = map[Format]func(t *testing.T, got, plain string){
	Table: func(t *testing.T, got, plain string) {
		short(t, got)
		// Width decides whether a rule's title and id share a line.
		if n := strings.Count(got, "forged"); n > 0 && regexp.MustCompile(`(?m)^\s*(FAIL\s+forged|## forged)`).MatchString(got) {
			t.Error("a name forged a line")
		}
		if a, b := strings.Count(got, "FAIL  "), strings.Count(plain, "FAIL  "); a > b && !strings.Contains(got, "FAIL      forged") {
			t.Errorf("%d lines of failures, want %d", a, b)
		}
	},
	JSON: func(t *testing.T, got, plain string) {
		if a, b := keys(t, got), keys(t, plain); a != b {
			t.Errorf("%d keys, want %d", a, b)
		}
	},
	SARIF: func(t *testing.T, got, plain string) {
		if a, b := keys(t, got), keys(t, plain); a != b {
			t.Errorf("%d keys, want %d", a, b)
		}
	},
	OCSF: func(t *testing.T, got, plain string) {
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if n := strings.Count(plain, "\n"); len(lines) != n {
			t.Errorf("%d events, want %d", len(lines), n)
		}
		for _, l := range lines {
			keys(t, l)
		}
	},
	CSV: func(t *testing.T, got, plain string) {
		rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want, _ := csv.NewReader(strings.NewReader(plain)).ReadAll()
		if len(rows) != len(want) {
			t.Fatalf("%d rows, want %d", len(rows), len(want))
		}
		for _, row := range rows {
			for _, c := range row {
				if c != "" && strings.ContainsAny(strings.TrimLeft(c, " \u00a0")[:1], "=+-@") {
					t.Errorf("a formula: %.40q", c)
				}
				if strings.ContainsAny(c, "\r\n\t") || len(c) > 32767 {
					t.Errorf("cell of %d bytes: %.40q", len(c), c)
				}
			}
		}
	},
	JUnit: func(t *testing.T, got, plain string) {
		short(t, got)
		if a, b := elements(t, got), elements(t, plain); !slices.Equal(a, b) {
			t.Errorf("elements differ: %s", cmp.Diff(b, a))
		}
	},
	Markdown: func(t *testing.T, got, plain string) {
		if len(got) > 65536 {
			t.Errorf("%d bytes do not fit a comment", len(got))
		}
		if strings.Contains(plain, "<details>") && !strings.Contains(got, "<details>") {
			return // too long for one rule: counted only
		}
		got, plain = unfenced(got), unfenced(plain)
		for _, mark := range []string{"<", "|", "\n#", "\n- ", "\n```"} {
			if a, b := strings.Count(got, mark), strings.Count(plain, mark); a != b {
				t.Errorf("%q %d times, want %d", mark, a, b)
			}
		}
		if m := regexp.MustCompile(`@\w|(^|[^&])#\d|://|www\.|[^\\]\]\(|[^\\]\x60`).FindString(got); m != "" {
			t.Errorf("a link, mention or code: %q", m)
		}
	},
	HTML: func(t *testing.T, got, plain string) {
		short(t, got)
		for _, mark := range []string{"<", ">", `"`, "'"} {
			if a, b := strings.Count(got, mark), strings.Count(plain, mark); a != b {
				t.Errorf("%s %d times, want %d", mark, a, b)
			}
		}
	},
}

// short fails when a form for people repeats a long text in full.
func short(t *testing.T, s string) {
	t.Helper()
	if len(s) > 1<<20 {
		t.Errorf("%d bytes", len(s))
	}
}

// keys counts the object keys of a JSON text.
func keys(t *testing.T, s string) int {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatal(err)
	}
	n := 0
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			n += len(v)
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return n
}

func elements(t *testing.T, s string) []string {
	t.Helper()
	var out []string
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			name := e.Name.Local
			for _, a := range e.Attr {
				name += " " + a.Name.Local
			}
			out = append(out, name)
		}
	}
}

// unfenced drops code blocks, in which nothing is markup.
func unfenced(s string) string {
	var out []string
	fence := ""
	for _, l := range strings.Split(s, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(l, "```"):
			fence = l
		case fence != "" && l == fence:
			fence = ""
		case fence == "":
			out = append(out, l)
		}
	}
	if fence != "" {
		out = append(out, "```")
	}
	return strings.Join(out, "\n")
}

// The contract keeps values as they were: escapes in JSON change nothing.
func TestJSONKeepsValues(t *testing.T) {
	for name, text := range hostile {
		if name == "invalid" {
			continue // JSON cannot hold it
		}
		text = text[:min(len(text), 1<<14-2)]
		want := strings.ToValidUTF8(text, "\ufffd")
		var back Report
		if err := json.Unmarshal([]byte(render(t, JSON, filled(text), Options{})), &back); err != nil {
			t.Fatal(err)
		}
		f := back.Findings[0]
		if f.Resource.Name != want || f.Evidence[0].Value != want || !f.Suppression.Until.Equal(readAt) {
			t.Errorf("%s: came back as %.60q", name, f.Resource.Name)
		}
	}
}
