package terraform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"merlon.dev/internal/source/code"
)

// Expressions are evaluated here and not by HCL's own Value methods, because of
// what is not known: every unknown value is marked with its *code.Hole, a text
// with an unknown piece keeps its known pieces, and a reference is resolved
// only as far as it is followed.
//
// A hole inside of a text is sealed as a token of private characters; a token
// passes unharmed through everything that moves texts about, and is turned
// into an unknown value before anything that looks at them (see opaque).

// env is where an expression is evaluated: a module, and the names that for
// expressions, dynamic blocks and meta-arguments bring.
type env struct {
	scope *scope
	name  string
	item  *hclsyntax.AnonSymbolExpr // what a splat stands on
	val   cty.Value
	up    *env
}

func (e *env) with(name string, v cty.Value) *env {
	return &env{scope: e.scope, name: name, val: v, up: e}
}

func (e *env) lookup(name string) (cty.Value, bool) {
	for at := e; at != nil; at = at.up {
		if at.name == name && at.item == nil && name != "" {
			return at.val, true
		}
	}
	return cty.NilVal, false
}

// known evaluates an expression; what cannot be evaluated is an unknown that
// says why.
func (e *env) known(x hclsyntax.Expression) cty.Value {
	v, err := e.value(x)
	if err != nil {
		return e.scope.run.unsure(&code.Hole{Reason: "malformed", Why: fmt.Sprintf("%s: %s", place(x.Range()), err)})
	}
	return v
}

func (e *env) value(x hclsyntax.Expression) (cty.Value, error) {
	run := e.scope.run
	if run.depth++; run.depth > maxNesting {
		run.depth--
		return cty.NilVal, errors.New("nested too deeply")
	}
	defer func() { run.depth-- }()
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		return x.Val, nil
	case *hclsyntax.TemplateExpr:
		return e.template(x.Parts)
	case *hclsyntax.TemplateWrapExpr:
		return e.value(x.Wrapped)
	case *hclsyntax.TemplateJoinExpr:
		return e.templateJoin(x)
	case *hclsyntax.ScopeTraversalExpr:
		return e.reference(x.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		v, err := e.value(x.Source)
		if err != nil {
			return v, err
		}
		return e.walk(v, x.Traversal)
	case *hclsyntax.FunctionCallExpr:
		return e.call(x)
	case *hclsyntax.ConditionalExpr:
		return e.conditional(x)
	case *hclsyntax.IndexExpr:
		return e.indexExpr(x)
	case *hclsyntax.TupleConsExpr:
		return e.tuple(x)
	case *hclsyntax.ObjectConsExpr:
		return e.object(x)
	case *hclsyntax.ObjectConsKeyExpr:
		if name := hcl.ExprAsKeyword(x.Wrapped); name != "" && !x.ForceNonLiteral {
			return cty.StringVal(name), nil
		}
		return e.value(x.Wrapped)
	case *hclsyntax.ForExpr:
		return e.forExpr(x)
	case *hclsyntax.SplatExpr:
		return e.splat(x)
	case *hclsyntax.AnonSymbolExpr:
		for at := e; at != nil; at = at.up {
			if at.item == x {
				return at.val, nil
			}
		}
		return cty.DynamicVal, nil
	case *hclsyntax.ParenthesesExpr:
		return e.value(x.Expression)
	case *hclsyntax.BinaryOpExpr:
		return e.binary(x)
	case *hclsyntax.UnaryOpExpr:
		v, err := e.plain(x.Val)
		if err != nil {
			return v, err
		}
		return x.Op.Impl.Call([]cty.Value{v})
	}
	return cty.NilVal, errors.New("an expression that could not be parsed")
}

// plain evaluates an expression whose value will be looked at: without tokens.
func (e *env) plain(x hclsyntax.Expression) (cty.Value, error) {
	v, err := e.value(x)
	if err != nil {
		return v, err
	}
	return e.scope.run.unsealed(v), nil
}

func (e *env) template(parts []hclsyntax.Expression) (cty.Value, error) {
	var b strings.Builder
	for _, p := range parts {
		v, err := e.value(p)
		if err != nil {
			return v, err
		}
		s, err := e.scope.run.inText(v)
		if err != nil {
			return cty.NilVal, err
		}
		if b.WriteString(s); b.Len() > maxText {
			return cty.NilVal, errors.New("a text that is too long")
		}
	}
	return cty.StringVal(b.String()), nil
}

func (e *env) templateJoin(x *hclsyntax.TemplateJoinExpr) (cty.Value, error) {
	v, err := e.value(x.Tuple)
	if err != nil {
		return v, err
	}
	list, _ := v.Unmark()
	if !list.IsKnown() || list.IsNull() {
		return e.scope.run.token(e.scope.run.holeOf(v)), nil
	}
	var b strings.Builder
	for it := list.ElementIterator(); it.Next(); {
		_, part := it.Element()
		s, err := e.scope.run.inText(part)
		if err != nil {
			return cty.NilVal, err
		}
		b.WriteString(s)
	}
	return cty.StringVal(b.String()), nil
}

