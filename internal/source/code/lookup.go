package code

import (
	"fmt"
	"reflect"
	"slices"

	"merlon.dev/internal/cloud"
)

// Unsaid is a value that code leaves to AWS, with what AWS does in words.
func Unsaid(why string) Value { return Unsure(&Hole{Reason: cloud.NotInCode, Why: why}, nil) }

// Other is the body of another resource in code that a value refers to, by a
// reference or by the text of its attribute at the path name. It is for types
// that the model keeps only in those who use them, such as subnet groups. Where
// the value leads out of the code it is unknown.
func (f *Form) Other(v Value, name string, types ...string) Value {
	if v.IsAbsent() || v.Kind() == Unknown {
		return v
	}
	for _, p := range v.Parts() {
		if p.Hole != nil && p.Hole.Of != "" {
			if r := f.world.resource[p.Hole.Of]; r != nil && slices.Contains(types, r.Type) {
				return r.Body
			}
		}
	}
	if text, ok := v.Known(); ok {
		for _, r := range f.world.order {
			if s, known := r.Body.Get(name).Known(); slices.Contains(types, r.Type) && (known && s == text || r.ID == text) {
				return r.Body
			}
		}
	}
	if h := v.Hole(); h != nil {
		return Unsure(h, v.at)
	}
	return Unsure(&Hole{Reason: cloud.NotRead, Why: fmt.Sprintf("%s is not in this code", quoteShort(v))}, v.at)
}

// Incomplete says why code that was not read may add to the resource at hand;
// nil when all of it was read.
func (f *Form) Incomplete() *Hole {
	if gap := f.world.doubts[f.resource.Address]; gap != nil {
		return &Hole{Reason: gap.Reason, Why: gap.Message}
	}
	return nil
}

// Named is a list of blocks as an object: the value at one path of each under
// the text at another.
func (v Value) Named(name, value string) Value {
	items, more := v.Items()
	fields := map[string]Value{}
	for _, item := range items {
		if n, ok := item.Get(name).Known(); ok {
			fields[n] = item.Get(value)
		} else if h := item.Get(name).Hole(); h != nil {
			more = h
		}
	}
	return ObjectOf(fields, more, v.at)
}

// Take decides a field to be as a field of another resource is: its value, its
// origin and its gap.
func (f *Form) Take(field any, from cloud.Resource, its any) {
	name := f.decide(field)
	source := f.world.forms[from.Meta().Ref]
	of := source.fieldNamed(its)
	gap := source.into.Obj().Gap(of)
	if gap == nil && !source.set[of] {
		gap = notInCode
	}
	f.into.Obj().SetGap(gap, name)
	if at := source.into.Obj().Origins[of]; at != nil {
		f.into.Obj().SetOrigin(name, at)
	}
	reflect.ValueOf(field).Elem().Set(reflect.ValueOf(its).Elem())
}

// All are the bodies of the resources in code of one type.
func (f *Form) All(typ string) []Value {
	var out []Value
	for _, r := range f.world.order {
		if r.Type == typ {
			out = append(out, r.Body)
		}
	}
	return out
}

// Attr is the attribute of another resource that the value is; empty when it is
// anything else.
func (v Value) Attr() string {
	for _, p := range v.Parts() {
		if p.Hole != nil && p.Hole.Of != "" {
			return p.Hole.Attr
		}
	}
	return ""
}

// SameAs reports whether two values are the same text, or refer to the same resource.
func (v Value) SameAs(other Value) bool {
	if a, ok := v.Known(); ok {
		b, known := other.Known()
		return known && a == b
	}
	return v.of() != "" && v.of() == other.of()
}

func (v Value) of() cloud.Ref {
	if len(v.parts) == 1 && v.parts[0].Hole != nil {
		return v.parts[0].Hole.Of
	}
	return ""
}

// If is the value where a boolean is true, and nothing where it is not.
func (v Value) If(on Value) Value {
	if b, ok := on.Bool(); ok && b {
		return v
	}
	if h := on.Hole(); h != nil && !v.IsAbsent() {
		return Unsure(h, v.at)
	}
	return Value{}
}

// Test is a boolean: whether a known text passes; absent stays absent.
func (v Value) Test(pass func(string) bool) Value {
	if s, ok := v.Known(); ok {
		return Flag(pass(s), v.at)
	}
	return v
}
