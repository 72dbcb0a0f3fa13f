package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func s3Mappings() []code.Mapping {
	return append(code.Ignores("aws_s3_bucket_accelerate_configuration", "aws_s3_bucket_analytics_configuration", "aws_s3_bucket_intelligent_tiering_configuration",
		"aws_s3_bucket_inventory", "aws_s3_bucket_metric", "aws_s3_bucket_request_payment_configuration"),
		code.Makes("aws_s3_bucket", "bucket", "arn:{partition}:s3:::{name}", bucket),
		code.Joins("aws_s3_bucket_acl", "bucket", bucketACL),
		code.Joins("aws_s3_bucket_cors_configuration", "bucket", bucketCORS),
		code.Joins("aws_s3_bucket_lifecycle_configuration", "bucket", func(f *code.Form, b *aws.Bucket) {
			code.Each(f, &b.Lifecycle, "rule", lifecycleRule)
		}),
		code.Joins("aws_s3_bucket_logging", "bucket", func(f *code.Form, b *aws.Bucket) {
			code.Make(f, &b.Logging, f.Get(""), bucketLogging)
		}),
		code.Joins("aws_s3_bucket_notification", "bucket", func(f *code.Form, b *aws.Bucket) {
			f.Put(&b.EventNotifications, f.First("topic", "queue", "lambda_function", "eventbridge").Present())
		}),
		code.Joins("aws_s3_bucket_object_lock_configuration", "bucket", func(f *code.Form, b *aws.Bucket) {
			objectLock(f, b, f.First("object_lock_enabled").Or(code.Text("Enabled", nil)).Is("Enabled"), f.Get("rule"))
		}),
		code.Joins("aws_s3_bucket_ownership_controls", "bucket", func(f *code.Form, b *aws.Bucket) {
			f.Set(&b.ObjectOwnership, "rule.object_ownership")
		}),
		code.Joins("aws_s3_bucket_policy", "bucket", func(f *code.Form, b *aws.Bucket) {
			f.Set(&b.Policy, "policy")
			code.BucketElsewhere(b)
		}),
		code.Joins("aws_s3_bucket_public_access_block", "bucket", func(f *code.Form, b *aws.Bucket) {
			b.PublicAccessBlock = nil
			code.Make(f, &b.PublicAccessBlock, f.Get(""), publicAccessBlock)
		}),
		code.Joins("aws_s3_bucket_replication_configuration", "bucket", func(f *code.Form, b *aws.Bucket) {
			code.Each(f, &b.Replication, "rule", replicationRule)
		}),
		code.Joins("aws_s3_bucket_server_side_encryption_configuration", "bucket", func(f *code.Form, b *aws.Bucket) {
			b.Encryption = nil
			code.Each(f, &b.Encryption, "rule", bucketEncryption)
		}),
		code.Joins("aws_s3_bucket_versioning", "bucket", func(f *code.Form, b *aws.Bucket) {
			f.Put(&b.Versioning, versioningStatus(f.Get("versioning_configuration.status")))
			f.Put(&b.MFADelete, f.Get("versioning_configuration.mfa_delete").Is("Enabled"))
		}),
		code.Joins("aws_s3_bucket_website_configuration", "bucket", func(f *code.Form, b *aws.Bucket) { f.Is(&b.Website, true) }),
		code.JoinsEach("aws_s3_account_public_access_block", func(f *code.Form) {
			code.ConfigureAccount(f, func(f *code.Form, a *aws.Account) {
				a.S3PublicAccessBlock = nil
				code.Make(f, &a.S3PublicAccessBlock, f.Get(""), publicAccessBlock)
			})
		}),
		code.Makes("aws_s3_access_point", "name", "arn:{partition}:s3:{region}:{account}:accesspoint/{name}", accessPoint),
		code.Makes("aws_s3control_multi_region_access_point", "details.name", "", multiRegionAccessPoint),
		code.Joins("aws_s3control_multi_region_access_point_policy", "details.name", func(f *code.Form, p *aws.MultiRegionAccessPoint) { f.Set(&p.Policy, "details.policy") }),
		code.Joins("aws_s3control_access_point_policy", "access_point_arn", func(f *code.Form, p *aws.AccessPoint) { f.Set(&p.Policy, "policy") }),
	)
}

