package awsapi

import (
	"slices"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func s3Service() *service {
	kinds := []cloud.Kind{kindOf[aws.Bucket](), kindOf[aws.AccessPoint](), kindOf[aws.MultiRegionAccessPoint]()}
	return &service{name: "s3", global: true, fields: []string{"s3_public_access_block"}, kinds: kinds, read: readS3}
}

func readS3(s *scope) {
	readS3AccountBlock(s)
	kind := kindOf[aws.Bucket]()
	var found []types.Bucket
	// S3 says where each bucket lives only when asked for pages.
	pages := s3.NewListBucketsPaginator(s3Client(s), &s3.ListBucketsInput{MaxBuckets: awssdk.Int32(1000)})
	gap := list(s, pages, func(out *s3.ListBucketsOutput) {
		found = append(found, out.Buckets...)
	}, kind)
	var mu sync.Mutex
	homes := map[cloud.Region]bool{}
	each(s, kind, found, func(in types.Bucket) {
		b := readBucket(s, in)
		mu.Lock()
		defer mu.Unlock()
		homes[b.Region] = true
	})
	if gap == nil && !homes[""] {
		readAccessPoints(s, slices.DeleteFunc(slices.Clone(s.regions), func(r cloud.Region) bool { return !homes[r] }))
	} else {
		readAccessPoints(s, s.regions)
	}
	readMultiRegionAccessPoints(s)
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
func readBucket(s *scope, in types.Bucket) *aws.Bucket {
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
			b.Replication = append(b.Replication, replicationRule(r))
		}
	}, "ReplicationConfigurationNotFoundError")
	fill(s, b, []string{"object_lock"}, c.GetObjectLockConfiguration, &s3.GetObjectLockConfigurationInput{Bucket: &name}, func(out *s3.GetObjectLockConfigurationOutput) {
		b.ObjectLock = objectLock(out.ObjectLockConfiguration)
	}, "ObjectLockConfigurationNotFoundError")
	fill(s, b, []string{"website"}, c.GetBucketWebsite, &s3.GetBucketWebsiteInput{Bucket: &name}, func(*s3.GetBucketWebsiteOutput) {
		b.Website = true
	}, "NoSuchWebsiteConfiguration")
	fill(s, b, []string{"cors"}, c.GetBucketCors, &s3.GetBucketCorsInput{Bucket: &name}, func(out *s3.GetBucketCorsOutput) {
		for _, r := range out.CORSRules {
			b.CORS = append(b.CORS, &aws.CORSRule{Origins: r.AllowedOrigins, Methods: r.AllowedMethods, Headers: r.AllowedHeaders})
		}
	}, "NoSuchCORSConfiguration")
	fill(s, b, []string{"event_notifications"}, c.GetBucketNotificationConfiguration, &s3.GetBucketNotificationConfigurationInput{Bucket: &name}, func(out *s3.GetBucketNotificationConfigurationOutput) {
		b.EventNotifications = len(out.TopicConfigurations)+len(out.QueueConfigurations)+len(out.LambdaFunctionConfigurations) > 0 || out.EventBridgeConfiguration != nil
	})
	return b
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
		out.ExpirationDays, out.ExpiresAt = int(awssdk.ToInt32(e.Days)), awssdk.ToTime(e.Date)
	}
	if e := r.NoncurrentVersionExpiration; e != nil {
		out.NoncurrentExpirationDays = int(awssdk.ToInt32(e.NoncurrentDays))
		out.NewerNoncurrentVersions = int(awssdk.ToInt32(e.NewerNoncurrentVersions))
	}
	if e := r.AbortIncompleteMultipartUpload; e != nil {
		out.AbortMultipartDays = int(awssdk.ToInt32(e.DaysAfterInitiation))
	}
	var days, noncurrent []int
	for _, t := range r.Transitions {
		days = append(days, int(awssdk.ToInt32(t.Days)))
	}
	for _, t := range r.NoncurrentVersionTransitions {
		noncurrent = append(noncurrent, int(awssdk.ToInt32(t.NoncurrentDays)))
	}
	out.TransitionDays, out.NoncurrentTransitionDays = lowest(days), lowest(noncurrent)
	return out
}

func lowest(days []int) int {
	if len(days) == 0 {
		return 0
	}
	return slices.Min(days)
}

