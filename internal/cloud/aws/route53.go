package aws

import "merlon.dev/internal/cloud"

func route53Kinds() []cloud.Resource {
	return []cloud.Resource{&HostedZone{}, &RecordSet{}}
}

// HostedZone is a Route 53 hosted zone.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html
type HostedZone struct {
	cloud.Base

	// Private is whether only the zone's VPCs can ask it.
	Private bool `json:"private"`
	// VPCs that can ask a private zone.
	VPCs []cloud.Link[VPC] `json:"vpcs,omitempty"`
	// RecordCount is the number of records Route 53 holds for the zone.
	RecordCount int `json:"record_count,omitempty"`
	// QueryLogs are the log groups that get the queries of a public zone.
	QueryLogs []cloud.Link[LogGroup] `json:"query_logs,omitempty"`
	// DNSSEC is SIGNING, NOT_SIGNING, DELETING, ACTION_NEEDED or
	// INTERNAL_FAILURE, for public zones.
	// https://docs.aws.amazon.com/Route53/latest/APIReference/API_DNSSECStatus.html
	DNSSEC string `json:"dnssec,omitempty"`

	// Records of the zone.
	Records []cloud.Link[RecordSet] `json:"-" cel:"records" backlink:"zone" within:"account"`

	// What follows is everything in the estate that a record may lead to.

	ElasticIPs           []cloud.Link[ElasticIP]           `json:"-" cel:"elastic_ips" backlink:"@estate"`
	Interfaces           []cloud.Link[NetworkInterface]    `json:"-" cel:"interfaces" backlink:"@estate"`
	LoadBalancers        []cloud.Link[LoadBalancer]        `json:"-" cel:"load_balancers" backlink:"@estate"`
	ClassicLoadBalancers []cloud.Link[ClassicLoadBalancer] `json:"-" cel:"classic_load_balancers" backlink:"@estate"`
	Buckets              []cloud.Link[Bucket]              `json:"-" cel:"buckets" backlink:"@estate"`
	Distributions        []cloud.Link[Distribution]        `json:"-" cel:"distributions" backlink:"@estate"`
}

// Kind implements cloud.Resource.
func (*HostedZone) Kind() cloud.Kind { return "AWS::Route53::HostedZone" }

// RecordSet is one record set of a hosted zone: all values of one name and
// type, or one of several under a routing policy. Its ref is the zone's ARN
// followed by /recordset/, the name, the type and the set identifier.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
type RecordSet struct {
	cloud.Base

	// Zone the record is in.
	Zone cloud.Link[HostedZone] `json:"zone,omitzero"`
	// Type is A, AAAA, CNAME, MX, NS, TXT and so on.
	Type string `json:"type"`
	// SetIdentifier tells records of one name and type apart.
	SetIdentifier string `json:"set_identifier,omitempty"`
	// TTL in seconds; 0 for aliases, which take their target's.
	TTL int `json:"ttl,omitempty"`
	// Values as Route 53 keeps them; empty for aliases.
	Values []string `json:"values,omitempty"`
	// Alias is the DNS name an alias leads to, in lower case and without the
	// closing dot.
	Alias string `json:"alias,omitempty"`
	// AliasZone is the hosted zone id of the alias target.
	AliasZone string `json:"alias_zone,omitempty"`
	// Targets are the addresses and names that A, AAAA and CNAME records and
	// aliases lead to.
	Targets []*RecordTarget `json:"targets,omitempty"`
}

// Kind implements cloud.Resource.
func (*RecordSet) Kind() cloud.Kind { return "AWS::Route53::RecordSet" }

// RecordTarget is where a record leads, sorted by what the name says.
type RecordTarget struct {
	cloud.Object
	// Value is an address, or a name in lower case without the closing dot.
	Value string `json:"value"`
	// Service is what kind of AWS resource answers to the value: address
	// (a public address), load-balancer, s3-website, cloudfront,
	// elastic-beanstalk, api-gateway, vpc-endpoint, rds; other for all else,
	// private addresses included.
	Service string `json:"service"`
	// Bucket is the name of the bucket an s3-website target stands for.
	Bucket string `json:"bucket,omitempty"`
	// Region in the name, where it has one.
	Region string `json:"region,omitempty"`
}
