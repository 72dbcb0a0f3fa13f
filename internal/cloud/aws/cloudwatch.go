package aws

import "merlon.dev/internal/cloud"

func cloudwatchKinds() []cloud.Resource {
	return []cloud.Resource{&Alarm{}, &Metric{}}
}

// Alarm is a metric alarm or a composite alarm.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_CompositeAlarm.html
type Alarm struct {
	cloud.Base

	// Metrics are what the alarm watches, each operand of a metric expression
	// on its own; empty for composite alarms.
	Metrics []cloud.Link[Metric] `json:"metrics,omitempty"`
	// Rule is the expression over other alarms, for composite alarms.
	Rule string `json:"rule,omitempty"`
	// ActionsEnabled is whether the alarm acts at all.
	ActionsEnabled bool `json:"actions_enabled"`
	// Topics are the topics it writes to when it goes into ALARM.
	Topics []cloud.Link[Topic] `json:"topics,omitempty"`
	// Actions are all ARNs it acts on when it goes into ALARM, topics included.
	Actions []string `json:"actions,omitempty"`
	// OKActions and InsufficientDataActions are the same for the other states.
	OKActions               []string `json:"ok_actions,omitempty"`
	InsufficientDataActions []string `json:"insufficient_data_actions,omitempty"`
	// State is OK, ALARM or INSUFFICIENT_DATA.
	State string `json:"state,omitempty"`
	// Statistic, Comparison, Threshold, PeriodSeconds and EvaluationPeriods are
	// the condition of a plain metric alarm.
	Statistic         string  `json:"statistic,omitempty"`
	Comparison        string  `json:"comparison,omitempty"`
	Threshold         float64 `json:"threshold,omitempty"`
	PeriodSeconds     int     `json:"period_seconds,omitempty"`
	EvaluationPeriods int     `json:"evaluation_periods,omitempty"`
	// TreatMissingData is missing (the default), breaching, notBreaching or ignore.
	TreatMissingData string `json:"treat_missing_data,omitempty"`
}

// Kind implements cloud.Resource.
func (*Alarm) Kind() cloud.Kind { return "AWS::CloudWatch::Alarm" }

// Metric is a metric that metric filters feed. Its ref is built from its
// namespace and name, for CloudWatch gives metrics no ARN:
// arn:aws:cloudwatch:eu-west-1:123456789012:metric/NAMESPACE/NAME.
type Metric struct {
	cloud.Base

	// Namespace the metric is in; its name is resource.name.
	Namespace string `json:"namespace"`

	// Alarms are those that watch the metric.
	Alarms []cloud.Link[Alarm] `json:"-" cel:"alarms" backlink:"metrics" within:"region"`
	// Filters are those that feed it.
	Filters []cloud.Link[MetricFilter] `json:"-" cel:"filters" backlink:"metrics" within:"region"`
}

// Kind implements cloud.Resource.
func (*Metric) Kind() cloud.Kind { return "AWS::CloudWatch::Metric" }
