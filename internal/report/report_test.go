package report

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"merlon.dev/internal/cloud"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var readAt = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// sample is a small live estate: every verdict, gaps of fields and of lists, a
// suppression, more resources under one rule than the table shows.
func sample() *Report {
	until := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	block := cloud.Finding{
		Rule:     "aws-s3-bucket-blocks-public-access",
		Aliases:  []string{"prowler:s3_bucket_level_public_access_block", "checkov:CKV_AWS_53", "fsbp:S3.8"},
		Title:    "Bucket blocks public access",
		Severity: cloud.High,
		Why:      "One wrong policy or ACL makes everything in the bucket readable from the internet. The block stops that mistake before it counts.",
		Fix:      "aws s3api put-public-access-block --bucket NAME --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true\nTerraform: aws_s3_bucket_public_access_block with all four attributes true.",
	}
	bucket := func(name, account, region string, v cloud.Verdict) cloud.Finding {
		f := block
		f.Verdict = v
		f.Resource = cloud.Subject{Ref: cloud.Ref("arn:aws:s3:::" + name), Kind: "AWS::S3::Bucket", Name: name, Account: cloud.AccountID(account), Region: cloud.Region(region)}
		f.Fingerprint = fmt.Sprintf("%x", []byte(name))
		switch v {
		case cloud.Unknown:
			f.Gaps = []cloud.FieldGap{{Field: "public_access_block", Reason: cloud.Denied, Operation: "s3:GetPublicAccessBlock", Permission: "s3:GetBucketPublicAccessBlock", Message: "AccessDenied: not authorized"}}
		default:
			f.Evidence = []cloud.Evidence{
				{Field: "public_access_block.block_public_policy", Value: v == cloud.Pass, Origin: &cloud.Origin{Call: "s3:GetPublicAccessBlock"}},
				{Field: "arn:aws:iam::111122223333:root public_access_block", Value: nil, Origin: &cloud.Origin{Call: "s3control:GetPublicAccessBlock"}},
			}
		}
		return f
	}
	accepted := bucket("acme-website", "444455556666", "eu-west-1", cloud.Suppressed)
	accepted.Suppression = &cloud.Suppression{Reason: "public website, reviewed", By: "ana@acme.example", Until: &until, Where: "merlon.yaml:12"}

	findings := []cloud.Finding{
		accepted,
		bucket("acme-audit-logs", "111122223333", "us-east-1", cloud.Pass),
		bucket("acme-raw-events", "444455556666", "eu-west-1", cloud.Unknown),
		{
			Rule: "aws-ec2-security-group-no-ssh-from-internet", Aliases: []string{"prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22"},
			Title: "SSH is not open to the internet", Severity: cloud.Critical, Verdict: cloud.Fail,
			Why: "Password guessing against an open SSH port starts within minutes of the instance.", Fix: "aws ec2 revoke-security-group-ingress --group-id ID --protocol tcp --port 22 --cidr 0.0.0.0/0",
			Resource: cloud.Subject{Ref: "arn:aws:ec2:eu-west-1:444455556666:security-group/sg-0bastion", Kind: "AWS::EC2::SecurityGroup", Name: "sg-0bastion", Label: "bastion", Account: "444455556666", Region: "eu-west-1"},
			Evidence: []cloud.Evidence{
				{Field: "ingress[2].from_port", Value: 22, Origin: &cloud.Origin{Call: "ec2:DescribeSecurityGroups"}},
				{Field: "ingress[2].cidrs", Value: []any{"0.0.0.0/1", "128.0.0.0/1"}, Origin: &cloud.Origin{Call: "ec2:DescribeSecurityGroups"}},
			},
			Fingerprint: "a1b2c3",
		},
		{
			Rule: "aws-iam-user-console-has-mfa", Title: "Console users have MFA", Severity: cloud.Critical, Verdict: cloud.Unknown,
			Why: "A password alone is phished or reused.", Fix: "aws iam enable-mfa-device ...",
			Resource:    cloud.Subject{Ref: "arn:aws:iam::111122223333:user/ana", Kind: "AWS::IAM::User", Name: "ana", Account: "111122223333"},
			Gaps:        []cloud.FieldGap{{Field: "mfa_devices", Reason: cloud.Denied, Permission: "iam:ListMFADevices"}},
			Fingerprint: "d4e5f6",
		},
		{
			Rule: "aws-kms-key-rotates", Title: "Key rotates every year", Severity: cloud.Medium, Verdict: cloud.Fail,
			Why: "Rotation bounds how much one leaked key opens.", Fix: "aws kms enable-key-rotation --key-id ID",
			Resource:    cloud.Subject{Ref: "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab", Kind: "AWS::KMS::Key", Name: "1234abcd-12ab-34cd-56ef-1234567890ab", Account: "444455556666", Region: "eu-west-1"},
			Evidence:    []cloud.Evidence{{Field: "rotation_enabled", Value: false, Origin: &cloud.Origin{Call: "kms:GetKeyRotationStatus"}}},
			Fingerprint: "0a0b0c",
		},
	}
	for i := range 9 {
		findings = append(findings, bucket(fmt.Sprintf("acme-team-%d", i+1), []string{"444455556666", "777788889999"}[i%2], "eu-west-1", cloud.Fail))
	}
	return &Report{
		Tool:   Tool{Name: "merlon", Version: "0.1.0"},
		Source: cloud.Source{Kind: "aws", Accounts: []cloud.AccountID{"111122223333", "444455556666", "777788889999"}, Regions: []cloud.Region{"eu-west-1", "us-east-1"}, ReadAt: readAt},
		Coverage: Coverage{
			Resources: 214,
			Kinds:     map[cloud.Kind]int{"AWS::S3::Bucket": 12, "AWS::EC2::SecurityGroup": 31, "AWS::IAM::User": 4, "AWS::KMS::Key": 6},
			Verdicts:  Verdicts{Pass: 1402, Fail: 11, Unknown: 2, Suppressed: 1},
			Rules: Rules{Evaluated: 171, NotEvaluated: []NotEvaluated{
				{Rule: "aws-rds-instance-is-private", Reason: cloud.Denied, Why: "AWS::RDS::DBInstance could not be listed: denied, needs rds:DescribeDBInstances"},
			}},
			Gaps: []Gap{
				{Ref: "arn:aws:s3:::acme-raw-events", Kind: "AWS::S3::Bucket", Field: "public_access_block", Reason: cloud.Denied, Permission: "s3:GetBucketPublicAccessBlock", Message: "AccessDenied: not authorized", Count: 1},
				{Ref: "arn:aws:iam::111122223333:user/ana", Kind: "AWS::IAM::User", Field: "mfa_devices", Reason: cloud.Denied, Permission: "iam:ListMFADevices", Message: "AccessDenied", Count: 1},
				{Ref: "arn:aws:rds:eu-west-1:444455556666", Kind: "AWS::RDS::DBInstance", Reason: cloud.Denied, Permission: "rds:DescribeDBInstances", Message: "AccessDenied"},
				{Ref: "arn:aws:rds:us-east-1:444455556666", Kind: "AWS::RDS::DBInstance", Reason: cloud.Denied, Permission: "rds:DescribeDBInstances", Message: "AccessDenied"},
				{Ref: "arn:aws:macie2:us-east-1:111122223333", Kind: "AWS::Macie::Session", Reason: cloud.Unreachable, Message: "dial tcp: no such host"},
			},
		},
		Findings: findings,
	}
}

