package aws

import "merlon.dev/internal/cloud"

func ec2NetworkKinds() []cloud.Resource {
	return []cloud.Resource{&VPC{}, &Subnet{}, &RouteTable{}, &SecurityGroup{}, &NetworkACL{}, &NetworkInterface{}, &FlowLog{}}
}

// VPC is ...
type VPC struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*VPC) Kind() cloud.Kind { return "AWS::EC2::VPC" }

// Subnet is ...
type Subnet struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Subnet) Kind() cloud.Kind { return "AWS::EC2::Subnet" }

// RouteTable is ...
type RouteTable struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*RouteTable) Kind() cloud.Kind { return "AWS::EC2::RouteTable" }

// SecurityGroup is ...
type SecurityGroup struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*SecurityGroup) Kind() cloud.Kind { return "AWS::EC2::SecurityGroup" }

// NetworkACL is ...
type NetworkACL struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*NetworkACL) Kind() cloud.Kind { return "AWS::EC2::NetworkAcl" }

// NetworkInterface is ...
type NetworkInterface struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*NetworkInterface) Kind() cloud.Kind { return "AWS::EC2::NetworkInterface" }

// FlowLog is ...
type FlowLog struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*FlowLog) Kind() cloud.Kind { return "AWS::EC2::FlowLog" }
