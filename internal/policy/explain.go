package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"merlon.dev/internal/cloud"
)

// maxEvidence bounds the evidence of one finding: more than a person reads.
const maxEvidence = 12

// tracer notes what an evaluation reads. One evaluation at a time uses it.
type tracer struct {
	mu    sync.Mutex
	model *model
	roots []root
	facts []Fact
	gaps  []Fact // gaps met; an unknown's id is the index plus one
	whys  []*cloud.Gap
}

// root is a resource that an evaluation has come to, and how paths into it
// begin.
type root struct {
	ptr    any
	prefix string
}

// begin forgets everything and takes the world's roots as known places.
func (t *tracer) begin(w *world) {
	t.roots = append(t.roots[:0], root{w.resource, ""})
	t.facts, t.gaps, t.whys = nil, nil, nil
	if w.account != w.resource {
		t.roots = append(t.roots, root{w.account, "account."})
	}
	if w.region != w.resource {
		t.roots = append(t.roots, root{w.region, "region."})
	}
}

// reach notes a resource that a link or a function has come to.
func (t *tracer) reach(r cloud.Resource) {
	for _, known := range t.roots {
		if known.ptr == any(r) {
			return
		}
	}
	t.roots = append(t.roots, root{r, string(r.Meta().Ref) + " "})
}

// follow notes the resource that a link led to.
func (t *tracer) follow(v ref.Val) {
	o, ok := v.(*object)
	if !ok || o.ptr == o.st.zero {
		return
	}
	if r, ok := o.ptr.Interface().(cloud.Resource); ok {
		t.reach(r)
	}
}

func (t *tracer) read(o *object, f *modelField, value any) {
	if o.ptr == o.st.zero {
		return
	}
	if next, ok := value.(*object); ok {
		if next.ptr == next.st.zero { // not set: that is the fact
			t.facts = append(t.facts, Fact{Of: o.ptr.Interface(), Field: f.name})
		}
		t.follow(next)
		return
	}
	t.facts = append(t.facts, Fact{Of: o.ptr.Interface(), Field: f.name, Value: value})
}

func (t *tracer) presence(o *object, f *modelField, set bool) {
	if !set && o.ptr != o.st.zero {
		t.facts = append(t.facts, Fact{Of: o.ptr.Interface(), Field: f.name, Value: nil})
	}
}

func (t *tracer) gap(of any, field string, g *cloud.Gap) *types.Unknown {
	t.gaps, t.whys = append(t.gaps, Fact{Of: of, Field: field}), append(t.whys, g)
	return types.NewUnknown(int64(len(t.gaps)), types.NewAttributeTrail(field))
}

func (t *tracer) answer(a Answer) {
	for _, f := range a.Because {
		// What a function reached on its own may lie behind links.
		if r, ok := f.Of.(cloud.Resource); ok {
			t.reach(r)
		}
		t.facts = append(t.facts, f)
	}
	if r, ok := a.Of.(cloud.Resource); ok {
		t.reach(r)
	}
}

// path says where a fact is: from the subject, or from the resource that holds
// it.
func (t *tracer) path(f Fact) string {
	p, _ := t.locate(f)
	return p
}

// locate returns the path of a fact and the resource that holds it.
func (t *tracer) locate(f Fact) (string, cloud.Resource) {
	if f.Of == nil {
		return f.Field, nil
	}
	for _, r := range t.roots {
		if r.ptr == f.Of {
			return r.prefix + f.Field, r.ptr.(cloud.Resource)
		}
	}
	for _, r := range t.roots {
		v := reflect.ValueOf(r.ptr)
		if p, ok := t.search(v, f.Of); ok {
			return r.prefix + p + f.Field, r.ptr.(cloud.Resource)
		}
	}
	return f.Field, nil
}

// search looks for an object below another and returns the way to it.
func (t *tracer) search(ptr reflect.Value, want any) (string, bool) {
	st := t.model.byType[ptr.Type().Elem()]
	for _, f := range st.nested {
		v := ptr.Elem().FieldByIndex(f.index)
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				continue
			}
			if v.Interface() == want {
				return f.name + ".", true
			}
			if p, ok := t.search(v, want); ok {
				return f.name + "." + p, true
			}
			continue
		}
		for i := range v.Len() {
			e := v.Index(i)
			if e.IsNil() {
				continue
			}
			if e.Interface() == want {
				return fmt.Sprintf("%s[%d].", f.name, i), true
			}
			if p, ok := t.search(e, want); ok {
				return fmt.Sprintf("%s[%d].%s", f.name, i, p), true
			}
		}
	}
	return "", false
}

