package emulator_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"merlon.dev/internal/testcloud/emulator"
)

func TestStartAndReset(t *testing.T) {
	server := emulator.Start(t)
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithBaseEndpoint(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	client := sqs.NewFromConfig(cfg)
	queues := func() int {
		out, err := client.ListQueues(ctx, &sqs.ListQueuesInput{})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.QueueUrls)
	}
	if _, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders")}); err != nil {
		t.Fatal(err)
	}
	if n := queues(); n != 1 {
		t.Errorf("%d queues after one was made", n)
	}
	server.Reset(t)
	if n := queues(); n != 0 {
		t.Errorf("%d queues after reset", n)
	}
}
