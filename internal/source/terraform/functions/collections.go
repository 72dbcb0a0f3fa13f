package functions

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func collections() map[string]function.Function {
	anyList := cty.List(cty.DynamicPseudoType)
	return map[string]function.Function{
		"alltrue":      define(cty.Bool, decideAll(cty.False), function.Parameter{Name: "list", Type: cty.List(cty.Bool)}),
		"anytrue":      define(cty.Bool, decideAll(cty.True), function.Parameter{Name: "list", Type: cty.List(cty.Bool)}),
		"chunklist":    stdlib.ChunklistFunc,
		"coalesce":     variadic(coalesce, whole("vals")),
		"coalescelist": stdlib.CoalesceListFunc,
		"compact":      stdlib.CompactFunc,
		"concat":       stdlib.ConcatFunc,
		"contains":     stdlib.ContainsFunc,
		"distinct":     define(cty.DynamicPseudoType, distinct, function.Parameter{Name: "list", Type: anyList}),
		"element":      stdlib.ElementFunc,
		"flatten":      stdlib.FlattenFunc,
		"index":        define(cty.Number, index, anything("list"), anything("value")),
		"keys":         stdlib.KeysFunc,
		"length":       define(cty.Number, length, whole("value")),
		"list":         variadic(list, whole("vals")),
		"lookup":       variadic(lookup, whole("default"), whole("map"), whole("key")),
		"map":          variadic(mapOf, whole("vals")),
		"matchkeys": define(cty.DynamicPseudoType, matchKeys,
			function.Parameter{Name: "values", Type: anyList}, function.Parameter{Name: "keys", Type: anyList}, function.Parameter{Name: "searchset", Type: anyList}),
		"merge":     stdlib.MergeFunc,
		"one":       define(cty.DynamicPseudoType, one, anything("list")),
		"range":     stdlib.RangeFunc,
		"reverse":   stdlib.ReverseListFunc,
		"slice":     stdlib.SliceFunc,
		"sort":      stdlib.SortFunc,
		"sum":       define(cty.Number, sum, anything("list")),
		"transpose": define(cty.Map(cty.List(cty.String)), transpose, function.Parameter{Name: "values", Type: cty.Map(cty.List(cty.String))}),
		"values":    stdlib.ValuesFunc,
		"zipmap":    stdlib.ZipmapFunc,
	}
}

// variadic makes a function of any number of last arguments and any result.
func variadic(impl func(args []cty.Value) (cty.Value, error), rest function.Parameter, first ...function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params:   first,
		VarParam: &rest,
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	})
}

// anything is a parameter of any type whose value is known.
func anything(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType}
}

// decideAll looks for the element that decides alone: false for alltrue, true
// for anytrue. An unknown element keeps the answer open where none does.
func decideAll(decides cty.Value) func(args []cty.Value) (cty.Value, error) {
	return func(args []cty.Value) (cty.Value, error) {
		result := decides.Not()
		for it := args[0].ElementIterator(); it.Next(); {
			_, v := it.Element()
			switch {
			case !v.IsKnown():
				result = unknown(cty.Bool)
			case v.IsNull() && decides.False(), !v.IsNull() && v.RawEquals(decides):
				return decides, nil
			}
		}
		return result, nil
	}
}

// coalesce answers as soon as the arguments before the chosen one are known.
func coalesce(args []cty.Value) (cty.Value, error) {
	types := make([]cty.Type, len(args))
	for i, arg := range args {
		types[i] = arg.Type()
	}
	t, _ := convert.UnifyUnsafe(types)
	if t == cty.NilType {
		return cty.NilVal, errors.New("all arguments must have the same type")
	}
	for i, arg := range args {
		v, err := convert.Convert(arg, t)
		if err != nil {
			return cty.NilVal, function.NewArgError(i, err)
		}
		plain, marks := v.Unmark()
		switch {
		case !plain.IsKnown():
			if r := plain.Range(); r.DefinitelyNotNull() && (t != cty.String || r.StringPrefix() != "") {
				return v, nil
			}
			return cty.UnknownVal(t).WithMarks(marks), nil
		case plain.IsNull(), t == cty.String && plain.AsString() == "":
		default:
			return v, nil
		}
	}
	return cty.NilVal, errors.New("no argument is neither null nor an empty string")
}

