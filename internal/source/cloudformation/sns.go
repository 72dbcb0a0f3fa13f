package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func snsMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::SNS::Topic", "TopicName", "arn:{partition}:sns:{region}:{account}:{name}", topic),
		code.JoinsEach("AWS::SNS::TopicPolicy", func(f *code.Form) {
			code.ConfigureEach(f, f.Get("Topics"), func(f *code.Form, t *aws.Topic) { f.Set(&t.Policy, "PolicyDocument") })
		}),
		code.Joins("AWS::SNS::TopicInlinePolicy", "TopicArn", func(f *code.Form, t *aws.Topic) { f.Set(&t.Policy, "PolicyDocument") }),
		code.Joins("AWS::SNS::Subscription", "TopicArn", func(f *code.Form, t *aws.Topic) { code.Add(f, &t.Subscriptions, subscription) }),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
func topic(f *code.Form, t *aws.Topic) {
	f.Set(&t.DisplayName, "DisplayName")
	f.Set(&t.FIFO, "FifoTopic")
	f.Set(&t.KMSKey, "KmsMasterKeyId")
	f.Set(&t.SignatureVersion, "SignatureVersion", "1")
	f.Set(&t.Tracing, "TracingConfig", "PassThrough")
	f.Is(&t.Policy, code.TopicPolicy(f.Resource()))
	code.Each(f, &t.Subscriptions, "Subscription", subscription)
	code.Each(f, &t.DeliveryLogging, "DeliveryStatusLogging", func(f *code.Form, l *aws.DeliveryLogging) {
		f.Put(&l.Protocol, f.Get("Protocol").Map(deliveryProtocol))
		f.Set(&l.SuccessRole, "SuccessFeedbackRoleArn")
		f.Set(&l.FailureRole, "FailureFeedbackRoleArn")
		f.Set(&l.SamplePercent, "SuccessFeedbackSampleRate")
	})
}

// deliveryProtocol is a protocol as the attributes of topics spell it.
func deliveryProtocol(name string) string {
	switch name {
	case "http/s":
		return "HTTP"
	case "sqs":
		return "SQS"
	case "lambda":
		return "Lambda"
	case "firehose":
		return "Firehose"
	case "application":
		return "Application"
	}
	return name
}

// subscription reads a subscription as confirmed: that is what the template is for.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
func subscription(f *code.Form, s *aws.Subscription) {
	f.Set(&s.Protocol, "Protocol")
	f.Put(&s.Endpoint, f.Get("Endpoint").Map(func(e string) string { return aws.EndpointName(s.Protocol, e) }))
	f.Default(&s.Pending)
}
