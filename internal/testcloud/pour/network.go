package pour

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/testcloud"
)

// named tags a resource at birth with its label.
func named(kind types.ResourceType, r cloud.Resource) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: label(r)}}
}

func label(r cloud.Resource) []types.Tag {
	return []types.Tag{{Key: awssdk.String("Name"), Value: awssdk.String(testcloud.Label(r))}}
}

// adopt gives the label of a described resource to one that AWS made by itself.
func (p *pourer) adopt(c *ec2.Client, r cloud.Resource, id *string) error {
	p.is(r, id)
	_, err := c.CreateTags(p.ctx, &ec2.CreateTagsInput{Resources: []string{*id}, Tags: label(r)})
	return err
}

func inVPC(id string) []types.Filter {
	return []types.Filter{{Name: awssdk.String("vpc-id"), Values: []string{id}}}
}

func pourNetwork(p *pourer) {
	each(p, func(cfg awssdk.Config, v *aws.VPC) error {
		out, err := ec2.NewFromConfig(cfg).CreateVpc(p.ctx, &ec2.CreateVpcInput{CidrBlock: &v.CIDRs4[0], TagSpecifications: named(types.ResourceTypeVpc, v)})
		if err != nil {
			return err
		}
		p.is(v, out.Vpc.VpcId)
		return nil
	})
	each(p, func(cfg awssdk.Config, g *aws.InternetGateway) error {
		c := ec2.NewFromConfig(cfg)
		out, err := c.CreateInternetGateway(p.ctx, &ec2.CreateInternetGatewayInput{TagSpecifications: named(types.ResourceTypeInternetGateway, g)})
		if err != nil {
			return err
		}
		p.is(g, out.InternetGateway.InternetGatewayId)
		_, err = c.AttachInternetGateway(p.ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: out.InternetGateway.InternetGatewayId, VpcId: awssdk.String(p.id(g.VPCs[0].To))})
		return err
	})
	each(p, func(cfg awssdk.Config, s *aws.Subnet) error {
		out, err := ec2.NewFromConfig(cfg).CreateSubnet(p.ctx, &ec2.CreateSubnetInput{VpcId: awssdk.String(p.id(s.VPC.To)), CidrBlock: &s.CIDR4, AvailabilityZone: &s.AvailabilityZone, TagSpecifications: named(types.ResourceTypeSubnet, s)})
		if err != nil {
			return err
		}
		p.is(s, out.Subnet.SubnetId)
		return nil
	})
	each(p, func(cfg awssdk.Config, n *aws.NATGateway) error {
		c := ec2.NewFromConfig(cfg)
		address, err := c.AllocateAddress(p.ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})
		if err != nil {
			return err
		}
		// The address and the interface come with the gateway.
		for _, e := range all[*aws.ElasticIP](p) {
			if e.Instance.IsZero() && e.Account == n.Account {
				if err := p.adopt(c, e, address.AllocationId); err != nil {
					return err
				}
			}
		}
		out, err := c.CreateNatGateway(p.ctx, &ec2.CreateNatGatewayInput{SubnetId: awssdk.String(p.id(n.Subnet.To)), AllocationId: address.AllocationId, TagSpecifications: named(types.ResourceTypeNatgateway, n)})
		if err != nil {
			return err
		}
		p.is(n, out.NatGateway.NatGatewayId)
		return nil
	})
	each(p, p.routeTable)
	each(p, p.groupItself)
	each(p, p.groupRules)
	each(p, p.acl)
	each(p, func(cfg awssdk.Config, f *aws.FlowLog) error {
		_, err := ec2.NewFromConfig(cfg).CreateFlowLogs(p.ctx, &ec2.CreateFlowLogsInput{
			ResourceIds: []string{p.id(f.VPC.To)}, ResourceType: types.FlowLogsResourceTypeVpc, TrafficType: types.TrafficType(f.TrafficType), LogDestinationType: types.LogDestinationType(f.DestinationType),
			LogGroupName: awssdk.String(logGroupName(f.LogGroup.To)), DeliverLogsPermissionArn: awssdk.String("arn:aws:iam::" + string(p.accounts[f.Account]) + ":role/flow-logs"), TagSpecifications: named(types.ResourceTypeVpcFlowLog, f),
		})
		return err
	})
}

