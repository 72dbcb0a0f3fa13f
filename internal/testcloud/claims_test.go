package testcloud_test

import (
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/testcloud"
)

// A pair is a flaw of the estate and the twin that looks alike and is clean.
// Accounts go by their names.
type pair struct{ rule, flawed, clean string }

func pairs() []pair {
	return []pair{
		{"aws-account-has-security-contact", "tern-production", "tern-management"},
		{"aws-cloudwatch-alarm-acts", "refused-calls", "root-was-used"},
		{"aws-codebuild-project-keeps-no-secret-in-variables", "build-tools", "build-parcels"},
		{"aws-dynamodb-table-has-point-in-time-recovery", "carts", "sessions"},
		{"aws-ec2-image-is-private", "kiosk", "golden"},
		{"aws-ec2-instance-has-profile", "lab", "app-1"},
		{"aws-ec2-instance-requires-imdsv2", "web-2", "web-1"},
		{"aws-ec2-networkacl-not-every-port-open-to-internet", "tern-live-default", "tern-live"},
		{"aws-ec2-networkacl-rdp-closed-to-internet", "tern-sandbox-default", "tern-live"},
		{"aws-ec2-networkacl-ssh-closed-to-internet", "tern-sandbox-default", "tern-live"},
		{"aws-ec2-securitygroup-cache-and-search-ports-closed-to-internet", "search", "balancer"},
		{"aws-ec2-securitygroup-default-lets-nothing-through", "tern-sandbox-default", "tern-live-default"},
		{"aws-ec2-securitygroup-not-every-port-open-to-internet", "everything", "balancer"},
		{"aws-ec2-securitygroup-rdp-closed-to-internet", "remote-desktop", "office"},
		{"aws-ec2-securitygroup-ssh-closed-to-internet", "bastion", "office"},
		{"aws-ec2-snapshot-is-private", "kiosk", "golden"},
		{"aws-ec2-volume-is-encrypted", "spare-plain", "spare-encrypted"},
		{"aws-ecr-repository-is-not-public", "tools", "parcels"},
		{"aws-ecs-taskdefinition-environment-holds-no-secrets", "import:1", "sorting:1"},
		{"aws-ecs-taskdefinition-runs-unprivileged", "import:1", "sorting:1"},
		{"aws-efs-file-system-is-encrypted", "scratch", "manifests"},
		{"aws-elbv2-access-logs-are-on", "intake", "front"},
		{"aws-elbv2-deletion-is-protected", "intake", "front"},
		{"aws-elbv2-listener-speaks-tls", "intake:80", "front:80"},
		{"aws-eventbridge-bus-is-not-public", "partners", "sisters"},
		{"aws-iam-group-is-not-administrator", "developers", "support"},
		{"aws-iam-password-policy-asks-for-length", "tern-development", "tern-production"},
		{"aws-iam-password-policy-refuses-reuse", "tern-development", "tern-production"},
		{"aws-iam-people-sign-in-through-federation", "tern-production", "tern-management"},
		{"aws-iam-policy-does-not-assume-every-role", "enter-any-role", "enter-read-role"},
		{"aws-iam-policy-does-not-escalate", "ship-functions", "read-orders"},
		{"aws-iam-policy-in-use-is-not-admin", "do-everything", "read-orders"},
		{"aws-iam-role-is-not-administrator", "operators", "ci-deploy"},
		{"aws-iam-role-trusts-one-pipeline", "ci-deploy-old", "ci-deploy"},
		{"aws-iam-role-trusts-services-for-own-resources", "export-copies", "backup-copies"},
		{"aws-iam-user-console-has-mfa", "bob", "alice"},
		{"aws-iam-user-has-no-own-policies", "carol", "alice"},
		{"aws-iam-user-has-one-active-access-key", "bob", "parcel-robot"},
		{"aws-kms-key-is-not-pending-deletion", "alias/parcels-2019", "alias/orders"},
		{"aws-kms-key-rotates", "alias/labels", "alias/orders"},
		{"aws-lambda-function-environment-holds-no-secrets", "sync-carriers", "print-labels"},
		{"aws-lambda-function-is-not-public", "track-parcel", "print-labels"},
		{"aws-rds-instance-is-encrypted", "reports", "orders"},
		{"aws-rds-instance-is-guarded-against-deletion", "reports", "orders"},
		{"aws-rds-instance-makes-backups", "reports", "orders"},
		{"aws-rds-instance-spans-zones", "reports", "orders"},
		{"aws-rds-instance-upgrades-minor-versions", "reports", "orders"},
		{"aws-rds-snapshot-is-encrypted", "reports-2025-12", "orders-2025-12"},
		{"aws-rds-snapshot-is-not-public", "reports-2025-12", "orders-2025-12"},
		{"aws-s3-account-blocks-public-access", "tern-development", "tern-production"},
		{"aws-s3-bucket-blocks-public-access", "tern-downloads", "tern-exports"},
		{"aws-s3-bucket-is-not-public", "tern-downloads", "tern-partners"},
		{"aws-s3-bucket-is-versioned", "tern-builds", "tern-customer-data"},
		{"aws-s3-bucket-keeps-access-log", "tern-audit-logs", "tern-customer-data"},
		{"aws-s3-bucket-policy-lets-nobody-write", "tern-dropbox", "tern-downloads"},
		{"aws-s3-bucket-requires-tls", "tern-builds", "tern-customer-data"},
		{"aws-secretsmanager-secret-rotates", "carrier-api", "orders-database"},
		{"aws-sns-topic-is-encrypted", "news", "arrivals"},
		{"aws-sns-topic-is-not-public", "news", "arrivals"},
		{"aws-sqs-queue-is-not-public", "intake", "arrivals"},
		{"aws-vpc-flow-logs-are-on", "tern-sandbox", "tern-live"},
	}
}

// holdsEveryPair checks the verdicts on every flaw and on every twin.
func holdsEveryPair(t *testing.T, verdicts map[claim]cloud.Finding) {
	t.Helper()
	accounts := map[cloud.AccountID]string{testcloud.Management: "tern-management", testcloud.Production: "tern-production", testcloud.Development: "tern-development"}
	byName := map[[2]string]map[cloud.Verdict]bool{}
	for c, f := range verdicts {
		label := c.label
		if label == "account" {
			label = accounts[c.account]
		}
		key := [2]string{c.rule, label}
		if byName[key] == nil {
			byName[key] = map[cloud.Verdict]bool{}
		}
		byName[key][f.Verdict] = true
	}
	only := func(got map[cloud.Verdict]bool, want cloud.Verdict) bool { return len(got) == 1 && got[want] }
	for _, p := range pairs() {
		if got := byName[[2]string{p.rule, p.flawed}]; !only(got, cloud.Fail) {
			t.Errorf("%s on %s: %v, not fail", p.rule, p.flawed, got)
		}
		if got := byName[[2]string{p.rule, p.clean}]; !only(got, cloud.Pass) {
			t.Errorf("%s on its clean twin %s: %v, not pass", p.rule, p.clean, got)
		}
	}
}

func TestEstateHoldsEveryPair(t *testing.T) {
	e := judged(t)
	holdsEveryPair(t, e.judge(testcloud.Estate()))
}
