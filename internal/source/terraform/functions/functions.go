// Package functions is the function set of the Terraform and OpenTofu
// languages, for an evaluator that reads code it does not trust.
//
// A function answers as its documentation says, with four exceptions of
// principle. Files are read inside the scanned tree only. What differs from
// run to run (time, chance, the home folder) is unknown. Sensitivity and
// ephemerality are not tracked, so the functions about them hand their
// argument on. And every call is bounded: see limits.go.
//
// Marks travel from arguments to results, and a result that is unknown
// carries the marks of what made it so.
package functions

import (
	"io/fs"
	"maps"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Table returns every function by name, alone and in the "core::" namespace,
// as a module in the folder base of the tree files sees them. None reads
// anything outside of files. Functions that providers define are not in it.
func Table(files fs.FS, base string) map[string]function.Function {
	t := newTree(files, base)
	table := guarded(join(
		numeric(), texts(), collections(), sets(), conversions(), assumptions(),
		encodings(), hashes(), times(), networks(), unpredictable(), paths(), t.functions(),
	))
	// A template calls everything but what would render a template of its
	// own: templatefile never, templatestring from a file only.
	inString := maps.Clone(table)
	maps.Copy(table, guarded(map[string]function.Function{"templatestring": templateString(inString)}))
	inFile := maps.Clone(table)
	maps.Copy(table, guarded(map[string]function.Function{"templatefile": t.templateFile(inFile)}))
	return table
}

func numeric() map[string]function.Function {
	return map[string]function.Function{
		"abs":      stdlib.AbsoluteFunc,
		"ceil":     stdlib.CeilFunc,
		"floor":    stdlib.FloorFunc,
		"log":      stdlib.LogFunc,
		"max":      stdlib.MaxFunc,
		"min":      stdlib.MinFunc,
		"parseint": checked(stdlib.ParseIntFunc, shortNumeral),
		"pow":      stdlib.PowFunc,
		"signum":   stdlib.SignumFunc,
	}
}

func sets() map[string]function.Function {
	return map[string]function.Function{
		"setintersection": stdlib.SetIntersectionFunc,
		"setproduct":      checked(stdlib.SetProductFunc, smallProduct),
		"setsubtract":     stdlib.SetSubtractFunc,
		"setunion":        stdlib.SetUnionFunc,
	}
}

// unpredictable are the functions whose answer no reader of code can know.
func unpredictable() map[string]function.Function {
	return map[string]function.Function{
		"bcrypt":        unknownText([]function.Parameter{text("str")}, optional(number("cost"))),
		"plantimestamp": unknownText(nil, nil),
		"rsadecrypt":    unknownText([]function.Parameter{text("ciphertext"), text("privatekey")}, nil),
		"timestamp":     unknownText(nil, nil),
		"uuid":          unknownText(nil, nil),
	}
}

func unknownText(params []function.Parameter, rest *function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params:   params,
		VarParam: rest,
		Type:     function.StaticReturnType(cty.String),
		Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return unknown(cty.String), nil },
	})
}

// unknown is a value of a type that is not known, but is not null.
func unknown(t cty.Type) cty.Value { return cty.UnknownVal(t).RefineNotNull() }

// define makes a function of fixed parameters and result type. It sees known
// arguments without marks: cty answers for the others.
func define(result cty.Type, impl func(args []cty.Value) (cty.Value, error), params ...function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params: params,
		Type:   function.StaticReturnType(result),
		Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	})
}

// mapText makes a function from text to text.
func mapText(impl func(string) (string, error)) function.Function {
	return define(cty.String, func(args []cty.Value) (cty.Value, error) {
		s, err := impl(args[0].AsString())
		return cty.StringVal(s), err
	}, text("str"))
}

func text(name string) function.Parameter   { return function.Parameter{Name: name, Type: cty.String} }
func number(name string) function.Parameter { return function.Parameter{Name: name, Type: cty.Number} }

// whole is a parameter that takes any value as it is: null, unknown, marked.
func whole(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true}
}

func optional(p function.Parameter) *function.Parameter { return &p }

func join(tables ...map[string]function.Function) map[string]function.Function {
	all := map[string]function.Function{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}
