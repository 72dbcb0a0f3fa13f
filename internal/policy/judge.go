package policy

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"

	"merlon.dev/internal/cloud"
)

// with returns the environment of a rule about one type with these parameters,
// and a way to its tracing twin.
func (e *Env) with(resource reflect.Type, params map[string]any) (*cel.Env, func() (*cel.Env, error), error) {
	options := []cel.EnvOption{cel.Variable("resource", typeOf(resource))}
	for _, name := range sortedParams(params) {
		t, err := paramType(params[name])
		if err != nil {
			return nil, nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		options = append(options, cel.Variable("params."+name, t))
	}
	env, err := e.cel.Extend(options...)
	return env, func() (*cel.Env, error) { return e.tracing.Extend(options...) }, err
}

// Result is what rules say of a snapshot.
type Result struct {
	// Findings are the failed and unknown verdicts, and the passed ones when
	// asked for, sorted by severity, rule and ref.
	Findings []cloud.Finding
	// Verdicts counts all verdicts.
	Verdicts map[cloud.Verdict]int
	// Evaluated are the ids of the rules that gave a verdict, or would have:
	// everything they are about was listed.
	Evaluated []string
	// NotEvaluated are the rules that could not be judged at all.
	NotEvaluated []NotEvaluated
	// Tallies counts verdicts by rule, Accounts by account.
	Tallies  map[string]Tally
	Accounts map[cloud.AccountID]Tally
}

// NotEvaluated says why a rule gave no verdict.
type NotEvaluated struct {
	Rule string
	Why  string
	// Gap is what kept the resources from being listed.
	Gap *cloud.Gap
}

// Tally counts a rule's verdicts.
type Tally struct{ Pass, Fail, Unknown int }

func (t *Tally) add(v cloud.Verdict) {
	switch v {
	case cloud.Pass:
		t.Pass++
	case cloud.Fail:
		t.Fail++
	case cloud.Unknown:
		t.Unknown++
	}
}

// Judge runs every rule on every resource of its kind. The snapshot must be
// resolved.
func (e *Env) Judge(s *cloud.Snapshot, rules []*Rule, want Want) *Result {
	j := newJudge(e, s, want)
	parts := make([]*ruleResult, len(rules))
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, e.config.Workers))
	for i, r := range rules {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			parts[i] = j.judge(r)
		}()
	}
	wg.Wait()
	return j.merge(parts)
}

// Want says what a Result is to hold beside the tallies.
type Want int

const (
	TalliesOnly Want = iota // no findings: for those who only count
	Findings                // failed and unknown verdicts, explained
	Everything              // passed verdicts too
)

type judge struct {
	env      *Env
	s        *cloud.Snapshot
	want     Want
	byKind   map[cloud.Kind][]cloud.Resource
	accounts map[cloud.AccountID]cloud.Resource
	regions  map[place]cloud.Resource

	mu     sync.Mutex
	worlds map[cloud.Kind][]*world
}

func newJudge(e *Env, s *cloud.Snapshot, want Want) *judge {
	j := &judge{env: e, s: s, want: want, byKind: map[cloud.Kind][]cloud.Resource{}, worlds: map[cloud.Kind][]*world{}}
	for _, r := range s.Resources {
		j.byKind[r.Kind()] = append(j.byKind[r.Kind()], r)
	}
	j.findPlaces()
	return j
}

type place struct {
	account cloud.AccountID
	region  cloud.Region
}

type ruleResult struct {
	rule     *Rule
	findings []cloud.Finding
	tally    Tally
	accounts map[cloud.AccountID]Tally
	why      string
	gap      *cloud.Gap
	left     string // a field that code leaves to the provider
}

func (j *judge) findPlaces() {
	j.accounts, j.regions = map[cloud.AccountID]cloud.Resource{}, map[place]cloud.Resource{}
	for _, r := range j.byKind[j.env.config.Account.Kind()] {
		if old := j.accounts[r.Meta().Account]; old == nil || r.Meta().Context {
			j.accounts[r.Meta().Account] = r
		}
	}
	for _, r := range j.byKind[j.env.config.Region.Kind()] {
		if at := (place{r.Meta().Account, r.Meta().Region}); j.regions[at] == nil || r.Meta().Context {
			j.regions[at] = r
		}
	}
}

// worldsOf are what rules about a kind see: one world for each resource,
// without the parameters.
func (j *judge) worldsOf(kind cloud.Kind) []*world {
	j.mu.Lock()
	defer j.mu.Unlock()
	if ws, ok := j.worlds[kind]; ok {
		return ws
	}
	ws := make([]*world, 0, len(j.byKind[kind]))
	for _, r := range j.byKind[kind] {
		if !r.Meta().Context {
			ws = append(ws, j.world(r))
		}
	}
	j.worlds[kind] = ws
	return ws
}

func (j *judge) world(r cloud.Resource) *world {
	w := &world{resource: r, now: j.s.Source.ReadAt}
	m := r.Meta()
	if w.account = j.accounts[m.Account]; w.account == nil {
		w.account = unread(j.env.config.Account, cloud.Ref(m.Account))
	}
	if w.region = j.regions[place{m.Account, m.Region}]; w.region == nil {
		w.region = unread(j.env.config.Region, cloud.Ref(string(m.Account)+"/"+string(m.Region)))
	}
	return w.seenBy(j.env.model)
}

