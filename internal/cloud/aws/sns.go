package aws

import "merlon.dev/internal/cloud"

func snsKinds() []cloud.Resource {
	return []cloud.Resource{&Topic{}}
}

// Topic is ...
type Topic struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Topic) Kind() cloud.Kind { return "AWS::SNS::Topic" }
