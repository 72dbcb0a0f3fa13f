package report

import (
	"fmt"
	"strings"
	"testing"

	"merlon.dev/internal/cloud"
)

// sampleSource is the code of sampleCode.
func sampleSource(file string, from, to int) []string {
	if file != "infra/modules/data/main.tf" {
		return nil
	}
	lines := strings.Split(`variable "name" {}

resource "aws_s3_bucket" "raw" {
  bucket = var.name
}

# Files are shared.

resource "aws_s3_bucket_public_access_block" "raw" {
	bucket                  = aws_s3_bucket.raw.id
	block_public_acls       = true

	block_public_policy     = false
}
`, "\n")
	return lines[from-1 : min(to, len(lines))]
}

func TestGoldenFrames(t *testing.T) {
	golden(t, "code.frames.table", render(t, Table, sampleCode(), Options{Width: 100, Source: sampleSource}))
	golden(t, "code.frames.color.table", render(t, Table, sampleCode(), Options{Width: 60, Color: true, Source: sampleSource}))
}

// TestFrames: the lines that decided are marked and close ones share a frame;
// who lacks an attribute shows where it begins; no more than a few are shown.
func TestFrames(t *testing.T) {
	at := func(file string, line int) *cloud.Origin { return &cloud.Origin{File: file, Line: line, EndLine: line} }
	for _, c := range []struct {
		name     string
		evidence []*cloud.Origin
		want     string
	}{
		{"one line", []*cloud.Origin{at("a.tf", 5)}, "4,>5,6"},
		{"the first line", []*cloud.Origin{at("a.tf", 1)}, ">1,2"},
		{"close lines", []*cloud.Origin{at("a.tf", 5), at("a.tf", 8)}, ">5,6,7,>8"},
		{"far lines", []*cloud.Origin{at("a.tf", 5), at("a.tf", 90)}, "4,>5,6"},
		{"another file", []*cloud.Origin{at("b.tf", 5), at("a.tf", 6)}, "b.tf,4,>5,6"},
		{"no place", []*cloud.Origin{nil, {Call: "s3:GetBucketPolicy"}}, ">2"},
		{"past the end", []*cloud.Origin{at("a.tf", 100)}, ""},
	} {
		f := cloud.Finding{Rule: "r", Severity: cloud.High, Verdict: cloud.Fail, Origin: []cloud.Origin{{File: "a.tf", Line: 2, EndLine: 9}}}
		for _, o := range c.evidence {
			f.Evidence = append(f.Evidence, cloud.Evidence{Field: "x", Origin: o})
		}
		source := func(file string, from, to int) (out []string) {
			for n := from; n <= min(to, 50); n++ {
				out = append(out, fmt.Sprint("line ", n))
			}
			return out
		}
		got := framesIn(render(t, Table, &Report{Findings: []cloud.Finding{f}}, Options{Source: source}))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// framesIn lists the numbers of the lines of code in a table.
func framesIn(table string) string {
	var out []string
	for _, l := range strings.Split(table, "\n") {
		number, code, ok := strings.Cut(l, " | line ")
		switch {
		case ok && strings.HasSuffix(strings.TrimSpace(number), code):
			out = append(out, strings.ReplaceAll(strings.TrimSpace(number), " ", ""))
		case strings.TrimSpace(l) == "b.tf":
			out = append(out, "b.tf")
		}
	}
	return strings.Join(out, ",")
}

// TestInstancesShareAFrame: what a module makes many times is shown once, and of
// many resources the first few are.
func TestInstancesShareAFrame(t *testing.T) {
	r := &Report{}
	for i := range 6 {
		r.Findings = append(r.Findings, cloud.Finding{Rule: "r", Severity: cloud.High, Verdict: cloud.Fail,
			Resource: cloud.Subject{Ref: cloud.Ref(fmt.Sprint("b", i))}, Origin: []cloud.Origin{{File: "a.tf", Line: max(2, i), EndLine: 9}}})
	}
	source := func(_ string, from, _ int) []string { return []string{fmt.Sprint("line ", from)} }
	if got := framesIn(render(t, Table, r, Options{Source: source})); got != ">2" {
		t.Errorf("frames of %s", got)
	}
	r.Findings[1].Origin = []cloud.Origin{{File: "a.tf", Line: 30}}
	if got := framesIn(render(t, Table, r, Options{Source: source})); got != ">2,>30,>2" {
		t.Errorf("frames of %s", got)
	}
}
