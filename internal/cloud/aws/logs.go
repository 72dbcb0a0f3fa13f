package aws

import "merlon.dev/internal/cloud"

func logsKinds() []cloud.Resource {
	return []cloud.Resource{&LogGroup{}, &MetricFilter{}}
}

// LogGroup is ...
type LogGroup struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*LogGroup) Kind() cloud.Kind { return "AWS::Logs::LogGroup" }

// MetricFilter is ...
type MetricFilter struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*MetricFilter) Kind() cloud.Kind { return "AWS::Logs::MetricFilter" }