func logGroupName(ref cloud.Ref) string {
	_, name, _ := strings.Cut(string(ref), ":log-group:")
	return strings.TrimSuffix(name, ":*")
}

func (p *pourer) routeTable(cfg awssdk.Config, t *aws.RouteTable) error {
	c := ec2.NewFromConfig(cfg)
	vpc := p.id(t.VPC.To)
	if t.Main {
		out, err := c.DescribeRouteTables(p.ctx, &ec2.DescribeRouteTablesInput{Filters: append(inVPC(vpc), types.Filter{Name: awssdk.String("association.main"), Values: []string{"true"}})})
		if err != nil {
			return err
		}
		return p.adopt(c, t, out.RouteTables[0].RouteTableId)
	}
	out, err := c.CreateRouteTable(p.ctx, &ec2.CreateRouteTableInput{VpcId: &vpc, TagSpecifications: named(types.ResourceTypeRouteTable, t)})
	if err != nil {
		return err
	}
	id := out.RouteTable.RouteTableId
	p.is(t, id)
	for _, r := range t.Routes {
		if r.TargetKind == "local" {
			continue
		}
		if _, err := c.CreateRoute(p.ctx, &ec2.CreateRouteInput{
			RouteTableId: id, DestinationCidrBlock: &r.Destination, GatewayId: optional(p.id(r.InternetGateway.To)), NatGatewayId: optional(p.id(r.NATGateway.To)),
		}); err != nil {
			return err
		}
	}
	for _, s := range all[*aws.Subnet](p) {
		if s.RouteTable.To != t.Ref {
			continue
		}
		if _, err := c.AssociateRouteTable(p.ctx, &ec2.AssociateRouteTableInput{RouteTableId: id, SubnetId: awssdk.String(p.id(s.Ref))}); err != nil {
			return err
		}
	}
	return nil
}

// groupItself makes a group without rules: rules may name groups that come later.
func (p *pourer) groupItself(cfg awssdk.Config, g *aws.SecurityGroup) error {
	c := ec2.NewFromConfig(cfg)
	vpc := p.id(g.VPC.To)
	if !g.Default {
		out, err := c.CreateSecurityGroup(p.ctx, &ec2.CreateSecurityGroupInput{GroupName: &g.GroupName, Description: &g.Description, VpcId: &vpc, TagSpecifications: named(types.ResourceTypeSecurityGroup, g)})
		if err != nil {
			return err
		}
		p.is(g, out.GroupId)
		return nil
	}
	out, err := c.DescribeSecurityGroups(p.ctx, &ec2.DescribeSecurityGroupsInput{Filters: append(inVPC(vpc), types.Filter{Name: awssdk.String("group-name"), Values: []string{"default"}})})
	if err != nil {
		return err
	}
	made := out.SecurityGroups[0]
	if len(g.Egress) == 0 {
		if _, err := c.RevokeSecurityGroupEgress(p.ctx, &ec2.RevokeSecurityGroupEgressInput{GroupId: made.GroupId, IpPermissions: made.IpPermissionsEgress}); err != nil {
			return err
		}
	}
	if len(made.IpPermissions) > 0 {
		if _, err := c.RevokeSecurityGroupIngress(p.ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: made.GroupId, IpPermissions: made.IpPermissions}); err != nil {
			return err
		}
	}
	return p.adopt(c, g, made.GroupId)
}

