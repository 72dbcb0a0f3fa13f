package code

import (
	"cmp"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// A Form fills one object of the model from one value in code. Each field it
// sets gets its value, its origin, or, where the value is not known, its gap.
// What no mapping sets becomes a gap at the end: code does not say it.
type Form struct {
	world    *World
	resource *Resource
	body     Value
	into     cloud.Gapped
	set      map[string]bool // fields that were decided, of the object
	// touched collects the fields that this form decides itself, where several
	// forms fill one object.
	touched map[string]bool
	// undecided is the gap of the fields that nothing decides; nil is notInCode.
	undecided *cloud.Gap
}

// Get is the value at a path of the code: a dotted list of attribute and block names.
func (f *Form) Get(path string) Value { return f.body.Get(path) }

// First is the first value that is there of several paths: for attributes that
// have had two names.
func (f *Form) First(paths ...string) Value {
	for _, p := range paths {
		if v := f.body.Get(p); !v.IsAbsent() {
			return v
		}
	}
	return Value{}
}

// Resource is the resource in code that the form reads.
func (f *Form) Resource() *Resource { return f.resource }

// Set fills a field, given by its pointer, from a path of the code. Where the
// code says nothing the field has the provider's default: the one given, or the
// zero value.
//
// Fields are string, bool, int, float64, time.Time, []string,
// map[string]string, *aws.Policy, Link and []Link.
func (f *Form) Set(field any, path string, byDefault ...any) {
	f.Put(field, f.body.Get(path), byDefault...)
}

// Put is Set from a value.
func (f *Form) Put(field any, v Value, byDefault ...any) {
	name := f.decide(field)
	if v.at != nil {
		f.into.Obj().SetOrigin(name, v.at)
	}
	if v.IsAbsent() && len(byDefault) > 0 {
		v = valueOf(byDefault[0])
	}
	if gap := f.assign(field, v); gap != nil {
		f.into.Obj().SetGap(gap, name)
	} else if k := reflect.TypeOf(field).Elem().Kind(); k != reflect.Slice && k != reflect.Map {
		delete(f.into.Obj().Gaps, name) // a resource that says it outweighs one that may
	}
}

// Given sets a field where the code has a value and leaves it undecided, for
// AWS to choose, where it has none.
func (f *Form) Given(field any, paths ...string) {
	if v := f.First(paths...); !v.IsAbsent() {
		f.Put(field, v)
	}
}

// Stand is a text in which every reference to a resource of this code is
// replaced by what can stand for it: for ARNs and names that are only looked at.
func (f *Form) Stand(v Value) Value {
	if v.kind == String {
		if s, ok := f.world.stand(v); ok {
			return Text(s, v.at)
		}
	}
	return v
}

// StandEvery is Stand for each member of a list.
func (f *Form) StandEvery(v Value) Value {
	items, more := v.Items()
	out := make([]Value, len(items))
	for i, item := range items {
		out[i] = f.Stand(item)
	}
	return ListOf(out, more, v.at)
}

// Of is the body of the resource in code that a value refers to. Where it leads
// out of the code everything in it is unknown.
func (f *Form) Of(v Value, kind cloud.Kind) Value {
	if v.IsAbsent() {
		return v
	}
	ref, gap := f.world.refOf(v, kind, f.resource)
	if r := f.world.resource[ref]; r != nil && r.Maybe == nil {
		return r.Body
	}
	if gap == nil {
		gap = &cloud.Gap{Reason: cloud.NotInCode, Message: string(ref) + " is not in this code"}
	}
	return Unsure(&Hole{Reason: gap.Reason, Why: gap.Message}, v.at)
}

// Is decides a field by what is true of every such resource once applied: the
// state "available", or a zero value that needs no words in code.
func (f *Form) Is(field, value any) {
	f.decide(field)
	reflect.ValueOf(field).Elem().Set(reflect.ValueOf(value))
}

// Default decides fields to be as they are: nothing in code sets them, and
// unless something else does they have this value.
func (f *Form) Default(fields ...any) {
	for _, p := range fields {
		f.decide(p)
	}
}

// Gap decides a field to be unknown for a reason.
func (f *Form) Gap(field any, reason cloud.Reason, why string) {
	f.into.Obj().SetGap(&cloud.Gap{Reason: reason, Message: why}, f.decide(field))
}

// Self is a reference to the resource that the form reads.
func (f *Form) Self() Value { return RefTo(f.resource.Address) }

// RefTo is a reference to a resource in code.
func RefTo(address cloud.Ref) Value {
	return Pieces([]Part{{Hole: &Hole{Of: address, Attr: "arn", Why: string(address) + " is made at apply", Mentions: []cloud.Ref{address}}}}, nil)
}

// KindOf is the kind of the resource in code that a value refers to; empty when
// it refers to none.
func (f *Form) KindOf(v Value) cloud.Kind {
	ref, _ := f.world.refOf(v, "", f.resource)
	if r := f.world.model[ref]; r != nil {
		return r.Kind()
	}
	return ""
}

// One fills a nested object from a block. The field stays unset where the code
// has no such block.
func One[T any](f *Form, field **T, path string, fill func(*Form, *T)) {
	OneOf(f, field, f.body.Get(path), fill)
}

// OneOf is One from a value.
func OneOf[T any](f *Form, field **T, v Value, fill func(*Form, *T)) {
	name := f.decide(field)
	items, more := v.Items()
	switch {
	case len(items) > 0:
		f.into.Obj().SetOrigin(name, items[0].at)
		*field = nest(f, items[0], fill)
	case more != nil:
		f.into.Obj().SetGap(more.Gap(), name)
	}
}

// Make fills a nested object that is always there, whether the code has the
// block or not.
func Make[T any](f *Form, field **T, v Value, fill func(*Form, *T)) {
	if v.IsAbsent() {
		v = ObjectOf(nil, nil, nil)
	}
	OneOf(f, field, v, fill)
}

// Each fills a list of nested objects from the blocks of one name, or from the
// members of a list.
func Each[T any](f *Form, field *[]*T, path string, fill func(*Form, *T)) {
	EachOf(f, field, f.body.Get(path), fill)
}

// EachOf is Each from a value. It adds to what the list holds already.
func EachOf[T any](f *Form, field *[]*T, v Value, fill func(*Form, *T)) {
	name := f.decide(field)
	if v.at != nil {
		f.into.Obj().SetOrigin(name, v.at)
	}
	items, more := v.Items()
	for _, item := range items {
		if item.Kind() == Unknown {
			more = item.hole
			continue
		}
		*field = append(*field, nest(f, item, fill))
	}
	if more != nil {
		f.into.Obj().SetGap(more.Gap().AsPartial(), name)
	}
}

// Add adds one nested object to a list, filled from the whole body: for
// resources in code that are a member of another one's list.
func Add[T any](f *Form, field *[]*T, fill func(*Form, *T)) {
	f.decide(field)
	*field = append(*field, nest(f, f.body, fill))
}

func nest[T any](f *Form, v Value, fill func(*Form, *T)) *T {
	t := new(T)
	inner := &Form{world: f.world, resource: f.resource, body: v, into: any(t).(cloud.Gapped), set: map[string]bool{}}
	inner.touched = inner.set
	fill(inner, t)
	inner.finish()
	if v.at != nil {
		t := inner.into.Obj()
		t.SetOrigin("", v.at)
	}
	return t
}

// decide notes that a field is decided, and returns its name.
func (f *Form) decide(field any) string {
	name := f.fieldNamed(field)
	f.set[name], f.touched[name] = true, true
	return name
}

// finish makes a gap of every field that nothing decided.
func (f *Form) finish() {
	for _, field := range f.world.fieldsOf(reflect.TypeOf(f.into).Elem()) {
		if !f.set[field.name] && f.into.Obj().Gap(field.name) == nil {
			f.into.Obj().SetGap(cmp.Or(f.undecided, notInCode), field.name)
		}
	}
}

// notInCode is the gap of every field that code leaves to AWS.
var notInCode = &cloud.Gap{Reason: cloud.NotInCode, Message: "code does not say it; a live scan reads it"}

type modelField struct {
	name   string
	offset uintptr
}

// fieldsOf are the fields of a model struct that code could set, found by
// reflection once per type.
func (w *World) fieldsOf(t reflect.Type) []modelField {
	if known := w.fields[t]; known != nil {
		return known
	}
	out := []modelField{}
	for i := range t.NumField() {
		sf := t.Field(i)
		name := cloud.FieldName(sf)
		if _, computed := sf.Tag.Lookup("backlink"); sf.Anonymous || computed || name == "" || !sf.IsExported() {
			continue
		}
		out = append(out, modelField{name, sf.Offset})
	}
	w.fields[t] = out
	return out
}

// fieldNamed returns the name of the field that the pointer leads to.
func (f *Form) fieldNamed(field any) string {
	o := reflect.ValueOf(f.into)
	offset := reflect.ValueOf(field).Pointer() - o.Pointer()
	for _, known := range f.world.fieldsOf(o.Type().Elem()) {
		if known.offset == offset {
			return known.name
		}
	}
	if r, ok := f.into.(cloud.Resource); ok {
		base := map[any]string{&r.Meta().Name: "name", &r.Meta().Region: "region", &r.Meta().Account: "account", &r.Meta().Tags: "tags"}
		if name := base[field]; name != "" {
			return name
		}
	}
	panic(fmt.Sprintf("code: %T has no such field as a %T", f.into, field))
}

// valueOf is a default as a value.
func valueOf(x any) Value {
	switch x := x.(type) {
	case string:
		return Text(x, nil)
	case bool:
		return Flag(x, nil)
	case int:
		return Num(strconv.Itoa(x), nil)
	case []string:
		var members []Value
		for _, s := range x {
			members = append(members, Text(s, nil))
		}
		return ListOf(members, nil, nil)
	case Value:
		return x
	}
	panic(fmt.Sprintf("code: a default cannot be a %T", x))
}

// assign puts a value into a field, or says why it cannot.
func (f *Form) assign(field any, v Value) *cloud.Gap {
	switch p := field.(type) {
	case *[]string:
		return assignWords(p, v)
	case *[]int:
		var texts []string
		gap := assignWords(&texts, v)
		for _, t := range texts {
			if n, ok := wholeNumber(t); ok {
				*p = append(*p, n)
			}
		}
		return gap
	case *map[string]string:
		return assignMap(p, v)
	case **aws.Policy:
		return f.assignPolicy(p, v)
	}
	if l, ok := field.(cloud.AnyLink); ok {
		to, gap := f.world.refOf(v, kindOfLink(l), f.resource)
		setLink(l, to)
		return gap
	}
	if e := reflect.ValueOf(field).Elem(); e.Kind() == reflect.Slice && reflect.PointerTo(e.Type().Elem()).Implements(reflect.TypeFor[cloud.AnyLink]()) {
		return f.assignLinks(e, v)
	}
	if v.IsAbsent() {
		return nil
	}
	if h := v.Hole(); h != nil {
		return h.Gap()
	}
	text, ok := v.Known()
	if ok {
		ok = assignText(field, text, v)
	}
	if !ok {
		return &cloud.Gap{Reason: cloud.Malformed, Message: fmt.Sprintf("%s is not what belongs here", quoteShort(v))}
	}
	return nil
}

func assignText(field any, text string, v Value) bool {
	switch p := field.(type) {
	case *string:
		*p = text
	case *bool:
		b, ok := v.Bool()
		*p = b
		return ok
	case *int:
		n, ok := wholeNumber(text)
		*p = n
		return ok
	case *float64:
		x, err := strconv.ParseFloat(text, 64)
		*p = x
		return err == nil
	case *time.Time:
		t, err := time.Parse(time.RFC3339, text)
		*p = t
		return err == nil
	default:
		if e := reflect.ValueOf(field).Elem(); e.Kind() == reflect.String { // a named string: cloud.Region
			e.SetString(text)
			return true
		}
		panic(fmt.Sprintf("code: no way into a %T", field))
	}
	return true
}

func wholeNumber(text string) (int, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, true
	}
	x, _, err := big.ParseFloat(text, 10, 64, big.ToNearestEven)
	if err != nil || !x.IsInt() {
		return 0, false
	}
	n, exact := x.Int64()
	return int(n), exact == big.Exact
}

