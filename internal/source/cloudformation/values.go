package cloudformation

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// known reports whether nothing inside of a value is open.
func known(v code.Value) bool {
	switch v.Kind() {
	case code.Unknown:
		return false
	case code.List:
		items, more := v.Items()
		return more == nil && !slices.ContainsFunc(items, func(i code.Value) bool { return !known(i) })
	case code.Object:
		names, more := v.Fields()
		return more == nil && !slices.ContainsFunc(names, func(n string) bool { return !known(v.Field(n)) })
	}
	return v.Hole() == nil
}

// same reports whether two values are surely one and the same.
func same(a, b code.Value) bool {
	if a.Kind() != b.Kind() {
		x, okX := a.Known()
		y, okY := b.Known()
		return okX && okY && x == y
	}
	switch a.Kind() {
	case code.Absent:
		return true
	case code.String:
		return slices.EqualFunc(a.Parts(), b.Parts(), samePart)
	case code.List:
		x, moreX := a.Items()
		y, moreY := b.Items()
		return moreX == nil && moreY == nil && slices.EqualFunc(x, y, same)
	case code.Object:
		x, moreX := a.Fields()
		y, moreY := b.Fields()
		return moreX == nil && moreY == nil && slices.Equal(x, y) && !slices.ContainsFunc(x, func(n string) bool { return !same(a.Field(n), b.Field(n)) })
	case code.Unknown:
		return a.Hole() == b.Hole()
	}
	x, _ := a.Known()
	y, _ := b.Known()
	return x == y
}

func samePart(a, b code.Part) bool {
	if a.Hole == nil || b.Hole == nil {
		return a == b
	}
	return a.Hole == b.Hole || a.Hole.Of != "" && a.Hole.Of == b.Hole.Of && a.Hole.Attr == b.Hole.Attr
}

// either is a value that is one of two for a cause: what both agree on is
// known, the rest is open.
func either(a, b code.Value, why *code.Hole) code.Value {
	switch {
	case same(a, b):
		return a
	case a.Kind() == code.Object && b.Kind() == code.Object:
		return eitherObject(a, b, why)
	case a.Kind() == code.List && b.Kind() == code.List:
		return eitherList(a, b, why)
	}
	return code.Unsure(derive(why, a, b), a.Origin())
}

func eitherObject(a, b code.Value, why *code.Hole) code.Value {
	names, more := a.Fields()
	others, rest := b.Fields()
	fields := map[string]code.Value{}
	for _, n := range append(names, others...) {
		fields[n] = either(a.Field(n), b.Field(n), why)
	}
	if more == nil {
		more = rest
	}
	return code.ObjectOf(fields, more, a.Origin())
}

// eitherList keeps the members that are in both lists. Lists of one length are
// compared member by member.
func eitherList(a, b code.Value, why *code.Hole) code.Value {
	x, more := a.Items()
	y, rest := b.Items()
	if more == nil {
		more = rest
	}
	var members []code.Value
	if len(x) == len(y) {
		for i := range x {
			members = append(members, either(x[i], y[i], why))
		}
		return code.ListOf(members, more, a.Origin())
	}
	for _, item := range x {
		if len(y) <= 1000 && slices.ContainsFunc(y, func(other code.Value) bool { return same(item, other) }) {
			members = append(members, item)
		}
	}
	return code.ListOf(members, derive(why, a, b), a.Origin())
}

// derive makes the hole of a value that is worked out of others: it has their
// cause and mentions what they mention, and is no attribute itself. With no
// cause given it is that of the first open value.
func derive(why *code.Hole, from ...code.Value) *code.Hole {
	h := code.Hole{}
	for _, v := range from {
		if why == nil {
			why = firstHole(v, 0)
		}
		mentioned(&h, v, 0)
	}
	if why != nil {
		h.Reason, h.Why = why.Reason, why.Why
		mention(&h, why)
	}
	return &h
}

// firstHole finds an open place anywhere in a value.
func firstHole(v code.Value, depth int) *code.Hole {
	if h := v.Hole(); h != nil || depth > maxDepth {
		return h
	}
	if v.Kind() == code.Object {
		names, _ := v.Fields()
		for _, n := range names {
			if h := firstHole(v.Field(n), depth+1); h != nil {
				return h
			}
		}
	}
	if v.Kind() == code.List {
		items, _ := v.Items()
		for _, item := range items {
			if h := firstHole(item, depth+1); h != nil {
				return h
			}
		}
	}
	return nil
}

// maxMentions bounds what one hole lists.
const maxMentions = 64

func mention(h, of *code.Hole) {
	refs := of.Mentions
	if of.Of != "" {
		refs = append([]cloud.Ref{of.Of}, refs...)
	}
	for _, ref := range refs {
		if len(h.Mentions) < maxMentions && !slices.Contains(h.Mentions, ref) {
			h.Mentions = append(h.Mentions, ref)
		}
	}
}