func (p *pourer) groupRules(cfg awssdk.Config, g *aws.SecurityGroup) error {
	var permissions []types.IpPermission
	for _, r := range g.Ingress {
		in := types.IpPermission{IpProtocol: &r.Protocol, FromPort: awssdk.Int32(int32(r.FromPort)), ToPort: awssdk.Int32(int32(r.ToPort))}
		for _, cidr := range r.CIDRs4 {
			in.IpRanges = append(in.IpRanges, types.IpRange{CidrIp: &cidr})
		}
		for _, cidr := range r.CIDRs6 {
			in.Ipv6Ranges = append(in.Ipv6Ranges, types.Ipv6Range{CidrIpv6: &cidr})
		}
		for _, id := range ids(p, r.Groups) {
			in.UserIdGroupPairs = append(in.UserIdGroupPairs, types.UserIdGroupPair{GroupId: &id})
		}
		permissions = append(permissions, in)
	}
	if len(permissions) == 0 {
		return nil
	}
	_, err := ec2.NewFromConfig(cfg).AuthorizeSecurityGroupIngress(p.ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: awssdk.String(p.id(g.Ref)), IpPermissions: permissions})
	return err
}

func (p *pourer) acl(cfg awssdk.Config, a *aws.NetworkACL) error {
	c := ec2.NewFromConfig(cfg)
	vpc := p.id(a.VPC.To)
	if a.Default {
		out, err := c.DescribeNetworkAcls(p.ctx, &ec2.DescribeNetworkAclsInput{Filters: append(inVPC(vpc), types.Filter{Name: awssdk.String("default"), Values: []string{"true"}})})
		if err != nil {
			return err
		}
		return p.adopt(c, a, out.NetworkAcls[0].NetworkAclId)
	}
	made, err := c.CreateNetworkAcl(p.ctx, &ec2.CreateNetworkAclInput{VpcId: &vpc, TagSpecifications: named(types.ResourceTypeNetworkAcl, a)})
	if err != nil {
		return err
	}
	p.is(a, made.NetworkAcl.NetworkAclId)
	for _, e := range a.Entries {
		if e.RuleNumber == 32767 {
			continue
		}
		in := &ec2.CreateNetworkAclEntryInput{
			NetworkAclId: made.NetworkAcl.NetworkAclId, RuleNumber: awssdk.Int32(int32(e.RuleNumber)), Egress: &e.Egress, CidrBlock: &e.CIDR,
			Protocol: awssdk.String(protocolNumber(e.Protocol)), RuleAction: types.RuleActionDeny,
		}
		if e.Allow {
			in.RuleAction = types.RuleActionAllow
		}
		if e.FromPort >= 0 {
			in.PortRange = &types.PortRange{From: awssdk.Int32(int32(e.FromPort)), To: awssdk.Int32(int32(e.ToPort))}
		}
		if _, err := c.CreateNetworkAclEntry(p.ctx, in); err != nil {
			return err
		}
	}
	// An ACL takes over a subnet by replacing the association of the old one.
	out, err := c.DescribeNetworkAcls(p.ctx, &ec2.DescribeNetworkAclsInput{Filters: append(inVPC(vpc), types.Filter{Name: awssdk.String("default"), Values: []string{"true"}})})
	if err != nil {
		return err
	}
	for _, old := range out.NetworkAcls[0].Associations {
		if _, err := c.ReplaceNetworkAclAssociation(p.ctx, &ec2.ReplaceNetworkAclAssociationInput{AssociationId: old.NetworkAclAssociationId, NetworkAclId: made.NetworkAcl.NetworkAclId}); err != nil {
			return err
		}
	}
	return nil
}

func protocolNumber(name string) string {
	switch name {
	case "tcp":
		return "6"
	case "udp":
		return "17"
	}
	return name
}

