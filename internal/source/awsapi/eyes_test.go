package awsapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	guardtypes "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspectortypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// collection returns the gap of a collection, which must have been listed.
func collection[T any](t *testing.T, s *cloud.Snapshot) *cloud.Gap {
	t.Helper()
	for _, c := range s.Collections {
		if c.Kind == kindOf[T]() && slices.Contains(c.Regions, "us-east-1") {
			return c.Gap
		}
	}
	t.Fatalf("%s was not listed", kindOf[T]())
	return nil
}

func TestConfig(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := configservice.NewFromConfig(e.cfg)
	must(t)(c.PutConfigurationRecorder(ctx, &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &configtypes.ConfigurationRecorder{
		Name: awssdk.String("default"), RoleARN: awssdk.String("arn:aws:iam::123456789012:role/config"),
		RecordingGroup: &configtypes.RecordingGroup{AllSupported: true, IncludeGlobalResourceTypes: true},
	}}))
	must(t)(c.PutDeliveryChannel(ctx, &configservice.PutDeliveryChannelInput{DeliveryChannel: &configtypes.DeliveryChannel{
		Name: awssdk.String("default"), S3BucketName: awssdk.String("config-history"),
	}}))
	must(t)(c.StartConfigurationRecorder(ctx, &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: awssdk.String("default")}))

	s := e.read(t, nil, "config")
	r := find[aws.ConfigRecorder](t, s, "default")
	noGaps(t, r, "tags")
	if !r.Recording || !r.AllSupported || !r.GlobalTypes || r.Strategy != "ALL_SUPPORTED_RESOURCE_TYPES" {
		t.Errorf("recorder: %+v", r)
	}
	if r.Delivery == nil || r.Delivery.Bucket.To != "arn:aws:s3:::config-history" {
		t.Errorf("delivery: %+v", r.Delivery)
	}
}

func TestRecordingGroup(t *testing.T) {
	excluding := func(excluded ...configtypes.ResourceType) *configtypes.RecordingGroup {
		return &configtypes.RecordingGroup{
			RecordingStrategy:        &configtypes.RecordingStrategy{UseOnly: configtypes.RecordingStrategyTypeExclusionByResourceTypes},
			ExclusionByResourceTypes: &configtypes.ExclusionByResourceTypes{ResourceTypes: excluded},
		}
	}
	for _, c := range []struct {
		name     string
		in       *configtypes.RecordingGroup
		strategy string
		global   bool
	}{
		{"everything", &configtypes.RecordingGroup{AllSupported: true, IncludeGlobalResourceTypes: true}, "ALL_SUPPORTED_RESOURCE_TYPES", true},
		{"everything of the region", &configtypes.RecordingGroup{AllSupported: true}, "ALL_SUPPORTED_RESOURCE_TYPES", false},
		{"a list", &configtypes.RecordingGroup{ResourceTypes: []configtypes.ResourceType{"AWS::EC2::Instance"}}, "INCLUSION_BY_RESOURCE_TYPES", false},
		{"all but instances", excluding("AWS::EC2::Instance"), "EXCLUSION_BY_RESOURCE_TYPES", true},
		{"all but roles", excluding("AWS::IAM::Role"), "EXCLUSION_BY_RESOURCE_TYPES", false},
	} {
		var r aws.ConfigRecorder
		recordingGroup(&r, configtypes.ConfigurationRecorder{RecordingGroup: c.in})
		if r.Strategy != c.strategy || r.GlobalTypes != c.global {
			t.Errorf("%s: %s, global types %v", c.name, r.Strategy, r.GlobalTypes)
		}
	}
	var r aws.ConfigRecorder
	recordingGroup(&r, configtypes.ConfigurationRecorder{})
	if r.Gap("all_supported") == nil {
		t.Error("a reply without recording group leaves no gap")
	}
}

func TestGuardDuty(t *testing.T) {
	e := newEstate(t)
	must(t)(guardduty.NewFromConfig(e.cfg).CreateDetector(context.Background(), &guardduty.CreateDetectorInput{
		Enable:   awssdk.Bool(true),
		Features: []guardtypes.DetectorFeatureConfiguration{{Name: guardtypes.DetectorFeatureS3DataEvents, Status: guardtypes.FeatureStatusEnabled}},
	}))
	s := e.read(t, nil, "guardduty")
	for _, r := range s.Resources {
		d, ok := r.(*aws.Detector)
		if !ok {
			continue
		}
		noGaps(t, d, "administrator", "administrator_relation", "members")
		if !d.Enabled {
			t.Errorf("detector: %+v", d)
		}
		return
	}
	t.Error("no detector")
}

func TestGuardDutyTakesOlderDataSources(t *testing.T) {
	got := detectorFeatures(&guardduty.GetDetectorOutput{DataSources: &guardtypes.DataSourceConfigurationsResult{
		S3Logs:     &guardtypes.S3LogsConfigurationResult{Status: guardtypes.DataSourceStatusEnabled},
		Kubernetes: &guardtypes.KubernetesConfigurationResult{},
	}})
	if len(got) != 1 || got[0].Name != "S3_DATA_EVENTS" || !got[0].Enabled {
		t.Errorf("features: %+v", got)
	}
}

func TestSecurityHub(t *testing.T) {
	e := newEstate(t)
	if s := e.read(t, nil, "securityhub"); collection[aws.SecurityHub](t, s) != nil {
		t.Errorf("a hub that is off leaves a gap: %v", collection[aws.SecurityHub](t, s))
	}
	must(t)(securityhub.NewFromConfig(e.cfg).EnableSecurityHub(context.Background(), &securityhub.EnableSecurityHubInput{}))
	h := find[aws.SecurityHub](t, e.read(t, nil, "securityhub"), "default")
	if h.Ref == "" || h.SubscribedAt.IsZero() {
		t.Errorf("hub: %+v", h)
	}
}