// traced is an expression compiled to note what it reads, with every part of it
// that an explanation may want to run alone.
type traced struct {
	env   *cel.Env
	ast   *ast.AST
	parts map[int64]cel.Program
}

func newTraced(env *cel.Env, a *cel.Ast) (*traced, error) {
	return &traced{env: env, ast: a.NativeRep(), parts: map[int64]cel.Program{}}, nil
}

func (t *traced) eval(e ast.Expr, w *world) ref.Val {
	p := t.parts[e.ID()]
	if p == nil {
		part := ast.NewCheckedAST(ast.NewAST(e, t.ast.SourceInfo()), t.ast.TypeMap(), t.ast.ReferenceMap())
		var err error
		if p, err = t.env.PlanProgram(part); err != nil {
			return types.NewErr("%s", err)
		}
		t.parts[e.ID()] = p
	}
	v, _, err := p.Eval(w)
	if err != nil {
		return types.NewErr("%s", err)
	}
	return v
}

// explain finds what decided a verdict: the evidence for a pass or fail, the
// gaps for an unknown.
func (r *Rule) explain(s *cloud.Snapshot, w *world, v cloud.Verdict) ([]cloud.Evidence, []cloud.FieldGap) {
	t := r.env.tracer
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begin(w)
	x := &explainer{tracer: t, s: s, resource: w.resource}
	judged := w
	w = w.seenBy(t.model)
	e := r.pass
	if v == cloud.Unknown && r.applies(judged) != cloud.Pass {
		e = r.when
	}
	tr, err := e.trace()
	if err != nil {
		return []cloud.Evidence{}, []cloud.FieldGap{{Reason: cloud.Failed, Message: err.Error()}}
	}
	if v == cloud.Unknown {
		return []cloud.Evidence{}, x.missing(tr.eval(tr.ast.Expr(), w))
	}
	x.decide(tr, tr.ast.Expr(), w)
	return x.evidence(), nil
}

type explainer struct {
	tracer   *tracer
	s        *cloud.Snapshot
	resource cloud.Resource
}

// missing lists the gaps that an unknown result stands for.
func (x *explainer) missing(result ref.Val) []cloud.FieldGap {
	t := x.tracer
	var at []int64
	if u, ok := result.(*types.Unknown); ok {
		at = u.IDs()
	} else { // an error: whatever was met on the way
		for i := range t.gaps {
			at = append(at, int64(i+1))
		}
	}
	var out []cloud.FieldGap
	seen := map[cloud.FieldGap]bool{}
	for _, id := range at {
		if id < 1 || int(id) > len(t.gaps) {
			continue
		}
		g := t.whys[id-1]
		f := cloud.FieldGap{Field: t.path(t.gaps[id-1]), Reason: g.Reason, Operation: g.Operation, Permission: g.Permission, Message: g.Message}
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		out = append(out, cloud.FieldGap{Reason: cloud.Failed, Message: fmt.Sprintf("the rule could not be evaluated: %v", result)})
	}
	slices.SortFunc(out, func(a, b cloud.FieldGap) int { return strings.Compare(a.Field, b.Field) })
	return out[:min(len(out), maxEvidence)]
}

// decide runs the parts of the expression that decided its value, and only
// those, so that the tracer holds exactly their reads.
func (x *explainer) decide(t *traced, e ast.Expr, w *world) {
	switch e.Kind() {
	case ast.CallKind:
		c := e.AsCall()
		switch c.FunctionName() {
		case operators.LogicalAnd, operators.LogicalOr:
			x.decideLogic(t, c, w)
			return
		case operators.LogicalNot:
			x.decide(t, c.Args()[0], w)
			return
		case operators.Conditional:
			test := x.quiet(t, c.Args()[0], w)
			x.decide(t, c.Args()[0], w)
			if test == types.True {
				x.decide(t, c.Args()[1], w)
			} else {
				x.decide(t, c.Args()[2], w)
			}
			return
		case "@known":
			return
		}
	case ast.ComprehensionKind:
		if x.decideQuantifier(t, e.AsComprehension(), w) {
			return
		}
	case ast.LiteralKind:
		return
	}
	t.eval(e, w)
}

// quiet evaluates without leaving a trace.
func (x *explainer) quiet(t *traced, e ast.Expr, w *world) ref.Val {
	facts := len(x.tracer.facts)
	v := t.eval(e, w)
	x.tracer.facts = x.tracer.facts[:facts]
	return v
}

// decideLogic: a false conjunction or true disjunction was decided by its first
// operand of that value, any other by both.
func (x *explainer) decideLogic(t *traced, c ast.CallExpr, w *world) {
	decisive := types.Bool(c.FunctionName() == operators.LogicalOr)
	for _, arg := range c.Args() {
		if x.quiet(t, arg, w) == decisive {
			x.decide(t, arg, w)
			return
		}
	}
	for _, arg := range c.Args() {
		x.decide(t, arg, w)
	}
}

