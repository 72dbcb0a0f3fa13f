package awsapi

import (
	"maps"
	"slices"
	"strings"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func ecsService() *service {
	return &service{name: "ecs", read: readECS, kinds: []cloud.Kind{kindOf[aws.ECSCluster](), kindOf[aws.ECSService](), kindOf[aws.TaskDefinition]()}}
}

func readECS(s *scope) {
	c := ecs.NewFromConfig(s.cfg)
	cluster, svc := kindOf[aws.ECSCluster](), kindOf[aws.ECSService]()
	var arns []string
	unlisted := list(s, ecs.NewListClustersPaginator(c, &ecs.ListClustersInput{}), func(out *ecs.ListClustersOutput) {
		arns = append(arns, out.ClusterArns...)
	}, cluster, svc)
	for some := range slices.Chunk(arns, 100) {
		get(s, c.DescribeClusters, &ecs.DescribeClustersInput{Clusters: some, Include: []types.ClusterField{
			types.ClusterFieldSettings, types.ClusterFieldConfigurations, types.ClusterFieldTags,
		}}, func(out *ecs.DescribeClustersOutput) {
			items(s, cluster, out.Clusters, func(in types.Cluster) { s.add(clusterOf(s, in)) })
			undescribed(s, out.Failures, cluster)
		}, cluster)
	}
	inUse := &refSet{}
	each(s, svc, arns, func(arn string) { readECSServices(s, c, arn, inUse) })
	readTaskDefinitions(s, c, inUse)
	inUse.lack(unlisted)
	if inUse.gap != nil { // nor is it known then what the services run
		s.decide(inUse.gap.AsPartial(), []cloud.Kind{kindOf[aws.TaskDefinition]()})
	}
}

// refSet collects refs from several readers at once.
type refSet struct {
	mu   sync.Mutex
	refs map[cloud.Ref]bool
	gap  *cloud.Gap // why there may be more
}

func (r *refSet) lack(why *cloud.Gap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gap == nil {
		r.gap = why
	}
}

func (r *refSet) add(ref cloud.Ref) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refs == nil {
		r.refs = map[cloud.Ref]bool{}
	}
	if ref != "" {
		r.refs[ref] = true
	}
}

// undescribed marks a collection partial for members that were listed and could
// not be described, unless they went away in between.
func undescribed(s *scope, failures []types.Failure, kind cloud.Kind) {
	for _, f := range failures {
		if reason := awssdk.ToString(f.Reason); reason != "MISSING" {
			s.decide(&cloud.Gap{Reason: cloud.Failed, Message: oneLine(reason + ": " + awssdk.ToString(f.Arn)), Partial: true}, []cloud.Kind{kind})
		}
	}
}

func clusterOf(s *scope, in types.Cluster) *aws.ECSCluster {
	cl := &aws.ECSCluster{
		Base:               s.base(cloud.Ref(*in.ClusterArn), awssdk.ToString(in.ClusterName)),
		Status:             awssdk.ToString(in.Status),
		CapacityProviders:  in.CapacityProviders,
		RunningTasks:       int(in.RunningTasksCount),
		ContainerInstances: int(in.RegisteredContainerInstancesCount),
	}
	cl.Tags = ecsTags(in.Tags)
	for _, set := range in.Settings {
		if set.Name == types.ClusterSettingNameContainerInsights {
			cl.ContainerInsights = awssdk.ToString(set.Value)
		}
	}
	if cl.ContainerInsights == "" {
		need[string](cl, "container_insights", nil)
	}
	if conf := in.Configuration; conf != nil {
		if e := conf.ExecuteCommandConfiguration; e != nil {
			cl.ExecLogging = string(e.Logging)
			cl.ExecKMSKey = cloud.LinkTo[aws.Key](s.keyRef(e.KmsKeyId))
		}
		if m := conf.ManagedStorageConfiguration; m != nil {
			cl.StorageKMSKey = cloud.LinkTo[aws.Key](s.keyRef(m.KmsKeyId))
		}
	}
	return cl
}

