package awsapi

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func cloudfrontService() *service {
	return &service{name: "cloudfront", global: true, kinds: []cloud.Kind{kindOf[aws.Distribution]()}, read: readCloudFront}
}

func readCloudFront(s *scope) {
	kind := kindOf[aws.Distribution]()
	var found []types.DistributionSummary
	list(s, cloudfront.NewListDistributionsPaginator(cloudfront.NewFromConfig(s.cfg), &cloudfront.ListDistributionsInput{}), func(out *cloudfront.ListDistributionsOutput) {
		if out.DistributionList != nil {
			found = append(found, out.DistributionList.Items...)
		}
	}, kind)
	if len(found) == 0 {
		return
	}
	logs := readDeliveries(s)
	each(s, kind, found, func(in types.DistributionSummary) {
		d := &aws.Distribution{
			Base:       s.base(cloud.Ref(awssdk.ToString(in.ARN)), awssdk.ToString(in.Id)),
			DomainName: awssdk.ToString(in.DomainName),
		}
		defer s.add(d)
		d.LogDestinations = logs.to[d.Ref]
		d.SetGap(logs.gap, "log_destinations")
		readDistribution(s, d, in)
	})
}

// deliveries is where the version 2 access logs of distributions go.
type deliveries struct {
	to  map[cloud.Ref][]string
	gap *cloud.Gap
}

// readDeliveries reads the log deliveries of CloudFront, which CloudWatch Logs
// keeps in us-east-1.
func readDeliveries(s *scope) *deliveries {
	c := cloudwatchlogs.NewFromConfig(s.cfg)
	d := &deliveries{to: map[cloud.Ref][]string{}}
	bySource := map[string][]string{}
	d.gap = list(s, cloudwatchlogs.NewDescribeDeliveriesPaginator(c, &cloudwatchlogs.DescribeDeliveriesInput{}), func(out *cloudwatchlogs.DescribeDeliveriesOutput) {
		for _, x := range out.Deliveries {
			source := awssdk.ToString(x.DeliverySourceName)
			bySource[source] = append(bySource[source], awssdk.ToString(x.DeliveryDestinationArn))
		}
	})
	gap := list(s, cloudwatchlogs.NewDescribeDeliverySourcesPaginator(c, &cloudwatchlogs.DescribeDeliverySourcesInput{}), func(out *cloudwatchlogs.DescribeDeliverySourcesOutput) {
		for _, x := range out.DeliverySources {
			if awssdk.ToString(x.LogType) != "ACCESS_LOGS" {
				continue
			}
			for _, arn := range x.ResourceArns {
				d.to[cloud.Ref(arn)] = append(d.to[cloud.Ref(arn)], bySource[awssdk.ToString(x.Name)]...)
			}
		}
	})
	if d.gap == nil {
		d.gap = gap
	}
	d.gap = d.gap.AsPartial()
	return d
}

