package functions

import (
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func times() map[string]function.Function {
	return map[string]function.Function{
		"formatdate": stdlib.FormatDateFunc,
		"timeadd":    stdlib.TimeAddFunc,
		"timecmp":    define(cty.Number, compareTimes, text("timestamp_a"), text("timestamp_b")),
	}
}

func compareTimes(args []cty.Value) (cty.Value, error) {
	var at [2]time.Time
	for i, arg := range args {
		t, err := time.Parse(time.RFC3339, arg.AsString())
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(i, "%q is not a timestamp of RFC 3339", arg.AsString())
		}
		at[i] = t
	}
	return cty.NumberIntVal(int64(at[0].Compare(at[1]))), nil
}
