package code

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// CannedGrants are the grants to groups that a canned ACL of S3 stands for.
// What it grants to single accounts is left out: the owner has its rights
// anyway, and log delivery is a service.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
func CannedGrants(acl string) []*aws.BucketGrant {
	const groups = "http://acs.amazonaws.com/groups/"
	group := func(name, permission string) *aws.BucketGrant {
		return &aws.BucketGrant{Grantee: groups + name, GranteeType: "Group", Permission: permission}
	}
	switch acl {
	case "public-read":
		return []*aws.BucketGrant{group("global/AllUsers", "READ")}
	case "public-read-write":
		return []*aws.BucketGrant{group("global/AllUsers", "READ"), group("global/AllUsers", "WRITE")}
	case "authenticated-read":
		return []*aws.BucketGrant{group("global/AuthenticatedUsers", "READ")}
	case "log-delivery-write":
		return []*aws.BucketGrant{group("s3/LogDelivery", "WRITE"), group("s3/LogDelivery", "READ_ACP")}
	}
	return nil
}

// BucketElsewhere says of a bucket of which the code holds no more than a policy
// that its switches, which may make the policy void, are not known.
func BucketElsewhere(b *aws.Bucket) {
	if b.PublicAccessBlock == nil {
		b.SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: "the bucket is made elsewhere"}, "public_access_block")
	}
}
