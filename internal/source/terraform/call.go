package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// opaque reports whether a function moves texts about without looking into
// them, so that a token in its arguments stays the hole it stands for.
func opaque(name string) bool {
	switch name {
	case "join", "format", "formatlist", "concat", "merge", "flatten", "tolist", "tomap", "tostring", "list", "map", "element",
		"zipmap", "values", "one", "slice", "reverse", "chunklist", "lower", "upper", "trimspace", "trim", "trimprefix", "trimsuffix",
		"replace", "sensitive", "nonsensitive", "indent", "chomp", "title", "coalescelist", "distinct", "compact", "coalesce", "transpose":
		return true
	}
	return false
}

// call evaluates a function call.
// https://developer.hashicorp.com/terraform/language/functions
func (e *env) call(x *hclsyntax.FunctionCallExpr) (cty.Value, error) {
	switch bare(x.Name) {
	case "try":
		return e.try(x)
	case "can":
		_, err := e.value(x.Args[0])
		return cty.BoolVal(err == nil), nil
	case "jsonencode":
		if len(x.Args) == 1 {
			return e.jsonencode(x.Args[0])
		}
	}
	args, err := e.args(x)
	if err != nil {
		return cty.NilVal, err
	}
	switch bare(x.Name) {
	case "templatefile", "templatestring":
		if len(args) == 2 {
			return e.render(bare(x.Name), args[0], args[1])
		}
	}
	return e.apply(x.Name, args)
}

// bare is the name of a function without the namespace that it may be given.
func bare(name string) string { return strings.TrimPrefix(name, "core::") }

// render evaluates a template that is a file or a text of its own. It sees the
// variables it is given and nothing else.
func (e *env) render(by string, template, vars cty.Value) (cty.Value, error) {
	name, err := "a text", error(nil)
	if by == "templatefile" {
		name = e.scope.run.toCode(template, nil, 0).Show()
		if template, err = e.apply("file", []cty.Value{template}); err != nil {
			return template, err
		}
	}
	text, _ := template.Unmark()
	given, _ := vars.Unmark()
	if text.Type() != cty.String || !text.IsKnown() || text.IsNull() || !given.IsKnown() {
		return e.scope.run.unsure(e.scope.run.merged(template, vars)), nil
	}
	if depth([]byte(text.AsString())) > maxNesting {
		return cty.NilVal, errors.New("a template that is nested too deeply")
	}
	x, diags := hclsyntax.ParseTemplate([]byte(text.AsString()), name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("%s: %s", name, firstError(diags).Summary)
	}
	inner := &env{scope: e.scope}
	if !given.IsNull() && given.CanIterateElements() {
		for it := given.ElementIterator(); it.Next(); {
			if k, v := it.Element(); k.Type() == cty.String {
				inner = inner.with(k.AsString(), v)
			}
		}
	}
	return inner.value(x)
}

// args evaluates the arguments, the last spread out where it ends in "...".
func (e *env) args(x *hclsyntax.FunctionCallExpr) ([]cty.Value, error) {
	var args []cty.Value
	for i, a := range x.Args {
		v, err := e.value(a)
		if err != nil {
			return nil, err
		}
		if !x.ExpandFinal || i < len(x.Args)-1 {
			args = append(args, v)
			continue
		}
		list, _ := v.Unmark()
		if !list.IsKnown() {
			return []cty.Value{e.scope.run.unsure(e.scope.run.holeOf(v))}, nil
		}
		if list.IsNull() || !list.CanIterateElements() {
			return nil, errors.New("nothing to spread out")
		}
		for it := list.ElementIterator(); it.Next(); {
			_, m := it.Element()
			args = append(args, m)
		}
	}
	return args, nil
}

func (e *env) apply(name string, args []cty.Value) (cty.Value, error) {
	run := e.scope.run
	fn, ok := e.scope.functions()[name]
	if !ok {
		return run.unsure(run.interned(&code.Hole{Why: "function " + name + " belongs to a provider"})), nil
	}
	switch bare := bare(name); {
	case bare == "lookup" && len(args) > 1:
		args[1] = run.unsealed(args[1])
	case bare == "base64encode" && len(args) == 1 && run.partlyKnown(args[0]):
		return args[0], nil // keeps its known pieces; whoever decodes it takes plain text too
	case bare == "coalesce" || bare == "compact":
		for i := range args {
			args[i] = run.unsealedIfEmpty(args[i])
		}
	case !opaque(bare):
		for i := range args {
			args[i] = run.unsealed(args[i])
		}
	}
	v, err := fn.Call(args)
	if err == nil {
		return v, nil
	}
	if slices.ContainsFunc(args, func(v cty.Value) bool { return !v.IsWhollyKnown() || run.partlyKnown(v) }) {
		return run.unsure(run.merged(args...)), nil // what is not known may be what it does not take
	}
	return cty.NilVal, fmt.Errorf("%s: %w", name, err)
}

// partlyKnown reports whether a text holds a token.
func (r *run) partlyKnown(v cty.Value) bool {
	u, _ := v.Unmark()
	return u.Type() == cty.String && u.IsKnown() && !u.IsNull() && hasToken(u.AsString())
}