func replicationRule(r types.ReplicationRule) *aws.ReplicationRule {
	out := &aws.ReplicationRule{ID: awssdk.ToString(r.ID), Enabled: r.Status == types.ReplicationRuleStatusEnabled}
	if m := r.DeleteMarkerReplication; m != nil {
		out.DeleteMarkers = m.Status == types.DeleteMarkerReplicationStatusEnabled
	}
	if d := r.Destination; d != nil {
		out.Destination = cloud.LinkTo[aws.Bucket](cloud.Ref(awssdk.ToString(d.Bucket)))
		out.DestinationAccount = awssdk.ToString(d.Account)
		if e := d.EncryptionConfiguration; e != nil {
			out.KMSKey = cloud.LinkTo[aws.Key](cloud.Ref(awssdk.ToString(e.ReplicaKmsKeyID)))
		}
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

// readAccessPoints asks the given regions: those where the account has a
// bucket, or all when that is not known.
func readAccessPoints(s *scope, regions []cloud.Region) {
	kind := kindOf[aws.AccessPoint]()
	if len(s.Regions) > 0 {
		s.decide(otherRegions(), []cloud.Kind{kind})
	}
	s.decide(nil, []cloud.Kind{kind})
	each(s, kind, regions, func(region cloud.Region) {
		s := s.in(region)
		c := s3control.NewFromConfig(s.cfg)
		account := string(s.id)
		var found []controltypes.AccessPoint
		list(s, s3control.NewListAccessPointsPaginator(c, &s3control.ListAccessPointsInput{AccountId: &account}), func(out *s3control.ListAccessPointsOutput) {
			found = append(found, out.AccessPointList...)
		}, kind)
		each(s, kind, found, func(in controltypes.AccessPoint) { readAccessPoint(s, c, in) })
	})
}

func readAccessPoint(s *scope, c *s3control.Client, in controltypes.AccessPoint) {
	account, name := string(s.id), in.Name
	p := &aws.AccessPoint{
		Base:          s.base(cloud.Ref(orElse(awssdk.ToString(in.AccessPointArn), string(s.arn("s3", "accesspoint/"+awssdk.ToString(name))))), awssdk.ToString(name)),
		Bucket:        bucketLink(s, awssdk.ToString(in.Bucket)),
		BucketAccount: awssdk.ToString(in.BucketAccountId),
		Alias:         awssdk.ToString(in.Alias),
	}
	p.NetworkOrigin = needText(p, "network_origin", in.NetworkOrigin)
	if v := in.VpcConfiguration; v != nil {
		p.VPC = cloud.LinkTo[aws.VPC](s.arn("ec2", "vpc/"+awssdk.ToString(v.VpcId)))
	}
	defer s.add(p)
	fill(s, p, []string{"created_at", "public_access_block"}, c.GetAccessPoint, &s3control.GetAccessPointInput{AccountId: &account, Name: name},
		func(out *s3control.GetAccessPointOutput) {
			p.CreatedAt = awssdk.ToTime(out.CreationDate)
			p.PublicAccessBlock = accountBlock(out.PublicAccessBlockConfiguration)
		})
	fill(s, p, []string{"policy"}, c.GetAccessPointPolicy, &s3control.GetAccessPointPolicyInput{AccountId: &account, Name: name},
		func(out *s3control.GetAccessPointPolicyOutput) { p.Policy = parsePolicy(p, "policy", out.Policy) }, "NoSuchAccessPointPolicy")
	fill(s, p, []string{"tags"}, c.ListTagsForResource, &s3control.ListTagsForResourceInput{AccountId: &account, ResourceArn: awssdk.String(string(p.Ref))},
		func(out *s3control.ListTagsForResourceOutput) {
			p.Tags = tagMap(out.Tags, func(t controltypes.Tag) (*string, *string) { return t.Key, t.Value })
		})
}

// readMultiRegionAccessPoints asks the one region that knows them all. The
// partitions of China and GovCloud have none.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
func readMultiRegionAccessPoints(s *scope) {
	kind := kindOf[aws.MultiRegionAccessPoint]()
	if s.partition != "aws" {
		s.decide(nil, []cloud.Kind{kind})
		return
	}
	west := s.in("us-west-2")
	c := s3control.NewFromConfig(west.cfg)
	account := string(s.id)
	var found []controltypes.MultiRegionAccessPointReport
	list(west, s3control.NewListMultiRegionAccessPointsPaginator(c, &s3control.ListMultiRegionAccessPointsInput{AccountId: &account}),
		func(out *s3control.ListMultiRegionAccessPointsOutput) { found = append(found, out.AccessPoints...) }, kind)
	each(west, kind, found, func(in controltypes.MultiRegionAccessPointReport) {
		alias := awssdk.ToString(in.Alias)
		p := &aws.MultiRegionAccessPoint{
			Base:      s.base(cloud.Ref("arn:"+s.partition+":s3::"+account+":accesspoint/"+alias), awssdk.ToString(in.Name)),
			Alias:     alias,
			Status:    string(in.Status),
			CreatedAt: awssdk.ToTime(in.CreatedAt),
		}
		for _, r := range in.Regions {
			p.Buckets = append(p.Buckets, bucketLink(s, awssdk.ToString(r.Bucket)))
		}
		if in.PublicAccessBlock == nil {
			need[string](p, "public_access_block", nil)
		} else {
			p.PublicAccessBlock = accountBlock(in.PublicAccessBlock)
		}
		defer s.add(p)
		fill(west, p, []string{"policy"}, c.GetMultiRegionAccessPointPolicy, &s3control.GetMultiRegionAccessPointPolicyInput{AccountId: &account, Name: in.Name},
			func(out *s3control.GetMultiRegionAccessPointPolicyOutput) {
				if d := out.Policy; d != nil && d.Established != nil {
					p.Policy = parsePolicy(p, "policy", d.Established.Policy)
				}
			}, "NoSuchMultiRegionAccessPointPolicy")
	})
}