// sampleCode is a small report on code.
func sampleCode() *Report {
	return &Report{
		Tool:   Tool{Name: "merlon", Version: "0.1.0"},
		Source: cloud.Source{Kind: "terraform", Paths: []string{"infra/live"}, ReadAt: readAt},
		Coverage: Coverage{
			Resources: 2,
			Kinds:     map[cloud.Kind]int{"AWS::S3::Bucket": 2},
			Verdicts:  Verdicts{Pass: 1, Fail: 1, Unknown: 1},
			Rules:     Rules{Evaluated: 171},
			Skipped:   []cloud.Skipped{{Path: "infra/live/legacy.tf", Line: 40, Why: "provider google is not supported"}},
		},
		Findings: []cloud.Finding{
			{
				Rule: "aws-s3-bucket-encrypts-with-kms", Title: "Bucket encrypts with a KMS key", Severity: cloud.Low, Verdict: cloud.Unknown,
				Why: "A key of your own can be revoked.", Fix: "Terraform: aws_s3_bucket_server_side_encryption_configuration",
				Resource:    cloud.Subject{Ref: "module.data.aws_s3_bucket.raw", Kind: "AWS::S3::Bucket", Name: "raw"},
				Origin:      []cloud.Origin{{File: "infra/modules/data/main.tf", Line: 3, EndLine: 9}, {File: "infra/live/main.tf", Line: 21, EndLine: 25}},
				Gaps:        []cloud.FieldGap{{Field: "encryption.kms_key", Reason: cloud.Computed}},
				Fingerprint: "ff02",
			},
			{
				Rule: "aws-s3-bucket-blocks-public-access", Title: "Bucket blocks public access", Severity: cloud.High, Verdict: cloud.Fail,
				Aliases: []string{"checkov:CKV_AWS_53"}, Why: "One wrong policy makes the bucket public.", Fix: "Terraform: aws_s3_bucket_public_access_block with all four attributes true.",
				Resource:    cloud.Subject{Ref: "module.data.aws_s3_bucket.raw", Kind: "AWS::S3::Bucket", Name: "raw"},
				Origin:      []cloud.Origin{{File: "infra/modules/data/main.tf", Line: 3, EndLine: 9}, {File: "infra/live/main.tf", Line: 21, EndLine: 25}},
				Evidence:    []cloud.Evidence{{Field: "public_access_block.block_public_policy", Value: false, Origin: &cloud.Origin{File: "infra/modules/data/main.tf", Line: 13, EndLine: 13}}},
				Fingerprint: "ff01",
			},
		},
	}
}

