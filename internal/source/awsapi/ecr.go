package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func ecrService() *service {
	return &service{name: "ecr", kinds: []cloud.Kind{kindOf[aws.Repository](), kindOf[aws.Registry]()}, read: readECR}
}

func readECR(s *scope) {
	c := ecr.NewFromConfig(s.cfg)
	kind := kindOf[aws.Repository]()
	var found []types.Repository
	list(s, ecr.NewDescribeRepositoriesPaginator(c, &ecr.DescribeRepositoriesInput{}), func(out *ecr.DescribeRepositoriesOutput) {
		found = append(found, out.Repositories...)
	}, kind, kindOf[aws.Registry]())
	if len(found) == 0 {
		return
	}
	registry := readRegistry(s, c)
	each(s, kind, found, func(in types.Repository) {
		r := repositoryOf(s, in)
		defer s.add(r)
		r.RegistryScan = aws.ScanFor(registry.ScanRules, r.Name)
		r.SetGap(registry.Gap("scan_rules"), "registry_scan")
		readRepository(s, c, r)
	})
}

func readRegistry(s *scope, c *ecr.Client) *aws.Registry {
	r := &aws.Registry{Base: s.base(s.arn("ecr", "registry"), string(s.id))}
	defer s.add(r)
	fill(s, r, []string{"policy"}, c.GetRegistryPolicy, &ecr.GetRegistryPolicyInput{}, func(out *ecr.GetRegistryPolicyOutput) {
		r.Policy = parsePolicy(r, "policy", out.PolicyText)
	}, "RegistryPolicyNotFoundException")
	fill(s, r, []string{"scan_type", "scan_rules"}, c.GetRegistryScanningConfiguration, &ecr.GetRegistryScanningConfigurationInput{}, func(out *ecr.GetRegistryScanningConfigurationOutput) {
		conf := out.ScanningConfiguration
		r.ScanType = needText(r, "scan_type", conf.ScanType)
		for _, in := range conf.Rules {
			rule := &aws.ScanRule{Frequency: string(in.ScanFrequency)}
			for _, f := range in.RepositoryFilters {
				rule.Filters = append(rule.Filters, awssdk.ToString(f.Filter))
			}
			r.ScanRules = append(r.ScanRules, rule)
		}
	})
	return r
}

func repositoryOf(s *scope, in types.Repository) *aws.Repository {
	r := &aws.Repository{
		Base:      s.base(cloud.Ref(*in.RepositoryArn), awssdk.ToString(in.RepositoryName)),
		URI:       awssdk.ToString(in.RepositoryUri),
		CreatedAt: awssdk.ToTime(in.CreatedAt),
	}
	r.TagMutability = needText(r, "tag_mutability", in.ImageTagMutability)
	if sc := in.ImageScanningConfiguration; sc != nil {
		r.ScanOnPush = sc.ScanOnPush
	} else {
		need[string](r, "scan_on_push", nil)
	}
	if e := in.EncryptionConfiguration; e != nil {
		r.Encryption = string(e.EncryptionType)
		r.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(e.KmsKey))
	} else {
		need[string](r, "encryption", nil)
	}
	return r
}

func readRepository(s *scope, c *ecr.Client, r *aws.Repository) {
	arn := string(r.Ref)
	fill(s, r, []string{"tags"}, c.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: &arn}, func(out *ecr.ListTagsForResourceOutput) {
		r.Tags = tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
	fill(s, r, []string{"policy"}, c.GetRepositoryPolicy, &ecr.GetRepositoryPolicyInput{RepositoryName: &r.Name}, func(out *ecr.GetRepositoryPolicyOutput) {
		r.Policy = parsePolicy(r, "policy", out.PolicyText)
	}, "RepositoryPolicyNotFoundException")
	fill(s, r, []string{"has_lifecycle_policy"}, c.GetLifecyclePolicy, &ecr.GetLifecyclePolicyInput{RepositoryName: &r.Name}, func(out *ecr.GetLifecyclePolicyOutput) {
		r.HasLifecyclePolicy = awssdk.ToString(out.LifecyclePolicyText) != ""
	}, "LifecyclePolicyNotFoundException")
}
