package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func sqsMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_sqs_queue", "name", "arn:{partition}:sqs:{region}:{account}:{name}", queue),
		code.Joins("aws_sqs_queue_policy", "queue_url", func(f *code.Form, q *aws.Queue) { f.Set(&q.Policy, "policy") }),
		code.Joins("aws_sqs_queue_redrive_policy", "queue_url", redrive),
		code.Joins("aws_sqs_queue_redrive_allow_policy", "queue_url", redriveAllow),
	}
}

// queue reads a queue. SQS encrypts with its own key unless another one is
// given, or the code turns that off.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html
func queue(f *code.Form, q *aws.Queue) {
	f.Set(&q.FIFO, "fifo_queue")
	f.Set(&q.Policy, "policy")
	f.Set(&q.KMSKey, "kms_master_key_id")
	f.Set(&q.DataKeyReuseSeconds, "kms_data_key_reuse_period_seconds", 300)
	f.Put(&q.ManagedSSE, f.Get("sqs_managed_sse_enabled").Or(code.ManagedSSE(f.Get("kms_master_key_id"))))
	f.Set(&q.RetentionSeconds, "message_retention_seconds", 345600)
	f.Set(&q.VisibilitySeconds, "visibility_timeout_seconds", 30)
	redrive(f, q)
	redriveAllow(f, q)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue_redrive_policy
func redrive(f *code.Form, q *aws.Queue) {
	policy := f.Get("redrive_policy").JSON()
	f.Put(&q.DeadLetterQueue, policy.Get("deadLetterTargetArn"))
	f.Put(&q.MaxReceives, policy.Get("maxReceiveCount"))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue_redrive_allow_policy
func redriveAllow(f *code.Form, q *aws.Queue) {
	policy := f.Get("redrive_allow_policy").JSON()
	f.Put(&q.RedrivePermission, policy.Get("redrivePermission"), "allowAll")
	f.Put(&q.RedriveSources, policy.Get("sourceQueueArns"))
}
