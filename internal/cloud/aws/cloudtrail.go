package aws

import "merlon.dev/internal/cloud"

func cloudtrailKinds() []cloud.Resource {
	return []cloud.Resource{&Trail{}}
}

// Trail is ...
type Trail struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Trail) Kind() cloud.Kind { return "AWS::CloudTrail::Trail" }
