package awsapi

import (
	"context"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func logsService() *service {
	return &service{
		name:  "logs",
		kinds: []cloud.Kind{kindOf[aws.LogGroup](), kindOf[aws.MetricFilter](), kindOf[aws.Metric](), kindOf[aws.LogResourcePolicy]()},
		read:  readLogs,
	}
}

func readLogs(s *scope) {
	c := cloudwatchlogs.NewFromConfig(s.cfg)
	groups, filters, metrics, policies := kindOf[aws.LogGroup](), kindOf[aws.MetricFilter](), kindOf[aws.Metric](), kindOf[aws.LogResourcePolicy]()
	found := 0
	gap := list(s, cloudwatchlogs.NewDescribeLogGroupsPaginator(c, &cloudwatchlogs.DescribeLogGroupsInput{}), func(out *cloudwatchlogs.DescribeLogGroupsOutput) {
		found += len(out.LogGroups)
		items(s, groups, out.LogGroups, func(g types.LogGroup) { s.add(logGroup(s, g)) })
	}, groups)
	if gap == nil && found == 0 {
		s.decide(nil, []cloud.Kind{filters, metrics, policies}) // both concern log groups only
		return
	}
	fed := map[cloud.Ref]bool{}
	list(s, cloudwatchlogs.NewDescribeMetricFiltersPaginator(c, &cloudwatchlogs.DescribeMetricFiltersInput{}), func(out *cloudwatchlogs.DescribeMetricFiltersOutput) {
		items(s, filters, out.MetricFilters, func(f types.MetricFilter) { addMetricFilter(s, f, fed) })
	}, filters, metrics)
	list(s, resourcePolicyPages(c), func(out *cloudwatchlogs.DescribeResourcePoliciesOutput) {
		items(s, policies, out.ResourcePolicies, func(p types.ResourcePolicy) { s.add(logResourcePolicy(s, p)) })
	}, policies)
}

func logGroup(s *scope, in types.LogGroup) *aws.LogGroup {
	name := awssdk.ToString(in.LogGroupName)
	g := &aws.LogGroup{
		Base:               s.base(s.arn("logs", "log-group:"+name), name),
		RetentionDays:      int(awssdk.ToInt32(in.RetentionInDays)),
		KMSKey:             cloud.LinkTo[aws.Key](s.keyRef(in.KmsKeyId)),
		Class:              string(in.LogGroupClass),
		StoredBytes:        float64(awssdk.ToInt64(in.StoredBytes)),
		DataProtection:     in.DataProtectionStatus == types.DataProtectionStatusActivated,
		DeletionProtection: awssdk.ToBool(in.DeletionProtectionEnabled),
	}
	if in.CreationTime != nil {
		g.CreatedAt = time.UnixMilli(*in.CreationTime).UTC()
	}
	untagged(g)
	return g
}

// addMetricFilter adds a filter, and each metric it feeds once.
func addMetricFilter(s *scope, in types.MetricFilter, fed map[cloud.Ref]bool) {
	group, name := awssdk.ToString(in.LogGroupName), awssdk.ToString(in.FilterName)
	f := &aws.MetricFilter{
		Base:     s.base(s.arn("logs", "log-group:"+group+":metric-filter:"+name), name),
		LogGroup: cloud.LinkTo[aws.LogGroup](s.arn("logs", "log-group:"+group)),
		Pattern:  awssdk.ToString(in.FilterPattern),
	}
	for _, t := range in.MetricTransformations {
		ref := s.metricRef(t.MetricNamespace, t.MetricName)
		f.Metrics = append(f.Metrics, cloud.LinkTo[aws.Metric](ref))
		if !fed[ref] {
			fed[ref] = true
			s.add(&aws.Metric{Base: s.base(ref, awssdk.ToString(t.MetricName)), Namespace: awssdk.ToString(t.MetricNamespace)})
		}
	}
	s.add(f)
}

func resourcePolicyPages(c *cloudwatchlogs.Client) *byToken[cloudwatchlogs.DescribeResourcePoliciesOutput, cloudwatchlogs.Options] {
	return &byToken[cloudwatchlogs.DescribeResourcePoliciesOutput, cloudwatchlogs.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeResourcePoliciesOutput, error) {
			return c.DescribeResourcePolicies(ctx, &cloudwatchlogs.DescribeResourcePoliciesInput{NextToken: token}, opts...)
		},
		next: func(out *cloudwatchlogs.DescribeResourcePoliciesOutput) *string { return out.NextToken },
	}
}

func logResourcePolicy(s *scope, in types.ResourcePolicy) *aws.LogResourcePolicy {
	name := awssdk.ToString(in.PolicyName)
	p := &aws.LogResourcePolicy{Base: s.base(s.arn("logs", "resource-policy:"+name), name)}
	p.Policy = parsePolicy(p, "policy", in.PolicyDocument)
	return p
}
