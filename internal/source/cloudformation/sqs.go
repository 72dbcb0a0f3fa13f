package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func sqsMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::SQS::Queue", "QueueName", "arn:{partition}:sqs:{region}:{account}:{name}", queue),
		code.JoinsEach("AWS::SQS::QueuePolicy", func(f *code.Form) {
			code.ConfigureEach(f, f.Get("Queues"), func(f *code.Form, q *aws.Queue) { f.Set(&q.Policy, "PolicyDocument") })
		}),
		code.Joins("AWS::SQS::QueueInlinePolicy", "Queue", func(f *code.Form, q *aws.Queue) { f.Set(&q.Policy, "PolicyDocument") }),
	}
}

// queue reads a queue. SQS encrypts with its own key unless another one is
// given, or the template turns that off.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
func queue(f *code.Form, q *aws.Queue) {
	f.Set(&q.FIFO, "FifoQueue")
	f.Set(&q.KMSKey, "KmsMasterKeyId")
	f.Set(&q.DataKeyReuseSeconds, "KmsDataKeyReusePeriodSeconds", 300)
	f.Put(&q.ManagedSSE, f.Get("SqsManagedSseEnabled").Or(code.ManagedSSE(f.Get("KmsMasterKeyId"))))
	f.Set(&q.RetentionSeconds, "MessageRetentionPeriod", 345600)
	f.Set(&q.VisibilitySeconds, "VisibilityTimeout", 30)
	redrive := f.Get("RedrivePolicy").JSON()
	f.Put(&q.DeadLetterQueue, redrive.Get("deadLetterTargetArn"))
	f.Put(&q.MaxReceives, redrive.Get("maxReceiveCount"))
	allow := f.Get("RedriveAllowPolicy").JSON()
	f.Put(&q.RedrivePermission, allow.Get("redrivePermission"), "allowAll")
	f.Put(&q.RedriveSources, allow.Get("sourceQueueArns"))
	f.Default(&q.Policy)
}
