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
			cl := eksClusterOf(s, out.Cluster)
			defer s.add(cl)
			readAccess(s, c, cl)
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

// readAccess reads who may enter the cluster and what its pods may do outside.
func readAccess(s *scope, c *eks.Client, cl *aws.EKSCluster) {
	if cl.AuthenticationMode != string(types.AuthenticationModeConfigMap) {
		fillList(s, cl, []string{"access_entries"}, eks.NewListAccessEntriesPaginator(c, &eks.ListAccessEntriesInput{ClusterName: &cl.Name}), func(out *eks.ListAccessEntriesOutput) {
			for _, p := range out.AccessEntries {
				cl.AccessEntries = append(cl.AccessEntries, &aws.EKSAccessEntry{Principal: p})
			}
		})
		for _, e := range cl.AccessEntries {
			readAccessEntry(s, c, cl, e)
		}
	}
	var ids []*string
	fillList(s, cl, []string{"pod_identities"}, eks.NewListPodIdentityAssociationsPaginator(c, &eks.ListPodIdentityAssociationsInput{ClusterName: &cl.Name}), func(out *eks.ListPodIdentityAssociationsOutput) {
		for _, a := range out.Associations {
			ids = append(ids, a.AssociationId)
			cl.PodIdentities = append(cl.PodIdentities, &aws.EKSPodIdentity{Namespace: awssdk.ToString(a.Namespace), ServiceAccount: awssdk.ToString(a.ServiceAccount)})
		}
	})
	for i, id := range ids {
		fill(s, cl.PodIdentities[i], []string{"role"}, c.DescribePodIdentityAssociation, &eks.DescribePodIdentityAssociationInput{ClusterName: &cl.Name, AssociationId: id}, func(out *eks.DescribePodIdentityAssociationOutput) {
			cl.PodIdentities[i].Role = cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(out.Association.RoleArn)))
		})
	}
}

func readAccessEntry(s *scope, c *eks.Client, cl *aws.EKSCluster, e *aws.EKSAccessEntry) {
	fill(s, e, []string{"type", "groups"}, c.DescribeAccessEntry, &eks.DescribeAccessEntryInput{ClusterName: &cl.Name, PrincipalArn: &e.Principal}, func(out *eks.DescribeAccessEntryOutput) {
		e.Type, e.Groups = awssdk.ToString(out.AccessEntry.Type), out.AccessEntry.KubernetesGroups
	})
	fillList(s, e, []string{"policies"}, eks.NewListAssociatedAccessPoliciesPaginator(c, &eks.ListAssociatedAccessPoliciesInput{ClusterName: &cl.Name, PrincipalArn: &e.Principal}), func(out *eks.ListAssociatedAccessPoliciesOutput) {
		for _, p := range out.AssociatedAccessPolicies {
			policy := &aws.EKSAccessPolicy{ARN: awssdk.ToString(p.PolicyArn)}
			if p.AccessScope != nil && p.AccessScope.Type == types.AccessScopeTypeNamespace {
				policy.Namespaces = p.AccessScope.Namespaces
			}
			e.Policies = append(e.Policies, policy)
		}
	})
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
