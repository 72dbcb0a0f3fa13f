package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"merlon.dev/internal/cloud"
)

func sampleCompliance() *ComplianceReport {
	return &ComplianceReport{
		Tool:      Tool{Name: "merlon", Version: "0.1.0"},
		Source:    cloud.Source{Kind: "aws", Accounts: []cloud.AccountID{"111122223333"}, Regions: []cloud.Region{"eu-west-1", "us-east-1"}, ReadAt: readAt},
		Framework: "example-1.0", Title: "Example Benchmark", Version: "1.0",
		Requirements: []Requirement{
			{ID: "1.4", Title: "The root user has no access keys", Section: "Identity", Status: Satisfied, Rules: []string{"aws-iam-root-has-no-access-keys"}, Kind: "rules"},
			{ID: "1.10", Title: "Every user with a password has MFA", Section: "Identity", Status: NotAssessed, Why: "1 user could not be read: needs iam:ListMFADevices", Rules: []string{"aws-iam-user-console-has-mfa"}, Unknown: 1, Kind: "rules"},
			{ID: "1.18", Title: "Staff get access through single sign-on rather than through users of each account", Section: "Identity", Status: NotAssessed, Why: "process: no configuration tells", Kind: "process"},
			{ID: "2.1.4", Title: "Every bucket blocks public access", Section: "Storage", Status: NotSatisfied, Rules: []string{"aws-s3-bucket-blocks-public-access", "aws-s3-account-blocks-public-access"}, Failing: 9, Unknown: 1, Kind: "rules"},
		},
	}
}

func sampleDiff() *DiffReport {
	r := sample()
	r.Normalize()
	by := map[cloud.Ref]cloud.Finding{}
	for _, f := range r.Findings {
		by[f.Resource.Ref] = f
	}
	before := r.Source
	before.ReadAt = readAt.AddDate(0, 0, -7)
	logs := by["arn:aws:s3:::acme-audit-logs"].Resource
	return &DiffReport{
		Tool: r.Tool, Before: before, After: r.Source,
		Findings: FindingDiff{
			New:     []cloud.Finding{by["arn:aws:s3:::acme-team-2"], by["arn:aws:ec2:eu-west-1:444455556666:security-group/sg-0bastion"]},
			Fixed:   []cloud.Finding{by["arn:aws:s3:::acme-team-1"]},
			Changed: []FindingChange{{Was: cloud.Fail, Finding: by["arn:aws:iam::111122223333:user/ana"]}},
		},
		Resources: ResourceDiff{
			Added:   []cloud.Subject{by["arn:aws:s3:::acme-team-2"].Resource},
			Removed: []cloud.Subject{{Ref: "arn:aws:sqs:eu-west-1:444455556666:old", Kind: "AWS::SQS::Queue", Name: "old", Account: "444455556666", Region: "eu-west-1"}},
			Changed: []ResourceChange{{Resource: logs, Fields: []FieldChange{
				{Field: "versioning", Before: "Suspended", After: "Enabled"},
				{Field: "policy", Before: map[string]any{"Statement": 1}, AfterGap: &cloud.Gap{Reason: cloud.Denied, Permission: "s3:GetBucketPolicy"}},
			}}},
		},
		Unchanged: DiffUnchanged{Findings: 12, Resources: 211},
	}
}

func TestGoldenCompliance(t *testing.T) {
	for _, f := range ComplianceFormats() {
		golden(t, "comply."+string(f), renderCompliance(t, f, sampleCompliance(), Options{Width: 100}))
	}
}

func TestGoldenDiff(t *testing.T) {
	for _, f := range DiffFormats() {
		golden(t, "diff."+string(f), renderDiff(t, f, sampleDiff(), Options{Width: 100}))
	}
}

func TestComplianceCountsWhatItLists(t *testing.T) {
	c := sampleCompliance()
	c.Counts = ComplianceCounts{Satisfied: 99}
	c.Requirements = append(c.Requirements, Requirement{ID: "9", Status: "green"})
	c.Normalize()
	if want := (ComplianceCounts{Satisfied: 1, NotSatisfied: 1, NotAssessed: 3}); c.Counts != want {
		t.Errorf("counts %+v, want %+v: an unknown status is not assessed", c.Counts, want)
	}
}

