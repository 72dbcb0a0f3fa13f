package awsapi

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	autoscalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func newRole(t *testing.T, e *estate, name string) *string {
	t.Helper()
	return made[iam.CreateRoleOutput](t)(iam.NewFromConfig(e.cfg).CreateRole(context.Background(), &iam.CreateRoleInput{
		RoleName: &name, AssumeRolePolicyDocument: awssdk.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com","eks.amazonaws.com"]},"Action":"sts:AssumeRole"}]}`),
	})).Role.Arn
}

func TestAutoScaling(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), autoscaling.NewFromConfig(e.cfg)
	subnet, _ := newSubnet(t, e)
	must(t)(c.CreateLaunchConfiguration(ctx, &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: awssdk.String("old"), ImageId: awssdk.String("ami-1"), InstanceType: awssdk.String("t3.micro"), AssociatePublicIpAddress: awssdk.Bool(true),
		UserData: awssdk.String(base64.StdEncoding.EncodeToString([]byte("echo " + leakedKey))),
	}))
	must(t)(c.CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: awssdk.String("web"), LaunchConfigurationName: awssdk.String("old"), VPCZoneIdentifier: &subnet,
		MinSize: awssdk.Int32(0), MaxSize: awssdk.Int32(2), HealthCheckType: awssdk.String("ELB"),
		Tags: []autoscalingtypes.Tag{{Key: awssdk.String("tier"), Value: awssdk.String("web"), ResourceId: awssdk.String("web"), ResourceType: awssdk.String("auto-scaling-group")}},
	}))
	s := e.read(t, nil, "autoscaling")
	g, l := find[aws.AutoScalingGroup](t, s, "web"), find[aws.LaunchConfiguration](t, s, "old")
	noGaps(t, g)
	noGaps(t, l)
	if g.LaunchConfiguration.Target() != l || len(l.AutoScalingGroups) != 1 || len(g.LaunchTemplates) != 0 {
		t.Errorf("the group launches %v, the configuration is used by %v", g.LaunchConfiguration, l.AutoScalingGroups)
	}
	if len(g.HealthChecks) != 1 || g.HealthChecks[0] != "ELB" || len(g.Subnets) != 1 || g.MaxSize != 2 || g.Tags["tier"] != "web" {
		t.Errorf("group: %+v", g)
	}
	if l.PublicIP != "enabled" || len(l.UserDataSecrets) != 1 {
		t.Errorf("launch configuration: %+v", l)
	}
}

