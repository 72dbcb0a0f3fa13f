package aws

import "merlon.dev/internal/cloud"

func cloudfrontKinds() []cloud.Resource {
	return []cloud.Resource{&Distribution{}}
}

// Distribution is ...
type Distribution struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Distribution) Kind() cloud.Kind { return "AWS::CloudFront::Distribution" }
