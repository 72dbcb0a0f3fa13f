package aws

import "merlon.dev/internal/cloud"

func ec2ComputeKinds() []cloud.Resource {
	return []cloud.Resource{&Instance{}, &Volume{}, &Snapshot{}, &Image{}, &LaunchTemplate{}}
}

// Instance is ...
type Instance struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Instance) Kind() cloud.Kind { return "AWS::EC2::Instance" }

// Volume is ...
type Volume struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Volume) Kind() cloud.Kind { return "AWS::EC2::Volume" }

// Snapshot is ...
type Snapshot struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Snapshot) Kind() cloud.Kind { return "AWS::EC2::Snapshot" }

// Image is ...
type Image struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Image) Kind() cloud.Kind { return "AWS::EC2::Image" }

// LaunchTemplate is ...
type LaunchTemplate struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*LaunchTemplate) Kind() cloud.Kind { return "AWS::EC2::LaunchTemplate" }
