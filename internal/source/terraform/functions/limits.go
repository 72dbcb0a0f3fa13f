package functions

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Code under review is not trusted to be reasonable: a few lines can ask for
// more than any machine has. A call that goes beyond these bounds is an error.
const (
	maxFile     = 1 << 20   // bytes of a file, a template or a document to decode
	maxText     = 16 << 20  // bytes of a text that a function returns
	maxWork     = 64 << 20  // bytes that format and replace may write before the result is looked at
	maxSize     = 32 << 20  // size of all arguments of a call together, see measure
	maxElements = 1_000_000 // elements of a collection that a function returns
	maxProduct  = 100_000   // combinations of setproduct
	maxDepth    = 128       // levels of a value or document
	maxExponent = 1 << 16   // binary exponent of a number, either way
	maxNumeral  = 10_000    // digits of a number in text
	maxMatching = 1 << 25   // steps of a pattern times bytes of the text it is applied to
)

// guarded puts the bounds that hold for every function around each, and gives
// each its second name.
func guarded(table map[string]function.Function) map[string]function.Function {
	out := make(map[string]function.Function, 2*len(table))
	for name, f := range table {
		f = guard(f)
		out[name], out["core::"+name] = f, f
	}
	return out
}

// guard refuses arguments and results that are too large, and names with its
// marks why a result is unknown where cty forgets to.
func guard(f function.Function) function.Function {
	return around(f, func(args []cty.Value) (cty.Value, error) {
		m := meter{left: maxSize}
		for i, arg := range args {
			if err := m.measure(arg, 0); err != nil {
				return cty.NilVal, function.NewArgError(i, err)
			}
		}
		v, err := f.Call(args)
		if err != nil {
			return cty.NilVal, err
		}
		if !v.IsKnown() && !v.IsMarked() {
			return v.WithMarks(marksOf(args)), nil
		}
		return v, boundedResult(v)
	})
}

// checked puts a check before a function. It sees arguments without marks, and
// only when each is known, though what is in them need not be.
func checked(f function.Function, check func(args []cty.Value) error) function.Function {
	return around(f, func(args []cty.Value) (cty.Value, error) {
		plain := make([]cty.Value, len(args))
		for i, arg := range args {
			plain[i], _ = arg.UnmarkDeep()
			if !plain[i].IsKnown() {
				return f.Call(args)
			}
		}
		if err := check(plain); err != nil {
			return cty.NilVal, err
		}
		return f.Call(args)
	})
}

// around is f with another body that sees the arguments as they come.
func around(f function.Function, impl func(args []cty.Value) (cty.Value, error)) function.Function {
	spec := &function.Spec{
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	}
	unrestricted := func(p function.Parameter) function.Parameter {
		p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
		return p
	}
	for _, p := range f.Params() {
		spec.Params = append(spec.Params, unrestricted(p))
	}
	if rest := f.VarParam(); rest != nil {
		spec.VarParam = optional(unrestricted(*rest))
	}
	return function.New(spec)
}

func marksOf(args []cty.Value) cty.ValueMarks {
	all := cty.ValueMarks{}
	for _, arg := range args {
		_, marks := arg.UnmarkDeep()
		for m := range marks {
			all[m] = struct{}{}
		}
	}
	return all
}

func boundedResult(v cty.Value) error {
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case !v.IsKnown() || v.IsNull():
	case t == cty.String && len(v.AsString()) > maxText:
		return fmt.Errorf("the result is longer than %d bytes", maxText)
	case (t.IsCollectionType() || t.IsTupleType()) && v.LengthInt() > maxElements:
		return fmt.Errorf("the result has more than %d elements", maxElements)
	}
	return nil
}

// A meter says when values are too large, too deep, or hold a number that
// takes too long to write. It counts what is shared each time it is met, as
// all that walks a value does.
type meter struct{ left int }

