package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"merlon.dev/internal/cloud/aws"
)

func TestEventBridge(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := eventbridge.NewFromConfig(e.cfg)
	must(t)(c.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: awssdk.String("orders")}))
	must(t)(c.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: awssdk.String("orders"), StatementId: awssdk.String("partner"),
		Action: awssdk.String("events:PutEvents"), Principal: awssdk.String("210987654321")}))
	must(t)(c.PutRule(ctx, &eventbridge.PutRuleInput{Name: awssdk.String("paid"), EventBusName: awssdk.String("orders"),
		EventPattern: awssdk.String(`{"source":["shop"]}`)}))
	queue := "arn:aws:sqs:us-east-1:" + string(e.account) + ":paid"
	must(t)(c.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: awssdk.String("paid"), EventBusName: awssdk.String("orders"),
		Targets: []types.Target{{Id: awssdk.String("1"), Arn: &queue, DeadLetterConfig: &types.DeadLetterConfig{Arn: awssdk.String(queue + "-dead")}}}}))

	s := e.read(t, nil, "eventbridge")
	bus := find[aws.EventBus](t, s, "orders")
	noGaps(t, bus)
	if bus.Policy == nil || len(bus.Policy.Statements) != 1 || len(bus.Rules) != 1 {
		t.Errorf("bus: %+v", bus)
	}
	rule := find[aws.EventRule](t, s, "paid")
	noGaps(t, rule)
	if rule.Bus.Target() != bus || rule.State != "ENABLED" || rule.EventPattern == "" {
		t.Errorf("rule: %+v", rule)
	}
	if len(rule.Targets) != 1 || rule.Targets[0].ARN != queue || string(rule.Targets[0].DeadLetterQueue.To) != queue+"-dead" {
		t.Errorf("targets: %+v", rule.Targets)
	}
	if idle := find[aws.EventBus](t, s, "default"); idle.Gap("kms_key") == nil || idle.Policy != nil {
		t.Errorf("default bus: %+v", idle)
	}
}