func TestLambda(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), lambda.NewFromConfig(e.cfg)
	role := newRole(t, e, "runner")
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	must(t)(z.Create("app.py"))
	z.Close()
	create := func(name string, env map[string]string) {
		must(t)(c.CreateFunction(ctx, &lambda.CreateFunctionInput{
			FunctionName: &name, Role: role, Runtime: lambdatypes.RuntimePython313, Handler: awssdk.String("app.run"), Publish: true,
			Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()}, Environment: &lambdatypes.Environment{Variables: env},
		}))
	}
	create("quiet", map[string]string{"LOG_LEVEL": "debug"})
	create("loud", map[string]string{"DB_PASSWORD": "SuperSecret123!", "KEY": leakedKey})
	must(t)(c.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: awssdk.String("loud"), StatementId: awssdk.String("all"), Action: awssdk.String("lambda:InvokeFunction"), Principal: awssdk.String("*")}))
	must(t)(c.CreateFunctionUrlConfig(ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: awssdk.String("loud"), AuthType: lambdatypes.FunctionUrlAuthTypeNone,
		Cors: &lambdatypes.Cors{AllowOrigins: []string{"*"}}}))
	must(t)(c.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: awssdk.String("loud"), ReservedConcurrentExecutions: awssdk.Int32(5)}))
	must(t)(c.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: awssdk.String("loud"), Name: awssdk.String("live"), FunctionVersion: awssdk.String("1")}))

	must(t)(sqs.NewFromConfig(e.cfg).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: awssdk.String("orders")}))
	orders := "arn:aws:sqs:us-east-1:" + string(e.account) + ":orders"
	must(t)(c.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{FunctionName: awssdk.String("quiet"), EventSourceArn: &orders}))

	s := e.read(t, nil, "lambda")
	quiet, loud := find[aws.Function](t, s, "quiet"), find[aws.Function](t, s, "loud")
	noGaps(t, quiet)
	noGaps(t, loud)
	if quiet.Policy != nil || len(quiet.URLs) != 0 || quiet.Concurrency != nil || quiet.Environment[0].Secret != "" || quiet.CodeSigning != "" {
		t.Errorf("quiet function: %+v", quiet)
	}
	if loud.Policy == nil || loud.Policy.Statements[0].Principals[0].ID != "*" {
		t.Errorf("policy: %+v", loud.Policy)
	}
	if len(loud.URLs) != 1 || loud.URLs[0].AuthType != "NONE" || loud.URLs[0].CORS.AllowOrigins[0] != "*" {
		t.Errorf("urls: %+v", loud.URLs)
	}
	if loud.Concurrency == nil || loud.Concurrency.Reserved != 5 || len(loud.Aliases) != 1 || loud.Aliases[0].Version != "1" {
		t.Errorf("concurrency %+v, aliases %+v", loud.Concurrency, loud.Aliases)
	}
	if env := loud.Environment; env[0].Name != "DB_PASSWORD" || env[0].Secret == "" || env[1].Secret != "aws-access-token" {
		t.Errorf("environment: %+v, %+v", env[0], env[1])
	}
	if len(quiet.Triggers) != 1 || quiet.Triggers[0].Source != orders || len(loud.Triggers) != 0 {
		t.Errorf("triggers: %+v, %+v", quiet.Triggers, loud.Triggers)
	}
	if string(loud.Role.To) != *role || loud.LastModified.IsZero() || loud.Runtime != "python3.13" {
		t.Errorf("loud function: %+v", loud)
	}
}

