package aws

import "merlon.dev/internal/cloud"

func kmsKinds() []cloud.Resource {
	return []cloud.Resource{&Key{}}
}

// Key is ...
type Key struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Key) Kind() cloud.Kind { return "AWS::KMS::Key" }
