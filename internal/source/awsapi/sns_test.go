package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/google/go-cmp/cmp"

	"merlon.dev/internal/cloud/aws"
)

func TestSNS(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := sns.NewFromConfig(e.cfg)
	out, err := c.CreateTopic(ctx, &sns.CreateTopicInput{Name: awssdk.String("alarms"), Attributes: map[string]string{
		"KmsMasterKeyId": "alias/aws/sns",
	}, Tags: []types.Tag{{Key: awssdk.String("team"), Value: awssdk.String("ops")}}})
	must(t)(out, err)
	must(t)(c.CreateTopic(ctx, &sns.CreateTopicInput{Name: awssdk.String("quiet")}))
	must(t)(c.Subscribe(ctx, &sns.SubscribeInput{TopicArn: out.TopicArn, Protocol: awssdk.String("http"), Endpoint: awssdk.String("http://hooks.example.com/t0ken")}))
	must(t)(c.Subscribe(ctx, &sns.SubscribeInput{TopicArn: out.TopicArn, Protocol: awssdk.String("email"), Endpoint: awssdk.String("ops@example.com")}))

	s := e.read(t, nil, "sns")
	topic := find[aws.Topic](t, s, "alarms")
	noGaps(t, topic)
	if string(topic.KMSKey.To) != "arn:aws:kms:us-east-1:"+string(e.account)+":alias/aws/sns" || topic.Policy == nil || topic.Tags["team"] != "ops" {
		t.Errorf("topic: %+v", topic)
	}
	endpoints := map[string]string{}
	for _, sub := range topic.Subscriptions {
		endpoints[sub.Protocol] = sub.Endpoint
	}
	if diff := cmp.Diff(map[string]string{"http": "hooks.example.com", "email": "example.com"}, endpoints); diff != "" {
		t.Errorf("endpoints keep more or less than they should: %s", diff)
	}
	quiet := find[aws.Topic](t, s, "quiet")
	noGaps(t, quiet)
	if !quiet.KMSKey.IsZero() || quiet.SignatureVersion != "1" || len(quiet.Subscriptions) > 0 {
		t.Errorf("topic: %+v", quiet)
	}
}

func TestTopicAttributes(t *testing.T) {
	topic := &aws.Topic{}
	topicAttributes(&scope{account: &account{}}, topic, map[string]string{
		"SignatureVersion":                "2",
		"FifoTopic":                       "true",
		"HTTPFailureFeedbackRoleArn":      "arn:aws:iam::111122223333:role/feedback",
		"LambdaSuccessFeedbackRoleArn":    "arn:aws:iam::111122223333:role/feedback",
		"LambdaSuccessFeedbackSampleRate": "50",
	})
	if topic.SignatureVersion != "2" || !topic.FIFO || topic.Tracing != "PassThrough" || len(topic.DeliveryLogging) != 2 {
		t.Fatalf("topic: %+v", topic)
	}
	http, lambda := topic.DeliveryLogging[0], topic.DeliveryLogging[1]
	if http.Protocol != "HTTP" || http.FailureRole.IsZero() || !http.SuccessRole.IsZero() {
		t.Errorf("http: %+v", http)
	}
	if lambda.Protocol != "Lambda" || lambda.SuccessRole.IsZero() || lambda.SamplePercent != 50 {
		t.Errorf("lambda: %+v", lambda)
	}
}

func TestPendingSubscription(t *testing.T) {
	in := types.Subscription{SubscriptionArn: awssdk.String("PendingConfirmation"), Protocol: awssdk.String("sms"), Endpoint: awssdk.String("+3212345678")}
	if got := subscription(in); !got.Pending || got.ARN != "" || got.Endpoint != "" {
		t.Errorf("subscription: %+v", got)
	}
}
