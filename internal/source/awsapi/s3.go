package awsapi

import (
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func s3Service() *service {
	return &service{name: "s3", global: true, kinds: []cloud.Kind{kindOf[aws.Bucket]()}, read: readS3}
}

func readS3(s *scope) {
	readS3AccountBlock(s)
	kind := kindOf[aws.Bucket]()
	var found []types.Bucket
	list(s, s3.NewListBucketsPaginator(s3Client(s), &s3.ListBucketsInput{}), func(out *s3.ListBucketsOutput) {
		found = append(found, out.Buckets...)
	}, kind)
	each(s, kind, found, func(b types.Bucket) { readBucket(s, b) })
}

// s3Client addresses buckets by path at an emulator, which has no host name
// for each.
func s3Client(s *scope) *s3.Client {
	return s3.NewFromConfig(s.cfg, func(o *s3.Options) { o.UsePathStyle = s.EndpointURL != "" })
}

func readS3AccountBlock(s *scope) {
	account := string(s.id)
	fill(s, s.resource, []string{"s3_public_access_block"}, s3control.NewFromConfig(s.cfg).GetPublicAccessBlock,
		&s3control.GetPublicAccessBlockInput{AccountId: &account}, func(out *s3control.GetPublicAccessBlockOutput) {
			s.resource.S3PublicAccessBlock = accountBlock(out.PublicAccessBlockConfiguration)
		}, "NoSuchPublicAccessBlockConfiguration")
}

func accountBlock(c *controltypes.PublicAccessBlockConfiguration) *aws.PublicAccessBlock {
	return &aws.PublicAccessBlock{
		BlockPublicACLs:       awssdk.ToBool(c.BlockPublicAcls),
		IgnorePublicACLs:      awssdk.ToBool(c.IgnorePublicAcls),
		BlockPublicPolicy:     awssdk.ToBool(c.BlockPublicPolicy),
		RestrictPublicBuckets: awssdk.ToBool(c.RestrictPublicBuckets),
	}
}

// readBucket asks for one bucket's settings, one call each, in the bucket's own
// region.
func readBucket(s *scope, in types.Bucket) {
	name := awssdk.ToString(in.Name)
	b := &aws.Bucket{Base: s.base(cloud.Ref("arn:"+s.partition+":s3:::"+name), name), CreatedAt: awssdk.ToTime(in.CreationDate)}
	defer s.add(b)
	b.Region = bucketRegion(s, b, in)
	if b.Region != "" {
		s = s.in(b.Region)
	}
	c := s3Client(s)

	fill(s, b, []string{"tags"}, c.GetBucketTagging, &s3.GetBucketTaggingInput{Bucket: &name}, func(out *s3.GetBucketTaggingOutput) {
		b.Tags = map[string]string{}
		for _, t := range out.TagSet {
			b.Tags[awssdk.ToString(t.Key)] = awssdk.ToString(t.Value)
		}
	}, "NoSuchTagSet")
	fill(s, b, []string{"public_access_block"}, c.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: &name}, func(out *s3.GetPublicAccessBlockOutput) {
		b.PublicAccessBlock = bucketBlock(out.PublicAccessBlockConfiguration)
	}, "NoSuchPublicAccessBlockConfiguration")
	fill(s, b, []string{"policy"}, c.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: &name}, func(out *s3.GetBucketPolicyOutput) {
		b.Policy = parsePolicy(b, "policy", out.Policy)
	}, "NoSuchBucketPolicy")
	fill(s, b, []string{"grants"}, c.GetBucketAcl, &s3.GetBucketAclInput{Bucket: &name}, func(out *s3.GetBucketAclOutput) {
		b.Grants = bucketGrants(out.Grants)
	})
	fill(s, b, []string{"object_ownership"}, c.GetBucketOwnershipControls, &s3.GetBucketOwnershipControlsInput{Bucket: &name}, func(out *s3.GetBucketOwnershipControlsOutput) {
		for _, r := range out.OwnershipControls.Rules {
			b.ObjectOwnership = string(r.ObjectOwnership)
		}
	}, "OwnershipControlsNotFoundError")
	fill(s, b, []string{"encryption"}, c.GetBucketEncryption, &s3.GetBucketEncryptionInput{Bucket: &name}, func(out *s3.GetBucketEncryptionOutput) {
		b.Encryption = bucketEncryption(s, out.ServerSideEncryptionConfiguration)
	}, "ServerSideEncryptionConfigurationNotFoundError")
	fill(s, b, []string{"versioning", "mfa_delete"}, c.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: &name}, func(out *s3.GetBucketVersioningOutput) {
		b.Versioning, b.MFADelete = string(out.Status), out.MFADelete == types.MFADeleteStatusEnabled
	})
	fill(s, b, []string{"logging"}, c.GetBucketLogging, &s3.GetBucketLoggingInput{Bucket: &name}, func(out *s3.GetBucketLoggingOutput) {
		if l := out.LoggingEnabled; l != nil {
			b.Logging = &aws.BucketLogging{TargetBucket: bucketLink(s, awssdk.ToString(l.TargetBucket)), TargetPrefix: awssdk.ToString(l.TargetPrefix)}
		}
	})
	fill(s, b, []string{"lifecycle"}, c.GetBucketLifecycleConfiguration, &s3.GetBucketLifecycleConfigurationInput{Bucket: &name}, func(out *s3.GetBucketLifecycleConfigurationOutput) {
		for _, r := range out.Rules {
			b.Lifecycle = append(b.Lifecycle, lifecycleRule(r))
		}
	}, "NoSuchLifecycleConfiguration")
	fill(s, b, []string{"replication"}, c.GetBucketReplication, &s3.GetBucketReplicationInput{Bucket: &name}, func(out *s3.GetBucketReplicationOutput) {
		for _, r := range out.ReplicationConfiguration.Rules {
			rule := &aws.ReplicationRule{Enabled: r.Status == types.ReplicationRuleStatusEnabled}
			if d := r.Destination; d != nil {
				rule.Destination = cloud.LinkTo[aws.Bucket](cloud.Ref(awssdk.ToString(d.Bucket)))
				rule.DestinationAccount = awssdk.ToString(d.Account)
			}
			b.Replication = append(b.Replication, rule)
		}
	}, "ReplicationConfigurationNotFoundError")
	fill(s, b, []string{"object_lock"}, c.GetObjectLockConfiguration, &s3.GetObjectLockConfigurationInput{Bucket: &name}, func(out *s3.GetObjectLockConfigurationOutput) {
		b.ObjectLock = objectLock(out.ObjectLockConfiguration)
	}, "ObjectLockConfigurationNotFoundError")
	fill(s, b, []string{"website"}, c.GetBucketWebsite, &s3.GetBucketWebsiteInput{Bucket: &name}, func(*s3.GetBucketWebsiteOutput) {
		b.Website = true
	}, "NoSuchWebsiteConfiguration")
	fill(s, b, []string{"event_notifications"}, c.GetBucketNotificationConfiguration, &s3.GetBucketNotificationConfigurationInput{Bucket: &name}, func(out *s3.GetBucketNotificationConfigurationOutput) {
		b.EventNotifications = len(out.TopicConfigurations)+len(out.QueueConfigurations)+len(out.LambdaFunctionConfigurations) > 0 || out.EventBridgeConfiguration != nil
	})
}

