package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func eventbridgeKinds() []cloud.Resource {
	return []cloud.Resource{&EventBus{}, &EventRule{}}
}

// EventBus is an EventBridge event bus: the default one that every region has,
// a custom one, or a partner's.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html
type EventBus struct {
	cloud.Base

	// CreatedAt is when the bus was made; unset for the default bus.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Description is the free text its owner gave it.
	Description string `json:"description,omitempty"`
	// Policy says who else may send events or make rules;
	// has(resource.policy) is false when nobody may.
	Policy *Policy `json:"policy,omitempty"`
	// KMSKey encrypts the events at rest; unset for a key that AWS owns.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// DeadLetterQueue receives events that could not be encrypted.
	DeadLetterQueue cloud.Link[Queue] `json:"dead_letter_queue,omitzero"`
	// LogLevel is OFF, ERROR, INFO or TRACE; empty means OFF.
	LogLevel string `json:"log_level,omitempty"`

	// Rules of the bus.
	Rules []cloud.Link[EventRule] `json:"-" cel:"rules" backlink:"bus" within:"region"`
}

// Kind implements cloud.Resource.
func (*EventBus) Kind() cloud.Kind { return "AWS::Events::EventBus" }

// EventRule is an EventBridge rule: it sends matching events, or one event per
// tick of a schedule, to its targets.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Rule.html
type EventRule struct {
	cloud.Base

	// Bus the rule listens to.
	Bus cloud.Link[EventBus] `json:"bus,omitzero"`
	// Description is the free text its owner gave it.
	Description string `json:"description,omitempty"`
	// State is ENABLED, DISABLED or
	// ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.
	State string `json:"state"`
	// EventPattern is the JSON pattern that events must match; empty for a schedule.
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
	EventPattern string `json:"event_pattern,omitempty"`
	// Schedule is a cron() or rate() expression; empty for a pattern.
	Schedule string `json:"schedule,omitempty"`
	// ManagedBy is the AWS service that made the rule for itself; empty for the customer's own.
	ManagedBy string `json:"managed_by,omitempty"`
	// RunAs is the role of a rule that sends to another bus.
	RunAs cloud.Link[Role] `json:"run_as,omitzero"`
	// Targets receive the events.
	Targets []*EventTarget `json:"targets,omitempty"`
}

// Kind implements cloud.Resource.
func (*EventRule) Kind() cloud.Kind { return "AWS::Events::Rule" }

// EventTarget is one target of a rule. What is sent is not kept.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
type EventTarget struct {
	cloud.Object
	// ID of the target within the rule.
	ID string `json:"id"`
	// ARN of what receives the event: a queue, a function, a bus of another account.
	ARN string `json:"arn"`
	// RunAs is the role EventBridge takes to reach the target.
	RunAs cloud.Link[Role] `json:"run_as,omitzero"`
	// DeadLetterQueue receives events that could not be delivered.
	DeadLetterQueue cloud.Link[Queue] `json:"dead_letter_queue,omitzero"`
}
