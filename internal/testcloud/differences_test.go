package testcloud_test

// differences are the verdicts in which the emulator cannot follow the
// description, each with the reason. Verdicts that are unknown because the
// emulator lacks a call or a field need no entry.
func differences() []difference {
	const (
		young   = "what the emulator holds was made a moment ago"
		trails  = "the emulator shows an organization's trail to its owner only"
		noFacts = "the emulator keeps no such thing"
	)
	return []difference{
		{"aws-iam-root-has-mfa", "account", "fail", "in the emulator no root user ever has a second factor"},
		{"aws-iam-root-has-hardware-mfa", "account", "none", "in the emulator no root user ever has a second factor"},
		{"aws-secretsmanager-secret-is-fresh", "carrier-api", "pass", young},
		{"aws-iam-user-access-key-is-rotated", "bob", "pass", young},
		{"aws-iam-user-access-key-is-used", "bob", "pass", young},
		{"aws-iam-user-password-is-used", "bob", "pass", young},
		{"aws-iam-user-setup-made-no-access-key", "*", "fail", young},
		{"aws-cloudtrail-account-records-*", "account", "fail", trails},
		{"aws-cloudwatch-alarm-on-root-use", "account", "fail", trails},
		{"aws-cloudtrail-trail-feeds-live-log-group", "tern-trail", "fail", "the emulator's trails deliver nothing"},
		{"aws-ec2-securitygroup-default-guards-nothing", "tern-live-default", "fail", "the emulator's NAT gateways wear the default group"},
		{"aws-ec2-instance-is-hvm", "*", "fail", "the emulator's machines are all paravirtual"},
		{"aws-vpc-flow-log-is-delivered", "tern-live", "fail", "the emulator's flow logs find no role to deliver with"},
		{"aws-elbv2-target-group-uses-tls", "front", "none", "a redirect uses no target group, which the emulator then detaches"},
		{"aws-macie-region-looks-for-sensitive-data", "*", "pass", "the emulator's Macie is on everywhere"},
		{"aws-accessanalyzer-*", "outside-access", "none", noFacts},
		{"aws-inspector-*", "the only one", "none", noFacts},
	}
}
