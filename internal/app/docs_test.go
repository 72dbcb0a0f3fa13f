package app

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestRulesAreDocumented holds docs/rules.md to the code: every function of the
// rule language with what it says of itself, every example with its verdict.
func TestRulesAreDocumented(t *testing.T) {
	src, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(src)
	for _, f := range functions() {
		line := regexp.MustCompile(`(?m)^\| .` + regexp.QuoteMeta(f.Name) + `\(([\w, ]*)\). \| (.*) \|$`).FindStringSubmatch(page)
		switch {
		case line == nil:
			t.Errorf("%s is not in docs/rules.md", f.Name)
		case line[2] != f.Doc:
			t.Errorf("%s: docs/rules.md says %q, the code %q", f.Name, line[2], f.Doc)
		case len(strings.Split(line[1], ",")) != len(f.Params):
			t.Errorf("%s: docs/rules.md shows (%s), the code takes %d", f.Name, line[1], len(f.Params))
		}
	}

	env, err := NewEnv()
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `(\\{.*\\})` \\| `(.*)` \\| (pass|fail|unknown) \\|$").FindAllStringSubmatch(page, -1)
	if len(rows) == 0 {
		t.Error("no examples of unknown in docs/rules.md")
	}
	for _, row := range rows {
		expr := strings.ReplaceAll(row[2], `\|`, "|")
		rule := fmt.Sprintf("id: docs-example\ntitle: t\nseverity: low\nresource: AWS::S3::Bucket\npass: '%s'\nwhy: w\nfix: f\ntests: [{given: %s, want: %s}]\n", expr, row[1], row[3])
		r, err := env.Compile("docs/rules.md", []byte(rule))
		if err == nil {
			err = r.Check()
		}
		if err != nil {
			t.Errorf("%s: %v", row[0], err)
		}
	}

	_, rest, _ := strings.Cut(page, "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	r, err := env.Compile("docs/rules.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	if loose, err := r.Unpinned(); err != nil || len(loose) > 0 {
		t.Errorf("the rule shown has loose clauses: %v %v", loose, err)
	}
}
