package terraform

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func route53Mappings() []code.Mapping {
	return append([]code.Mapping{
		code.Makes("aws_route53_zone", "name", "", hostedZone),
		code.Joins("aws_route53_zone_association", "zone_id", func(f *code.Form, z *aws.HostedZone) { f.Set(&z.VPCs, "vpc_id") }),
		code.Joins("aws_route53_query_log", "zone_id", func(f *code.Form, z *aws.HostedZone) { f.Set(&z.QueryLogs, "cloudwatch_log_group_arn") }),
		code.Joins("aws_route53_hosted_zone_dnssec", "hosted_zone_id", func(f *code.Form, z *aws.HostedZone) { f.Set(&z.DNSSEC, "signing_status", "SIGNING") }),
		code.Makes("aws_route53_record", "name", "", record),
	}, code.Ignores("aws_route53_key_signing_key", "aws_route53_vpc_association_authorization", "aws_route53_delegation_set", "aws_route53_health_check")...)
}

// hostedZone reads a zone: it is private when the code names a VPC.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_zone
func hostedZone(f *code.Form, z *aws.HostedZone) {
	z.Name = strings.TrimSuffix(z.Name, ".")
	f.Default(&z.QueryLogs)
	f.Put(&z.Private, f.Get("vpc").Present())
	f.Put(&z.VPCs, f.Get("vpc").Each("vpc_id"))
	f.Is(&z.DNSSEC, "NOT_SIGNING")
}

// record reads a record. Where it leads is left to a live scan: only that sees
// what answers there.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_record
func record(f *code.Form, r *aws.RecordSet) {
	f.Set(&r.Zone, "zone_id")
	f.Set(&r.Type, "type")
	f.Set(&r.SetIdentifier, "set_identifier")
	f.Set(&r.TTL, "ttl")
	f.Set(&r.Values, "records")
	f.Put(&r.Alias, f.Get("alias.name").Map(func(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }))
	f.Set(&r.AliasZone, "alias.zone_id")
}
