package aws

import "merlon.dev/internal/cloud"

func glacierKinds() []cloud.Resource {
	return []cloud.Resource{&Vault{}}
}

// Vault is ...
type Vault struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Vault) Kind() cloud.Kind { return "AWS::Glacier::Vault" }
