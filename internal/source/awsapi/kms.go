package awsapi

import (
	"cmp"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func kmsService() *service {
	return &service{name: "kms", kinds: []cloud.Kind{kindOf[aws.Key]()}, read: readKMS}
}

func readKMS(s *scope) {
	c := kms.NewFromConfig(s.cfg)
	kind := kindOf[aws.Key]()
	var found []types.KeyListEntry
	list(s, kms.NewListKeysPaginator(c, &kms.ListKeysInput{}), func(out *kms.ListKeysOutput) {
		found = append(found, out.Keys...)
	}, kind)
	if len(found) == 0 {
		return
	}
	aliases, aliasGap := keyAliases(s, c)
	each(s, kind, found, func(in types.KeyListEntry) {
		id := awssdk.ToString(in.KeyId)
		k := &aws.Key{Base: s.base(s.arn("kms", "key/"+id), id), Aliases: aliases[id]}
		k.SetGap(aliasGap, "aliases")
		defer s.add(k)
		if slices.ContainsFunc(k.Aliases, func(a string) bool { return strings.HasPrefix(a, "alias/aws/") }) {
			ownedByAWS(k)
			return
		}
		readKey(s, c, k)
	})
}

// keyAliases returns the sorted aliases of each key id. AWS keeps the names
// below alias/aws/ for its own keys, and lists some that have no key yet.
func keyAliases(s *scope, c *kms.Client) (map[string][]string, *cloud.Gap) {
	aliases := map[string][]string{}
	pages := kms.NewListAliasesPaginator(c, &kms.ListAliasesInput{})
	for pages.HasMorePages() {
		out, gap := page(s, pages)
		if gap != nil {
			return aliases, gap.AsPartial()
		}
		for _, a := range out.Aliases {
			if id := awssdk.ToString(a.TargetKeyId); id != "" {
				aliases[id] = append(aliases[id], awssdk.ToString(a.AliasName))
			}
		}
	}
	for _, names := range aliases {
		slices.Sort(names)
	}
	return aliases, nil
}

// ownedByAWS states what holds for every AWS managed key, which spares the
// calls that would confirm it: they are symmetric, always enabled, and renewed
// every year.
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
func ownedByAWS(k *aws.Key) {
	k.Manager, k.State = "AWS", "Enabled"
	k.Usage, k.Spec, k.MaterialOrigin = "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "AWS_KMS"
	k.RotationEnabled, k.RotationDays = true, 365
	k.SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: "AWS manages the key; what nobody can change is not read"},
		"description", "created_at", "next_rotation_at", "policy", "grants")
}

func readKey(s *scope, c *kms.Client, k *aws.Key) {
	id := awssdk.String(k.Name)
	unread := fill(s, k, []string{"description", "manager", "state", "usage", "spec", "material_origin", "custom_key_store", "created_at",
		"deletion_at", "material_expires_at", "multi_region", "primary", "replicas"},
		c.DescribeKey, &kms.DescribeKeyInput{KeyId: id}, func(out *kms.DescribeKeyOutput) { describeKey(k, out.KeyMetadata) })
	if g := k.Gap("aliases"); g != nil && s.EndpointURL != "" {
		// Emulators call AWS's own keys the customer's; there only the alias tells.
		whole := *g
		whole.Partial = false
		k.SetGap(&whole, "manager")
	}
	if k.Manager == "AWS" {
		ownedByAWS(k)
		return
	}
	fill(s, k, []string{"policy"}, c.GetKeyPolicy, &kms.GetKeyPolicyInput{KeyId: id, PolicyName: awssdk.String("default")}, func(out *kms.GetKeyPolicyOutput) {
		k.Policy = parsePolicy(k, "policy", out.Policy)
	})
	if unread != nil || rotatable(k) {
		fill(s, k, []string{"rotation_enabled", "rotation_days", "next_rotation_at"}, c.GetKeyRotationStatus,
			&kms.GetKeyRotationStatusInput{KeyId: id}, func(out *kms.GetKeyRotationStatusOutput) { keyRotation(k, out) },
			"UnsupportedOperationException", "KMSInvalidStateException")
	}
	fillList(s, k, []string{"grants"}, kms.NewListGrantsPaginator(c, &kms.ListGrantsInput{KeyId: id}), func(out *kms.ListGrantsOutput) {
		for _, g := range out.Grants {
			k.Grants = append(k.Grants, keyGrant(g))
		}
	})
	fillList(s, k, []string{"tags"}, kms.NewListResourceTagsPaginator(c, &kms.ListResourceTagsInput{KeyId: id}), func(out *kms.ListResourceTagsOutput) {
		for name, value := range tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.TagKey, t.TagValue }) {
			if k.Tags == nil {
				k.Tags = map[string]string{}
			}
			k.Tags[name] = value
		}
	})
}

