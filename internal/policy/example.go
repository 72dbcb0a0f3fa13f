package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"merlon.dev/internal/cloud"
)

// exampleFile is one entry of a rule's tests, as written.
type exampleFile struct {
	Name    string           `yaml:"name"`
	Want    string           `yaml:"want"`
	Given   map[string]any   `yaml:"given"`
	Account map[string]any   `yaml:"account"`
	Region  map[string]any   `yaml:"region"`
	With    []map[string]any `yaml:"with"`
	Params  map[string]any   `yaml:"params"`
	Now     time.Time        `yaml:"now"`
}

// example is a small world with the verdict the rule must give in it.
type example struct {
	name  string
	want  cloud.Verdict // empty: the rule does not apply
	world *world
}

const (
	exampleAccount cloud.AccountID = "111122223333"
	exampleRegion  cloud.Region    = "eu-west-1"
)

func (e *Env) examples(r *Rule, in []exampleFile) ([]example, error) {
	var out []example
	for i, x := range in {
		if x.Name == "" {
			x.Name = fmt.Sprintf("test %d", i+1)
		}
		ex, err := e.example(r, x)
		if err != nil {
			return nil, fmt.Errorf("test %q: %w", x.Name, err)
		}
		out = append(out, ex)
	}
	return out, nil
}

func (e *Env) example(r *Rule, x exampleFile) (example, error) {
	ex := example{name: x.Name, want: cloud.Verdict(x.Want)}
	switch x.Want {
	case "pass", "fail", "unknown":
	case "none":
		ex.want = ""
	default:
		return ex, fmt.Errorf("want %q is none of pass, fail, unknown, none", x.Want)
	}
	s := &cloud.Snapshot{Source: cloud.Source{Kind: "example", ReadAt: defaultNow}}
	if !x.Now.IsZero() {
		s.Source.ReadAt = x.Now
	}
	subject, err := e.build(s, r.Kind, x.Given, "the-resource")
	if err != nil {
		return ex, fmt.Errorf("given: %w", err)
	}
	account, err := e.place(s, e.config.Account, subject, x.Account, exampleAccount, "")
	if err != nil {
		return ex, fmt.Errorf("account: %w", err)
	}
	region, err := e.place(s, e.config.Region, subject, x.Region, exampleAccount, exampleRegion)
	if err != nil {
		return ex, fmt.Errorf("region: %w", err)
	}
	for i, fields := range x.With {
		kind, _ := fields["kind"].(string)
		rest := map[string]any{}
		for k, v := range fields {
			if k != "kind" {
				rest[k] = v
			}
		}
		if _, err := e.build(s, cloud.Kind(kind), rest, fmt.Sprintf("with-%d", i+1)); err != nil {
			return ex, fmt.Errorf("with, entry %d: %w", i+1, err)
		}
	}
	s.Resolve()
	params := map[string]any{}
	for k, v := range r.Params {
		params[k] = v
	}
	for k, v := range x.Params {
		if _, ok := params[k]; !ok {
			return ex, fmt.Errorf("no parameter %q", k)
		}
		params[k] = v
	}
	w := &world{
		resource: subject, account: account, region: region, now: s.Source.ReadAt,
		params: (&Rule{Params: params}).celParams(),
	}
	ex.world = w.seenBy(e.model)
	return ex, nil
}

// place builds the account or region of an example, unless the subject is it.
func (e *Env) place(s *cloud.Snapshot, like, subject cloud.Resource, fields map[string]any, account cloud.AccountID, region cloud.Region) (cloud.Resource, error) {
	if subject.Kind() == like.Kind() {
		if fields != nil {
			return nil, errors.New("the resource itself is it: use given")
		}
		return subject, nil
	}
	r, err := e.build(s, like.Kind(), fields, "the-place")
	if err != nil {
		return nil, err
	}
	r.Meta().Account, r.Meta().Region = account, region
	return r, nil
}

// build decodes one resource of an example and adds it to its world.
func (e *Env) build(s *cloud.Snapshot, kind cloud.Kind, fields map[string]any, ref string) (cloud.Resource, error) {
	t := e.kinds[kind]
	if t == nil {
		return nil, fmt.Errorf("no resource kind %q", kind)
	}
	r := reflect.New(t.Elem()).Interface().(cloud.Resource)
	if err := decode(fields, r); err != nil {
		var typo *json.UnmarshalTypeError
		if errors.As(err, &typo) {
			return nil, fmt.Errorf("%s: a %s where a %s belongs", typo.Field, typo.Value, typo.Type)
		}
		return nil, errors.New(trimJSON(err))
	}
	m := r.Meta()
	if m.Ref == "" {
		m.Ref = cloud.Ref(ref)
	}
	if m.Account == "" {
		m.Account = exampleAccount
	}
	if m.Region == "" {
		m.Region = exampleRegion
	}
	s.Resources = append(s.Resources, r)
	return r, nil
}

func trimJSON(err error) string {
	const prefix = "json: "
	s := err.Error()
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		s = s[len(prefix):]
	}
	return s
}

// Check runs the rule's examples and returns an error that names the first one
// that cannot be built, or gives another verdict than it should.
func (r *Rule) Check() error {
	tests, err := r.tests()
	if err != nil {
		return err
	}
	for _, ex := range tests {
		got := r.verdict(ex.world)
		if got == ex.want {
			continue
		}
		return fmt.Errorf("test %q: got %s, want %s", ex.name, orNone(got), orNone(ex.want))
	}
	return nil
}

// Explain says what the rule found in its n'th example, for people who debug a
// rule.
func (r *Rule) Explain(n int) (cloud.Verdict, []cloud.Evidence, []cloud.FieldGap) {
	tests, err := r.tests()
	if err != nil {
		return cloud.Unknown, nil, []cloud.FieldGap{{Reason: cloud.Malformed, Message: err.Error()}}
	}
	ex := tests[n]
	v := r.verdict(ex.world)
	evidence, gaps := r.explain(&cloud.Snapshot{}, ex.world, v)
	return v, evidence, gaps
}

func orNone(v cloud.Verdict) cloud.Verdict {
	if v == "" {
		return "none"
	}
	return v
}
