package terraform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// Tokens stand for holes inside of texts: a number in private characters, so
// that nothing which looks for letters or digits can break it.
const (
	tokenOpen  = '\uE100'
	tokenClose = '\uE101'
	tokenDigit = '\uE110' // to \uE119
)

// token is a text that is nothing but a hole.
func (r *run) token(h *code.Hole) cty.Value { return cty.StringVal(r.seal(h)) }

func (r *run) seal(h *code.Hole) string {
	n, known := r.sealed[h]
	if !known {
		n = len(r.holes)
		r.holes = append(r.holes, h)
		r.sealed[h] = n
	}
	digits := []rune(fmt.Sprint(n))
	for i, d := range digits {
		digits[i] = tokenDigit + d - '0'
	}
	return string(tokenOpen) + string(digits) + string(tokenClose)
}

// hasToken reports whether a text holds a hole.
func hasToken(s string) bool { return strings.ContainsRune(s, tokenOpen) }

// pieces takes a text apart at its tokens.
func (r *run) pieces(s string) []code.Part {
	var parts []code.Part
	for s != "" {
		i := strings.IndexRune(s, tokenOpen)
		if i < 0 {
			return append(parts, code.Part{Text: s})
		}
		if i > 0 {
			parts = append(parts, code.Part{Text: s[:i]})
		}
		digits, rest, found := strings.Cut(s[i+len(string(tokenOpen)):], string(tokenClose))
		n := 0
		for _, d := range digits {
			if d < tokenDigit || d > tokenDigit+9 {
				found = false
				break
			}
			n = n*10 + int(d-tokenDigit)
		}
		if !found || n >= len(r.holes) {
			return append(parts, code.Part{Hole: brokenText})
		}
		parts = append(parts, code.Part{Hole: r.holes[n]})
		s = rest
	}
	return parts
}

var brokenText = &code.Hole{Why: "a text that was cut apart where it is not known"}

// unsure is an unknown value of any type, with its cause.
func (r *run) unsure(h *code.Hole) cty.Value { return cty.DynamicVal.Mark(h) }

// holeOf is why a value is not known.
func (r *run) holeOf(v cty.Value) *code.Hole { return r.merged(v) }

// merged is one hole for all that keep the values from being known.
func (r *run) merged(vals ...cty.Value) *code.Hole {
	var all []*code.Hole
	add := func(h *code.Hole) {
		if !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	for _, v := range vals {
		holes := []*code.Hole{}
		_, marks := v.UnmarkDeep()
		for m := range marks {
			if h, ok := m.(*code.Hole); ok {
				holes = append(holes, h)
			}
		}
		cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
			if v, _ := v.Unmark(); v.Type() == cty.String && v.IsKnown() && !v.IsNull() && hasToken(v.AsString()) {
				for _, p := range r.pieces(v.AsString()) {
					if p.Hole != nil {
						holes = append(holes, p.Hole)
					}
				}
			}
			return true, nil
		})
		slices.SortStableFunc(holes, func(a, b *code.Hole) int { return strings.Compare(a.Why, b.Why) })
		for _, h := range holes {
			add(h)
		}
	}
	switch len(all) {
	case 0:
		return &code.Hole{Why: "not known before apply"}
	case 1:
		h := *all[0] // derived from it, and not the same
		h.Of, h.Attr, h.Stands, h.Stand = "", "", false, ""
		return r.interned(&h)
	}
	sum := &code.Hole{Reason: all[0].Reason, Why: all[0].Why}
	for _, h := range all {
		for _, m := range h.Mentions {
			if !slices.Contains(sum.Mentions, m) {
				sum.Mentions = append(sum.Mentions, m)
			}
		}
	}
	return r.interned(sum)
}

