package aws

import "merlon.dev/internal/cloud"

func eksKinds() []cloud.Resource {
	return []cloud.Resource{&EKSCluster{}}
}

// EKSCluster is ...
type EKSCluster struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*EKSCluster) Kind() cloud.Kind { return "AWS::EKS::Cluster" }