// unread is a stand-in for an account or region that is not in the snapshot.
func unread(like cloud.Resource, as cloud.Ref) cloud.Resource {
	stub := reflect.New(reflect.TypeOf(like).Elem()).Interface().(cloud.Resource)
	stub.Meta().Ref = as
	stub.Meta().SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: string(as) + " is not in the snapshot"}, cloud.Everything)
	return stub
}

func (j *judge) judge(rule *Rule) *ruleResult {
	out := &ruleResult{rule: rule, accounts: map[cloud.AccountID]Tally{}}
	params := rule.celParams()
	w := &world{}
	for _, seen := range j.worldsOf(rule.Kind) {
		*w = *seen
		w.params = params
		verdict := rule.verdict(w)
		if verdict == cloud.Unknown && j.s.Fragment {
			if field := j.leftToProvider(rule, w); field != "" {
				verdict, out.left = "", field
			}
		}
		if verdict == "" {
			continue
		}
		out.tally.add(verdict)
		account := out.accounts[w.resource.Meta().Account]
		account.add(verdict)
		out.accounts[w.resource.Meta().Account] = account
		if j.want == Everything || j.want == Findings && verdict != cloud.Pass {
			out.findings = append(out.findings, j.finding(rule, w, verdict))
		}
	}
	if out.tally == (Tally{}) && out.left != "" {
		out.gap = &cloud.Gap{Reason: cloud.NotInCode, Message: "code leaves " + out.left + " to the provider; a live scan reads it"}
		out.why = out.gap.Message
	} else if out.tally == (Tally{}) {
		out.gap = j.s.Unlisted(rule.Kind)
		if out.gap != nil {
			out.why = fmt.Sprintf("no %s could be listed: %s", rule.Kind, out.gap)
		}
	}
	return out
}

// leftToProvider tells an unknown that code could have decided from a question
// that code cannot answer at all: everything missing is left to the provider.
// Such a rule says nothing of code. It returns the first field that is missing.
func (j *judge) leftToProvider(rule *Rule, w *world) string {
	_, gaps := rule.explain(j.s, w, cloud.Unknown)
	for _, g := range gaps {
		if g.Reason != cloud.NotInCode {
			return ""
		}
	}
	if len(gaps) == 0 {
		return ""
	}
	return gaps[0].Field
}

// verdict judges one world; empty means that the rule does not apply.
func (r *Rule) verdict(w *world) cloud.Verdict {
	if r.when != nil {
		applies, unknown, err := run(r.when.prog, w)
		switch {
		case err != nil || unknown != nil:
			return cloud.Unknown
		case !applies:
			return ""
		}
	}
	ok, unknown, err := run(r.pass.prog, w)
	switch {
	case err != nil || unknown != nil:
		return cloud.Unknown
	case ok:
		return cloud.Pass
	}
	return cloud.Fail
}

func (j *judge) finding(rule *Rule, w *world, v cloud.Verdict) cloud.Finding {
	r := w.resource
	m := r.Meta()
	evidence, gaps := rule.explain(j.s, w, v)
	f := cloud.Finding{
		Rule: rule.ID, Aliases: slices.Clone(rule.Aliases), Title: rule.Title, Severity: rule.Severity, Why: rule.Why, Fix: rule.Fix,
		Verdict:  v,
		Resource: cloud.SubjectOf(r),
		Origin:   m.Origin,
		Evidence: evidence,
		Gaps:     gaps,
	}
	if f.Aliases == nil {
		f.Aliases = []string{}
	}
	f.Fingerprint = fingerprint(rule.ID, m)
	return f
}

// fingerprint identifies a finding by its rule and resource alone, so that it
// survives everything else changing.
func fingerprint(rule string, m *cloud.Base) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{rule, string(m.Account), string(m.Region), string(m.Ref)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

func (j *judge) merge(parts []*ruleResult) *Result {
	res := &Result{Verdicts: map[cloud.Verdict]int{}, Tallies: map[string]Tally{}, Accounts: map[cloud.AccountID]Tally{}, Findings: []cloud.Finding{}}
	for _, p := range parts {
		res.Findings = append(res.Findings, p.findings...)
		res.Verdicts[cloud.Pass] += p.tally.Pass
		res.Verdicts[cloud.Fail] += p.tally.Fail
		res.Verdicts[cloud.Unknown] += p.tally.Unknown
		res.Tallies[p.rule.ID] = p.tally
		for id, t := range p.accounts {
			sum := res.Accounts[id]
			sum.Pass, sum.Fail, sum.Unknown = sum.Pass+t.Pass, sum.Fail+t.Fail, sum.Unknown+t.Unknown
			res.Accounts[id] = sum
		}
		if p.gap != nil {
			res.NotEvaluated = append(res.NotEvaluated, NotEvaluated{Rule: p.rule.ID, Why: p.why, Gap: p.gap})
		} else {
			res.Evaluated = append(res.Evaluated, p.rule.ID)
		}
	}
	slices.Sort(res.Evaluated)
	slices.SortFunc(res.NotEvaluated, func(a, b NotEvaluated) int { return cmp.Compare(a.Rule, b.Rule) })
	slices.SortStableFunc(res.Findings, func(a, b cloud.Finding) int {
		return cmp.Or(cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Resource.Ref, b.Resource.Ref), cmp.Compare(a.Resource.Account, b.Resource.Account))
	})
	return res
}