// bucket reads a bucket with what older code writes inside of it. Public access
// is as the API reports a bucket whose switches nobody set: AWS sets them on
// new buckets, the code does not keep them so. Encryption is AES256 on every
// bucket, and ACLs are off unless the code gives one.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket
func bucket(f *code.Form, b *aws.Bucket) {
	b.PublicAccessBlock = &aws.PublicAccessBlock{}
	b.Encryption = []*aws.BucketEncryption{{Algorithm: "AES256"}}
	b.ObjectOwnership = "BucketOwnerEnforced"
	f.Default(&b.PublicAccessBlock, &b.ObjectOwnership, &b.Website, &b.EventNotifications, &b.Grants)
	f.Set(&b.Policy, "policy")
	bucketACL(f, b)
	if sse := f.Get("server_side_encryption_configuration"); sse.IsAbsent() {
		f.Default(&b.Encryption)
	} else {
		b.Encryption = nil
		code.EachOf(f, &b.Encryption, sse.Get("rule"), bucketEncryption)
	}
	f.Put(&b.Versioning, f.Get("versioning.enabled").Choose("Enabled", "Suspended"))
	f.Set(&b.MFADelete, "versioning.mfa_delete")
	code.One(f, &b.Logging, "logging", bucketLogging)
	code.Each(f, &b.Lifecycle, "lifecycle_rule", lifecycleRule)
	code.EachOf(f, &b.Replication, f.Get("replication_configuration.rules"), replicationRule)
	objectLock(f, b, f.First("object_lock_enabled", "object_lock_configuration.object_lock_enabled").Is("Enabled", "true"), f.Get("object_lock_configuration.rule"))
	f.Put(&b.Website, f.Get("website").Present())
	bucketCORS(f, b)
}

func versioningStatus(v code.Value) code.Value {
	return v.Map(func(s string) string {
		if s == "Disabled" {
			return ""
		}
		return s
	})
}

// bucketACL reads a canned ACL or grants. ACLs have to be on for either to be accepted.
func bucketACL(f *code.Form, b *aws.Bucket) {
	acl := f.Get("acl")
	if h := acl.Hole(); h != nil {
		f.Gap(&b.Grants, h.Gap().Reason, h.Why)
		f.Gap(&b.ObjectOwnership, h.Gap().Reason, h.Why)
	} else if name, ok := acl.Known(); ok {
		f.Mark(&b.Grants, acl)
		if b.Grants = code.CannedGrants(name); b.Grants != nil && b.ObjectOwnership == "BucketOwnerEnforced" {
			b.ObjectOwnership = "ObjectWriter"
		}
	}
	for _, g := range []code.Value{f.Get("grant"), f.Get("access_control_policy.grant")} {
		if g.IsAbsent() {
			continue
		}
		b.ObjectOwnership = "ObjectWriter"
		code.EachOf(f, &b.Grants, g.Spread("permissions"), func(f *code.Form, grant *aws.BucketGrant) {
			f.Put(&grant.Grantee, f.First("uri", "id", "grantee.uri", "grantee.id", "grantee.email_address"))
			f.Put(&grant.GranteeType, f.First("type", "grantee.type"))
			f.Put(&grant.Permission, f.First("permission", "permissions"))
		})
	}
}

func bucketEncryption(f *code.Form, e *aws.BucketEncryption) {
	f.Set(&e.Algorithm, "apply_server_side_encryption_by_default.sse_algorithm", "AES256")
	f.Set(&e.KMSKey, "apply_server_side_encryption_by_default.kms_master_key_id")
	f.Set(&e.BucketKey, "bucket_key_enabled")
}

func bucketLogging(f *code.Form, l *aws.BucketLogging) {
	f.Set(&l.TargetBucket, "target_bucket")
	f.Set(&l.TargetPrefix, "target_prefix")
}

func bucketCORS(f *code.Form, b *aws.Bucket) {
	code.Each(f, &b.CORS, "cors_rule", func(f *code.Form, c *aws.CORSRule) {
		f.Set(&c.Origins, "allowed_origins")
		f.Set(&c.Methods, "allowed_methods")
		f.Set(&c.Headers, "allowed_headers")
	})
}

func publicAccessBlock(f *code.Form, p *aws.PublicAccessBlock) {
	f.Set(&p.BlockPublicACLs, "block_public_acls")
	f.Set(&p.IgnorePublicACLs, "ignore_public_acls")
	f.Set(&p.BlockPublicPolicy, "block_public_policy")
	f.Set(&p.RestrictPublicBuckets, "restrict_public_buckets")
}

