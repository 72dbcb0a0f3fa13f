package aws

import "merlon.dev/internal/cloud"

func codebuildKinds() []cloud.Resource {
	return []cloud.Resource{&BuildProject{}}
}

// BuildProject is ...
type BuildProject struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*BuildProject) Kind() cloud.Kind { return "AWS::CodeBuild::Project" }
