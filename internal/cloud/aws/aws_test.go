package aws_test

import (
	"reflect"
	"testing"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// TestModelKeepsItsConventions checks every struct reachable from a kind
// against the conventions in the package comment.
func TestModelKeepsItsConventions(t *testing.T) {
	seen := map[reflect.Type]bool{}
	kinds := map[cloud.Kind]bool{}
	for _, r := range aws.Kinds() {
		if kinds[r.Kind()] {
			t.Errorf("%s is listed twice", r.Kind())
		}
		kinds[r.Kind()] = true
		rt := reflect.TypeOf(r).Elem()
		if f, ok := rt.FieldByName("Base"); !ok || !f.Anonymous {
			t.Errorf("%s does not embed cloud.Base", rt)
		}
		checkStruct(t, rt, seen)
	}
}

func checkStruct(t *testing.T, st reflect.Type, seen map[reflect.Type]bool) {
	if seen[st] {
		return
	}
	seen[st] = true
	if !reflect.PointerTo(st).Implements(reflect.TypeFor[cloud.Gapped]()) {
		t.Errorf("%s does not embed cloud.Object", st)
	}
	names := map[string]bool{"gaps": true, "origins": true, "kind": true}
	if _, ok := st.FieldByName("Base"); ok {
		for _, n := range []string{"ref", "name", "account", "region", "tags", "origin"} {
			names[n] = true
		}
	}
	for i := range st.NumField() {
		f := st.Field(i)
		if f.Anonymous {
			continue
		}
		name := cloud.FieldName(f)
		if name == "" || names[name] {
			t.Errorf("%s.%s: no json name, or one already taken: %q", st, f.Name, name)
		}
		names[name] = true
		checkField(t, st, f, seen)
	}
}

func checkField(t *testing.T, st reflect.Type, f reflect.StructField, seen map[reflect.Type]bool) {
	anyLink := reflect.TypeFor[cloud.AnyLink]()
	ft := f.Type
	if ft.Kind() == reflect.Slice {
		ft = ft.Elem()
		if f.Tag.Get("backlink") != "" && !reflect.PointerTo(ft).Implements(anyLink) {
			t.Errorf("%s.%s: a backlink is a slice of links", st, f.Name)
		}
	}
	switch {
	case reflect.PointerTo(ft).Implements(anyLink), ft == reflect.TypeFor[time.Time]():
	case ft.Kind() == reflect.Pointer && ft.Elem().Kind() == reflect.Struct:
		checkStruct(t, ft.Elem(), seen)
	case ft == reflect.TypeFor[map[string]string]():
	default:
		switch ft.Kind() {
		case reflect.Bool, reflect.String, reflect.Int, reflect.Float64:
		default:
			t.Errorf("%s.%s: a %s cannot be in the model", st, f.Name, f.Type)
		}
	}
}

func TestISOSeconds(t *testing.T) {
	for text, want := range map[string]int{"PT1H": 3600, "PT4H30M": 16200, "PT45S": 45, "PT12H": 43200} {
		if got := aws.ISOSeconds(text); got == nil || *got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, text := range []string{"", "1H", "P1D", "PT"} {
		if got := aws.ISOSeconds(text); got != nil {
			t.Errorf("%q: %d", text, *got)
		}
	}
}
