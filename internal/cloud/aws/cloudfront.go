package aws

import "merlon.dev/internal/cloud"

func cloudfrontKinds() []cloud.Resource {
	return []cloud.Resource{&Distribution{}}
}

// Distribution is a CloudFront distribution.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
type Distribution struct {
	cloud.Base

	// Enabled is whether it answers requests.
	Enabled bool `json:"enabled"`
	// DomainName is its name under cloudfront.net.
	DomainName string `json:"domain_name,omitempty"`
	// Aliases are its other names.
	Aliases []string `json:"aliases,omitempty"`
	// DefaultRootObject answers requests for /; empty when none does.
	DefaultRootObject string `json:"default_root_object,omitempty"`
	// Staging is whether it is the staging twin of another distribution.
	Staging bool `json:"staging,omitempty"`
	// Template is whether it is a template of a multi-tenant distribution,
	// which serves its tenants' domains only.
	Template bool `json:"template,omitempty"`
	// Backends are where it fetches from: what CloudFront calls its origins.
	Backends []*Origin `json:"backends,omitempty"`
	// OriginGroups are pairs of origins where the second stands in for the first.
	OriginGroups []*OriginGroup `json:"origin_groups,omitempty"`
	// Behaviors say what happens to a request: the first whose path fits, the
	// default one (path *) last.
	Behaviors []*CacheBehavior `json:"behaviors,omitempty"`
	// Certificate is what viewers see.
	Certificate *ViewerCertificate `json:"certificate,omitempty"`
	// WebACL inspects requests; unset when none does.
	WebACL cloud.Link[WebACL] `json:"web_acl,omitzero"`
	// ClassicWebACL is the id of a WAF Classic ACL, where one is used instead.
	ClassicWebACL string `json:"classic_web_acl,omitempty"`
	// GeoRestriction is none, whitelist or blacklist; the countries are in
	// GeoCountries.
	GeoRestriction string   `json:"geo_restriction,omitempty"`
	GeoCountries   []string `json:"geo_countries,omitempty"`
	// LogBucket is the host name of the bucket that receives the legacy access
	// log; empty when there is none.
	// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html
	LogBucket string `json:"log_bucket,omitempty"`
	// LogDestinations are the ARNs of delivery destinations of the access log
	// version 2: buckets, log groups, delivery streams.
	LogDestinations []string `json:"log_destinations,omitempty"`
	// RealtimeLogs is whether some behavior writes a real-time log.
	RealtimeLogs bool `json:"realtime_logs,omitempty"`
}

// Kind implements cloud.Resource.
func (*Distribution) Kind() cloud.Kind { return "AWS::CloudFront::Distribution" }

// Origin is where a distribution fetches from.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html
type Origin struct {
	cloud.Object
	// ID names the origin within the distribution.
	ID string `json:"id"`
	// Domain is its host name.
	Domain string `json:"domain"`
	// Path is put in front of the requested path.
	Path string `json:"path,omitempty"`
	// Type is s3 (a bucket's REST endpoint), website (a bucket's website
	// endpoint, which speaks HTTP only), vpc or custom.
	Type string `json:"type"`
	// Bucket is the bucket, for s3 and website.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// AccessControl is the id of the origin access control that signs its
	// requests; empty when none does.
	AccessControl string `json:"access_control,omitempty"`
	// AccessIdentity is the older origin access identity; empty when there is none.
	AccessIdentity string `json:"access_identity,omitempty"`
	// ProtocolPolicy is http-only, match-viewer or https-only, for custom and
	// website; others are always reached as CloudFront chooses.
	ProtocolPolicy string `json:"protocol_policy,omitempty"`
	// TLSVersions are the versions it may be reached with: SSLv3, TLSv1,
	// TLSv1.1, TLSv1.2.
	TLSVersions []string `json:"tls_versions,omitempty"`
	// CustomHeaders are sent with each request; some hold shared secrets.
	CustomHeaders []*EnvVar `json:"custom_headers,omitempty"`
}

// OriginGroup is a group of origins for failover.
type OriginGroup struct {
	cloud.Object
	// ID names the group within the distribution.
	ID string `json:"id"`
	// Members are the ids of its origins, the first being preferred.
	Members []string `json:"members,omitempty"`
}

// CacheBehavior says what happens to requests for some paths.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html
type CacheBehavior struct {
	cloud.Object
	// Path is the path pattern; * for the default behavior.
	Path string `json:"path"`
	// Origin is the id of the origin or origin group it fetches from.
	Origin string `json:"origin"`
	// ViewerProtocolPolicy is allow-all, https-only or redirect-to-https.
	ViewerProtocolPolicy string `json:"viewer_protocol_policy"`
	// AllowedMethods are the HTTP methods that reach the origin.
	AllowedMethods []string `json:"allowed_methods,omitempty"`
	// ResponseHeadersPolicy is the id of the policy that adds headers.
	ResponseHeadersPolicy string `json:"response_headers_policy,omitempty"`
	// FieldLevelEncryption is the id of its field-level encryption.
	FieldLevelEncryption string `json:"field_level_encryption,omitempty"`
	// SignedURLs is whether viewers need signed URLs or cookies.
	SignedURLs bool `json:"signed_urls,omitempty"`
	// Functions are the ARNs of Lambda@Edge and CloudFront functions it runs.
	Functions []string `json:"functions,omitempty"`
}

// ViewerCertificate is how viewers are spoken to.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
type ViewerCertificate struct {
	cloud.Object
	// CloudFrontDefault is whether the certificate of cloudfront.net is used,
	// which leaves the choice of TLS versions to CloudFront: TLSv1 and up.
	CloudFrontDefault bool `json:"cloudfront_default"`
	// Certificate is the ACM certificate.
	Certificate cloud.Link[Certificate] `json:"certificate,omitzero"`
	// IAMCertificate is the id of a certificate kept in IAM.
	IAMCertificate string `json:"iam_certificate,omitempty"`
	// MinimumProtocol is the lowest security policy, such as TLSv1.2_2021.
	// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
	MinimumProtocol string `json:"minimum_protocol,omitempty"`
	// SSLSupport is sni-only, vip (dedicated addresses) or static-ip.
	SSLSupport string `json:"ssl_support,omitempty"`
}
