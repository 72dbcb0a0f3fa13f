package awsapi

import (
	"context"
	"slices"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestCloudTrail(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	buckets := s3.NewFromConfig(e.cfg, func(o *s3.Options) { o.UsePathStyle = true })
	must(t)(buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: awssdk.String("trail-logs")}))
	c := cloudtrail.NewFromConfig(e.cfg)
	for name, everywhere := range map[string]bool{"org": true, "local": false} {
		must(t)(c.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: &name, S3BucketName: awssdk.String("trail-logs"), IsMultiRegionTrail: &everywhere}))
	}
	must(t)(c.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: awssdk.String("org")}))
	must(t)(c.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: awssdk.String("org"), EventSelectors: []types.EventSelector{{
		ReadWriteType: types.ReadWriteTypeWriteOnly, IncludeManagementEvents: awssdk.Bool(true),
		ExcludeManagementEventSources: []string{"kms.amazonaws.com"},
		DataResources:                 []types.DataResource{{Type: awssdk.String("AWS::S3::Object"), Values: []string{"arn:aws:s3"}}},
	}}}))

	s := e.read(t, func(c *Config) { c.Regions = []cloud.Region{"us-east-1", "eu-west-1"} }, "cloudtrail", "s3")
	trails := 0
	for _, r := range s.Resources {
		if _, ok := r.(*aws.Trail); ok {
			trails++
		}
	}
	if trails != 2 {
		t.Errorf("%d trails, want each of the two once", trails)
	}
	org := find[aws.Trail](t, s, "org")
	noGaps(t, org)
	if !org.MultiRegion || !org.Logging || org.Region != "us-east-1" || org.Bucket.Target().Name != "trail-logs" {
		t.Errorf("org: %+v", org)
	}
	if org.ManagementReads || !org.ManagementWrites || org.S3ObjectReads || !org.S3ObjectWrites || !slices.Equal(org.ExcludedSources, []string{"kms.amazonaws.com"}) {
		t.Errorf("org records: %+v", org)
	}
	local := find[aws.Trail](t, s, "local")
	noGaps(t, local)
	if local.MultiRegion || local.Logging || !local.ManagementReads || !local.ManagementWrites || local.S3ObjectWrites {
		t.Errorf("local: %+v", local)
	}
}

func TestTrailShadowsAreReadOnce(t *testing.T) {
	regions := []cloud.Region{"eu-west-1", "us-east-1"}
	for _, c := range []struct {
		home   string
		region cloud.Region
		reads  bool
	}{
		{"us-east-1", "us-east-1", true},
		{"us-east-1", "eu-west-1", false},
		{"ap-south-1", "eu-west-1", true}, // home is left out: the first region reads it
		{"ap-south-1", "us-east-1", false},
		{"", "us-east-1", true},
	} {
		s := &scope{account: &account{regions: regions}, region: c.region}
		if got := s.readsTrail(types.Trail{HomeRegion: &c.home}); got != c.reads {
			t.Errorf("trail of %q in %s: read %v", c.home, c.region, got)
		}
	}
}

func TestSelectorsSayWhatIsRecorded(t *testing.T) {
	field := func(name string, equals ...string) types.AdvancedFieldSelector {
		return types.AdvancedFieldSelector{Field: &name, Equals: equals}
	}
	not := func(name string, values ...string) types.AdvancedFieldSelector {
		return types.AdvancedFieldSelector{Field: &name, NotEquals: values}
	}
	notUnder := func(prefixes ...string) types.AdvancedFieldSelector {
		return types.AdvancedFieldSelector{Field: awssdk.String("resources.ARN"), NotStartsWith: prefixes}
	}
	advanced := func(fields ...types.AdvancedFieldSelector) []*aws.EventSelector {
		return []*aws.EventSelector{advancedSelector(types.AdvancedEventSelector{FieldSelectors: fields})}
	}
	object := field("resources.type", "AWS::S3::Object")
	management, data := field("eventCategory", "Management"), field("eventCategory", "Data")
	for _, c := range []struct {
		name      string
		selectors []*aws.EventSelector
		want      string // management reads, writes; S3 object reads, writes
		excluded  []string
	}{
		{"default", basicSelectors(types.EventSelector{}), "rw--", nil},
		{"basic, one bucket", basicSelectors(types.EventSelector{IncludeManagementEvents: awssdk.Bool(false),
			DataResources: []types.DataResource{{Type: awssdk.String("AWS::S3::Object"), Values: []string{"arn:aws:s3:::one/"}}}}), "----", nil},
		{"basic, all buckets, reads", basicSelectors(types.EventSelector{IncludeManagementEvents: awssdk.Bool(false), ReadWriteType: types.ReadWriteTypeReadOnly,
			DataResources: []types.DataResource{{Type: awssdk.String("AWS::S3::Object"), Values: []string{"arn:aws:s3:::"}}}}), "--r-", nil},
		{"basic, all functions", basicSelectors(types.EventSelector{
			DataResources: []types.DataResource{{Type: awssdk.String("AWS::Lambda::Function"), Values: []string{"arn:aws:lambda"}}}}), "rw--", nil},
		{"advanced, management writes", advanced(management, field("readOnly", "false")), "-w--", nil},
		{"advanced, not the reads", advanced(management, not("readOnly", "true")), "-w--", nil},
		{"advanced, without KMS", advanced(management, not("eventSource", "kms.amazonaws.com")), "rw--", []string{"kms.amazonaws.com"}},
		{"advanced, one source only", advanced(management, field("eventSource", "iam.amazonaws.com")), "----", nil},
		{"advanced, without IAM", advanced(management, not("eventSource", "iam.amazonaws.com")), "----", nil},
		{"without KMS, and with", slices.Concat(advanced(management, not("eventSource", "kms.amazonaws.com")), advanced(management)), "rw--", nil},
		{"without KMS, and its writes", slices.Concat(advanced(management, not("eventSource", "kms.amazonaws.com")),
			advanced(management, field("readOnly", "false"))), "rw--", []string{"kms.amazonaws.com"}},
		{"advanced, all objects", advanced(data, object), "--rw", nil},
		{"advanced, all but the trail's own bucket", advanced(data, object, notUnder("arn:aws:s3:::logs/")), "--rw", nil},
		{"advanced, all but another bucket", advanced(data, object, notUnder("arn:aws:s3:::logs-of-others/")), "----", nil},
		{"advanced, one operation", advanced(data, object, field("eventName", "DeleteObject")), "----", nil},
		{"advanced, write here and read there", slices.Concat(advanced(data, object, field("readOnly", "true")),
			advanced(data, object, field("readOnly", "false"))), "--rw", nil},
	} {
		trail := &aws.Trail{Bucket: cloud.LinkTo[aws.Bucket]("arn:aws:s3:::logs"), Selectors: c.selectors}
		trail.SumUpSelectors()
		got := []byte("----")
		for i, on := range []bool{trail.ManagementReads, trail.ManagementWrites, trail.S3ObjectReads, trail.S3ObjectWrites} {
			if on {
				got[i] = "rwrw"[i]
			}
		}
		if string(got) != c.want || !slices.Equal(trail.ExcludedSources, c.excluded) {
			t.Errorf("%s: %s without %v, want %s without %v", c.name, got, trail.ExcludedSources, c.want, c.excluded)
		}
	}
}
