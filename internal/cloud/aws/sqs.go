package aws

import "merlon.dev/internal/cloud"

func sqsKinds() []cloud.Resource {
	return []cloud.Resource{&Queue{}}
}

// Queue is ...
type Queue struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Queue) Kind() cloud.Kind { return "AWS::SQS::Queue" }
