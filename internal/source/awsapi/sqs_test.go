package awsapi

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"merlon.dev/internal/cloud/aws"
)

func TestSQS(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := sqs.NewFromConfig(e.cfg)
	create := func(name string, attributes map[string]string) {
		must(t)(c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes, Tags: map[string]string{"for": name}}))
	}
	arn := "arn:aws:sqs:us-east-1:" + string(e.account) + ":"
	create("dead", map[string]string{"SqsManagedSseEnabled": "false"})
	create("jobs", map[string]string{
		"KmsMasterKeyId":         "alias/aws/sqs",
		"MessageRetentionPeriod": "3600",
		"RedrivePolicy":          `{"deadLetterTargetArn":"` + arn + `dead","maxReceiveCount":"5"}`,
		"Policy":                 `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`,
	})

	s := e.read(t, nil, "sqs")
	jobs := find[aws.Queue](t, s, "jobs")
	noGaps(t, jobs)
	if string(jobs.KMSKey.To) != "arn:aws:kms:us-east-1:"+string(e.account)+":alias/aws/sqs" || jobs.ManagedSSE {
		t.Errorf("encrypted with %q, managed %v", jobs.KMSKey.To, jobs.ManagedSSE)
	}
	if string(jobs.DeadLetterQueue.To) != arn+"dead" || jobs.MaxReceives != 5 || jobs.RedrivePermission != "allowAll" {
		t.Errorf("redrive: %+v", jobs)
	}
	if jobs.Policy == nil || jobs.RetentionSeconds != 3600 || jobs.Tags["for"] != "jobs" || jobs.CreatedAt.IsZero() {
		t.Errorf("queue: %+v", jobs)
	}
	dead := find[aws.Queue](t, s, "dead")
	noGaps(t, dead)
	if dead.ManagedSSE || dead.Policy != nil || len(dead.DeadLettersOf) != 1 || dead.DeadLettersOf[0].Target() != jobs {
		t.Errorf("dead-letter queue: %+v", dead)
	}
}

func TestQueueAttributesThatAreOdd(t *testing.T) {
	q := &aws.Queue{}
	queueAttributes(nil, q, map[string]string{"RedrivePolicy": "{", "CreatedTimestamp": "1700000000", "Policy": `{"Statement": 7}`})
	for _, field := range []string{"managed_sse", "dead_letter_queue", "policy"} {
		if q.Gap(field) == nil {
			t.Errorf("no gap on %s", field)
		}
	}
	if want := time.Unix(1700000000, 0).UTC(); !q.CreatedAt.Equal(want) {
		t.Errorf("created at %s", q.CreatedAt)
	}
	queueAttributes(nil, q, map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:eu-west-1:1:a"]}`})
	if q.RedrivePermission != "byQueue" || len(q.RedriveSources) != 1 {
		t.Errorf("redrive: %+v", q)
	}
}
