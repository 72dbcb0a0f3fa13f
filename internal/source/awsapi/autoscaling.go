package awsapi

import (
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func autoscalingService() *service {
	return &service{name: "autoscaling", kinds: []cloud.Kind{kindOf[aws.AutoScalingGroup](), kindOf[aws.LaunchConfiguration]()}, read: readAutoScaling}
}

// readAutoScaling reads the groups, and the launch configurations where there are
// groups to use them.
func readAutoScaling(s *scope) {
	c := autoscaling.NewFromConfig(s.cfg)
	group, config := kindOf[aws.AutoScalingGroup](), kindOf[aws.LaunchConfiguration]()
	var groups []types.AutoScalingGroup
	gap := list(s, autoscaling.NewDescribeAutoScalingGroupsPaginator(c, &autoscaling.DescribeAutoScalingGroupsInput{}), func(out *autoscaling.DescribeAutoScalingGroupsOutput) {
		groups = append(groups, out.AutoScalingGroups...)
	}, group)
	if len(groups) == 0 {
		s.decide(gap, []cloud.Kind{config})
		return
	}
	byName := map[string]cloud.Ref{}
	unlisted := list(s, autoscaling.NewDescribeLaunchConfigurationsPaginator(c, &autoscaling.DescribeLaunchConfigurationsInput{}), func(out *autoscaling.DescribeLaunchConfigurationsOutput) {
		items(s, config, out.LaunchConfigurations, func(in types.LaunchConfiguration) {
			l := launchConfigurationOf(s, in)
			byName[l.Name] = l.Ref
			s.add(l)
		})
	}, config)
	items(s, group, groups, func(in types.AutoScalingGroup) {
		g := autoScalingGroupOf(s, in)
		// The group names its configuration, whose ARN holds a random part.
		if name := awssdk.ToString(in.LaunchConfigurationName); name != "" {
			ref := byName[name]
			if ref == "" {
				ref = s.arn("autoscaling", "launchConfiguration:*:launchConfigurationName/"+name)
			}
			g.LaunchConfiguration = cloud.LinkTo[aws.LaunchConfiguration](ref)
			if byName[name] == "" && unlisted == nil {
				g.SetGap(&cloud.Gap{Reason: cloud.Missing, Message: "launch configuration " + name + " is not among those listed"}, "launch_configuration")
			}
		}
		s.add(g)
	})
}

func autoScalingGroupOf(s *scope, in types.AutoScalingGroup) *aws.AutoScalingGroup {
	g := &aws.AutoScalingGroup{
		Base:                s.base(cloud.Ref(*in.AutoScalingGroupARN), awssdk.ToString(in.AutoScalingGroupName)),
		AvailabilityZones:   slices.Sorted(slices.Values(in.AvailabilityZones)),
		MinSize:             int(awssdk.ToInt32(in.MinSize)),
		MaxSize:             int(awssdk.ToInt32(in.MaxSize)),
		DesiredCapacity:     int(awssdk.ToInt32(in.DesiredCapacity)),
		LoadBalanced:        len(in.LoadBalancerNames)+len(in.TargetGroupARNs)+len(in.TrafficSources) > 0,
		CapacityRebalance:   awssdk.ToBool(in.CapacityRebalance),
		MaxInstanceLifetime: int(awssdk.ToInt32(in.MaxInstanceLifetime)),
		CreatedAt:           awssdk.ToTime(in.CreatedTime),
	}
	g.Tags = tagMap(in.Tags, func(t types.TagDescription) (*string, *string) { return t.Key, t.Value })
	g.HealthChecks = split(need(g, "health_checks", in.HealthCheckType))
	g.Subnets = ec2Links[aws.Subnet](s, "subnet", split(awssdk.ToString(in.VPCZoneIdentifier)))
	for _, i := range in.Instances {
		g.Instances = append(g.Instances, ec2Link[aws.Instance](s, "instance", awssdk.ToString(i.InstanceId)))
	}
	for _, p := range in.SuspendedProcesses {
		g.SuspendedProcesses = append(g.SuspendedProcesses, awssdk.ToString(p.ProcessName))
	}
	groupTemplates(s, g, in)
	return g
}

func groupTemplates(s *scope, g *aws.AutoScalingGroup, in types.AutoScalingGroup) {
	use := func(t *types.LaunchTemplateSpecification) {
		if t == nil {
			return
		}
		link := ec2Link[aws.LaunchTemplate](s, "launch-template", awssdk.ToString(t.LaunchTemplateId))
		if !link.IsZero() && !slices.ContainsFunc(g.LaunchTemplates, func(l cloud.Link[aws.LaunchTemplate]) bool { return l.To == link.To }) {
			g.LaunchTemplates = append(g.LaunchTemplates, link)
		}
		if g.LaunchTemplateVersion == "" {
			g.LaunchTemplateVersion = awssdk.ToString(t.Version)
		}
	}
	use(in.LaunchTemplate)
	if in.MixedInstancesPolicy == nil {
		return
	}
	g.MixedInstances = true
	t := in.MixedInstancesPolicy.LaunchTemplate
	if t == nil {
		return
	}
	use(t.LaunchTemplateSpecification)
	for _, o := range t.Overrides {
		use(o.LaunchTemplateSpecification)
		g.AttributeBased = g.AttributeBased || o.InstanceRequirements != nil
		if name := awssdk.ToString(o.InstanceType); name != "" {
			g.InstanceTypes = append(g.InstanceTypes, name)
		}
	}
}

func launchConfigurationOf(s *scope, in types.LaunchConfiguration) *aws.LaunchConfiguration {
	l := &aws.LaunchConfiguration{
		Base:         s.base(cloud.Ref(*in.LaunchConfigurationARN), awssdk.ToString(in.LaunchConfigurationName)),
		ImageID:      awssdk.ToString(in.ImageId),
		InstanceType: awssdk.ToString(in.InstanceType),
		KeyName:      awssdk.ToString(in.KeyName),
		PublicIP:     enabled(in.AssociatePublicIpAddress),
		ProfileName:  awssdk.ToString(in.IamInstanceProfile),
		CreatedAt:    awssdk.ToTime(in.CreatedTime),
	}
	for _, id := range in.SecurityGroups {
		if strings.HasPrefix(id, "sg-") {
			l.SecurityGroups = append(l.SecurityGroups, ec2Link[aws.SecurityGroup](s, "security-group", id))
		}
	}
	if m := in.MetadataOptions; m != nil {
		l.Metadata = metadataOptions(m.HttpEndpoint, m.HttpTokens, m.HttpPutResponseHopLimit, "", "")
	}
	if m := in.InstanceMonitoring; m != nil {
		l.Monitoring = awssdk.ToBool(m.Enabled)
	}
	for _, b := range in.BlockDeviceMappings {
		device := &aws.TemplateDevice{Name: awssdk.ToString(b.DeviceName)}
		if b.Ebs != nil {
			device.EBS, device.Encryption = true, enabled(b.Ebs.Encrypted)
			device.Snapshot = imageLink[aws.Snapshot](s, "snapshot", b.Ebs.SnapshotId)
		}
		l.Devices = append(l.Devices, device)
	}
	l.HasUserData, l.UserDataSHA256, l.UserDataSecrets = userData(l, "user_data_secrets", awssdk.ToString(in.UserData))
	return l
}

// split cuts a comma-separated list; no text is an empty list.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
