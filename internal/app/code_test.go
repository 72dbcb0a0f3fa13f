package app_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
)

// TestCode judges the files of testdata/code with the built-in rules. What is
// wanted of a resource stands in comments right above it:
//
//	# want: fail aws-s3-bucket-is-versioned
//	resource "aws_s3_bucket" "logs" {
//
// The verdict is pass, fail, unknown, or none where the rule does not apply.
func TestCode(t *testing.T) {
	env, rules := loaded(t)
	entries, err := os.ReadDir("testdata/code")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			src, err := os.ReadFile("testdata/code/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{e.Name(): {Data: src}}
			now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
			s, err := app.ReadCode(files, []string{"."}, app.CodeOptions{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			wanted := wantedOf(string(src))
			if len(wanted) == 0 {
				t.Fatal("nothing is wanted of it")
			}
			j, err := app.Judge(env, rules, s, nil, app.Selection{All: true}, now)
			if err != nil {
				t.Fatal(err)
			}
			got := map[wantedKey]cloud.Finding{}
			for _, f := range j.Report.Findings {
				got[wantedKey{f.Origin[0].Line, f.Rule}] = f
			}
			for key, verdict := range wanted {
				f, found := got[key]
				if !found {
					f.Verdict = "none"
				}
				if f.Verdict != verdict {
					t.Errorf("line %d: %s is %s, want %s\nevidence %v\ngaps %v", key.line, key.rule, f.Verdict, verdict, f.Evidence, f.Gaps)
				}
			}
			for _, x := range s.Skipped {
				if !strings.Contains(string(src), "skipped: "+x.Why) {
					t.Errorf("%s:%d is skipped: %s", path.Base(x.Path), x.Line, x.Why)
				}
			}
		})
	}
}

type wantedKey struct {
	line int
	rule string
}

var wantLine = regexp.MustCompile(`^\s*(?:#|//) want: (pass|fail|unknown|none) (\S+)$`)

// wantedOf reads the comments: each is about the next line that is none.
func wantedOf(src string) map[wantedKey]cloud.Verdict {
	out := map[wantedKey]cloud.Verdict{}
	pending := map[string]cloud.Verdict{}
	for i, line := range strings.Split(src, "\n") {
		if m := wantLine.FindStringSubmatch(line); m != nil {
			pending[m[2]] = cloud.Verdict(m[1])
			continue
		}
		for rule, verdict := range pending {
			out[wantedKey{i + 1, rule}] = verdict
		}
		clear(pending)
	}
	return out
}
