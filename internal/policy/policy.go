// Package policy compiles rules and judges snapshots with them. A rule is a
// claim about one kind of resource, written as a typed CEL expression over the
// model; its verdict is pass, fail, or unknown when something that decides could
// not be read.
//
// Gaps are exact: a field that is a gap evaluates to CEL's unknown, on that
// object and that field alone, inside comprehensions and through links, and a
// list read in part yields its known members and then an unknown. So a known
// violation stays a fail next to an unreadable neighbour, and no gap ever
// becomes a pass or a fail.
//
// The package reads no file and no clock: rules come in as bytes, the present is
// the snapshot's.
package policy

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"

	"merlon.dev/internal/cloud"
)

// Config is what an Env is made from.
type Config struct {
	// Kinds holds an empty resource of every kind that rules may be about.
	Kinds []cloud.Resource
	// Account and Region are the kinds that rules reach as `account` and
	// `region`: the ones with the resource's own account and region.
	Account, Region cloud.Resource
	// Workers is how many rules are judged at once; 1 when 0.
	Workers int
	// Funcs are functions of the rule language whose work other engines do.
	Funcs []Func
}

// Env compiles rules. It is immutable and safe for concurrent use.
type Env struct {
	config  Config
	kinds   map[cloud.Kind]reflect.Type
	model   *model
	cel     *cel.Env // judges
	tracing *cel.Env // explains: notes every field that is read
	tracer  *tracer
}

// NewEnv returns an Env for the model and functions in c.
func NewEnv(c Config) (*Env, error) {
	e := &Env{config: c, kinds: map[cloud.Kind]reflect.Type{}, tracer: &tracer{}}
	roots := []reflect.Type{reflect.TypeOf(c.Account), reflect.TypeOf(c.Region)}
	for _, r := range c.Kinds {
		e.kinds[r.Kind()] = reflect.TypeOf(r)
		roots = append(roots, reflect.TypeOf(r))
	}
	m, err := newModel(roots)
	if err != nil {
		return nil, err
	}
	e.model = m
	if e.cel, err = e.newCEL(m); err != nil {
		return nil, err
	}
	traced := *m
	traced.tracer = e.tracer
	e.tracer.model = &traced
	e.tracing, err = e.newCEL(&traced)
	return e, err
}

// HasKind reports whether rules can be about the kind.
func (e *Env) HasKind(k cloud.Kind) bool { return e.kinds[k] != nil }

func (e *Env) newCEL(m *model) (*cel.Env, error) {
	// dyn() would let a rule look at an object behind the model's back, and so
	// take a gap for a value.
	noDyn := &env.LibrarySubset{}
	noDyn.AddExcludedFunctions(env.NewFunction("dyn"))
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(noDyn)),
		ext.Strings(),
		cel.OptionalTypes(),
		cel.Variable("account", typeOf(reflect.TypeOf(e.config.Account))),
		cel.Variable("region", typeOf(reflect.TypeOf(e.config.Region))),
		cel.Variable("now", cel.TimestampType),
		cel.Macros(cel.GlobalMacro("has", 1, expandHas)),
		knownFunc(),
	}
	for _, f := range e.config.Funcs {
		options = append(options, f.declare(m))
	}
	options = append(options, m.provide)
	return cel.NewCustomEnv(options...)
}

// Func is a function of the rule language.
type Func struct {
	// Name as rules write it, with its namespace: iam.public.
	Name string
	// Doc is one line for rule authors.
	Doc string
	// Params and Result are Go types: bool, int, string, []string, a pointer
	// to a model struct, or a slice of such.
	Params []reflect.Type
	Result reflect.Type
	// Call computes the answer. It gets values of the types in Params; lists
	// come as List.
	Call func(args []any) Answer
}

// Answer is what a Func returns: a value, or a gap that keeps it from one.
type Answer struct {
	// Value is a bool, int, string or []string, as the Func's Result says.
	Value any
	// Gap is set when the answer is unknown. Of is the object and Field the
	// field that was missing.
	Gap   *cloud.Gap
	Of    any
	Field string
	// Because names what decided, for the evidence of a finding.
	Because []Fact
}