// empty is a run that found nothing to judge.
func empty() *Report {
	return &Report{Tool: Tool{Name: "merlon", Version: "0.1.0"}, Source: cloud.Source{Kind: "aws", Accounts: []cloud.AccountID{"111122223333"}, ReadAt: readAt}}
}

func TestGolden(t *testing.T) {
	reports := map[string]func() *Report{"aws": sample, "code": sampleCode, "empty": empty}
	for _, format := range Formats() {
		for name, make := range reports {
			t.Run(string(format)+"/"+name, func(t *testing.T) {
				golden(t, name+"."+string(format), render(t, format, make(), Options{Width: 100}))
			})
		}
	}
	golden(t, "aws.narrow.table", render(t, Table, sample(), Options{Width: 60}))
	golden(t, "aws.wide.table", render(t, Table, sample(), Options{Unfold: true}))
	golden(t, "aws.color.table", render(t, Table, sample(), Options{Width: 100, Color: true}))
}

func TestTableKeepsToItsWidth(t *testing.T) {
	for _, width := range []int{40, 60, 80, 100, 140} {
		for i, l := range strings.Split(render(t, Table, sample(), Options{Width: width}), "\n") {
			hint := strings.Contains(l, ": merlon ")
			if n := len([]rune(l)); n > width && !hint {
				t.Errorf("width %d, line %d has %d columns: %s", width, i+1, n, l)
			}
		}
	}
}

func TestSameReportSameBytes(t *testing.T) {
	for _, format := range Formats() {
		first := render(t, format, sample(), Options{Width: 100})
		for range 5 {
			r := sample()
			for i, j := 0, len(r.Findings)-1; i < j; i, j = i+1, j-1 {
				r.Findings[i], r.Findings[j] = r.Findings[j], r.Findings[i]
			}
			if diff := cmp.Diff(first, render(t, format, r, Options{Width: 100})); diff != "" {
				t.Fatalf("%s: another order of findings changes the bytes:\n%s", format, diff)
			}
		}
	}
}

func TestColorAllowed(t *testing.T) {
	for _, c := range []struct {
		terminal bool
		env      map[string]string
		want     bool
	}{
		{true, nil, true},
		{false, nil, false},
		{true, map[string]string{"NO_COLOR": "0"}, false},
		{true, map[string]string{"TERM": "dumb"}, false},
		{true, map[string]string{"TERM": "xterm"}, true},
	} {
		if got := ColorAllowed(c.terminal, func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("ColorAllowed(%v, %v) = %v", c.terminal, c.env, got)
		}
	}
}

func TestUnknownFormatNamesTheOthers(t *testing.T) {
	err := Write(&bytes.Buffer{}, "yaml", sample(), Options{})
	if err == nil || !strings.Contains(err.Error(), `no format "yaml": choose from table, json`) {
		t.Errorf("got %v", err)
	}
}

func render(t *testing.T, format Format, r *Report, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (rewrite with -update):\n%s", path, diff)
	}
}
