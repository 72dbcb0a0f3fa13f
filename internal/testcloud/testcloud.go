// Package testcloud describes a small company, Tern Freight, that ships parcels
// and has an AWS organization of three accounts in two regions. It has flaws
// that are known, each beside a twin that looks alike and is clean.
//
// The description is written once, in the typed model, and used twice: as the
// snapshot that `merlon demo` judges, and, poured into an emulator, as the
// estate that the end-to-end tests scan. It reads nothing and judges nothing.
package testcloud

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// The company's accounts. The first is the one whose credentials scan.
const (
	Management  cloud.AccountID = "123456789012"
	Production  cloud.AccountID = "222222222222"
	Development cloud.AccountID = "333333333333"
)

// The company's regions. All that runs, runs in the first.
const (
	Ireland  cloud.Region = "eu-west-1"
	Virginia cloud.Region = "us-east-1"
)

// Now is when the estate was read.
func Now() time.Time { return time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC) }

// Estate returns the company's estate, complete but for one bucket policy that
// nobody may read.
func Estate() *cloud.Snapshot {
	s := &cloud.Snapshot{
		Source: cloud.Source{
			Kind:     "aws",
			Accounts: []cloud.AccountID{Management, Production, Development},
			Regions:  []cloud.Region{Ireland, Virginia},
			ReadAt:   Now(),
		},
		Open:    true,
		Regions: map[cloud.AccountID][]cloud.Region{},
	}
	org := organization(s)
	records := management(s, org)
	production(s, org, records)
	development(s, org, records)
	for _, account := range s.Source.Accounts {
		s.Regions[account] = s.Source.Regions
		s.Collections = append(s.Collections, collections(account, s.Source.Regions)...)
	}
	s.Sort()
	return s
}

// Label is the name by which the tables of this package, and tests, know a
// resource in any copy of the estate: its Name tag, a key's alias, else its
// name. Copies give resources other ids.
func Label(r cloud.Resource) string {
	if name := r.Meta().Tags["Name"]; name != "" {
		return name
	}
	if k, ok := r.(*aws.Key); ok && len(k.Aliases) > 0 {
		return k.Aliases[0]
	}
	return r.Meta().Name
}

// collections says that everything was listed.
func collections(account cloud.AccountID, regions []cloud.Region) []cloud.Collection {
	var all []cloud.Collection
	for _, r := range aws.Kinds() {
		all = append(all, cloud.Collection{Kind: r.Kind(), Account: account, Regions: append([]cloud.Region{""}, regions...)})
	}
	return all
}

// A place is where resources are put: an account and a region, which is empty
// for global services.
type place struct {
	*cloud.Snapshot
	account cloud.AccountID
	region  cloud.Region
}

func (p place) in(region cloud.Region) place { return place{p.Snapshot, p.account, region} }

func (p place) arn(service, resource string) cloud.Ref {
	return cloud.Ref(fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, p.region, p.account, resource))
}

// base starts a resource that has a name of its own.
func (p place) base(service, resource, name string) cloud.Base {
	return cloud.Base{Ref: p.arn(service, resource), Name: name, Account: p.account, Region: p.region}
}

// ec2 starts a resource that AWS gives an id, and people a Name tag.
func (p place) ec2(kind, prefix, label string) cloud.Base {
	id := prefix + "-" + digest(string(p.account), string(p.region), label)[:17]
	b := p.base("ec2", kind+"/"+id, id)
	b.Tags = map[string]string{"Name": label}
	return b
}

// digest is a stable stand-in for what AWS would have invented.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// add puts a resource into the estate and returns it.
func add[R cloud.Resource](p place, r R) R {
	p.Snapshot.Resources = append(p.Snapshot.Resources, r)
	return r
}

// to links to resources.
func to[T any, R interface {
	*T
	cloud.Resource
}](r R) cloud.Link[T] {
	return cloud.LinkTo[T](r.Meta().Ref)
}

func toAll[T any, R interface {
	*T
	cloud.Resource
}](rs ...R) []cloud.Link[T] {
	links := make([]cloud.Link[T], 0, len(rs))
	for _, r := range rs {
		links = append(links, to(r))
	}
	return links
}

