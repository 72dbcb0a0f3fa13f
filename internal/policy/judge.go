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
	"sync/atomic"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

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

func (t Tally) plus(u Tally) Tally {
	return Tally{Pass: t.Pass + u.Pass, Fail: t.Fail + u.Fail, Unknown: t.Unknown + u.Unknown}
}

// Judge runs every rule on every resource of its kind. The snapshot must be
// resolved.
func (e *Env) Judge(s *cloud.Snapshot, rules []*Rule, want Want) *Result {
	j := newJudge(e, s, want)
	portions := j.portions(rules)
	var taken atomic.Int64
	var wg sync.WaitGroup
	for range max(1, e.config.Workers) {
		wg.Go(func() {
			w := j.newWorker()
			for i := taken.Add(1); int(i) <= len(portions); i = taken.Add(1) {
				w.take(portions[i-1])
			}
		})
	}
	wg.Wait()
	return j.merge(rules, portions)
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
}

type place struct {
	account cloud.AccountID
	region  cloud.Region
}

func newJudge(e *Env, s *cloud.Snapshot, want Want) *judge {
	j := &judge{
		env: e, s: s, want: want, byKind: map[cloud.Kind][]cloud.Resource{},
		accounts: map[cloud.AccountID]cloud.Resource{}, regions: map[place]cloud.Resource{},
	}
	for _, r := range s.Resources {
		if !r.Meta().Context {
			j.byKind[r.Kind()] = append(j.byKind[r.Kind()], r)
		}
		j.findPlace(r)
	}
	return j
}

// findPlace notes an account or region that resources are in.
func (j *judge) findPlace(r cloud.Resource) {
	m := r.Meta()
	switch at := (place{m.Account, m.Region}); r.Kind() {
	case j.env.config.Account.Kind():
		if j.accounts[m.Account] == nil || m.Context {
			j.accounts[m.Account] = r
		}
	case j.env.config.Region.Kind():
		if j.regions[at] == nil || m.Context {
			j.regions[at] = r
		}
	}
}

// portion is some resources of one kind with all rules about that kind, and
// what came of judging them. It is what a worker takes at a time.
type portion struct {
	resources  []cloud.Resource
	rules      []question
	conditions int // how many distinct ones the rules have
	results    []ruleResult
	accounts   map[cloud.AccountID]Tally
}

// question is a rule as it is put to every resource of its kind.
type question struct {
	*Rule
	index     int            // of the rule among all rules
	params    map[string]any // as expressions see them
	condition int            // number of its `when` among the distinct ones of the kind
}

type ruleResult struct {
	findings []cloud.Finding
	tally    Tally
	left     string // a field that code leaves to the provider
}

// portionSize is small enough to leave no worker with a long tail of work.
const portionSize = 128

// portions cuts the work up, kind by kind. Each resource is put to all rules
// before the next has its turn: while it, and what was read of it, is at hand.
func (j *judge) portions(rules []*Rule) []*portion {
	var kinds []cloud.Kind
	about := map[cloud.Kind][]question{}
	for i, r := range rules {
		if about[r.Kind] == nil {
			kinds = append(kinds, r.Kind)
		}
		about[r.Kind] = append(about[r.Kind], question{Rule: r, index: i, params: r.celParams()})
	}
	var out []*portion
	for _, kind := range kinds {
		conditions := numberConditions(about[kind])
		for part := range slices.Chunk(j.byKind[kind], portionSize) {
			out = append(out, &portion{resources: part, rules: about[kind], conditions: conditions})
		}
	}
	return out
}

// numberConditions gives conditions that read alike one number, so that they
// are evaluated once for each resource. Those that mention a parameter differ.
func numberConditions(about []question) int {
	type reading struct {
		text string
		by   int
	}
	numbers := map[reading]int{}
	for i := range about {
		q := &about[i]
		r := reading{text: q.When}
		if strings.Contains(q.When, "params") {
			r.by = q.index + 1
		}
		if _, known := numbers[r]; !known {
			numbers[r] = len(numbers)
		}
		q.condition = numbers[r]
	}
	return len(numbers)
}

// worker judges portions. It keeps accounts and regions as rules see them: what
// is read of them is remembered there, so no two workers may share them.
type worker struct {
	*judge
	places map[place]world
	seen   map[cloud.Resource]ref.Val
}

func (j *judge) newWorker() *worker {
	return &worker{judge: j, places: map[place]world{}, seen: map[cloud.Resource]ref.Val{}}
}

func (k *worker) take(p *portion) {
	p.results, p.accounts = make([]ruleResult, len(p.rules)), map[cloud.AccountID]Tally{}
	applies := make([]cloud.Verdict, p.conditions)
	w := &world{}
	for _, r := range p.resources {
		*w = k.world(r)
		clear(applies)
		account := p.accounts[r.Meta().Account]
		for i, q := range p.rules {
			w.params = q.params
			if applies[q.condition] == "" {
				applies[q.condition] = q.applies(w)
			}
			out := &p.results[i]
			verdict := q.verdictIf(applies[q.condition], w)
			if verdict == cloud.Unknown && k.s.Fragment {
				if field := k.leftToProvider(q.Rule, w); field != "" {
					verdict, out.left = "", field
				}
			}
			if verdict == "" {
				continue
			}
			out.tally.add(verdict)
			account.add(verdict)
			if k.want == Everything || k.want == Findings && verdict != cloud.Pass {
				out.findings = append(out.findings, k.finding(q.Rule, w, verdict))
			}
		}
		p.accounts[r.Meta().Account] = account
	}
}