// bucketRegion takes the region from the listing, which newer endpoints send,
// or asks for it.
func bucketRegion(s *scope, b *aws.Bucket, in types.Bucket) cloud.Region {
	if r := awssdk.ToString(in.BucketRegion); r != "" {
		return cloud.Region(r)
	}
	region := cloud.Region("")
	fill(s, b, []string{"region"}, s3Client(s).GetBucketLocation, &s3.GetBucketLocationInput{Bucket: in.Name}, func(out *s3.GetBucketLocationOutput) {
		switch region = cloud.Region(out.LocationConstraint); region {
		case "":
			region = "us-east-1"
		case "EU":
			region = "eu-west-1"
		}
	})
	return region
}

func bucketBlock(c *types.PublicAccessBlockConfiguration) *aws.PublicAccessBlock {
	return &aws.PublicAccessBlock{
		BlockPublicACLs:       awssdk.ToBool(c.BlockPublicAcls),
		IgnorePublicACLs:      awssdk.ToBool(c.IgnorePublicAcls),
		BlockPublicPolicy:     awssdk.ToBool(c.BlockPublicPolicy),
		RestrictPublicBuckets: awssdk.ToBool(c.RestrictPublicBuckets),
	}
}

func bucketGrants(in []types.Grant) []*aws.BucketGrant {
	var out []*aws.BucketGrant
	for _, g := range in {
		grant := &aws.BucketGrant{Permission: string(g.Permission)}
		if who := g.Grantee; who != nil {
			grant.GranteeType = string(who.Type)
			for _, name := range []*string{who.URI, who.ID, who.EmailAddress} {
				if name != nil && grant.Grantee == "" {
					grant.Grantee = *name
				}
			}
		}
		out = append(out, grant)
	}
	return out
}

