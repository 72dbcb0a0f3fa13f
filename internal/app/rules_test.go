package app_test

import (
	"slices"
	"strings"
	"testing"

	"merlon.dev/internal/app"
)

// TestRules runs every built-in rule's own examples, and the clause check: each
// operand and comparison of a rule is pinned by some example.
// Run one service with -run TestRules/aws/s3.
func TestRules(t *testing.T) {
	env, err := app.NewEnv()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := app.LoadRules(env)
	if err != nil {
		t.Error(err)
	}
	for _, r := range rules {
		t.Run(strings.TrimSuffix(r.File, ".yaml"), func(t *testing.T) {
			if err := r.Check(); err != nil {
				t.Error(err)
				for i := range r.Examples() {
					v, evidence, gaps := r.Explain(i)
					t.Logf("example %d: %s, evidence %v, gaps %v", i+1, v, evidence, gaps)
				}
				return
			}
			loose, err := r.Unpinned()
			if err != nil {
				t.Error(err)
			}
			for _, clause := range loose {
				t.Errorf("no example notices the rule %s", clause)
			}
		})
	}
}

// TestAliases holds an alias to one rule: who asks for another tool's check must
// get one answer. Where that check spans what are several rules here, each a part
// of it, the alias stands in the list below.
func TestAliases(t *testing.T) {
	_, rules := loaded(t)
	shared := []string{
		// the same claim on several kinds of resource
		"checkov:CKV_AWS_110", "checkov:CKV_AWS_286", "prowler:iam_inline_policy_allows_privilege_escalation",
		"checkov:CKV_AWS_62", "prowler:iam_inline_policy_no_administrative_privileges",
		"prowler:iam_inline_policy_no_full_access_to_cloudtrail", "prowler:iam_inline_policy_no_full_access_to_kms",
		"checkov:CKV_AWS_274",
		"checkov:CKV_AWS_8", "checkov:CKV_AWS_46", "checkov:CKV_AWS_79", "checkov:CKV_AWS_88",
		"fsbp:ELB.5", "fsbp:ElastiCache.1", "fsbp:ElastiCache.2",
		"fsbp:RDS.1", "fsbp:RDS.4", "prowler:rds_snapshots_encrypted", "prowler:rds_snapshots_public_access",
		"trivy:AWS-0077",
		// attached and unattached policies
		"fsbp:IAM.1",
		// passwords and access keys
		"fsbp:IAM.22", "trivy:AWS-0166",
		// backups at all, and for long enough
		"fsbp:RDS.11",
		// SSH and RDP
		"fsbp:EC2.21",
		// public by policy or ACL, for reading or writing; by policy or URL
		"prowler:s3_bucket_public_access", "prowler:awslambda_function_not_publicly_accessible", "fsbp:Lambda.1",
		// a list of ports
		"fsbp:EC2.19", "prowler:ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports",
	}
	holders := map[string][]string{}
	for _, r := range rules {
		for _, alias := range r.Aliases {
			holders[alias] = append(holders[alias], r.ID)
		}
	}
	for alias, ids := range holders {
		if len(ids) > 1 && !slices.Contains(shared, alias) {
			t.Errorf("%s belongs to several rules: %s", alias, strings.Join(ids, ", "))
		}
	}
	for _, alias := range shared {
		if len(holders[alias]) < 2 {
			t.Errorf("%s need not be listed: its rules are %v", alias, holders[alias])
		}
	}
}