// interned is the one hole of all that say the same.
func (r *run) interned(h *code.Hole) *code.Hole {
	key := string(h.Reason) + "\x00" + h.Why + "\x00" + string(h.Of) + "\x00" + h.Attr + "\x00" + h.Stand + "\x00" + fmt.Sprint(h.Stands)
	for _, m := range h.Mentions {
		key += "\x00" + string(m)
	}
	if old := r.known[key]; old != nil {
		return old
	}
	r.known[key] = h
	return h
}

// inText is a value as a piece of a text, with a token where it is not known.
func (r *run) inText(v cty.Value) (string, error) {
	u, _ := v.Unmark()
	if !u.IsKnown() {
		return r.seal(r.exactHole(v)), nil
	}
	if u.IsNull() {
		return "", errors.New("null inside of a text")
	}
	s, err := convert.Convert(u, cty.String)
	if err != nil {
		if !u.IsWhollyKnown() {
			return r.seal(r.holeOf(v)), nil
		}
		return "", fmt.Errorf("a %s inside of a text", u.Type().FriendlyName())
	}
	return s.AsString(), nil
}

// exactHole is the hole of a value that has one alone: the value may be that
// very attribute.
func (r *run) exactHole(v cty.Value) *code.Hole {
	_, marks := v.Unmark()
	if len(marks) == 1 {
		for m := range marks {
			if h, ok := m.(*code.Hole); ok {
				return h
			}
		}
	}
	return r.holeOf(v)
}

// unsealed turns every text with a token, at any depth, into an unknown text.
func (r *run) unsealed(v cty.Value) cty.Value {
	if len(r.holes) == 0 || v == cty.NilVal {
		return v
	}
	if u, _ := v.Unmark(); u.Type() == cty.String || u.Type() == cty.Bool || u.Type() == cty.Number {
		return r.unsealed1(v)
	}
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) { return r.unsealed1(v), nil })
	if err != nil {
		return r.unsure(r.holeOf(v))
	}
	return out
}

func (r *run) unsealed1(v cty.Value) cty.Value {
	u, _ := v.Unmark()
	if u.Type() != cty.String || !u.IsKnown() || u.IsNull() || !hasToken(u.AsString()) {
		return v
	}
	return cty.UnknownVal(cty.String).Mark(r.holeOf(v))
}

// toCode is a value as the model's mappings read it.
func (r *run) toCode(v cty.Value, at *cloud.Origin, depth int) code.Value {
	u, _ := v.Unmark()
	ty := u.Type()
	switch {
	case !u.IsKnown():
		return code.Unsure(r.exactHole(v), at)
	case u.IsNull(), depth > maxNesting:
		return code.Value{}
	case ty == cty.String:
		return r.textToCode(u.AsString(), at)
	case ty == cty.Number:
		return code.Num(u.AsBigFloat().Text('f', -1), at)
	case ty == cty.Bool:
		return code.Flag(u.True(), at)
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		members := make([]code.Value, 0, u.LengthInt())
		for it := u.ElementIterator(); it.Next(); {
			_, m := it.Element()
			if c := r.toCode(m, at, depth+1); !c.IsAbsent() {
				members = append(members, c)
			}
		}
		return code.ListOf(members, nil, at)
	case ty.IsMapType(), ty.IsObjectType():
		fields := make(map[string]code.Value, u.LengthInt())
		for it := u.ElementIterator(); it.Next(); {
			k, m := it.Element()
			if name := k.AsString(); name != selfAttr {
				fields[name] = r.toCode(m, at, depth+1)
			}
		}
		return code.ObjectOf(fields, nil, at)
	}
	return code.Unsure(&code.Hole{Why: "a " + ty.FriendlyName() + " has no value in code"}, at)
}

func (r *run) textToCode(s string, at *cloud.Origin) code.Value {
	v := code.Text(s, at)
	if hasToken(s) {
		v = code.Pieces(r.pieces(s), at)
	}
	if doc, ok := r.documents[s]; ok {
		return v.WithDocument(doc)
	}
	return v
}

func place(r hcl.Range) string { return fmt.Sprintf("%s:%d", r.Filename, r.Start.Line) }