func bucketEncryption(s *scope, c *types.ServerSideEncryptionConfiguration) []*aws.BucketEncryption {
	var out []*aws.BucketEncryption
	for _, r := range c.Rules {
		e := &aws.BucketEncryption{BucketKey: awssdk.ToBool(r.BucketKeyEnabled)}
		if d := r.ApplyServerSideEncryptionByDefault; d != nil {
			e.Algorithm = string(d.SSEAlgorithm)
			e.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(d.KMSMasterKeyID))
		}
		out = append(out, e)
	}
	return out
}

func bucketLink(s *scope, name string) cloud.Link[aws.Bucket] {
	if name == "" {
		return cloud.Link[aws.Bucket]{}
	}
	return cloud.LinkTo[aws.Bucket](cloud.Ref("arn:" + s.partition + ":s3:::" + name))
}

func lifecycleRule(r types.LifecycleRule) *aws.LifecycleRule {
	out := &aws.LifecycleRule{
		ID:          awssdk.ToString(r.ID),
		Enabled:     r.Status == types.ExpirationStatusEnabled,
		WholeBucket: awssdk.ToString(r.Prefix) == "" && (r.Filter == nil || *r.Filter == types.LifecycleRuleFilter{}),
	}
	if e := r.Expiration; e != nil {
		out.ExpirationDays = int(awssdk.ToInt32(e.Days))
	}
	if e := r.NoncurrentVersionExpiration; e != nil {
		out.NoncurrentExpirationDays = int(awssdk.ToInt32(e.NoncurrentDays))
	}
	if e := r.AbortIncompleteMultipartUpload; e != nil {
		out.AbortMultipartDays = int(awssdk.ToInt32(e.DaysAfterInitiation))
	}
	var days []int
	for _, t := range r.Transitions {
		days = append(days, int(awssdk.ToInt32(t.Days)))
	}
	if len(days) > 0 {
		out.TransitionDays = slices.Min(days)
	}
	return out
}

func objectLock(c *types.ObjectLockConfiguration) *aws.ObjectLock {
	if c == nil {
		return nil
	}
	lock := &aws.ObjectLock{Enabled: c.ObjectLockEnabled == types.ObjectLockEnabledEnabled}
	if c.Rule != nil && c.Rule.DefaultRetention != nil {
		d := c.Rule.DefaultRetention
		lock.Mode = string(d.Mode)
		lock.Days = int(awssdk.ToInt32(d.Days)) + 365*int(awssdk.ToInt32(d.Years))
	}
	return lock
}
