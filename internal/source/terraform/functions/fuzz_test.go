package functions

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hcltest"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// FuzzFunctions calls the function that the first byte picks with values that
// the others spell. None may panic, and none may return what cty cannot hold.
func FuzzFunctions(f *testing.F) {
	table := Table(estate(), "app")
	maps.DeleteFunc(table, func(name string, _ function.Function) bool { return strings.HasPrefix(name, "core::") })
	names := slices.Sorted(maps.Keys(table))
	for i := range names {
		for _, args := range []string{"sa|sb|sc", "lsa|sb|;lsc|sd|;lsa|;", "osa|n1|sb|;sa|sz", "Mlsa|;n9|n9", "n5|n1|n3", "s10.0.0.0/8|n3|n1", "uSUD"} {
			f.Add(append([]byte{byte(i)}, args...))
		}
	}
	for _, args := range []string{
		"", "Ttn1|;eS", "UL", "STn1|;;", "sGhello|o;", "s${a}%{for x in a}|osa|;", "mlsa|;lsb|;;", "s/a(b)/|s$1|sx", "sA+|sUTF-16LE", "mn1|;uS",
		"s2018-01-02T23:12:01Z|s1h", "s%d-%s|n1|sx", "shello.txt", "sapp|s**", "s{\"a\":[1]}", "sa: &a b\nc: *a", "sa,b\n1,2",
	} {
		f.Add(append([]byte{0}, args...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		name := names[int(data[0])%len(names)]
		fn := table[name]
		r := &reader{data: data[1:]}
		var args []cty.Value
		for len(r.data) > 0 && len(args) < 8 {
			v := r.value(0)
			if decode := customdecode.CustomExpressionDecoderForType(parameterType(fn, len(args))); decode != nil {
				decoded, diags := decode(hcltest.MockExprLiteral(v), nil)
				if diags.HasErrors() {
					return
				}
				v = decoded
			}
			args = append(args, v)
		}
		got, err := fn.Call(args)
		if err != nil {
			return
		}
		if got == cty.NilVal {
			t.Fatalf("%s(%#v) returned nothing", name, args)
		}
		again, err := fn.Call(args)
		if err != nil || !again.RawEquals(got) {
			t.Fatalf("%s(%#v) is %#v, then %#v, %v", name, args, got, again, err)
		}
		if !got.IsKnown() && len(marksOf(args)) > 0 && !got.IsMarked() {
			t.Fatalf("%s(%#v) lost its marks", name, args)
		}
	})
}

func parameterType(fn function.Function, i int) cty.Type {
	if params := fn.Params(); i < len(params) {
		return params[i].Type
	}
	if rest := fn.VarParam(); rest != nil {
		return rest.Type
	}
	return cty.DynamicPseudoType
}

// A reader makes values of bytes: a letter for the kind, then what it takes.
type reader struct{ data []byte }

func (r *reader) next() byte {
	if len(r.data) == 0 {
		return '.'
	}
	c := r.data[0]
	r.data = r.data[1:]
	return c
}

func (r *reader) value(depth int) cty.Value {
	c := r.next()
	if depth > 6 {
		return cty.True
	}
	switch c {
	case 's':
		return cty.StringVal(r.text())
	case 'n':
		n, err := cty.ParseNumberVal(r.text())
		if err != nil {
			return cty.NumberFloatVal(float64(r.next()) / 4)
		}
		return n
	case 't':
		return cty.False
	case 'e':
		return cty.NullVal(r.kind())
	case 'u':
		return cty.UnknownVal(r.kind())
	case 'U':
		return cty.UnknownVal(r.kind()).Mark("why")
	case 'M':
		return r.value(depth + 1).Mark("why")
	case 'o':
		return cty.ObjectVal(r.members(depth))
	case 'm':
		if m := r.members(depth); cty.CanMapVal(m) && len(m) > 0 {
			return cty.MapVal(m)
		}
		return cty.MapValEmpty(cty.String)
	case 'l':
		if l := r.elements(depth); cty.CanListVal(l) && len(l) > 0 {
			return cty.ListVal(l)
		}
		return cty.ListValEmpty(cty.String)
	case 'S':
		if l := r.elements(depth); cty.CanSetVal(l) && len(l) > 0 {
			return cty.SetVal(l)
		}
		return cty.SetValEmpty(cty.Number)
	case 'T':
		return cty.TupleVal(r.elements(depth))
	}
	return cty.True
}

// text reads up to a bar.
func (r *reader) text() string {
	n := 0
	for n < len(r.data) && r.data[n] != '|' {
		n++
	}
	s := string(r.data[:n])
	r.data = r.data[min(n+1, len(r.data)):]
	return s
}

func (r *reader) kind() cty.Type {
	kinds := map[byte]cty.Type{'S': cty.String, 'N': cty.Number, 'B': cty.Bool, 'L': cty.List(cty.String), 'M': cty.Map(cty.String), 'O': cty.EmptyObject, 'X': cty.Set(cty.Number)}
	if t, ok := kinds[r.next()]; ok {
		return t
	}
	return cty.DynamicPseudoType
}

func (r *reader) elements(depth int) []cty.Value {
	var out []cty.Value
	for len(r.data) > 0 && r.data[0] != ';' && len(out) < 8 {
		out = append(out, r.value(depth+1))
	}
	r.next()
	return out
}

func (r *reader) members(depth int) map[string]cty.Value {
	out := map[string]cty.Value{}
	for i, v := range r.elements(depth) {
		out[string(rune('a'+i))] = v
	}
	return out
}
