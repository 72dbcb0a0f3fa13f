package aws

import "merlon.dev/internal/cloud"

func configKinds() []cloud.Resource {
	return []cloud.Resource{&ConfigRecorder{}}
}

// ConfigRecorder is ...
type ConfigRecorder struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ConfigRecorder) Kind() cloud.Kind { return "AWS::Config::ConfigurationRecorder" }
