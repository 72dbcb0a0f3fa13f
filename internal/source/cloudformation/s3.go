package cloudformation

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func s3Mappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::S3::Bucket", "BucketName", "arn:{partition}:s3:::{name}", bucket),
		code.Joins("AWS::S3::BucketPolicy", "Bucket", func(f *code.Form, b *aws.Bucket) {
			f.Set(&b.Policy, "PolicyDocument")
			code.BucketElsewhere(b)
		}),
		code.Makes("AWS::S3::AccessPoint", "Name", "arn:{partition}:s3:{region}:{account}:accesspoint/{name}", accessPoint),
		code.Makes("AWS::S3::MultiRegionAccessPoint", "Name", "", multiRegionAccessPoint),
		code.Joins("AWS::S3::MultiRegionAccessPointPolicy", "MrapName", func(f *code.Form, p *aws.MultiRegionAccessPoint) { f.Set(&p.Policy, "Policy") }),
	}
}

// bucket reads a bucket. Public access is as the API reports a bucket whose
// switches nobody set: AWS sets them on new buckets, the template does not keep
// them so. Encryption is AES256 on every bucket, and ACLs are off unless the
// template gives one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
func bucket(f *code.Form, b *aws.Bucket) {
	b.Encryption = []*aws.BucketEncryption{{Algorithm: "AES256"}}
	f.Default(&b.Encryption, &b.Policy, &b.MFADelete)
	code.Make(f, &b.PublicAccessBlock, f.Get("PublicAccessBlockConfiguration"), publicAccessBlock)
	bucketACL(f, b)
	if sse := f.Get("BucketEncryption"); !sse.IsAbsent() {
		b.Encryption = nil
		code.EachOf(f, &b.Encryption, sse.Get("ServerSideEncryptionConfiguration"), bucketEncryption)
	}
	f.Set(&b.Versioning, "VersioningConfiguration.Status")
	code.One(f, &b.Logging, "LoggingConfiguration", func(f *code.Form, l *aws.BucketLogging) {
		f.Set(&l.TargetBucket, "DestinationBucketName", f.Self())
		f.Set(&l.TargetPrefix, "LogFilePrefix")
	})
	code.Each(f, &b.Lifecycle, "LifecycleConfiguration.Rules", lifecycleRule)
	code.Each(f, &b.Replication, "ReplicationConfiguration.Rules", replicationRule)
	objectLock(f, b)
	f.Put(&b.Website, f.Get("WebsiteConfiguration").Present())
	code.Each(f, &b.CORS, "CorsConfiguration.CorsRules", func(f *code.Form, c *aws.CORSRule) {
		f.Set(&c.Origins, "AllowedOrigins")
		f.Set(&c.Methods, "AllowedMethods")
		f.Set(&c.Headers, "AllowedHeaders")
	})
	f.Put(&b.EventNotifications, f.First("NotificationConfiguration.TopicConfigurations", "NotificationConfiguration.QueueConfigurations",
		"NotificationConfiguration.LambdaConfigurations", "NotificationConfiguration.EventBridgeConfiguration").Present())
}

// bucketACL reads the canned ACL. ACLs have to be on for it to be accepted.
func bucketACL(f *code.Form, b *aws.Bucket) {
	acl := f.Get("AccessControl")
	f.Mark(&b.Grants, acl)
	if name, ok := acl.Known(); ok {
		b.Grants = code.CannedGrants(hyphenated(name))
	}
	ownership := code.Text("BucketOwnerEnforced", nil)
	if b.Grants != nil {
		ownership = code.Text("ObjectWriter", nil)
	}
	if h := acl.Hole(); h != nil {
		f.Gap(&b.Grants, h.Gap().Reason, h.Why)
		ownership = code.Unsure(h, acl.Origin())
	}
	f.Set(&b.ObjectOwnership, "OwnershipControls.Rules.0.ObjectOwnership", ownership)
}

