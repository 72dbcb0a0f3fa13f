package terraform

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ecsMappings() []code.Mapping {
	return append(code.Ignores("aws_ecs_capacity_provider", "aws_appautoscaling_target", "aws_appautoscaling_policy"),
		code.Makes("aws_ecs_cluster", "name", "arn:{partition}:ecs:{region}:{account}:cluster/{name}", ecsCluster),
		code.Joins("aws_ecs_cluster_capacity_providers", "cluster_name", func(f *code.Form, c *aws.ECSCluster) {
			f.Set(&c.CapacityProviders, "capacity_providers")
		}),
		code.Settles(code.Makes("aws_ecs_service", "name", "", ecsService), code.SettleECSService),
		code.Joins("aws_ecs_task_set", "service", ecsTaskSet),
		code.Makes("aws_ecs_task_definition", "family", "", taskDefinition),
	)
}

// ecsCluster reads a cluster. Without a setting the account's default decides
// on Container Insights, which is off where nobody changed it.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_cluster
func ecsCluster(f *code.Form, c *aws.ECSCluster) {
	f.Is(&c.Status, "ACTIVE")
	f.Put(&c.ContainerInsights, f.Get("setting").Pairs("name", "value").Get("containerInsights"), "disabled")
	f.Set(&c.CapacityProviders, "capacity_providers")
	f.Set(&c.ExecLogging, "configuration.execute_command_configuration.logging")
	f.Set(&c.ExecKMSKey, "configuration.execute_command_configuration.kms_key_id")
	f.Set(&c.StorageKMSKey, "configuration.managed_storage_configuration.kms_key_id")
}

// ecsService reads a service. It runs on EC2 unless it or a capacity provider
// says otherwise, and on the latest platform.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service
func ecsService(f *code.Form, s *aws.ECSService) {
	providers := f.Get("capacity_provider_strategy")
	f.Is(&s.Status, "ACTIVE")
	f.Default(&s.TaskSets)
	f.Set(&s.Cluster, "cluster")
	f.Set(&s.TaskDefinition, "task_definition")
	f.Put(&s.LaunchType, launchType(f, providers))
	f.Put(&s.CapacityProviders, providers.Every("capacity_provider"))
	f.Put(&s.PlatformVersion, f.Get("platform_version").Or(f.Get("launch_type").Is("FARGATE").Choose("LATEST", "")))
	f.Put(&s.AssignPublicIP, code.AssignPublicIP(f.Get("network_configuration"), f.Get("network_configuration.assign_public_ip")))
	f.Set(&s.Subnets, "network_configuration.subnets")
	f.Set(&s.SecurityGroups, "network_configuration.security_groups")
	f.Put(&s.TargetGroups, f.StandEvery(f.Get("load_balancer").Every("target_group_arn")))
	f.Set(&s.ExecuteCommand, "enable_execute_command")
	f.Set(&s.DesiredCount, "desired_count")
}

func launchType(f *code.Form, providers code.Value) code.Value {
	if chosen := f.Get("launch_type"); !chosen.IsAbsent() {
		return chosen
	}
	return providers.Present().Choose("", "EC2")
}

func ecsTaskSet(f *code.Form, s *aws.ECSService) {
	code.Add(f, &s.TaskSets, func(f *code.Form, t *aws.TaskSet) {
		f.Put(&t.AssignPublicIP, code.AssignPublicIP(f.Get("network_configuration"), f.Get("network_configuration.assign_public_ip")))
		f.Set(&t.TaskDefinition, "task_definition")
	})
}

// taskDefinition reads the revision that the code describes, the latest of its family.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition
func taskDefinition(f *code.Form, t *aws.TaskDefinition) {
	f.Is(&t.Status, "ACTIVE")
	f.Is(&t.Latest, true)
	f.Set(&t.Family, "family")
	f.Set(&t.NetworkMode, "network_mode")
	f.Set(&t.PIDMode, "pid_mode")
	f.Set(&t.IPCMode, "ipc_mode")
	f.Set(&t.RequiresCompatibilities, "requires_compatibilities")
	f.Put(&t.Windows, f.Get("runtime_platform.operating_system_family").Map(strings.ToUpper).HasPrefix("WINDOWS"))
	f.Set(&t.TaskRole, "task_role_arn")
	f.Set(&t.ExecutionRole, "execution_role_arn")
	code.Containers(f, &t.Containers, f.Get("container_definitions"))
	code.Each(f, &t.Volumes, "volume", taskVolume)
}

func taskVolume(f *code.Form, v *aws.TaskVolume) {
	f.Set(&v.Name, "name")
	f.Set(&v.HostPath, "host_path")
	code.One(f, &v.EFS, "efs_volume_configuration", func(f *code.Form, e *aws.TaskEFS) {
		f.Set(&e.FileSystem, "file_system_id")
		f.Put(&e.TransitEncryption, f.Get("transit_encryption").Is("ENABLED"))
		f.Put(&e.IAM, f.Get("authorization_config.iam").Is("ENABLED"))
		f.Put(&e.AccessPoint, f.Stand(f.Get("authorization_config.access_point_id")))
	})
}
