package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func eksMappings() []code.Mapping {
	return append(code.Ignores("aws_eks_addon", "aws_eks_fargate_profile", "aws_eks_identity_provider_config"),
		code.Settles(code.Makes("aws_eks_cluster", "name", "arn:{partition}:eks:{region}:{account}:cluster/{name}", eksCluster), code.SettleCluster),
		code.Joins("aws_eks_access_entry", "cluster_name", eksAccessEntry),
		code.Joins("aws_eks_access_policy_association", "cluster_name", eksAccessPolicy),
		code.Joins("aws_eks_pod_identity_association", "cluster_name", func(f *code.Form, c *aws.EKSCluster) {
			code.Add(f, &c.PodIdentities, func(f *code.Form, p *aws.EKSPodIdentity) {
				f.Set(&p.Namespace, "namespace")
				f.Set(&p.ServiceAccount, "service_account")
				f.Set(&p.Role, "role_arn")
			})
		}),
		code.Makes("aws_eks_node_group", "node_group_name", "", eksNodeGroup),
	)
}

// eksCluster reads a cluster. Its API is public and open to every address
// unless the code says otherwise; it logs nothing and guards nothing unasked.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_cluster
func eksCluster(f *code.Form, c *aws.EKSCluster) {
	f.Is(&c.Status, "ACTIVE")
	f.Default(&c.AccessEntries, &c.PodIdentities)
	f.Given(&c.Version, "version")
	f.Set(&c.SupportType, "upgrade_policy.support_type", "EXTENDED")
	f.Set(&c.Role, "role_arn")
	f.Set(&c.PublicEndpoint, "vpc_config.endpoint_public_access", true)
	f.Set(&c.PrivateEndpoint, "vpc_config.endpoint_private_access")
	f.Set(&c.PublicCIDRs, "vpc_config.public_access_cidrs", []string{"0.0.0.0/0"})
	f.Set(&c.Subnets, "vpc_config.subnet_ids")
	f.Set(&c.SecurityGroups, "vpc_config.security_group_ids")
	f.Set(&c.LogTypes, "enabled_cluster_log_types")
	f.Set(&c.SecretsKMSKey, "encryption_config.provider.key_arn")
	f.Given(&c.AuthenticationMode, "access_config.authentication_mode")
	f.Set(&c.DeletionProtection, "deletion_protection")
	f.Set(&c.AutoMode, "compute_config.enabled")
}

func eksAccessEntry(f *code.Form, c *aws.EKSCluster) {
	code.AddAccessEntry(f, c, f.Get("principal_arn"), func(f *code.Form, e *aws.EKSAccessEntry) {
		f.Set(&e.Type, "type", "STANDARD")
		f.Set(&e.Groups, "kubernetes_groups")
	})
}

func eksAccessPolicy(f *code.Form, c *aws.EKSCluster) {
	code.AddAccessEntry(f, c, f.Get("principal_arn"), func(f *code.Form, e *aws.EKSAccessEntry) {
		code.Add(f, &e.Policies, func(f *code.Form, p *aws.EKSAccessPolicy) {
			f.Put(&p.ARN, f.Stand(f.Get("policy_arn")))
			f.Set(&p.Namespaces, "access_scope.namespaces")
		})
	})
}

// eksNodeGroup reads a node group. SSH with a key and no source groups is open
// to the internet.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_node_group
func eksNodeGroup(f *code.Form, g *aws.EKSNodeGroup) {
	f.Is(&g.Status, "ACTIVE")
	f.Set(&g.Cluster, "cluster_name")
	f.Set(&g.Role, "node_role_arn")
	f.Given(&g.Version, "version")
	f.Given(&g.ReleaseVersion, "release_version")
	f.Given(&g.AMIType, "ami_type")
	f.Set(&g.Subnets, "subnet_ids")
	f.Put(&g.RemoteAccess, f.Stand(f.Get("remote_access.ec2_ssh_key")))
	f.Set(&g.RemoteAccessFrom, "remote_access.source_security_group_ids")
	f.Put(&g.LaunchTemplate, f.First("launch_template.id", "launch_template.name"))
}
