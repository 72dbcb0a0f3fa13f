package aws

import "merlon.dev/internal/cloud"

func secretsmanagerKinds() []cloud.Resource {
	return []cloud.Resource{&Secret{}}
}

// Secret is ...
type Secret struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Secret) Kind() cloud.Kind { return "AWS::SecretsManager::Secret" }
