package aws

import "merlon.dev/internal/cloud"

func iamKinds() []cloud.Resource {
	return []cloud.Resource{&User{}, &Group{}, &Role{}, &InstanceProfile{}, &ManagedPolicy{}, &ServerCertificate{}, &SAMLProvider{}, &OIDCProvider{}, &VirtualMFADevice{}}
}

// User is ...
type User struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*User) Kind() cloud.Kind { return "AWS::IAM::User" }

// Group is ...
type Group struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Group) Kind() cloud.Kind { return "AWS::IAM::Group" }

// Role is ...
type Role struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Role) Kind() cloud.Kind { return "AWS::IAM::Role" }

// InstanceProfile is ...
type InstanceProfile struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*InstanceProfile) Kind() cloud.Kind { return "AWS::IAM::InstanceProfile" }

// ManagedPolicy is ...
type ManagedPolicy struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ManagedPolicy) Kind() cloud.Kind { return "AWS::IAM::ManagedPolicy" }

// ServerCertificate is ...
type ServerCertificate struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ServerCertificate) Kind() cloud.Kind { return "AWS::IAM::ServerCertificate" }

// SAMLProvider is ...
type SAMLProvider struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*SAMLProvider) Kind() cloud.Kind { return "AWS::IAM::SAMLProvider" }

// OIDCProvider is ...
type OIDCProvider struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*OIDCProvider) Kind() cloud.Kind { return "AWS::IAM::OIDCProvider" }

// VirtualMFADevice is ...
type VirtualMFADevice struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*VirtualMFADevice) Kind() cloud.Kind { return "AWS::IAM::VirtualMFADevice" }
