package functions

import (
	"errors"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func texts() map[string]function.Function {
	return map[string]function.Function{
		"chomp":       stdlib.ChompFunc,
		"endswith":    define(cty.Bool, textTest(strings.HasSuffix), text("str"), text("suffix")),
		"format":      checked(stdlib.FormatFunc, shortFormat),
		"formatlist":  checked(stdlib.FormatListFunc, shortFormat),
		"indent":      checked(stdlib.IndentFunc, shortIndent),
		"join":        checked(stdlib.JoinFunc, shortJoin),
		"lower":       stdlib.LowerFunc,
		"regex":       checked(stdlib.RegexFunc, shortMatch),
		"regexall":    checked(stdlib.RegexAllFunc, shortMatch),
		"replace":     define(cty.String, replace, text("str"), text("substr"), text("replace")),
		"split":       checked(stdlib.SplitFunc, shortSplit),
		"startswith":  startsWith(),
		"strcontains": define(cty.Bool, textTest(strings.Contains), text("str"), text("substr")),
		"strrev":      stdlib.ReverseFunc,
		"substr":      stdlib.SubstrFunc,
		"title":       stdlib.TitleFunc,
		"trim":        stdlib.TrimFunc,
		"trimprefix":  stdlib.TrimPrefixFunc,
		"trimspace":   stdlib.TrimSpaceFunc,
		"trimsuffix":  stdlib.TrimSuffixFunc,
		"upper":       stdlib.UpperFunc,
	}
}

func textTest(test func(s, part string) bool) func(args []cty.Value) (cty.Value, error) {
	return func(args []cty.Value) (cty.Value, error) {
		return cty.BoolVal(test(args[0].AsString(), args[1].AsString())), nil
	}
}

// startsWith also decides on a text of which only the beginning is known.
func startsWith() function.Function {
	str := text("str")
	str.AllowUnknown = true
	return define(cty.Bool, func(args []cty.Value) (cty.Value, error) {
		prefix := args[1].AsString()
		if args[0].IsKnown() {
			return cty.BoolVal(strings.HasPrefix(args[0].AsString(), prefix)), nil
		}
		known := args[0].Range().StringPrefix()
		if n := min(len(known), len(prefix)); known[:n] != prefix[:n] {
			return cty.False, nil
		}
		if len(known) >= len(prefix) {
			return cty.True, nil
		}
		return unknown(cty.Bool), nil
	}, str, text("prefix"))
}

// replace takes a substring between slashes as a regular expression.
func replace(args []cty.Value) (cty.Value, error) {
	s, old, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
	if len(old) < 2 || !strings.HasPrefix(old, "/") || !strings.HasSuffix(old, "/") {
		if len(s)+strings.Count(s, old)*len(with) > maxText {
			return cty.NilVal, errors.New("the result would be too long")
		}
		return cty.StringVal(strings.ReplaceAll(s, old, with)), nil
	}
	re, err := compile(old[1:len(old)-1], s)
	if err != nil {
		return cty.NilVal, function.NewArgError(1, err)
	}
	// What one group captures in all matches is never longer than the text.
	matches, groups := len(re.FindAllStringIndex(s, maxWork/(len(with)+1)+1)), strings.Count(with, "$")
	if len(s)*(groups+1)+matches*len(with) > maxWork {
		return cty.NilVal, errors.New("the result would be too long")
	}
	return cty.StringVal(re.ReplaceAllString(s, with)), nil
}