// TestSARIFFollowsTheStandard checks what a schema cannot: only failures have a
// level, and every result names its own rule.
func TestSARIFFollowsTheStandard(t *testing.T) {
	for _, r := range []*Report{sample(), sampleCode()} {
		var log sarifLog
		if err := json.Unmarshal([]byte(render(t, SARIF, r, Options{})), &log); err != nil {
			t.Fatal(err)
		}
		run := log.Runs[0]
		if len(run.Results) != len(r.Findings) {
			t.Errorf("%d results of %d findings", len(run.Results), len(r.Findings))
		}
		kinds := map[string]int{}
		for _, res := range run.Results {
			kinds[res.Kind]++
			if (res.Kind == "fail") == (res.Level == "none") {
				t.Errorf("%s: kind %s with level %s", res.RuleID, res.Kind, res.Level)
			}
			if rule := run.Tool.Driver.Rules[res.RuleIndex]; rule.ID != res.RuleID {
				t.Errorf("result of %s points to rule %s", res.RuleID, rule.ID)
			}
			if len(res.Locations[0].LogicalLocations) != 1 || res.PartialFingerprints["merlon/v1"] == "" {
				t.Errorf("%s: no location or no fingerprint", res.RuleID)
			}
		}
		if kinds["open"] == 0 {
			t.Error("no unknown verdict is open")
		}
		if len(run.Invocations[0].Notifications) == 0 {
			t.Error("what was not seen is missing")
		}
	}
}

func TestOCSFNeverPassesAnUnknown(t *testing.T) {
	r := sample()
	events := strings.Split(strings.TrimSpace(render(t, OCSF, r, Options{})), "\n")
	want := map[cloud.Verdict][2]int{cloud.Fail: {3, 1}, cloud.Unknown: {0, 1}, cloud.Pass: {1, 1}, cloud.Suppressed: {3, 3}}
	for i, text := range events {
		var e ocsfEvent
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		v := r.Findings[i].Verdict
		if got := [2]int{e.Compliance.StatusID, e.StatusID}; got != want[v] {
			t.Errorf("%s: compliance and finding status %v, want %v", v, got, want[v])
		}
		if e.ClassUID*100+e.ActivityID != e.TypeUID || e.Time != readAt.UnixMilli() {
			t.Errorf("type %d, time %d", e.TypeUID, e.Time)
		}
		if v == cloud.Unknown && len(e.Compliance.StatusDetails) == 0 {
			t.Error("an unknown does not say what was missing")
		}
	}
}

// TestPageIsSelfContained checks that nothing in the page asks for anything
// outside it, and that its policy allows its own style and script.
func TestPageIsSelfContained(t *testing.T) {
	for name, page := range map[string]string{
		"report": render(t, HTML, sample(), Options{}),
		"comply": renderCompliance(t, HTML, sampleCompliance(), Options{}),
	} {
		if m := regexp.MustCompile(`(?i)(src|href|action|srcset|data|poster)\s*=\s*"?(https?:|//|[a-z]+\.)|@import|url\(|\bfetch\(|XMLHttpRequest|sendBeacon|\son[a-z]+="|\sstyle="`).FindString(page); m != "" {
			t.Errorf("%s: reaches out or escapes its policy: %s", name, m)
		}
		for element, directive := range map[string]string{"style": "style-src", "script": "script-src"} {
			m := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(page, -1)
			if len(m) != 1 {
				t.Fatalf("%s: %d %s elements", name, len(m), element)
			}
			if want := directive + " &#39;" + sourceHash(m[0][1]) + "&#39;"; !strings.Contains(page, want) {
				t.Errorf("%s: the policy lacks %s", name, want)
			}
		}
	}
}

