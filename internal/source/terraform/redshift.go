package terraform

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func redshiftMappings() []code.Mapping {
	const arn = "arn:{partition}:redshift:{region}:{account}:"
	return slices.Concat([]code.Mapping{
		code.Makes("aws_redshift_cluster", "cluster_identifier", arn+"cluster:{name}", redshiftCluster),
		code.Joins("aws_redshift_cluster_iam_roles", "cluster_identifier", func(f *code.Form, c *aws.RedshiftCluster) { f.Set(&c.Roles, "iam_role_arns") }).Minor(),
		code.Joins("aws_redshift_logging", "cluster_identifier", func(f *code.Form, c *aws.RedshiftCluster) {
			redshiftLogging(f, c, code.Flag(true, f.Get("cluster_identifier").Origin()), f.Get(""))
		}),
		code.Joins("aws_redshift_snapshot_copy", "cluster_identifier", func(f *code.Form, c *aws.RedshiftCluster) {
			f.Set(&c.SnapshotCopyRegion, "destination_region")
		}).Minor(),
		code.Makes("aws_redshift_parameter_group", "name", arn+"parametergroup:{name}", redshiftParameterGroup),
		code.Settles(code.Makes("aws_redshift_cluster_snapshot", "snapshot_identifier", arn+"snapshot:{cluster_identifier}/{name}", redshiftSnapshot), code.TakeFromWarehouse),
	}, code.Ignores("aws_redshift_subnet_group", "aws_redshift_authentication_profile", "aws_redshift_endpoint_access", "aws_redshift_endpoint_authorization",
		"aws_redshift_event_subscription", "aws_redshift_scheduled_action", "aws_redshift_snapshot_copy_grant", "aws_redshift_snapshot_schedule",
		"aws_redshift_snapshot_schedule_association", "aws_redshift_usage_limit", "aws_redshift_data_share_authorization",
		"aws_redshift_data_share_consumer_association", "aws_redshift_hsm_client_certificate", "aws_redshift_hsm_configuration",
		"aws_redshift_integration", "aws_redshift_partner", "aws_redshift_resource_policy"))
}

// redshiftCluster reads a cluster. Version 6 of the provider turned round what
// a cluster is that says nothing of encryption and public access.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/redshift_cluster
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade
func redshiftCluster(f *code.Form, c *aws.RedshiftCluster) {
	var source code.Value
	if !f.First("snapshot_identifier", "snapshot_arn").IsAbsent() {
		source = code.Unsaid("the snapshot it is restored from decides")
	}
	f.Set(&c.NodeType, "node_type")
	f.Set(&c.Nodes, "number_of_nodes", 1)
	f.Set(&c.Version, "cluster_version", "1.0")
	f.Is(&c.Status, "available")
	f.Set(&c.Port, "port", 5439)
	f.Put(&c.PubliclyAccessible, f.Get("publicly_accessible").Or(code.Unsaid("the provider's version decides: true before version 6, false from there")))
	f.Set(&c.EnhancedVPCRouting, "enhanced_vpc_routing")
	subnets := f.Other(f.Get("cluster_subnet_group_name"), "name", "aws_redshift_subnet_group").Get("subnet_ids")
	seat := code.SeatIn(f, subnets, f.Get("vpc_security_group_ids"), "aws_subnet", "vpc_id")
	f.Put(&c.VPC, seat.VPC)
	f.Put(&c.Subnets, seat.Subnets)
	f.Put(&c.SecurityGroups, seat.Groups)
	seat.Interface(f)

	f.Put(&c.Encrypted, f.Get("encrypted").Or(source).Or(code.Unsaid("the provider's version decides: from version 6 on AWS encrypts it unasked")))
	f.Set(&c.KMSKey, "kms_key_id")
	f.Set(&c.MultiAZ, "multi_az")
	f.Set(&c.AllowVersionUpgrade, "allow_version_upgrade", true)
	f.Set(&c.SnapshotRetentionDays, "automated_snapshot_retention_period", 1)
	f.Set(&c.SnapshotCopyRegion, "snapshot_copy.destination_region")
	f.Put(&c.MasterUsername, f.Get("master_username").Or(source))
	code.ManagedSecret(f, &c.MasterSecret, f.Get("manage_master_password"))
	f.Put(&c.DatabaseName, f.Get("database_name").Or(source), "dev")
	logging := f.Get("logging")
	redshiftLogging(f, c, logging.Get("enable"), logging)
	code.RedshiftParameterGroup(f, &c.ParameterGroups, f.Get("cluster_parameter_group_name"))
	f.Set(&c.Roles, "iam_roles")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/redshift_logging
func redshiftLogging(f *code.Form, c *aws.RedshiftCluster, enabled, logging code.Value) {
	c.Logging = nil
	code.Make(f, &c.Logging, logging, func(f *code.Form, l *aws.RedshiftLogging) {
		f.Put(&l.Enabled, enabled)
		f.Put(&l.Destination, f.Get("log_destination_type").Or(f.Get("bucket_name").Present().Choose("s3", "")))
		f.Set(&l.Bucket, "bucket_name")
		f.Set(&l.Exports, "log_exports")
	})
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/redshift_parameter_group
func redshiftParameterGroup(f *code.Form, g *aws.RedshiftParameterGroup) {
	code.RedshiftParameters(f, g, f.Get("family"), f.Get("parameter").Named("name", "value"))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/redshift_cluster_snapshot
func redshiftSnapshot(f *code.Form, s *aws.RedshiftSnapshot) {
	f.Default(&s.SharedWith)
	f.Set(&s.Cluster, "cluster_identifier")
}
