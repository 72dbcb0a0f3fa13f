package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func accessanalyzerMappings() []code.Mapping {
	return []code.Mapping{code.Makes("AWS::AccessAnalyzer::Analyzer", "AnalyzerName", "arn:{partition}:access-analyzer:{region}:{account}:analyzer/{name}", analyzer)}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-accessanalyzer-analyzer.html
func analyzer(f *code.Form, a *aws.Analyzer) {
	f.Set(&a.Type, "Type")
	f.Is(&a.Status, "ACTIVE")
	f.Set(&a.UnusedAfterDays, "AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge")
}
