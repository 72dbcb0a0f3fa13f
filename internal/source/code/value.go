// Package code is what infrastructure code says, whatever language it is
// written in: values with the place they were written at, holes where a value
// is not known before apply, and the way from both into the model.
//
// A source such as terraform or cloudformation reads its language into
// Resources and says by Mappings how each type becomes part of the model; Build
// makes the snapshot. What a mapping does not set is a gap, what is not known is
// a gap with its cause, and a reference is a link even where no id is known yet.
// This package reads no file and knows no language.
package code

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Kind is what a Value is.
type Kind uint8

// A value that is absent, null and AWS::NoValue are one and the same: the
// provider's default applies.
const (
	Absent Kind = iota
	String
	Number
	Bool
	List
	Object
	Unknown
)

// A Value is one value written in code. It is never changed once made.
type Value struct {
	kind   Kind
	text   string // of a number, or a string without holes
	flag   bool
	parts  []Part // of a string with holes
	list   []Value
	fields map[string]Value
	hole   *Hole // of an unknown; of a list or an object that may hold more
	at     *cloud.Origin
	doc    *Value // see WithDocument
}

// A Part is a piece of a string: a text, or a hole.
type Part struct {
	Text string
	Hole *Hole
}

// A Hole is a value that is not known before apply, or not known here.
type Hole struct {
	// Reason is cloud.Computed, or another class of gap.
	Reason cloud.Reason
	// Why in words that name the cause: "variable enc has no default",
	// "aws_kms_key.this.arn is computed at apply".
	Why string
	// Of and Attr say which attribute of which resource the value is, exactly;
	// empty when it is not one, or derived from one.
	Of   cloud.Ref
	Attr string
	// Stand is a text that serves in place of the value inside of ARNs, such as
	// the empty account of this code. It is empty for most.
	Stand  string
	Stands bool
	// Mentions are the resources that the value is derived from.
	Mentions []cloud.Ref
}

// Gap is the hole as the model holds it.
func (h *Hole) Gap() *cloud.Gap {
	reason := h.Reason
	if reason == "" {
		reason = cloud.Computed
	}
	return &cloud.Gap{Reason: reason, Message: h.Why}
}

// Text makes a string.
func Text(s string, at *cloud.Origin) Value { return Value{kind: String, text: s, at: at} }