// daysAgo is a moment before the estate was read.
func daysAgo(n int) time.Time { return Now().AddDate(0, 0, -n) }

// policy parses a policy document of this package.
func policy(format string, args ...any) *aws.Policy {
	p, err := aws.ParsePolicy(`{"Version":"2012-10-17","Statement":` + fmt.Sprintf(format, args...) + `}`)
	if err != nil {
		panic(err) // a typing error in this package
	}
	return p
}

// trust is a trust policy for one service, tied to the own account.
func (p place) trust(service string) *aws.Policy {
	return policy(`{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"%s"}}}`, service, p.account)
}

// role adds a role with one inline policy.
func (p place) role(name string, trust *aws.Policy, rights *aws.Policy) *aws.Role {
	r := &aws.Role{
		Base: p.in("").base("iam", "role/"+name, name), Path: "/", CreatedAt: daysAgo(400), LastUsed: daysAgo(2),
		RoleID: "AROA" + strings.ToUpper(digest(string(p.account), name)[:17]), MaxSessionSeconds: 3600, TrustPolicy: trust,
	}
	if rights != nil {
		r.InlinePolicies = []*aws.InlinePolicy{{Name: name, Document: rights}}
	}
	return add(p, r)
}

// awsManaged adds a policy of AWS's that somebody in the account uses.
func (p place) awsManaged(name string, document *aws.Policy) *aws.ManagedPolicy {
	m := &aws.ManagedPolicy{
		Path: "/", AWSManaged: true, CreatedAt: daysAgo(3000), UpdatedAt: daysAgo(3000), AttachmentCount: 1, DefaultVersion: "v1", Document: document,
	}
	m.Ref, m.Name, m.Account = cloud.Ref("arn:aws:iam::aws:policy/"+name), name, p.account
	return add(p, m)
}

// customerManaged adds a policy of the account's own.
func (p place) customerManaged(name string, attachments int, document *aws.Policy) *aws.ManagedPolicy {
	return add(p, &aws.ManagedPolicy{
		Base: p.in("").base("iam", "policy/"+name, name), Path: "/", CreatedAt: daysAgo(300), UpdatedAt: daysAgo(300),
		AttachmentCount: attachments, DefaultVersion: "v1", Document: document,
	})
}

func allowAll() *aws.Policy {
	return policy(`{"Effect":"Allow","Action":"*","Resource":"*"}`)
}