// lifecycleRule reads a rule of the bucket itself (enabled, prefix, days) and
// of the separate resource (status, filter, noncurrent_days).
func lifecycleRule(f *code.Form, r *aws.LifecycleRule) {
	f.Set(&r.ID, "id")
	f.Put(&r.Enabled, f.First("status", "enabled").Is("Enabled", "true"))
	f.Put(&r.WholeBucket, wholeBucket(f))
	f.Set(&r.ExpirationDays, "expiration.days")
	f.Set(&r.ExpiresAt, "expiration.date")
	f.Put(&r.NoncurrentExpirationDays, f.First("noncurrent_version_expiration.noncurrent_days", "noncurrent_version_expiration.days"))
	f.Set(&r.NewerNoncurrentVersions, "noncurrent_version_expiration.newer_noncurrent_versions")
	f.Put(&r.TransitionDays, f.Get("transition").Lowest("days"))
	f.Put(&r.NoncurrentTransitionDays, f.Get("noncurrent_version_transition").Lowest("noncurrent_days", "days"))
	f.Put(&r.AbortMultipartDays, f.First("abort_incomplete_multipart_upload.days_after_initiation", "abort_incomplete_multipart_upload_days"))
}

func wholeBucket(f *code.Form) code.Value {
	narrowing := f.First("filter.prefix", "prefix", "filter.tag", "filter.and", "filter.object_size_greater_than", "filter.object_size_less_than", "tags")
	return narrowing.Or(code.Text("", nil)).Is("")
}

func replicationRule(f *code.Form, r *aws.ReplicationRule) {
	f.Set(&r.ID, "id")
	f.Put(&r.Enabled, f.Get("status").Is("Enabled"))
	f.Set(&r.Destination, "destination.bucket")
	f.Set(&r.DestinationAccount, "destination.account")
	f.Put(&r.KMSKey, f.First("destination.encryption_configuration.replica_kms_key_id", "destination.replica_kms_key_id"))
	f.Put(&r.DeleteMarkers, f.First("delete_marker_replication.status", "delete_marker_replication_status").Is("Enabled"))
}

func objectLock(f *code.Form, b *aws.Bucket, enabled, rule code.Value) {
	on, known := enabled.Bool()
	if known && !on {
		f.Default(&b.ObjectLock)
		return
	}
	code.Make(f, &b.ObjectLock, f.Get(""), func(f *code.Form, l *aws.ObjectLock) {
		f.Put(&l.Enabled, enabled)
		f.Put(&l.Mode, rule.Get("default_retention.mode"))
		f.Put(&l.Days, rule.Get("default_retention.days").Or(rule.Get("default_retention.years").Times(365)))
	})
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_access_point
func accessPoint(f *code.Form, p *aws.AccessPoint) {
	f.Set(&p.Bucket, "bucket")
	f.Set(&p.BucketAccount, "bucket_account_id")
	f.Put(&p.NetworkOrigin, f.Get("vpc_configuration").Present().Choose("VPC", "Internet"))
	f.Set(&p.VPC, "vpc_configuration.vpc_id")
	f.Set(&p.Policy, "policy")
	code.Make(f, &p.PublicAccessBlock, f.Get("public_access_block_configuration"), closedUnlessSaid)
}

// multiRegionAccessPoint reads one name for buckets in several regions.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3control_multi_region_access_point
func multiRegionAccessPoint(f *code.Form, p *aws.MultiRegionAccessPoint) {
	f.Is(&p.Status, "READY")
	f.Default(&p.Policy)
	f.Put(&p.Buckets, f.Get("details.region").Each("bucket"))
	code.Make(f, &p.PublicAccessBlock, f.Get("details.public_access_block"), closedUnlessSaid)
}

// closedUnlessSaid reads the switches of access points, which are on unless the
// code says otherwise.
func closedUnlessSaid(f *code.Form, b *aws.PublicAccessBlock) {
	f.Set(&b.BlockPublicACLs, "block_public_acls", true)
	f.Set(&b.IgnorePublicACLs, "ignore_public_acls", true)
	f.Set(&b.BlockPublicPolicy, "block_public_policy", true)
	f.Set(&b.RestrictPublicBuckets, "restrict_public_buckets", true)
}
