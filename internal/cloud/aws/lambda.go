package aws

import "merlon.dev/internal/cloud"

func lambdaKinds() []cloud.Resource {
	return []cloud.Resource{&Function{}}
}

// Function is ...
type Function struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Function) Kind() cloud.Kind { return "AWS::Lambda::Function" }
