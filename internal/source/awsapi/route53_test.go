package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"merlon.dev/internal/cloud/aws"
)

func TestRoute53(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := route53.NewFromConfig(e.cfg)
	zone := made[route53.CreateHostedZoneOutput](t)(c.CreateHostedZone(ctx, &route53.CreateHostedZoneInput{Name: awssdk.String("example.com."), CallerReference: awssdk.String("1")})).HostedZone.Id
	change := func(r types.ResourceRecordSet) {
		must(t)(c.ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{HostedZoneId: zone,
			ChangeBatch: &types.ChangeBatch{Changes: []types.Change{{Action: types.ChangeActionCreate, ResourceRecordSet: &r}}}}))
	}
	change(types.ResourceRecordSet{Name: awssdk.String("www.example.com."), Type: types.RRTypeA, TTL: awssdk.Int64(60), ResourceRecords: []types.ResourceRecord{{Value: awssdk.String("203.0.113.9")}}})
	change(types.ResourceRecordSet{Name: awssdk.String("files.example.com."), Type: types.RRTypeA,
		AliasTarget: &types.AliasTarget{DNSName: awssdk.String("s3-website-us-east-1.amazonaws.com."), HostedZoneId: awssdk.String("Z3AQBSTGFYJSTF")}})
	change(types.ResourceRecordSet{Name: awssdk.String("*.example.com."), Type: types.RRTypeCname, TTL: awssdk.Int64(60), ResourceRecords: []types.ResourceRecord{{Value: awssdk.String("Shop-123.us-east-1.elb.amazonaws.com")}}})

	s := e.read(t, nil, "route53")
	z := find[aws.HostedZone](t, s, "example.com")
	if z.Private || len(z.Records) < 3 || z.Gap("records") != nil {
		t.Errorf("zone: %+v", z)
	}
	for name, want := range map[string]aws.RecordTarget{
		"www.example.com":   {Value: "203.0.113.9", Service: "address"},
		"files.example.com": {Value: "s3-website-us-east-1.amazonaws.com", Service: "s3-website", Region: "us-east-1", Bucket: "files.example.com"},
		"*.example.com":     {Value: "shop-123.us-east-1.elb.amazonaws.com", Service: "load-balancer", Region: "us-east-1"},
	} {
		r := find[aws.RecordSet](t, s, name)
		noGaps(t, r)
		if r.Zone.Target() != z || len(r.Targets) != 1 {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		got := r.Targets[0]
		if got.Value != want.Value || got.Service != want.Service || got.Region != want.Region || got.Bucket != want.Bucket {
			t.Errorf("%s leads to %+v, want %+v", name, got, want)
		}
	}
}

func TestRecordTargets(t *testing.T) {
	for value, want := range map[string]string{
		"10.0.0.1":    "other  ",
		"203.0.113.9": "address  ",
		"2001:db8::1": "address  ",
		"fd00::1":     "other  ",
		"dualstack.shop-1.eu-west-1.elb.amazonaws.com":            "load-balancer eu-west-1 ",
		"net-1.elb.eu-west-1.amazonaws.com":                       "load-balancer eu-west-1 ",
		"files.example.com.s3-website.eu-central-1.amazonaws.com": "s3-website eu-central-1 files.example.com",
		"s3-website.eu-central-1.amazonaws.com":                   "s3-website eu-central-1 record.example.com",
		"files.s3-website-eu-west-1.amazonaws.com":                "s3-website eu-west-1 files",
		"d111111abcdef8.cloudfront.net":                           "cloudfront  ",
		"shop.eu-west-1.elasticbeanstalk.com":                     "elastic-beanstalk  ",
		"abc123.execute-api.eu-west-1.amazonaws.com":              "api-gateway eu-west-1 ",
		"vpce-1.s3.eu-west-1.vpce.amazonaws.com":                  "vpc-endpoint eu-west-1 ",
		"db.abc.eu-west-1.rds.amazonaws.com":                      "rds eu-west-1 ",
		"elb.amazonaws.com.example.net":                           "other  ",
		"shop-1.cn-north-1.elb.amazonaws.com.cn":                  "load-balancer cn-north-1 ",
	} {
		got := recordTarget("record.example.com", value)
		if s := got.Service + " " + got.Region + " " + got.Bucket; s != want {
			t.Errorf("%s: %q, want %q", value, s, want)
		}
	}
}
