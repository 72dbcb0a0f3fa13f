package aws

import "merlon.dev/internal/cloud"

func inspectorKinds() []cloud.Resource {
	return []cloud.Resource{}
}
