package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func s3Kinds() []cloud.Resource {
	return []cloud.Resource{&Bucket{}, &AccessPoint{}, &MultiRegionAccessPoint{}}
}

// Bucket is a general purpose S3 bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
type Bucket struct {
	cloud.Base

	// CreatedAt is when the bucket was made or last had its policy edited.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// PublicAccessBlock is the bucket's own Block Public Access setting; all
	// four switches are off where it was never set. The account's setting
	// applies on top: account.s3_public_access_block.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
	PublicAccessBlock *PublicAccessBlock `json:"public_access_block,omitempty"`
	// Policy is the bucket policy; has(resource.policy) is false when there is none.
	Policy *Policy `json:"policy,omitempty"`
	// Grants are the entries of the bucket's access control list.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
	Grants []*BucketGrant `json:"grants,omitempty"`
	// ObjectOwnership is BucketOwnerEnforced (ACLs are off), BucketOwnerPreferred
	// or ObjectWriter; empty for old buckets that never chose (ACLs are on).
	ObjectOwnership string `json:"object_ownership,omitempty"`
	// Encryption is the default encryption of new objects.
	Encryption []*BucketEncryption `json:"encryption,omitempty"`
	// Versioning is Enabled, Suspended or empty (never switched on).
	Versioning string `json:"versioning,omitempty"`
	// MFADelete is whether deleting a version needs a second factor.
	MFADelete bool `json:"mfa_delete,omitempty"`
	// Logging is where server access logs go; unset when logging is off.
	Logging *BucketLogging `json:"logging,omitempty"`
	// Lifecycle rules, in order.
	Lifecycle []*LifecycleRule `json:"lifecycle,omitempty"`
	// Replication rules; empty when the bucket is not replicated.
	Replication []*ReplicationRule `json:"replication,omitempty"`
	// ObjectLock is whether object lock is on, and its default retention.
	ObjectLock *ObjectLock `json:"object_lock,omitempty"`
	// Website is whether static website hosting is on. The website endpoint
	// speaks plain HTTP only; it serves what policy and ACLs make public.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
	Website bool `json:"website,omitempty"`
	// CORS says which web pages may read the bucket from a browser.
	CORS []*CORSRule `json:"cors,omitempty"`
	// EventNotifications is whether the bucket tells anyone of its events
	// (SNS, SQS, Lambda or EventBridge).
	EventNotifications bool `json:"event_notifications,omitempty"`

	// AccessPoints are the ways into the bucket besides its own name, each with
	// its own policy, made in the same account.
	AccessPoints []cloud.Link[AccessPoint] `json:"-" cel:"access_points" backlink:"bucket" within:"account"`
	// LogsInto are the buckets that send their access logs here; S3 demands that
	// they are in the same account and region.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
	LogsInto []cloud.Link[Bucket] `json:"-" cel:"logs_into" backlink:"logging" within:"region"`
}

// Kind implements cloud.Resource.
func (*Bucket) Kind() cloud.Kind { return "AWS::S3::Bucket" }

// PublicAccessBlock is a set of S3 Block Public Access switches.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
type PublicAccessBlock struct {
	cloud.Object
	// BlockPublicACLs refuses new public ACLs.
	BlockPublicACLs bool `json:"block_public_acls"`
	// IgnorePublicACLs makes existing public ACLs ineffective.
	IgnorePublicACLs bool `json:"ignore_public_acls"`
	// BlockPublicPolicy refuses new public bucket policies.
	BlockPublicPolicy bool `json:"block_public_policy"`
	// RestrictPublicBuckets cuts public policies down to the owner's account
	// and AWS services.
	RestrictPublicBuckets bool `json:"restrict_public_buckets"`
}

// BucketGrant is one entry of an access control list.
type BucketGrant struct {
	cloud.Object
	// Grantee is a canonical user id, a mail address, or a group's URI such as
	// http://acs.amazonaws.com/groups/global/AllUsers.
	Grantee string `json:"grantee"`
	// GranteeType is CanonicalUser, AmazonCustomerByEmail or Group.
	GranteeType string `json:"grantee_type"`
	// Permission is FULL_CONTROL, READ, WRITE, READ_ACP or WRITE_ACP.
	Permission string `json:"permission"`
}

// BucketEncryption is one default encryption rule.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
type BucketEncryption struct {
	cloud.Object
	// Algorithm is AES256, aws:kms or aws:kms:dsse.
	Algorithm string `json:"algorithm"`
	// KMSKey is the key used with aws:kms; unset for the AWS managed key.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// BucketKey is whether S3 bucket keys are used.
	BucketKey bool `json:"bucket_key,omitempty"`
}

// BucketLogging is where server access logs go.
type BucketLogging struct {
	cloud.Object
	// TargetBucket receives the logs.
	TargetBucket cloud.Link[Bucket] `json:"target_bucket,omitzero"`
	// TargetPrefix starts the name of each log object.
	TargetPrefix string `json:"target_prefix,omitempty"`
}

