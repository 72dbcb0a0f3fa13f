package report

import (
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"merlon.dev/internal/cloud"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -f page.templ -include-version=false -log-level warn

// The page holds everything it needs: no request leaves it, and its content
// security policy allows no script or style but the two below, by their hash.
// It reads without scripts too; scripts add filters, search and copying.
// After a change in page.templ, run go generate.

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// pageHead is what goes into the head of the page and its last line.
type pageHead struct {
	Title string
	// Policy is the content security policy.
	Policy string
	// Style and Script are whole elements.
	Style, Script templ.Component
}

func newHead(title string) pageHead {
	return pageHead{
		Title: title,
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
			sourceHash(pageCSS), sourceHash(pageJS)),
		Style:  templ.Raw("<style>" + pageCSS + "</style>"),
		Script: templ.Raw("<script>" + pageJS + "</script>"),
	}
}

func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func writeHTML(w io.Writer, r *Report) error {
	return reportPage(newPageView(r)).Render(context.Background(), w)
}

// pageView is the report as the page shows it.
type pageView struct {
	Head     pageHead
	Report   *Report
	Headline string
	// Severities are the failures by severity, Services and Places failures
	// and unknowns by service and by account, or by file for code.
	Severities, Services, Places []barView
	PlaceWord                    string
	Regions                      []string
	Groups                       []*ruleGroup
	Unseen                       []*unseenGroup
	// Policy is the IAM policy that would close the gaps, if one would.
	Policy string
}

// barView is one row of a bar chart: a name, its failures and unknowns, and
// where their bars begin and how long they are, in percent.
type barView struct {
	Name          string
	Fail, Unknown int
	X             float64
	FailWidth     float64
	UnknownWidth  float64
}

func newPageView(r *Report) *pageView {
	v := &pageView{
		Head:     newHead("Merlon report"),
		Report:   r,
		Headline: headline(r),
		Groups:   groupByRule(r.Findings),
		Unseen:   groupGaps(r.Coverage.Gaps),
		Policy:   closingPolicy(r.Coverage.Gaps),
	}
	v.PlaceWord = "account"
	if slices.ContainsFunc(r.Findings, func(f cloud.Finding) bool { return len(f.Origin) > 0 }) {
		v.PlaceWord = "file"
	}
	services, places, severities := map[string]*barView{}, map[string]*barView{}, map[string]*barView{}
	regions := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		regions[pageRegion(f)] = true
		tallyBar(services, pageService(f), f.Verdict)
		tallyBar(places, pagePlace(f), f.Verdict)
		tallyBar(severities, string(f.Severity), f.Verdict)
	}
	v.Services, v.Places = bars(services), bars(places)
	v.Severities = severityBars(severities)
	for name := range regions {
		v.Regions = append(v.Regions, name)
	}
	slices.Sort(v.Regions)
	return v
}

func tallyBar(m map[string]*barView, name string, v cloud.Verdict) {
	b := m[name]
	if b == nil {
		b = &barView{Name: name}
		m[name] = b
	}
	switch v {
	case cloud.Fail:
		b.Fail++
	case cloud.Unknown:
		b.Unknown++
	}
}

// bars sorts rows, most failures first, and gives each its length relative to
// the longest.
func bars(m map[string]*barView) []barView {
	var out []barView
	longest := 1
	for _, b := range m {
		if b.Fail+b.Unknown == 0 {
			continue
		}
		out = append(out, *b)
		longest = max(longest, b.Fail+b.Unknown)
	}
	slices.SortFunc(out, func(a, b barView) int {
		return cmp.Or(cmp.Compare(b.Fail, a.Fail), cmp.Compare(b.Unknown, a.Unknown), cmp.Compare(a.Name, b.Name))
	})
	for i := range out {
		b := &out[i]
		b.FailWidth = percent(b.Fail, longest)
		b.UnknownWidth = percent(b.Unknown, longest)
	}
	return out
}

// severityBars puts the failures of each severity side by side.
func severityBars(m map[string]*barView) []barView {
	var out []barView
	sum := 0
	for _, b := range m {
		sum += b.Fail
	}
	x := 0.0
	for _, s := range cloud.Severities() {
		b := barView{Name: string(s)}
		if found := m[string(s)]; found != nil {
			b = *found
		}
		b.X, b.FailWidth = x, percent(b.Fail, max(sum, 1))
		x += b.FailWidth
		out = append(out, b)
	}
	return out
}

func percent(n, of int) float64 { return float64(n*10000/of) / 100 }

func number(f float64) string { return fmt.Sprintf("%.2f", f) }

