package policy_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/policy"
)

// A small model, so that the engine's tests do not move with the real one.
type (
	home struct {
		cloud.Base
		Open    bool               `json:"open"`
		Volumes []cloud.Link[disk] `json:"-" cel:"volumes" backlink:"@account"`
	}
	zone struct {
		cloud.Base
	}
	disk struct {
		cloud.Base
		Encrypted bool             `json:"encrypted"`
		Size      int              `json:"size"`
		Made      time.Time        `json:"made,omitzero"`
		Options   *options         `json:"options,omitempty"`
		Parts     []*part          `json:"parts,omitempty"`
		Words     []string         `json:"words,omitempty"`
		Copy      cloud.Link[disk] `json:"copy,omitzero"`
	}
	options struct {
		cloud.Object
		Tokens string `json:"tokens"`
	}
	part struct {
		cloud.Object
		ID        string `json:"id"`
		Encrypted bool   `json:"encrypted"`
	}
)

func (*home) Kind() cloud.Kind { return "T::Home" }
func (*zone) Kind() cloud.Kind { return "T::Zone" }
func (*disk) Kind() cloud.Kind { return "T::Disk" }

func newEnv(t testing.TB) *policy.Env {
	t.Helper()
	env, err := policy.NewEnv(policy.Config{
		Kinds:   []cloud.Resource{&disk{}, &home{}, &zone{}},
		Account: &home{}, Region: &zone{},
		Funcs: []policy.Func{{
			Name: "t.encrypted", Params: []reflect.Type{reflect.TypeFor[[]*part]()}, Result: reflect.TypeFor[bool](),
			Call: func(args []any) policy.Answer {
				l := args[0].(policy.List)
				for _, p := range l.Items.([]*part) {
					if !p.Encrypted {
						return policy.Answer{Value: false, Because: []policy.Fact{{Of: p, Field: "encrypted", Value: false}}}
					}
				}
				return policy.Answer{Value: true, Gap: l.Gap, Field: "parts"}
			},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func rule(pass, rest string) []byte {
	return []byte(fmt.Sprintf("id: t-disk-claim\ntitle: Claim\nseverity: low\nresource: T::Disk\npass: %s\nwhy: why\nfix: fix\n%s", pass, rest))
}

// TestGapsAreExact evaluates expressions over one disk with known fields, gaps
// and lists read in part.
func TestGapsAreExact(t *testing.T) {
	const given = `{encrypted: true, size: 3, words: [a, b], options: {tokens: required},
		parts: [{id: p0, encrypted: true}, {id: p1, gaps: {encrypted: denied}}], tags: {a: b}}`
	const hidden = `{gaps: {encrypted: denied, size: denied, words: partial, options: denied, parts: partial, tags: partial, copy: denied}, words: [a], parts: [{id: p0, encrypted: true}], tags: {a: b}}`
	for _, c := range []struct{ world, expr, want string }{
		{given, `resource.encrypted`, "pass"},
		{given, `resource.options.tokens == "required"`, "pass"},
		{given, `resource.parts.all(p, p.encrypted)`, "unknown"},
		{given, `resource.parts.exists(p, p.encrypted)`, "pass"},
		{given, `resource.parts.exists(p, !p.encrypted)`, "unknown"},
		{given, `resource.parts.all(p, p.id != "p0" && p.encrypted)`, "fail"},
		{given, `resource.parts.filter(p, p.encrypted).size() == 2`, "unknown"},
		{given, `resource.parts.filter(p, p.id == "p0").size() == 1`, "pass"},
		{given, `resource.parts.map(p, p.id) == ["p0", "p1"]`, "pass"},
		{given, `resource.parts.map(p, p.encrypted) == [true, true]`, "unknown"},
		{given, `resource.parts.exists_one(p, p.id == "p1")`, "pass"},
		{given, `resource.parts[0].encrypted`, "pass"},
		{given, `resource.parts[1].encrypted`, "unknown"},
		{given, `has(resource.options)`, "pass"},
		{given, `has(resource.options.tokens)`, "pass"},
		{given, `has(resource.copy)`, "fail"},
		{given, `has(resource.parts[1].encrypted)`, "unknown"},
		{given, `has(resource.tags.a) && !has(resource.tags.z)`, "pass"},
		{given, `"a" in resource.words && !("c" in resource.words)`, "pass"},
		{given, `resource.parts[0] in resource.parts`, "pass"},
		{given, `resource.parts[0] == resource.parts[1]`, "unknown"},
		{given, `resource.parts[1] == resource.parts[1]`, "pass"},
		{given, `resource.copy.encrypted`, "fail"},
		{given, `resource.copy.copy.options.tokens == ""`, "pass"},
		{given, `resource.tags["a"] == "b"`, "pass"},
		{given, `resource.tags[?"q"].orValue("none") == "none"`, "pass"},
		{given, `t.encrypted(resource.parts)`, "fail"},
		{given, `resource.made < now - duration("24h")`, "pass"},
		{given, `account.open`, "fail"},
		{given, `account.volumes.exists(v, v.encrypted)`, "pass"},
		{hidden, `resource.encrypted`, "unknown"},
		{hidden, `!resource.encrypted`, "unknown"},
		{hidden, `resource.encrypted || true`, "pass"},
		{hidden, `resource.encrypted && false`, "fail"},
		{hidden, `resource.size > 2 ? true : true`, "unknown"},
		{hidden, `resource.options.tokens == "x"`, "unknown"},
		{hidden, `has(resource.options)`, "unknown"},
		{hidden, `has(resource.options.tokens)`, "unknown"},
		{hidden, `has(resource.encrypted)`, "unknown"},
		{hidden, `resource.words.exists(w, w == "a")`, "pass"},
		{hidden, `resource.words.exists(w, w == "z")`, "unknown"},
		{hidden, `resource.words.all(w, w == "a")`, "unknown"},
		{hidden, `resource.words.all(w, w == "z")`, "fail"},
		{hidden, `"a" in resource.words`, "pass"},
		{hidden, `"z" in resource.words`, "unknown"},
		{hidden, `size(resource.words) == 1`, "unknown"},
		{hidden, `resource.words == ["a"]`, "unknown"},
		{hidden, `resource.words[0] == "a"`, "unknown"},
		{hidden, `resource.parts.all(p, !p.encrypted)`, "fail"},
		{hidden, `resource.parts.filter(p, p.encrypted).size() > 0`, "unknown"},
		{hidden, `has(resource.tags.a)`, "pass"},
		{hidden, `has(resource.tags.z)`, "unknown"},
		{hidden, `resource.tags[?"z"].orValue("none") == "none"`, "unknown"},
		{hidden, `"z" in resource.tags`, "unknown"},
		{hidden, `resource.tags.exists(k, k == "a")`, "pass"},
		{hidden, `resource.tags.all(k, k == "a")`, "unknown"},
		{hidden, `resource.copy.encrypted`, "unknown"},
		{hidden, `has(resource.copy)`, "unknown"},
		{hidden, `t.encrypted(resource.parts)`, "unknown"},
		{hidden, `resource == resource`, "pass"},
		{`{gaps: {copy: partial, encrypted: partial}}`, `resource.copy.encrypted || resource.encrypted`, "unknown"},
		{`{copy: elsewhere}`, `resource.copy.encrypted`, "unknown"},
		{`{copy: elsewhere}`, `resource.copy.ref == "elsewhere"`, "pass"},
		{`{copy: elsewhere}`, `has(resource.copy)`, "pass"},
		{`{gaps: {"*": denied}}`, `resource.encrypted || has(resource.copy)`, "unknown"},
	} {
		src := rule("'"+strings.ReplaceAll(c.expr, "'", "''")+"'", fmt.Sprintf("tests: [{want: %s, given: %s}]\n", c.want, c.world))
		r, err := newEnvOnce(t).Compile("t.yaml", src)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if err := r.Check(); err != nil {
			v, e, g := r.Explain(0)
			t.Errorf("%s: %v (%s %v %v)", c.expr, err, v, e, g)
		}
		if c.want == "unknown" {
			if _, _, gaps := r.Explain(0); len(gaps) == 0 || gaps[0].Reason == cloud.Failed && !strings.Contains(c.expr, "[0]") {
				t.Errorf("%s: unknown without naming a gap: %v", c.expr, gaps)
			}
		}
	}
}

var sharedEnv *policy.Env

func newEnvOnce(t testing.TB) *policy.Env {
	if sharedEnv == nil {
		sharedEnv = newEnv(t)
	}
	return sharedEnv
}

func TestCompileErrorsNameThePlace(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"misspelt field", string(rule("resource.encryptd", "")), "t.yaml:5:15: undefined field 'encryptd'\n  resource.encryptd\n          ^"},
		{"misspelt field in a comprehension", string(rule("|\n  resource.parts.all(p,\n    p.encrypt)", "")), "t.yaml:7:6: undefined field 'encrypt'\n    p.encrypt)\n     ^"},
		{"not a bool", string(rule("resource.size", "")), "t.yaml:5:7: the expression gives a int; it must give a bool"},
		{"unknown key", string(rule("resource.encrypted", "sevrity: low\n")), "t.yaml: line 8: field sevrity not found"},
		{"no such kind", strings.Replace(string(rule("true", "")), "T::Disk", "T::Disc", 1), `no resource kind "T::Disc"`},
		{"bad severity", strings.Replace(string(rule("true", "")), "low", "mild", 1), `severity "mild"`},
		{"misspelt field in an example", string(rule("resource.encrypted", "tests: [{name: x, want: pass, given: {encryptd: true}}]\n")), `test "x": given: unknown field "encryptd"`},
		{"a condition that looks at nothing", string(rule("resource.parts.exists(p, true)", "")), "t.yaml:5: the condition on p never looks at p"},
		{"dyn", string(rule("dyn(resource).encrypted", "")), "undeclared reference to 'dyn'"},
		{"alias bomb", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nparams: {x: *f}\n", "t.yaml: "},
	} {
		r, err := newEnvOnce(t).Compile("t.yaml", []byte(c.src))
		if err == nil {
			err = r.Check()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

func TestClauseCheckFindsWhatNoExamplePins(t *testing.T) {
	pinned := `tests:
  - {want: pass, given: {encrypted: true, size: 5}}
  - {want: fail, given: {encrypted: false, size: 5}}
  - {want: fail, given: {encrypted: true, size: 1}}
`
	r, err := newEnvOnce(t).Compile("t.yaml", rule("resource.encrypted && resource.size > 3", pinned))
	if err != nil {
		t.Fatal(err)
	}
	if loose, err := r.Unpinned(); err != nil || len(loose) != 0 {
		t.Errorf("all is pinned, got %q, %v", loose, err)
	}
	r, err = newEnvOnce(t).Compile("t.yaml", rule("resource.parts.all(p, p.encrypted || p.id == 'x') && resource.size > 3", "tests: [{want: fail, given: {size: 1}}, {want: pass, given: {size: 9}}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	loose, err := r.Unpinned()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(loose, "; "); !strings.Contains(got, "without p.encrypted") || !strings.Contains(got, `the opposite of p.id == "x"`) || strings.Contains(got, "size") {
		t.Errorf("loose: %s", got)
	}
}

func TestEvidenceIsWhatDecided(t *testing.T) {
	for _, c := range []struct{ expr, given, want string }{
		{"resource.encrypted && resource.size > 3", "{size: 5}", "encrypted=false"},
		{"resource.encrypted && resource.size > 3", "{encrypted: true, size: 1}", "size=1"},
		{"resource.encrypted || resource.size > 3", "{size: 1}", "encrypted=false size=1"},
		{"resource.parts.all(p, p.encrypted)", "{parts: [{encrypted: true}, {encrypted: false}, {encrypted: false}]}", "parts[1].encrypted=false"},
		{"resource.parts.exists(p, p.encrypted)", "{}", "parts=[]"},
		{"has(resource.options)", "{}", "options=<nil>"},
		{"resource.options.tokens == 'required'", "{options: {tokens: optional}}", "options.tokens=optional"},
		{"account.open", "{}", "account.open=false"},
		{"t.encrypted(resource.parts)", "{parts: [{encrypted: true}, {encrypted: false}]}", "parts[1].encrypted=false"},
	} {
		r, err := newEnvOnce(t).Compile("t.yaml", rule(`"`+c.expr+`"`, fmt.Sprintf("tests: [{want: fail, given: %s}]\n", c.given)))
		if err != nil {
			t.Fatal(err)
		}
		_, evidence, _ := r.Explain(0)
		var got []string
		for _, e := range evidence {
			got = append(got, fmt.Sprintf("%s=%v", e.Field, e.Value))
		}
		if s := strings.Join(got, " "); !strings.HasPrefix(s, c.want) || strings.Count(s, "=") > strings.Count(c.want, "=")+1 {
			t.Errorf("%s on %s: evidence %s, want %s", c.expr, c.given, s, c.want)
		}
	}
}
