package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
	"merlon.dev/internal/testcloud"
)

// content is what every test here looks at: the built-in rules and frameworks.
func content(t *testing.T) (*policy.Env, []*policy.Rule, []*app.Framework) {
	t.Helper()
	env, rules := loaded(t)
	frameworks, err := app.Frameworks(rules)
	if err != nil {
		t.Fatal(err)
	}
	return env, rules, frameworks
}

func answer(t *testing.T, env *policy.Env, rules []*policy.Rule, f *app.Framework, s *cloud.Snapshot) *report.ComplianceReport {
	t.Helper()
	settings := &app.Settings{}
	j, err := app.Judge(env, rules, s, settings, app.Selection{}, time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	c := app.Comply(f, j)
	c.Normalize()
	return c
}

// TestFrameworksNameKnownRules takes one rule away: every framework that names
// it must say so.
func TestFrameworksNameKnownRules(t *testing.T) {
	_, rules, _ := content(t)
	const lost = "aws-iam-root-has-no-access-key"
	fewer := slices.DeleteFunc(slices.Clone(rules), func(r *policy.Rule) bool { return r.ID == lost })
	if len(fewer) != len(rules)-1 {
		t.Fatalf("%s is not among the rules", lost)
	}
	_, err := app.Frameworks(fewer)
	if err == nil {
		t.Fatal("a mapping to a rule that does not exist was taken")
	}
	for _, want := range []string{
		"cis-aws-7.0.yaml: 2.4: there is no rule " + lost,
		"fsbp.yaml: IAM.4: there is no rule " + lost,
		"cloud-security-architecture.yaml: 05.02: there is no rule " + lost,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

// TestNothingIsSatisfiedByAbsence: of an estate without anything in it nothing
// holds, and nothing fails.
func TestNothingIsSatisfiedByAbsence(t *testing.T) {
	env, rules, frameworks := content(t)
	for _, f := range frameworks {
		c := answer(t, env, rules, f, &cloud.Snapshot{})
		for _, r := range c.Requirements {
			if r.Status != report.NotAssessed {
				t.Errorf("%s %s: %s of an empty estate", f.ID, r.ID, r.Status)
			}
			if r.Why == "" {
				t.Errorf("%s %s: not assessed, and no word why", f.ID, r.ID)
			}
		}
	}
}

// TestAnswersInPart: beside another kind, rules can break a requirement and
// never fulfil it.
func TestAnswersInPart(t *testing.T) {
	env, rules, _ := content(t)
	passes, fails := "aws-rds-instance-is-not-exposed", "aws-ec2-volume-is-encrypted"
	f := &app.Framework{ID: "x", Title: "x", Requirements: []app.Requirement{
		{ID: "whole", Title: "x", Rules: []string{passes}, Kind: "rules"},
		{ID: "part", Title: "x", Rules: []string{passes}, Kind: "process", How: "somebody must look"},
		{ID: "broken", Title: "x", Rules: []string{passes, fails}, Kind: "planned", How: "the rest"},
		{ID: "none", Title: "x", Kind: "planned", How: "all of it"},
	}}
	var got []string
	for _, r := range answer(t, env, rules, f, testcloud.Estate()).Requirements {
		got = append(got, fmt.Sprintf("%s: %s: %s", r.ID, r.Status, r.Why))
	}
	want := []string{
		"whole: satisfied: ",
		"part: not_assessed: what rules can tell holds; process, not testable: somebody must look",
		"broken: not_satisfied: fails: " + fails,
		"none: not_assessed: planned: all of it",
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

// TestCoreChecks: each of the checks that an AWS scanner is expected to have is
// an alias of some rule, and that rule answers the requirements of the CIS
// benchmarks that ask for it.
func TestCoreChecks(t *testing.T) {
	_, rules, frameworks := content(t)
	byCheck := map[string][]string{}
	for _, r := range rules {
		for _, a := range r.Aliases {
			if check, ok := strings.CutPrefix(a, "prowler:"); ok {
				byCheck[check] = append(byCheck[check], r.ID)
			}
		}
	}
	answered := map[string][]string{}
	for _, f := range frameworks {
		for _, r := range f.Requirements {
			answered[f.ID+" "+r.ID] = r.Rules
		}
	}
	versions := []string{"3.0", "4.0.1", "5.0", "6.0", "7.0"}
	lines := strings.Split(strings.TrimSpace(coreChecks), "\n")
	if len(lines) != 120 {
		t.Errorf("%d checks, want 120", len(lines))
	}
	for _, line := range lines {
		columns := strings.Fields(line)
		check := columns[0]
		if len(byCheck[check]) == 0 {
			t.Errorf("no rule has the alias prowler:%s", check)
			continue
		}
		for i, ids := range columns[1:] {
			for id := range strings.SplitSeq(ids, ",") {
				if id == "-" {
					continue
				}
				at := "cis-aws-" + versions[i] + " " + id
				for _, rule := range byCheck[check] {
					if !slices.Contains(answered[at], rule) {
						t.Errorf("%s is not answered by %s, which is %s", at, rule, check)
					}
				}
			}
		}
	}
}

// TestCISIsComplete counts the requirements of each version.
func TestCISIsComplete(t *testing.T) {
	_, _, frameworks := content(t)
	for id, want := range map[string]int{"cis-aws-3.0": 62, "cis-aws-4.0.1": 64, "cis-aws-5.0": 63, "cis-aws-6.0": 63, "cis-aws-7.0": 70} {
		f, err := app.FindFramework(frameworks, id)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(f.Requirements) != want {
			t.Errorf("%s has %d requirements, want %d", id, len(f.Requirements), want)
		}
	}
}

// TestArchitectureIsComplete: every domain has all its requirements, numbered
// without a hole and in order.
func TestArchitectureIsComplete(t *testing.T) {
	_, _, frameworks := content(t)
	f, err := app.FindFramework(frameworks, "cloud-security-architecture")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for domain, n := range []int{18, 27, 12, 16, 6, 12, 12, 34, 7, 10, 8, 6, 10, 12, 5, 17, 27, 19, 11, 14, 10, 9, 11, 11, 5, 14, 8, 6, 10, 9} {
		for i := range n {
			want = append(want, fmt.Sprintf("%02d.%02d", domain+1, i+1))
		}
	}
	var got []string
	for _, r := range f.Requirements {
		got = append(got, r.ID)
	}
	if len(want) != 376 || !slices.Equal(got, want) {
		t.Errorf("got %d requirements, want %d (376), in order", len(got), len(want))
	}
}

// coreChecks lists Prowler's name of each core check, and the requirements of
// CIS 3.0, 4.0.1, 5.0, 6.0 and 7.0 that it answers, where any does.
const coreChecks = `
rds_instance_no_public_access 2.3.3 2.2.3 2.2.3 3.2.3 3.2.3
s3_account_level_public_access_blocks 2.1.4 2.1.4 2.1.4 3.1.4 3.1.4
ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22 5.2,5.3 5.3,5.4 5.3,5.4 6.3,6.4 6.3,6.4
ec2_securitygroup_default_restrict_traffic 5.4 5.5 5.5 6.5 6.5
ec2_instance_imdsv2_enabled 5.6 5.7 5.7 6.7 6.7
ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389 5.2,5.3 5.3,5.4 5.3,5.4 6.3,6.4 6.3,6.4
iam_no_root_access_key 1.4 1.4 1.3 2.3 2.4
iam_root_hardware_mfa_enabled 1.6 1.6 1.5 2.5 2.6
iam_aws_attached_policy_no_administrative_privileges 1.16 1.16 1.15 2.15 2.14
s3_bucket_level_public_access_block 2.1.4 2.1.4 2.1.4 3.1.4 3.1.4
iam_customer_attached_policy_no_administrative_privileges 1.16 1.16 1.15 2.15 2.14
iam_user_mfa_enabled_console_access 1.10 1.10 1.9 2.9 2.10
cloudtrail_multi_region_enabled 3.1 3.1 3.1 4.1 4.1
kms_cmk_rotation_enabled 3.6 3.6 3.6 4.6 4.6
rds_instance_storage_encrypted 2.3.1 2.2.1 2.2.1 3.2.1 3.2.1
ec2_networkacl_allow_ingress_any_port 5.1 5.2 5.2 6.2 6.2
ec2_securitygroup_allow_ingress_from_internet_to_all_ports 5.2,5.3 5.3,5.4 5.3,5.4 6.3,6.4 6.3,6.4
cloudtrail_log_file_validation_enabled 3.2 3.2 3.2 4.2 4.2
cloudtrail_kms_encryption_enabled 3.5 3.5 3.5 4.5 4.5
efs_encryption_at_rest_enabled 2.4.1 2.3.1 2.3.1 3.3.1 3.3.1
vpc_flow_logs_enabled 3.7 3.7 3.7 4.7 4.7
config_recorder_all_regions_enabled 3.3 3.3 3.3 4.3 4.3
iam_rotate_access_key_90_days 1.14 1.14 1.13 2.13 2.12
iam_user_accesskey_unused 1.12 1.12 1.11 2.11 2.11
iam_user_console_access_unused 1.12 1.12 1.11 2.11 2.11
iam_password_policy_minimum_length_14 1.8 1.8 1.7 2.7 2.8
iam_password_policy_reuse_24 1.9 1.9 1.8 2.8 2.9
s3_bucket_secure_transport_policy 2.1.1 2.1.1 2.1.1 3.1.1 3.1.1
iam_root_mfa_enabled 1.5 1.5 1.4 2.4 2.5
cloudtrail_logs_s3_bucket_access_logging_enabled 3.4 3.4 3.4 4.4 4.4
ec2_ebs_volume_encryption 2.2.1 5.1.1 5.1.1 6.1.1 -
securityhub_enabled 4.16 4.16 4.16 5.16 5.16
ec2_networkacl_allow_ingress_tcp_port_22 5.1 5.2 5.2 6.2 6.2
ec2_networkacl_allow_ingress_tcp_port_3389 5.1 5.2 5.2 6.2 6.2
account_security_contact_information_is_registered 1.2 1.2 1.2 2.2 2.3
s3_bucket_policy_public_write_access - - - - 2.21
awslambda_function_not_publicly_accessible - - - - 2.21
s3_bucket_no_mfa_delete 2.1.2 2.1.2 2.1.2 3.1.2 3.1.2
macie_is_enabled 2.1.3 2.1.3 2.1.3 3.1.3 3.1.3
rds_instance_minor_version_upgrade_enabled 2.3.2 2.2.2 2.2.2 3.2.2 3.2.2
ec2_instance_port_cifs_exposed_to_internet - 5.1.2 5.1.2 6.1.2 6.1.2
rds_instance_multi_az - 2.2.4 2.2.4 3.2.4 3.2.4
cloudwatch_changes_to_network_acls_alarm_configured 4.11 4.11 4.11 5.11 5.11
cloudwatch_changes_to_network_gateways_alarm_configured 4.12 4.12 4.12 5.12 5.12
cloudwatch_changes_to_vpcs_alarm_configured 4.14 4.14 4.14 5.14 5.14
iam_avoid_root_usage 1.7 1.7 1.6 2.6 2.7
cloudwatch_changes_to_network_route_tables_alarm_configured 4.13 4.13 4.13 5.13 5.13
cloudwatch_log_metric_filter_root_usage 4.3 4.3 4.3 5.3 5.3
cloudwatch_log_metric_filter_policy_changes 4.4 4.4 4.4 5.4 5.4
cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled 4.5 4.5 4.5 5.5 5.5
cloudwatch_log_metric_filter_authentication_failures 4.6 4.6 4.6 5.6 5.6
iam_policy_attached_only_to_group_or_roles 1.15 1.15 1.14 2.14 2.13
cloudtrail_s3_dataevents_write_enabled 3.8 3.8 3.8 4.8 4.8
cloudtrail_s3_dataevents_read_enabled 3.9 3.9 3.9 4.9 4.9
cloudwatch_log_metric_filter_unauthorized_api_calls 4.1 4.1 4.1 5.1 5.1
cloudwatch_log_metric_filter_security_group_changes 4.10 4.10 4.10 5.10 5.10
cloudwatch_log_metric_filter_sign_in_without_mfa 4.2 4.2 4.2 5.2 5.2
cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk 4.7 4.7 4.7 5.7 5.7
cloudwatch_log_metric_filter_for_s3_bucket_policy_changes 4.8 4.8 4.8 5.8 5.8
cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled 4.9 4.9 4.9 5.9 5.9
iam_no_expired_server_certificates_stored 1.19 1.19 1.18 2.18 2.17
cloudwatch_log_metric_filter_aws_organizations_changes 4.15 4.15 4.15 5.15 5.15
kms_key_not_publicly_accessible - - - - 2.21
ec2_instance_profile_attached 1.18 1.18 1.17 2.17 2.16
rds_cluster_multi_az - 2.2.4 2.2.4 3.2.4 3.2.4
vpc_peering_routing_tables_with_least_privilege 5.5 5.6 5.6 6.6 6.6
rds_snapshots_public_access
account_maintain_current_contact_details 1.1 1.1 1.1 2.1 2.2
ec2_ebs_public_snapshot
redshift_cluster_public_access
accessanalyzer_enabled 1.20 1.20 1.19 2.19 2.18
iam_support_role_created 1.17 1.17 1.16 2.16 2.15
cloudtrail_logs_s3_bucket_is_not_publicly_accessible
ec2_ebs_default_encryption - - - - 6.1.1
iam_check_saml_providers_sts 1.21 1.21 1.20 2.20 2.19
iam_inline_policy_no_administrative_privileges
iam_user_two_active_access_key 1.13 1.13 1.12 2.12 -
apigateway_restapi_logging_enabled - - - - 4.10
s3_bucket_public_access
secretsmanager_automatic_rotation_enabled
elbv2_logging_enabled - - - - 4.10
iam_policy_cloudshell_admin_not_attached - 1.22 1.21 2.21 2.20
codebuild_project_no_secrets_in_variables
iam_user_no_setup_initial_access_key 1.11 1.11 1.10 2.10 -
sqs_queues_not_publicly_accessible - - - - 2.21
opensearch_service_domains_not_publicly_accessible
guardduty_is_enabled
ecs_task_definitions_no_environment_secrets
glacier_vaults_policy_public_access - - - - 2.21
acm_certificates_expiration_check
sns_topics_not_publicly_accessible - - - - 2.21
secretsmanager_not_publicly_accessible - - - - 2.21
ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports
rds_instance_backup_enabled
iam_root_credentials_management_enabled - - - - 2.1.1
awslambda_function_url_public
eventbridge_bus_exposed - - - - 2.21
s3_bucket_object_versioning
apigatewayv2_api_access_logging_enabled - - - - 4.10
s3_bucket_server_access_logging_enabled
cloudfront_distributions_logging_enabled - - - - 4.10
ec2_ami_public
cloudtrail_cloudwatch_logging_enabled
dynamodb_tables_pitr_enabled
kms_cmk_not_deleted_unintentionally
ec2_instance_port_ssh_exposed_to_internet
ecr_repositories_not_publicly_accessible
organizations_delegated_administrators - - - - 2.1.5,2.1.6
iam_policy_allows_privilege_escalation
awslambda_function_no_secrets_in_variables
rds_snapshots_encrypted
eks_cluster_not_publicly_accessible
iam_inline_policy_allows_privilege_escalation
rds_instance_deletion_protection
ec2_instance_secrets_user_data
ecs_task_definitions_no_privileged_containers
elbv2_ssl_listeners
iam_role_cross_service_confused_deputy_prevention
iam_no_custom_policy_permissive_role_assumption
iam_role_administratoraccess_policy
`
