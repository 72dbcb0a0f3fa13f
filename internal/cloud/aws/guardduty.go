package aws

import "merlon.dev/internal/cloud"

func guarddutyKinds() []cloud.Resource {
	return []cloud.Resource{&Detector{}}
}

// Detector is ...
type Detector struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Detector) Kind() cloud.Kind { return "AWS::GuardDuty::Detector" }