// readDistribution reads the whole configuration; when that is refused, what
// the listing holds of it stays known.
func readDistribution(s *scope, d *aws.Distribution, listed types.DistributionSummary) {
	c := cloudfront.NewFromConfig(s.cfg)
	id, arn := d.Name, string(d.Ref)
	conf := &types.DistributionConfig{
		Enabled: listed.Enabled, Staging: listed.Staging, Aliases: listed.Aliases, Origins: listed.Origins, OriginGroups: listed.OriginGroups,
		CacheBehaviors: listed.CacheBehaviors, DefaultCacheBehavior: listed.DefaultCacheBehavior, ViewerCertificate: listed.ViewerCertificate,
		WebACLId: listed.WebACLId, Restrictions: listed.Restrictions, ConnectionMode: listed.ConnectionMode,
	}
	fill(s, d, []string{"default_root_object", "log_bucket"}, c.GetDistributionConfig, &cloudfront.GetDistributionConfigInput{Id: &id}, func(out *cloudfront.GetDistributionConfigOutput) {
		conf = out.DistributionConfig
		d.DefaultRootObject = awssdk.ToString(conf.DefaultRootObject)
		if l := conf.Logging; l != nil && awssdk.ToBool(l.Enabled) {
			d.LogBucket = awssdk.ToString(l.Bucket)
		}
	})
	distributionConfig(s, d, conf)
	fill(s, d, []string{"tags"}, c.ListTagsForResource, &cloudfront.ListTagsForResourceInput{Resource: &arn}, func(out *cloudfront.ListTagsForResourceOutput) {
		d.Tags = tagMap(out.Tags.Items, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
}

func distributionConfig(s *scope, d *aws.Distribution, in *types.DistributionConfig) {
	d.Enabled = need(d, "enabled", in.Enabled)
	d.Staging = awssdk.ToBool(in.Staging)
	d.Template = in.ConnectionMode == types.ConnectionModeTenantOnly
	if in.Aliases != nil {
		d.Aliases = in.Aliases.Items
	}
	if in.Origins != nil {
		for _, o := range in.Origins.Items {
			d.Backends = append(d.Backends, origin(s, o))
		}
	} else {
		need[bool](d, "backends", nil)
	}
	if in.OriginGroups != nil {
		for _, g := range in.OriginGroups.Items {
			d.OriginGroups = append(d.OriginGroups, originGroup(g))
		}
	}
	d.Behaviors = behaviors(d, in)
	d.Certificate = viewerCertificate(d, in.ViewerCertificate)
	switch acl := awssdk.ToString(in.WebACLId); {
	case strings.HasPrefix(acl, "arn:"):
		d.WebACL = cloud.LinkTo[aws.WebACL](cloud.Ref(acl))
	default:
		d.ClassicWebACL = acl
	}
	d.GeoRestriction = string(types.GeoRestrictionTypeNone)
	if r := in.Restrictions; r != nil && r.GeoRestriction != nil {
		d.GeoRestriction, d.GeoCountries = string(r.GeoRestriction.RestrictionType), r.GeoRestriction.Items
	}
}

func origin(s *scope, in types.Origin) *aws.Origin {
	o := &aws.Origin{
		ID:            awssdk.ToString(in.Id),
		Domain:        awssdk.ToString(in.DomainName),
		Path:          awssdk.ToString(in.OriginPath),
		Type:          "custom",
		AccessControl: awssdk.ToString(in.OriginAccessControlId),
	}
	bucket, website := bucketOfHost(o.Domain)
	o.Bucket = bucketLink(s, bucket)
	switch {
	case in.VpcOriginConfig != nil:
		o.Type = "vpc"
	case website:
		o.Type = "website"
	case in.S3OriginConfig != nil || bucket != "":
		o.Type = "s3"
	}
	if c := in.S3OriginConfig; c != nil {
		o.AccessIdentity = awssdk.ToString(c.OriginAccessIdentity)
	}
	if c := in.CustomOriginConfig; c != nil {
		o.ProtocolPolicy = string(c.OriginProtocolPolicy)
		if c.OriginSslProtocols != nil {
			for _, p := range c.OriginSslProtocols.Items {
				o.TLSVersions = append(o.TLSVersions, string(p))
			}
		}
	}
	if in.CustomHeaders != nil {
		headers := map[string]string{}
		for _, h := range in.CustomHeaders.Items {
			headers[awssdk.ToString(h.HeaderName)] = awssdk.ToString(h.HeaderValue)
		}
		o.CustomHeaders = envVars(o, "custom_headers", headers)
	}
	return o
}

// bucketOfHost returns the bucket in one of S3's host names, and whether it is
// that of its website.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func bucketOfHost(host string) (bucket string, website bool) {
	if !strings.HasSuffix(host, ".amazonaws.com") && !strings.HasSuffix(host, ".amazonaws.com.cn") {
		return "", false
	}
	if i := strings.LastIndex(host, ".s3-website"); i > 0 {
		return host[:i], true
	}
	for _, mark := range []string{".s3.", ".s3-"} {
		if i := strings.LastIndex(host, mark); i > 0 {
			return host[:i], false
		}
	}
	return "", false
}

func originGroup(in types.OriginGroup) *aws.OriginGroup {
	g := &aws.OriginGroup{ID: awssdk.ToString(in.Id)}
	if in.Members != nil {
		for _, m := range in.Members.Items {
			g.Members = append(g.Members, awssdk.ToString(m.OriginId))
		}
	}
	return g
}

// behaviors returns the cache behaviors in the order they are tried.
func behaviors(d *aws.Distribution, in *types.DistributionConfig) []*aws.CacheBehavior {
	var all []types.CacheBehavior
	if in.CacheBehaviors != nil {
		all = in.CacheBehaviors.Items
	}
	if b := in.DefaultCacheBehavior; b != nil {
		path := "*"
		all = append(all, types.CacheBehavior{
			PathPattern: &path, TargetOriginId: b.TargetOriginId, ViewerProtocolPolicy: b.ViewerProtocolPolicy,
			AllowedMethods: b.AllowedMethods, ResponseHeadersPolicyId: b.ResponseHeadersPolicyId,
			FieldLevelEncryptionId: b.FieldLevelEncryptionId, RealtimeLogConfigArn: b.RealtimeLogConfigArn,
			TrustedKeyGroups: b.TrustedKeyGroups, TrustedSigners: b.TrustedSigners,
			FunctionAssociations: b.FunctionAssociations, LambdaFunctionAssociations: b.LambdaFunctionAssociations,
		})
	} else {
		need[bool](d, "behaviors", nil)
	}
	out := make([]*aws.CacheBehavior, len(all))
	for i, b := range all {
		out[i] = behavior(b)
		d.RealtimeLogs = d.RealtimeLogs || awssdk.ToString(b.RealtimeLogConfigArn) != ""
	}
	return out
}

func behavior(in types.CacheBehavior) *aws.CacheBehavior {
	b := &aws.CacheBehavior{
		Path:                  awssdk.ToString(in.PathPattern),
		Origin:                awssdk.ToString(in.TargetOriginId),
		ViewerProtocolPolicy:  string(in.ViewerProtocolPolicy),
		ResponseHeadersPolicy: awssdk.ToString(in.ResponseHeadersPolicyId),
		FieldLevelEncryption:  awssdk.ToString(in.FieldLevelEncryptionId),
		SignedURLs: in.TrustedKeyGroups != nil && awssdk.ToBool(in.TrustedKeyGroups.Enabled) ||
			in.TrustedSigners != nil && awssdk.ToBool(in.TrustedSigners.Enabled),
	}
	if in.AllowedMethods != nil {
		for _, m := range in.AllowedMethods.Items {
			b.AllowedMethods = append(b.AllowedMethods, string(m))
		}
	}
	if in.FunctionAssociations != nil {
		for _, f := range in.FunctionAssociations.Items {
			b.Functions = append(b.Functions, awssdk.ToString(f.FunctionARN))
		}
	}
	if in.LambdaFunctionAssociations != nil {
		for _, f := range in.LambdaFunctionAssociations.Items {
			b.Functions = append(b.Functions, awssdk.ToString(f.LambdaFunctionARN))
		}
	}
	return b
}

func viewerCertificate(d *aws.Distribution, in *types.ViewerCertificate) *aws.ViewerCertificate {
	if in == nil {
		need[bool](d, "certificate", nil)
		return nil
	}
	return &aws.ViewerCertificate{
		CloudFrontDefault: awssdk.ToBool(in.CloudFrontDefaultCertificate),
		Certificate:       cloud.LinkTo[aws.Certificate](cloud.Ref(awssdk.ToString(in.ACMCertificateArn))),
		IAMCertificate:    awssdk.ToString(in.IAMCertificateId),
		MinimumProtocol:   string(in.MinimumProtocolVersion),
		SSLSupport:        string(in.SSLSupportMethod),
	}
}
