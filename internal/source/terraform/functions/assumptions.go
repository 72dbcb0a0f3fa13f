package functions

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

// assumptions are OpenTofu's functions with which an author says of an unknown
// value what is known of it.
func assumptions() map[string]function.Function {
	table := map[string]function.Function{
		"assumeequal":        define(cty.DynamicPseudoType, assumeEqual, whole("actual"), whole("expected")),
		"assumenotnull":      define(cty.DynamicPseudoType, assumeNotNull, open(anything("value"))),
		"assumestringprefix": define(cty.String, assumePrefix, open(text("string")), text("expected_prefix")),
	}
	for kind, t := range map[string]cty.Type{
		"list": cty.List(cty.DynamicPseudoType), "set": cty.Set(cty.DynamicPseudoType), "map": cty.Map(cty.DynamicPseudoType),
	} {
		p := open(function.Parameter{Name: kind, Type: t})
		name := "assume" + kind + "length"
		table[name] = define(cty.DynamicPseudoType, func(args []cty.Value) (cty.Value, error) { return assumeLength(args[0], args[1], args[2]) }, p, number("min"), number("max"))
		table[name+"min"] = define(cty.DynamicPseudoType, func(args []cty.Value) (cty.Value, error) { return assumeLength(args[0], args[1], cty.NilVal) }, p, number("min"))
		table[name+"max"] = define(cty.DynamicPseudoType, func(args []cty.Value) (cty.Value, error) { return assumeLength(args[0], cty.Zero, args[1]) }, p, number("max"))
	}
	return table
}

// open lets unknown values through.
func open(p function.Parameter) function.Parameter {
	p.AllowUnknown, p.AllowDynamicType = true, true
	return p
}

func assumeEqual(args []cty.Value) (cty.Value, error) {
	actual, _ := args[0].UnmarkDeep()
	expected, _ := args[1].UnmarkDeep()
	actual, err := convert.Convert(actual, expected.Type())
	if err != nil {
		return cty.NilVal, function.NewArgError(0, err)
	}
	if equal := actual.Equals(expected); equal.IsKnown() && equal.False() {
		return cty.NilVal, function.NewArgErrorf(0, "is not the expected value")
	}
	return args[1], nil
}

func assumeNotNull(args []cty.Value) (cty.Value, error) {
	if args[0].Type() == cty.DynamicPseudoType {
		return args[0], nil
	}
	return args[0].RefineNotNull(), nil
}

func assumePrefix(args []cty.Value) (cty.Value, error) {
	s, prefix := args[0], args[1].AsString()
	if !s.IsKnown() {
		if strings.HasPrefix(s.Range().StringPrefix(), prefix) {
			return s, nil
		}
		return s.Refine().StringPrefixFull(prefix).NewValue(), nil
	}
	if !strings.HasPrefix(s.AsString(), prefix) {
		return cty.NilVal, function.NewArgErrorf(0, "does not begin with %q", prefix)
	}
	return s, nil
}

// assumeLength takes no greatest length as cty.NilVal.
func assumeLength(v, least, most cty.Value) (cty.Value, error) {
	lo, hi := 0, maxElements
	if err := gocty.FromCtyValue(least, &lo); err != nil || lo < 0 || lo > maxElements {
		return cty.NilVal, function.NewArgErrorf(1, "must be a whole number from 0 to %d", maxElements)
	}
	if most != cty.NilVal {
		if err := gocty.FromCtyValue(most, &hi); err != nil || hi < lo || hi > maxElements {
			return cty.NilVal, function.NewArgErrorf(1, "must be a whole number from %d to %d", lo, maxElements)
		}
	}
	switch {
	case v.IsKnown():
		if n := v.LengthInt(); v.Length().IsKnown() && (n < lo || n > hi) {
			return cty.NilVal, function.NewArgErrorf(0, "has %d elements", n)
		}
		return v, nil
	case v.Type() == cty.DynamicPseudoType:
		return v, nil
	}
	refined := v.Refine().CollectionLengthLowerBound(lo)
	if most != cty.NilVal {
		refined = refined.CollectionLengthUpperBound(hi)
	}
	return refined.NewValue(), nil
}
