package awsapi

import (
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func eksService() *service {
	return &service{name: "eks", kinds: []cloud.Kind{kindOf[aws.EKSCluster](), kindOf[aws.EKSNodeGroup]()}, read: readEKS}
}

func readEKS(s *scope) {
	c := eks.NewFromConfig(s.cfg)
	cluster, group := kindOf[aws.EKSCluster](), kindOf[aws.EKSNodeGroup]()
	var names []string
	list(s, eks.NewListClustersPaginator(c, &eks.ListClustersInput{}), func(out *eks.ListClustersOutput) {
		names = append(names, out.Clusters...)
	}, cluster, group)
	each(s, cluster, names, func(name string) {
		get(s, c.DescribeCluster, &eks.DescribeClusterInput{Name: &name}, func(out *eks.DescribeClusterOutput) {
			s.add(eksClusterOf(s, out.Cluster))
		}, cluster)
		readNodeGroups(s, c, name)
	})
}

func eksClusterOf(s *scope, in *types.Cluster) *aws.EKSCluster {
	cl := &aws.EKSCluster{
		Base:               s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.Name)),
		Status:             string(in.Status),
		CreatedAt:          awssdk.ToTime(in.CreatedAt),
		Role:               cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.RoleArn))),
		DeletionProtection: awssdk.ToBool(in.DeletionProtection),
	}
	cl.Tags = in.Tags
	cl.Version = need(cl, "version", in.Version)
	if v := in.ResourcesVpcConfig; v != nil {
		eksNetwork(s, cl, v)
	} else {
		need[string](cl, "public_endpoint", nil)
		need[string](cl, "private_endpoint", nil)
		need[string](cl, "public_cidrs", nil)
	}
	if l := in.Logging; l != nil {
		for _, set := range l.ClusterLogging {
			if awssdk.ToBool(set.Enabled) {
				for _, t := range set.Types {
					cl.LogTypes = append(cl.LogTypes, string(t))
				}
			}
		}
		slices.Sort(cl.LogTypes)
	} else {
		need[string](cl, "log_types", nil)
	}
	for _, e := range in.EncryptionConfig {
		if slices.Contains(e.Resources, "secrets") && e.Provider != nil {
			cl.SecretsKMSKey = cloud.LinkTo[aws.Key](s.keyRef(e.Provider.KeyArn))
		}
	}
	if a := in.AccessConfig; a != nil {
		cl.AuthenticationMode = string(a.AuthenticationMode)
	}
	if i := in.Identity; i != nil && i.Oidc != nil {
		cl.OIDCIssuer = awssdk.ToString(i.Oidc.Issuer)
	}
	if u := in.UpgradePolicy; u != nil {
		cl.SupportType = string(u.SupportType)
	}
	if m := in.ComputeConfig; m != nil {
		cl.AutoMode = awssdk.ToBool(m.Enabled)
	}
	return cl
}

func eksNetwork(s *scope, cl *aws.EKSCluster, v *types.VpcConfigResponse) {
	cl.PublicEndpoint, cl.PrivateEndpoint, cl.PublicCIDRs = v.EndpointPublicAccess, v.EndpointPrivateAccess, v.PublicAccessCidrs
	if !cl.PublicEndpoint && !cl.PrivateEndpoint { // EKS keeps at least one on: the reply lacks them
		need[string](cl, "public_endpoint", nil)
		need[string](cl, "private_endpoint", nil)
	}
	if cl.PublicEndpoint && len(cl.PublicCIDRs) == 0 {
		need[string](cl, "public_cidrs", nil)
	}
	cl.VPC = ec2Link[aws.VPC](s, "vpc", awssdk.ToString(v.VpcId))
	cl.Subnets = ec2Links[aws.Subnet](s, "subnet", v.SubnetIds)
	groups := v.SecurityGroupIds
	if own := awssdk.ToString(v.ClusterSecurityGroupId); own != "" && !slices.Contains(groups, own) {
		groups = append(groups, own)
	}
	cl.SecurityGroups = ec2Links[aws.SecurityGroup](s, "security-group", groups)
}

func readNodeGroups(s *scope, c *eks.Client, cluster string) {
	kind := kindOf[aws.EKSNodeGroup]()
	var names []string
	list(s, eks.NewListNodegroupsPaginator(c, &eks.ListNodegroupsInput{ClusterName: &cluster}), func(out *eks.ListNodegroupsOutput) {
		names = append(names, out.Nodegroups...)
	}, kind)
	for _, name := range names {
		get(s, c.DescribeNodegroup, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name}, func(out *eks.DescribeNodegroupOutput) {
			s.add(nodeGroupOf(s, out.Nodegroup))
		}, kind)
	}
}

func nodeGroupOf(s *scope, in *types.Nodegroup) *aws.EKSNodeGroup {
	g := &aws.EKSNodeGroup{
		Base:           s.base(cloud.Ref(*in.NodegroupArn), awssdk.ToString(in.NodegroupName)),
		Status:         string(in.Status),
		Cluster:        cloud.LinkTo[aws.EKSCluster](s.arn("eks", "cluster/"+awssdk.ToString(in.ClusterName))),
		Role:           cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.NodeRole))),
		Version:        awssdk.ToString(in.Version),
		ReleaseVersion: awssdk.ToString(in.ReleaseVersion),
		AMIType:        string(in.AmiType),
		Subnets:        ec2Links[aws.Subnet](s, "subnet", in.Subnets),
	}
	g.Tags = in.Tags
	if r := in.RemoteAccess; r != nil {
		g.RemoteAccess = awssdk.ToString(r.Ec2SshKey)
		g.RemoteAccessFrom = ec2Links[aws.SecurityGroup](s, "security-group", r.SourceSecurityGroups)
	}
	if t := in.LaunchTemplate; t != nil {
		g.LaunchTemplate = ec2Link[aws.LaunchTemplate](s, "launch-template", awssdk.ToString(t.Id))
	}
	if r := in.Resources; r != nil {
		for _, a := range r.AutoScalingGroups {
			g.AutoScalingGroups = append(g.AutoScalingGroups, awssdk.ToString(a.Name))
		}
	}
	return g
}
