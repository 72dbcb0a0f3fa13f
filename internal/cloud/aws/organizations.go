package aws

import "merlon.dev/internal/cloud"

func organizationsKinds() []cloud.Resource {
	return []cloud.Resource{&Organization{}, &OrganizationalUnit{}, &OrganizationPolicy{}, &MemberAccount{}}
}

// Organization is ...
type Organization struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Organization) Kind() cloud.Kind { return "AWS::Organizations::Organization" }

// OrganizationalUnit is ...
type OrganizationalUnit struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*OrganizationalUnit) Kind() cloud.Kind { return "AWS::Organizations::OrganizationalUnit" }

// OrganizationPolicy is ...
type OrganizationPolicy struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*OrganizationPolicy) Kind() cloud.Kind { return "AWS::Organizations::Policy" }

// MemberAccount is ...
type MemberAccount struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*MemberAccount) Kind() cloud.Kind { return "AWS::Organizations::Account" }
