package awsapi

import (
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glacier"
	"github.com/aws/aws-sdk-go-v2/service/glacier/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func glacierService() *service {
	return &service{name: "glacier", kinds: []cloud.Kind{kindOf[aws.Vault]()}, read: readGlacier}
}

func readGlacier(s *scope) {
	c := glacier.NewFromConfig(s.cfg)
	kind := kindOf[aws.Vault]()
	own := awssdk.String("-") // the account of the credentials
	var found []types.DescribeVaultOutput
	list(s, glacier.NewListVaultsPaginator(c, &glacier.ListVaultsInput{AccountId: own}), func(out *glacier.ListVaultsOutput) {
		found = append(found, out.VaultList...)
	}, kind)
	each(s, kind, found, func(in types.DescribeVaultOutput) { readVault(s, c, own, in) })
}

func readVault(s *scope, c *glacier.Client, own *string, in types.DescribeVaultOutput) {
	v := &aws.Vault{
		Base:      s.base(cloud.Ref(awssdk.ToString(in.VaultARN)), awssdk.ToString(in.VaultName)),
		CreatedAt: isoTime(in.CreationDate),
		Archives:  int(in.NumberOfArchives),
		SizeBytes: int(in.SizeInBytes),
	}
	defer s.add(v)
	fill(s, v, []string{"policy"}, c.GetVaultAccessPolicy, &glacier.GetVaultAccessPolicyInput{AccountId: own, VaultName: in.VaultName},
		func(out *glacier.GetVaultAccessPolicyOutput) { v.Policy = parsePolicy(v, "policy", out.Policy.Policy) }, "ResourceNotFoundException")
	fill(s, v, []string{"lock"}, c.GetVaultLock, &glacier.GetVaultLockInput{AccountId: own, VaultName: in.VaultName},
		func(out *glacier.GetVaultLockOutput) {
			v.Lock = &aws.VaultLock{CreatedAt: isoTime(out.CreationDate), ExpiresAt: isoTime(out.ExpirationDate)}
			v.Lock.State = need(v.Lock, "state", out.State)
			v.Lock.Policy = parsePolicy(v.Lock, "policy", out.Policy)
		}, "ResourceNotFoundException")
	fill(s, v, []string{"tags"}, c.ListTagsForVault, &glacier.ListTagsForVaultInput{AccountId: own, VaultName: in.VaultName},
		func(out *glacier.ListTagsForVaultOutput) { v.Tags = out.Tags })
}

// isoTime reads a time given as text; what is no time is none.
func isoTime(text *string) time.Time {
	t, err := time.Parse(time.RFC3339, awssdk.ToString(text))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
