package terraform

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func snsMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_sns_topic", "name", "arn:{partition}:sns:{region}:{account}:{name}", topic),
		code.Joins("aws_sns_topic_policy", "arn", func(f *code.Form, t *aws.Topic) { f.Set(&t.Policy, "policy") }),
		code.Joins("aws_sns_topic_subscription", "topic_arn", func(f *code.Form, t *aws.Topic) {
			code.Add(f, &t.Subscriptions, subscription)
		}),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic
func topic(f *code.Form, t *aws.Topic) {
	f.Set(&t.DisplayName, "display_name")
	f.Set(&t.FIFO, "fifo_topic")
	f.Set(&t.KMSKey, "kms_master_key_id")
	f.Set(&t.SignatureVersion, "signature_version", "1")
	f.Set(&t.Tracing, "tracing_config", "PassThrough")
	if f.Get("policy").IsAbsent() {
		f.Is(&t.Policy, code.TopicPolicy(f.Resource()))
	} else {
		f.Set(&t.Policy, "policy")
	}
	f.Default(&t.Subscriptions, &t.DeliveryLogging)
	for _, protocol := range []string{"HTTP", "Lambda", "SQS", "Firehose", "Application"} {
		prefix := strings.ToLower(protocol)
		if f.First(prefix+"_success_feedback_role_arn", prefix+"_failure_feedback_role_arn").IsAbsent() {
			continue
		}
		code.Add(f, &t.DeliveryLogging, func(f *code.Form, l *aws.DeliveryLogging) {
			f.Is(&l.Protocol, protocol)
			f.Set(&l.SuccessRole, prefix+"_success_feedback_role_arn")
			f.Set(&l.FailureRole, prefix+"_failure_feedback_role_arn")
			f.Set(&l.SamplePercent, prefix+"_success_feedback_sample_rate")
		})
	}
}

// subscription reads a subscription as confirmed: that is what the code is for.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic_subscription
func subscription(f *code.Form, s *aws.Subscription) {
	f.Set(&s.Protocol, "protocol")
	f.Put(&s.Endpoint, f.Get("endpoint").Map(func(e string) string { return aws.EndpointName(s.Protocol, e) }))
	f.Default(&s.Pending)
}
