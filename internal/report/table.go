package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"merlon.dev/internal/cloud"
)

// folded is how many resources the table shows under one rule, and foldedCauses
// how many causes of what was not seen.
const (
	folded       = 5
	foldedCauses = 15
)

// writeTable writes what a person reads first: failures and unknowns under
// their rules, worst first; then what could not be seen; then the sum.
func writeTable(w io.Writer, r *Report, o Options) error {
	t := &table{out: bufio.NewWriter(w), report: r, opt: o}
	if o.Color {
		t.style = ansi
	}
	t.heading()
	groups := groupByRule(r.Findings)
	t.severities = severitiesOf(groups)
	for _, s := range t.severities {
		t.severity(s, groups)
	}
	t.quiet("SUPPRESSED", cloud.Suppressed, groups)
	t.quiet("PASSED", cloud.Pass, groups)
	t.unseen()
	t.summary()
	return t.out.Flush()
}

// style names the terminal attributes in use; all are empty without colour.
type style struct{ reset, bold, dim, critical, high, medium, low, pass, unknown string }

var ansi = style{reset: "\x1b[0m", bold: "\x1b[1m", dim: "\x1b[2m",
	critical: "\x1b[1;31m", high: "\x1b[31m", medium: "\x1b[33m", low: "\x1b[36m", pass: "\x1b[32m", unknown: "\x1b[35m"}

func (s style) of(sev cloud.Severity) string {
	switch sev {
	case cloud.Critical:
		return s.critical
	case cloud.High:
		return s.high
	case cloud.Medium:
		return s.medium
	}
	return s.low
}

func (s style) ofVerdict(v cloud.Verdict, sev cloud.Severity) string {
	switch v {
	case cloud.Fail:
		return s.of(sev)
	case cloud.Unknown:
		return s.unknown
	case cloud.Pass:
		return s.pass
	}
	return s.dim
}

// table is a writer of terminal lines. Errors stay in out until Flush.
type table struct {
	out    *bufio.Writer
	report *Report
	opt    Options
	style  style
	// severities that have anything to act on, worst first.
	severities []cloud.Severity
}

func (t *table) line(s string) {
	t.out.WriteString(strings.TrimRight(s, " "))
	t.out.WriteByte('\n')
}

// paint puts s in a style; without colour it is s.
func (t *table) paint(style, s string) string {
	if style == "" || s == "" {
		return s
	}
	return style + s + t.style.reset
}

func (t *table) heading() {
	r := t.report
	text := brief(r.Tool.Name)
	if r.Tool.Version != "" {
		text += " " + brief(r.Tool.Version)
	}
	t.line(t.paint(t.style.dim, fit(text+"  "+sourceLine(r.Source), t.opt.Width)))
	if r.Coverage.Partial {
		t.line(t.paint(t.style.unknown, fit("PARTIAL: the read was interrupted; what was not reached is unknown.", t.opt.Width)))
	}
}