func TestECS(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ecs.NewFromConfig(e.cfg)
	subnet, group := newSubnet(t, e)
	must(t)(c.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: awssdk.String("shop"), Settings: []ecstypes.ClusterSetting{
		{Name: ecstypes.ClusterSettingNameContainerInsights, Value: awssdk.String("enabled")},
	}}))
	register := func(image string) *ecstypes.TaskDefinition {
		return made[ecs.RegisterTaskDefinitionOutput](t)(c.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
			Family: awssdk.String("web"), NetworkMode: ecstypes.NetworkModeAwsvpc, PidMode: ecstypes.PidModeHost,
			Volumes: []ecstypes.Volume{{Name: awssdk.String("data"), EfsVolumeConfiguration: &ecstypes.EFSVolumeConfiguration{
				FileSystemId: awssdk.String("fs-1"), TransitEncryption: ecstypes.EFSTransitEncryptionEnabled,
			}}},
			ContainerDefinitions: []ecstypes.ContainerDefinition{{
				Name: awssdk.String("app"), Image: &image, Memory: awssdk.Int32(128), Privileged: awssdk.Bool(true), User: awssdk.String("1000:1000"),
				Environment: []ecstypes.KeyValuePair{{Name: awssdk.String("API_TOKEN"), Value: awssdk.String("abcdef123456")}},
				Secrets: []ecstypes.Secret{
					{Name: awssdk.String("A"), ValueFrom: awssdk.String("arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf:password::")},
					{Name: awssdk.String("B"), ValueFrom: awssdk.String("/web/token")},
				},
				LogConfiguration: &ecstypes.LogConfiguration{LogDriver: ecstypes.LogDriverAwslogs, Options: map[string]string{"awslogs-group": "/web", "mode": "non-blocking"}},
			}},
		})).TaskDefinition
	}
	old := register("app:1")
	must(t)(c.CreateService(ctx, &ecs.CreateServiceInput{Cluster: awssdk.String("shop"), ServiceName: awssdk.String("web"), TaskDefinition: old.TaskDefinitionArn,
		DesiredCount: awssdk.Int32(1), LaunchType: ecstypes.LaunchTypeFargate, NetworkConfiguration: &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
			Subnets: []string{subnet}, SecurityGroups: []string{group}, AssignPublicIp: ecstypes.AssignPublicIpEnabled,
		}}}))
	register("app:2")
	register("app:3")

	s := e.read(t, nil, "ecs")
	cluster, svc := find[aws.ECSCluster](t, s, "shop"), find[aws.ECSService](t, s, "web")
	noGaps(t, cluster)
	noGaps(t, svc)
	if cluster.ContainerInsights != "enabled" || len(cluster.Services) != 1 || cluster.Services[0].Target() != svc {
		t.Errorf("cluster: %+v", cluster)
	}
	inUse, latest := find[aws.TaskDefinition](t, s, "web:1"), find[aws.TaskDefinition](t, s, "web:3")
	if svc.TaskDefinition.Target() != inUse || svc.AssignPublicIP != "ENABLED" || len(inUse.Services) != 1 {
		t.Errorf("service: %+v", svc)
	}
	if inUse.Latest || !latest.Latest || latest.PIDMode != "host" {
		t.Errorf("revisions: %+v, %+v", inUse, latest)
	}
	for _, r := range s.Resources {
		if r.Meta().Name == "web:2" {
			t.Error("a revision that is neither the latest nor in use was read")
		}
	}
	app := latest.Containers[0]
	if !app.Privileged || app.RunsAsRoot || app.Environment[0].Secret == "" || app.LogGroup != "/web" || app.LogMode != "non-blocking" {
		t.Errorf("container: %+v", app)
	}
	if app.Secrets[0].Secret.To != "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf" || app.Secrets[1].Parameter.To == "" {
		t.Errorf("secrets: %+v, %+v", app.Secrets[0], app.Secrets[1])
	}
	if v := latest.Volumes[0]; v.EFS == nil || !v.EFS.TransitEncryption || v.EFS.IAM {
		t.Errorf("volume: %+v", v.EFS)
	}
}

// TestECSServicesDenied checks that task definitions are known to be incomplete
// when it cannot be seen which of them run.
func TestECSServicesDenied(t *testing.T) {
	e := newEstate(t)
	must(t)(ecs.NewFromConfig(e.cfg).CreateCluster(context.Background(), &ecs.CreateClusterInput{ClusterName: awssdk.String("shop")}))
	s := e.read(t, func(c *Config) { c.Transport = withoutTarget{e, "ListServices"} }, "ecs")
	for _, c := range s.Collections {
		if c.Kind == "AWS::ECS::TaskDefinition" && slices.Contains(c.Regions, "us-east-1") && (c.Gap == nil || c.Gap.Reason != cloud.Denied || !c.Gap.Partial) {
			t.Errorf("gap: %v", c.Gap)
		}
	}
}

// withoutTarget is an estate that refuses one operation of a JSON protocol.
type withoutTarget struct {
	*estate
	operation string
}