// conditional evaluates the branch that is taken alone. Where the condition is
// not known the result is known only if both branches agree.
func (e *env) conditional(x *hclsyntax.ConditionalExpr) (cty.Value, error) {
	c, err := e.plain(x.Condition)
	if err != nil {
		return c, err
	}
	cond, marks := c.Unmark()
	if cond.IsNull() {
		return cty.NilVal, errors.New("the condition is null")
	}
	if cond, err = convert.Convert(cond, cty.Bool); err != nil {
		return cty.NilVal, errors.New("the condition is neither true nor false")
	}
	if cond.IsKnown() {
		if cond.True() {
			return e.value(x.TrueResult)
		}
		return e.value(x.FalseResult)
	}
	yes, err1 := e.value(x.TrueResult)
	no, err2 := e.value(x.FalseResult)
	if err1 != nil || err2 != nil {
		return cty.DynamicVal.WithMarks(marks), nil
	}
	if yes.RawEquals(no) {
		return yes, nil
	}
	return e.scope.run.unsure(e.scope.run.merged(c, yes, no)), nil
}

func (e *env) indexExpr(x *hclsyntax.IndexExpr) (cty.Value, error) {
	key, err := e.plain(x.Key)
	if err != nil {
		return key, err
	}
	if ref, ok := x.Collection.(*hclsyntax.ScopeTraversalExpr); ok && key.IsWhollyKnown() && !key.IsMarked() {
		// aws_x.y[count.index]: no need to evaluate the others.
		steps := append(slices.Clone(ref.Traversal), hcl.TraverseIndex{Key: key, SrcRange: x.BracketRange})
		return e.reference(steps)
	}
	v, err := e.value(x.Collection)
	if err != nil {
		return v, err
	}
	return e.index(v, key)
}

func (e *env) tuple(x *hclsyntax.TupleConsExpr) (cty.Value, error) {
	vals := make([]cty.Value, len(x.Exprs))
	for i, item := range x.Exprs {
		v, err := e.value(item)
		if err != nil {
			v = e.scope.run.unsure(&code.Hole{Reason: "malformed", Why: fmt.Sprintf("%s: %s", place(item.Range()), err)})
		}
		vals[i] = v
	}
	return cty.TupleVal(vals), nil
}

func (e *env) object(x *hclsyntax.ObjectConsExpr) (cty.Value, error) {
	fields := make(map[string]cty.Value, len(x.Items))
	for _, item := range x.Items {
		k, err := e.plain(item.KeyExpr)
		if err != nil {
			return k, err
		}
		key, marks := k.Unmark()
		if !key.IsKnown() {
			return cty.DynamicVal.WithMarks(marks), nil
		}
		if key, err = convert.Convert(key, cty.String); err != nil || key.IsNull() {
			return cty.NilVal, errors.New("a key that is not a text")
		}
		v, err := e.value(item.ValueExpr)
		if err != nil {
			return v, err
		}
		fields[key.AsString()] = v
	}
	return cty.ObjectVal(fields), nil
}

func (e *env) binary(x *hclsyntax.BinaryOpExpr) (cty.Value, error) {
	l, err := e.plain(x.LHS)
	if err != nil {
		return l, err
	}
	// What is decided by its left side needs no right side that may not exist.
	if v, _ := l.Unmark(); v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() {
		if x.Op == hclsyntax.OpLogicalAnd && v.False() || x.Op == hclsyntax.OpLogicalOr && v.True() {
			return v, nil
		}
	}
	r, err := e.plain(x.RHS)
	if err != nil {
		return r, err
	}
	if v, _ := r.Unmark(); v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() {
		if x.Op == hclsyntax.OpLogicalAnd && v.False() || x.Op == hclsyntax.OpLogicalOr && v.True() {
			return v, nil
		}
	}
	args := []cty.Value{l, r}
	for i, p := range x.Op.Impl.Params() {
		if args[i], err = convert.Convert(args[i], p.Type); err != nil {
			return cty.NilVal, err
		}
	}
	return x.Op.Impl.Call(args)
}

// forExpr evaluates [for ...] and {for ...}. A member whose condition is not
// known, or a key that is not, makes the whole unknown.
func (e *env) forExpr(x *hclsyntax.ForExpr) (cty.Value, error) {
	run := e.scope.run
	coll, err := e.value(x.CollExpr)
	if err != nil {
		return coll, err
	}
	list, _ := coll.Unmark()
	switch {
	case !list.IsKnown():
		return run.unsure(run.holeOf(coll)), nil
	case list.IsNull() || !list.CanIterateElements():
		return cty.NilVal, errors.New("nothing to iterate over")
	}
	var vals []cty.Value
	fields := map[string]cty.Value{}
	groups := map[string][]cty.Value{}
	for it := list.ElementIterator(); it.Next(); {
		k, v := it.Element()
		inner := e.with(x.ValVar, v)
		if x.KeyVar != "" {
			inner = inner.with(x.KeyVar, k)
		}
		if x.CondExpr != nil {
			c, err := inner.plain(x.CondExpr)
			if err != nil {
				return c, err
			}
			cond, _ := c.Unmark()
			if cond, err = convert.Convert(cond, cty.Bool); err != nil || cond.IsNull() {
				return cty.NilVal, errors.New("the condition of a for expression is neither true nor false")
			}
			if !cond.IsKnown() {
				return run.unsure(run.holeOf(c)), nil
			}
			if cond.False() {
				continue
			}
		}
		val, err := inner.value(x.ValExpr)
		if err != nil {
			return val, err
		}
		if x.KeyExpr == nil {
			vals = append(vals, val)
			continue
		}
		key, err := inner.plain(x.KeyExpr)
		if err != nil {
			return key, err
		}
		text, _ := key.Unmark()
		if !text.IsKnown() {
			return run.unsure(run.holeOf(key)), nil
		}
		if text, err = convert.Convert(text, cty.String); err != nil || text.IsNull() {
			return cty.NilVal, errors.New("a key that is not a text")
		}
		fields[text.AsString()] = val
		groups[text.AsString()] = append(groups[text.AsString()], val)
	}
	if x.KeyExpr == nil {
		return cty.TupleVal(vals), nil
	}
	if x.Group {
		for k, g := range groups {
			fields[k] = cty.TupleVal(g)
		}
	}
	return cty.ObjectVal(fields), nil
}

