package aws

import "merlon.dev/internal/cloud"

func elbKinds() []cloud.Resource {
	return []cloud.Resource{&LoadBalancer{}, &ClassicLoadBalancer{}}
}

// LoadBalancer is ...
type LoadBalancer struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*LoadBalancer) Kind() cloud.Kind { return "AWS::ElasticLoadBalancingV2::LoadBalancer" }

// ClassicLoadBalancer is ...
type ClassicLoadBalancer struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*ClassicLoadBalancer) Kind() cloud.Kind { return "AWS::ElasticLoadBalancing::LoadBalancer" }
