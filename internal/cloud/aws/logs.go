package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func logsKinds() []cloud.Resource {
	return []cloud.Resource{&LogGroup{}, &MetricFilter{}, &LogResourcePolicy{}}
}

// LogGroup is a CloudWatch Logs log group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
type LogGroup struct {
	cloud.Base

	// CreatedAt is when the group was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// RetentionDays is how long events are kept; 0 is for ever.
	RetentionDays int `json:"retention_days"`
	// KMSKey encrypts the events; unset when CloudWatch's own key does.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Class is STANDARD, INFREQUENT_ACCESS or DELIVERY (kept for two days,
	// whatever the retention).
	Class string `json:"class,omitempty"`
	// StoredBytes is how much it holds.
	StoredBytes float64 `json:"stored_bytes,omitempty"`
	// DataProtection is whether a data protection policy masks sensitive data.
	DataProtection bool `json:"data_protection,omitempty"`
	// DeletionProtection is whether the group refuses to be deleted.
	DeletionProtection bool `json:"deletion_protection,omitempty"`

	// MetricFilters count events of the group.
	MetricFilters []cloud.Link[MetricFilter] `json:"-" cel:"metric_filters" backlink:"log_group" within:"region"`
	// Trails send their events here.
	Trails []cloud.Link[Trail] `json:"-" cel:"trails" backlink:"log_group" within:"estate"`
}

// Kind implements cloud.Resource.
func (*LogGroup) Kind() cloud.Kind { return "AWS::Logs::LogGroup" }

// MetricFilter turns events of a log group into a metric.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricFilter.html
type MetricFilter struct {
	cloud.Base

	// LogGroup is what it reads.
	LogGroup cloud.Link[LogGroup] `json:"log_group,omitzero"`
	// Pattern is the filter pattern as written; ask logs.covers what it takes.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
	Pattern string `json:"pattern"`
	// Metrics are what it feeds.
	Metrics []cloud.Link[Metric] `json:"metrics,omitempty"`
}

// Kind implements cloud.Resource.
func (*MetricFilter) Kind() cloud.Kind { return "AWS::Logs::MetricFilter" }

// LogResourcePolicy lets others, mostly AWS services, write to log groups of
// one region, or of one log group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ResourcePolicy.html
type LogResourcePolicy struct {
	cloud.Base

	// Policy is the document; its resources name the log groups.
	Policy *Policy `json:"policy,omitempty"`
}

// Kind implements cloud.Resource.
func (*LogResourcePolicy) Kind() cloud.Kind { return "AWS::Logs::ResourcePolicy" }
