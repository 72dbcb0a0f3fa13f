package aws

import "merlon.dev/internal/cloud"

func macieKinds() []cloud.Resource {
	return []cloud.Resource{&MacieSession{}}
}

// MacieSession is ...
type MacieSession struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*MacieSession) Kind() cloud.Kind { return "AWS::Macie::Session" }
