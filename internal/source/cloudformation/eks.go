package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func eksMappings() []code.Mapping {
	return append(code.Ignores("AWS::EKS::Addon", "AWS::EKS::FargateProfile", "AWS::EKS::IdentityProviderConfig"),
		code.Settles(code.Makes("AWS::EKS::Cluster", "Name", "arn:{partition}:eks:{region}:{account}:cluster/{name}", eksCluster), code.SettleCluster),
		code.Joins("AWS::EKS::AccessEntry", "ClusterName", func(f *code.Form, c *aws.EKSCluster) {
			code.AddAccessEntry(f, c, f.Get("PrincipalArn"), func(f *code.Form, e *aws.EKSAccessEntry) {
				f.Set(&e.Type, "Type", "STANDARD")
				f.Set(&e.Groups, "KubernetesGroups")
				code.Each(f, &e.Policies, "AccessPolicies", func(f *code.Form, p *aws.EKSAccessPolicy) {
					f.Put(&p.ARN, f.Stand(f.Get("PolicyArn")))
					f.Set(&p.Namespaces, "AccessScope.Namespaces")
				})
			})
		}),
		code.Joins("AWS::EKS::PodIdentityAssociation", "ClusterName", func(f *code.Form, c *aws.EKSCluster) {
			code.Add(f, &c.PodIdentities, func(f *code.Form, p *aws.EKSPodIdentity) {
				f.Set(&p.Namespace, "Namespace")
				f.Set(&p.ServiceAccount, "ServiceAccount")
				f.Set(&p.Role, "RoleArn")
			})
		}),
		code.Makes("AWS::EKS::Nodegroup", "NodegroupName", "", eksNodeGroup),
	)
}

// eksCluster reads a cluster. Its API is public and open to every address
// unless the template says otherwise; it logs nothing and guards nothing unasked.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-cluster.html
func eksCluster(f *code.Form, c *aws.EKSCluster) {
	network := f.Get("ResourcesVpcConfig")
	f.Is(&c.Status, "ACTIVE")
	f.Default(&c.AccessEntries, &c.PodIdentities)
	f.Given(&c.Version, "Version")
	f.Set(&c.SupportType, "UpgradePolicy.SupportType", "EXTENDED")
	f.Set(&c.Role, "RoleArn")
	f.Put(&c.PublicEndpoint, network.Get("EndpointPublicAccess"), true)
	f.Put(&c.PrivateEndpoint, network.Get("EndpointPrivateAccess"))
	f.Put(&c.PublicCIDRs, network.Get("PublicAccessCidrs"), []string{"0.0.0.0/0"})
	f.Put(&c.Subnets, network.Get("SubnetIds"))
	f.Put(&c.SecurityGroups, network.Get("SecurityGroupIds"))
	f.Put(&c.LogTypes, f.Get("Logging.ClusterLogging.EnabledTypes").Every("Type"))
	f.Set(&c.SecretsKMSKey, "EncryptionConfig.Provider.KeyArn")
	f.Given(&c.AuthenticationMode, "AccessConfig.AuthenticationMode")
	f.Set(&c.DeletionProtection, "DeletionProtection")
	f.Set(&c.AutoMode, "ComputeConfig.Enabled")
}

// eksNodeGroup reads a node group. SSH with a key and no source groups is open
// to the internet.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-nodegroup.html
func eksNodeGroup(f *code.Form, g *aws.EKSNodeGroup) {
	f.Is(&g.Status, "ACTIVE")
	f.Set(&g.Cluster, "ClusterName")
	f.Set(&g.Role, "NodeRole")
	f.Given(&g.Version, "Version")
	f.Given(&g.ReleaseVersion, "ReleaseVersion")
	f.Given(&g.AMIType, "AmiType")
	f.Set(&g.Subnets, "Subnets")
	f.Put(&g.RemoteAccess, f.Stand(f.Get("RemoteAccess.Ec2SshKey")))
	f.Set(&g.RemoteAccessFrom, "RemoteAccess.SourceSecurityGroups")
	f.Put(&g.LaunchTemplate, f.First("LaunchTemplate.Id", "LaunchTemplate.Name"))
}
