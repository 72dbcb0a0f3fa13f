package aws

import (
	"slices"
	"strings"
	"time"

	"merlon.dev/internal/cloud"
)

func cloudtrailKinds() []cloud.Resource {
	return []cloud.Resource{&Trail{}}
}

// Trail is a CloudTrail trail. It is listed once, in its home region: its
// shadows in other regions, and an organization trail's shadows in member
// accounts, are the same trail.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
type Trail struct {
	cloud.Base

	// MultiRegion is whether the trail records all regions, not only its own.
	MultiRegion bool `json:"multi_region"`
	// Organization is whether the trail records every account of the
	// organization. Its owner is the management account; the members reach it
	// through account.organization_trails.
	Organization bool `json:"organization,omitempty"`
	// GlobalServiceEvents is whether events of services without regions, such
	// as IAM, are recorded.
	GlobalServiceEvents bool `json:"global_service_events,omitempty"`
	// LogFileValidation is whether signed digests of the log files are kept.
	// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
	LogFileValidation bool `json:"log_file_validation"`
	// Bucket receives the log files, which may belong to another account.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// Prefix starts the names of the log files in the bucket.
	Prefix string `json:"prefix,omitempty"`
	// KMSKey encrypts the log files; unset when S3's own keys do.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// LogGroup receives the events too; unset when none does.
	LogGroup cloud.Link[LogGroup] `json:"log_group,omitzero"`
	// LogsRole is the role that writes to the log group.
	LogsRole cloud.Link[Role] `json:"logs_role,omitzero"`
	// Topic is told of each new log file; unset when none is.
	Topic cloud.Link[Topic] `json:"topic,omitzero"`

	// Logging is whether the trail is recording now.
	// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
	Logging bool `json:"logging"`
	// StartedAt and StoppedAt are when recording was last switched on and off.
	StartedAt time.Time `json:"started_at,omitzero"`
	StoppedAt time.Time `json:"stopped_at,omitzero"`
	// DeliveredAt is when a log file last reached the bucket; unset when none
	// ever did.
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	// DeliveryError is what S3 last answered, when it refused.
	DeliveryError string `json:"delivery_error,omitempty"`
	// LogsDeliveredAt is when events last reached the log group; unset when
	// none ever did.
	LogsDeliveredAt time.Time `json:"logs_delivered_at,omitzero"`
	// LogsDeliveryError is what CloudWatch Logs last answered, when it refused.
	LogsDeliveryError string `json:"logs_delivery_error,omitempty"`

	// Selectors are the event selectors, basic and advanced ones in one form.
	// An event is recorded when any of them takes it.
	Selectors []*EventSelector `json:"selectors,omitempty"`
	// ManagementReads and ManagementWrites are whether the selectors record all
	// management events that read, and all that change something. High-volume
	// sources that were left out are in ExcludedSources and do not count.
	ManagementReads  bool `json:"management_reads"`
	ManagementWrites bool `json:"management_writes"`
	// ExcludedSources are the event sources whose management events are not
	// recorded although the others are: kms.amazonaws.com or
	// rdsdata.amazonaws.com.
	ExcludedSources []string `json:"excluded_sources,omitempty"`
	// S3ObjectReads and S3ObjectWrites are whether reads and writes of objects
	// in all buckets, present and future, are recorded. The trail's own bucket
	// may be left out: its records would only record themselves.
	S3ObjectReads  bool `json:"s3_object_reads"`
	S3ObjectWrites bool `json:"s3_object_writes"`
	// InsightTypes are the kinds of unusual activity that are looked for:
	// ApiCallRateInsight, ApiErrorRateInsight. Empty when Insights is off.
	// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html
	InsightTypes []string `json:"insight_types,omitempty"`
}

// Kind implements cloud.Resource.
func (*Trail) Kind() cloud.Kind { return "AWS::CloudTrail::Trail" }

