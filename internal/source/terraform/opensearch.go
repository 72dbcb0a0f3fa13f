package terraform

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

// opensearchMappings map domains of OpenSearch and of Elasticsearch, which are
// one service to AWS.
func opensearchMappings() []code.Mapping {
	const arn = "arn:{partition}:es:{region}:{account}:domain/{name}"
	policy := func(f *code.Form, d *aws.Domain) { f.Set(&d.Policy, "access_policies") }
	saml := func(f *code.Form, d *aws.Domain) { f.Put(&d.SAML, f.Get("saml_options.enabled"), true) }
	return slices.Concat([]code.Mapping{
		code.Makes("aws_opensearch_domain", "domain_name", arn, func(f *code.Form, d *aws.Domain) {
			f.Put(&d.EngineVersion, f.Get("engine_version").Or(code.Unsaid("AWS picks the version")))
			domain(f, d)
		}),
		code.Makes("aws_elasticsearch_domain", "domain_name", arn, func(f *code.Form, d *aws.Domain) {
			f.Put(&d.EngineVersion, f.Get("elasticsearch_version").Or(code.Text("1.5", nil)).Map(func(v string) string { return "Elasticsearch_" + v }))
			domain(f, d)
		}),
		code.Joins("aws_opensearch_domain_policy", "domain_name", policy),
		code.Joins("aws_elasticsearch_domain_policy", "domain_name", policy),
		code.Joins("aws_opensearch_domain_saml_options", "domain_name", saml).Minor(),
		code.Joins("aws_elasticsearch_domain_saml_options", "domain_name", saml).Minor(),
	}, code.Ignores("aws_elasticsearch_vpc_endpoint", "aws_opensearch_vpc_endpoint", "aws_opensearch_package", "aws_opensearch_package_association",
		"aws_opensearch_inbound_connection_accepter", "aws_opensearch_outbound_connection", "aws_opensearch_authorize_vpc_endpoint_access"))
}

// domain reads a domain. HTTPS is the provider's default where the block for
// the endpoint is there, AWS's default where it is not is plain HTTP.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/opensearch_domain
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticsearch_domain
func domain(f *code.Form, d *aws.Domain) {
	vpc := f.Get("vpc_options")
	f.Put(&d.InVPC, vpc.Present())
	if in, known := vpc.Present().Bool(); known && !in {
		f.Default(&d.VPC, &d.Subnets, &d.SecurityGroups)
	} else {
		seat := code.SeatIn(f, vpc.Get("subnet_ids"), vpc.Get("security_group_ids"), "aws_subnet", "vpc_id")
		f.Put(&d.VPC, seat.VPC)
		f.Put(&d.Subnets, seat.Subnets)
		f.Put(&d.SecurityGroups, seat.Groups)
		seat.Interface(f)
	}
	f.Set(&d.Policy, "access_policies")
	endpoint := f.Get("domain_endpoint_options")
	f.Put(&d.EnforceHTTPS, endpoint.Get("enforce_https").Or(endpoint.Present()))
	f.Put(&d.TLSPolicy, endpoint.Get("tls_security_policy"), "Policy-Min-TLS-1-0-2019-07")
	f.Put(&d.CustomEndpointCertificate, endpoint.Get("custom_endpoint_certificate_arn"))
	f.Set(&d.EncryptionAtRest, "encrypt_at_rest.enabled")
	f.Set(&d.KMSKey, "encrypt_at_rest.kms_key_id")
	f.Set(&d.NodeToNodeEncryption, "node_to_node_encryption.enabled")
	f.Set(&d.FineGrainedAccess, "advanced_security_options.enabled")
	f.Set(&d.AnonymousAccess, "advanced_security_options.anonymous_auth_enabled")
	f.Set(&d.InternalUsers, "advanced_security_options.internal_user_database_enabled")
	f.Default(&d.SAML)
	f.Set(&d.Cognito, "cognito_options.enabled")
	code.Each(f, &d.Logs, "log_publishing_options", func(f *code.Form, l *aws.DomainLog) {
		f.Set(&l.Type, "log_type")
		f.Set(&l.Enabled, "enabled", true)
		f.Set(&l.LogGroup, "cloudwatch_log_group_arn")
	})
	f.Set(&d.AutoSoftwareUpdate, "software_update_options.auto_software_update_enabled")
	f.Set(&d.DataNodes, "cluster_config.instance_count", 1)
	f.Put(&d.MasterNodes, f.Get("cluster_config.dedicated_master_count").If(f.Get("cluster_config.dedicated_master_enabled")))
	f.Set(&d.ZoneAwareness, "cluster_config.zone_awareness_enabled")
}
