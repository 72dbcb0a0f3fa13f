package report

import (
	"fmt"
	"io"
	"strings"

	"merlon.dev/internal/cloud"
)

// markdownMax keeps the output below the 65,536 characters of a GitHub comment,
// with room for what the poster adds.
const markdownMax = 60000

// markdownRows is how many resources one rule lists.
const markdownRows = 20

// writeMarkdown writes for a pull request comment or a wiki: a sum, a section
// per severity, a folded block per rule. When it grows too long for a comment,
// the rules that are left are counted.
func writeMarkdown(w io.Writer, r *Report) error {
	var b strings.Builder
	c := r.Coverage
	fmt.Fprintf(&b, "## %s: %s\n\n", md(r.Tool.Name), tally(c.Verdicts))
	fmt.Fprintf(&b, "%s. %s, %s.\n", md(sourceLine(r.Source)), count(c.Resources, "resource"), count(c.Rules.Evaluated, "rule"))
	if c.Partial {
		b.WriteString("\n**Partial**: the read was interrupted; what was not reached is unknown.\n")
	}
	unseen := markdownUnseen(r)
	groups := groupByRule(r.Findings)
	left := 0
	var section cloud.Severity
	for _, g := range groups {
		if !g.live() {
			continue
		}
		block := markdownRule(g)
		if left > 0 || b.Len()+len(block)+len(unseen) > markdownMax {
			left++
			continue
		}
		if g.rule.Severity != section {
			section = g.rule.Severity
			fmt.Fprintf(&b, "\n### %s\n", md(titleCase(string(section))))
		}
		b.WriteString(block)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s more: the html or json report has them all.\n", count(left, "rule"))
	}
	b.WriteString(unseen)
	markdownQuiet(&b, groups)
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownQuiet lists the rules with nothing to act on, one line each.
func markdownQuiet(b *strings.Builder, groups []*ruleGroup) {
	section := false
	for _, g := range groups {
		switch {
		case g.live():
			continue
		case !section:
			section = true
			b.WriteString("\n### Suppressed and passed\n\n")
		}
		if b.Len() > markdownMax {
			b.WriteString("- and more\n")
			return
		}
		fmt.Fprintf(b, "- %s: %s\n", md(g.rule.Title), tally(g.verdicts))
	}
}

func markdownRule(g *ruleGroup) string {
	var b strings.Builder
	f := g.rule
	fmt.Fprintf(&b, "\n<details><summary>%s: <b>%s</b> <code>%s</code></summary>\n\n", tally(g.verdicts), mdHTML(f.Title), mdHTML(f.Rule))
	b.WriteString("| verdict | resource | where | because |\n|---|---|---|---|\n")
	for i, f := range g.findings {
		if i == markdownRows {
			fmt.Fprintf(&b, "\n%s more.\n", count(len(g.findings)-i, "resource"))
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", markdownVerdict(f.Verdict), md(line(called(f), 200)), md(line(place(f), 200)), md(line(because(f), 400)))
	}
	fmt.Fprintf(&b, "\n%s\n\n**Fix**\n\n%s\n</details>\n", mdParagraph(f.Why), mdFence(f.Fix))
	return b.String()
}

func markdownVerdict(v cloud.Verdict) string {
	if v == cloud.Fail {
		return "**fail**"
	}
	return md(string(v))
}

func markdownUnseen(r *Report) string {
	c := r.Coverage
	groups := groupGaps(c.Gaps)
	if len(groups)+len(c.Rules.NotEvaluated)+len(c.Skipped) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n### Not seen\n\n")
	if text := unseenTally(c); text != "" {
		fmt.Fprintf(&b, "%s.\n\n", md(text))
	}
	if len(groups) > 0 {
		b.WriteString("| what would help | hides | verdicts left unknown |\n|---|---|---|\n")
		for i, g := range groups {
			if i == markdownRows {
				fmt.Fprintf(&b, "\n%s more.\n", count(len(groups)-i, "cause"))
				break
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", md(line(g.cause(), 200)), md(line(g.Hides(), 300)), g.Left())
		}
	}
	var rest []string
	leftOut, notEvaluated := foldLeftOut(c.Rules.NotEvaluated)
	if leftOut != "" {
		rest = append(rest, "- not evaluated: "+leftOut+"\n")
	}
	for _, n := range notEvaluated {
		rest = append(rest, fmt.Sprintf("- not evaluated: %s: %s\n", md(n.Rule), md(line(n.Why, 300))))
	}
	for _, s := range c.Skipped {
		rest = append(rest, fmt.Sprintf("- skipped: %s: %s\n", md(codePlace(cloud.Origin{File: s.Path, Line: s.Line})), md(line(s.Why, 300))))
	}
	if len(rest) > 0 {
		b.WriteString("\n")
	}
	for i, l := range rest {
		if i == markdownRows {
			fmt.Fprintf(&b, "- %s more\n", thousands(len(rest)-i))
			break
		}
		b.WriteString(l)
	}
	return b.String()
}

// md makes text harmless inside a line or a table cell of Markdown: nothing in
// it formats, links, mentions a person, closes a cell or is HTML.
func md(s string) string {
	s = brief(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '@', '#':
			// A space of no width keeps it from mentioning a person or an issue.
			b.WriteString(string(c) + "&#8203;")
		case '|':
			b.WriteString("&#124;")
		case '\\', '`', '*', '_', '{', '}', '[', ']', '~', '$', '!':
			b.WriteByte('\\')
			b.WriteByte(c)
		case ':':
			// A bare URL would become a link.
			if strings.HasPrefix(s[i:], "://") {
				b.WriteString("&#58;")
				continue
			}
			b.WriteByte(c)
		case '.':
			if i >= 3 && strings.EqualFold(s[i-3:i], "www") {
				b.WriteString("&#46;")
				continue
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// mdHTML is md for text inside an HTML block, where backslashes do not escape
// and some readers look for Markdown all the same.
func mdHTML(s string) string { return htmlBlock.Replace(brief(s)) }

var htmlBlock = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@&#8203;", "#", "#&#8203;", "|", "&#124;",
	"`", "&#96;", "*", "&#42;", "_", "&#95;", "[", "&#91;", "]", "&#93;", "~", "&#126;", "$", "&#36;", `\`, "&#92;",
	"://", "&#58;//", "www.", "www&#46;")

// mdParagraph is md for text of several lines.
func mdParagraph(s string) string {
	lines := strings.Split(paragraph(s), "\n")
	for i, l := range lines {
		lines[i] = md(l)
		// A leading mark would start a list, a rule or a command.
		if t := strings.TrimSpace(l); t != "" && strings.ContainsAny(t[:1], "#-+=/0123456789") {
			lines[i] = "&#8203;" + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

// mdFence is a code block that its content cannot close.
func mdFence(s string) string {
	s = paragraph(s)
	fence := "```"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	return fence + "\n" + s + "\n" + fence + "\n"
}

// titleCase raises a first letter of a to z.
func titleCase(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
