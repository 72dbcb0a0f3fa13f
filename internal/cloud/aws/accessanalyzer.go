package aws

import "merlon.dev/internal/cloud"

func accessanalyzerKinds() []cloud.Resource {
	return []cloud.Resource{&Analyzer{}}
}

// Analyzer is ...
type Analyzer struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Analyzer) Kind() cloud.Kind { return "AWS::AccessAnalyzer::Analyzer" }
