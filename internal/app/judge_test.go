package app_test

import (
	"bytes"
	"testing"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
	"merlon.dev/internal/testcloud"
)

// loaded returns the rule language and every built-in rule.
func loaded(t testing.TB) (*policy.Env, []*policy.Rule) {
	t.Helper()
	env, err := app.NewEnv()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := app.LoadRules(env)
	if err != nil {
		t.Fatal(err)
	}
	return env, rules
}

// TestSameSnapshotSameBytes judges one snapshot file a hundred times, each time
// read anew.
func TestSameSnapshotSameBytes(t *testing.T) {
	env, rules := loaded(t)
	var file bytes.Buffer
	if err := testcloud.Estate().Encode(&file); err != nil {
		t.Fatal(err)
	}
	var first []byte
	for i := range 100 {
		s, err := cloud.Decode(bytes.NewReader(file.Bytes()), aws.Kinds())
		if err != nil {
			t.Fatal(err)
		}
		j, err := app.Judge(env, rules, s, nil, app.Selection{All: true}, testcloud.Now())
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := report.Write(&out, report.JSON, j.Report, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = out.Bytes()
		}
		if !bytes.Equal(first, out.Bytes()) {
			t.Fatalf("run %d differs from the first", i+1)
		}
	}
}

// TestLeftOutIsNoGap: what the command line left out is the reason of rules that
// did not run, and not among what could not be read.
func TestLeftOutIsNoGap(t *testing.T) {
	env, rules := loaded(t)
	leftOut := &cloud.Gap{Reason: cloud.LeftOut, Message: "not wanted"}
	s := &cloud.Snapshot{Open: true, Collections: []cloud.Collection{{Kind: "AWS::SQS::Queue", Account: "111122223333", Regions: []cloud.Region{"eu-west-1"}, Gap: leftOut}}}
	j, err := app.Judge(env, rules, s, nil, app.Selection{Rules: []string{"aws-sqs-queue-is-encrypted"}}, testcloud.Now())
	if err != nil {
		t.Fatal(err)
	}
	c := j.Report.Coverage
	if len(c.Gaps) > 0 || len(c.Rules.NotEvaluated) != 1 || c.Rules.NotEvaluated[0].Reason != cloud.LeftOut {
		t.Errorf("gaps %+v, not evaluated %+v", c.Gaps, c.Rules.NotEvaluated)
	}
}

// TestCoverageByAccount: an account that refuses is there, with the reason.
func TestCoverageByAccount(t *testing.T) {
	env, rules := loaded(t)
	s := testcloud.Estate()
	const shut cloud.AccountID = "444444444444"
	refused := &aws.Account{Base: cloud.Base{Ref: "arn:aws:iam::444444444444:root", Name: "shut", Account: shut}}
	refused.SetGap(&cloud.Gap{Reason: cloud.Denied, Operation: "sts:AssumeRole", Permission: "sts:AssumeRole"}, cloud.Everything)
	s.Source.Accounts = append(s.Source.Accounts, shut)
	s.Resources = append(s.Resources, refused)
	j, err := app.Judge(env, rules, s, nil, app.Selection{}, testcloud.Now())
	if err != nil {
		t.Fatal(err)
	}
	sum := report.Verdicts{}
	for _, a := range j.Report.Coverage.Accounts {
		sum.Pass, sum.Fail, sum.Unknown = sum.Pass+a.Verdicts.Pass, sum.Fail+a.Verdicts.Fail, sum.Unknown+a.Verdicts.Unknown
		if a.Account == shut && (a.Why != "denied: sts:AssumeRole (needs sts:AssumeRole)" || a.Name != "shut" || a.Verdicts.Pass+a.Verdicts.Fail > 0 || a.Verdicts.Unknown == 0) {
			t.Errorf("the account that refused: %+v", a)
		}
		if a.Account != shut && (a.Why != "" || a.Resources < 10 || a.Verdicts.Fail == 0) {
			t.Errorf("an account that was read: %+v", a)
		}
	}
	if v := j.Report.Coverage.Verdicts; sum != v {
		t.Errorf("accounts add up to %+v, the report says %+v", sum, v)
	}
}