// rotatable is whether KMS can renew the key's material by itself. For all
// other keys rotation is off, and asking for it fails.
func rotatable(k *aws.Key) bool {
	return k.Spec == "SYMMETRIC_DEFAULT" && k.MaterialOrigin == "AWS_KMS" && k.CustomKeyStore == "" && (k.State == "Enabled" || k.State == "Disabled")
}

func describeKey(k *aws.Key, in *types.KeyMetadata) {
	k.Description = awssdk.ToString(in.Description)
	k.Manager = needText(k, "manager", in.KeyManager)
	k.State = needText(k, "state", in.KeyState)
	k.Usage = needText(k, "usage", in.KeyUsage)
	k.Spec = needText(k, "spec", cmp.Or(string(in.KeySpec), string(in.CustomerMasterKeySpec)))
	k.MaterialOrigin = needText(k, "material_origin", in.Origin)
	k.CustomKeyStore = awssdk.ToString(in.CustomKeyStoreId)
	k.CreatedAt = awssdk.ToTime(in.CreationDate)
	k.DeletionAt = awssdk.ToTime(in.DeletionDate)
	k.MaterialExpiresAt = awssdk.ToTime(in.ValidTo)
	k.MultiRegion = need(k, "multi_region", in.MultiRegion)
	if m := in.MultiRegionConfiguration; m != nil {
		if m.PrimaryKey != nil {
			k.Primary = cloud.LinkTo[aws.Key](cloud.Ref(awssdk.ToString(m.PrimaryKey.Arn)))
		}
		for _, r := range m.ReplicaKeys {
			k.Replicas = append(k.Replicas, cloud.LinkTo[aws.Key](cloud.Ref(awssdk.ToString(r.Arn))))
		}
	}
}

func keyRotation(k *aws.Key, in *kms.GetKeyRotationStatusOutput) {
	if k.RotationEnabled = in.KeyRotationEnabled; !k.RotationEnabled {
		return
	}
	// Without a period of its own a key rotates every 365 days.
	k.RotationDays = int(cmp.Or(awssdk.ToInt32(in.RotationPeriodInDays), 365))
	k.NextRotationAt = awssdk.ToTime(in.NextRotationDate)
}

func keyGrant(in types.GrantListEntry) *aws.KeyGrant {
	g := &aws.KeyGrant{
		ID:                awssdk.ToString(in.GrantId),
		Name:              awssdk.ToString(in.Name),
		Grantee:           cmp.Or(awssdk.ToString(in.GranteePrincipal), awssdk.ToString(in.GranteeServicePrincipal)),
		RetiringPrincipal: cmp.Or(awssdk.ToString(in.RetiringPrincipal), awssdk.ToString(in.RetiringServicePrincipal)),
		IssuingAccount:    awssdk.ToString(in.IssuingAccount),
		CreatedAt:         awssdk.ToTime(in.CreationDate),
	}
	for _, o := range in.Operations {
		g.Operations = append(g.Operations, string(o))
	}
	if c := in.Constraints; c != nil {
		g.ContextEquals, g.ContextSubset = c.EncryptionContextEquals, c.EncryptionContextSubset
	}
	return g
}
