package aws

import "merlon.dev/internal/cloud"

func ecsKinds() []cloud.Resource {
	return []cloud.Resource{&ECSCluster{}, &ECSService{}, &TaskDefinition{}}
}

// ECSCluster is ...
type ECSCluster struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ECSCluster) Kind() cloud.Kind { return "AWS::ECS::Cluster" }

// ECSService is ...
type ECSService struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ECSService) Kind() cloud.Kind { return "AWS::ECS::Service" }

// TaskDefinition is ...
type TaskDefinition struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*TaskDefinition) Kind() cloud.Kind { return "AWS::ECS::TaskDefinition" }
