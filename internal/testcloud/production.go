package testcloud

import (
	"fmt"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// production describes the account that runs the business. Each flaw stands
// beside its clean twin.
func production(s *cloud.Snapshot, org *aws.Organization, kept *records) {
	a := bare(s, Production, "tern-production", org)
	a.OrganizationTrails = toAll(kept.trail)
	a.Root.MFAEnabled, a.Root.VirtualMFA = true, true // flaw: an app, not a device
	a.PasswordPolicy = strongPasswords()
	a.S3PublicAccessBlock = shut()

	global := place{s, Production, ""}
	p := global.in(Ireland)
	p.settings(true)
	global.in(Virginia).settings(false) // flaw: new volumes are in the clear
	p.watched(kept.bucket)
	global.add(&aws.VirtualMFADevice{Base: global.base("iam", "mfa/root-account-mfa-device", "root-account-mfa-device"), Root: true, EnabledAt: daysAgo(600)})

	net := p.network()
	people(global)
	runner := global.roles()
	store := p.buckets()
	keys := p.keys()
	p.servers(net, runner)
	p.balancers(net, store)
	p.databases(net, keys)
	p.functions(runner)
	p.messages(keys)
	p.containers(runner)
	p.shares()
	p.builds(runner)
}

func (p place) add(r cloud.Resource) { add(p, r) }

// people: Alice does everything right, Bob nothing, Carol gets her rights
// directly, the robot's key is old.
func people(p place) {
	read := p.customerManaged("read-orders", 2, policy(`{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"arn:aws:dynamodb:eu-west-1:%s:table/orders"}`, p.account))
	support := add(p, &aws.Group{Base: p.base("iam", "group/support", "support"), GroupID: "AGPATERNSUPPORT000001", Path: "/", CreatedAt: daysAgo(700), AttachedPolicies: toAll(read)})

	alice := p.person("alice", 1)
	alice.Groups = toAll(support)

	bob := p.person("bob", 200)
	bob.MFAActive, bob.MFADevices = false, nil
	bob.Groups = toAll(support)
	bob.AccessKeys = []*aws.AccessKey{
		{ID: "AKIATERNBOB000000001", Active: true, CreatedAt: daysAgo(500), LastUsed: daysAgo(300), LastUsedRegion: "eu-west-1", LastUsedService: "s3"},
		{ID: "AKIATERNBOB000000002", Active: true, CreatedAt: daysAgo(30), LastUsed: daysAgo(3), LastUsedRegion: "eu-west-1", LastUsedService: "s3"},
	}
	carol := p.person("carol", 2)
	carol.AttachedPolicies = toAll(read)

	robot := add(p, &aws.User{Base: p.base("iam", "user/parcel-robot", "parcel-robot"), UserID: "AIDATERNROBOT00000001", Path: "/", CreatedAt: daysAgo(400), Groups: toAll(support)})
	robot.AccessKeys = []*aws.AccessKey{{ID: "AKIATERNROBOT0000001", Active: true, CreatedAt: daysAgo(40), LastUsed: daysAgo(1), LastUsedRegion: "eu-west-1", LastUsedService: "dynamodb"}}
}

// identities are the roles that workloads run as.
type identities struct {
	app, function, build, task *aws.Role
	profile                    *aws.InstanceProfile
}

// roles: the pipeline's role trusts one repository, its predecessor trusted
// all of them; one policy and one role are all-powerful.
func (p place) roles() *identities {
	oidc := add(p, &aws.OIDCProvider{
		Base: p.base("iam", "oidc-provider/token.actions.githubusercontent.com", "token.actions.githubusercontent.com"), URL: "token.actions.githubusercontent.com",
		ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{digest("github")[:40]}, CreatedAt: daysAgo(500),
	})
	federated := func(subject string) *aws.Policy {
		return policy(`{"Effect":"Allow","Principal":{"Federated":"%s"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"%s"}}}`, oidc.Ref, subject)
	}
	deploy := policy(`{"Effect":"Allow","Action":["ecs:UpdateService","ecs:DescribeServices"],"Resource":"*"}`)
	p.role("ci-deploy", federated("repo:tern-freight/parcels:ref:refs/heads/main"), deploy)
	p.role("ci-deploy-old", federated("repo:*"), deploy)

	admin := p.awsManaged("AdministratorAccess", allowAll())
	operators := p.role("operators", policy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, Management), nil)
	operators.AttachedPolicies = toAll(admin)

	everything := p.customerManaged("do-everything", 1, allowAll())
	migration := p.role("migration", p.trust("ec2.amazonaws.com"), nil)
	migration.AttachedPolicies = toAll(everything)
	handover := p.customerManaged("ship-functions", 1, policy(`[{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}]`))
	p.customerManaged("enter-any-role", 0, policy(`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`))
	p.customerManaged("enter-read-role", 0, policy(`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::%s:role/auditors"}`, Management))

	shippers := p.role("shippers", policy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}`, p.account), nil)
	shippers.AttachedPolicies = toAll(handover)
	// Trust in a service that acts for many customers: tied to this account,
	// and not.
	p.role("backup-copies", p.trust("backup.amazonaws.com"), nil)
	p.role("export-copies", policy(`{"Effect":"Allow","Principal":{"Service":"export.rds.amazonaws.com"},"Action":"sts:AssumeRole"}`), nil)

	who := &identities{
		app:      p.role("parcel-app", service("ec2.amazonaws.com"), policy(`{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],"Resource":"arn:aws:dynamodb:eu-west-1:%s:table/orders"}`, p.account)),
		function: p.role("parcel-functions", service("lambda.amazonaws.com"), policy(`{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:eu-west-1:%s:log-group:/aws/lambda/*"}`, p.account)),
		task:     p.role("parcel-tasks", p.trust("ecs-tasks.amazonaws.com"), policy(`{"Effect":"Allow","Action":"dynamodb:Query","Resource":"arn:aws:dynamodb:eu-west-1:%s:table/orders"}`, p.account)),
		build:    p.role("parcel-builds", p.trust("codebuild.amazonaws.com"), policy(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::tern-builds/*"}`)),
	}
	who.profile = add(p, &aws.InstanceProfile{Base: p.base("iam", "instance-profile/parcel-app", "parcel-app"), Path: "/", CreatedAt: daysAgo(400), Role: to(who.app)})
	return who
}

// service is the plain trust in a service that only ever acts for the account
// it runs in.
func service(name string) *aws.Policy {
	return policy(`{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}`, name)
}

// buckets: customer data is kept well; the builds have no versions and no
// access log; "exports" has a policy for everybody that the account's block
// makes harmless.
func (p place) buckets() *aws.Bucket {
	logs := p.bucket("tern-access-logs")
	logs.Policy = policy(`[{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::tern-access-logs/*","Condition":{"StringEquals":{"aws:SourceAccount":"%s"}}},%s]`, p.account, tlsOnly("tern-access-logs"))
	logs.Lifecycle = []*aws.LifecycleRule{{ID: "expire", Enabled: true, WholeBucket: true, ExpirationDays: 400}}

	data := p.bucket("tern-customer-data")
	data.Logging = &aws.BucketLogging{TargetBucket: to(logs), TargetPrefix: "customer-data/"}
	data.Tags = map[string]string{"data": "customers"}

	builds := p.bucket("tern-builds")
	builds.Versioning = ""
	builds.Policy = nil

	exports := p.bucket("tern-exports")
	exports.PublicAccessBlock = &aws.PublicAccessBlock{}
	exports.Policy = policy(`[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::tern-exports/*"},%s]`, tlsOnly("tern-exports"))
	exports.Logging = &aws.BucketLogging{TargetBucket: to(logs), TargetPrefix: "exports/"}
	return logs
}

// keys: one rotates, one does not, one is about to be deleted.
func (p place) keys() *aws.Key {
	data := p.key("orders", true)
	p.key("labels", false)
	gone := p.key("parcels-2019", true)
	gone.State, gone.DeletionAt, gone.RotationEnabled = "PendingDeletion", daysAgo(-20), false
	return data
}

// servers: "web-2" still answers the old metadata protocol, the bastion shows
// SSH to the world; its twin shows it to the office, and "lab" has the open
// group but no public address.
func (p place) servers(n *network, who *identities) {
	p.machine("web-1", n.inner[0], "10.20.10.11", "required", who.profile, n.groups["web"])
	p.machine("web-2", n.inner[1], "10.20.11.11", "optional", who.profile, n.groups["web"])
	p.machine("app-1", n.inner[0], "10.20.10.21", "required", who.profile, n.groups["app"])
	p.exposed(p.machine("bastion", n.outer[0], "10.20.0.10", "required", who.profile, n.groups["bastion"]), "198.51.100.10")
	p.exposed(p.machine("office-door", n.outer[1], "10.20.1.10", "required", who.profile, n.groups["office"]), "198.51.100.11")
	p.machine("lab", n.inner[1], "10.20.11.31", "required", nil, n.groups["bastion"])
	p.disk("spare-plain", false)
	p.disk("spare-encrypted", true)
}

// balancers: "front" speaks TLS and sends plain HTTP there, "intake" carries
// plain HTTP on to the servers and keeps no log.
func (p place) balancers(n *network, logs *aws.Bucket) {
	for _, b := range []struct {
		name string
		safe bool
	}{{"front", true}, {"intake", false}} {
		id := fmt.Sprintf("loadbalancer/app/%s/%s", b.name, digest(b.name)[:16])
		lb := add(p, &aws.LoadBalancer{
			Base: p.base("elasticloadbalancing", id, b.name), Type: "application", Scheme: "internet-facing", DNSName: b.name + ".eu-west-1.elb.amazonaws.com", State: "active",
			VPC: to(n.vpc), Subnets: toAll(n.outer...), SecurityGroups: toAll(n.groups["balancer"]), IPAddressType: "ipv4",
			AccessLogs: b.safe, DeletionProtection: b.safe, DropInvalidHeaders: b.safe, DesyncMitigation: "defensive", CrossZone: true,
		})
		if b.safe {
			lb.AccessLogBucket = to(logs)
		}
		web := add(p, &aws.TargetGroup{
			Base: p.base("elasticloadbalancing", fmt.Sprintf("targetgroup/%s/%s", b.name, digest("tg", b.name)[:16]), b.name), Protocol: "HTTP", Port: 8443, ProtocolVersion: "HTTP1", TargetType: "instance",
			VPC: to(n.vpc), LoadBalancers: toAll(lb), HealthCheck: true, HealthCheckProtocol: "HTTP", HealthCheckPath: "/health",
		})
		plain := &aws.ListenerAction{Type: "forward", TargetGroups: toAll(web)}
		if b.safe {
			plain = &aws.ListenerAction{Type: "redirect", RedirectProtocol: "HTTPS", RedirectPort: "443", RedirectHost: "#{host}", StatusCode: "HTTP_301"}
		}
		add(p, &aws.Listener{
			Base: p.base("elasticloadbalancing", fmt.Sprintf("listener/app/%s/%s/%s", b.name, digest(b.name)[:16], digest("80", b.name)[:16]), b.name+":80"), LoadBalancer: to(lb), Port: 80, Protocol: "HTTP",
			DefaultActions: []*aws.ListenerAction{plain},
		})
	}
}

// databases: orders is sealed away, reports is open to the internet in every
// way; one snapshot is everybody's, its twin belongs to a sister account.
func (p place) databases(n *network, key *aws.Key) {
	strict := add(p, &aws.DBParameterGroup{Base: p.base("rds", "pg:tern-strict", "tern-strict"), TLSRequired: true})
	base := func(name string) *aws.DBInstance {
		return add(p, &aws.DBInstance{
			Base: p.base("rds", "db:"+name, name), Engine: "postgres", EngineVersion: "16.4", Class: "db.t3.medium", Status: "available", CreatedAt: daysAgo(400),
			Endpoint: name + ".eu-west-1.rds.amazonaws.com", Port: 5432, VPC: to(n.vpc), MasterUsername: "keeper", Certificate: &aws.DBCertificate{Authority: "rds-ca-rsa2048-g1", ValidTill: daysAgo(-900)}, StandardSupportEnds: daysAgo(-1000),
		})
	}
	orders := base("orders")
	orders.Subnets, orders.SecurityGroups = toAll(n.sealed...), toAll(n.groups["data"])
	orders.StorageEncrypted, orders.KMSKey, orders.MultiAZ = true, to(key), true
	orders.AutoMinorVersionUpgrade, orders.DeletionProtection, orders.CopyTagsToSnapshot = true, true, true
	orders.ParameterGroups = toAll(strict)
	orders.BackupRetentionDays, orders.IAMAuthentication, orders.LogExports = 14, true, []string{"postgresql"}
	reports := base("reports")
	reports.Subnets, reports.SecurityGroups, reports.PubliclyAccessible = toAll(n.outer...), toAll(n.groups["office"]), true
	reports.ParameterGroups = toAll(add(p, &aws.DBParameterGroup{Base: p.base("rds", "pg:tern-lax", "tern-lax")}))

	snapshot := func(name string, of *aws.DBInstance, shared ...string) {
		add(p, &aws.DBSnapshot{Base: p.base("rds", "snapshot:"+name, name), Engine: "postgres", Encrypted: of.StorageEncrypted, KMSKey: of.KMSKey, SharedWith: shared, CreatedAt: daysAgo(90), Instance: to(of)})
	}
	snapshot("orders-2025-12", orders, string(Development))
	snapshot("reports-2025-12", reports, "all")

	p.table("sessions", true)
	p.table("carts", false)
	p.secret("orders-database", true)
	p.secret("carrier-api", false)
}

// functions: one is called by a bucket of this account only, one by anybody;
// one has a public address; one carries a key in its environment.
func (p place) functions(who *identities) {
	labels := p.function("print-labels", who.function)
	labels.Policy = policy(`{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"%s","Condition":{"StringEquals":{"AWS:SourceAccount":"%s"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::tern-customer-data"}}}`, labels.Ref, p.account)
	labels.Environment = []*aws.EnvVar{{Name: "STAGE", SHA256: digest("production")}}
	open := p.function("track-parcel", who.function)
	open.Policy = policy(`{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"%s"}`, open.Ref)
	open.URLs = []*aws.FunctionURL{{URL: "https://track.lambda-url.eu-west-1.on.aws/", AuthType: "NONE"}}
	leaky := p.function("sync-carriers", who.function)
	leaky.Environment = []*aws.EnvVar{{Name: "CARRIER_KEY", SHA256: digest(LeakedKey()), Secret: "aws-access-token"}}
	for _, f := range []string{"print-labels", "track-parcel", "sync-carriers"} {
		p.logGroup("/aws/lambda/"+f, 400)
	}
}

// LeakedKey has the form of an access key and opens nothing. It is put together
// so that no scanner takes this file for a leak.
func LeakedKey() string { return "AKIA" + "Q3EGRLV7" + "TERN5KEY" }

// messages: a policy for everybody is harmless where a condition ties it to
// one topic, and open where none does.
func (p place) messages(key *aws.Key) {
	arrivals := p.topic("arrivals", key, policy(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish","Resource":"%s","Condition":{"StringEquals":{"aws:SourceAccount":"%s"}}}`, p.arn("sns", "arrivals"), p.account))
	p.topic("news", nil, policy(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Subscribe","Resource":"%s"}`, p.arn("sns", "news")))
	p.queue("arrivals", policy(`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"%s","Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}`, p.arn("sqs", "arrivals"), arrivals.Ref))
	p.queue("intake", policy(`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"%s"}`, p.arn("sqs", "intake")))
	bus := func(name, condition string) {
		add(p, &aws.EventBus{Base: p.base("events", "event-bus/"+name, name), CreatedAt: daysAgo(300),
			Policy: policy(`{"Sid":"put","Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"%s"%s}`, p.arn("events", "event-bus/"+name), condition)})
	}
	bus("sisters", `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-tern000000"}}`)
	bus("partners", "")
}

// containers: one task is privileged and carries a secret in the clear; one
// repository is open to everybody.
func (p place) containers(who *identities) {
	repository := func(name string, doc *aws.Policy) {
		add(p, &aws.Repository{Base: p.base("ecr", "repository/"+name, name), URI: fmt.Sprintf("%s.dkr.ecr.%s.amazonaws.com/%s", p.account, p.region, name), CreatedAt: daysAgo(300), Policy: doc,
			ScanOnPush: true, TagMutability: "IMMUTABLE", Encryption: "AES256", HasLifecyclePolicy: true})
	}
	pull := `"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]`
	repository("parcels", policy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},%s}`, Development, pull))
	repository("tools", policy(`{"Effect":"Allow","Principal":"*",%s}`, pull))

	add(p, &aws.ECSCluster{Base: p.base("ecs", "cluster/parcels", "parcels"), Status: "ACTIVE", ContainerInsights: "enabled"})
	task := func(name string, c *aws.Container) {
		c.Name, c.Image, c.Essential, c.LogDriver = "main", "parcels:1", true, "awslogs"
		add(p, &aws.TaskDefinition{
			Base: p.base("ecs", "task-definition/"+name+":1", name+":1"), Family: name, Revision: 1, Latest: true, Status: "ACTIVE", RegisteredAt: daysAgo(60),
			NetworkMode: "awsvpc", TaskRole: to(who.task), ExecutionRole: to(who.task), Containers: []*aws.Container{c},
		})
	}
	task("sorting", &aws.Container{User: "1000", ReadOnlyRoot: true, Environment: []*aws.EnvVar{{Name: "STAGE", SHA256: digest("production")}}})
	task("import", &aws.Container{RunsAsRoot: true, Privileged: true, Environment: []*aws.EnvVar{{Name: "CARRIER_KEY", SHA256: digest(LeakedKey()), Secret: "aws-access-token"}}})
}

// shares: file systems, volume snapshots and images, sealed and open.
func (p place) shares() {
	files := func(name string, encrypted bool) {
		b := p.base("elasticfilesystem", "file-system/fs-"+digest(name)[:17], "fs-"+digest(name)[:17])
		b.Tags = map[string]string{"Name": name}
		add(p, &aws.FileSystem{Base: b, CreatedAt: daysAgo(300), State: "available", Encrypted: encrypted, AutomaticBackups: true})
	}
	files("manifests", true)
	files("scratch", false)
	image := func(label string, public bool) {
		snap := add(p, &aws.Snapshot{Base: p.ec2("snapshot", "snap", label), State: "completed", Public: public, StartedAt: daysAgo(100), Size: 20, StorageTier: "standard"})
		add(p, &aws.Image{Base: p.ec2("image", "ami", label), State: "available", Public: public, CreatedAt: daysAgo(100), IMDSSupport: "v2.0",
			Devices: []*aws.ImageDevice{{Name: "/dev/xvda", Snapshot: to(snap)}}})
	}
	image("golden", false)
	image("kiosk", true)
}

// builds: one project takes its secret from the store, one has it in the clear.
func (p place) builds(who *identities) {
	project := func(name string, v *aws.EnvVar) {
		add(p, &aws.BuildProject{
			Base: p.base("codebuild", "project/"+name, name), CreatedAt: daysAgo(300), ModifiedAt: daysAgo(30), ServiceRole: to(who.build), Visibility: "PRIVATE",
			Environment:    &aws.BuildEnvironment{Type: "LINUX_CONTAINER", Image: "aws/codebuild/standard:7.0", PullAs: "CODEBUILD", ComputeType: "BUILD_GENERAL1_SMALL", Variables: []*aws.EnvVar{v}},
			Sources:        []*aws.BuildSource{{Type: "S3", Location: "tern-builds/source.zip"}},
			Artifacts:      []*aws.BuildArtifacts{{Type: "NO_ARTIFACTS"}},
			CloudWatchLogs: true, TimeoutMinutes: 60,
		})
	}
	project("build-parcels", &aws.EnvVar{Name: "CARRIER_KEY", SHA256: digest("carrier-api"), Reference: true})
	project("build-tools", &aws.EnvVar{Name: "CARRIER_KEY", SHA256: digest(LeakedKey()), Secret: "aws-access-token"})
}
