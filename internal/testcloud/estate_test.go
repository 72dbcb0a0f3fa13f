package testcloud_test

import (
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/source/awsapi"
	"merlon.dev/internal/testcloud"
	"merlon.dev/internal/testcloud/emulator"
	"merlon.dev/internal/testcloud/pour"
	"merlon.dev/internal/testcloud/proxy"
)

// A difference is a verdict that the poured estate must give differently from
// the described one, because of what the emulator lacks.
type difference struct {
	rule  string // a pattern of path.Match
	label string // likewise
	want  cloud.Verdict
	why   string
}

// A subject is a resource as both copies of the estate know it.
type subject struct {
	account cloud.AccountID
	region  cloud.Region
	kind    cloud.Kind
	label   string
}

type claim struct {
	rule string
	subject
}

// TestPouredEstate scans the estate, poured into the emulator, through the real
// SDK: once as it is, and then with calls refused or broken.
func TestPouredEstate(t *testing.T) {
	e := pourEstate(t)
	t.Run("as described", e.isAsDescribed)
	t.Run("without data", e.isNotJudgedWithoutData)
}

// isAsDescribed expects, resource by resource, the verdicts that the
// description gets.
func (e *estate) isAsDescribed(t *testing.T) {
	described := e.judge(testcloud.Estate())
	scanned := e.judge(e.scan(t))
	holdsEveryPair(t, scanned)

	seen := map[difference]bool{}
	compare := func(c claim, want, got cloud.Finding) {
		if orNone(got.Verdict) == orNone(want.Verdict) {
			return
		}
		if d, ok := expected(c, orNone(got.Verdict)); ok {
			seen[d] = true
			return
		}
		if lacking(got) {
			return
		}
		t.Errorf("%s on %s %s (%s): described %s, scanned %s %v %v", c.rule, c.kind, c.label, c.account, orNone(want.Verdict), orNone(got.Verdict), got.Evidence, got.Gaps)
	}
	for c, want := range described {
		compare(c, want, scanned[c])
	}
	for c, got := range scanned {
		if _, there := described[c]; !there && e.known[c.subject] {
			compare(c, cloud.Finding{}, got)
		}
	}
	for _, d := range differences() {
		if !seen[d] {
			t.Errorf("the difference %s %s %s is not needed: %s", d.rule, d.label, d.want, d.why)
		}
	}
}

// lacking reports whether a verdict is unknown only because the emulator does
// not know a call or leaves a field out. That is what unknown is for.
func lacking(f cloud.Finding) bool {
	for _, g := range f.Gaps {
		if g.Reason != cloud.Unsupported && g.Reason != cloud.Missing && g.Reason != cloud.Failed {
			return false
		}
	}
	return f.Verdict == cloud.Unknown
}

// orNone is the verdict of a rule that says nothing of a resource.
func orNone(v cloud.Verdict) cloud.Verdict {
	if v == "" {
		return "none"
	}
	return v
}

func expected(c claim, got cloud.Verdict) (difference, bool) {
	for _, d := range differences() {
		rule, _ := path.Match(d.rule, c.rule)
		label, _ := path.Match(d.label, c.label)
		if rule && label && d.want == got {
			return d, true
		}
	}
	return difference{}, false
}

// estate is the company in an emulator, behind a proxy that remembers.
type estate struct {
	endpoint string
	proxy    *proxy.Proxy
	poured   *pour.Poured
	env      *policy.Env
	rules    []*policy.Rule
	known    map[subject]bool
}

// judged is the estate before it is poured: the rules alone.
func judged(t *testing.T) *estate {
	t.Helper()
	env, err := app.NewEnv()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := app.LoadRules(env)
	if err != nil {
		t.Fatal(err)
	}
	return &estate{poured: &pour.Poured{}, env: env, rules: rules, known: map[subject]bool{}}
}

func pourEstate(t *testing.T) *estate {
	t.Helper()
	server := emulator.Start(t)
	p, err := proxy.New(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	e := judged(t)
	e.endpoint, e.proxy = server.URL, p
	described := testcloud.Estate()
	for _, r := range described.Resources {
		e.known[subjectOf(r)] = true
	}
	if e.poured, err = pour.Estate(t.Context(), server.URL, p, described); err != nil {
		t.Fatal(err)
	}
	p.Remember()
	e.calm()
	return e
}

// calm takes back what a test did to the proxy. What stays is what the
// description says: two regions are enabled, and one policy is hidden.
func (e *estate) calm() {
	e.proxy.Clear()
	e.proxy.On(proxy.Named("DescribeRegions"), proxy.Reply("text/xml", regions))
	e.proxy.On(proxy.Named("GetBucketPolicy"), func(p *proxy.Proxy, r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Path, testcloud.HiddenBucket) {
			return proxy.Refuse(p, r)
		}
		return nil, nil
	})
}

const regions = `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>
<item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>
<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>
</regionInfo></DescribeRegionsResponse>`

// scan reads the whole organization.
func (e *estate) scan(t *testing.T) *cloud.Snapshot {
	t.Helper()
	return e.read(t, awsapi.Config{Org: true})
}

func (e *estate) read(t *testing.T, c awsapi.Config) *cloud.Snapshot {
	t.Helper()
	c.EndpointURL, c.Transport, c.MaxRate, c.Now = e.endpoint, e.proxy, 10000, time.Now
	s, err := awsapi.Read(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func subjectOf(r cloud.Resource) subject {
	m := r.Meta()
	label := testcloud.Label(r)
	switch r.(type) {
	case *aws.Account:
		label = "account"
	case *aws.Organization, *aws.Detector, *aws.SecurityHub, *aws.MacieSession, *aws.Inspector:
		label = "the only one" // of its kind in a place; its id is nobody's choice
	}
	return subject{m.Account, m.Region, r.Kind(), label}
}

// judge returns every verdict on every resource, pass included.
func (e *estate) judge(s *cloud.Snapshot) map[claim]cloud.Finding {
	s.Resolve()
	described := map[cloud.AccountID]cloud.AccountID{}
	for d, actual := range e.poured.Accounts {
		described[actual] = d
	}
	type owned struct {
		ref     cloud.Ref
		account cloud.AccountID
	}
	subjects := map[owned]subject{}
	for _, r := range s.Resources {
		sub := subjectOf(r)
		if d := described[sub.account]; d != "" {
			sub.account = d
		}
		subjects[owned{r.Meta().Ref, r.Meta().Account}] = sub
	}
	verdicts := map[claim]cloud.Finding{}
	for _, f := range e.env.Judge(s, e.rules, policy.Everything).Findings {
		verdicts[claim{f.Rule, subjects[owned{f.Resource.Ref, f.Resource.Account}]}] = f
	}
	return verdicts
}
