package testcloud

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// HiddenBucket is the bucket whose own policy keeps everybody from reading that
// policy: what it says stays unknown.
const HiddenBucket = "tern-prototypes"

// development describes the account that nobody tidies up: no detectors, no
// password policy, root without a second factor, and the account's S3 block
// off, so that what its buckets say is what holds.
func development(s *cloud.Snapshot, org *aws.Organization, kept *records) {
	a := bare(s, Development, "tern-development", org)
	a.OrganizationTrails = toAll(kept.trail)
	global := place{s, Development, ""}
	p := global.in(Ireland)
	p.settings(false)
	global.in(Virginia).settings(false)

	global.person("dave", 5)
	admins := add(global, &aws.Group{Base: global.base("iam", "group/developers", "developers"), GroupID: "AGPATERNDEVELOPERS001", Path: "/", CreatedAt: daysAgo(600)})
	admins.AttachedPolicies = toAll(global.awsManaged("AdministratorAccess", allowAll()))
	erin := global.person("erin", 1)
	erin.Groups = toAll(admins)
	erin.InlinePolicies = []*aws.InlinePolicy{{Name: "anything", Document: allowAll()}}

	downloads := p.bucket("tern-downloads")
	downloads.PublicAccessBlock = nil
	downloads.Policy = policy(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::tern-downloads/*"}`)
	dropbox := p.bucket("tern-dropbox")
	dropbox.PublicAccessBlock = nil
	dropbox.Policy = policy(`{"Effect":"Allow","Principal":"*","Action":["s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::tern-dropbox/*"}`)
	partners := p.bucket("tern-partners")
	partners.PublicAccessBlock = nil
	partners.Policy = policy(`[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::tern-partners/*","Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24"]}}},%s]`, tlsOnly("tern-partners"))
	hidden := p.bucket(HiddenBucket)
	hidden.Policy = nil
	hidden.SetGap(&cloud.Gap{Reason: cloud.Denied, Operation: "s3:GetBucketPolicy", Permission: "s3:GetBucketPolicy", Message: "AccessDenied: Access Denied"}, "policy")

	p.sandbox()
	p.logGroup("trials", 0)
}

// sandbox is a network as AWS makes it and nobody closed it: the default group
// lets its members talk to each other, nothing is recorded.
func (p place) sandbox() {
	n := &network{groups: map[string]*aws.SecurityGroup{}}
	n.vpc = add(p, &aws.VPC{Base: p.ec2("vpc", "vpc", "tern-sandbox"), CIDRs4: []string{"10.30.0.0/16"}, Tenancy: "default", BlockPublicAccess: "off"})
	table := p.routes("sandbox", n.vpc)
	table.Main = true
	own := p.group(n, "tern-sandbox-default")
	own.GroupName, own.Default = "default", true
	own.Ingress = []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, Groups: toAll(own)}}
	p.group(n, "everything", &aws.SecurityGroupRule{Protocol: "-1", FromPort: -1, ToPort: -1, CIDRs4: []string{"0.0.0.0/0"}, CIDRs6: []string{"::/0"}})
	p.group(n, "remote-desktop", tcp(3389, "0.0.0.0/0"))
	p.group(n, "search", tcp(9200, "0.0.0.0/0"))
	acl := p.defaultACL(n.vpc, "tern-sandbox-default")
	add(p, &aws.Subnet{
		Base: p.ec2("subnet", "subnet", "sandbox"), VPC: to(n.vpc), CIDR4: "10.30.0.0/24", AvailabilityZone: "eu-west-1a", AvailabilityZoneID: "euw1-az1",
		BlockPublicAccess: "off", RouteTable: to(table), MainRouteTable: true, NetworkACL: to(acl),
	})
}
