package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func sqsKinds() []cloud.Resource {
	return []cloud.Resource{&Queue{}}
}

// Queue is an SQS queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
type Queue struct {
	cloud.Base

	// URL is where messages are sent to.
	URL string `json:"url,omitempty"`
	// CreatedAt is when the queue was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// FIFO is whether the queue keeps the order of messages.
	FIFO bool `json:"fifo,omitempty"`
	// Policy is the queue's resource policy; has(resource.policy) is false when
	// there is none and only the owner's account has access.
	Policy *Policy `json:"policy,omitempty"`
	// KMSKey encrypts the messages; unset without SSE-KMS.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// DataKeyReuseSeconds is how long SQS reuses a data key of KMSKey.
	DataKeyReuseSeconds int `json:"data_key_reuse_seconds,omitempty"`
	// ManagedSSE is whether messages are encrypted with a key SQS owns. On by
	// default for queues made since October 2022, off when KMSKey is set.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
	ManagedSSE bool `json:"managed_sse,omitempty"`
	// DeadLetterQueue receives messages that were received too often.
	DeadLetterQueue cloud.Link[Queue] `json:"dead_letter_queue,omitzero"`
	// MaxReceives is how often a message is received before it moves to
	// DeadLetterQueue; 0 without one.
	MaxReceives int `json:"max_receives,omitempty"`
	// RedrivePermission says who may name this queue as a dead-letter queue:
	// allowAll (default), byQueue or denyAll.
	RedrivePermission string `json:"redrive_permission,omitempty"`
	// RedriveSources may do so under byQueue.
	RedriveSources []cloud.Link[Queue] `json:"redrive_sources,omitempty"`
	// RetentionSeconds is how long an unread message is kept: 60 to 1209600.
	RetentionSeconds int `json:"retention_seconds,omitempty"`
	// VisibilitySeconds is how long a received message stays hidden.
	VisibilitySeconds int `json:"visibility_seconds,omitempty"`

	// DeadLettersOf are the queues whose dead letters arrive here.
	DeadLettersOf []cloud.Link[Queue] `json:"-" cel:"dead_letters_of" backlink:"dead_letter_queue" within:"region"`
}

// Kind implements cloud.Resource.
func (*Queue) Kind() cloud.Kind { return "AWS::SQS::Queue" }
