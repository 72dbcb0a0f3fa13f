package awsapi

import (
	"strconv"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func snsService() *service {
	return &service{name: "sns", kinds: []cloud.Kind{kindOf[aws.Topic]()}, read: readSNS}
}

func readSNS(s *scope) {
	c := sns.NewFromConfig(s.cfg)
	kind := kindOf[aws.Topic]()
	var found []types.Topic
	list(s, sns.NewListTopicsPaginator(c, &sns.ListTopicsInput{}), func(out *sns.ListTopicsOutput) {
		found = append(found, out.Topics...)
	}, kind)
	each(s, kind, found, func(in types.Topic) { readTopic(s, c, awssdk.ToString(in.TopicArn)) })
}

func readTopic(s *scope, c *sns.Client, arn string) {
	t := &aws.Topic{Base: s.base(cloud.Ref(arn), arn[strings.LastIndex(arn, ":")+1:])}
	defer s.add(t)
	fill(s, t, []string{"display_name", "fifo", "policy", "kms_key", "signature_version", "tracing", "delivery_logging"},
		c.GetTopicAttributes, &sns.GetTopicAttributesInput{TopicArn: &arn}, func(out *sns.GetTopicAttributesOutput) {
			topicAttributes(s, t, out.Attributes)
		})
	fillList(s, t, []string{"subscriptions"}, sns.NewListSubscriptionsByTopicPaginator(c, &sns.ListSubscriptionsByTopicInput{TopicArn: &arn}),
		func(out *sns.ListSubscriptionsByTopicOutput) {
			for _, in := range out.Subscriptions {
				t.Subscriptions = append(t.Subscriptions, subscription(in))
			}
		})
	fill(s, t, []string{"tags"}, c.ListTagsForResource, &sns.ListTagsForResourceInput{ResourceArn: &arn}, func(out *sns.ListTagsForResourceOutput) {
		t.Tags = tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
}

func topicAttributes(s *scope, t *aws.Topic, in map[string]string) {
	t.DisplayName = in["DisplayName"]
	t.FIFO = in["FifoTopic"] == "true"
	t.Policy = parsePolicy(t, "policy", awssdk.String(in["Policy"]))
	t.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(awssdk.String(in["KmsMasterKeyId"])))
	t.SignatureVersion = orElse(in["SignatureVersion"], "1")
	t.Tracing = orElse(in["TracingConfig"], "PassThrough")
	for _, protocol := range []string{"HTTP", "Lambda", "SQS", "Firehose", "Application"} {
		success, failure := in[protocol+"SuccessFeedbackRoleArn"], in[protocol+"FailureFeedbackRoleArn"]
		if success == "" && failure == "" {
			continue
		}
		percent, _ := strconv.Atoi(in[protocol+"SuccessFeedbackSampleRate"])
		t.DeliveryLogging = append(t.DeliveryLogging, &aws.DeliveryLogging{
			Protocol:      protocol,
			SuccessRole:   cloud.LinkTo[aws.Role](cloud.Ref(success)),
			FailureRole:   cloud.LinkTo[aws.Role](cloud.Ref(failure)),
			SamplePercent: percent,
		})
	}
}

// subscription keeps of the endpoint what is no secret. While a subscription
// is pending, and after its receiver left, SNS sends a word instead of its ARN.
func subscription(in types.Subscription) *aws.Subscription {
	out := &aws.Subscription{
		ARN:      awssdk.ToString(in.SubscriptionArn),
		Protocol: awssdk.ToString(in.Protocol),
		Owner:    awssdk.ToString(in.Owner),
		Endpoint: aws.EndpointName(awssdk.ToString(in.Protocol), awssdk.ToString(in.Endpoint)),
	}
	if !strings.HasPrefix(out.ARN, "arn:") {
		out.ARN, out.Pending = "", true
	}
	return out
}
