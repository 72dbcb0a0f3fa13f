package awsapi

import (
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func cloudtrailService() *service {
	return &service{name: "cloudtrail", kinds: []cloud.Kind{kindOf[aws.Trail]()}, read: readCloudTrail}
}

// readCloudTrail lists the trails that record the region, shadows included:
// only so does a member account see the trails of its organization. Each is
// read once, from its home region.
func readCloudTrail(s *scope) {
	kind := kindOf[aws.Trail]()
	var found []types.Trail
	gap := get(s, cloudtrail.NewFromConfig(s.cfg).DescribeTrails, &cloudtrail.DescribeTrailsInput{}, func(out *cloudtrail.DescribeTrailsOutput) {
		found = out.TrailList
	}, kind)
	if gap != nil {
		unlock := s.lock(s.resource)
		s.resource.SetGap(gap.AsPartial(), "organization_trails")
		unlock()
	}
	for _, t := range found {
		if s.readsTrail(t) {
			s.guard(kind, func() { readTrail(s, t) })
		}
	}
}

// readsTrail reports whether it is this region's turn to read the trail: it is
// its home, or its home is not read at all and this is the first region.
func (s *scope) readsTrail(t types.Trail) bool {
	home := cloud.Region(awssdk.ToString(t.HomeRegion))
	if home == "" || slices.Contains(s.regions, home) {
		return home == "" || home == s.region
	}
	return len(s.regions) > 0 && s.region == s.regions[0]
}

func readTrail(s *scope, in types.Trail) {
	if home := cloud.Region(awssdk.ToString(in.HomeRegion)); home != "" && home != s.region {
		s = s.in(home)
	}
	ref := cloud.Ref(awssdk.ToString(in.TrailARN))
	t := &aws.Trail{
		Base:                s.base(ref, awssdk.ToString(in.Name)),
		Organization:        awssdk.ToBool(in.IsOrganizationTrail),
		GlobalServiceEvents: awssdk.ToBool(in.IncludeGlobalServiceEvents),
		Bucket:              bucketLink(s, awssdk.ToString(in.S3BucketName)),
		Prefix:              awssdk.ToString(in.S3KeyPrefix),
		KMSKey:              cloud.LinkTo[aws.Key](s.keyRef(in.KmsKeyId)),
		LogGroup:            cloud.LinkTo[aws.LogGroup](logGroupRef(in.CloudWatchLogsLogGroupArn)),
		LogsRole:            cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.CloudWatchLogsRoleArn))),
		Topic:               cloud.LinkTo[aws.Topic](cloud.Ref(awssdk.ToString(in.SnsTopicARN))),
	}
	t.MultiRegion = need(t, "multi_region", in.IsMultiRegionTrail)
	t.LogFileValidation = need(t, "log_file_validation", in.LogFileValidationEnabled)
	if owner := cloud.AccountOf(ref); owner != "" && owner != s.id {
		t.Account = owner
		s.recordedBy(ref)
		if s.Org && (len(s.Accounts) == 0 || slices.Contains(s.Accounts, owner)) {
			return // its owner is read too, and sees more of it
		}
	}
	defer s.add(t)
	readTrailStatus(s, t)
	readTrailSelectors(s, t, awssdk.ToBool(in.HasCustomEventSelectors) || in.HasCustomEventSelectors == nil)
	if in.HasInsightSelectors == nil || *in.HasInsightSelectors {
		readTrailInsights(s, t)
	}
	readTrailTags(s, t)
}

// recordedBy notes that an organization's trail records this account.
func (s *scope) recordedBy(trail cloud.Ref) {
	defer s.lock(s.resource)()
	all := append(s.resource.OrganizationTrails, cloud.LinkTo[aws.Trail](trail))
	slices.SortFunc(all, func(a, b cloud.Link[aws.Trail]) int { return strings.Compare(string(a.To), string(b.To)) })
	s.resource.OrganizationTrails = slices.Compact(all)
}

// logGroupRef is the ref of a log group from the ARN of all its streams.
func logGroupRef(arn *string) cloud.Ref {
	return cloud.Ref(strings.TrimSuffix(awssdk.ToString(arn), ":*"))
}

func readTrailStatus(s *scope, t *aws.Trail) {
	arn := string(t.Ref)
	fields := []string{"logging", "started_at", "stopped_at", "delivered_at", "delivery_error", "logs_delivered_at", "logs_delivery_error"}
	fill(s, t, fields, cloudtrail.NewFromConfig(s.cfg).GetTrailStatus, &cloudtrail.GetTrailStatusInput{Name: &arn}, func(out *cloudtrail.GetTrailStatusOutput) {
		t.Logging = need(t, "logging", out.IsLogging)
		t.StartedAt, t.StoppedAt = awssdk.ToTime(out.StartLoggingTime), awssdk.ToTime(out.StopLoggingTime)
		t.DeliveredAt, t.DeliveryError = awssdk.ToTime(out.LatestDeliveryTime), awssdk.ToString(out.LatestDeliveryError)
		t.LogsDeliveredAt, t.LogsDeliveryError = awssdk.ToTime(out.LatestCloudWatchLogsDeliveryTime), awssdk.ToString(out.LatestCloudWatchLogsDeliveryError)
	})
}

