package report

import (
	"fmt"
	"strings"

	"merlon.dev/internal/cloud"
)

// A failure of code is shown with the lines that decided it, the offending ones
// marked:
//
//	  23 | block_public_acls   = true
//	> 24 | block_public_policy = false
//	  25 | ignore_public_acls  = true
//
// Instances of one module share a frame: it stands below the last of them.

// framed is how many resources of a rule get a frame, and frameLines how many
// lines one has.
const (
	framed     = 3
	frameLines = 5
)

// frame is a part of a file to be shown, with the lines that decided.
type frame struct {
	file     string
	from, to int
	marked   [frameLines]bool
}

// frameOf is the place in code that decided a failure: what the evidence was
// read from, or the first line of the resource when it lacks what was asked for.
// It is nil where there is no such place.
func frameOf(f *cloud.Finding) *frame {
	if f.Verdict != cloud.Fail || !inCode(f) {
		return nil
	}
	var at []cloud.Origin
	for _, e := range f.Evidence {
		if o := e.Origin; o != nil && o.File != "" && o.Line > 0 && (len(at) == 0 || o.File == at[0].File) {
			at = append(at, *o)
		}
	}
	if at == nil && f.Origin[0].Line > 0 {
		return &frame{file: f.Origin[0].File, from: f.Origin[0].Line, to: f.Origin[0].Line, marked: [frameLines]bool{true}}
	}
	return around(at)
}

// around is a frame around the first place and those close to it.
func around(at []cloud.Origin) *frame {
	if len(at) == 0 {
		return nil
	}
	p := &frame{file: at[0].File, from: at[0].Line, to: at[0].Line}
	for _, o := range at {
		if from, to := min(p.from, o.Line), max(p.to, o.Line); to-from < frameLines {
			p.from, p.to = from, to
		}
	}
	if p.to-p.from < frameLines-2 { // a line of context on either side
		p.from, p.to = max(p.from-1, 1), p.to+1
	}
	for _, o := range at {
		if i := o.Line - p.from; i >= 0 && i < frameLines {
			p.marked[i] = true
		}
	}
	return p
}

func (p *frame) same(other *frame) bool {
	return p != nil && other != nil && *p == *other
}

// frame writes the lines of a frame, without the indentation that all share.
// Its file is named where it is not the one that the finding names.
func (t *table) frame(p *frame, f *cloud.Finding, indent int) {
	if p == nil || t.opt.Source == nil {
		return
	}
	lines := t.opt.Source(p.file, p.from, p.to)
	first, lines := trimFrame(p, lines)
	if len(lines) == 0 {
		return
	}
	margin := pad("", indent)
	if p.file != f.Origin[0].File {
		t.line(margin + t.paint(t.style.dim, fitMiddle(brief(p.file), t.rest(indent))))
	}
	width := len(fmt.Sprint(first + len(lines) - 1))
	for i, text := range lines {
		n := first + i
		text = fit(text, t.rest(indent+width+5))
		if p.marked[n-p.from] {
			t.line(fmt.Sprintf("%s%s %*d | %s", margin, t.paint(t.style.of(f.Severity), ">"), width, n, t.paint(t.style.of(f.Severity), text)))
			continue
		}
		t.line(margin + t.paint(t.style.dim, fmt.Sprintf("  %*d | %s", width, n, text)))
	}
}

// trimFrame makes lines safe to show and cuts what says nothing: context that is
// empty, and the indentation that all have.
func trimFrame(p *frame, lines []string) (first int, out []string) {
	first = p.from
	lines = lines[:min(len(lines), frameLines)]
	for len(lines) > 0 && !p.marked[first-p.from] && strings.TrimSpace(lines[0]) == "" {
		first, lines = first+1, lines[1:]
	}
	for n := len(lines); n > 0 && !p.marked[first+n-1-p.from] && strings.TrimSpace(lines[n-1]) == ""; n = len(lines) {
		lines = lines[:n-1]
	}
	shared := -1
	for _, l := range lines {
		l = line(strings.ReplaceAll(l, "\t", "  "), shown)
		out = append(out, l)
		if indent := len(l) - len(strings.TrimLeft(l, " ")); strings.TrimSpace(l) != "" && (shared < 0 || indent < shared) {
			shared = indent
		}
	}
	for i, l := range out {
		out[i] = l[min(max(shared, 0), len(l)):]
	}
	return first, out
}
