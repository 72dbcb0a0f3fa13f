package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func autoscalingMappings() []code.Mapping {
	return append(code.Ignores("AWS::AutoScaling::ScalingPolicy", "AWS::AutoScaling::LifecycleHook", "AWS::AutoScaling::ScheduledAction"),
		code.Settles(code.Makes("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName", "", autoScalingGroup), code.SettleGroup),
		code.Makes("AWS::AutoScaling::LaunchConfiguration", "LaunchConfigurationName", "", launchConfiguration),
	)
}

// autoScalingGroup reads a group with what its mixed instances policy allows.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html
func autoScalingGroup(f *code.Form, g *aws.AutoScalingGroup) {
	mixed := f.Get("MixedInstancesPolicy")
	overrides := mixed.Get("LaunchTemplate.Overrides")
	templates := code.Concat(f.Get("LaunchTemplate"), mixed.Get("LaunchTemplate.LaunchTemplateSpecification"), overrides.Every("LaunchTemplateSpecification"))
	f.Put(&g.LaunchTemplates, templates.Every("LaunchTemplateId", "LaunchTemplateName"))
	f.Put(&g.LaunchTemplateVersion, f.Stand(templates.Get("Version")))
	f.Set(&g.LaunchConfiguration, "LaunchConfigurationName")
	f.Put(&g.MixedInstances, mixed.Present())
	f.Put(&g.InstanceTypes, overrides.Every("InstanceType"))
	f.Put(&g.AttributeBased, overrides.Every("InstanceRequirements").Present())
	f.Set(&g.Subnets, "VPCZoneIdentifier")
	f.Given(&g.AvailabilityZones, "AvailabilityZones")
	f.Set(&g.MinSize, "MinSize")
	f.Set(&g.MaxSize, "MaxSize")
	f.Given(&g.DesiredCapacity, "DesiredCapacity")
	f.Put(&g.HealthChecks, f.Get("HealthCheckType").Or(code.Text("EC2", nil)).Split(","))
	f.Put(&g.LoadBalanced, code.Concat(f.Get("LoadBalancerNames"), f.Get("TargetGroupARNs"), f.Get("TrafficSources")).Present())
	f.Set(&g.CapacityRebalance, "CapacityRebalance")
	f.Set(&g.MaxInstanceLifetime, "MaxInstanceLifetime")
	f.Default(&g.SuspendedProcesses)
}

// launchConfiguration reads a launch configuration. Detailed monitoring is on
// unless the template switches it off.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-launchconfiguration.html
func launchConfiguration(f *code.Form, l *aws.LaunchConfiguration) {
	f.Put(&l.ImageID, f.Stand(f.Get("ImageId")))
	f.Set(&l.InstanceType, "InstanceType")
	f.Put(&l.KeyName, f.Stand(f.Get("KeyName")))
	f.Put(&l.PublicIP, f.Get("AssociatePublicIpAddress").Switch())
	code.One(f, &l.Metadata, "MetadataOptions", metadataOptions)
	f.Put(&l.ProfileName, f.Stand(f.Get("IamInstanceProfile")))
	f.Set(&l.SecurityGroups, "SecurityGroups")
	f.Set(&l.Monitoring, "InstanceMonitoring", true)
	code.Each(f, &l.Devices, "BlockDeviceMappings", templateDevice)
	code.UserData(f, &l.HasUserData, &l.UserDataSHA256, &l.UserDataSecrets, f.Get("UserData"), code.Value{})
}
