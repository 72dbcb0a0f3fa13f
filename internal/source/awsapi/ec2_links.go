package awsapi

import (
	"merlon.dev/internal/cloud"
)

// ec2Link links to a resource of EC2 in this scope by its bare id, which is all
// that other services say of it: ec2Link[aws.Subnet](s, "subnet", "subnet-1").
// No id makes a link that leads nowhere.
func ec2Link[T any](s *scope, what, id string) cloud.Link[T] {
	if id == "" {
		return cloud.Link[T]{}
	}
	return cloud.LinkTo[T](s.arn("ec2", what+"/"+id))
}

// ec2Links is ec2Link for several ids.
func ec2Links[T any](s *scope, what string, ids []string) []cloud.Link[T] {
	var links []cloud.Link[T]
	for _, id := range ids {
		links = append(links, ec2Link[T](s, what, id))
	}
	return links
}