func TestPageListsEveryFinding(t *testing.T) {
	r := sample()
	page := render(t, HTML, r, Options{})
	if got := strings.Count(page, `<details class="finding"`); got != len(r.Findings) {
		t.Errorf("%d findings in the page, %d in the report", got, len(r.Findings))
	}
	for _, want := range []string{
		"s3:GetBucketPublicAccessBlock", "rds:DescribeDBInstances", // what would help
		"public website, reviewed, by ana@acme.example, until 2026-06-30, in merlon.yaml:12",
		"prowler:s3_bucket_level_public_access_block",
		"aws-rds-instance-is-private", // not evaluated
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// A report that lists a part of the findings says so beside the sum of the run.
func TestPartOfTheFindings(t *testing.T) {
	part := func() *Report {
		r := sample()
		r.Normalize()
		r.Findings = r.Findings[:1]
		return r
	}
	for format, want := range map[Format]string{
		Table: "11 failed, 2 unknown, 1 suppressed, 1,402 passed  by 171 rules on 214 resources\nListed here: 1 failed\n",
		HTML:  "11 failures, 1 of them listed here.",
	} {
		if got := render(t, format, part(), Options{Width: 100}); !strings.Contains(got, want) {
			t.Errorf("%s lacks %q", format, want)
		}
	}
}

// A long table lists the resources of the worst rules only.
func TestLongTable(t *testing.T) {
	r := sample()
	one := r.Findings[len(r.Findings)-1]
	one.Severity = cloud.Low
	for i := range 100 {
		f := one
		f.Rule = fmt.Sprintf("aws-s3-claim-%d", i/2)
		r.Findings = append(r.Findings, f)
	}
	r.Coverage.Verdicts.Fail += 100
	long := render(t, Table, r, Options{Width: 100})
	golden(t, "long.table", long)
	const resource = "\n        " // below a rule, on a line without a verdict of its own
	if strings.Count(long, resource) != 7 || strings.Count(long, "aws-s3-claim-") != 50 {
		t.Error("want seven resources of critical and high rules, and each low rule once")
	}
	low := sample()
	low.Findings = r.Findings[len(r.Findings)-100:]
	if got := render(t, Table, low, Options{Width: 100}); strings.Count(got, resource) != 100 || strings.Count(got, "FAIL ") != 50 {
		t.Error("the only severity lists its resources")
	}
}

func TestServiceOfAFinding(t *testing.T) {
	for _, c := range []struct {
		rule string
		kind cloud.Kind
		want string
	}{
		{"aws-s3-bucket-is-private", "AWS::S3::Bucket", "S3"},
		{"aws-guardduty-region-is-watched", "AWS::Account::Region", "GuardDuty"},
		{"aws-iam-root-has-mfa", "AWS::Account", "IAM"},
		{"mine", "AWS::Account", "AWS::Account"},
	} {
		f := &cloud.Finding{Rule: c.rule, Resource: cloud.Subject{Kind: c.kind}}
		if got := service(f); got != c.want {
			t.Errorf("%s on %s: got %s, want %s", c.rule, c.kind, got, c.want)
		}
	}
}

// An account that refuses everything has a short table all the same.
func TestTableFoldsWhatWasNotSeen(t *testing.T) {
	r := empty()
	for i := range 100 {
		r.Coverage.Gaps = append(r.Coverage.Gaps, Gap{Kind: "AWS::S3::Bucket", Reason: cloud.Denied, Permission: fmt.Sprintf("s3:Get%03d", i)})
		r.Coverage.Rules.NotEvaluated = append(r.Coverage.Rules.NotEvaluated, NotEvaluated{Rule: fmt.Sprintf("aws-rule-%03d", i), Why: "denied"})
	}
	got := render(t, Table, r, Options{Width: 100})
	if n := strings.Count(got, "\n"); n > 40 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"+85 more: merlon scan aws --format json", "+95 more: merlon scan aws --format json", "100 rules not evaluated"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in\n%s", want, got)
		}
	}
}

// Who asked for less is told once, not rule by rule. The reason says so,
// whatever the message.
func TestFormsFoldWhatWasLeftOut(t *testing.T) {
	r := empty()
	for i := range 3 {
		r.Coverage.Rules.NotEvaluated = append(r.Coverage.Rules.NotEvaluated, NotEvaluated{Rule: fmt.Sprintf("aws-rule-%03d", i), Reason: cloud.LeftOut, Why: "not wanted"})
	}
	r.Coverage.Rules.NotEvaluated = append(r.Coverage.Rules.NotEvaluated, NotEvaluated{Rule: "aws-other", Reason: cloud.Denied, Why: "denied: left out by --accident"})
	for _, f := range []Format{Table, Markdown, HTML, SARIF} {
		got := render(t, f, r, Options{Width: 100})
		if !strings.Contains(got, "3 rules on what the command line left out") || strings.Contains(got, "aws-rule-") || !strings.Contains(got, "aws-other") {
			t.Errorf("%s:\n%s", f, got)
		}
	}
}

