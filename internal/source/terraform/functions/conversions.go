package functions

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

func conversions() map[string]function.Function {
	same := func(args []cty.Value) (cty.Value, error) { return args[0], nil }
	expression := function.Parameter{Name: "expression", Type: customdecode.ExpressionClosureType}
	constraint := constraintType()
	return map[string]function.Function{
		"can":             define(cty.Bool, can, expression),
		"convert":         define(cty.DynamicPseudoType, convertTo, whole("value"), function.Parameter{Name: "type", Type: constraint}),
		"ephemeralasnull": define(cty.DynamicPseudoType, same, whole("value")),
		"issensitive":     define(cty.Bool, func([]cty.Value) (cty.Value, error) { return unknown(cty.Bool), nil }, whole("value")),
		"nonsensitive":    define(cty.DynamicPseudoType, same, whole("value")),
		"sensitive":       define(cty.DynamicPseudoType, same, whole("value")),
		"tobool":          convertsTo(cty.Bool),
		"tolist":          convertsTo(cty.List(cty.DynamicPseudoType)),
		"tomap":           convertsTo(cty.Map(cty.DynamicPseudoType)),
		"tonumber":        checked(convertsTo(cty.Number), shortNumeral),
		"toset":           convertsTo(cty.Set(cty.DynamicPseudoType)),
		"tostring":        convertsTo(cty.String),
		"try":             variadic(try, expression),
		"type":            define(cty.String, typeOf, whole("value")),
	}
}

// convertsTo leaves the marks of elements on the elements.
func convertsTo(want cty.Type) function.Function {
	return define(cty.DynamicPseudoType, func(args []cty.Value) (cty.Value, error) {
		v, err := convert.Convert(args[0], want)
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		return v, nil
	}, whole("v"))
}

// try is tryfunc's, but it evaluates each argument once (twice at each level
// is a trap for nested calls), keeps the marks of what is unknown, and keeps
// the known parts of a value that was reached by its path alone: a path
// through known values does not break later.
func try(args []cty.Value) (cty.Value, error) {
	if len(args) == 0 {
		return cty.NilVal, errors.New("at least one argument is required")
	}
	var why []string
	for _, arg := range args {
		closure := customdecode.ExpressionClosureFromVal(arg)
		v, diags := closure.Value()
		if diags.HasErrors() {
			why = append(why, diags.Error())
			continue
		}
		if v.IsWhollyKnown() {
			return v, nil
		}
		if _, diags := hcl.AbsTraversalForExpr(closure.Expression); v.IsKnown() && !diags.HasErrors() {
			return v, nil
		}
		return cty.DynamicVal.WithMarks(marksOf([]cty.Value{v})), nil
	}
	return cty.NilVal, fmt.Errorf("no expression succeeded: %s", strings.Join(why, "; "))
}

// can says of a value that is not wholly known that it may fail yet.
func can(args []cty.Value) (cty.Value, error) {
	v, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
	if diags.HasErrors() {
		return cty.False, nil
	}
	if !v.IsWhollyKnown() {
		return unknown(cty.Bool).WithMarks(marksOf([]cty.Value{v})), nil
	}
	return cty.True, nil
}

// A constraint is a type as the source spells it, with the defaults of its
// optional attributes.
type constraint struct {
	cty.Type
	defaults *typeexpr.Defaults
}

// constraintType is the type of a parameter whose argument is a type expression.
func constraintType() cty.Type {
	var t cty.Type
	decode := customdecode.CustomExpressionDecoderFunc(func(e hcl.Expression, _ *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
		wanted, defaults, diags := typeexpr.TypeConstraintWithDefaults(e)
		if diags.HasErrors() {
			return cty.NilVal, diags
		}
		return cty.CapsuleVal(t, &constraint{wanted, defaults}), nil
	})
	t = cty.CapsuleWithOps("type constraint", reflect.TypeFor[constraint](), &cty.CapsuleOps{
		ExtensionData: func(key any) any {
			if key == customdecode.CustomExpressionDecoder {
				return decode
			}
			return nil
		},
	})
	return t
}

func convertTo(args []cty.Value) (cty.Value, error) {
	v, to := args[0], args[1].EncapsulatedValue().(*constraint)
	if to.defaults != nil && !v.IsNull() {
		v = to.defaults.Apply(v)
	}
	v, err := convert.Convert(v, to.WithoutOptionalAttributesDeep())
	if err != nil {
		return cty.NilVal, function.NewArgError(0, err)
	}
	return v, nil
}

func typeOf(args []cty.Value) (cty.Value, error) {
	return cty.StringVal(typeexpr.TypeString(args[0].Type())), nil
}
