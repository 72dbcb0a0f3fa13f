package awsapi

import (
	"context"
	"slices"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/google/go-cmp/cmp"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestKMS(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := kms.NewFromConfig(e.cfg)
	create := func(in *kms.CreateKeyInput) string {
		out, err := c.CreateKey(ctx, in)
		must(t)(out, err)
		return awssdk.ToString(out.KeyMetadata.KeyId)
	}
	orders := create(&kms.CreateKeyInput{Description: awssdk.String("orders"), MultiRegion: awssdk.Bool(true), KeyUsage: types.KeyUsageTypeEncryptDecrypt,
		Tags: []types.Tag{{TagKey: awssdk.String("team"), TagValue: awssdk.String("shop")}}})
	must(t)(c.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: &orders}))
	must(t)(c.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: awssdk.String("alias/orders"), TargetKeyId: &orders}))
	must(t)(c.CreateGrant(ctx, &kms.CreateGrantInput{KeyId: &orders, GranteePrincipal: awssdk.String("arn:aws:iam::210987654321:role/reader"),
		Operations: []types.GrantOperation{types.GrantOperationDecrypt}}))
	signing := create(&kms.CreateKeyInput{KeySpec: types.KeySpecRsa2048, KeyUsage: types.KeyUsageTypeSignVerify})
	dying := create(&kms.CreateKeyInput{})
	must(t)(c.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: &dying, PendingWindowInDays: awssdk.Int32(7)}))

	s := e.read(t, nil, "kms")
	k := find[aws.Key](t, s, orders)
	noGaps(t, k)
	if k.Manager != "CUSTOMER" || k.State != "Enabled" || k.Spec != "SYMMETRIC_DEFAULT" || k.MaterialOrigin != "AWS_KMS" || !k.MultiRegion {
		t.Errorf("key: %+v", k)
	}
	if !k.RotationEnabled || k.RotationDays != 365 {
		t.Errorf("rotation %v every %d days", k.RotationEnabled, k.RotationDays)
	}
	if diff := cmp.Diff(map[string]string{"team": "shop"}, k.Tags); diff != "" {
		t.Error(diff)
	}
	if len(k.Grants) != 1 || k.Grants[0].Grantee != "arn:aws:iam::210987654321:role/reader" || !slices.Equal(k.Grants[0].Operations, []string{"Decrypt"}) {
		t.Errorf("grants: %+v", k.Grants)
	}
	if k.Policy == nil || len(k.Policy.Statements) == 0 {
		t.Errorf("policy: %+v", k.Policy)
	}
	want := []cloud.Ref{cloud.Ref("arn:aws:kms:us-east-1:" + string(e.account) + ":alias/orders")}
	if diff := cmp.Diff(want, k.AlsoKnown()); diff != "" {
		t.Error(diff)
	}

	// The emulator leaves out fields that AWS always sends.
	k = find[aws.Key](t, s, signing)
	noGaps(t, k, "multi_region")
	if k.Usage != "SIGN_VERIFY" || k.RotationEnabled {
		t.Errorf("signing key: %+v", k)
	}
	k = find[aws.Key](t, s, dying)
	noGaps(t, k, "multi_region", "usage")
	if k.State != "PendingDeletion" || k.DeletionAt.IsZero() || k.Gap("multi_region").Reason != cloud.Missing {
		t.Errorf("dying key: %+v", k)
	}
}

// TestKMSSparesKeysOfAWS reads an account with an AWS managed key: no call may
// go to that key alone.
func TestKMSSparesKeysOfAWS(t *testing.T) {
	e := newEstate(t)
	c := kms.NewFromConfig(e.cfg)
	// The emulator makes the key of a service when somebody first looks at it.
	out, err := c.DescribeKey(context.Background(), &kms.DescribeKeyInput{KeyId: awssdk.String("alias/aws/ebs")})
	must(t)(out, err)
	stats := &Stats{}
	s := e.read(t, func(c *Config) { c.Stats = stats }, "kms")
	k := find[aws.Key](t, s, awssdk.ToString(out.KeyMetadata.KeyId))
	if k.Manager != "AWS" || !k.RotationEnabled || k.Gap("policy") == nil || k.Gap("policy").Reason != cloud.NotRead {
		t.Errorf("key: %+v", k)
	}
	for operation := range stats.Calls() {
		if !slices.Contains([]string{"kms:ListKeys", "kms:ListAliases", "sts:GetCallerIdentity", "ec2:DescribeRegions"}, operation) {
			t.Errorf("called %s", operation)
		}
	}
}
