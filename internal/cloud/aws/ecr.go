package aws

import "merlon.dev/internal/cloud"

func ecrKinds() []cloud.Resource {
	return []cloud.Resource{&Repository{}}
}

// Repository is ...
type Repository struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Repository) Kind() cloud.Kind { return "AWS::ECR::Repository" }