// unsealedIfEmpty turns a token into an unknown where the text may turn out to
// be empty: what a resource computes never is.
func (r *run) unsealedIfEmpty(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if r.partlyKnown(v) {
			u, _ := v.Unmark()
			for _, p := range r.pieces(u.AsString()) {
				if p.Hole == nil || p.Hole.Of != "" {
					return v, nil
				}
			}
			return r.unsealed1(v), nil
		}
		return v, nil
	})
	if err != nil {
		return r.unsealed(v)
	}
	return out
}

// try is the first argument that can be evaluated.
func (e *env) try(x *hclsyntax.FunctionCallExpr) (cty.Value, error) {
	err := errors.New("try without an argument")
	for _, a := range x.Args {
		var v cty.Value
		if v, err = e.value(a); err == nil {
			return v, nil
		}
	}
	return cty.NilVal, err
}

// jsonencode writes JSON with a token for each unknown piece, and remembers
// where each piece was written.
func (e *env) jsonencode(x hclsyntax.Expression) (cty.Value, error) {
	v, err := e.value(x)
	if err != nil {
		return v, err
	}
	var b bytes.Buffer
	if err := e.scope.run.writeJSON(&b, v, 0); err != nil {
		return cty.NilVal, err
	}
	s := b.String()
	if _, known := e.scope.run.documents[s]; !known && b.Len() < maxText {
		e.scope.run.documents[s] = e.toCode(v, x)
	}
	return cty.StringVal(s), nil
}

func (r *run) writeJSON(b *bytes.Buffer, v cty.Value, depth int) error {
	u, _ := v.Unmark()
	ty := u.Type()
	switch {
	case depth > maxNesting || b.Len() > maxText:
		return errors.New("a value that is too large for JSON")
	case !u.IsKnown():
		return writeText(b, r.seal(r.exactHole(v)))
	case u.IsNull():
		b.WriteString("null")
	case ty == cty.String:
		return writeText(b, u.AsString())
	case ty == cty.Number:
		b.WriteString(u.AsBigFloat().Text('f', -1))
	case ty == cty.Bool:
		fmt.Fprint(b, u.True())
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		return r.writeMembers(b, u, "[]", depth)
	case ty.IsMapType(), ty.IsObjectType():
		return r.writeMembers(b, u, "{}", depth)
	default:
		return fmt.Errorf("a %s cannot be JSON", ty.FriendlyName())
	}
	return nil
}

func (r *run) writeMembers(b *bytes.Buffer, u cty.Value, brackets string, depth int) error {
	b.WriteByte(brackets[0])
	first := true
	for it := u.ElementIterator(); it.Next(); {
		k, m := it.Element()
		if brackets == "{}" && k.AsString() == selfAttr {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		if brackets == "{}" {
			if err := writeText(b, k.AsString()); err != nil {
				return err
			}
			b.WriteByte(':')
		}
		if err := r.writeJSON(b, m, depth+1); err != nil {
			return err
		}
	}
	b.WriteByte(brackets[1])
	return nil
}

// writeText writes a JSON string the way Terraform's jsonencode does: with <,
// > and & escaped.
func writeText(b *bytes.Buffer, s string) error {
	out, err := json.Marshal(s)
	b.Write(out)
	return err
}

// toCode is a value with the place of each member, where the expression that
// made it writes its members out.
func (e *env) toCode(v cty.Value, x hclsyntax.Expression) code.Value {
	at := origin(x.Range())
	u, _ := v.Unmark()
	if p, ok := x.(*hclsyntax.ParenthesesExpr); ok {
		x = p.Expression
	}
	switch x := x.(type) {
	case *hclsyntax.ObjectConsExpr:
		if u.IsKnown() && !u.IsNull() && u.Type().IsObjectType() {
			return e.objectToCode(u, x, at)
		}
	case *hclsyntax.TupleConsExpr:
		if u.IsKnown() && !u.IsNull() && u.Type().IsTupleType() && u.LengthInt() == len(x.Exprs) {
			var members []code.Value
			for i, item := range x.Exprs {
				if m := e.toCode(u.Index(cty.NumberIntVal(int64(i))), item); !m.IsAbsent() {
					members = append(members, m)
				}
			}
			return code.ListOf(members, nil, at)
		}
	}
	return e.scope.run.toCode(v, at, 0)
}

func (e *env) objectToCode(u cty.Value, x *hclsyntax.ObjectConsExpr, at *cloud.Origin) code.Value {
	written := map[string]hclsyntax.Expression{}
	for _, item := range x.Items {
		if k, err := e.plain(item.KeyExpr); err == nil {
			if k, _ := k.Unmark(); k.Type() == cty.String && k.IsKnown() && !k.IsNull() {
				written[k.AsString()] = item.ValueExpr
			}
		}
	}
	fields := make(map[string]code.Value, len(written))
	for it := u.ElementIterator(); it.Next(); {
		k, m := it.Element()
		if w := written[k.AsString()]; w != nil {
			fields[k.AsString()] = e.toCode(m, w)
			continue
		}
		fields[k.AsString()] = e.scope.run.toCode(m, at, 0)
	}
	return code.ObjectOf(fields, nil, at)
}
