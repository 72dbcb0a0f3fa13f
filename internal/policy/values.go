package policy

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"merlon.dev/internal/cloud"
)

// object is a struct of the model as a CEL value. It remembers what was read of
// it, so one goroutine at a time may use it.
type object struct {
	m    *model
	st   *structType
	ptr  reflect.Value
	gaps *cloud.Object // nil for an absent object: it has none
	read []ref.Val     // values of fields, by slot; nil until one is read, and while tracing
}

func (o *object) Type() ref.Type { return o.st.cel }

// Value returns the object itself, so that CEL's field selection keeps what the
// wrapper knows.
func (o *object) Value() any { return o }

func (o *object) ConvertToNative(t reflect.Type) (any, error) {
	if o.ptr.Type().AssignableTo(t) {
		return o.ptr.Interface(), nil
	}
	return nil, fmt.Errorf("a %s cannot become a %s", o.st.name, t)
}

func (o *object) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.TypeType:
		return o.st.cel
	case types.StringType:
		return types.String(o.describe())
	}
	return types.NewErr("a %s cannot become a %s", o.st.name, t.TypeName())
}

// Equal compares resources by identity, and other objects by their fields;
// those with a gap compare to unknown.
func (o *object) Equal(other ref.Val) ref.Val {
	p, ok := other.(*object)
	if !ok {
		return types.False
	}
	if o.ptr.Pointer() == p.ptr.Pointer() {
		return types.True
	}
	if r, ok := o.ptr.Interface().(cloud.Resource); ok {
		q, ok := p.ptr.Interface().(cloud.Resource)
		return types.Bool(ok && r.Meta().Ref == q.Meta().Ref && r.Meta().Ref != "")
	}
	for _, x := range []*object{o, p} {
		if f, gap := gapIn(x.ptr); gap != nil {
			return o.m.unknown(x.ptr.Interface(), f, gap)
		}
	}
	return types.Bool(reflect.DeepEqual(o.ptr.Interface(), p.ptr.Interface()))
}

// gapIn returns a gap of the object or of one nested in it.
func gapIn(ptr reflect.Value) (string, *cloud.Gap) {
	if ptr.IsNil() {
		return "", nil
	}
	gaps := ptr.Interface().(cloud.Gapped).Obj().Gaps
	for _, name := range names(gaps) {
		return name, gaps[name]
	}
	for i := range ptr.Elem().NumField() {
		f := ptr.Elem().Field(i)
		switch {
		case f.Kind() == reflect.Pointer && f.Type().Implements(gapped):
			if name, gap := gapIn(f); gap != nil {
				return name, gap
			}
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Pointer && f.Type().Elem().Implements(gapped):
			for k := range f.Len() {
				if name, gap := gapIn(f.Index(k)); gap != nil {
					return name, gap
				}
			}
		}
	}
	return "", nil
}

func (o *object) isSet(f *modelField) bool {
	if o.gaps != nil && o.gaps.Gap(f.name) != nil {
		return true
	}
	v := o.ptr.Elem().FieldByIndex(f.index)
	set := f.isSet(v)
	if o.m.tracer != nil {
		o.m.tracer.presence(o, f, set)
	}
	return set
}

// Get implements traits.Indexer.
func (o *object) Get(index ref.Val) ref.Val {
	name, _ := index.Value().(string)
	f := o.st.fields[name]
	if f == nil {
		return types.NewErr("no such field: %v", index.Value())
	}
	return o.m.field(o, f)
}

// IsSet implements traits.FieldTester.
func (o *object) IsSet(field ref.Val) ref.Val {
	name, _ := field.Value().(string)
	f := o.st.fields[name]
	if f == nil {
		return types.NewErr("no such field: %v", field.Value())
	}
	return types.Bool(o.isSet(f))
}

func (o *object) describe() string {
	if r, ok := o.ptr.Interface().(cloud.Resource); ok {
		return string(r.Meta().Ref)
	}
	return typeNameOf(o.st.typ)
}

// list is a slice field as a CEL list. When it was read in part, asking for its
// size, or for something that is not among its known members, is unknown, and
// iterating ends with an unknown.
type list struct {
	of    *object
	field *modelField
	v     reflect.Value // the slice
	gap   *cloud.Gap
	items []ref.Val // members seen before; nil while tracing
	arg   any       // the List that Funcs get, likewise
}

func (l *list) unknown() *types.Unknown {
	return l.of.m.unknown(l.of.ptr.Interface(), l.field.name, l.gap)
}

// at returns a member, wrapped once. While tracing each look at one is noted.
func (l *list) at(i int) ref.Val {
	if l.of.m.tracer != nil {
		return l.wrap(i)
	}
	if l.items == nil {
		l.items = make([]ref.Val, l.v.Len())
	}
	if l.items[i] == nil {
		l.items[i] = l.wrap(i)
	}
	return l.items[i]
}

func (l *list) wrap(i int) ref.Val {
	e := l.v.Index(i)
	switch {
	case e.Kind() == reflect.String:
		return types.String(e.String())
	case e.Kind() == reflect.Int:
		return types.Int(e.Int())
	case e.Kind() == reflect.Pointer:
		return l.of.m.objectOf(e)
	case e.Kind() == reflect.Struct:
		o := l.of.m.objectOf(linkTarget(e))
		if l.of.m.tracer != nil {
			l.of.m.tracer.follow(o)
		}
		return o
	}
	return l.of.m.NativeToValue(e.Interface())
}

