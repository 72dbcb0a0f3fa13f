package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func accessanalyzerKinds() []cloud.Resource {
	return []cloud.Resource{&Analyzer{}}
}

// Analyzer is an IAM Access Analyzer.
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalyzerSummary.html
type Analyzer struct {
	cloud.Base

	// Type is ACCOUNT or ORGANIZATION (who outside has access),
	// ACCOUNT_UNUSED_ACCESS or ORGANIZATION_UNUSED_ACCESS (who has access and
	// does not use it), ACCOUNT_INTERNAL_ACCESS or ORGANIZATION_INTERNAL_ACCESS.
	Type string `json:"type"`
	// Status is ACTIVE, CREATING, DISABLED or FAILED. Only an active one looks.
	Status string `json:"status"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UnusedAfterDays is the age at which access counts as unused; 0 for other
	// types.
	UnusedAfterDays int `json:"unused_after_days,omitempty"`
	// Findings is how many of its findings are open: neither archived nor
	// resolved. It counts to 100 at most.
	Findings int `json:"findings,omitempty"`
}

// Kind implements cloud.Resource.
func (*Analyzer) Kind() cloud.Kind { return "AWS::AccessAnalyzer::Analyzer" }