// sourceLine says what was read, and when.
func sourceLine(s cloud.Source) string {
	parts := []string{sourceWord(s.Kind)}
	switch len(s.Accounts) {
	case 0:
	case 1:
		parts = append(parts, "account "+brief(string(s.Accounts[0])))
	default:
		parts = append(parts, count(len(s.Accounts), "account"))
	}
	switch len(s.Regions) {
	case 0:
	case 1:
		parts = append(parts, brief(string(s.Regions[0])))
	default:
		parts = append(parts, count(len(s.Regions), "region"))
	}
	switch len(s.Paths) {
	case 0:
	case 1:
		parts = append(parts, brief(s.Paths[0]))
	default:
		parts = append(parts, count(len(s.Paths), "path"))
	}
	if !s.ReadAt.IsZero() {
		parts = append(parts, "read "+s.ReadAt.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return strings.Join(parts, ", ")
}

// sourceWord is the kind of a source as people write it.
func sourceWord(kind string) string {
	switch kind {
	case "aws":
		return "AWS"
	case "terraform", "terraform-plan", "terraform-state":
		return "Terraform" + strings.ReplaceAll(strings.TrimPrefix(kind, "terraform"), "-", " ")
	case "cloudformation":
		return "CloudFormation"
	}
	return brief(kind)
}

// ruleGroup is the findings of one rule.
type ruleGroup struct {
	rule     *cloud.Finding // any of them: what is the same in all
	findings []*cloud.Finding
	verdicts Verdicts
}

// live reports whether the rule has anything to act on.
func (g *ruleGroup) live() bool { return g.verdicts.Fail+g.verdicts.Unknown > 0 }

// groupByRule groups sorted findings: by severity, then rules that fail before
// those that only do not know, then those with more to do, then by id. In a
// group failures come first, then unknowns, suppressed failures and passes.
func groupByRule(findings []cloud.Finding) []*ruleGroup {
	var groups []*ruleGroup
	type key struct {
		rule     string
		severity cloud.Severity
	}
	byRule := map[key]*ruleGroup{}
	for i := range findings {
		f := &findings[i]
		k := key{f.Rule, f.Severity}
		g := byRule[k]
		if g == nil {
			g = &ruleGroup{rule: f}
			byRule[k] = g
			groups = append(groups, g)
		}
		g.findings = append(g.findings, f)
		g.verdicts.Add(f.Verdict)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.findings, func(a, b *cloud.Finding) int {
			return cmp.Compare(verdictRank(a.Verdict), verdictRank(b.Verdict))
		})
	}
	slices.SortStableFunc(groups, func(a, b *ruleGroup) int {
		return cmp.Or(cmp.Compare(a.rule.Severity.Rank(), b.rule.Severity.Rank()),
			cmp.Compare(b.verdicts.Fail, a.verdicts.Fail),
			cmp.Compare(b.verdicts.Unknown, a.verdicts.Unknown),
			cmp.Compare(a.rule.Rule, b.rule.Rule))
	})
	return groups
}

func verdictRank(v cloud.Verdict) int {
	return slices.Index([]cloud.Verdict{cloud.Fail, cloud.Unknown, cloud.Suppressed, cloud.Pass}, v)
}

func severitiesOf(groups []*ruleGroup) []cloud.Severity {
	var out []cloud.Severity
	for _, g := range groups {
		if g.live() && (len(out) == 0 || out[len(out)-1] != g.rule.Severity) {
			out = append(out, g.rule.Severity)
		}
	}
	return out
}

// severity writes all rules of one severity that have something to act on.
func (t *table) severity(s cloud.Severity, all []*ruleGroup) {
	var sum Verdicts
	var groups []*ruleGroup
	for _, g := range all {
		if g.rule.Severity == s && g.live() {
			groups = append(groups, g)
			sum.Fail += g.verdicts.Fail
			sum.Unknown += g.verdicts.Unknown
		}
	}
	t.line("")
	t.line(t.paint(t.style.of(s), strings.ToUpper(brief(string(s)))) + "  " + t.paint(t.style.dim, tally(sum)))
	if t.compact(s) {
		t.rulesOnly(s, groups)
		return
	}
	c := t.columns(groups)
	for _, g := range groups {
		t.rule(g, c)
	}
}

// long is the number of findings from which on the table lists resources for
// critical and high rules only.
const long = 60

// compact reports whether rules of a severity get one line each, without their
// resources. The worst severity always has its resources.
func (t *table) compact(s cloud.Severity) bool {
	return !t.opt.Unfold && len(t.report.Findings) > long && s.Rank() > cloud.High.Rank() && s != t.severities[0]
}

func (t *table) rulesOnly(s cloud.Severity, groups []*ruleGroup) {
	t.line("")
	verdict, width := 0, 0
	for _, g := range groups {
		verdict = max(verdict, len(verdictMark(g.findings[0].Verdict)))
		width = max(width, len(g.weight()))
	}
	for _, g := range groups {
		v := g.findings[0].Verdict
		title, id := brief(g.rule.Title), brief(g.rule.Rule)
		rest := ""
		if v == cloud.Fail && g.verdicts.Unknown > 0 {
			rest = "  +" + tally(Verdicts{Unknown: g.verdicts.Unknown})
		}
		if room := t.opt.Width - verdict - width - len(rest) - 8; t.opt.Width > 0 {
			id = fit(id, room-20)
			title = fit(title, room-runewidth.StringWidth(id))
		}
		count := strings.Repeat(" ", width-len(g.weight())) + g.weight()
		t.line(t.mark(v, s, verdict) + count + "  " + title + "  " + t.paint(t.style.dim, id+rest))
	}
	t.line(t.paint(t.style.dim, "  with their resources: "+t.report.command(t.opt)+" --severity "+ShellWord(string(s))))
}

// weight is how many findings have the verdict that the rule goes by.
func (g *ruleGroup) weight() string {
	if g.verdicts.Fail > 0 {
		return thousands(g.verdicts.Fail)
	}
	return thousands(g.verdicts.Unknown)
}

// tally is the verdicts that are not zero, in words.
func tally(v Verdicts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{v.Fail, "failed"}, {v.Unknown, "unknown"}, {v.Suppressed, "suppressed"}, {v.Pass, "passed"}} {
		if p.n > 0 {
			parts = append(parts, thousands(p.n)+" "+p.word)
		}
	}
	if parts == nil {
		return "no verdicts"
	}
	return strings.Join(parts, ", ")
}

