package aws

import "merlon.dev/internal/cloud"

func cloudwatchKinds() []cloud.Resource {
	return []cloud.Resource{&Alarm{}}
}

// Alarm is ...
type Alarm struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Alarm) Kind() cloud.Kind { return "AWS::CloudWatch::Alarm" }
