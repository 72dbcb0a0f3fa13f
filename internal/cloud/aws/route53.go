package aws

import "merlon.dev/internal/cloud"

func route53Kinds() []cloud.Resource {
	return []cloud.Resource{&HostedZone{}}
}

// HostedZone is ...
type HostedZone struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*HostedZone) Kind() cloud.Kind { return "AWS::Route53::HostedZone" }
