package app_test

import (
	"strings"
	"testing"

	"merlon.dev/internal/app"
)

// TestRules runs every built-in rule's own examples, and the clause check: each
// operand and comparison of a rule is pinned by some example.
// Run one service with -run TestRules/aws/s3.
func TestRules(t *testing.T) {
	env, err := app.NewEnv()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := app.LoadRules(env)
	if err != nil {
		t.Error(err)
	}
	for _, r := range rules {
		t.Run(strings.TrimSuffix(r.File, ".yaml"), func(t *testing.T) {
			if err := r.Check(); err != nil {
				t.Error(err)
				for i := range r.Examples() {
					v, evidence, gaps := r.Explain(i)
					t.Logf("example %d: %s, evidence %v, gaps %v", i+1, v, evidence, gaps)
				}
				return
			}
			loose, err := r.Unpinned()
			if err != nil {
				t.Error(err)
			}
			for _, clause := range loose {
				t.Errorf("no example notices the rule %s", clause)
			}
		})
	}
}