// LifecycleRule is one lifecycle rule. Days are 0 when that action is not part of it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
type LifecycleRule struct {
	cloud.Object
	// ID is the rule's name.
	ID string `json:"id,omitempty"`
	// Enabled is whether the rule acts.
	Enabled bool `json:"enabled"`
	// WholeBucket is whether the rule has no filter.
	WholeBucket bool `json:"whole_bucket,omitempty"`
	// ExpirationDays is the age at which objects are removed.
	ExpirationDays int `json:"expiration_days,omitempty"`
	// NoncurrentExpirationDays is the age at which old versions are removed.
	NoncurrentExpirationDays int `json:"noncurrent_expiration_days,omitempty"`
	// NewerNoncurrentVersions is how many old versions are spared from that removal.
	NewerNoncurrentVersions int `json:"newer_noncurrent_versions,omitempty"`
	// ExpiresAt is the day on which objects are removed, where the rule names
	// a day and not an age.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// TransitionDays is the lowest age at which objects move to another storage class.
	TransitionDays int `json:"transition_days,omitempty"`
	// NoncurrentTransitionDays is the same for old versions.
	NoncurrentTransitionDays int `json:"noncurrent_transition_days,omitempty"`
	// AbortMultipartDays is the age at which unfinished uploads are removed.
	AbortMultipartDays int `json:"abort_multipart_days,omitempty"`
}

// ReplicationRule is one replication rule.
type ReplicationRule struct {
	cloud.Object
	// Enabled is whether the rule acts.
	Enabled bool `json:"enabled"`
	// Destination receives the copies.
	Destination cloud.Link[Bucket] `json:"destination,omitzero"`
	// ID is the rule's name.
	ID string `json:"id,omitempty"`
	// DeleteMarkers is whether deletions are copied too.
	DeleteMarkers bool `json:"delete_markers,omitempty"`
	// KMSKey encrypts the copies of objects under SSE-KMS; unset when those
	// are not copied.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// DestinationAccount is set when the copies change owner.
	DestinationAccount string `json:"destination_account,omitempty"`
}

// ObjectLock is a bucket's object lock setting.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
type ObjectLock struct {
	cloud.Object
	// Enabled is whether object lock is on.
	Enabled bool `json:"enabled"`
	// Mode is GOVERNANCE or COMPLIANCE; empty without a default retention.
	Mode string `json:"mode,omitempty"`
	// Days is the default retention, years counted as 365 days.
	Days int `json:"days,omitempty"`
}

// CORSRule lets the scripts of some web pages read a bucket. It grants nothing
// that policy and ACLs do not grant as well.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
type CORSRule struct {
	cloud.Object
	// Origins of the pages, such as https://example.com or *.
	Origins []string `json:"allowed_origins"`
	// Methods they may use: GET, PUT, HEAD, POST, DELETE.
	Methods []string `json:"allowed_methods"`
	// Headers they may send.
	Headers []string `json:"allowed_headers,omitempty"`
}

// AccessPoint is a second name for a bucket with a policy of its own. Its
// Block Public Access switches are set when it is made and never change. Access
// points are read in the regions where the account has a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
type AccessPoint struct {
	cloud.Base

	// Bucket it leads to.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// BucketAccount owns that bucket. Empty when AWS does not say.
	BucketAccount string `json:"bucket_account,omitempty"`
	// NetworkOrigin is Internet or VPC (requests from VPC only).
	NetworkOrigin string `json:"network_origin"`
	// VPC that requests must come from; unset for an access point open to the internet.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Alias works wherever a bucket name is expected.
	Alias string `json:"alias,omitempty"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// PublicAccessBlock holds its four switches, all on unless chosen otherwise.
	PublicAccessBlock *PublicAccessBlock `json:"public_access_block,omitempty"`
	// Policy of the access point; has(resource.policy) is false when there is none.
	Policy *Policy `json:"policy,omitempty"`
}

// Kind implements cloud.Resource.
func (*AccessPoint) Kind() cloud.Kind { return "AWS::S3::AccessPoint" }

// MultiRegionAccessPoint is one name for buckets in several regions. It belongs to no region.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPoints.html
type MultiRegionAccessPoint struct {
	cloud.Base

	// Alias is the first label of its host name.
	Alias string `json:"alias,omitempty"`
	// Status is READY, CREATING, DELETING, INCONSISTENT_ACROSS_REGIONS,
	// PARTIALLY_CREATED or PARTIALLY_DELETED.
	Status string `json:"status,omitempty"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Buckets it leads to.
	Buckets []cloud.Link[Bucket] `json:"buckets,omitempty"`
	// PublicAccessBlock holds its four switches, which never change.
	PublicAccessBlock *PublicAccessBlock `json:"public_access_block,omitempty"`
	// Policy that is in force; has(resource.policy) is false when there is none.
	Policy *Policy `json:"policy,omitempty"`
}

// Kind implements cloud.Resource.
func (*MultiRegionAccessPoint) Kind() cloud.Kind { return "AWS::S3::MultiRegionAccessPoint" }