// hyphenated is public-read for PublicRead: as S3 itself spells ACLs.
func hyphenated(name string) string {
	var b strings.Builder
	for i, c := range name {
		if 'A' <= c && c <= 'Z' && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

func bucketEncryption(f *code.Form, e *aws.BucketEncryption) {
	f.Set(&e.Algorithm, "ServerSideEncryptionByDefault.SSEAlgorithm", "AES256")
	f.Set(&e.KMSKey, "ServerSideEncryptionByDefault.KMSMasterKeyID")
	f.Set(&e.BucketKey, "BucketKeyEnabled")
}

func publicAccessBlock(f *code.Form, p *aws.PublicAccessBlock) {
	f.Set(&p.BlockPublicACLs, "BlockPublicAcls")
	f.Set(&p.IgnorePublicACLs, "IgnorePublicAcls")
	f.Set(&p.BlockPublicPolicy, "BlockPublicPolicy")
	f.Set(&p.RestrictPublicBuckets, "RestrictPublicBuckets")
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
func lifecycleRule(f *code.Form, r *aws.LifecycleRule) {
	f.Set(&r.ID, "Id")
	f.Put(&r.Enabled, f.Get("Status").Is("Enabled"))
	f.Put(&r.WholeBucket, f.First("Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan").Or(code.Text("", nil)).Is(""))
	f.Set(&r.ExpirationDays, "ExpirationInDays")
	f.Set(&r.ExpiresAt, "ExpirationDate")
	f.Put(&r.NoncurrentExpirationDays, f.First("NoncurrentVersionExpiration.NoncurrentDays", "NoncurrentVersionExpirationInDays"))
	f.Set(&r.NewerNoncurrentVersions, "NoncurrentVersionExpiration.NewerNoncurrentVersions")
	f.Put(&r.TransitionDays, f.First("Transitions", "Transition").Lowest("TransitionInDays"))
	f.Put(&r.NoncurrentTransitionDays, f.First("NoncurrentVersionTransitions", "NoncurrentVersionTransition").Lowest("TransitionInDays"))
	f.Set(&r.AbortMultipartDays, "AbortIncompleteMultipartUpload.DaysAfterInitiation")
}

func replicationRule(f *code.Form, r *aws.ReplicationRule) {
	f.Set(&r.ID, "Id")
	f.Put(&r.Enabled, f.Get("Status").Is("Enabled"))
	f.Set(&r.Destination, "Destination.Bucket")
	f.Set(&r.DestinationAccount, "Destination.Account")
	f.Set(&r.KMSKey, "Destination.EncryptionConfiguration.ReplicaKmsKeyID")
	f.Put(&r.DeleteMarkers, f.Get("DeleteMarkerReplication.Status").Is("Enabled"))
}

func objectLock(f *code.Form, b *aws.Bucket) {
	enabled := f.First("ObjectLockEnabled", "ObjectLockConfiguration.ObjectLockEnabled").Is("Enabled", "true")
	if on, known := enabled.Bool(); known && !on {
		f.Default(&b.ObjectLock)
		return
	}
	code.Make(f, &b.ObjectLock, f.Get(""), func(f *code.Form, l *aws.ObjectLock) {
		retention := f.Get("ObjectLockConfiguration.Rule.DefaultRetention")
		f.Put(&l.Enabled, enabled)
		f.Put(&l.Mode, retention.Get("Mode"))
		f.Put(&l.Days, retention.Get("Days").Or(retention.Get("Years").Times(365)))
	})
}

// accessPoint reads an access point, whose switches are on unless the template
// gives others.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-accesspoint.html
func accessPoint(f *code.Form, p *aws.AccessPoint) {
	f.Set(&p.Bucket, "Bucket")
	f.Set(&p.BucketAccount, "BucketAccountId")
	f.Put(&p.NetworkOrigin, f.Get("VpcConfiguration").Present().Choose("VPC", "Internet"))
	f.Set(&p.VPC, "VpcConfiguration.VpcId")
	f.Set(&p.Policy, "Policy")
	code.Make(f, &p.PublicAccessBlock, f.Get("PublicAccessBlockConfiguration").Or(allBlocked()), publicAccessBlock)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-multiregionaccesspoint.html
func multiRegionAccessPoint(f *code.Form, p *aws.MultiRegionAccessPoint) {
	f.Is(&p.Status, "READY")
	f.Default(&p.Policy)
	f.Put(&p.Buckets, f.Get("Regions").Each("Bucket"))
	code.Make(f, &p.PublicAccessBlock, f.Get("PublicAccessBlockConfiguration").Or(allBlocked()), publicAccessBlock)
}

func allBlocked() code.Value {
	on := code.Flag(true, nil)
	return code.ObjectOf(map[string]code.Value{"BlockPublicAcls": on, "IgnorePublicAcls": on, "BlockPublicPolicy": on, "RestrictPublicBuckets": on}, nil, nil)
}