func (e *env) splat(x *hclsyntax.SplatExpr) (cty.Value, error) {
	run := e.scope.run
	source, err := e.value(x.Source)
	if err != nil {
		return source, err
	}
	list, _ := source.Unmark()
	ty := list.Type()
	switch {
	case !list.IsKnown():
		return run.unsure(run.holeOf(source)), nil
	case list.IsNull():
		return cty.EmptyTupleVal, nil
	case !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType():
		list = cty.TupleVal([]cty.Value{list}) // a single value is a list of one
	}
	var vals []cty.Value
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		inner := &env{scope: e.scope, item: x.Item, val: v, up: e}
		each, err := inner.value(x.Each)
		if err != nil {
			return each, err
		}
		vals = append(vals, each)
	}
	return cty.TupleVal(vals), nil
}

// walk follows the steps of a traversal.
func (e *env) walk(v cty.Value, steps hcl.Traversal) (cty.Value, error) {
	for i, step := range steps {
		var err error
		switch step := step.(type) {
		case hcl.TraverseAttr:
			v, err = e.attr(v, step.Name)
		case hcl.TraverseIndex:
			v, err = e.index(v, step.Key)
		case hcl.TraverseSplat:
			return e.walkEach(v, steps[i+1:])
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

func (e *env) walkEach(v cty.Value, steps hcl.Traversal) (cty.Value, error) {
	list, _ := v.Unmark()
	if !list.IsKnown() {
		return v, nil
	}
	if list.IsNull() || !list.CanIterateElements() {
		return cty.NilVal, errors.New("nothing to iterate over")
	}
	var vals []cty.Value
	for it := list.ElementIterator(); it.Next(); {
		_, member := it.Element()
		each, err := e.walk(member, steps)
		if err != nil {
			return each, err
		}
		vals = append(vals, each)
	}
	return cty.TupleVal(vals), nil
}

// attr reads an attribute. One that a resource does not have in code is computed.
func (e *env) attr(v cty.Value, name string) (cty.Value, error) {
	run := e.scope.run
	v = run.unsealed1(v)
	o, _ := v.Unmark()
	ty := o.Type()
	switch {
	case !o.IsKnown():
		return run.unsure(run.holeOf(v)), nil
	case o.IsNull():
		return cty.NilVal, fmt.Errorf("%s of nothing", name)
	case ty.IsObjectType() && ty.HasAttribute(name):
		return o.GetAttr(name), nil
	case ty.IsObjectType() && ty.HasAttribute(selfAttr):
		return run.instances[o.GetAttr(selfAttr).AsString()].attr(name)
	case ty.IsMapType():
		if key := cty.StringVal(name); o.HasIndex(key).True() {
			return o.Index(key), nil
		}
	}
	return cty.NilVal, fmt.Errorf("there is no attribute %s", name)
}

func (e *env) index(v, key cty.Value) (cty.Value, error) {
	run := e.scope.run
	coll, _ := v.Unmark()
	k, _ := run.unsealed(key).Unmark()
	ty := coll.Type()
	switch {
	case !coll.IsKnown():
		return run.unsure(run.holeOf(v)), nil
	case !k.IsKnown():
		return run.unsure(run.holeOf(key)), nil
	case coll.IsNull() || k.IsNull():
		return cty.NilVal, errors.New("an index into nothing")
	case ty.IsObjectType():
		k, err := convert.Convert(k, cty.String)
		if err != nil || !ty.HasAttribute(k.AsString()) {
			return cty.NilVal, errors.New("there is no such key")
		}
		return coll.GetAttr(k.AsString()), nil
	case ty.IsTupleType(), ty.IsListType(), ty.IsMapType():
		want := cty.Number
		if ty.IsMapType() {
			want = cty.String
		}
		k, err := convert.Convert(k, want)
		if err != nil || coll.HasIndex(k).False() {
			return cty.NilVal, errors.New("there is no such member")
		}
		return coll.Index(k), nil
	}
	return cty.NilVal, errors.New("not something with members")
}
