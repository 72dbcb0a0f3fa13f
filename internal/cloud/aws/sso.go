package aws

import "merlon.dev/internal/cloud"

func ssoKinds() []cloud.Resource {
	return []cloud.Resource{&SSOInstance{}, &PermissionSet{}}
}

// SSOInstance is ...
type SSOInstance struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*SSOInstance) Kind() cloud.Kind { return "AWS::SSO::Instance" }

// PermissionSet is ...
type PermissionSet struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*PermissionSet) Kind() cloud.Kind { return "AWS::SSO::PermissionSet" }
