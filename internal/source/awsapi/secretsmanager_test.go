package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"merlon.dev/internal/cloud/aws"
)

func TestSecretsManager(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := secretsmanager.NewFromConfig(e.cfg)
	must(t)(c.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: awssdk.String("db"), SecretString: awssdk.String("hunter2"),
		KmsKeyId: awssdk.String("1234abcd-12ab-34cd-56ef-1234567890ab"), Tags: []types.Tag{{Key: awssdk.String("team"), Value: awssdk.String("shop")}}}))
	must(t)(c.PutResourcePolicy(ctx, &secretsmanager.PutResourcePolicyInput{SecretId: awssdk.String("db"), ResourcePolicy: awssdk.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}}`)}))
	must(t)(c.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: awssdk.String("plain"), SecretString: awssdk.String("x"),
		AddReplicaRegions: []types.ReplicaRegionType{{Region: awssdk.String("us-east-2")}}}))
	must(t)(c.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: awssdk.String("gone"), SecretString: awssdk.String("x")}))
	must(t)(c.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: awssdk.String("gone")}))

	s := e.read(t, nil, "secretsmanager")
	db := find[aws.Secret](t, s, "db")
	noGaps(t, db)
	if string(db.KMSKey.To) != "arn:aws:kms:us-east-1:"+string(e.account)+":key/1234abcd-12ab-34cd-56ef-1234567890ab" {
		t.Errorf("key: %s", db.KMSKey.To)
	}
	if db.RotationEnabled || !db.RotatedAt.IsZero() || db.Replica || db.Policy == nil || db.Tags["team"] != "shop" || db.CreatedAt.IsZero() {
		t.Errorf("secret: %+v", db)
	}
	plain := find[aws.Secret](t, s, "plain")
	noGaps(t, plain)
	if !plain.KMSKey.IsZero() || plain.Policy != nil || len(plain.Replicas) != 1 || plain.Replicas[0].InRegion != "us-east-2" {
		t.Errorf("secret: %+v", plain)
	}
	if gone := find[aws.Secret](t, s, "gone"); gone.DeletionAt.IsZero() {
		t.Errorf("secret: %+v", gone)
	}
}
