package awsapi

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func route53Service() *service {
	return &service{name: "route53", global: true, read: readRoute53, kinds: []cloud.Kind{kindOf[aws.HostedZone](), kindOf[aws.RecordSet]()}}
}

func readRoute53(s *scope) {
	kind := kindOf[aws.HostedZone]()
	client := route53.NewFromConfig(s.cfg)
	var found []types.HostedZone
	gap := list(s, route53.NewListHostedZonesPaginator(client, &route53.ListHostedZonesInput{}), func(out *route53.ListHostedZonesOutput) {
		found = append(found, out.HostedZones...)
	}, kind)
	// Records are asked for by zone: all are known when all of those are.
	s.decide(gap, []cloud.Kind{kindOf[aws.RecordSet]()})
	if len(found) == 0 {
		return
	}
	logs, noLogs := queryLogs(s, client)
	tags, noTags := zoneTags(s, client, found)
	each(s, kind, found, func(in types.HostedZone) {
		id := zoneID(in.Id)
		z := &aws.HostedZone{
			Base:        s.base(cloud.Ref("arn:"+s.partition+":route53:::hostedzone/"+id), strings.TrimSuffix(awssdk.ToString(in.Name), ".")),
			RecordCount: int(awssdk.ToInt64(in.ResourceRecordSetCount)),
		}
		defer s.add(z)
		z.Tags = tags[id]
		z.SetGap(noTags, "tags")
		if in.Config == nil {
			need[bool](z, "private", nil)
		} else {
			z.Private = in.Config.PrivateZone
		}
		readZone(s, client, z, id)
		if !z.Private {
			z.QueryLogs = logs[id]
			z.SetGap(noLogs, "query_logs")
		}
		readRecords(s, client, z, id)
	})
}

func zoneID(id *string) string { return strings.TrimPrefix(awssdk.ToString(id), "/hostedzone/") }

// readZone asks for what the listing of zones leaves out.
func readZone(s *scope, client *route53.Client, z *aws.HostedZone, id string) {
	if !z.Private {
		fill(s, z, []string{"dnssec"}, client.GetDNSSEC, &route53.GetDNSSECInput{HostedZoneId: &id}, func(out *route53.GetDNSSECOutput) {
			z.DNSSEC = need(z, "dnssec", out.Status.ServeSignature)
		})
		return
	}
	fill(s, z, []string{"vpcs"}, client.GetHostedZone, &route53.GetHostedZoneInput{Id: &id}, func(out *route53.GetHostedZoneOutput) {
		for _, v := range out.VPCs {
			z.VPCs = append(z.VPCs, cloud.LinkTo[aws.VPC](cloud.Ref("arn:"+s.partition+":ec2:"+string(v.VPCRegion)+":"+string(s.id)+":vpc/"+awssdk.ToString(v.VPCId))))
		}
	})
}

// queryLogs reads the query logging of all zones, by zone.
func queryLogs(s *scope, client *route53.Client) (map[string][]cloud.Link[aws.LogGroup], *cloud.Gap) {
	logs := map[string][]cloud.Link[aws.LogGroup]{}
	gap := list(s, route53.NewListQueryLoggingConfigsPaginator(client, &route53.ListQueryLoggingConfigsInput{}), func(out *route53.ListQueryLoggingConfigsOutput) {
		for _, c := range out.QueryLoggingConfigs {
			group := strings.TrimSuffix(awssdk.ToString(c.CloudWatchLogsLogGroupArn), ":*")
			logs[zoneID(c.HostedZoneId)] = append(logs[zoneID(c.HostedZoneId)], cloud.LinkTo[aws.LogGroup](cloud.Ref(group)))
		}
	})
	return logs, gap
}