func pourMachines(p *pourer) {
	each(p, func(cfg awssdk.Config, i *aws.Instance) error {
		c := ec2.NewFromConfig(cfg)
		in := &ec2.RunInstancesInput{
			ImageId: awssdk.String("ami-12345678"), InstanceType: types.InstanceType(i.InstanceType), MinCount: awssdk.Int32(1), MaxCount: awssdk.Int32(1), SubnetId: awssdk.String(p.id(i.Subnet.To)),
			SecurityGroupIds: ids(p, i.SecurityGroups), PrivateIpAddress: &i.PrivateIP, EbsOptimized: &i.EBSOptimized, Monitoring: &types.RunInstancesMonitoringEnabled{Enabled: &i.Monitoring},
			MetadataOptions:     &types.InstanceMetadataOptionsRequest{HttpEndpoint: types.InstanceMetadataEndpointState(i.Metadata.Endpoint), HttpTokens: types.HttpTokensState(i.Metadata.Tokens), HttpPutResponseHopLimit: awssdk.Int32(int32(i.Metadata.HopLimit))},
			BlockDeviceMappings: []types.BlockDeviceMapping{{DeviceName: awssdk.String("/dev/xvda"), Ebs: &types.EbsBlockDevice{Encrypted: awssdk.Bool(true), VolumeSize: awssdk.Int32(20), DeleteOnTermination: awssdk.Bool(true)}}},
			TagSpecifications:   append(named(types.ResourceTypeInstance, i), named(types.ResourceTypeVolume, i)...),
		}
		if !i.Profile.IsZero() {
			in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Arn: p.arn(i.Profile.To)}
		}
		out, err := c.RunInstances(p.ctx, in)
		if err != nil {
			return err
		}
		p.is(i, out.Instances[0].InstanceId)
		for _, nic := range all[*aws.NetworkInterface](p) {
			if nic.Instance.To == i.Ref {
				return p.adopt(c, nic, out.Instances[0].NetworkInterfaces[0].NetworkInterfaceId)
			}
		}
		return nil
	})
	each(p, func(cfg awssdk.Config, e *aws.ElasticIP) error {
		if e.Instance.IsZero() {
			return nil // a NAT gateway's, made with it
		}
		c := ec2.NewFromConfig(cfg)
		out, err := c.AllocateAddress(p.ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc, TagSpecifications: named(types.ResourceTypeElasticIp, e)})
		if err != nil {
			return err
		}
		_, err = c.AssociateAddress(p.ctx, &ec2.AssociateAddressInput{AllocationId: out.AllocationId, InstanceId: awssdk.String(p.id(e.Instance.To))})
		return err
	})
	each(p, func(cfg awssdk.Config, v *aws.Volume) error {
		if len(v.Attachments) > 0 {
			return nil // made with its instance
		}
		out, err := ec2.NewFromConfig(cfg).CreateVolume(p.ctx, &ec2.CreateVolumeInput{AvailabilityZone: &v.AvailabilityZone, Encrypted: &v.Encrypted, Size: awssdk.Int32(int32(v.Size)), VolumeType: types.VolumeType(v.VolumeType), TagSpecifications: named(types.ResourceTypeVolume, v)})
		if err != nil {
			return err
		}
		p.is(v, out.VolumeId)
		return nil
	})
	each(p, func(cfg awssdk.Config, s *aws.Snapshot) error {
		c := ec2.NewFromConfig(cfg)
		disk, err := c.CreateVolume(p.ctx, &ec2.CreateVolumeInput{AvailabilityZone: awssdk.String(string(s.Region) + "a"), Encrypted: &s.Encrypted, Size: awssdk.Int32(int32(s.Size))})
		if err != nil {
			return err
		}
		out, err := c.CreateSnapshot(p.ctx, &ec2.CreateSnapshotInput{VolumeId: disk.VolumeId, TagSpecifications: named(types.ResourceTypeSnapshot, s)})
		if err != nil {
			return err
		}
		p.is(s, out.SnapshotId)
		if s.Public {
			_, err = c.ModifySnapshotAttribute(p.ctx, &ec2.ModifySnapshotAttributeInput{SnapshotId: out.SnapshotId, Attribute: types.SnapshotAttributeNameCreateVolumePermission, OperationType: types.OperationTypeAdd, GroupNames: []string{"all"}})
		}
		return err
	})
	each(p, func(cfg awssdk.Config, i *aws.Image) error {
		c := ec2.NewFromConfig(cfg)
		out, err := c.RegisterImage(p.ctx, &ec2.RegisterImageInput{Name: awssdk.String(testcloud.Label(i)), RootDeviceName: awssdk.String("/dev/xvda"), VirtualizationType: awssdk.String("hvm")})
		if err != nil {
			return err
		}
		if err := p.adopt(c, i, out.ImageId); err != nil {
			return err
		}
		if i.Public {
			_, err = c.ModifyImageAttribute(p.ctx, &ec2.ModifyImageAttributeInput{ImageId: out.ImageId, LaunchPermission: &types.LaunchPermissionModifications{Add: []types.LaunchPermission{{Group: types.PermissionGroupAll}}}})
		}
		return err
	})
}

