package aws

import "merlon.dev/internal/cloud"

func autoscalingKinds() []cloud.Resource {
	return []cloud.Resource{&AutoScalingGroup{}}
}

// AutoScalingGroup is ...
type AutoScalingGroup struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*AutoScalingGroup) Kind() cloud.Kind { return "AWS::AutoScaling::AutoScalingGroup" }
