package aws

import "merlon.dev/internal/cloud"

func securityhubKinds() []cloud.Resource {
	return []cloud.Resource{&SecurityHub{}}
}

// SecurityHub is ...
type SecurityHub struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*SecurityHub) Kind() cloud.Kind { return "AWS::SecurityHub::Hub" }
