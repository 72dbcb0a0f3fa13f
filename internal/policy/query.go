package policy

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"merlon.dev/internal/cloud"
)

// Query returns the resources of a kind for which the expression holds, and
// those for which that cannot be known. The snapshot must be resolved.
func (e *Env) Query(s *cloud.Snapshot, kind cloud.Kind, expr string) (holds, unknown []cloud.Resource, err error) {
	t := e.kinds[kind]
	if t == nil {
		return nil, nil, fmt.Errorf("no resource kind %q; `merlon rule kinds` lists them", kind)
	}
	env, tracing, err := e.with(t, nil)
	if err != nil {
		return nil, nil, err
	}
	pass, err := compile(env, tracing, "expression", []byte(expr), &yaml.Node{Value: expr, Line: 1, Column: 1})
	if err != nil {
		return nil, nil, err
	}
	r := &Rule{ID: "query", Kind: kind, env: e, pass: pass}
	j := &judge{env: e, s: s, byKind: map[cloud.Kind][]cloud.Resource{}}
	for _, res := range s.Resources {
		j.byKind[res.Kind()] = append(j.byKind[res.Kind()], res)
	}
	j.findPlaces()
	for _, res := range j.byKind[kind] {
		switch r.verdict(j.world(r, nil, res)) {
		case cloud.Pass:
			holds = append(holds, res)
		case cloud.Unknown:
			unknown = append(unknown, res)
		}
	}
	return holds, unknown, nil
}
