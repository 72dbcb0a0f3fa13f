package aws

import "merlon.dev/internal/cloud"

func opensearchKinds() []cloud.Resource {
	return []cloud.Resource{&Domain{}}
}

// Domain is ...
type Domain struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Domain) Kind() cloud.Kind { return "AWS::OpenSearchService::Domain" }
