package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"merlon.dev/internal/cloud"
)

// cellMax keeps cells below the 32,767 characters a spreadsheet can hold.
const cellMax = 32000

func writeCSV(w io.Writer, r *Report) error {
	rows := [][]string{{"severity", "verdict", "rule", "title", "account", "region", "service", "kind", "name", "ref",
		"file", "line", "evidence", "gaps", "suppression", "why", "fix", "aliases", "fingerprint"}}
	for i := range r.Findings {
		f := &r.Findings[i]
		file, at := "", ""
		if inCode(f) {
			file, at = f.Origin[0].File, fmt.Sprint(f.Origin[0].Line)
		}
		rows = append(rows, []string{
			string(f.Severity), string(f.Verdict), f.Rule, f.Title,
			string(f.Resource.Account), string(f.Resource.Region), service(f), string(f.Resource.Kind),
			f.Resource.Name, string(f.Resource.Ref), file, at,
			evidenceText(f.Evidence), gapText(f.Gaps), suppressionText(f.Suppression),
			f.Why, f.Fix, strings.Join(f.Aliases, " "), f.Fingerprint,
		})
	}
	return writeRows(w, rows)
}

// writeRows writes rows of cells, each harmless to a spreadsheet.
func writeRows(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, c := range row {
			safe[i] = cell(c)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cell makes text harmless to a spreadsheet: on one line, and with a leading
// apostrophe where it would be taken for a formula. An apostrophe is how
// spreadsheets themselves mark text.
func cell(s string) string {
	s = line(s, cellMax)
	start := strings.TrimLeft(s, " \u00a0\u3000\"'")
	if start == "" {
		return s
	}
	first, _ := utf8.DecodeRuneInString(start)
	if strings.ContainsRune("=+-@|%＝＋－＠", first) {
		return "'" + s
	}
	return s
}

func evidenceText(evidence []cloud.Evidence) string {
	parts := make([]string, len(evidence))
	for i, e := range evidence {
		parts[i] = brief(e.Field) + " = " + quoted(e.Value)
	}
	return strings.Join(parts, "; ")
}

func gapText(gaps []cloud.FieldGap) string {
	parts := make([]string, len(gaps))
	for i, g := range gaps {
		parts[i] = brief(g.Field) + " " + need(g.Reason, g.Permission, g.Message)
	}
	return strings.Join(parts, "; ")
}

func suppressionText(s *cloud.Suppression) string {
	if s == nil {
		return ""
	}
	text := brief(s.Reason)
	if s.By != "" {
		text += ", by " + brief(s.By)
	}
	if s.Until != nil {
		text += ", until " + s.Until.UTC().Format("2006-01-02")
	}
	if s.Where != "" {
		text += ", in " + brief(s.Where)
	}
	return text
}