func quoteShort(v Value) string {
	s := v.Show()
	if len(s) > 40 {
		s = s[:40] + "..."
	}
	if s == "" {
		return "the value"
	}
	return strconv.Quote(s)
}

func assignWords(p *[]string, v Value) *cloud.Gap {
	items, more := v.Items()
	for _, item := range items {
		if s, ok := item.Known(); ok {
			*p = append(*p, s)
		} else if h := item.Hole(); h != nil {
			more = h
		}
	}
	switch {
	case more != nil && v.Kind() == Unknown:
		return more.Gap()
	case more != nil:
		return more.Gap().AsPartial()
	}
	return nil
}

func assignMap(p *map[string]string, v Value) *cloud.Gap {
	names, more := v.Fields()
	for _, n := range names {
		s, ok := v.fields[n].Known()
		if h := v.fields[n].Hole(); !ok && h != nil {
			more = h
			continue
		}
		if *p == nil {
			*p = map[string]string{}
		}
		(*p)[n] = s
	}
	if more == nil {
		return nil
	}
	if v.Kind() == Unknown {
		return more.Gap()
	}
	return more.Gap().AsPartial()
}

func (f *Form) assignLinks(list reflect.Value, v Value) *cloud.Gap {
	items, more := v.Items()
	var gap *cloud.Gap
	if more != nil {
		gap = f.world.unclear(more, kindOfLink(reflect.New(list.Type().Elem()).Interface().(cloud.AnyLink))).AsPartial()
	}
	for _, item := range items {
		link := reflect.New(list.Type().Elem())
		l := link.Interface().(cloud.AnyLink)
		to, g := f.world.refOf(item, kindOfLink(l), f.resource)
		if g != nil {
			gap = g.AsPartial()
		}
		if to == "" || slices.ContainsFunc(refsIn(list), func(r cloud.Ref) bool { return r == to }) {
			continue
		}
		setLink(l, to)
		list.Set(reflect.Append(list, link.Elem()))
	}
	return gap
}

func refsIn(list reflect.Value) []cloud.Ref {
	refs := make([]cloud.Ref, list.Len())
	for i := range refs {
		refs[i] = list.Index(i).Addr().Interface().(cloud.AnyLink).Dest()
	}
	return refs
}

func kindOfLink(l cloud.AnyLink) cloud.Kind {
	return reflect.New(l.TargetType()).Interface().(cloud.Resource).Kind()
}

func setLink(l cloud.AnyLink, to cloud.Ref) {
	reflect.ValueOf(l).Elem().FieldByName("To").SetString(string(to))
}

// Mark decides a field that the mapping has worked out by itself, from this value.
func (f *Form) Mark(field any, from Value) {
	name := f.decide(field)
	if from.at != nil {
		f.into.Obj().SetOrigin(name, from.at)
	}
}