func TestHeadline(t *testing.T) {
	fail := func(s cloud.Severity) cloud.Finding { return cloud.Finding{Verdict: cloud.Fail, Severity: s} }
	for _, c := range []struct {
		want     string
		verdicts Verdicts
		findings []cloud.Finding
	}{
		{"Nothing was judged.", Verdicts{}, nil},
		{"Every claim that was judged holds.", Verdicts{Pass: 3}, nil},
		{"Nothing failed. 2 verdicts could not be reached.", Verdicts{Pass: 3, Unknown: 2}, nil},
		{"1 low failure.", Verdicts{Fail: 1}, []cloud.Finding{fail(cloud.Low)}},
		{"2 failures, 1 critical.", Verdicts{Fail: 2}, []cloud.Finding{fail(cloud.Critical), fail(cloud.Low)}},
		{"2 failures, 0 of them listed here.", Verdicts{Fail: 2}, nil},
	} {
		if got := headline(&Report{Coverage: Coverage{Verdicts: c.verdicts}, Findings: c.findings}); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestMarkdownFitsAComment(t *testing.T) {
	r := sample()
	one := r.Findings[0]
	one.Verdict = cloud.Fail
	for i := range 300 {
		f := one
		f.Rule = "aws-rule-" + strings.Repeat("x", i%60) + string(rune('a'+i/60))
		r.Findings = append(r.Findings, f)
	}
	got := render(t, Markdown, r, Options{})
	if utf8.RuneCountInString(got) > 65536 {
		t.Errorf("%d characters", len(got))
	}
	if !strings.Contains(got, " rules more") || !strings.Contains(got, "### Not seen") {
		t.Error("what was left out is not counted, or the gaps are lost")
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{line("a\nb\tc", 9), "a b c"},
		{line("a\x1bb", 99), `a\u{1b}b`},
		{line("häuser", 99), "häuser"},
		{line("abcdef", 3), "abc…"},
		{called(&cloud.Finding{Resource: cloud.Subject{Name: "i-1", Label: "web"}}), "i-1 (web)"},
		{facts([]cloud.Evidence{{Field: "a[0].b", Value: 1}, {Field: "a[0].c", Value: nil}, {Field: "d", Value: true}, {Field: "e", Value: true}}), "a[0]: b = 1, c not set; d = true; e = true"},
		{facts([]cloud.Evidence{{Field: "arn:aws:s3:::my.bucket b", Value: 1}, {Field: "arn:aws:s3:::my.bucket c", Value: 2}, {Field: "a.b", Value: 3}}), "arn:aws:s3:::my.bucket: b = 1, c = 2; a.b = 3"},
		{fit("abcdef", 4), "abc…"},
		{fit("日本語", 5), "日本…"},
		{fitMiddle("1234567890abcdef", 9), "1234…cdef"},
		{fitMiddle("1234567890abcdef", 0), "1234567890abcdef"},
		{strings.Join(wrap("one two  three", 7), "/"), "one two/three"},
		{strings.Join(wrap("onetwothree four", 5), "/"), "onet…/four"},
		{strings.Join(wrap("one two", 0), "/"), "one two"},
		{thousands(1234567), "1,234,567"},
		{thousands(999), "999"},
		{thousands(-1000), "-1,000"},
		{count(1, "policy"), "1 policy"},
		{count(2, "policy"), "2 policies"},
		{quoted("a b"), `"a b"`},
		{quoted("true"), `"true"`},
		{quoted(true), "true"},
		{quoted(nil), "null"},
		{ShellWord("a b'c"), `'a b'\''c'`},
		{ShellWord("aws-s3"), "aws-s3"},
		{cell("=1"), "'=1"},
		{cell("  =1"), "'  =1"},
		{cell("a=1"), "a=1"},
		{cell("-"), "'-"},
		{paragraph("a\n\nb \n"), "a\n\nb"},
		{jsonEscape(0x9b), `\u009b`},
		{jsonEscape(0xe0001), `\udb40\udc01`},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
