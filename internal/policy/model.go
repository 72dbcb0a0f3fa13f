package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"merlon.dev/internal/cloud"
)

// model teaches CEL the structs of the model. It is a types.Provider and a
// types.Adapter: the one place where a gap turns into an unknown.
type model struct {
	types.Provider
	types.Adapter
	structs map[string]*structType
	byType  map[reflect.Type]*structType
	tracer  *tracer // nil while judging
}

// structType is what is known of one struct of the model.
type structType struct {
	name   string
	cel    *cel.Type
	typ    reflect.Type // the struct, not the pointer
	fields map[string]*modelField
	nested []*modelField // those that hold structs, not links
	slots  int           // how many fields an object remembers
	zero   reflect.Value // pointer to an empty struct: what an absent object reads as
}

type modelField struct {
	name  string
	index []int
	cel   *cel.Type
	slot  int  // where an object remembers the value; -1 when it does not
	many  bool // a list or map: may be read in part
	get   func(m *model, v reflect.Value, gap *cloud.Gap) ref.Val
	isSet func(v reflect.Value) bool
}

var (
	timeType = reflect.TypeFor[time.Time]()
	anyLink  = reflect.TypeFor[cloud.AnyLink]()
	tagsType = reflect.TypeFor[map[string]string]()
	gapped   = reflect.TypeFor[cloud.Gapped]()
	resource = reflect.TypeFor[cloud.Resource]()
)