// Fact is what an answer rests on.
type Fact = cloud.Fact

// Proved turns an engine's proof into an answer.
func Proved(p cloud.Proof) Answer {
	return Answer{Value: p.Holds, Gap: p.Gap, Of: p.Of, Field: p.Field, Because: p.Because}
}

// List is a list argument of a Func: the known items, and why there may be
// more.
type List struct {
	// Items is a slice of model pointers or strings.
	Items any
	// Gap is set when the list was read in part.
	Gap *cloud.Gap
}

func (f Func) declare(m *model) cel.EnvOption {
	params := make([]*cel.Type, len(f.Params))
	for i, p := range f.Params {
		params[i] = typeOf(p)
	}
	id := strings.ReplaceAll(f.Name, ".", "_")
	// The checker has settled the types; checking them again at each call is
	// work for nothing.
	return cel.Function(f.Name, decls.DisableTypeGuards(true), cel.Overload(id, params, typeOf(f.Result), cel.FunctionBinding(func(args ...ref.Val) ref.Val {
		native := make([]any, len(args))
		for i, a := range args {
			native[i] = nativeArg(a)
		}
		return m.result(f.Call(native))
	})))
}

func nativeArg(v ref.Val) any {
	switch v := v.(type) {
	case *object:
		return v.ptr.Interface()
	case *list:
		return v.forFunc()
	case types.String:
		return string(v)
	case types.Int:
		return int(v)
	}
	if words, ok := v.Value().([]string); ok { // a parameter
		return List{Items: words}
	}
	if l, ok := v.Value().([]ref.Val); ok { // a list literal
		words := make([]string, 0, len(l))
		for _, w := range l {
			s, _ := w.Value().(string)
			words = append(words, s)
		}
		return List{Items: words}
	}
	return v.Value()
}

func (m *model) result(a Answer) ref.Val {
	if m.tracer != nil {
		m.tracer.answer(a)
	}
	if a.Gap != nil {
		return m.unknown(a.Of, a.Field, a.Gap)
	}
	switch v := a.Value.(type) {
	case bool:
		return types.Bool(v)
	case int:
		return types.Int(v)
	case string:
		return types.String(v)
	case []string:
		return types.NewStringList(m, v)
	}
	return types.NewErr("a function answered with a %T", a.Value)
}

// world is everything a rule's expression can see: it resolves the names of
// one evaluation.
type world struct {
	resource, account, region cloud.Resource
	seen                      struct{ resource, account, region, now ref.Val } // as one model shows them
	now                       time.Time
	params                    map[string]any
	extra                     map[string]any // loop variables, while explaining
}

// seenBy returns the world as the model shows it.
func (w *world) seenBy(m *model) *world {
	out := *w
	out.seen.resource = m.NativeToValue(w.resource)
	out.seen.account = m.NativeToValue(w.account)
	out.seen.region = m.NativeToValue(w.region)
	out.seen.now = types.Timestamp{Time: w.now}
	return &out
}

// ResolveName implements interpreter.Activation.
func (w *world) ResolveName(name string) (any, bool) {
	switch name {
	case "resource":
		return w.seen.resource, true
	case "account":
		return w.seen.account, true
	case "region":
		return w.seen.region, true
	case "now":
		return w.seen.now, true
	}
	if v, ok := w.params[name]; ok {
		return v, true
	}
	v, ok := w.extra[name]
	return v, ok
}

// Parent implements interpreter.Activation.
func (w *world) Parent() cel.Activation { return nil }

// ask evaluates the expression: true is pass, false is fail.
func (e *expression) ask(w *world) cloud.Verdict {
	switch v, _, _ := e.prog.Eval(w); v {
	case types.True:
		return cloud.Pass
	case types.False:
		return cloud.Fail
	}
	return cloud.Unknown // by a gap, or by an error that explaining will name
}

// names returns the sorted names of a set.
func names[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