func (w withoutTarget) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+w.operation) {
		return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"__type":"AccessDeniedException","message":"no"}`))}, nil
	}
	return w.estate.RoundTrip(r)
}

// scripted is an estate that answers some paths by itself.
type scripted struct {
	*estate
	replies map[string]string
}

func (w scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	if reply, ok := w.replies[r.URL.Path]; ok {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(reply))}, nil
	}
	return w.estate.RoundTrip(r)
}

func TestRunsAsRoot(t *testing.T) {
	for user, want := range map[string]bool{"": true, "root": true, "0": true, "0:1000": true, "root:app": true, "00": true, "1000": false, "app": false, "1000:0": false} {
		if runsAsRoot(user) != want {
			t.Errorf("%q: want %v", user, want)
		}
	}
}

func TestEKS(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), eks.NewFromConfig(e.cfg)
	subnet, group := newSubnet(t, e)
	role := newRole(t, e, "control")
	must(t)(c.CreateCluster(ctx, &eks.CreateClusterInput{
		Name: awssdk.String("prod"), RoleArn: role, Version: awssdk.String("1.33"), Tags: map[string]string{"team": "shop"},
		ResourcesVpcConfig: &ekstypes.VpcConfigRequest{SubnetIds: []string{subnet}, SecurityGroupIds: []string{group}, EndpointPublicAccess: awssdk.Bool(true), PublicAccessCidrs: []string{"198.51.100.0/24"}},
		Logging:            &ekstypes.Logging{ClusterLogging: []ekstypes.LogSetup{{Enabled: awssdk.Bool(true), Types: []ekstypes.LogType{"audit", "api"}}, {Enabled: awssdk.Bool(false), Types: []ekstypes.LogType{"scheduler"}}}},
		EncryptionConfig:   []ekstypes.EncryptionConfig{{Resources: []string{"secrets"}, Provider: &ekstypes.Provider{KeyArn: awssdk.String("arn:aws:kms:us-east-1:123456789012:key/k")}}},
	}))
	must(t)(c.CreateNodegroup(ctx, &eks.CreateNodegroupInput{ClusterName: awssdk.String("prod"), NodegroupName: awssdk.String("workers"), NodeRole: role, Subnets: []string{subnet},
		RemoteAccess: &ekstypes.RemoteAccessConfig{Ec2SshKey: awssdk.String("ops")}}))
	// The emulator knows nothing of access to clusters.
	const at = "/clusters/prod/"
	s := e.read(t, func(c *Config) {
		c.Transport = scripted{e, map[string]string{
			at + "access-entries": `{"accessEntries":["arn:aws:iam::123456789012:role/ops"]}`,
			at + "access-entries/arn:aws:iam::123456789012:role/ops":                 `{"accessEntry":{"type":"STANDARD","kubernetesGroups":["viewers"]}}`,
			at + "access-entries/arn:aws:iam::123456789012:role/ops/access-policies": `{"associatedAccessPolicies":[{"policyArn":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy","accessScope":{"type":"namespace","namespaces":["shop"]}}]}`,
			at + "pod-identity-associations":                                         `{"associations":[{"associationId":"a-1","namespace":"shop","serviceAccount":"web"}]}`,
			at + "pod-identity-associations/a-1":                                     `{"association":{"roleArn":"arn:aws:iam::123456789012:role/web"}}`,
		}}
	}, "eks")
	cl, g := find[aws.EKSCluster](t, s, "prod"), find[aws.EKSNodeGroup](t, s, "workers")
	noGaps(t, cl)
	noGaps(t, g)
	if !cl.PublicEndpoint || len(cl.PublicCIDRs) != 1 || cl.PublicCIDRs[0] != "198.51.100.0/24" || cl.Version != "1.33" || cl.Tags["team"] != "shop" {
		t.Errorf("cluster: %+v", cl)
	}
	if len(cl.LogTypes) != 2 || cl.LogTypes[1] != "audit" || cl.SecretsKMSKey.IsZero() {
		t.Errorf("logs %v, key %v", cl.LogTypes, cl.SecretsKMSKey)
	}
	if len(cl.AccessEntries) != 1 {
		t.Fatalf("authentication %q, entries %v", cl.AuthenticationMode, cl.AccessEntries)
	}
	if entry := cl.AccessEntries[0]; entry.Type != "STANDARD" || entry.Groups[0] != "viewers" || entry.Policies[0].Namespaces[0] != "shop" {
		t.Errorf("access entry: %+v", entry)
	}
	if pod := cl.PodIdentities[0]; pod.ServiceAccount != "web" || pod.Role.To != "arn:aws:iam::123456789012:role/web" {
		t.Errorf("pod identity: %+v", pod)
	}
	if g.Cluster.Target() != cl || g.RemoteAccess != "ops" || len(g.RemoteAccessFrom) != 0 || len(cl.NodeGroups) != 1 {
		t.Errorf("node group: %+v", g)
	}
}