// world is what rules about a resource see, but for their parameters.
func (k *worker) world(r cloud.Resource) world {
	at := place{r.Meta().Account, r.Meta().Region}
	w, known := k.places[at]
	if !known {
		w = k.around(at)
		k.places[at] = w
	}
	w.resource, w.seen.resource = r, k.env.model.NativeToValue(r)
	return w
}

// around is the world of the resources of one place.
func (k *worker) around(at place) world {
	w := world{account: k.accounts[at.account], region: k.regions[at], now: k.s.Source.ReadAt}
	if w.account == nil {
		w.account = unread(k.env.config.Account, cloud.Ref(at.account))
	}
	if w.region == nil {
		w.region = unread(k.env.config.Region, cloud.Ref(string(at.account)+"/"+string(at.region)))
	}
	w.seen.account, w.seen.region = k.see(w.account), k.see(w.region)
	w.seen.now = types.Timestamp{Time: w.now}
	return w
}

// see wraps an account or region once.
func (k *worker) see(r cloud.Resource) ref.Val {
	if k.seen[r] == nil {
		k.seen[r] = k.env.model.NativeToValue(r)
	}
	return k.seen[r]
}

// unread is a stand-in for an account or region that is not in the snapshot.
func unread(like cloud.Resource, as cloud.Ref) cloud.Resource {
	stub := reflect.New(reflect.TypeOf(like).Elem()).Interface().(cloud.Resource)
	stub.Meta().Ref = as
	stub.Meta().SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: string(as) + " is not in the snapshot"}, cloud.Everything)
	return stub
}

// leftToProvider tells an unknown that code could have decided from a question
// that code cannot answer at all: everything missing is left to the provider,
// or belongs to a resource made elsewhere of which the code says nothing that
// matters here. Such a rule says nothing of code. It returns the first field
// that is missing.
func (j *judge) leftToProvider(rule *Rule, w *world) string {
	evidence, gaps := rule.explain(j.s, w, cloud.Unknown)
	block := cloud.Origin{}
	if at := w.resource.Meta().Origin; len(at) > 0 {
		block = at[0]
	}
	spoken := slices.ContainsFunc(evidence, func(e cloud.Evidence) bool {
		return e.Origin != nil && e.Origin.File != "" && *e.Origin != block
	})
	for _, g := range gaps {
		if g.Reason != cloud.NotInCode && (g.Reason != cloud.Elsewhere || spoken) {
			return ""
		}
	}
	if len(gaps) == 0 {
		return ""
	}
	return gaps[0].Field
}

// verdict judges one world; empty means that the rule does not apply.
func (r *Rule) verdict(w *world) cloud.Verdict { return r.verdictIf(r.applies(w), w) }

// applies says whether the rule's condition holds.
func (r *Rule) applies(w *world) cloud.Verdict {
	if r.when == nil {
		return cloud.Pass
	}
	return r.when.ask(w)
}

// verdictIf judges one world in which the answer of applies is known.
func (r *Rule) verdictIf(applies cloud.Verdict, w *world) cloud.Verdict {
	switch applies {
	case cloud.Pass:
		return r.pass.ask(w)
	case cloud.Fail:
		return ""
	}
	return cloud.Unknown
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

func (j *judge) merge(rules []*Rule, portions []*portion) *Result {
	res := &Result{Verdicts: map[cloud.Verdict]int{}, Tallies: map[string]Tally{}, Accounts: map[cloud.AccountID]Tally{}, Findings: []cloud.Finding{}}
	sums := make([]ruleResult, len(rules))
	for _, p := range portions {
		for i, q := range p.rules {
			part, sum := p.results[i], &sums[q.index]
			res.Findings = append(res.Findings, part.findings...)
			sum.tally = sum.tally.plus(part.tally)
			sum.left = cmp.Or(part.left, sum.left)
		}
		for id, t := range p.accounts {
			if t != (Tally{}) {
				res.Accounts[id] = res.Accounts[id].plus(t)
			}
		}
	}
	for i, r := range rules {
		sum := sums[i]
		res.Tallies[r.ID] = sum.tally
		res.Verdicts[cloud.Pass] += sum.tally.Pass
		res.Verdicts[cloud.Fail] += sum.tally.Fail
		res.Verdicts[cloud.Unknown] += sum.tally.Unknown
		if why, gap := j.unanswered(r, sum); gap != nil {
			res.NotEvaluated = append(res.NotEvaluated, NotEvaluated{Rule: r.ID, Why: why, Gap: gap})
		} else {
			res.Evaluated = append(res.Evaluated, r.ID)
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

// unanswered says what kept a rule from any verdict; nothing, when there was
// nothing to judge.
func (j *judge) unanswered(rule *Rule, sum ruleResult) (why string, gap *cloud.Gap) {
	if sum.tally != (Tally{}) {
		return "", nil
	}
	if sum.left != "" {
		gap = &cloud.Gap{Reason: cloud.NotInCode, Message: "code leaves " + sum.left + " to the provider; a live scan reads it"}
		return gap.Message, gap
	}
	if gap = j.s.Unlisted(rule.Kind); gap != nil {
		why = fmt.Sprintf("no %s could be listed: %s", rule.Kind, gap)
	}
	return why, gap
}
