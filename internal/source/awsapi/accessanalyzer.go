package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func accessanalyzerService() *service {
	return &service{name: "accessanalyzer", kinds: []cloud.Kind{kindOf[aws.Analyzer]()}, read: readAccessAnalyzer}
}

func readAccessAnalyzer(s *scope) {
	c := accessanalyzer.NewFromConfig(s.cfg)
	kind := kindOf[aws.Analyzer]()
	list(s, accessanalyzer.NewListAnalyzersPaginator(c, &accessanalyzer.ListAnalyzersInput{}), func(out *accessanalyzer.ListAnalyzersOutput) {
		items(s, kind, out.Analyzers, func(in types.AnalyzerSummary) { readAnalyzer(s, c, in) })
	}, kind)
}

func readAnalyzer(s *scope, c *accessanalyzer.Client, in types.AnalyzerSummary) {
	a := &aws.Analyzer{Base: s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.Name)), Type: string(in.Type), Status: string(in.Status)}
	defer s.add(a)
	a.Tags = in.Tags
	a.CreatedAt = awssdk.ToTime(in.CreatedAt)
	if unused, ok := in.Configuration.(*types.AnalyzerConfigurationMemberUnusedAccess); ok {
		a.UnusedAfterDays = int(awssdk.ToInt32(unused.Value.UnusedAccessAge))
	}
	fill(s, a, []string{"findings"}, c.ListFindingsV2, &accessanalyzer.ListFindingsV2Input{
		AnalyzerArn: in.Arn,
		MaxResults:  awssdk.Int32(100),
		Filter:      map[string]types.Criterion{"status": {Eq: []string{string(types.FindingStatusActive)}}},
	}, func(out *accessanalyzer.ListFindingsV2Output) {
		a.Findings = len(out.Findings)
	})
}