// headline is the report in one sentence.
func headline(r *Report) string {
	v := r.Coverage.Verdicts
	switch {
	case v.Fail == 0 && v.Unknown == 0 && v.Pass == 0:
		return "Nothing was judged."
	case v.Fail == 0 && v.Unknown == 0:
		return "Every claim that was judged holds."
	case v.Fail == 0:
		return "Nothing failed. " + count(v.Unknown, "verdict") + " could not be reached."
	}
	listed := listedVerdicts(r.Findings)
	if listed.Fail < v.Fail {
		return count(v.Fail, "failure") + ", " + thousands(listed.Fail) + " of them listed here."
	}
	// Findings are sorted: the first failure is among the worst.
	first := slices.IndexFunc(r.Findings, func(f cloud.Finding) bool { return f.Verdict == cloud.Fail })
	worst := r.Findings[first].Severity
	n := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Verdict == cloud.Fail && f.Severity == worst {
			n++
		}
	}
	if n == v.Fail {
		return count(n, brief(string(worst))+" failure") + "."
	}
	return count(v.Fail, "failure") + ", " + thousands(n) + " " + brief(string(worst)) + "."
}

func pageService(f *cloud.Finding) string { return brief(service(f)) }

// pagePlace is what the page groups and filters by: the account, or the file.
func pagePlace(f *cloud.Finding) string {
	switch {
	case len(f.Origin) > 0 && f.Origin[0].File != "":
		return brief(f.Origin[0].File)
	case f.Resource.Account != "":
		return brief(string(f.Resource.Account))
	}
	return "none"
}

func pageRegion(f *cloud.Finding) string {
	if f.Resource.Region == "" {
		return "global"
	}
	return brief(string(f.Resource.Region))
}

// byName lists the names of rows in alphabetical order, for a menu.
func byName(rows []barView) []string {
	names := make([]string, len(rows))
	for i, b := range rows {
		names[i] = b.Name
	}
	slices.Sort(names)
	return names
}

// has reports whether any finding listed has the verdict.
func (v *pageView) has(x cloud.Verdict) bool {
	return slices.ContainsFunc(v.Report.Findings, func(f cloud.Finding) bool { return f.Verdict == x })
}

// services lists every service of the page's groups, also those that only pass.
func (v *pageView) services() []string {
	return v.namesOf(func(f *cloud.Finding) string { return pageService(f) })
}

func (v *pageView) places() []string {
	return v.namesOf(func(f *cloud.Finding) string { return pagePlace(f) })
}

func (v *pageView) namesOf(of func(*cloud.Finding) string) []string {
	var rows []barView
	seen := map[string]bool{}
	for i := range v.Report.Findings {
		if n := of(&v.Report.Findings[i]); !seen[n] {
			seen[n] = true
			rows = append(rows, barView{Name: n})
		}
	}
	return byName(rows)
}

// where names the resource of a gap, or the kind when it stands for several.
func (g *Gap) where() string {
	if g.Ref == "" {
		return "several " + brief(shortKind(g.Kind))
	}
	return brief(string(g.Ref))
}

// closingPolicy is an IAM policy that allows what the gaps say was missing.
func closingPolicy(gaps []Gap) string {
	var actions []string
	for _, g := range gaps {
		if a := brief(g.Permission); a != "" && g.Reason == cloud.Denied && !slices.Contains(actions, a) {
			actions = append(actions, a)
		}
	}
	if actions == nil {
		return ""
	}
	slices.Sort(actions)
	type statement struct {
		Effect   string
		Action   []string
		Resource string
	}
	text, err := json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"Allow", actions, "*"}}}, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

// pageRows is how many evidence rows or gaps one finding shows.
const pageRows = 50

func cut[T any](rows []T) []T { return rows[:min(len(rows), pageRows)] }

func more[T any](rows []T) string {
	if n := len(rows) - pageRows; n > 0 {
		return thousands(n) + " more are in the json report."
	}
	return ""
}

// evidencePath splits a field into the resource it leads into and the field
// there; the first part is empty for fields of the finding's own resource.
func evidencePath(field string) (through, at string) {
	if ref, rest, ok := strings.Cut(field, " "); ok {
		return brief(ref), brief(rest)
	}
	return "", brief(field)
}

// pageText is a value in the page: long ones are cut, and keep line breaks out.
func pageText(v any) string {
	if s, ok := v.(string); ok && s == "" {
		return `""`
	}
	return value(v)
}

// verdictWord is how the page writes a verdict.
func verdictWord(v cloud.Verdict) string {
	switch v {
	case cloud.Pass:
		return "passed"
	case cloud.Fail:
		return "failed"
	}
	return brief(string(v))
}

// known is s when it is one of the words the style sheet knows, so that only
// those become class names.
func known(s string) string {
	switch s {
	case "critical", "high", "medium", "low", "fail", "unknown", "pass", "suppressed", "satisfied", "not_satisfied", "not_assessed":
		return s
	}
	return "other"
}