// decideQuantifier explains all() and exists(): by the first member that
// decided, or, when none did, by the list and a few of its members.
func (x *explainer) decideQuantifier(t *traced, c ast.ComprehensionExpr, w *world) bool {
	step := c.LoopStep()
	if step.Kind() != ast.CallKind || c.HasIterVar2() || len(step.AsCall().Args()) != 2 {
		return false
	}
	name := step.AsCall().FunctionName()
	if name != operators.LogicalAnd && name != operators.LogicalOr {
		return false
	}
	decisive := types.Bool(name == operators.LogicalOr)
	body := step.AsCall().Args()[1]
	members, ok := x.quiet(t, c.IterRange(), w).(traits.Iterable)
	if !ok {
		return false
	}
	inner := *w
	bind := func(v ref.Val) {
		inner.extra = map[string]any{c.IterVar(): v}
		for k, v := range w.extra {
			if k != c.IterVar() {
				inner.extra[k] = v
			}
		}
	}
	n := 0
	for it := members.Iterator(); it.HasNext() == types.True; n++ {
		bind(it.Next())
		if x.quiet(t, body, &inner) == decisive {
			x.decide(t, body, &inner)
			return true
		}
	}
	if n == 0 { // an empty list decided
		t.eval(c.IterRange(), w)
		return true
	}
	if _, isObject := inner.extra[c.IterVar()].(*object); !isObject {
		t.eval(c.IterRange(), w)
		return true
	}
	few := 0
	for it := members.Iterator(); it.HasNext() == types.True && few < 3; few++ {
		bind(it.Next())
		x.decide(t, body, &inner)
	}
	return true
}

// evidence turns the noted reads into evidence, each field once.
func (x *explainer) evidence() []cloud.Evidence {
	out := []cloud.Evidence{}
	at := map[string]int{}
	for _, f := range x.tracer.facts {
		path, holder := x.tracer.locate(f)
		if f.Of != nil && holder == nil || x.isOpened(f, path) {
			continue // of an absent object, whose absence is a fact already
		}
		value := show(f.Value)
		if i, seen := at[path]; seen {
			if out[i].Value == nil {
				out[i].Value = value
			}
			continue
		}
		if len(out) == maxEvidence {
			break
		}
		at[path] = len(out)
		out = append(out, cloud.Evidence{Field: path, Value: value, Origin: x.origin(f)})
	}
	return out
}

// isOpened reports whether a fact is a list of objects of which a member is
// among the facts too: then the member is the evidence.
func (x *explainer) isOpened(f Fact, path string) bool {
	if l, ok := f.Value.(*list); !ok || l.v.Type().Elem().Kind() != reflect.Pointer {
		return false
	}
	return slices.ContainsFunc(x.tracer.facts, func(g Fact) bool { return strings.HasPrefix(x.tracer.path(g), path+"[") })
}

// origin says where a fact came from: its place in code, or the API call.
func (x *explainer) origin(f Fact) *cloud.Origin {
	if g, ok := f.Of.(cloud.Gapped); ok {
		if at := g.Obj().Origins[f.Field]; at != nil {
			return at
		}
	}
	path, holder := x.tracer.locate(f)
	if holder == nil {
		holder = x.resource
	}
	if _, inside, linked := strings.Cut(path, " "); linked {
		path = inside
	}
	path = strings.TrimPrefix(strings.TrimPrefix(path, "account."), "region.")
	field := path[:strings.IndexAny(path+".", ".[")]
	return x.s.OriginOf(holder.Kind(), field)
}

// show reduces a value to something JSON can hold and a person can read.
func show(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case *list:
		return showList(v)
	case *partialMap:
		return "read in part"
	case types.Timestamp:
		return v.Time.UTC().Format("2006-01-02T15:04:05Z")
	case traits.Mapper:
		return fmt.Sprintf("%d entries", v.Size().Value())
	case ref.Val:
		return v.Value()
	case string, bool, int, []string:
		return v
	}
	return fmt.Sprint(v)
}

func showList(l *list) any {
	n := l.v.Len()
	if words, ok := l.v.Interface().([]string); ok && n <= 10 {
		return append([]string{}, words...)
	}
	if n == 0 {
		return []string{}
	}
	if l.v.Type().Elem().Kind() == reflect.Struct && n <= 5 {
		refs := make([]string, n)
		for i := range n {
			refs[i] = string(l.v.Index(i).Addr().Interface().(cloud.AnyLink).Dest())
		}
		return refs
	}
	return fmt.Sprintf("%d entries", n)
}
