package cloudformation_test

import (
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/cloudformation"
	"merlon.dev/internal/source/code"
)

// Every mapping takes a body that says nothing, one that may say anything, and one
// of which nothing is known.
func TestMappingsTakeAnything(t *testing.T) {
	hole := &code.Hole{Why: "variable x has no default"}
	seen := map[string]bool{}
	for _, m := range cloudformation.Mappings() {
		if seen[m.Type] {
			t.Errorf("%s is mapped twice", m.Type)
		}
		seen[m.Type] = true
		var rs []*code.Resource
		for i, body := range []code.Value{code.ObjectOf(nil, nil, nil), code.ObjectOf(nil, hole, nil), code.Unsure(hole, nil)} {
			rs = append(rs, &code.Resource{Type: m.Type, Address: cloud.Ref(m.Type + "." + string(rune('a'+i))), Body: body})
		}
		s := code.Build(code.Input{Resources: rs}, cloudformation.Mappings())
		s.Resolve()
	}
}
