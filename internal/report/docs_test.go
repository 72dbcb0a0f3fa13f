package report

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// Every field of every report is in docs/json.md.
func TestContractIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(ty reflect.Type) {
		switch ty.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(ty.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[ty] {
			return
		}
		seen[ty] = true
		for i := range ty.NumField() {
			f := ty.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			if !strings.Contains(string(doc), "`"+name+"`") {
				t.Errorf("%s.%s: docs/json.md does not say what `%s` is", ty, f.Name, name)
			}
			walk(f.Type)
		}
	}
	for _, v := range []any{Report{}, ComplianceReport{}, DiffReport{}} {
		walk(reflect.TypeOf(v))
	}
}
