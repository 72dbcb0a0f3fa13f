package testcloud

import (
	"fmt"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// organization adds the organization: a unit for each of the two working
// accounts, and one policy that keeps trails running.
func organization(s *cloud.Snapshot) *aws.Organization {
	p := place{s, Management, ""}
	org := add(p, &aws.Organization{
		Base: p.base("organizations", "organization/o-tern000000", "o-tern000000"), ID: "o-tern000000", ManagementAccount: string(Management),
		FeatureSet: "ALL", EnabledPolicyTypes: []string{"SERVICE_CONTROL_POLICY"}, TrustedServices: []string{"cloudtrail.amazonaws.com"},
	})
	unit := func(id, name string, parent *aws.OrganizationalUnit) *aws.OrganizationalUnit {
		u := &aws.OrganizationalUnit{Base: p.base("organizations", "ou/o-tern000000/"+id, name), ID: id, Organization: to(org)}
		if u.Root = parent == nil; !u.Root {
			u.Parent = to(parent)
		}
		return add(p, u)
	}
	root := unit("r-tern", "Root", nil)
	live := unit("ou-tern-production", "Production", root)
	trial := unit("ou-tern-development", "Development", root)
	for _, m := range []struct {
		id     cloud.AccountID
		name   string
		parent *aws.OrganizationalUnit
	}{{Management, "tern-management", root}, {Production, "tern-production", live}, {Development, "tern-development", trial}} {
		joined := "CREATED"
		if m.id == Management {
			joined = "INVITED"
		}
		add(p, &aws.MemberAccount{
			Base: p.base("organizations", "account/o-tern000000/"+string(m.id), m.name), ID: string(m.id), State: "ACTIVE",
			JoinedMethod: joined, JoinedAt: daysAgo(900), Management: m.id == Management, Organization: to(org), Parent: to(m.parent),
		})
	}
	add(p, &aws.OrganizationPolicy{
		Base: p.base("organizations", "policy/o-tern000000/service_control_policy/p-trails", "keep-trails-running"), ID: "p-trails", Type: "SERVICE_CONTROL_POLICY",
		Description: "Nobody stops the trail", Organization: to(org), Units: toAll(live, trial),
		Document: policy(`{"Effect":"Deny","Action":["cloudtrail:StopLogging","cloudtrail:DeleteTrail"],"Resource":"*"}`),
	})
	return org
}

// management describes the account that pays the bills and keeps the records.
// Flaws: the trail's bucket keeps no access log, and most of the alarms that
// the trail could feed are missing.
func management(s *cloud.Snapshot, org *aws.Organization) *records {
	a := bare(s, Management, "tern-management", org)
	a.ManagesOrganization, a.RootCredentialsManagement = true, true
	a.AlternateContacts = []*aws.AlternateContact{{Type: "SECURITY", NameHash: digest("Security"), MailHash: digest("security@tern.example"), PhoneHash: digest("+353 1")}}
	a.Root.MFAEnabled = true
	a.PasswordPolicy = strongPasswords()
	a.S3PublicAccessBlock = shut()

	global := place{s, Management, ""}
	ireland, virginia := global.in(Ireland), global.in(Virginia)
	ireland.settings(true)
	virginia.settings(true)

	auditors := global.customerManaged("read-security-settings", 1, policy(`{"Effect":"Allow","Action":["iam:GenerateCredentialReport","iam:GetCredentialReport","iam:List*"],"Resource":"*"}`))
	security := add(global, &aws.Group{Base: global.base("iam", "group/security", "security"), GroupID: "AGPATERNSECURITY00001", Path: "/", CreatedAt: daysAgo(800), AttachedPolicies: toAll(auditors)})
	rescue := global.person("break-glass", 3)
	rescue.Groups = toAll(security)
	global.saml("tern-sign-in")

	// The trail that records the whole organization, and where it leads.
	key := ireland.key("audit", true)
	logs := ireland.bucket("tern-audit-logs")
	logs.Policy = policy(`[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::tern-audit-logs/*","Condition":{"StringEquals":{"aws:SourceArn":"arn:aws:cloudtrail:eu-west-1:%s:trail/tern-trail"}}},%s]`, Management, tlsOnly("tern-audit-logs"))
	group := ireland.logGroup("tern-trail", 400)
	deliver := ireland.role("trail-to-logs", ireland.trust("cloudtrail.amazonaws.com"), policy(`{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"%s:*"}`, group.Ref))
	trail := add(ireland, &aws.Trail{
		Base: ireland.base("cloudtrail", "trail/tern-trail", "tern-trail"), MultiRegion: true, Organization: true, GlobalServiceEvents: true, LogFileValidation: true,
		Bucket: to(logs), KMSKey: to(key), LogGroup: to(group), LogsRole: to(deliver), Logging: true, StartedAt: daysAgo(500), DeliveredAt: daysAgo(0), LogsDeliveredAt: daysAgo(0),
		Selectors: []*aws.EventSelector{
			{Category: "Management", Reads: true, Writes: true},
			{Category: "Data", ResourceTypes: []string{"AWS::S3::Object"}, Writes: true},
		},
		ManagementReads: true, ManagementWrites: true, S3ObjectWrites: true,
	})

	// Two of the fifteen alarms of the benchmark, one of them mute.
	alerts := ireland.topic("security-alerts", key, policy(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish","Resource":"arn:aws:sns:eu-west-1:%[1]s:security-alerts","Condition":{"StringEquals":{"aws:SourceAccount":"%[1]s"}}}`, Management))
	alerts.Subscriptions = []*aws.Subscription{{ARN: string(alerts.Ref) + ":1", Protocol: "email", Endpoint: "security@tern.example", Owner: string(Management)}}
	ireland.alarm("root-was-used", group, alerts, `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`)
	mute := ireland.alarm("refused-calls", group, alerts, `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`)
	mute.Topics, mute.Actions = nil, nil

	for _, p := range []place{ireland, virginia} {
		p.watched(logs)
	}
	return &records{trail, logs}
}

// records is what the other accounts are recorded by.
type records struct {
	trail  *aws.Trail
	bucket *aws.Bucket
}

func strongPasswords() *aws.PasswordPolicy {
	return &aws.PasswordPolicy{MinimumLength: 14, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true, MaxAgeDays: 365, ReusePrevention: 24, UsersMayChange: true}
}

// person adds a user with a console password and an authenticator app.
func (p place) person(name string, signedIn int) *aws.User {
	u := add(p, &aws.User{
		Base: p.base("iam", "user/"+name, name), UserID: "AIDA" + digest(name)[:16], Path: "/", CreatedAt: daysAgo(700),
		PasswordEnabled: true, PasswordLastUsed: daysAgo(signedIn), PasswordLastChanged: daysAgo(60), MFAActive: true,
	})
	device := add(p, &aws.VirtualMFADevice{Base: p.base("iam", "mfa/"+name, name), User: to(u), EnabledAt: daysAgo(600)})
	u.MFADevices = []*aws.MFADevice{{Serial: string(device.Ref), Type: "virtual", EnabledAt: daysAgo(600)}}
	return u
}

func (p place) saml(name string) *aws.SAMLProvider {
	return add(p, &aws.SAMLProvider{Base: p.base("iam", "saml-provider/"+name, name), CreatedAt: daysAgo(700), ValidUntil: daysAgo(-700)})
}

// alarm adds a metric filter on the trail's log group, and the alarm on its
// metric.
func (p place) alarm(name string, group *aws.LogGroup, topic *aws.Topic, pattern string) *aws.Alarm {
	metric := add(p, &aws.Metric{Base: p.base("cloudwatch", "metric/Tern/"+name, "Tern/"+name), Namespace: "Tern"})
	metric.Name = name
	add(p, &aws.MetricFilter{Base: p.base("logs", fmt.Sprintf("log-group:%s:metric-filter:%s", group.Name, name), name), LogGroup: to(group), Pattern: pattern, Metrics: toAll(metric)})
	return add(p, &aws.Alarm{
		Base: p.base("cloudwatch", "alarm:"+name, name), Metrics: toAll(metric), ActionsEnabled: true, Topics: toAll(topic), Actions: []string{string(topic.Ref)},
		State: "OK", Statistic: "Sum", Comparison: "GreaterThanOrEqualToThreshold", Threshold: 1, PeriodSeconds: 300, EvaluationPeriods: 1, TreatMissingData: "notBreaching",
	})
}

// watched switches a region's recorders and detectors on.
func (p place) watched(logs *aws.Bucket) {
	record := aws.ConfigRecorder{
		Base: p.base("config", "configuration-recorder/default", "default"), Recording: true, LastStatus: "SUCCESS", LastStatusAt: daysAgo(0),
		Role:     cloud.LinkTo[aws.Role](cloud.Ref(fmt.Sprintf("arn:aws:iam::%s:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", p.account))),
		Strategy: "ALL_SUPPORTED_RESOURCE_TYPES", AllSupported: true, GlobalTypes: p.region == Ireland, Frequency: "CONTINUOUS",
		Delivery: &aws.ConfigDelivery{Bucket: to(logs), Prefix: "config"},
	}
	add(p, &record)
	id := digest(string(p.account), string(p.region))[:32]
	add(p, &aws.Detector{Base: p.base("guardduty", "detector/"+id, id), Enabled: true, CreatedAt: daysAgo(500), PublishingFrequency: "SIX_HOURS"})
	add(p, &aws.SecurityHub{Base: p.base("securityhub", "hub/default", "default"), SubscribedAt: daysAgo(500), AutoEnableControls: true, FindingGenerator: "SECURITY_CONTROL",
		Standards: []*aws.HubStandard{{ARN: "arn:aws:securityhub:::standards/aws-foundational-security-best-practices/v/1.0.0", Name: "aws-foundational-security-best-practices/v/1.0.0", Status: "READY"}}})
	add(p, &aws.Analyzer{Base: p.base("access-analyzer", "analyzer/outside-access", "outside-access"), Type: "ACCOUNT", Status: "ACTIVE", CreatedAt: daysAgo(500)})
	add(p, &aws.MacieSession{Base: p.base("macie2", "session", "session"), Enabled: true, CreatedAt: daysAgo(500), PublishingFrequency: "SIX_HOURS", AutomatedDiscovery: true})
	add(p, &aws.Inspector{Base: p.base("inspector2", "account", string(p.account)), Enabled: true, EC2: true, ECR: true, Lambda: true})
}
