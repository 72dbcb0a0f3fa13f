package aws

import "merlon.dev/internal/cloud"

func acmKinds() []cloud.Resource {
	return []cloud.Resource{&Certificate{}}
}

// Certificate is ...
type Certificate struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Certificate) Kind() cloud.Kind { return "AWS::CertificateManager::Certificate" }