func distinct(args []cty.Value) (cty.Value, error) {
	list := args[0]
	if !list.IsWhollyKnown() {
		return cty.UnknownVal(list.Type()), nil
	}
	seen := map[int][]cty.Value{}
	var kept []cty.Value
next:
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		hash := v.Hash()
		for _, other := range seen[hash] {
			if v.RawEquals(other) {
				continue next
			}
		}
		seen[hash] = append(seen[hash], v)
		kept = append(kept, v)
	}
	return listOf(list.Type().ElementType(), kept), nil
}

func listOf(t cty.Type, elements []cty.Value) cty.Value {
	if len(elements) == 0 {
		return cty.ListValEmpty(t)
	}
	return cty.ListVal(elements)
}

func index(args []cty.Value) (cty.Value, error) {
	if t := args[0].Type(); !t.IsListType() && !t.IsTupleType() {
		return cty.NilVal, function.NewArgErrorf(0, "must be a list or tuple")
	}
	for it := args[0].ElementIterator(); it.Next(); {
		i, v := it.Element()
		equal, err := stdlib.Equal(v, args[1])
		switch {
		case err != nil:
			return cty.NilVal, err
		case !equal.IsKnown():
			return unknown(cty.Number), nil
		case equal.True():
			return i, nil
		}
	}
	return cty.NilVal, errors.New("item not found")
}

// length counts what its type tells, even when no element is known.
func length(args []cty.Value) (cty.Value, error) {
	v, marks := args[0].Unmark()
	var n cty.Value
	switch t := v.Type(); {
	case v.IsNull():
		return cty.NilVal, function.NewArgErrorf(0, "argument must not be null")
	case t == cty.DynamicPseudoType:
		n = unknown(cty.Number)
	case t.IsTupleType():
		n = cty.NumberIntVal(int64(t.Length()))
	case t.IsObjectType():
		n = cty.NumberIntVal(int64(len(t.AttributeTypes())))
	case t == cty.String:
		count, err := stdlib.Strlen(v)
		if err != nil {
			return cty.NilVal, err
		}
		n = count
	case t.IsCollectionType():
		n = v.Length()
	default:
		return cty.NilVal, function.NewArgErrorf(0, "must be a string, a collection type, or a structural type")
	}
	return n.WithMarks(marks), nil
}

// list is gone since Terraform 0.15; old code still means this.
func list(args []cty.Value) (cty.Value, error) {
	if len(args) == 0 {
		return cty.NilVal, errors.New("at least one argument is required")
	}
	return convert.Convert(cty.TupleVal(args), cty.List(cty.DynamicPseudoType))
}

// mapOf is the map function, gone since Terraform 0.15.
func mapOf(args []cty.Value) (cty.Value, error) {
	if len(args) == 0 || len(args)%2 != 0 {
		return cty.NilVal, errors.New("requires an even number of two or more arguments")
	}
	object := map[string]cty.Value{}
	var keyMarks []cty.ValueMarks
	for i := 0; i < len(args); i += 2 {
		key, err := convert.Convert(args[i], cty.String)
		if err != nil {
			return cty.NilVal, function.NewArgError(i, err)
		}
		key, marks := key.Unmark()
		keyMarks = append(keyMarks, marks)
		if !key.IsKnown() {
			return cty.DynamicVal.WithMarks(keyMarks...), nil
		}
		object[key.AsString()] = args[i+1]
	}
	m, err := convert.Convert(cty.ObjectVal(object), cty.Map(cty.DynamicPseudoType))
	if err != nil {
		return cty.NilVal, err
	}
	return m.WithMarks(keyMarks...), nil
}

// lookup needs to know the one element only. Without a default it is an index.
func lookup(args []cty.Value) (cty.Value, error) {
	if len(args) > 3 {
		return cty.NilVal, fmt.Errorf("takes two or three arguments, got %d", len(args))
	}
	m, mapMarks := args[0].Unmark()
	key, keyMarks := args[1].Unmark()
	t := m.Type()
	if t != cty.DynamicPseudoType && !t.IsMapType() && !t.IsObjectType() {
		return cty.NilVal, function.NewArgErrorf(0, "must be a map or an object")
	}
	key, err := convert.Convert(key, cty.String)
	if err != nil || key.IsNull() || m.IsNull() {
		return cty.NilVal, errors.New("the key must be a string, and neither it nor the map null")
	}
	fallback, err := lookupDefault(args, t)
	if err != nil {
		return cty.NilVal, err
	}
	open := cty.DynamicPseudoType
	if t.IsMapType() {
		open = t.ElementType()
	}
	var v cty.Value
	switch {
	case !key.IsKnown() || t == cty.DynamicPseudoType:
		v = cty.UnknownVal(open)
	case t.IsObjectType() && t.HasAttribute(key.AsString()):
		v = m.GetAttr(key.AsString())
	case t.IsMapType() && !m.IsKnown():
		v = cty.UnknownVal(open)
	case t.IsMapType() && m.HasIndex(key).True():
		v = m.Index(key)
	case fallback == cty.NilVal:
		return cty.NilVal, fmt.Errorf("there is no element %q and no default", key.AsString())
	default:
		v = fallback
	}
	return v.WithMarks(mapMarks, keyMarks), nil
}

