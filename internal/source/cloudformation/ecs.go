package cloudformation

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ecsMappings() []code.Mapping {
	return append(code.Ignores("AWS::ECS::CapacityProvider", "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"),
		code.Makes("AWS::ECS::Cluster", "ClusterName", "arn:{partition}:ecs:{region}:{account}:cluster/{name}", ecsCluster),
		code.Joins("AWS::ECS::ClusterCapacityProviderAssociations", "Cluster", func(f *code.Form, c *aws.ECSCluster) {
			f.Set(&c.CapacityProviders, "CapacityProviders")
		}),
		code.Settles(code.Makes("AWS::ECS::Service", "ServiceName", "", ecsServiceOf), code.SettleECSService),
		code.Joins("AWS::ECS::TaskSet", "Service", func(f *code.Form, s *aws.ECSService) {
			code.Add(f, &s.TaskSets, func(f *code.Form, t *aws.TaskSet) {
				network := f.Get("NetworkConfiguration.AwsVpcConfiguration")
				f.Put(&t.AssignPublicIP, code.AssignPublicIP(network, network.Get("AssignPublicIp")))
				f.Set(&t.TaskDefinition, "TaskDefinition")
			})
		}),
		code.Makes("AWS::ECS::TaskDefinition", "Family", "", taskDefinition),
	)
}

// ecsCluster reads a cluster. Without a setting the account's default decides
// on Container Insights, which is off where nobody changed it.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html
func ecsCluster(f *code.Form, c *aws.ECSCluster) {
	f.Is(&c.Status, "ACTIVE")
	f.Put(&c.ContainerInsights, f.Get("ClusterSettings").Pairs("Name", "Value").Get("containerInsights"), "disabled")
	f.Set(&c.CapacityProviders, "CapacityProviders")
	f.Set(&c.ExecLogging, "Configuration.ExecuteCommandConfiguration.Logging")
	f.Set(&c.ExecKMSKey, "Configuration.ExecuteCommandConfiguration.KmsKeyId")
	f.Set(&c.StorageKMSKey, "Configuration.ManagedStorageConfiguration.KmsKeyId")
}

// ecsServiceOf reads a service. It runs on EC2 unless it or a capacity provider
// says otherwise, and on the latest platform.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
func ecsServiceOf(f *code.Form, s *aws.ECSService) {
	providers, network := f.Get("CapacityProviderStrategy"), f.Get("NetworkConfiguration.AwsvpcConfiguration")
	f.Is(&s.Status, "ACTIVE")
	f.Default(&s.TaskSets)
	f.Set(&s.Cluster, "Cluster")
	f.Set(&s.TaskDefinition, "TaskDefinition")
	f.Put(&s.LaunchType, f.Get("LaunchType").Or(providers.Present().Choose("", "EC2")))
	f.Put(&s.CapacityProviders, providers.Every("CapacityProvider"))
	f.Put(&s.PlatformVersion, f.Get("PlatformVersion").Or(f.Get("LaunchType").Is("FARGATE").Choose("LATEST", "")))
	f.Put(&s.AssignPublicIP, code.AssignPublicIP(network, network.Get("AssignPublicIp")))
	f.Put(&s.Subnets, network.Get("Subnets"))
	f.Put(&s.SecurityGroups, network.Get("SecurityGroups"))
	f.Put(&s.TargetGroups, f.StandEvery(f.Get("LoadBalancers").Every("TargetGroupArn")))
	f.Set(&s.ExecuteCommand, "EnableExecuteCommand")
	f.Given(&s.DesiredCount, "DesiredCount")
}

// taskDefinition reads the revision that the code describes, the latest of its
// family. CloudFormation writes the fields of containers as the API does, but
// for the first letter.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html
func taskDefinition(f *code.Form, t *aws.TaskDefinition) {
	f.Is(&t.Status, "ACTIVE")
	f.Is(&t.Latest, true)
	f.Set(&t.Family, "Family", f.Resource().Label)
	f.Set(&t.NetworkMode, "NetworkMode")
	f.Set(&t.PIDMode, "PidMode")
	f.Set(&t.IPCMode, "IpcMode")
	f.Set(&t.RequiresCompatibilities, "RequiresCompatibilities")
	f.Put(&t.Windows, f.Get("RuntimePlatform.OperatingSystemFamily").Map(strings.ToUpper).HasPrefix("WINDOWS"))
	f.Set(&t.TaskRole, "TaskRoleArn")
	f.Set(&t.ExecutionRole, "ExecutionRoleArn")
	code.Containers(f, &t.Containers, f.Get("ContainerDefinitions").LowerNames())
	code.Each(f, &t.Volumes, "Volumes", func(f *code.Form, v *aws.TaskVolume) {
		f.Set(&v.Name, "Name")
		f.Set(&v.HostPath, "Host.SourcePath")
		code.One(f, &v.EFS, "EFSVolumeConfiguration", func(f *code.Form, e *aws.TaskEFS) {
			f.Put(&e.FileSystem, f.First("FilesystemId", "FileSystemId"))
			f.Put(&e.TransitEncryption, f.Get("TransitEncryption").Is("ENABLED"))
			f.Put(&e.IAM, f.Get("AuthorizationConfig.IAM").Is("ENABLED"))
			f.Put(&e.AccessPoint, f.Stand(f.Get("AuthorizationConfig.AccessPointId")))
		})
	})
}
