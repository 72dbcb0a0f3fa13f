package aws

import "merlon.dev/internal/cloud"

func wafv2Kinds() []cloud.Resource {
	return []cloud.Resource{&WebACL{}}
}

// WebACL is ...
type WebACL struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*WebACL) Kind() cloud.Kind { return "AWS::WAFv2::WebACL" }