// listedVerdicts counts the findings a report lists: fewer than the run has when
// it was asked for some only.
func listedVerdicts(findings []cloud.Finding) Verdicts {
	var v Verdicts
	for i := range findings {
		v.Add(findings[i].Verdict)
	}
	return v
}

// columns are the widths of one section's columns.
type columns struct{ verdict, name, place, why int }

// columns shares the line between name, place and reason. Each gets what it
// needs when all fit; else the reason keeps two fifths of the line, or a quarter
// beside addresses of code, and a line too short for three columns does without
// the place.
func (t *table) columns(groups []*ruleGroup) columns {
	var c columns
	reason := 2.0 / 5
	for _, g := range groups {
		for _, f := range t.visible(g) {
			if inCode(f) {
				reason = 1.0 / 4
			}
			c.verdict = max(c.verdict, len(verdictMark(f.Verdict)))
			c.name = max(c.name, runewidth.StringWidth(called(f)))
			c.place = max(c.place, runewidth.StringWidth(place(f)))
			c.why = max(c.why, runewidth.StringWidth(because(f)))
		}
	}
	if t.opt.Width <= 0 {
		return columns{verdict: c.verdict, name: min(c.name, 64), place: min(c.place, 64)}
	}
	room := max(t.opt.Width-c.verdict-4, 20)
	if room < 56 {
		c.place = 0
	}
	left := room - min(c.why, int(float64(room)*reason)) - 4
	if c.name+c.place > left {
		c.name = min(c.name, max(left-c.place, left/2))
		c.place = min(c.place, left-c.name)
	}
	c.why = room - c.name - 2
	if c.place > 0 {
		c.why -= c.place + 2
	}
	return c
}

// visible are the findings of a group that get a line.
func (t *table) visible(g *ruleGroup) []*cloud.Finding {
	if t.opt.Unfold || len(g.findings) <= folded+1 {
		return g.findings
	}
	return g.findings[:folded]
}

// rule writes a rule and its resources. The verdict stands before the claim, so
// that the claim of a failed rule reads as what does not hold; resources with
// another verdict bear their own.
func (t *table) rule(g *ruleGroup, c columns) {
	t.line("")
	verdict := g.findings[0].Verdict
	mark := t.mark(verdict, g.rule.Severity, c.verdict)
	title, id := brief(g.rule.Title), brief(g.rule.Rule)
	if room := t.opt.Width - c.verdict - 4; t.opt.Width > 0 && runewidth.StringWidth(title)+runewidth.StringWidth(id)+2 > room {
		t.line(mark + t.paint(t.style.bold, fit(title, room)))
		t.line(pad("", c.verdict+4) + t.paint(t.style.dim, fit(id, room)))
	} else {
		t.line(mark + t.paint(t.style.bold, title) + "  " + t.paint(t.style.dim, id))
	}
	visible := t.visible(g)
	for i, f := range visible {
		mark := pad("", c.verdict+4)
		if f.Verdict != verdict {
			mark = t.mark(f.Verdict, f.Severity, c.verdict)
		}
		t.finding(mark, f, c)
		if at := frameOf(f); i < framed && (i+1 == len(visible) || !at.same(frameOf(visible[i+1]))) {
			t.frame(at, f, c.verdict+6)
		}
	}
	if more := len(g.findings) - len(visible); more > 0 {
		hint := fmt.Sprintf("  +%s more: %s --rule %s", thousands(more), t.report.command(t.opt), ShellWord(g.rule.Rule))
		t.line(t.paint(t.style.dim, hint))
	}
}

// mark is a verdict in its column.
func (t *table) mark(v cloud.Verdict, s cloud.Severity, width int) string {
	return "  " + t.paint(t.style.ofVerdict(v, s), pad(verdictMark(v), width)) + "  "
}

func verdictMark(v cloud.Verdict) string { return strings.ToUpper(brief(string(v))) }