// zoneTags reads tags by zone, ten zones at a time.
func zoneTags(s *scope, client *route53.Client, found []types.HostedZone) (map[string]map[string]string, *cloud.Gap) {
	tags := map[string]map[string]string{}
	for some := range slices.Chunk(found, 10) {
		in := &route53.ListTagsForResourcesInput{ResourceType: types.TagResourceTypeHostedzone}
		for _, z := range some {
			in.ResourceIds = append(in.ResourceIds, zoneID(z.Id))
		}
		out, gap := call(s, client.ListTagsForResources, in)
		if gap != nil {
			return nil, gap
		}
		for _, t := range out.ResourceTagSets {
			tags[awssdk.ToString(t.ResourceId)] = tagMap(t.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	}
	return tags, nil
}

func readRecords(s *scope, client *route53.Client, z *aws.HostedZone, id string) {
	kind := kindOf[aws.RecordSet]()
	pages := route53.NewListResourceRecordSetsPaginator(client, &route53.ListResourceRecordSetsInput{HostedZoneId: &id})
	list(s, pages, func(out *route53.ListResourceRecordSetsOutput) {
		items(s, kind, out.ResourceRecordSets, func(in types.ResourceRecordSet) { s.add(recordSet(s, z, in)) })
	}, kind)
}

func recordSet(s *scope, z *aws.HostedZone, in types.ResourceRecordSet) *aws.RecordSet {
	name := recordName(*in.Name)
	ref := z.Ref + cloud.Ref("/recordset/"+name+"/"+string(in.Type))
	if set := awssdk.ToString(in.SetIdentifier); set != "" {
		ref += cloud.Ref("/" + set)
	}
	r := &aws.RecordSet{
		Base:          s.base(ref, name),
		Zone:          cloud.LinkTo[aws.HostedZone](z.Ref),
		SetIdentifier: awssdk.ToString(in.SetIdentifier),
		TTL:           int(awssdk.ToInt64(in.TTL)),
	}
	r.Type = needText(r, "type", in.Type)
	for _, v := range in.ResourceRecords {
		r.Values = append(r.Values, awssdk.ToString(v.Value))
	}
	if a := in.AliasTarget; a != nil {
		r.Alias, r.AliasZone = dnsName(awssdk.ToString(a.DNSName)), awssdk.ToString(a.HostedZoneId)
	}
	r.Targets = recordTargets(r)
	return r
}

// recordName is a record's name as people write it: Route 53 sends * and other
// characters as octal escapes.
func recordName(name string) string {
	return strings.TrimSuffix(strings.ReplaceAll(name, `\052`, "*"), ".")
}

func dnsName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func recordTargets(r *aws.RecordSet) []*aws.RecordTarget {
	values := []string{r.Alias}
	if r.Alias == "" {
		switch r.Type {
		case "A", "AAAA", "CNAME":
			values = r.Values
		default:
			return nil
		}
	}
	var out []*aws.RecordTarget
	for _, v := range values {
		out = append(out, recordTarget(r.Name, dnsName(v)))
	}
	return out
}

// recordTarget sorts a target by the names AWS gives its endpoints.
// https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
func recordTarget(record, value string) *aws.RecordTarget {
	t := &aws.RecordTarget{Value: value, Service: "other"}
	if ip, err := netip.ParseAddr(value); err == nil {
		if ip.IsGlobalUnicast() && !ip.IsPrivate() {
			t.Service = "address"
		}
		return t
	}
	host, ok := strings.CutSuffix(value, ".amazonaws.com")
	if !ok {
		if host, ok = strings.CutSuffix(value, ".amazonaws.com.cn"); !ok {
			switch {
			case strings.HasSuffix(value, ".cloudfront.net"):
				t.Service = "cloudfront"
			case strings.HasSuffix(value, ".elasticbeanstalk.com"):
				t.Service = "elastic-beanstalk"
			}
			return t
		}
	}
	labels := strings.Split(host, ".")
	at := func(fromEnd int) string {
		if len(labels) < fromEnd {
			return ""
		}
		return labels[len(labels)-fromEnd]
	}
	switch {
	case at(1) == "elb": // NAME.REGION.elb
		t.Service, t.Region = "load-balancer", at(2)
	case at(2) == "elb": // NAME.elb.REGION, as network load balancers have it
		t.Service, t.Region = "load-balancer", at(1)
	case strings.HasPrefix(at(1), "s3-website-"): // [BUCKET.]s3-website-REGION
		t.Service, t.Region = "s3-website", strings.TrimPrefix(at(1), "s3-website-")
		// An alias names no bucket: it must be called as the record is.
		t.Bucket = cmp.Or(strings.Join(labels[:len(labels)-1], "."), record)
	case at(2) == "s3-website": // [BUCKET.]s3-website.REGION
		t.Service, t.Region = "s3-website", at(1)
		t.Bucket = cmp.Or(strings.Join(labels[:len(labels)-2], "."), record)
	case at(2) == "execute-api":
		t.Service, t.Region = "api-gateway", at(1)
	case at(1) == "vpce":
		t.Service, t.Region = "vpc-endpoint", at(2)
	case at(1) == "rds":
		t.Service, t.Region = "rds", at(2)
	}
	if t.Service == "load-balancer" {
		// The name for both address families leads to the same load balancer.
		t.Value = strings.TrimPrefix(t.Value, "dualstack.")
	}
	return t
}
