package aws

import "merlon.dev/internal/cloud"

func ssmKinds() []cloud.Resource {
	return []cloud.Resource{&Parameter{}, &Document{}}
}

// Parameter is ...
type Parameter struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Parameter) Kind() cloud.Kind { return "AWS::SSM::Parameter" }

// Document is ...
type Document struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Document) Kind() cloud.Kind { return "AWS::SSM::Document" }