func (t *table) finding(mark string, f *cloud.Finding, c columns) {
	row := mark + pad(fitMiddle(called(f), c.name), c.name)
	if c.place > 0 {
		row += "  " + t.paint(t.style.dim, pad(fitMiddle(place(f), c.place), c.place))
	}
	if why := because(f); why != "" {
		row += "  " + fit(why, c.why)
	}
	t.line(row)
}

// quiet lists the rules that have findings of one verdict and nothing to act
// on, one line each.
func (t *table) quiet(title string, v cloud.Verdict, groups []*ruleGroup) {
	var lines []string
	for _, g := range groups {
		if g.live() || g.findings[0].Verdict != v {
			continue
		}
		text := fmt.Sprintf("  %s  %s", brief(g.rule.Title), t.paint(t.style.dim, brief(g.rule.Rule)+"  "+tally(g.verdicts)))
		lines = append(lines, text)
	}
	if len(lines) == 0 {
		return
	}
	t.line("")
	t.line(t.paint(t.style.ofVerdict(v, ""), title) + "  " + t.paint(t.style.dim, count(len(lines), "rule")))
	for _, l := range lines {
		t.line(l)
	}
}

// unseenGroup is what one permission, or one cause, hides.
type unseenGroup struct {
	Needs    string // the permission, or the reason where none would help
	Reason   cloud.Reason
	Message  string
	Gaps     []Gap
	Verdicts int // left unknown
}

// groupGaps groups gaps by the permission that would close them, those that
// leave most verdicts unknown first.
func groupGaps(gaps []Gap) []*unseenGroup {
	var groups []*unseenGroup
	type key struct {
		permission string
		reason     cloud.Reason
		message    string
	}
	byCause := map[key]*unseenGroup{}
	for _, g := range gaps {
		k := key{permission: g.Permission, reason: g.Reason}
		if g.Permission == "" {
			k.message = g.Message
		}
		u := byCause[k]
		if u == nil {
			u = &unseenGroup{Needs: g.Permission, Reason: g.Reason, Message: g.Message}
			byCause[k] = u
			groups = append(groups, u)
		}
		u.Gaps = append(u.Gaps, g)
		u.Verdicts += g.Count
	}
	slices.SortStableFunc(groups, func(a, b *unseenGroup) int {
		return cmp.Or(cmp.Compare(b.Verdicts, a.Verdicts), cmp.Compare(a.Needs, b.Needs), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Message, b.Message))
	})
	return groups
}

// Hides says what is hidden: "S3::Bucket policy (3)" for fields of resources,
// "list of RDS::DBInstance" for whole lists. What code never says is counted.
func (u *unseenGroup) Hides() string {
	if u.Reason == cloud.NotInCode && len(u.Gaps) > folded {
		return u.counted()
	}
	var names []string
	n := map[string]int{}
	for _, g := range u.Gaps {
		what := brief(shortKind(g.Kind)) + " " + brief(g.Field)
		if g.Field == "" {
			what = "list of " + brief(shortKind(g.Kind))
		}
		if n[what] == 0 {
			names = append(names, what)
		}
		n[what]++
	}
	for i, what := range names {
		if n[what] > 1 {
			names[i] = fmt.Sprintf("%s (%s)", what, thousands(n[what]))
		}
	}
	return strings.Join(names, ", ")
}

// counted says what is hidden in numbers.
func (u *unseenGroup) counted() string {
	lists := 0
	for _, g := range u.Gaps {
		if g.Field == "" {
			lists++
		}
	}
	var parts []string
	if fields := len(u.Gaps) - lists; fields > 0 {
		parts = append(parts, count(fields, "field"))
	}
	if lists > 0 {
		parts = append(parts, count(lists, "list"))
	}
	return strings.Join(parts, ", ")
}

// Left is how many verdicts the group left unknown; of resources that could not
// be listed, that is all.
func (u *unseenGroup) Left() string {
	if u.Verdicts == 0 && slices.ContainsFunc(u.Gaps, func(g Gap) bool { return g.Field == "" }) {
		return "all"
	}
	return thousands(u.Verdicts)
}

