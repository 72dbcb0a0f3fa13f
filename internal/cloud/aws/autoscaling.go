package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func autoscalingKinds() []cloud.Resource {
	return []cloud.Resource{&AutoScalingGroup{}, &LaunchConfiguration{}}
}

// AutoScalingGroup is an EC2 Auto Scaling group.
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html
type AutoScalingGroup struct {
	cloud.Base

	// LaunchTemplates the group launches from: its own, or those of its mixed
	// instances policy, overrides included.
	LaunchTemplates []cloud.Link[LaunchTemplate] `json:"launch_templates,omitempty"`
	// LaunchTemplateVersion is a number, $Latest, $Default or empty (default).
	LaunchTemplateVersion string `json:"launch_template_version,omitempty"`
	// LaunchConfiguration is the old way to say what to launch; it leads
	// nowhere for groups that use a template.
	LaunchConfiguration cloud.Link[LaunchConfiguration] `json:"launch_configuration,omitzero"`
	// MixedInstances is whether a mixed instances policy is set.
	MixedInstances bool `json:"mixed_instances,omitempty"`
	// InstanceTypes that the mixed instances policy allows, when it names them.
	InstanceTypes []string `json:"instance_types,omitempty"`
	// AttributeBased is whether the policy picks types by their attributes
	// (cores, memory) and names none.
	AttributeBased bool `json:"attribute_based,omitempty"`
	// AvailabilityZones the group may launch in.
	AvailabilityZones []string `json:"availability_zones,omitempty"`
	// Subnets the group launches in.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// Instances the group owns now.
	Instances []cloud.Link[Instance] `json:"instances,omitempty"`
	// MinSize, MaxSize and DesiredCapacity in instances.
	MinSize         int `json:"min_size,omitempty"`
	MaxSize         int `json:"max_size,omitempty"`
	DesiredCapacity int `json:"desired_capacity,omitempty"`
	// HealthChecks are EC2 and, where set, ELB, EBS, VPC_LATTICE.
	HealthChecks []string `json:"health_checks,omitempty"`
	// LoadBalanced is whether a load balancer sends traffic to the group.
	LoadBalanced bool `json:"load_balanced,omitempty"`
	// CapacityRebalance is whether spot instances at risk are replaced early.
	CapacityRebalance bool `json:"capacity_rebalance,omitempty"`
	// MaxInstanceLifetime in seconds; 0 for no limit.
	MaxInstanceLifetime int `json:"max_instance_lifetime,omitempty"`
	// SuspendedProcesses such as Launch or ReplaceUnhealthy.
	SuspendedProcesses []string `json:"suspended_processes,omitempty"`
	// CreatedAt is when the group was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// Kind implements cloud.Resource.
func (*AutoScalingGroup) Kind() cloud.Kind { return "AWS::AutoScaling::AutoScalingGroup" }

// LaunchConfiguration is the old, immutable form of a launch template.
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchConfiguration.html
type LaunchConfiguration struct {
	cloud.Base

	// ImageID is the AMI id.
	ImageID string `json:"image_id,omitempty"`
	// InstanceType is the hardware.
	InstanceType string `json:"instance_type,omitempty"`
	// KeyName is the SSH key pair; empty for none.
	KeyName string `json:"key_name,omitempty"`
	// PublicIP is enabled, disabled or, where the subnet decides, empty.
	PublicIP string `json:"public_ip,omitempty"`
	// Metadata is what it says of the metadata service; unset when it says
	// nothing.
	Metadata *MetadataOptions `json:"metadata,omitempty"`
	// ProfileName is the name or ARN of the instance profile; empty for none.
	ProfileName string `json:"profile_name,omitempty"`
	// SecurityGroups by id.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// Monitoring is whether detailed (one minute) monitoring is on.
	Monitoring bool `json:"monitoring,omitempty"`
	// Devices are the volumes it describes.
	Devices []*TemplateDevice `json:"devices,omitempty"`
	// HasUserData is whether start-up data is set.
	HasUserData bool `json:"has_user_data,omitempty"`
	// UserDataSHA256 is the hex hash of the start-up data as sent.
	UserDataSHA256 string `json:"user_data_sha256,omitempty"`
	// UserDataSecrets are the secrets found in the start-up data.
	UserDataSecrets []*TextSecret `json:"user_data_secrets,omitempty"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`

	// AutoScalingGroups that launch from it.
	AutoScalingGroups []cloud.Link[AutoScalingGroup] `json:"-" cel:"auto_scaling_groups" backlink:"launch_configuration" within:"region"`
}

// Kind implements cloud.Resource.
func (*LaunchConfiguration) Kind() cloud.Kind { return "AWS::AutoScaling::LaunchConfiguration" }