// Pieces makes a string of texts and holes.
func Pieces(parts []Part, at *cloud.Origin) Value {
	for _, p := range parts {
		if p.Hole != nil {
			return Value{kind: String, parts: parts, at: at}
		}
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return Text(b.String(), at)
}

// Num makes a number out of its decimal text.
func Num(decimal string, at *cloud.Origin) Value { return Value{kind: Number, text: decimal, at: at} }

// Flag makes a boolean.
func Flag(b bool, at *cloud.Origin) Value { return Value{kind: Bool, flag: b, at: at} }

// ListOf makes a list; with more, it may hold further members.
func ListOf(members []Value, more *Hole, at *cloud.Origin) Value {
	return Value{kind: List, list: members, hole: more, at: at}
}

// ObjectOf makes an object; with more, it may hold further fields.
func ObjectOf(fields map[string]Value, more *Hole, at *cloud.Origin) Value {
	return Value{kind: Object, fields: fields, hole: more, at: at}
}

// Unsure makes an unknown value.
func Unsure(h *Hole, at *cloud.Origin) Value { return Value{kind: Unknown, hole: h, at: at} }

// Kind is what the value is.
func (v Value) Kind() Kind { return v.kind }

// Origin is where the value was written; nil when nobody wrote it.
func (v Value) Origin() *cloud.Origin { return v.at }

// AtOrigin is the value as written at another place.
func (v Value) AtOrigin(at *cloud.Origin) Value {
	v.at = at
	return v
}

// IsAbsent reports whether there is no value.
func (v Value) IsAbsent() bool { return v.kind == Absent }

// Hole returns why the value is not known in full: the hole of an unknown, the
// first of a string, or that of a list or object which may hold more.
func (v Value) Hole() *Hole {
	for _, p := range v.parts {
		if p.Hole != nil {
			return p.Hole
		}
	}
	return v.hole
}

// eachHole calls use for every hole in the value and below.
func (v Value) eachHole(use func(*Hole)) {
	for _, p := range v.parts {
		if p.Hole != nil {
			use(p.Hole)
		}
	}
	if v.hole != nil {
		use(v.hole)
	}
	for _, m := range v.list {
		m.eachHole(use)
	}
	for _, m := range v.fields {
		m.eachHole(use)
	}
}

// Parts are the pieces of a string; nil for everything else.
func (v Value) Parts() []Part {
	if v.kind == String && v.parts == nil {
		return []Part{{Text: v.text}}
	}
	return v.parts
}

// Known returns the text of a string, number or boolean without a hole.
func (v Value) Known() (string, bool) {
	switch {
	case v.kind == Bool:
		return strconv.FormatBool(v.flag), true
	case v.kind == Number, v.kind == String && v.parts == nil:
		return v.text, true
	}
	return "", false
}

// Show is the value as text for people: a hole shows what it stands for.
func (v Value) Show() string {
	if s, ok := v.Known(); ok {
		return s
	}
	var b strings.Builder
	for _, p := range v.parts {
		b.WriteString(p.Text)
		if p.Hole != nil {
			b.WriteString(p.Hole.name())
		}
	}
	if v.kind == Unknown {
		return v.hole.name()
	}
	return b.String()
}

func (h *Hole) name() string {
	switch {
	case h.Of != "":
		return "${" + string(h.Of) + "." + h.Attr + "}"
	case h.Stands && h.Stand != "":
		return h.Stand
	}
	return "${?}"
}

// Get follows a dotted path of field names, and of indexes into lists. A list
// of one stands for its member: nested blocks are written that way.
func (v Value) Get(path string) Value {
	for path != "" {
		var name string
		name, path, _ = strings.Cut(path, ".")
		v = v.get(name)
	}
	return v
}

func (v Value) get(name string) Value {
	switch v.kind {
	case Object:
		if f, ok := v.fields[name]; ok {
			return f
		}
		if v.hole != nil {
			return Unsure(v.hole, v.at)
		}
	case List:
		if i, err := strconv.Atoi(name); err == nil {
			if i < len(v.list) {
				return v.list[i]
			}
		} else if len(v.list) > 0 {
			return v.list[0].get(name)
		}
		if v.hole != nil {
			return Unsure(v.hole, v.at)
		}
	case Unknown:
		return v
	}
	return Value{}
}

// Items are the members of a list, and what more it may hold. A single value
// is a list of one; nothing is an empty list.
func (v Value) Items() ([]Value, *Hole) {
	switch v.kind {
	case Absent:
		return nil, nil
	case List:
		return v.list, v.hole
	case Unknown:
		return nil, v.hole
	}
	return []Value{v}, nil
}

// Fields are the members of an object in the order of their names, and what
// more it may hold.
func (v Value) Fields() ([]string, *Hole) {
	if v.kind == Unknown {
		return nil, v.hole
	}
	names := make([]string, 0, len(v.fields))
	for n := range v.fields {
		names = append(names, n)
	}
	slices.Sort(names)
	return names, v.hole
}

// Or is the value, or another one where it is absent.
func (v Value) Or(other Value) Value {
	if v.kind == Absent {
		return other
	}
	return v
}

// Is is a boolean: whether the value is one of these texts, in any letter
// case. What is absent is none of them.
func (v Value) Is(texts ...string) Value {
	if h := v.Hole(); h != nil {
		return Unsure(h, v.at)
	}
	s, ok := v.Known()
	return Flag(ok && slices.ContainsFunc(texts, func(t string) bool { return strings.EqualFold(s, t) }), v.at)
}

// HasPrefix is a boolean: whether a text begins like this. What is absent does not.
func (v Value) HasPrefix(prefix string) Value {
	if parts := v.Parts(); len(parts) > 0 && strings.HasPrefix(parts[0].Text, prefix) {
		return Flag(true, v.at)
	}
	if h := v.Hole(); h != nil {
		return Unsure(h, v.at)
	}
	return Flag(false, v.at)
}

// Present is a boolean: whether there is a value, and in a list a member.
func (v Value) Present() Value {
	switch {
	case v.kind == Unknown, v.kind == List && len(v.list) == 0 && v.hole != nil:
		return Unsure(v.hole, v.at)
	case v.kind == List:
		return Flag(len(v.list) > 0, v.at)
	}
	return Flag(v.kind != Absent, v.at)
}

// Not turns a boolean round; absent stays absent.
func (v Value) Not() Value {
	if b, ok := v.Bool(); ok {
		return Flag(!b, v.at)
	}
	return v
}

// Bool returns a known boolean, also one written as text.
func (v Value) Bool() (value, ok bool) {
	s, known := v.Known()
	switch strings.ToLower(s) {
	case "true", "1":
		return true, known
	case "false", "0":
		return false, known
	}
	return false, false
}

// Map changes a known text; everything else stays as it is.
func (v Value) Map(change func(string) string) Value {
	if s, ok := v.Known(); ok {
		return Text(change(s), v.at)
	}
	return v
}

// Choose is one text where a boolean is true and another where it is false;
// absent stays absent.
func (v Value) Choose(yes, no string) Value {
	switch b, ok := v.Bool(); {
	case !ok:
		return v
	case b:
		return Text(yes, v.at)
	}
	return Text(no, v.at)
}

// Has is a boolean: whether one of a list's members, or the value itself, is
// this text, in any letter case.
func (v Value) Has(text string) Value {
	items, more := v.Items()
	for _, item := range items {
		is := item.Is(text)
		if has, ok := is.Bool(); ok && has {
			return is
		} else if !ok {
			more = is.hole
		}
	}
	if more != nil {
		return Unsure(more, v.at)
	}
	return Flag(false, v.at)
}

// JSON is what a text in JSON says; an object stays as it is.
func (v Value) JSON() Value {
	if v.kind != String {
		return v
	}
	doc, err := ParseJSON(v)
	switch {
	case err == nil:
		return doc
	case v.Hole() != nil:
		return Unsure(v.Hole(), v.at)
	}
	return Unsure(&Hole{Reason: cloud.Malformed, Why: err.Error()}, v.at)
}

// Seconds reads an ISO 8601 duration such as PT8H as a number; everything else
// stays as it is.
func (v Value) Seconds() Value {
	text, _ := v.Known()
	if n := aws.ISOSeconds(text); n != nil {
		return Num(strconv.Itoa(*n), v.at)
	}
	return v
}

// Flat is an object or a list as one text, a line for every scalar in it behind
// its name: for what looks for secrets. A text stays as it is.
func (v Value) Flat() Value {
	if v.kind != Object && v.kind != List {
		return v
	}
	return Pieces(v.lines(nil, "", 0), v.at)
}

func (v Value) lines(to []Part, name string, depth int) []Part {
	if depth > maxDepth {
		return to
	}
	names, more := v.Fields()
	for _, n := range names {
		to = v.fields[n].lines(to, n, depth+1)
	}
	for _, item := range v.list {
		to = item.lines(to, name, depth+1)
	}
	if text, ok := v.Known(); ok {
		to = append(to, Part{Text: name + ": " + text + "\n"})
	} else if v.kind == String {
		to = append(append(append(to, Part{Text: name + ": "}), v.parts...), Part{Text: "\n"})
	} else if more != nil {
		to = append(to, Part{Text: name + ": "}, Part{Hole: more}, Part{Text: "\n"})
	}
	return to
}

// Each is the list of what the members of a list have at a path.
func (v Value) Each(path string) Value {
	items, more := v.Items()
	out := Value{kind: List, hole: more, at: v.at}
	for _, item := range items {
		out.list = append(out.list, item.Get(path))
	}
	return out
}

// Spread makes of each member with a list under a name one member for each of
// that list.
func (v Value) Spread(name string) Value {
	items, more := v.Items()
	out := Value{kind: List, hole: more, at: v.at}
	for _, item := range items {
		list := item.Get(name)
		if list.kind != List {
			out.list = append(out.list, item)
			continue
		}
		if list.hole != nil {
			out.hole = list.hole
		}
		for _, one := range list.list {
			fields := maps.Clone(item.fields)
			fields[name] = one
			out.list = append(out.list, ObjectOf(fields, item.hole, item.at))
		}
	}
	return out
}

// Every is the list of what a list's members have at the first of several paths
// that is there.
func (v Value) Every(paths ...string) Value {
	items, more := v.Items()
	var out []Value
	for _, item := range items {
		for _, p := range paths {
			if x := item.Get(p); !x.IsAbsent() {
				out = append(out, x)
				break
			}
		}
	}
	return ListOf(out, more, v.at)
}

// Concat is a list of the members of several.
func Concat(lists ...Value) Value {
	all := Value{kind: List}
	for _, l := range lists {
		items, more := l.Items()
		all.list = append(all.list, items...)
		if more != nil {
			all.hole = more
		}
		if all.at == nil {
			all.at = l.at
		}
	}
	return all
}

// Flatten is the list of the members of a list's lists.
func Flatten(v Value) Value {
	items, more := v.Items()
	flat := Concat(items...)
	if more != nil {
		flat.hole = more
	}
	return flat
}

// IsEmpty reports whether there is no value, or a list that holds nothing for sure.
func (v Value) IsEmpty() bool {
	return v.kind == Absent || v.kind == List && len(v.list) == 0 && v.hole == nil
}

// Pairs is an object made of a list whose members each hold a name and a value
// under these names: tags, variables.
func (v Value) Pairs(name, value string) Value {
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

// LowerNames is the value with the names of all fields beginning in lower case,
// as APIs write what CloudFormation begins in upper case.
func (v Value) LowerNames() Value {
	if v.kind == Object {
		fields := make(map[string]Value, len(v.fields))
		for n, x := range v.fields {
			fields[strings.ToLower(n[:min(1, len(n))])+n[min(1, len(n)):]] = x.LowerNames()
		}
		v.fields = fields
	}
	if v.kind == List {
		v.list = slices.Clone(v.list)
		for i, x := range v.list {
			v.list[i] = x.LowerNames()
		}
	}
	return v
}

// Split is the list of the pieces of a text.
func (v Value) Split(sep string) Value {
	s, ok := v.Known()
	if !ok {
		return v
	}
	return valueOf(strings.Split(s, sep)).AtOrigin(v.at)
}

// Times multiplies a whole number.
func (v Value) Times(n int) Value {
	s, _ := v.Known()
	if x, ok := wholeNumber(s); ok {
		return Num(strconv.Itoa(x*n), v.at)
	}
	return v
}

// Lowest is the lowest whole number that a list's members have under the first
// of the names; absent in an empty list.
func (v Value) Lowest(names ...string) Value {
	items, more := v.Items()
	var lowest Value
	low := 0
	for _, item := range items {
		for _, n := range names {
			x := item.Get(n)
			if h := x.Hole(); h != nil {
				more = h
			}
			s, _ := x.Known()
			if i, ok := wholeNumber(s); ok && (lowest.IsAbsent() || i < low) {
				lowest, low = x, i
			}
		}
	}
	if more != nil {
		return Unsure(more, v.at)
	}
	return lowest
}

// WithDocument is a text along with the value that it was written from, or
// that it can be read as: ParseJSON returns that, with its places.
func (v Value) WithDocument(doc Value) Value {
	v.doc = &doc
	return v
}

// Field is the field of an object with just this name, dots included.
func (v Value) Field(name string) Value { return v.get(name) }

// More is a list or an object that may hold more than it did.
func (v Value) More(h *Hole) Value {
	v.hole = h
	return v
}
