package testcloud_test

// differences are the verdicts in which the emulator cannot follow the
// description, each with the reason.
func differences() []difference {
	return []difference{
		{"aws-account-contact-is-complete", "account", "unknown", "the emulator does not know GetContactInformation"},
		{"aws-iam-root-credentials-are-managed-centrally", "account", "unknown", "the emulator does not know ListOrganizationsFeatures"},
		{"aws-iam-root-is-not-used", "account", "unknown", "the emulator's credential report has no row for root"},
		{"aws-iam-root-has-mfa", "account", "fail", "in the emulator no root user ever has a second factor"},
		{"aws-iam-root-has-hardware-mfa", "account", "fail", "in the emulator no root user ever has a second factor"},
		{"aws-kms-key-stays-in-one-region", "alias/*", "unknown", "the emulator leaves MultiRegion out"},
		{"aws-rds-instance-certificate-is-valid", "*", "unknown", "the emulator leaves the certificate out"},
		{"aws-rds-instance-requires-tls", "*", "unknown", "the emulator's parameter groups have no parameters"},
		{"aws-rds-instance-runs-a-supported-version", "*", "unknown", "the emulator does not know DescribeDBMajorEngineVersions"},
		{"aws-secretsmanager-secret-is-fresh", "carrier-api", "pass", "what the emulator holds was made a moment ago"},
		{"aws-ec2-securitygroup-default-guards-nothing", "tern-live-default", "fail", "the emulator's NAT gateways wear the default group"},
	}
}
