package aws_test

import (
	"testing"

	"merlon.dev/internal/cloud/aws"
)

func TestScanFor(t *testing.T) {
	for _, test := range []struct {
		filter, name string
		want         bool
	}{
		{"*", "any", true}, {"app", "team/app-1", true}, {"app", "web", false}, {"team/*", "team/app", true}, {"team/*", "a/team/app", false},
		{"*app", "team/app", true}, {"*app", "team/app-1", false}, {"a*b*c", "axxbyyc", true}, {"a*b*c", "axxc", false},
	} {
		rules := []*aws.ScanRule{{Frequency: "MANUAL", Filters: []string{test.filter}}, {Frequency: "SCAN_ON_PUSH", Filters: []string{test.filter}}}
		if got := aws.ScanFor(rules, test.name); (got == "SCAN_ON_PUSH") != test.want {
			t.Errorf("%s on %s: want %v", test.filter, test.name, test.want)
		}
	}
}
