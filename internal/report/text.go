package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"merlon.dev/internal/cloud"
)

// line makes text from the estate safe to show on one line: line breaks and
// tabs become spaces, control characters and those that change the direction of
// text become visible escapes, broken UTF-8 becomes U+FFFD. It reads no more
// than it needs to fill max bytes, and ends in an ellipsis when there was more.
func line(s string, max int) string {
	plain := len(s) <= max
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] >= ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if b.Len() >= max {
			b.WriteString("…")
			break
		}
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case r == utf8.RuneError:
			b.WriteRune(utf8.RuneError)
		case hidden(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteString(s[i : i+utf8.RuneLen(r)])
		}
	}
	return b.String()
}

// hidden reports whether a character is invisible or changes how its neighbours
// are shown: controls, direction overrides, zero-width and unassigned ones.
func hidden(r rune) bool {
	return r != ' ' && !unicode.IsGraphic(r) || r >= 0xe0000
}

// shown is how much of one text a form for people shows, in bytes. The json,
// sarif and ocsf forms keep values whole.
const shown = 2000

// brief is a text of the estate on one line, of a length that people read.
func brief(s string) string { return line(s, shown) }

// value writes an evidence value the way JSON would, on one line.
func value(v any) string { return line(rawValue(v), shown) }

func rawValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// quoted is value with quotes around strings that would read as something else.
func quoted(v any) string {
	s, ok := v.(string)
	if !ok {
		return value(v)
	}
	t := brief(s)
	if t == "" || strings.ContainsAny(t, " ,=") || t == "true" || t == "false" || t == "null" {
		return `"` + t + `"`
	}
	return t
}

// fit cuts s to a number of terminal columns, with an ellipsis where it cuts.
// Zero or less cuts nothing.
func fit(s string, columns int) string {
	if columns <= 0 || columns >= len(s) {
		return s
	}
	return runewidth.Truncate(s, columns, "…")
}

// fitMiddle cuts s in its middle: of ARNs and paths both ends tell.
func fitMiddle(s string, columns int) string {
	w := runewidth.StringWidth(s)
	if columns <= 0 || w <= columns {
		return s
	}
	if columns < 9 {
		return fit(s, columns)
	}
	head := (columns - 1) / 2
	tail := columns - 1 - head
	return runewidth.Truncate(s, head, "") + "…" + runewidth.TruncateLeft(s, w-tail, "")
}

// wrap breaks s at spaces into lines of so many columns, and cuts words that are
// longer. Zero or less breaks nothing.
func wrap(s string, columns int) []string {
	if columns <= 0 {
		return []string{s}
	}
	var lines []string
	at := ""
	for _, word := range strings.Fields(s) {
		word = fit(word, columns)
		switch {
		case at == "":
			at = word
		case runewidth.StringWidth(at)+1+runewidth.StringWidth(word) <= columns:
			at += " " + word
		default:
			lines = append(lines, at)
			at = word
		}
	}
	return append(lines, at)
}

// pad fills s with spaces to a number of terminal columns.
func pad(s string, columns int) string {
	if n := columns - runewidth.StringWidth(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// count is "1 verdict", "2 verdicts".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + plural(noun)
}

func plural(noun string) string {
	if strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ey") {
		return strings.TrimSuffix(noun, "y") + "ies"
	}
	return noun + "s"
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ShellWord quotes s for a POSIX shell where that is needed, after making it
// harmless to show.
func ShellWord(s string) string {
	s = brief(s)
	safe := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+,", r))
	}) < 0
	if safe {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// name is what people call the resource of a finding: in code that is its
// address, since many resources of one code may bear one name.
func name(f *cloud.Finding) string {
	if inCode(f) || f.Resource.Name == "" {
		return brief(string(f.Resource.Ref))
	}
	return brief(f.Resource.Name)
}

// called is the name, and beside an id the label that people know it by.
func called(f *cloud.Finding) string {
	if f.Resource.Label == "" || inCode(f) {
		return name(f)
	}
	return name(f) + " (" + brief(f.Resource.Label) + ")"
}

// inCode reports whether the resource of a finding was declared in a file.
func inCode(f *cloud.Finding) bool { return len(f.Origin) > 0 && f.Origin[0].File != "" }

// place is where a finding is: its account and region, or file and line.
func place(f *cloud.Finding) string {
	if inCode(f) {
		return codePlace(f.Origin[0])
	}
	var parts []string
	for _, p := range []string{string(f.Resource.Account), string(f.Resource.Region)} {
		if p != "" {
			parts = append(parts, brief(p))
		}
	}
	return strings.Join(parts, " ")
}

func codePlace(o cloud.Origin) string {
	if o.Line == 0 {
		return brief(o.File)
	}
	return fmt.Sprintf("%s:%d", brief(o.File), o.Line)
}

// origin says where a piece of evidence came from.
func origin(o *cloud.Origin) string {
	switch {
	case o == nil:
		return ""
	case o.File != "":
		return codePlace(*o)
	}
	return brief(o.Call)
}

// need is what would close a gap: "denied, needs s3:GetBucketPolicy".
func need(reason cloud.Reason, permission, message string) string {
	s := brief(string(reason))
	switch {
	case permission != "":
		s += ", needs " + brief(permission)
	case message != "":
		s += ": " + brief(message)
	}
	return s
}

// because is the decisive part of a finding on one line: the evidence, the
// missing fields of an unknown, or the reason of a suppression.
func because(f *cloud.Finding) string {
	var parts []string
	switch {
	case f.Verdict == cloud.Suppressed && f.Suppression != nil:
		s := brief(f.Suppression.Reason)
		if f.Suppression.Until != nil {
			s += " (until " + f.Suppression.Until.UTC().Format("2006-01-02") + ")"
		}
		return s
	case f.Verdict == cloud.Unknown:
		for _, g := range f.Gaps {
			parts = append(parts, brief(g.Field)+" "+need(g.Reason, g.Permission, g.Message))
		}
	default:
		return facts(f.Evidence)
	}
	return strings.Join(parts, "; ")
}

// facts is the evidence on one line. What several attributes in a row belong to
// is said once: "ingress[0]: from_port = 22, to_port = 22".
func facts(evidence []cloud.Evidence) string {
	var parts []string
	for len(evidence) > 0 {
		of, _ := owner(evidence[0].Field)
		var same []string
		for _, e := range evidence {
			owned, attribute := owner(e.Field)
			if owned != of || of == "" && len(same) > 0 {
				break
			}
			same = append(same, fact(attribute, e.Value))
		}
		if len(same) == 1 {
			parts = append(parts, fact(evidence[0].Field, evidence[0].Value))
		} else {
			parts = append(parts, brief(of)+": "+strings.Join(same, ", "))
		}
		evidence = evidence[len(same):]
	}
	return strings.Join(parts, "; ")
}

func fact(field string, value any) string {
	if value == nil {
		return brief(field) + " not set"
	}
	return brief(field) + " = " + quoted(value)
}

// owner splits the path of an attribute from what it belongs to: part of the
// resource, or another resource, whose ref may hold anything but a space.
func owner(field string) (of, attribute string) {
	i := strings.LastIndexAny(field, ". ")
	return field[:max(i, 0)], field[i+1:]
}

// paragraph is brief for text that keeps its line breaks: rules have such in
// why and fix.
func paragraph(s string) string {
	if len(s) > 4*shown {
		s = strings.ToValidUTF8(s[:4*shown], "") + "…"
	}
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(line(l, len(l)*len(`\u{e0000}`)), " ")
	}
	return strings.Join(lines, "\n")
}