// unseen lists what could not be seen, by what would let it be seen.
func (t *table) unseen() {
	c := t.report.Coverage
	groups := groupGaps(c.Gaps)
	if len(groups)+len(c.Skipped)+len(c.Rules.NotEvaluated) == 0 {
		return
	}
	t.line("")
	t.line(t.paint(t.style.unknown, "NOT SEEN") + "  " + t.paint(t.style.dim, fit(unseenTally(c), t.rest(10))))
	show := groups
	if !t.opt.Unfold && len(groups) > foldedCauses+1 {
		show = groups[:foldedCauses]
	}
	width := 0
	for _, g := range show {
		width = max(width, runewidth.StringWidth(g.cause()))
	}
	if t.opt.Width > 0 {
		width = min(width, max(t.opt.Width*45/100, 16))
	} else {
		width = min(width, 64)
	}
	if len(show) > 0 {
		t.line("")
	}
	for _, g := range show {
		hides := g.Hides()
		if g.Verdicts > 0 {
			hides = count(g.Verdicts, "verdict") + " unknown: " + hides
		}
		t.line("  " + pad(fitMiddle(g.cause(), width), width) + "  " + fit(hides, t.rest(width+4)))
	}
	t.moreIn(len(groups) - len(show))
	t.notEvaluated(c.Rules.NotEvaluated)
	t.skipped(c.Skipped)
}

// cause is why the group is not seen: "s3:GetBucketPolicy denied".
func (u *unseenGroup) cause() string {
	switch {
	case u.Needs != "":
		return brief(u.Needs) + " " + brief(string(u.Reason))
	case u.Message != "":
		return brief(string(u.Reason)) + ": " + brief(u.Message)
	}
	return brief(string(u.Reason))
}

func unseenTally(c Coverage) string {
	var parts []string
	if c.Verdicts.Unknown > 0 {
		parts = append(parts, count(c.Verdicts.Unknown, "verdict")+" unknown")
	}
	if n := len(c.Rules.NotEvaluated); n > 0 {
		parts = append(parts, count(n, "rule")+" not evaluated")
	}
	if n := len(c.Skipped); n > 0 {
		parts = append(parts, count(n, "place")+" in code skipped")
	}
	return strings.Join(parts, ", ")
}

// rest is what is left of the line after so many columns; 0 when lines are not
// cut.
func (t *table) rest(used int) int {
	if t.opt.Width <= 0 {
		return 0
	}
	return max(t.opt.Width-used, 8)
}

func (t *table) notEvaluated(rules []NotEvaluated) {
	if len(rules) == 0 {
		return
	}
	t.line("")
	t.line("  Rules not evaluated")
	leftOut, rules := foldLeftOut(rules)
	if leftOut != "" {
		t.line("  " + leftOut)
	}
	show := rules
	if !t.opt.Unfold && len(rules) > folded+1 {
		show = rules[:folded]
	}
	for _, r := range show {
		t.line(fit("  "+brief(r.Rule)+"  "+brief(r.Why), t.opt.Width))
	}
	t.moreIn(len(rules) - len(show))
}

func (t *table) skipped(skipped []cloud.Skipped) {
	if len(skipped) == 0 {
		return
	}
	t.line("")
	t.line("  Skipped in code")
	show := skipped
	if !t.opt.Unfold && len(skipped) > folded+1 {
		show = skipped[:folded]
	}
	for _, s := range show {
		t.line(fit("  "+codePlace(cloud.Origin{File: s.Path, Line: s.Line})+"  "+brief(s.Why), t.opt.Width))
	}
	t.moreIn(len(skipped) - len(show))
}

// moreIn says where the rows are that a list leaves out.
func (t *table) moreIn(n int) {
	if n > 0 {
		t.line(t.paint(t.style.dim, fmt.Sprintf("  +%s more: %s --format json", thousands(n), t.report.command(t.opt))))
	}
}

// summary is the sum in one line, and how to see more.
func (t *table) summary() {
	c := t.report.Coverage
	t.line("")
	sum := tally(c.Verdicts)
	by := fmt.Sprintf("by %s on %s", count(c.Rules.Evaluated, "rule"), count(c.Resources, "resource"))
	if w := t.opt.Width; w > 0 && len(sum)+len(by)+2 > w {
		t.line(t.paint(t.style.bold, fit(sum, w)))
		t.line(fit(by, w))
	} else {
		t.line(t.paint(t.style.bold, sum) + "  " + by)
	}
	if l := listedVerdicts(t.report.Findings); l.Fail < c.Verdicts.Fail || l.Unknown < c.Verdicts.Unknown {
		t.line(fit("Listed here: "+tally(l), t.opt.Width))
	}
	if len(t.report.Findings) == 0 {
		return
	}
	rule := ShellWord(t.report.Findings[0].Rule)
	t.line(t.paint(t.style.dim, "Why, and how to fix: merlon rule show "+rule))
	t.line(t.paint(t.style.dim, "Every finding with its evidence: "+t.report.command(t.opt)+" --format html -o report.html"))
}
