package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"merlon.dev/internal/cloud/aws"
)

func TestS3(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := s3.NewFromConfig(e.cfg, func(o *s3.Options) { o.UsePathStyle = true })
	must(t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: awssdk.String("plain")}))
	must(t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: awssdk.String("data")}))
	must(t)(c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: awssdk.String("data"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}))
	must(t)(c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: awssdk.String("data"), Policy: awssdk.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}}`)}))
	must(t)(c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: awssdk.String("data"),
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: awssdk.Bool(true)}}))

	s := e.read(t, nil, "s3")
	plain := find[aws.Bucket](t, s, "plain")
	noGaps(t, plain, "access_points")
	if plain.Versioning != "" || plain.Policy != nil || plain.PublicAccessBlock != nil {
		t.Errorf("plain bucket: %+v", plain)
	}
	data := find[aws.Bucket](t, s, "data")
	noGaps(t, data, "access_points")
	if data.Versioning != "Enabled" || data.Region != "us-east-1" {
		t.Errorf("versioning %q in %q", data.Versioning, data.Region)
	}
	if data.Policy == nil || data.Policy.Statements[0].Principals[0].ID != "*" {
		t.Errorf("policy: %+v", data.Policy)
	}
	if b := data.PublicAccessBlock; b == nil || !b.BlockPublicACLs || b.RestrictPublicBuckets {
		t.Errorf("public access block: %+v", b)
	}
}

// must fails the test on the error of a call that prepares it.
func must(t *testing.T) func(any, error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestS3AccessPoints(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := s3.NewFromConfig(e.cfg, func(o *s3.Options) { o.UsePathStyle = true })
	must(t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: awssdk.String("shelf")}))
	control := s3control.NewFromConfig(e.cfg)
	account := awssdk.String(string(e.account))
	must(t)(control.CreateAccessPoint(ctx, &s3control.CreateAccessPointInput{AccountId: account, Name: awssdk.String("reading"), Bucket: awssdk.String("shelf"),
		PublicAccessBlockConfiguration: &controltypes.PublicAccessBlockConfiguration{BlockPublicAcls: awssdk.Bool(true), BlockPublicPolicy: awssdk.Bool(false)}}))
	must(t)(control.PutAccessPointPolicy(ctx, &s3control.PutAccessPointPolicyInput{AccountId: account, Name: awssdk.String("reading"), Policy: awssdk.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`)}))
	must(t)(control.CreateMultiRegionAccessPoint(ctx, &s3control.CreateMultiRegionAccessPointInput{AccountId: account, ClientToken: awssdk.String("once"),
		Details: &controltypes.CreateMultiRegionAccessPointInput{Name: awssdk.String("everywhere"), Regions: []controltypes.Region{{Bucket: awssdk.String("shelf")}}}}))

	s := e.read(t, func(c *Config) { c.Regions = nil }, "s3")
	shelf := find[aws.Bucket](t, s, "shelf")
	noGaps(t, shelf)
	p := find[aws.AccessPoint](t, s, "reading")
	noGaps(t, p, "tags") // the emulator does not know them
	if p.Bucket.Target() != shelf || p.Region != "us-east-1" || p.NetworkOrigin != "Internet" || p.Policy == nil {
		t.Errorf("access point: %+v", p)
	}
	if b := p.PublicAccessBlock; b == nil || !b.BlockPublicACLs || b.BlockPublicPolicy || !b.RestrictPublicBuckets {
		t.Errorf("public access block: %+v", b)
	}
	if len(shelf.AccessPoints) != 1 || shelf.AccessPoints[0].Target() != p {
		t.Errorf("access points of the bucket: %+v", shelf.AccessPoints)
	}
	everywhere := find[aws.MultiRegionAccessPoint](t, s, "everywhere")
	noGaps(t, everywhere)
	if len(everywhere.Buckets) != 1 || everywhere.Buckets[0].Target() != shelf || everywhere.Region != "" || everywhere.PublicAccessBlock == nil {
		t.Errorf("multi-region access point: %+v", everywhere)
	}
}