// key adds a customer key of the region.
func (p place) key(alias string, rotates bool) *aws.Key {
	id := digest(string(p.account), alias)
	id = fmt.Sprintf("%s-%s-%s-%s-%s", id[:8], id[8:12], id[12:16], id[16:20], id[20:32])
	return add(p, &aws.Key{
		Base: p.base("kms", "key/"+id, id), Aliases: []string{"alias/" + alias}, Description: alias, Manager: "CUSTOMER", State: "Enabled",
		Usage: "ENCRYPT_DECRYPT", Spec: "SYMMETRIC_DEFAULT", MaterialOrigin: "AWS_KMS", CreatedAt: daysAgo(400), RotationEnabled: rotates,
		Policy: policy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}`, p.account),
	})
}

// bucket adds a bucket with every door shut.
func (p place) bucket(name string) *aws.Bucket {
	b := &aws.Bucket{
		CreatedAt:         daysAgo(500),
		PublicAccessBlock: shut(),
		Policy:            policy(`%s`, tlsOnly(name)),
		Grants:            []*aws.BucketGrant{{Grantee: digest(string(p.account)), GranteeType: "CanonicalUser", Permission: "FULL_CONTROL"}},
		ObjectOwnership:   "BucketOwnerEnforced",
		Encryption:        []*aws.BucketEncryption{{Algorithm: "AES256"}},
		Versioning:        "Enabled",
	}
	b.Base = cloud.Base{Ref: cloud.Ref("arn:aws:s3:::" + name), Name: name, Account: p.account, Region: p.region}
	return add(p, b)
}

// tlsOnly is the statement that refuses plain HTTP to a bucket.
func tlsOnly(bucket string) string {
	return fmt.Sprintf(`{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::%[1]s","arn:aws:s3:::%[1]s/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, bucket)
}

func shut() *aws.PublicAccessBlock {
	return &aws.PublicAccessBlock{BlockPublicACLs: true, IgnorePublicACLs: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}
}

// queue, topic, function, secret and table add one each, clean.

func (p place) queue(name string, policy *aws.Policy) *aws.Queue {
	return add(p, &aws.Queue{
		Base: p.base("sqs", name, name), URL: fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/%s", p.region, p.account, name),
		CreatedAt: daysAgo(200), Policy: policy, ManagedSSE: true, RetentionSeconds: 345600, VisibilitySeconds: 30,
	})
}

func (p place) topic(name string, key *aws.Key, policy *aws.Policy) *aws.Topic {
	t := &aws.Topic{Base: p.base("sns", name, name), Policy: policy, SignatureVersion: "2", Tracing: "PassThrough"}
	if key != nil {
		t.KMSKey = to(key)
	}
	return add(p, t)
}

func (p place) function(name string, role *aws.Role) *aws.Function {
	return add(p, &aws.Function{
		Base: p.base("lambda", "function:"+name, name), Runtime: "python3.13", PackageType: "Zip", Handler: "main.handle",
		CodeSHA256: digest(name), Architectures: []string{"x86_64"}, LastModified: daysAgo(30), Timeout: 30, MemorySize: 128,
		Role: to(role), Tracing: "Active", LogGroup: "/aws/lambda/" + name,
	})
}

func (p place) secret(name string, rotates bool) *aws.Secret {
	s := &aws.Secret{Base: p.base("secretsmanager", "secret:"+name+"-"+digest(name)[:6], name), CreatedAt: daysAgo(300), ChangedAt: daysAgo(10), AccessedAt: daysAgo(1), RotationEnabled: rotates}
	if rotates {
		s.RotationDays, s.RotatedAt, s.NextRotationAt = 30, daysAgo(10), daysAgo(-20)
	}
	return add(p, s)
}

func (p place) table(name string, recovery bool) *aws.Table {
	return add(p, &aws.Table{
		Base: p.base("dynamodb", "table/"+name, name), Status: "ACTIVE", CreatedAt: daysAgo(300), Class: "STANDARD", BillingMode: "PAY_PER_REQUEST",
		DeletionProtection: recovery, PointInTimeRecovery: recovery,
	})
}

func (p place) logGroup(name string, days int) *aws.LogGroup {
	return add(p, &aws.LogGroup{Base: p.base("logs", "log-group:"+name, name), CreatedAt: daysAgo(500), RetentionDays: days, Class: "STANDARD"})
}

// region adds the settings of one region.
func (p place) settings(encryptsVolumes bool) *aws.RegionSettings {
	return add(p, &aws.RegionSettings{
		Base: p.base("ec2", "region/"+string(p.region), string(p.region)), OptInStatus: "opt-in-not-required", EBSEncryptionByDefault: encryptsVolumes,
		MetadataDefaults: &aws.MetadataOptions{}, ImageBlockPublicAccess: "unblocked", SnapshotBlockPublicAccess: "unblocked", SSMDocumentPublicSharing: "Disable",
	})
}

// bare is an account nobody has set anything in.
func bare(s *cloud.Snapshot, id cloud.AccountID, name string, org *aws.Organization) *aws.Account {
	a := &aws.Account{
		Contact:             &aws.Contact{HasAddress: true, NameHash: digest("Tern Freight"), PhoneHash: digest("+353")},
		Root:                &aws.RootUser{PasswordEnabled: true, LastUsed: daysAgo(400), PasswordLastUsed: daysAgo(400), PasswordLastChanged: daysAgo(600)},
		Organization:        to(org),
		S3PublicAccessBlock: &aws.PublicAccessBlock{},
	}
	a.Ref, a.Name, a.Account = cloud.Ref(fmt.Sprintf("arn:aws:iam::%s:root", id)), name, id
	return add(place{s, id, ""}, a)
}