func TestInspector(t *testing.T) {
	e := newEstate(t)
	must(t)(inspector2.NewFromConfig(e.cfg).Enable(context.Background(), &inspector2.EnableInput{
		AccountIds: []string{string(e.account)}, ResourceTypes: []inspectortypes.ResourceScanType{inspectortypes.ResourceScanTypeEc2},
	}))
	i := find[aws.Inspector](t, e.read(t, nil, "inspector"), "inspector")
	noGaps(t, i, "code_repository")
	if !i.Enabled || !i.EC2 || i.Lambda {
		t.Errorf("inspector: %+v", i)
	}
}

func TestMacie(t *testing.T) {
	e := newEstate(t)
	must(t)(macie2.NewFromConfig(e.cfg).EnableMacie(context.Background(), &macie2.EnableMacieInput{}))
	m := find[aws.MacieSession](t, e.read(t, nil, "macie"), "macie")
	if !m.Enabled {
		t.Errorf("session: %+v", m)
	}
}

// answering replies to every request of one operation's path with an error.
type answering struct {
	http.RoundTripper
	code, message string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.Header.Get("User-Agent"), "api/macie2") {
		return a.RoundTripper.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: http.StatusForbidden,
		Header:     http.Header{"X-Amzn-Errortype": {a.code}, "Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(`{"message":"` + a.message + `"}`)),
		Request:    r,
	}, nil
}

func TestMacieOffIsNotMacieDenied(t *testing.T) {
	e := newEstate(t)
	read := func(message string) *cloud.Gap {
		return collection[aws.MacieSession](t, e.read(t, func(c *Config) {
			c.Transport = answering{e, "AccessDeniedException", message}
		}, "macie"))
	}
	if gap := read("Macie is not enabled"); gap != nil {
		t.Errorf("off: %v", gap)
	}
	if gap := read("User: x is not authorized to perform: macie2:GetMacieSession"); gap == nil || gap.Reason != cloud.Denied {
		t.Errorf("denied: %v", gap)
	}
}

func TestLogsAndAlarms(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	logs, alarms := cloudwatchlogs.NewFromConfig(e.cfg), cloudWatchClient(e.cfg)
	must(t)(logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: awssdk.String("trail")}))
	must(t)(logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: awssdk.String("trail"), RetentionInDays: awssdk.Int32(365)}))
	must(t)(logs.PutMetricFilter(ctx, &cloudwatchlogs.PutMetricFilterInput{
		LogGroupName: awssdk.String("trail"), FilterName: awssdk.String("root"), FilterPattern: awssdk.String(`{ $.userIdentity.type = "Root" }`),
		MetricTransformations: []logtypes.MetricTransformation{{MetricName: awssdk.String("RootUse"), MetricNamespace: awssdk.String("Trail"), MetricValue: awssdk.String("1")}},
	}))
	must(t)(logs.PutResourcePolicy(ctx, &cloudwatchlogs.PutResourcePolicyInput{PolicyName: awssdk.String("dns"), PolicyDocument: awssdk.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}}`)}))
	topic := "arn:aws:sns:us-east-1:" + string(e.account) + ":alarms"
	must(t)(alarms.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: awssdk.String("root"), MetricName: awssdk.String("RootUse"), Namespace: awssdk.String("Trail"), AlarmActions: []string{topic},
		ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanOrEqualToThreshold, EvaluationPeriods: awssdk.Int32(1), Period: awssdk.Int32(300),
		Statistic: cwtypes.StatisticSum, Threshold: awssdk.Float64(1), ActionsEnabled: awssdk.Bool(true),
	}))

	s := e.read(t, nil, "logs", "cloudwatch")
	group := find[aws.LogGroup](t, s, "trail")
	noGaps(t, group, "tags", "trails")
	if group.RetentionDays != 365 || len(group.MetricFilters) != 1 {
		t.Fatalf("group: %+v", group)
	}
	filter := group.MetricFilters[0].Target()
	if filter.Pattern != `{ $.userIdentity.type = "Root" }` || len(filter.Metrics) != 1 {
		t.Fatalf("filter: %+v", filter)
	}
	metric := filter.Metrics[0].Target()
	noGaps(t, metric)
	if metric.Namespace != "Trail" || len(metric.Alarms) != 1 {
		t.Fatalf("metric: %+v", metric)
	}
	alarm := metric.Alarms[0].Target()
	if !alarm.ActionsEnabled || len(alarm.Topics) != 1 || alarm.Topics[0].To != cloud.Ref(topic) {
		t.Errorf("alarm: %+v", alarm)
	}
	policy := find[aws.LogResourcePolicy](t, s, "dns")
	if policy.Policy == nil || policy.Policy.Statements[0].Principals[0].ID != "route53.amazonaws.com" {
		t.Errorf("policy: %+v", policy.Policy)
	}
}

func TestLogGroupsUnlistedLeaveFiltersListed(t *testing.T) {
	e := newEstate(t)
	refuse := errors.New("refused")
	s := e.read(t, func(c *Config) {
		c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".DescribeLogGroups") {
				return nil, refuse
			}
			return e.RoundTrip(r)
		})
	}, "logs")
	if collection[aws.LogGroup](t, s) == nil {
		t.Error("log groups could not be listed, and there is no gap")
	}
	if gap := collection[aws.MetricFilter](t, s); gap != nil {
		t.Errorf("metric filters: %v", gap)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
