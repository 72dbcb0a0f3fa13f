package awsapi

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func cloudwatchService() *service {
	return &service{name: "cloudwatch", kinds: []cloud.Kind{kindOf[aws.Alarm]()}, read: readCloudWatch}
}

func readCloudWatch(s *scope) {
	kind := kindOf[aws.Alarm]()
	in := &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}}
	list(s, cloudwatch.NewDescribeAlarmsPaginator(cloudWatchClient(s.cfg), in), func(out *cloudwatch.DescribeAlarmsOutput) {
		items(s, kind, out.MetricAlarms, func(a types.MetricAlarm) { s.add(metricAlarm(s, a)) })
		items(s, kind, out.CompositeAlarms, func(a types.CompositeAlarm) { s.add(compositeAlarm(s, a)) })
	}, kind)
}

// cloudWatchClient speaks the query protocol to an emulator: emulators do not
// know the binary one that AWS prefers.
func cloudWatchClient(cfg awssdk.Config) *cloudwatch.Client {
	return cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
		if cfg.BaseEndpoint != nil {
			o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
		}
	})
}

func metricAlarm(s *scope, in types.MetricAlarm) *aws.Alarm {
	a := newAlarm(s, in.AlarmArn, in.AlarmName, in.ActionsEnabled, in.AlarmActions)
	a.OKActions, a.InsufficientDataActions = in.OKActions, in.InsufficientDataActions
	a.State = string(in.StateValue)
	a.Statistic = string(in.Statistic)
	if a.Statistic == "" {
		a.Statistic = awssdk.ToString(in.ExtendedStatistic)
	}
	a.Comparison = string(in.ComparisonOperator)
	a.Threshold = awssdk.ToFloat64(in.Threshold)
	a.PeriodSeconds, a.EvaluationPeriods = int(awssdk.ToInt32(in.Period)), int(awssdk.ToInt32(in.EvaluationPeriods))
	a.TreatMissingData = awssdk.ToString(in.TreatMissingData)
	if in.MetricName != nil {
		a.Metrics = append(a.Metrics, cloud.LinkTo[aws.Metric](s.metricRef(in.Namespace, in.MetricName)))
	}
	for _, q := range in.Metrics {
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			continue
		}
		if owner := awssdk.ToString(q.AccountId); owner != "" && owner != string(s.id) {
			continue
		}
		a.Metrics = append(a.Metrics, cloud.LinkTo[aws.Metric](s.metricRef(q.MetricStat.Metric.Namespace, q.MetricStat.Metric.MetricName)))
	}
	return a
}

func compositeAlarm(s *scope, in types.CompositeAlarm) *aws.Alarm {
	a := newAlarm(s, in.AlarmArn, in.AlarmName, in.ActionsEnabled, in.AlarmActions)
	a.OKActions, a.InsufficientDataActions = in.OKActions, in.InsufficientDataActions
	a.State = string(in.StateValue)
	a.Rule = awssdk.ToString(in.AlarmRule)
	return a
}

func newAlarm(s *scope, arn, name *string, enabled *bool, actions []string) *aws.Alarm {
	a := &aws.Alarm{Base: s.base(cloud.Ref(awssdk.ToString(arn)), awssdk.ToString(name)), Actions: actions}
	a.ActionsEnabled = need(a, "actions_enabled", enabled)
	for _, action := range actions {
		if parts := strings.Split(action, ":"); len(parts) == 6 && parts[2] == "sns" {
			a.Topics = append(a.Topics, cloud.LinkTo[aws.Topic](cloud.Ref(action)))
		}
	}
	untagged(a)
	return a
}

// metricRef is the ref that the model gives to a metric of this scope.
func (s *scope) metricRef(namespace, name *string) cloud.Ref {
	return s.arn("cloudwatch", "metric/"+awssdk.ToString(namespace)+"/"+awssdk.ToString(name))
}
