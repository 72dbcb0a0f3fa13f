package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glacier"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// TestGlacier reads a vault at an emulator that knows the list of vaults only:
// what else there is to a vault must be gaps.
func TestGlacier(t *testing.T) {
	e := newEstate(t)
	c := glacier.NewFromConfig(e.cfg)
	must(t)(c.CreateVault(context.Background(), &glacier.CreateVaultInput{AccountId: awssdk.String("-"), VaultName: awssdk.String("archive")}))
	v := find[aws.Vault](t, e.read(t, nil, "glacier"), "archive")
	if v.Ref != cloud.Ref("arn:aws:glacier:us-east-1:"+string(e.account)+":vaults/archive") || v.CreatedAt.IsZero() {
		t.Errorf("vault: %+v", v)
	}
	for _, field := range []string{"policy", "lock", "tags"} {
		if v.Gap(field) == nil {
			t.Errorf("no gap on %s", field)
		}
	}
}
