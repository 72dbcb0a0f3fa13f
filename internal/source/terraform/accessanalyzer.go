package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func accessanalyzerMappings() []code.Mapping {
	return []code.Mapping{code.Makes("aws_accessanalyzer_analyzer", "analyzer_name", "arn:{partition}:access-analyzer:{region}:{account}:analyzer/{name}", analyzer)}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/accessanalyzer_analyzer
func analyzer(f *code.Form, a *aws.Analyzer) {
	f.Set(&a.Type, "type", "ACCOUNT")
	f.Is(&a.Status, "ACTIVE")
	f.Set(&a.UnusedAfterDays, "configuration.unused_access.unused_access_age")
}
