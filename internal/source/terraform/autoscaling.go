package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func autoscalingMappings() []code.Mapping {
	balanced := func(f *code.Form, g *aws.AutoScalingGroup) { f.Is(&g.LoadBalanced, true) }
	return []code.Mapping{
		code.Settles(code.Makes("aws_autoscaling_group", "name", "", autoScalingGroup), code.SettleGroup),
		code.Joins("aws_autoscaling_attachment", "autoscaling_group_name", balanced),
		code.Joins("aws_autoscaling_traffic_source_attachment", "autoscaling_group_name", balanced),
		code.Makes("aws_launch_configuration", "name", "", launchConfiguration),
	}
}

// autoScalingGroup reads a group with what its mixed instances policy allows.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_group
func autoScalingGroup(f *code.Form, g *aws.AutoScalingGroup) {
	mixed := f.Get("mixed_instances_policy")
	overrides := mixed.Get("launch_template.override")
	templates := code.Concat(f.Get("launch_template"), mixed.Get("launch_template.launch_template_specification"), overrides.Every("launch_template_specification"))
	f.Put(&g.LaunchTemplates, templates.Every("id", "launch_template_id", "name", "launch_template_name"))
	f.Put(&g.LaunchTemplateVersion, templates.Get("version"))
	f.Set(&g.LaunchConfiguration, "launch_configuration")
	f.Put(&g.MixedInstances, mixed.Present())
	f.Put(&g.InstanceTypes, overrides.Every("instance_type"))
	f.Put(&g.AttributeBased, overrides.Every("instance_requirements").Present())
	f.Put(&g.Subnets, f.Get("vpc_zone_identifier"))
	f.Given(&g.AvailabilityZones, "availability_zones")
	f.Set(&g.MinSize, "min_size")
	f.Set(&g.MaxSize, "max_size")
	f.Given(&g.DesiredCapacity, "desired_capacity")
	f.Put(&g.HealthChecks, f.Get("health_check_type").Or(code.Text("EC2", nil)).Split(","))
	f.Put(&g.LoadBalanced, code.Concat(f.Get("load_balancers"), f.Get("target_group_arns"), f.Get("traffic_source")).Present())
	f.Set(&g.CapacityRebalance, "capacity_rebalance")
	f.Set(&g.MaxInstanceLifetime, "max_instance_lifetime")
	f.Set(&g.SuspendedProcesses, "suspended_processes")
	if tags := f.First("tag", "tags"); f.Resource().Tags.IsAbsent() {
		f.Put(&g.Tags, tags.Pairs("key", "value"))
	}
}

// launchConfiguration reads a launch configuration. Detailed monitoring is on
// unless the code switches it off.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_configuration
func launchConfiguration(f *code.Form, l *aws.LaunchConfiguration) {
	f.Put(&l.ImageID, f.Stand(f.Get("image_id")))
	f.Set(&l.InstanceType, "instance_type")
	f.Put(&l.KeyName, f.Stand(f.Get("key_name")))
	f.Put(&l.PublicIP, f.Get("associate_public_ip_address").Switch())
	code.One(f, &l.Metadata, "metadata_options", metadataOptions)
	f.Put(&l.ProfileName, f.Stand(f.Get("iam_instance_profile")))
	f.Set(&l.SecurityGroups, "security_groups")
	f.Set(&l.Monitoring, "enable_monitoring", true)
	code.UserData(f, &l.HasUserData, &l.UserDataSHA256, &l.UserDataSecrets, f.Get("user_data"), f.Get("user_data_base64"))
	code.EachOf(f, &l.Devices, code.Concat(f.Get("root_block_device"), f.Get("ebs_block_device")), func(f *code.Form, d *aws.TemplateDevice) {
		f.Set(&d.Name, "device_name")
		f.Put(&d.EBS, f.Get("no_device").Is("true").Not())
		templateDisk(f, d, f.Get(""))
	})
}
