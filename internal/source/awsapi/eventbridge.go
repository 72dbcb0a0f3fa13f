package awsapi

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func eventbridgeService() *service {
	return &service{name: "eventbridge", kinds: []cloud.Kind{kindOf[aws.EventBus](), kindOf[aws.EventRule]()}, read: readEventBridge}
}

func readEventBridge(s *scope) {
	c := eventbridge.NewFromConfig(s.cfg)
	kind := kindOf[aws.EventBus]()
	pages := &byToken[eventbridge.ListEventBusesOutput, eventbridge.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*eventbridge.Options)) (*eventbridge.ListEventBusesOutput, error) {
			return c.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{NextToken: token}, opts...)
		},
		next: func(out *eventbridge.ListEventBusesOutput) *string { return out.NextToken },
	}
	var found []types.EventBus
	gap := list(s, pages, func(out *eventbridge.ListEventBusesOutput) { found = append(found, out.EventBuses...) }, kind)
	if gap != nil {
		// Rules are listed bus by bus.
		s.decide(gap, []cloud.Kind{kindOf[aws.EventRule]()})
	}
	each(s, kind, found, func(in types.EventBus) { readEventBus(s, c, in) })
}

func readEventBus(s *scope, c *eventbridge.Client, in types.EventBus) {
	b := &aws.EventBus{
		Base:        s.base(cloud.Ref(awssdk.ToString(in.Arn)), awssdk.ToString(in.Name)),
		CreatedAt:   awssdk.ToTime(in.CreationTime),
		Description: awssdk.ToString(in.Description),
	}
	b.Policy = parsePolicy(b, "policy", in.Policy)
	defer s.add(b)
	hasRules := readEventRules(s, c, in)
	if b.Name == "default" && !hasRules && b.Policy == nil {
		b.SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: "the default bus is not in use"}, "kms_key", "dead_letter_queue", "log_level", "tags")
		return
	}
	fill(s, b, []string{"kms_key", "dead_letter_queue", "log_level"}, c.DescribeEventBus, &eventbridge.DescribeEventBusInput{Name: in.Name},
		func(out *eventbridge.DescribeEventBusOutput) {
			b.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(out.KmsKeyIdentifier))
			b.DeadLetterQueue = deadLetters(out.DeadLetterConfig)
			if out.LogConfig != nil {
				b.LogLevel = string(out.LogConfig.Level)
			}
		})
	b.Tags = eventTags(s, c, b)
}

// readEventRules reports whether the bus has rules, as far as that can be told.
func readEventRules(s *scope, c *eventbridge.Client, bus types.EventBus) bool {
	kind := kindOf[aws.EventRule]()
	pages := &byToken[eventbridge.ListRulesOutput, eventbridge.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*eventbridge.Options)) (*eventbridge.ListRulesOutput, error) {
			return c.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: bus.Name, NextToken: token}, opts...)
		},
		next: func(out *eventbridge.ListRulesOutput) *string { return out.NextToken },
	}
	var found []types.Rule
	gap := list(s, pages, func(out *eventbridge.ListRulesOutput) { found = append(found, out.Rules...) }, kind)
	each(s, kind, found, func(in types.Rule) { readEventRule(s, c, bus, in) })
	return len(found) > 0 || gap != nil
}

func readEventRule(s *scope, c *eventbridge.Client, bus types.EventBus, in types.Rule) {
	r := &aws.EventRule{
		Base:         s.base(cloud.Ref(awssdk.ToString(in.Arn)), awssdk.ToString(in.Name)),
		Bus:          cloud.LinkTo[aws.EventBus](cloud.Ref(awssdk.ToString(bus.Arn))),
		Description:  awssdk.ToString(in.Description),
		EventPattern: awssdk.ToString(in.EventPattern),
		Schedule:     awssdk.ToString(in.ScheduleExpression),
		ManagedBy:    awssdk.ToString(in.ManagedBy),
		RunAs:        cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.RoleArn))),
	}
	r.State = needText(r, "state", in.State)
	defer s.add(r)
	pages := &byToken[eventbridge.ListTargetsByRuleOutput, eventbridge.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*eventbridge.Options)) (*eventbridge.ListTargetsByRuleOutput, error) {
			return c.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: in.Name, EventBusName: bus.Name, NextToken: token}, opts...)
		},
		next: func(out *eventbridge.ListTargetsByRuleOutput) *string { return out.NextToken },
	}
	fillList(s, r, []string{"targets"}, pages, func(out *eventbridge.ListTargetsByRuleOutput) {
		for _, t := range out.Targets {
			r.Targets = append(r.Targets, &aws.EventTarget{
				ID:              awssdk.ToString(t.Id),
				ARN:             awssdk.ToString(t.Arn),
				RunAs:           cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(t.RoleArn))),
				DeadLetterQueue: deadLetters(t.DeadLetterConfig),
			})
		}
	})
	r.Tags = eventTags(s, c, r)
}

func eventTags(s *scope, c *eventbridge.Client, of cloud.Resource) map[string]string {
	var tags map[string]string
	arn := awssdk.String(string(of.Meta().Ref))
	fill(s, of.Meta(), []string{"tags"}, c.ListTagsForResource, &eventbridge.ListTagsForResourceInput{ResourceARN: arn},
		func(out *eventbridge.ListTagsForResourceOutput) {
			tags = tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		})
	return tags
}

func deadLetters(c *types.DeadLetterConfig) cloud.Link[aws.Queue] {
	if c == nil {
		return cloud.Link[aws.Queue]{}
	}
	return cloud.LinkTo[aws.Queue](cloud.Ref(awssdk.ToString(c.Arn)))
}