// forFunc returns the List that a Func gets.
func (l *list) forFunc() any {
	if l.arg == nil || l.of.m.tracer != nil {
		l.arg = List{Items: l.native(), Gap: l.gap}
	}
	return l.arg
}

// native returns the known members: targets in place of links.
func (l *list) native() any {
	if l.v.Type().Elem().Kind() != reflect.Struct || l.v.Type().Elem() == timeType {
		return l.v.Interface()
	}
	target := reflect.PointerTo(reachedBy(l.v.Type()))
	out := reflect.MakeSlice(reflect.SliceOf(target), 0, l.v.Len())
	for i := range l.v.Len() {
		o := l.at(i).(*object)
		out = reflect.Append(out, o.ptr)
	}
	return out.Interface()
}

func (l *list) Type() ref.Type                            { return types.ListType }
func (l *list) Value() any                                { return l }
func (l *list) ConvertToNative(reflect.Type) (any, error) { return l.v.Interface(), nil }

func (l *list) ConvertToType(t ref.Type) ref.Val {
	if t == types.ListType {
		return l
	}
	return types.NewErr("a list cannot become a %s", t.TypeName())
}

func (l *list) Equal(other ref.Val) ref.Val {
	if l.gap != nil {
		return l.unknown()
	}
	o, ok := other.(traits.Lister)
	if !ok {
		return types.False
	}
	size := o.Size()
	if types.IsUnknown(size) {
		return size
	}
	if size != l.Size() {
		return types.False
	}
	var result ref.Val = types.True
	for i := range l.v.Len() {
		switch eq := l.at(i).Equal(o.Get(types.Int(i))); {
		case eq == types.False:
			return types.False
		case eq != types.True:
			result = eq
		}
	}
	return result
}

// Add implements traits.Adder.
func (l *list) Add(other ref.Val) ref.Val {
	if l.gap != nil {
		return l.unknown()
	}
	items := make([]ref.Val, l.v.Len())
	for i := range items {
		items[i] = l.at(i)
	}
	return types.NewRefValList(l.of.m, items).(traits.Adder).Add(other)
}

// Contains implements traits.Container.
func (l *list) Contains(v ref.Val) ref.Val {
	var result ref.Val = types.False
	for i := range l.v.Len() {
		switch eq := l.at(i).Equal(v); {
		case eq == types.True:
			return types.True
		case eq != types.False:
			result = eq
		}
	}
	if l.gap != nil {
		return l.unknown()
	}
	return result
}

// Get implements traits.Indexer.
func (l *list) Get(index ref.Val) ref.Val {
	i, ok := index.(types.Int)
	switch {
	case !ok:
		return types.NewErr("a list is indexed by int, not by %s", index.Type().TypeName())
	case l.gap != nil: // AWS gives no order: which members are missing is not known
		return l.unknown()
	case i < 0 || int(i) >= l.v.Len():
		return types.NewErr("index out of bounds: %d", i)
	}
	return l.at(int(i))
}

// Size implements traits.Sizer.
func (l *list) Size() ref.Val {
	if l.gap != nil {
		return l.unknown()
	}
	return types.Int(l.v.Len())
}

// Fold implements traits.Foldable.
func (l *list) Fold(f traits.Folder) {
	for i := range l.v.Len() {
		if !f.FoldEntry(types.Int(i), l.at(i)) {
			return
		}
	}
	if l.gap != nil {
		f.FoldEntry(types.Int(l.v.Len()), l.unknown())
	}
}

// Iterator implements traits.Iterable.
func (l *list) Iterator() traits.Iterator { return &listIterator{list: l} }

type listIterator struct {
	*list
	next int
}

func (it *listIterator) HasNext() ref.Val {
	n := it.v.Len()
	if it.gap != nil {
		n++
	}
	return types.Bool(it.next < n)
}

func (it *listIterator) Next() ref.Val {
	it.next++
	if it.next > it.v.Len() {
		return it.unknown()
	}
	return it.at(it.next - 1)
}

func newStringMap(m *model, v map[string]string, gap *cloud.Gap) ref.Val {
	whole := types.NewStringStringMap(m, v)
	if gap == nil {
		return whole
	}
	return &partialMap{Mapper: whole.(traits.Mapper), unknown: m.unknown(nil, "tags", gap)}
}

// partialMap is a map read in part: a key that is not among the known ones is
// unknown.
type partialMap struct {
	traits.Mapper
	unknown *types.Unknown
}

func (p *partialMap) Equal(ref.Val) ref.Val { return p.unknown }
func (p *partialMap) Size() ref.Val         { return p.unknown }
func (p *partialMap) Value() any            { return p }

func (p *partialMap) Contains(key ref.Val) ref.Val {
	if p.Mapper.Contains(key) == types.True {
		return types.True
	}
	return p.unknown
}

func (p *partialMap) Get(key ref.Val) ref.Val {
	v, _ := p.Find(key)
	return v
}

func (p *partialMap) Find(key ref.Val) (ref.Val, bool) {
	if v, ok := p.Mapper.Find(key); ok {
		return v, true
	}
	return p.unknown, true
}

func (p *partialMap) Fold(f traits.Folder) {
	it := p.Mapper.Iterator()
	for it.HasNext() == types.True {
		key := it.Next()
		if !f.FoldEntry(key, p.Mapper.Get(key)) {
			return
		}
	}
	f.FoldEntry(p.unknown, p.unknown)
}