func pourBalancers(p *pourer) {
	each(p, func(cfg awssdk.Config, b *aws.LoadBalancer) error {
		c := elb.NewFromConfig(cfg)
		out, err := c.CreateLoadBalancer(p.ctx, &elb.CreateLoadBalancerInput{Name: &b.Name, Scheme: elbtypes.LoadBalancerSchemeEnum(b.Scheme), Type: elbtypes.LoadBalancerTypeEnum(b.Type), Subnets: ids(p, b.Subnets), SecurityGroups: ids(p, b.SecurityGroups)})
		if err != nil {
			return err
		}
		p.made[string(b.Ref)] = *out.LoadBalancers[0].LoadBalancerArn
		attributes := map[string]string{
			"access_logs.s3.enabled": yes(b.AccessLogs), "deletion_protection.enabled": yes(b.DeletionProtection),
			"routing.http.drop_invalid_header_fields.enabled": yes(b.DropInvalidHeaders), "routing.http.desync_mitigation_mode": b.DesyncMitigation,
		}
		if b.AccessLogs {
			attributes["access_logs.s3.bucket"] = strings.TrimPrefix(string(b.AccessLogBucket.To), "arn:aws:s3:::")
		}
		in := &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: out.LoadBalancers[0].LoadBalancerArn}
		for key, value := range attributes {
			in.Attributes = append(in.Attributes, elbtypes.LoadBalancerAttribute{Key: &key, Value: &value})
		}
		_, err = c.ModifyLoadBalancerAttributes(p.ctx, in)
		return err
	})
	each(p, func(cfg awssdk.Config, g *aws.TargetGroup) error {
		out, err := elb.NewFromConfig(cfg).CreateTargetGroup(p.ctx, &elb.CreateTargetGroupInput{Name: &g.Name, Protocol: elbtypes.ProtocolEnum(g.Protocol), Port: awssdk.Int32(int32(g.Port)), VpcId: awssdk.String(p.id(g.VPC.To)), TargetType: elbtypes.TargetTypeEnum(g.TargetType), HealthCheckPath: &g.HealthCheckPath})
		if err != nil {
			return err
		}
		p.made[string(g.Ref)] = *out.TargetGroups[0].TargetGroupArn
		return nil
	})
	each(p, func(cfg awssdk.Config, l *aws.Listener) error {
		in := &elb.CreateListenerInput{LoadBalancerArn: awssdk.String(p.made[string(l.LoadBalancer.To)]), Port: awssdk.Int32(int32(l.Port)), Protocol: elbtypes.ProtocolEnum(l.Protocol)}
		for _, a := range l.DefaultActions {
			out := elbtypes.Action{Type: elbtypes.ActionTypeEnum(a.Type)}
			if a.Type == "redirect" {
				out.RedirectConfig = &elbtypes.RedirectActionConfig{Protocol: &a.RedirectProtocol, Port: &a.RedirectPort, Host: &a.RedirectHost, StatusCode: elbtypes.RedirectActionStatusCodeEnum(a.StatusCode)}
			} else {
				out.TargetGroupArn = awssdk.String(p.made[string(a.TargetGroups[0].To)])
			}
			in.DefaultActions = append(in.DefaultActions, out)
		}
		_, err := elb.NewFromConfig(cfg).CreateListener(p.ctx, in)
		return err
	})
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