func mentioned(h *code.Hole, v code.Value, depth int) {
	if depth > maxDepth || len(h.Mentions) >= maxMentions {
		return
	}
	for _, p := range v.Parts() {
		if p.Hole != nil {
			mention(h, p.Hole)
		}
	}
	switch v.Kind() {
	case code.Unknown:
		mention(h, v.Hole())
	case code.List:
		items, _ := v.Items()
		for _, item := range items {
			mentioned(h, item, depth+1)
		}
	case code.Object:
		names, _ := v.Fields()
		for _, n := range names {
			mentioned(h, v.Field(n), depth+1)
		}
	}
}

// merge is an object with the fields of both; the second has the last word.
func merge(a, b code.Value) code.Value {
	if a.Kind() != code.Object || b.Kind() != code.Object {
		return b.Or(a)
	}
	fields := map[string]code.Value{}
	more := (*code.Hole)(nil)
	for _, v := range []code.Value{a, b} {
		names, rest := v.Fields()
		for _, n := range names {
			fields[n] = v.Field(n)
		}
		if rest != nil {
			more = rest
		}
	}
	return code.ObjectOf(fields, more, b.Origin())
}

// A line is a text under construction: pieces of text and holes.
type line struct {
	parts   []code.Part
	pending []string // texts after the last part
	size    int
	bad     *code.Hole // set when what was added is no text
}

func (l *line) text(s string) {
	l.size += len(s)
	if s == "" || l.size > maxText {
		return
	}
	l.pending = append(l.pending, s)
}

func (l *line) hole(h *code.Hole) {
	l.flush()
	if l.size++; l.size <= maxText {
		l.parts = append(l.parts, code.Part{Hole: h})
	}
}

func (l *line) flush() {
	if len(l.pending) > 0 {
		l.parts = append(l.parts, code.Part{Text: strings.Join(l.pending, "")})
		l.pending = nil
	}
}

func (l *line) add(v code.Value) {
	if s, ok := v.Known(); ok {
		l.text(s)
		return
	}
	switch v.Kind() {
	case code.String:
		for _, p := range v.Parts() {
			if p.Hole == nil {
				l.text(p.Text)
			} else {
				l.hole(p.Hole)
			}
		}
	case code.Unknown:
		l.hole(v.Hole())
	case code.Absent:
	default:
		l.bad = derive(&code.Hole{Reason: cloud.Malformed, Why: "a list or an object is not a text"}, v)
	}
}

func (l *line) value(at *cloud.Origin) code.Value {
	l.flush()
	switch {
	case l.bad != nil:
		return code.Unsure(l.bad, at)
	case l.size > maxText:
		return code.Unsure(derive(&code.Hole{Reason: cloud.Malformed, Why: "a text of more than 1 MB"}, code.Pieces(l.parts, nil)), at)
	case len(l.parts) == 1 && l.parts[0].Hole != nil && l.parts[0].Hole.Of == "" && !l.parts[0].Hole.Stands:
		return code.Unsure(l.parts[0].Hole, at)
	}
	return dynamic(code.Pieces(l.parts, at))
}

// dynamic replaces references that CloudFormation resolves at deploy, such as
// {{resolve:secretsmanager:db:SecretString:password}}, by holes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func dynamic(v code.Value) code.Value {
	if !slices.ContainsFunc(v.Parts(), func(p code.Part) bool { return strings.Contains(p.Text, resolveOpen) }) {
		return v
	}
	var out []code.Part
	var open *line // what follows {{resolve:
	for _, p := range v.Parts() {
		for text := p.Text; text != ""; {
			mark, to := resolveOpen, &out
			if open != nil {
				mark, to = "}}", &open.parts
			}
			before, after, found := strings.Cut(text, mark)
			if before != "" {
				*to = append(*to, code.Part{Text: before})
			}
			text = after
			switch {
			case found && open == nil:
				open = &line{}
			case found:
				out = append(out, code.Part{Hole: resolved(open.parts)})
				open = nil
			}
		}
		if p.Hole != nil && open != nil {
			open.parts = append(open.parts, p)
		} else if p.Hole != nil {
			out = append(out, p)
		}
	}
	if open != nil {
		return v
	}
	return code.Pieces(out, v.Origin())
}

const resolveOpen = "{{resolve:"

func resolved(inside []code.Part) *code.Hole {
	v := code.Pieces(inside, nil)
	h := derive(&code.Hole{Reason: cloud.NotRead}, v)
	service, rest, _ := strings.Cut(v.Show(), ":")
	switch service {
	case "ssm":
		h.Why = "SSM parameter " + rest + " is read at deploy"
	case "secretsmanager", "ssm-secure":
		h.Why = "a secret resolved at deploy"
	default:
		h.Why = "a reference resolved at deploy"
	}
	return h
}