// EventSelector takes a set of events.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
type EventSelector struct {
	cloud.Object
	// Name as given; basic selectors have none.
	Name string `json:"name,omitempty"`
	// Category is Management, Data or NetworkActivity.
	Category string `json:"category"`
	// ResourceTypes are the types of data resource, such as AWS::S3::Object;
	// empty for the other categories.
	ResourceTypes []string `json:"resource_types,omitempty"`
	// Reads and Writes are whether events that read, and events that change
	// something, are taken.
	Reads  bool `json:"reads"`
	Writes bool `json:"writes"`
	// Conditions are what else an event must meet; all of them. Empty when the
	// selector takes every event of its category and types.
	Conditions []*SelectorCondition `json:"conditions,omitempty"`
}

// SelectorCondition is a condition on one field of an event. The lists are
// alternatives, but an event must meet every list of the not_ kind.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
type SelectorCondition struct {
	cloud.Object
	// Field is eventSource, eventName, resources.ARN or another.
	Field string `json:"field"`

	Equals        []string `json:"equals,omitempty"`
	NotEquals     []string `json:"not_equals,omitempty"`
	StartsWith    []string `json:"starts_with,omitempty"`
	NotStartsWith []string `json:"not_starts_with,omitempty"`
	EndsWith      []string `json:"ends_with,omitempty"`
	NotEndsWith   []string `json:"not_ends_with,omitempty"`
}

// SumUpSelectors sets the fields that follow from Selectors: what of management
// events and of S3 object events is recorded.
func (t *Trail) SumUpSelectors() {
	t.ManagementReads, t.ManagementWrites, t.ExcludedSources = false, false, nil
	t.S3ObjectReads, t.S3ObjectWrites = false, false
	for _, e := range t.Selectors {
		switch {
		case e.takesManagementEvents(""):
			t.ManagementReads, t.ManagementWrites = t.ManagementReads || e.Reads, t.ManagementWrites || e.Writes
		case e.Category == "Data" && slices.Contains(e.ResourceTypes, "AWS::S3::Object") && e.takesAllObjectsBut(t.Bucket.To):
			t.S3ObjectReads, t.S3ObjectWrites = t.S3ObjectReads || e.Reads, t.S3ObjectWrites || e.Writes
		}
	}
	for _, source := range noisySources() {
		reads, writes := false, false
		for _, e := range t.Selectors {
			if e.takesManagementEvents(source) {
				reads, writes = reads || e.Reads, writes || e.Writes
			}
		}
		if reads != t.ManagementReads || writes != t.ManagementWrites {
			t.ExcludedSources = append(t.ExcludedSources, source)
		}
	}
}

// noisySources are the event sources that trails may leave out for their volume.
func noisySources() []string { return []string{"kms.amazonaws.com", "rdsdata.amazonaws.com"} }

// takesManagementEvents reports whether a selector takes all management events
// of a source; without a source, of all but the noisy ones.
func (e *EventSelector) takesManagementEvents(source string) bool {
	if e.Category != "Management" {
		return false
	}
	for _, c := range e.Conditions {
		if c.Field != "eventSource" || !c.onlyNegative() || len(c.NotStartsWith)+len(c.NotEndsWith) > 0 {
			return false
		}
		for _, excluded := range c.NotEquals {
			if excluded == source || !slices.Contains(noisySources(), excluded) {
				return false
			}
		}
	}
	return true
}

// takesAllObjectsBut reports whether a selector takes the objects of all
// buckets, or of all but the given one.
func (e *EventSelector) takesAllObjectsBut(bucket cloud.Ref) bool {
	for _, c := range e.Conditions {
		if c.Field != "resources.ARN" || !c.onlyNegative() || len(c.NotEndsWith) > 0 || bucket == "" {
			return false
		}
		for _, arn := range slices.Concat(c.NotEquals, c.NotStartsWith) {
			if arn != string(bucket) && !strings.HasPrefix(arn, string(bucket)+"/") {
				return false
			}
		}
	}
	return true
}

// onlyNegative reports whether the condition only leaves values out.
func (c *SelectorCondition) onlyNegative() bool {
	return len(c.Equals)+len(c.StartsWith)+len(c.EndsWith) == 0
}