func ecsTags(in []types.Tag) map[string]string {
	return tagMap(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func readECSServices(s *scope, c *ecs.Client, cluster string, inUse *refSet) {
	kind := kindOf[aws.ECSService]()
	var arns []string
	pages := ecs.NewListServicesPaginator(c, &ecs.ListServicesInput{Cluster: &cluster, MaxResults: awssdk.Int32(100)})
	inUse.lack(list(s, pages, func(out *ecs.ListServicesOutput) { arns = append(arns, out.ServiceArns...) }, kind))
	for some := range slices.Chunk(arns, 10) {
		inUse.lack(get(s, c.DescribeServices, &ecs.DescribeServicesInput{Cluster: &cluster, Services: some, Include: []types.ServiceField{types.ServiceFieldTags}}, func(out *ecs.DescribeServicesOutput) {
			items(s, kind, out.Services, func(in types.Service) {
				svc := ecsServiceOf(s, in)
				inUse.add(svc.TaskDefinition.To)
				for _, t := range svc.TaskSets {
					inUse.add(t.TaskDefinition.To)
				}
				s.add(svc)
			})
			undescribed(s, out.Failures, kind)
		}, kind))
	}
}

func ecsServiceOf(s *scope, in types.Service) *aws.ECSService {
	svc := &aws.ECSService{
		Base:            s.base(cloud.Ref(*in.ServiceArn), awssdk.ToString(in.ServiceName)),
		Status:          awssdk.ToString(in.Status),
		Cluster:         cloud.LinkTo[aws.ECSCluster](cloud.Ref(awssdk.ToString(in.ClusterArn))),
		TaskDefinition:  cloud.LinkTo[aws.TaskDefinition](cloud.Ref(awssdk.ToString(in.TaskDefinition))),
		LaunchType:      string(in.LaunchType),
		PlatformFamily:  awssdk.ToString(in.PlatformFamily),
		PlatformVersion: awssdk.ToString(in.PlatformVersion),
		ExecuteCommand:  in.EnableExecuteCommand,
		DesiredCount:    int(in.DesiredCount),
		RunningCount:    int(in.RunningCount),
	}
	svc.Tags = ecsTags(in.Tags)
	for _, p := range in.CapacityProviderStrategy {
		svc.CapacityProviders = append(svc.CapacityProviders, awssdk.ToString(p.CapacityProvider))
	}
	if n := in.NetworkConfiguration; n != nil && n.AwsvpcConfiguration != nil {
		v := n.AwsvpcConfiguration
		svc.AssignPublicIP = assignPublicIP(n)
		svc.Subnets = ec2Links[aws.Subnet](s, "subnet", v.Subnets)
		svc.SecurityGroups = ec2Links[aws.SecurityGroup](s, "security-group", v.SecurityGroups)
	}
	for _, l := range in.LoadBalancers {
		if arn := awssdk.ToString(l.TargetGroupArn); arn != "" {
			svc.TargetGroups = append(svc.TargetGroups, arn)
		}
	}
	for _, t := range in.TaskSets {
		svc.TaskSets = append(svc.TaskSets, &aws.TaskSet{
			ARN:            awssdk.ToString(t.TaskSetArn),
			AssignPublicIP: assignPublicIP(t.NetworkConfiguration),
			TaskDefinition: cloud.LinkTo[aws.TaskDefinition](cloud.Ref(awssdk.ToString(t.TaskDefinition))),
		})
	}
	return svc
}

// assignPublicIP is DISABLED where the setting was left out, as ECS has it.
func assignPublicIP(n *types.NetworkConfiguration) string {
	if n == nil || n.AwsvpcConfiguration == nil {
		return ""
	}
	if n.AwsvpcConfiguration.AssignPublicIp == "" {
		return string(types.AssignPublicIpDisabled)
	}
	return string(n.AwsvpcConfiguration.AssignPublicIp)
}

// readTaskDefinitions reads the newest active revision of every family, then
// the older ones that services run.
func readTaskDefinitions(s *scope, c *ecs.Client, inUse *refSet) {
	kind := kindOf[aws.TaskDefinition]()
	var families []string
	list(s, ecs.NewListTaskDefinitionFamiliesPaginator(c, &ecs.ListTaskDefinitionFamiliesInput{Status: types.TaskDefinitionFamilyStatusActive}), func(out *ecs.ListTaskDefinitionFamiliesOutput) {
		families = append(families, out.Families...)
	}, kind)
	done := &refSet{}
	each(s, kind, families, func(family string) {
		if t := readTaskDefinition(s, c, family); t != nil {
			t.Latest = true
			done.add(t.Ref)
			s.add(t)
		}
	})
	var older []cloud.Ref
	for ref := range inUse.refs {
		if !done.refs[ref] {
			older = append(older, ref)
		}
	}
	slices.Sort(older)
	each(s, kind, older, func(ref cloud.Ref) {
		if t := readTaskDefinition(s, c, string(ref)); t != nil {
			s.add(t)
		}
	})
}

func readTaskDefinition(s *scope, c *ecs.Client, name string) *aws.TaskDefinition {
	kind := kindOf[aws.TaskDefinition]()
	out, gap := call(s, c.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &name, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
	switch {
	case gap == nil:
		t := taskDefinitionOf(s, out.TaskDefinition)
		t.Tags = ecsTags(out.Tags)
		s.recordOrigin(kind, &callInfo{service: "ECS", operation: "DescribeTaskDefinition"}, "")
		return t
	case !strings.Contains(gap.Message, "Unable to describe task definition"): // gone since it was listed
		s.decide(gap.AsPartial(), []cloud.Kind{kind})
	}
	return nil
}

func taskDefinitionOf(s *scope, in *types.TaskDefinition) *aws.TaskDefinition {
	arn := cloud.Ref(*in.TaskDefinitionArn)
	t := &aws.TaskDefinition{
		Base:          s.base(arn, string(arn[strings.LastIndexByte(string(arn), '/')+1:])),
		Family:        awssdk.ToString(in.Family),
		Revision:      int(in.Revision),
		Status:        string(in.Status),
		RegisteredAt:  awssdk.ToTime(in.RegisteredAt),
		NetworkMode:   string(in.NetworkMode),
		PIDMode:       string(in.PidMode),
		IPCMode:       string(in.IpcMode),
		TaskRole:      roleLink(s, in.TaskRoleArn),
		ExecutionRole: roleLink(s, in.ExecutionRoleArn),
	}
	for _, r := range in.RequiresCompatibilities {
		t.RequiresCompatibilities = append(t.RequiresCompatibilities, string(r))
	}
	if p := in.RuntimePlatform; p != nil {
		t.Windows = strings.HasPrefix(string(p.OperatingSystemFamily), "WINDOWS")
	}
	for _, d := range in.ContainerDefinitions {
		t.Containers = append(t.Containers, containerOf(s, d))
	}
	for _, v := range in.Volumes {
		t.Volumes = append(t.Volumes, taskVolumeOf(s, v))
	}
	return t
}

// roleLink links to a role by its ARN or, as task definitions may have it, by
// its name.
func roleLink(s *scope, role *string) cloud.Link[aws.Role] {
	ref := awssdk.ToString(role)
	if ref != "" && !strings.HasPrefix(ref, "arn:") {
		ref = "arn:" + s.partition + ":iam::" + string(s.id) + ":role/" + ref
	}
	return cloud.LinkTo[aws.Role](cloud.Ref(ref))
}

func containerOf(s *scope, in types.ContainerDefinition) *aws.Container {
	c := &aws.Container{
		Name:           awssdk.ToString(in.Name),
		Image:          awssdk.ToString(in.Image),
		Essential:      in.Essential == nil || *in.Essential,
		Privileged:     awssdk.ToBool(in.Privileged),
		User:           awssdk.ToString(in.User),
		ReadOnlyRoot:   awssdk.ToBool(in.ReadonlyRootFilesystem),
		HasHealthCheck: in.HealthCheck != nil,
	}
	c.RunsAsRoot = runsAsRoot(c.User)
	vars := map[string]string{}
	for _, e := range in.Environment {
		vars[awssdk.ToString(e.Name)] = awssdk.ToString(e.Value)
	}
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		c.Environment = append(c.Environment, envVar(c, "environment", name, vars[name]))
	}
	for _, f := range in.EnvironmentFiles {
		c.EnvironmentFiles = append(c.EnvironmentFiles, awssdk.ToString(f.Value))
	}
	for _, x := range in.Secrets {
		c.Secrets = append(c.Secrets, containerSecret(s, awssdk.ToString(x.Name), awssdk.ToString(x.ValueFrom)))
	}
	if l := in.LogConfiguration; l != nil {
		c.LogDriver = string(l.LogDriver)
		c.LogGroup, c.LogMode = l.Options["awslogs-group"], l.Options["mode"]
	}
	if l := in.LinuxParameters; l != nil && l.Capabilities != nil {
		c.AddedCapabilities = l.Capabilities.Add
	}
	for _, p := range in.PortMappings {
		if p.HostPort != nil {
			c.HostPorts = append(c.HostPorts, int(*p.HostPort))
		}
	}
	return c
}

// runsAsRoot reads Docker's user syntax: user, user:group, uid or uid:gid.
func runsAsRoot(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "" || name == "root" || strings.Trim(name, "0") == ""
}

// containerSecret reads where a variable comes from: the ARN of a secret, with
// a JSON key and a version after it, or the ARN or name of a parameter.
func containerSecret(s *scope, name, from string) *aws.ContainerSecret {
	secret := &aws.ContainerSecret{Name: name}
	parts := strings.Split(from, ":")
	switch {
	case len(parts) >= 7 && parts[2] == "secretsmanager":
		secret.Secret = cloud.LinkTo[aws.Secret](cloud.Ref(strings.Join(parts[:7], ":")))
	case strings.HasPrefix(from, "arn:"):
		secret.Parameter = cloud.LinkTo[aws.Parameter](cloud.Ref(from))
	case from != "":
		secret.Parameter = cloud.LinkTo[aws.Parameter](parameterRef(s, from))
	}
	return secret
}

func taskVolumeOf(s *scope, in types.Volume) *aws.TaskVolume {
	v := &aws.TaskVolume{Name: awssdk.ToString(in.Name)}
	if in.Host != nil {
		v.HostPath = awssdk.ToString(in.Host.SourcePath)
	}
	if e := in.EfsVolumeConfiguration; e != nil {
		v.EFS = &aws.TaskEFS{TransitEncryption: e.TransitEncryption == types.EFSTransitEncryptionEnabled}
		if id := awssdk.ToString(e.FileSystemId); id != "" {
			v.EFS.FileSystem = cloud.LinkTo[aws.FileSystem](s.arn("elasticfilesystem", "file-system/"+id))
		}
		if a := e.AuthorizationConfig; a != nil {
			v.EFS.IAM = a.Iam == types.EFSAuthorizationConfigIAMEnabled
			v.EFS.AccessPoint = awssdk.ToString(a.AccessPointId)
		}
	}
	return v
}