// lookupDefault is what to answer with where the key is not there, or cty.NilVal.
func lookupDefault(args []cty.Value, t cty.Type) (cty.Value, error) {
	if len(args) < 3 {
		return cty.NilVal, nil
	}
	if !t.IsMapType() {
		return args[2], nil
	}
	v, err := convert.Convert(args[2], t.ElementType())
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(2, "the default must have the type of the map's elements: %s", err)
	}
	return v, nil
}

func matchKeys(args []cty.Value) (cty.Value, error) {
	values, keys, search := args[0], args[1], args[2]
	t := values.Type()
	switch {
	case !keys.IsWhollyKnown() || !search.IsWhollyKnown():
		return cty.UnknownVal(t), nil
	case values.LengthInt() != keys.LengthInt():
		return cty.NilVal, errors.New("length of keys and values should be equal")
	case keys.LengthInt()*search.LengthInt() > 10*maxElements:
		return cty.NilVal, errors.New("the lists are too long")
	}
	wanted := search.AsValueSlice()
	var kept []cty.Value
	vs, ks := values.AsValueSlice(), keys.AsValueSlice()
	for i, key := range ks {
		for _, w := range wanted {
			equal, err := stdlib.Equal(key, w)
			if err != nil {
				return cty.NilVal, err
			}
			if equal.True() {
				kept = append(kept, vs[i])
				break
			}
		}
	}
	return listOf(t.ElementType(), kept), nil
}

func one(args []cty.Value) (cty.Value, error) {
	v := args[0]
	t := v.Type()
	if !t.IsListType() && !t.IsSetType() && !t.IsTupleType() {
		return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple value")
	}
	switch v.LengthInt() {
	case 0:
		if t.IsTupleType() {
			return cty.NullVal(cty.DynamicPseudoType), nil
		}
		return cty.NullVal(t.ElementType()), nil
	case 1:
		return v.AsValueSlice()[0], nil
	}
	if n := v.Length(); !n.IsKnown() {
		return cty.UnknownVal(t.ElementType()), nil
	}
	return cty.NilVal, function.NewArgErrorf(0, "must have either zero or one elements")
}

func sum(args []cty.Value) (cty.Value, error) {
	v := args[0]
	if t := v.Type(); !t.IsListType() && !t.IsSetType() && !t.IsTupleType() {
		return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple of numbers")
	}
	if v.LengthInt() == 0 {
		return cty.NilVal, function.NewArgErrorf(0, "cannot sum an empty list")
	}
	total := cty.Zero
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		n, err := convert.Convert(e, cty.Number)
		if err != nil || n.IsNull() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple of numbers")
		}
		total = total.Add(n)
	}
	return total, nil
}

func transpose(args []cty.Value) (cty.Value, error) {
	if !args[0].IsWhollyKnown() {
		return unknown(args[0].Type()), nil
	}
	byValue := map[string][]cty.Value{}
	for it := args[0].ElementIterator(); it.Next(); {
		key, list := it.Element()
		if list.IsNull() {
			return cty.NilVal, function.NewArgErrorf(0, "element %q is null", key.AsString())
		}
		for in := list.ElementIterator(); in.Next(); {
			_, v := in.Element()
			if v.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "element %q holds null", key.AsString())
			}
			byValue[v.AsString()] = append(byValue[v.AsString()], key)
		}
	}
	if len(byValue) == 0 {
		return cty.MapValEmpty(cty.List(cty.String)), nil
	}
	out := map[string]cty.Value{}
	for v, keys := range byValue {
		out[v] = cty.ListVal(keys)
	}
	return cty.MapVal(out), nil
}