func newModel(roots []reflect.Type) (*model, error) {
	m := &model{structs: map[string]*structType{}, byType: map[reflect.Type]*structType{}}
	for _, t := range roots {
		if err := m.add(t.Elem()); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// add registers a struct and all that can be reached from it.
func (m *model) add(t reflect.Type) error {
	if m.byType[t] != nil {
		return nil
	}
	st := &structType{name: t.String(), cel: cel.ObjectType(t.String()), typ: t, fields: map[string]*modelField{}, zero: reflect.New(t)}
	m.structs[st.name], m.byType[t] = st, st
	for _, sf := range reflect.VisibleFields(t) {
		if sf.Anonymous || !sf.IsExported() || sf.Type == reflect.TypeFor[map[string]*cloud.Gap]() || sf.Type == reflect.TypeFor[map[string]*cloud.Origin]() || sf.Type == reflect.TypeFor[[]cloud.Origin]() {
			continue
		}
		name := cloud.FieldName(sf)
		if name == "" {
			continue
		}
		f := &modelField{name: name, index: sf.Index, cel: typeOf(sf.Type), slot: -1}
		if f.cel == nil {
			return fmt.Errorf("policy: %s.%s: rules cannot see a %s", t, sf.Name, sf.Type)
		}
		f.many = sf.Type.Kind() == reflect.Slice || sf.Type.Kind() == reflect.Map
		f.get, f.isSet = access(sf.Type)
		st.fields[name] = f
		next := reachedBy(sf.Type)
		// Many rules read the fields of a resource. Of what is nested in it,
		// only values that remember in turn are worth the room.
		if next != nil || f.many || reflect.PointerTo(t).Implements(resource) {
			f.slot, st.slots = st.slots, st.slots+1
		}
		if next != nil {
			if !reflect.PointerTo(next).Implements(resource) {
				st.nested = append(st.nested, f)
			}
			if err := m.add(next); err != nil {
				return err
			}
		}
	}
	return nil
}

// reachedBy returns the struct that a field of type t holds or leads to.
func reachedBy(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(anyLink) {
		return reflect.New(t).Interface().(cloud.AnyLink).TargetType()
	}
	if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
		return t.Elem()
	}
	return nil
}

// typeOf returns the CEL type for a Go type of the model; nil when there is none.
func typeOf(t reflect.Type) *cel.Type {
	switch {
	case t == timeType:
		return cel.TimestampType
	case t == tagsType:
		return cel.MapType(cel.StringType, cel.StringType)
	case reflect.PointerTo(t).Implements(anyLink), t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return cel.ObjectType(reachedBy(t).String())
	}
	switch t.Kind() {
	case reflect.Bool:
		return cel.BoolType
	case reflect.String:
		return cel.StringType
	case reflect.Int:
		return cel.IntType
	case reflect.Float64:
		return cel.DoubleType
	case reflect.Slice:
		if e := typeOf(t.Elem()); e != nil {
			return cel.ListType(e)
		}
	}
	return nil
}

// access returns how to read a field of type t, and whether it is set.
func access(t reflect.Type) (func(*model, reflect.Value, *cloud.Gap) ref.Val, func(reflect.Value) bool) {
	notZero := func(v reflect.Value) bool { return !v.IsZero() }
	notEmpty := func(v reflect.Value) bool { return v.Len() > 0 }
	switch {
	case t == timeType:
		return func(_ *model, v reflect.Value, _ *cloud.Gap) ref.Val {
			return types.Timestamp{Time: v.Interface().(time.Time)}
		}, notZero
	case t == tagsType:
		return func(m *model, v reflect.Value, gap *cloud.Gap) ref.Val {
			return newStringMap(m, v.Interface().(map[string]string), gap)
		}, notEmpty
	case reflect.PointerTo(t).Implements(anyLink):
		return func(m *model, v reflect.Value, _ *cloud.Gap) ref.Val {
			return m.objectOf(linkTarget(v))
		}, notZero
	case t.Kind() == reflect.Pointer:
		return func(m *model, v reflect.Value, _ *cloud.Gap) ref.Val { return m.objectOf(v) }, notZero
	case t.Kind() == reflect.Slice:
		return func(_ *model, v reflect.Value, gap *cloud.Gap) ref.Val { return &list{v: v, gap: gap} }, notEmpty
	case t.Kind() == reflect.Bool:
		return func(_ *model, v reflect.Value, _ *cloud.Gap) ref.Val { return types.Bool(v.Bool()) }, notZero
	case t.Kind() == reflect.Int:
		return func(_ *model, v reflect.Value, _ *cloud.Gap) ref.Val { return types.Int(v.Int()) }, notZero
	case t.Kind() == reflect.Float64:
		return func(_ *model, v reflect.Value, _ *cloud.Gap) ref.Val { return types.Double(v.Float()) }, notZero
	}
	return func(_ *model, v reflect.Value, _ *cloud.Gap) ref.Val { return types.String(v.String()) }, notZero
}

// linkTarget returns the target of a link as a pointer; the nil pointer of the
// target's type when the link leads nowhere.
func linkTarget(v reflect.Value) reflect.Value {
	l := v.Addr().Interface().(cloud.AnyLink)
	if t := l.TargetObject(); t != nil {
		return reflect.ValueOf(t)
	}
	return reflect.Zero(reflect.PointerTo(l.TargetType()))
}

// objectOf wraps a pointer to a model struct; a nil one reads as empty.
func (m *model) objectOf(v reflect.Value) ref.Val {
	st := m.byType[v.Type().Elem()]
	if st == nil {
		return types.NewErr("%s is not in the model", v.Type())
	}
	if v.IsNil() {
		return &object{m: m, st: st, ptr: st.zero}
	}
	return &object{m: m, st: st, ptr: v, gaps: v.Interface().(cloud.Gapped).Obj()}
}

// field reads one field of an object: its value, or the unknown its gap makes.
// A value is made once, but while tracing each read is noted.
func (m *model) field(o *object, f *modelField) ref.Val {
	if f.slot < 0 || m.tracer != nil {
		return m.look(o, f)
	}
	if o.read == nil {
		o.read = make([]ref.Val, o.st.slots)
	}
	if o.read[f.slot] == nil {
		o.read[f.slot] = m.look(o, f)
	}
	return o.read[f.slot]
}

func (m *model) look(o *object, f *modelField) ref.Val {
	var gap *cloud.Gap
	if o.gaps != nil {
		gap = o.gaps.Gap(f.name)
	}
	if gap != nil && !(gap.Partial && f.many) {
		return m.unknown(o.ptr.Interface(), f.name, gap)
	}
	out := f.get(m, o.ptr.Elem().FieldByIndex(f.index), gap)
	if l, ok := out.(*list); ok {
		l.of, l.field = o, f
	}
	if m.tracer != nil {
		m.tracer.read(o, f, out)
	}
	return out
}

// someGap stands for every gap while judging; explaining tells them apart.
var someGap = types.NewUnknown(1, types.NewAttributeTrail("gap"))

func (m *model) unknown(of any, field string, gap *cloud.Gap) *types.Unknown {
	if m.tracer == nil {
		return someGap
	}
	return m.tracer.gap(of, field, gap)
}

// provide is the EnvOption that installs the model. It must come last: it wraps
// what the options before it set.
func (m *model) provide(e *cel.Env) (*cel.Env, error) {
	m.Provider, m.Adapter = e.CELTypeProvider(), e.CELTypeAdapter()
	e, err := cel.CustomTypeProvider(m)(e)
	if err != nil {
		return nil, err
	}
	return cel.CustomTypeAdapter(m)(e)
}

// FindStructType implements types.Provider.
func (m *model) FindStructType(name string) (*types.Type, bool) {
	if st := m.structs[name]; st != nil {
		return types.NewTypeTypeWithParam(st.cel), true
	}
	return m.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (m *model) FindStructFieldNames(name string) ([]string, bool) {
	if st := m.structs[name]; st != nil {
		return names(st.fields), true
	}
	return m.Provider.FindStructFieldNames(name)
}

// FindStructFieldType implements types.Provider.
func (m *model) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	st := m.structs[name]
	if st == nil {
		return m.Provider.FindStructFieldType(name, field)
	}
	f := st.fields[field]
	if f == nil {
		return nil, false
	}
	return &types.FieldType{
		Type: f.cel,
		IsSet: func(obj any) bool {
			o := m.asObject(obj)
			return o == nil || o.isSet(f)
		},
		GetFrom: func(obj any) (any, error) {
			if o := m.asObject(obj); o != nil {
				return m.field(o, f), nil
			}
			if u, ok := obj.(*types.Unknown); ok {
				return u, nil
			}
			return nil, fmt.Errorf("no field %s in a %T", field, obj)
		},
	}, true
}

// asObject returns the object for what CEL hands around: an *object, or the
// native pointer inside it.
func (m *model) asObject(obj any) *object {
	if o, ok := obj.(*object); ok {
		return o
	}
	v := reflect.ValueOf(obj)
	if v.Kind() != reflect.Pointer || m.byType[v.Type().Elem()] == nil {
		return nil
	}
	return m.objectOf(v).(*object)
}

// NativeToValue implements types.Adapter.
func (m *model) NativeToValue(value any) ref.Val {
	switch v := value.(type) {
	case ref.Val:
		return v
	case string:
		return types.String(v)
	}
	if o := m.asObject(value); o != nil {
		return o
	}
	return m.Adapter.NativeToValue(value)
}

// expandHas replaces the has() macro: presence of a field that is a gap is
// unknown, not true.
func expandHas(f cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	if args[0].Kind() != ast.SelectKind {
		return nil, f.NewError(args[0].ID(), "has() takes a field, such as has(resource.policy)")
	}
	s := args[0].AsSelect()
	known := f.NewCall("@known", f.NewCall(operators.OptSelect, f.Copy(s.Operand()), f.NewLiteral(types.String(s.FieldName()))))
	return f.NewCall(operators.Conditional, known, f.NewPresenceTest(s.Operand(), s.FieldName()), f.NewLiteral(types.False)), nil
}

// knownFunc declares @known: true, or the unknown inside its argument.
func knownFunc() cel.EnvOption {
	return cel.Function("@known", cel.Overload("known_optional",
		[]*cel.Type{cel.OptionalType(cel.TypeParamType("T"))}, cel.BoolType,
		cel.UnaryBinding(func(v ref.Val) ref.Val {
			if o, ok := v.(*types.Optional); ok && o.HasValue() {
				if u, ok := o.GetValue().(*types.Unknown); ok {
					return u
				}
			}
			return types.True
		})))
}

// typeNameOf is the name of a struct without its package: for messages.
func typeNameOf(t reflect.Type) string {
	return t.String()[strings.LastIndexByte(t.String(), '.')+1:]
}

// Kinds returns the kinds that rules can be about, sorted.
func (e *Env) Kinds() []cloud.Kind {
	out := make([]cloud.Kind, 0, len(e.kinds))
	for k := range e.kinds {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Fields returns the fields of a kind and of everything nested in it, a line
// each: "public_access_block.block_public_acls  bool". A link shows the kind it
// leads to.
func (e *Env) Fields(kind string) ([]string, error) {
	t := e.kinds[cloud.Kind(kind)]
	if t == nil {
		return nil, fmt.Errorf("no resource kind %q; `merlon rule kinds` lists them", kind)
	}
	var out []string
	e.model.describe(e.model.byType[t.Elem()], "", &out, 0)
	return out, nil
}

func (m *model) describe(st *structType, prefix string, out *[]string, depth int) {
	for _, name := range names(st.fields) {
		f := st.fields[name]
		sf := st.typ.FieldByIndex(f.index)
		next := reachedBy(sf.Type)
		kind := f.cel.String()
		var nested *structType
		if next != nil {
			if r, ok := reflect.New(next).Interface().(cloud.Resource); ok {
				kind = "-> " + string(r.Kind())
			} else {
				nested = m.byType[next]
				kind = "object"
			}
			if sf.Type.Kind() == reflect.Slice {
				kind = "list of " + kind
			}
		}
		*out = append(*out, fmt.Sprintf("%-52s %s", prefix+name, kind))
		if nested != nil && depth < 4 {
			sep := "."
			if sf.Type.Kind() == reflect.Slice {
				sep = "[]."
			}
			m.describe(nested, prefix+name+sep, out, depth+1)
		}
	}
}
