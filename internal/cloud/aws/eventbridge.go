package aws

import "merlon.dev/internal/cloud"

func eventbridgeKinds() []cloud.Resource {
	return []cloud.Resource{&EventBus{}, &EventRule{}}
}

// EventBus is ...
type EventBus struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*EventBus) Kind() cloud.Kind { return "AWS::Events::EventBus" }

// EventRule is ...
type EventRule struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*EventRule) Kind() cloud.Kind { return "AWS::Events::Rule" }
