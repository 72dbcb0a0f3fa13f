package aws

import "merlon.dev/internal/cloud"

func efsKinds() []cloud.Resource {
	return []cloud.Resource{&FileSystem{}}
}

// FileSystem is ...
type FileSystem struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*FileSystem) Kind() cloud.Kind { return "AWS::EFS::FileSystem" }
