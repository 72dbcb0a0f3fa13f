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
	j := newJudge(e, s, TalliesOnly)
	k := j.newWorker()
	for _, subject := range j.byKind[kind] {
		w := k.world(subject)
		switch r.verdict(&w) {
		case cloud.Pass:
			holds = append(holds, subject)
		case cloud.Unknown:
			unknown = append(unknown, subject)
		}
	}
	return holds, unknown, nil
}
