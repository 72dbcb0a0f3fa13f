package policy_test

import "testing"

// FuzzCompile holds the reader of rules to errors: whatever it is given, it
// neither panics nor hangs, and what compiles can be judged.
func FuzzCompile(f *testing.F) {
	f.Add(rule("resource.parts.all(p, p.encrypted)", "tests: [{want: pass, given: {parts: [{encrypted: true}]}}]\n"))
	f.Add(rule("has(resource.options) ? resource.size in [1, 2] : account.volumes.exists(v, v.encrypted)", "params: {days: 3, words: [a]}\nwhen: params.days > 2\n"))
	f.Add([]byte("id: a-b\npass: |\n  x\n"))
	f.Add([]byte("&a [*a]"))
	env := newEnv(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := env.Compile("fuzz.yaml", src)
		if err != nil {
			return
		}
		if r.Check() == nil {
			for i := range r.Examples() {
				r.Explain(i)
			}
		}
	})
}