func (m *meter) measure(v cty.Value, depth int) error {
	v, _ = v.Unmark()
	m.left -= 64
	switch t := v.Type(); {
	case depth > maxDepth:
		return errors.New("the value is nested too deeply")
	case !v.IsKnown() || v.IsNull():
	case t == cty.String:
		if m.left -= len(v.AsString()); !utf8.ValidString(v.AsString()) {
			return errors.New("the text is not valid UTF-8")
		}
	case t == cty.Number:
		if e := v.AsBigFloat().MantExp(nil); e > maxExponent || e < -maxExponent {
			return errors.New("the number is out of range")
		}
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next() && m.left > 0; {
			key, e := it.Element()
			if err := m.measure(e, depth+1); err != nil {
				return err
			}
			if key.Type() == cty.String {
				if err := m.measure(key, depth+1); err != nil {
					return err
				}
			}
		}
	}
	if m.left <= 0 {
		return errors.New("the value is too large")
	}
	return nil
}

func shortNumeral(args []cty.Value) error {
	if v := args[0]; v.Type() == cty.String && len(v.AsString()) > maxNumeral {
		return function.NewArgErrorf(0, "the number has more than %d digits", maxNumeral)
	}
	return nil
}

func smallProduct(args []cty.Value) error {
	product := 1
	for _, set := range args {
		if t := set.Type(); !t.IsCollectionType() && !t.IsTupleType() {
			return nil
		}
		if product *= set.LengthInt(); product > maxProduct || product*len(args) > maxElements {
			return fmt.Errorf("more than %d combinations", maxProduct)
		}
	}
	return nil
}

// shortFormat adds up what format and formatlist could write at most.
func shortFormat(args []cty.Value) error {
	verbs, width := 0, 0
	for _, verb := range regexp.MustCompile(`%[^%a-zA-Z]*`).FindAllString(args[0].AsString(), -1) {
		verbs++
		for _, digits := range regexp.MustCompile(`\d+`).FindAllString(verb, -1) {
			n, err := strconv.Atoi(digits)
			if err != nil || n > maxText {
				return function.NewArgErrorf(0, "the width %s is too large", digits)
			}
			width += n
		}
	}
	rows, longest := 1, 0
	for _, arg := range args[1:] {
		if arg.Type().IsListType() || arg.Type().IsTupleType() {
			rows = max(rows, arg.LengthInt())
		}
		longest = max(longest, written(arg))
	}
	if line := len(args[0].AsString()) + width + verbs*longest; line > maxWork/rows {
		return errors.New("the result would be too long")
	}
	return nil
}

// written is how much format writes for a value at most: of a collection, all.
func written(v cty.Value) int {
	switch {
	case !v.IsKnown() || v.IsNull():
		return len("null")
	case v.Type() == cty.String:
		return len(v.AsString())
	case v.Type() == cty.Number:
		e := v.AsBigFloat().MantExp(nil)
		return 512 + max(e, -e)
	case v.CanIterateElements():
		n := 2
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			n += written(e) + 1
		}
		return n
	}
	return len("false")
}

func shortJoin(args []cty.Value) error {
	sep, n := len(args[0].AsString()), 0
	for _, list := range args[1:] {
		n += list.LengthInt() * sep
	}
	if n > maxText {
		return errors.New("the result would be too long")
	}
	return nil
}

func shortIndent(args []cty.Value) error {
	n, _ := args[0].AsBigFloat().Int64()
	if n < 0 || n > maxText || int(n)*strings.Count(args[1].AsString(), "\n") > maxText {
		return function.NewArgErrorf(0, "cannot indent by %d", n)
	}
	return nil
}

func shortSplit(args []cty.Value) error {
	if strings.Count(args[1].AsString(), args[0].AsString()) >= maxElements {
		return fmt.Errorf("the result has more than %d elements", maxElements)
	}
	return nil
}

// shortMatch bounds how long a pattern, the first argument, may work on a
// text, the second, and how much all its groups may capture.
func shortMatch(args []cty.Value) error {
	s := args[1].AsString()
	re, err := compile(args[0].AsString(), s)
	if err != nil {
		return function.NewArgError(0, err)
	}
	if groups := re.NumSubexp() + 1; groups*(len(s)+1) > maxElements && groups*len(re.FindAllStringIndex(s, maxElements)) >= maxElements {
		return errors.New("the pattern matches too often")
	}
	return nil
}

// compile reads a pattern that is to be applied to a text. A repetition of
// few letters can be a program of many steps.
func compile(pattern, s string) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	if len(program.Inst)*len(s) > maxMatching {
		return nil, errors.New("the pattern takes too long on a text of this length")
	}
	return regexp.Compile(pattern)
}
