package cloudformation

import (
	"fmt"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func route53Mappings() []code.Mapping {
	return append([]code.Mapping{
		code.Makes("AWS::Route53::HostedZone", "Name", "", hostedZone),
		code.Joins("AWS::Route53::DNSSEC", "HostedZoneId", func(f *code.Form, z *aws.HostedZone) { f.Is(&z.DNSSEC, "SIGNING") }),
		code.Makes("AWS::Route53::RecordSet", "Name", "", record),
		code.JoinsEach("AWS::Route53::RecordSetGroup", recordGroup),
	}, code.Ignores("AWS::Route53::KeySigningKey", "AWS::Route53::HealthCheck")...)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-hostedzone.html
func hostedZone(f *code.Form, z *aws.HostedZone) {
	z.Name = strings.TrimSuffix(z.Name, ".")
	f.Put(&z.Private, f.Get("VPCs").Present())
	f.Put(&z.VPCs, f.Get("VPCs").Each("VPCId"))
	f.Set(&z.QueryLogs, "QueryLoggingConfig.CloudWatchLogsLogGroupArn")
	f.Is(&z.DNSSEC, "NOT_SIGNING")
}

// record reads a record. Where it leads is left to a live scan: only that sees
// what answers there.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordset.html
func record(f *code.Form, r *aws.RecordSet) {
	f.Put(&r.Zone, f.First("HostedZoneId", "HostedZoneName"))
	f.Set(&r.Type, "Type")
	f.Set(&r.SetIdentifier, "SetIdentifier")
	f.Set(&r.TTL, "TTL")
	f.Set(&r.Values, "ResourceRecords")
	f.Put(&r.Alias, f.Get("AliasTarget.DNSName").Map(func(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }))
	f.Set(&r.AliasZone, "AliasTarget.HostedZoneId")
}

// recordGroup is several records of one zone.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordsetgroup.html
func recordGroup(f *code.Form) {
	zone := f.First("HostedZoneId", "HostedZoneName")
	records, _ := f.Get("RecordSets").Items()
	for i, v := range records {
		code.Implied(f, cloud.Ref(fmt.Sprintf("/record/%d", i)), v, func(f *code.Form, r *aws.RecordSet) {
			r.Context = false
			f.Put(&r.Name, v.Get("Name"))
			record(f, r)
			if !zone.IsAbsent() {
				f.Put(&r.Zone, zone)
			}
		})
	}
}