// readTrailSelectors reads what is recorded. A trail that never chose records
// all management events, and some endpoints answer it with no selector at all.
func readTrailSelectors(s *scope, t *aws.Trail, custom bool) {
	arn := string(t.Ref)
	fields := []string{"selectors", "management_reads", "management_writes", "excluded_sources", "s3_object_reads", "s3_object_writes"}
	fill(s, t, fields, cloudtrail.NewFromConfig(s.cfg).GetEventSelectors, &cloudtrail.GetEventSelectorsInput{TrailName: &arn}, func(out *cloudtrail.GetEventSelectorsOutput) {
		for _, e := range out.EventSelectors {
			t.Selectors = append(t.Selectors, basicSelectors(e)...)
		}
		for _, e := range out.AdvancedEventSelectors {
			t.Selectors = append(t.Selectors, advancedSelector(e))
		}
		if len(out.EventSelectors)+len(out.AdvancedEventSelectors) == 0 {
			if custom {
				t.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "cloudtrail:GetEventSelectors", Message: "the reply holds no selector"}, fields...)
				return
			}
			t.Selectors = basicSelectors(types.EventSelector{})
		}
		t.SumUpSelectors()
	})
}

// basicSelectors turns a basic selector into one selector for management events
// and one for each type of data resource.
func basicSelectors(in types.EventSelector) []*aws.EventSelector {
	of := func(category string) *aws.EventSelector {
		return &aws.EventSelector{
			Category: category,
			Reads:    in.ReadWriteType != types.ReadWriteTypeWriteOnly,
			Writes:   in.ReadWriteType != types.ReadWriteTypeReadOnly,
		}
	}
	var out []*aws.EventSelector
	if in.IncludeManagementEvents == nil || *in.IncludeManagementEvents {
		e := of("Management")
		if len(in.ExcludeManagementEventSources) > 0 {
			e.Conditions = []*aws.SelectorCondition{{Field: "eventSource", NotEquals: in.ExcludeManagementEventSources}}
		}
		out = append(out, e)
	}
	for _, r := range in.DataResources {
		if len(r.Values) == 0 {
			continue
		}
		e := of("Data")
		e.ResourceTypes = []string{awssdk.ToString(r.Type)}
		if !slices.ContainsFunc(r.Values, everyResource) {
			e.Conditions = []*aws.SelectorCondition{{Field: "resources.ARN", StartsWith: r.Values}}
		}
		out = append(out, e)
	}
	return out
}

// everyResource reports whether the ARN prefix of a basic selector names a
// service and nothing in it: arn:aws:s3, arn:aws:s3:::, arn:aws:lambda.
func everyResource(prefix string) bool {
	return strings.Count(strings.TrimRight(prefix, ":"), ":") == 2
}

func advancedSelector(in types.AdvancedEventSelector) *aws.EventSelector {
	out := &aws.EventSelector{Name: awssdk.ToString(in.Name), Reads: true, Writes: true}
	for _, f := range in.FieldSelectors {
		switch field := awssdk.ToString(f.Field); {
		case field == "eventCategory" && len(f.Equals) == 1:
			out.Category = f.Equals[0]
		case field == "resources.type" && len(f.Equals) > 0:
			out.ResourceTypes = f.Equals
		case field == "readOnly" && len(f.Equals)+len(f.NotEquals) > 0:
			takes := func(v string) bool {
				return (len(f.Equals) == 0 || slices.Contains(f.Equals, v)) && !slices.Contains(f.NotEquals, v)
			}
			out.Reads, out.Writes = out.Reads && takes("true"), out.Writes && takes("false")
		default:
			out.Conditions = append(out.Conditions, &aws.SelectorCondition{
				Field: field, Equals: f.Equals, NotEquals: f.NotEquals,
				StartsWith: f.StartsWith, NotStartsWith: f.NotStartsWith, EndsWith: f.EndsWith, NotEndsWith: f.NotEndsWith,
			})
		}
	}
	return out
}

func readTrailInsights(s *scope, t *aws.Trail) {
	arn := string(t.Ref)
	fill(s, t, []string{"insight_types"}, cloudtrail.NewFromConfig(s.cfg).GetInsightSelectors, &cloudtrail.GetInsightSelectorsInput{TrailName: &arn}, func(out *cloudtrail.GetInsightSelectorsOutput) {
		for _, i := range out.InsightSelectors {
			t.InsightTypes = append(t.InsightTypes, string(i.InsightType))
		}
	}, "InsightNotEnabledException")
}

func readTrailTags(s *scope, t *aws.Trail) {
	pages := cloudtrail.NewListTagsPaginator(cloudtrail.NewFromConfig(s.cfg), &cloudtrail.ListTagsInput{ResourceIdList: []string{string(t.Ref)}})
	fillList(s, t, []string{"tags"}, pages, func(out *cloudtrail.ListTagsOutput) {
		for _, r := range out.ResourceTagList {
			t.Tags = tagMap(r.TagsList, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	})
}
