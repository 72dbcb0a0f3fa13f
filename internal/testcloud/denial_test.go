package testcloud_test

import (
	"fmt"
	"testing"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/source/awsapi"
	"merlon.dev/internal/testcloud"
	"merlon.dev/internal/testcloud/proxy"
)

// isNotJudgedWithoutData refuses and breaks calls, and expects that verdicts
// become unknown at worst: nothing that passed fails, nothing that failed
// passes.
func (e *estate) isNotJudgedWithoutData(t *testing.T) {
	e.calm()
	production := awsapi.Config{RoleARN: fmt.Sprintf("arn:aws:iam::%s:role/OrganizationAccountAccessRole", e.poured.Accounts[testcloud.Production])}
	truth := e.judge(e.read(t, production))
	operations := e.proxy.Operations()
	if len(truth) < 100 || len(operations) < 50 {
		t.Fatalf("only %d verdicts from %d operations to compare with", len(truth), len(operations))
	}

	t.Run("every call refused", func(t *testing.T) {
		e.calm()
		e.proxy.On(proxy.Not(proxy.OfService("STS")), proxy.Refuse)
		s := e.read(t, production)
		s.Resolve()
		result := e.env.Judge(s, e.rules, policy.Everything)
		if n := result.Verdicts[cloud.Pass] + result.Verdicts[cloud.Fail]; n > 0 {
			t.Errorf("%d verdicts without any data: %v", n, result.Verdicts)
		}
		spoken := map[string]bool{}
		for _, f := range result.Findings {
			spoken[f.Rule] = true
			if len(f.Gaps) == 0 {
				t.Errorf("%s is unknown and does not say why", f.Rule)
			}
		}
		for _, n := range result.NotEvaluated {
			spoken[n.Rule] = true
			if n.Gap == nil || n.Gap.Permission == "" {
				t.Errorf("%s was not evaluated and names no permission: %s", n.Rule, n.Why)
			}
		}
		for _, r := range e.rules {
			if !spoken[r.ID] {
				t.Errorf("%s is silent", r.ID)
			}
		}
	})

	for name, broken := range map[string]struct {
		match func(proxy.Operation) bool
		fault proxy.Fault
	}{
		"all Get calls refused":      {both(proxy.Named("Get"), proxy.Not(proxy.OfService("STS"))), proxy.Refuse},
		"all Describe calls refused": {proxy.Named("Describe"), proxy.Refuse},
		"all List calls refused":     {proxy.Named("List"), proxy.Refuse},
		"answers cut short":          {both(proxy.Named("Get"), proxy.Not(proxy.OfService("STS"))), proxy.Truncate},
		"pages instead of answers":   {proxy.Named("List"), proxy.HTML(404)},
	} {
		t.Run(name, func(t *testing.T) {
			e.calm()
			e.proxy.On(broken.match, broken.fault)
			c := production
			c.CallTimeout = 2 * time.Second
			e.noFlip(t, truth, c)
		})
	}

	for _, op := range operations {
		if op.Service == "STS" {
			continue
		}
		t.Run(op.String()+" refused", func(t *testing.T) {
			e.calm()
			e.proxy.On(proxy.Only(op), proxy.Refuse)
			e.noFlip(t, truth, production)
		})
	}
}

func both(a, b func(proxy.Operation) bool) func(proxy.Operation) bool {
	return func(o proxy.Operation) bool { return a(o) && b(o) }
}

// noFlip scans and compares with the verdicts that full knowledge gave.
func (e *estate) noFlip(t *testing.T, truth map[claim]cloud.Finding, c awsapi.Config) {
	t.Helper()
	for c, got := range e.judge(e.read(t, c)) {
		was := truth[c].Verdict
		if got.Verdict != cloud.Unknown && was != "" && got.Verdict != was {
			t.Errorf("%s on %s %s: %s, was %s; evidence %v", c.rule, c.kind, c.label, got.Verdict, was, got.Evidence)
		}
	}
}