func TestECR(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ecr.NewFromConfig(e.cfg)
	for _, name := range []string{"team/app", "scratch"} {
		must(t)(c.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &name}))
	}
	must(t)(c.SetRepositoryPolicy(ctx, &ecr.SetRepositoryPolicyInput{RepositoryName: awssdk.String("scratch"), PolicyText: awssdk.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}`)}))
	must(t)(c.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: awssdk.String("scratch"), LifecyclePolicyText: awssdk.String(
		`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}`)}))
	must(t)(c.PutRegistryScanningConfiguration(ctx, &ecr.PutRegistryScanningConfigurationInput{ScanType: ecrtypes.ScanTypeBasic, Rules: []ecrtypes.RegistryScanningRule{
		{ScanFrequency: ecrtypes.ScanFrequencyScanOnPush, RepositoryFilters: []ecrtypes.ScanningRepositoryFilter{{Filter: awssdk.String("team/*"), FilterType: ecrtypes.ScanningRepositoryFilterTypeWildcard}}},
	}}))
	s := e.read(t, nil, "ecr")
	app, scratch := find[aws.Repository](t, s, "team/app"), find[aws.Repository](t, s, "scratch")
	noGaps(t, app)
	noGaps(t, scratch)
	if app.Policy != nil || app.HasLifecyclePolicy || app.RegistryScan != "SCAN_ON_PUSH" || app.TagMutability != "MUTABLE" || app.Encryption != "AES256" {
		t.Errorf("app: %+v", app)
	}
	if scratch.Policy == nil || !scratch.HasLifecyclePolicy || scratch.RegistryScan != "" || scratch.ScanOnPush {
		t.Errorf("scratch: %+v", scratch)
	}
	if r := find[aws.Registry](t, s, string(e.account)); r.ScanType != "BASIC" || len(r.Repositories) != 2 {
		t.Errorf("registry: %+v", r)
	}
}

func TestSSM(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ssm.NewFromConfig(e.cfg)
	for name, kind := range map[string]ssmtypes.ParameterType{"/db/password": ssmtypes.ParameterTypeString, "/db/key": ssmtypes.ParameterTypeSecureString} {
		must(t)(c.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: awssdk.String("x"), Type: kind}))
	}
	for _, name := range []string{"private", "public"} {
		must(t)(c.CreateDocument(ctx, &ssm.CreateDocumentInput{Name: &name, DocumentType: ssmtypes.DocumentTypeCommand, DocumentFormat: ssmtypes.DocumentFormatJson, Content: awssdk.String(
			`{"schemaVersion":"2.2","description":"d","mainSteps":[{"action":"aws:runShellScript","name":"a","inputs":{"runCommand":["echo ` + leakedKey + `"]}}]}`)}))
	}
	must(t)(c.ModifyDocumentPermission(ctx, &ssm.ModifyDocumentPermissionInput{Name: awssdk.String("public"), PermissionType: ssmtypes.DocumentPermissionTypeShare, AccountIdsToAdd: []string{"all"}}))

	s := e.read(t, nil, "ssm")
	plain, secure := find[aws.Parameter](t, s, "/db/password"), find[aws.Parameter](t, s, "/db/key")
	noGaps(t, plain)
	noGaps(t, secure)
	if plain.Type != "String" || !plain.NamedLikeASecret || !plain.KMSKey.IsZero() || plain.Ref != parameterRefOf(e, "db/password") {
		t.Errorf("plain: %+v", plain)
	}
	if secure.Type != "SecureString" || secure.KMSKey.IsZero() {
		t.Errorf("secure: %+v", secure)
	}
	private, public := find[aws.Document](t, s, "private"), find[aws.Document](t, s, "public")
	noGaps(t, private)
	if private.Public || !public.Public || len(private.Secrets) != 1 {
		t.Errorf("documents: %+v, %+v", private, public)
	}
}

func parameterRefOf(e *estate, name string) cloud.Ref {
	return cloud.Ref("arn:aws:ssm:us-east-1:" + string(e.account) + ":parameter/" + name)
}
