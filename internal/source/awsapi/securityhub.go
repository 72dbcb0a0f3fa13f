package awsapi

import (
	"context"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func securityhubService() *service {
	return &service{name: "securityhub", kinds: []cloud.Kind{kindOf[aws.SecurityHub]()}, read: readSecurityHub}
}

func readSecurityHub(s *scope) {
	c := securityhub.NewFromConfig(s.cfg)
	out, gap := switched(s, kindOf[aws.SecurityHub](), "not subscribed", c.DescribeHub, &securityhub.DescribeHubInput{})
	if out == nil || gap != nil {
		return
	}
	h := &aws.SecurityHub{
		Base:             s.base(cloud.Ref(awssdk.ToString(out.HubArn)), "default"),
		FindingGenerator: string(out.ControlFindingGenerator),
	}
	if h.Ref == "" {
		h.Ref = s.arn("securityhub", "hub/default")
	}
	untagged(h)
	defer s.add(h)
	h.AutoEnableControls = awssdk.ToBool(out.AutoEnableControls)
	if at, err := time.Parse(time.RFC3339, awssdk.ToString(out.SubscribedAt)); err == nil {
		h.SubscribedAt = at
	}
	fillList(s, h, []string{"standards"}, securityhub.NewGetEnabledStandardsPaginator(c, &securityhub.GetEnabledStandardsInput{}), func(out *securityhub.GetEnabledStandardsOutput) {
		for _, sub := range out.StandardsSubscriptions {
			arn := awssdk.ToString(sub.StandardsArn)
			_, name, _ := strings.Cut(arn, "/")
			h.Standards = append(h.Standards, &aws.HubStandard{ARN: arn, Name: name, Status: string(sub.StandardsStatus)})
		}
	})
	fillList(s, h, []string{"aggregator"}, securityhub.NewListFindingAggregatorsPaginator(c, &securityhub.ListFindingAggregatorsInput{}), func(out *securityhub.ListFindingAggregatorsOutput) {
		for _, a := range out.FindingAggregators {
			h.Aggregator = awssdk.ToString(a.FindingAggregatorArn)
		}
	})
}

// switched asks for the one resource that a service has in a region where it is
// switched on. Where it is off the call fails, in the words of off: then the
// collection is complete and the reply nil.
func switched[I, O, Opt any](s *scope, kind cloud.Kind, off string, f operation[I, O, Opt], in *I) (*O, *cloud.Gap) {
	var reply *O
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*O, error) { return f(ctx, in) })
	switch {
	case gap == nil:
		reply = out
		s.calledFor([]cloud.Kind{kind}, info)
	case strings.Contains(gap.Message, off):
		gap = nil
	}
	s.decide(gap, []cloud.Kind{kind})
	return reply, gap
}
