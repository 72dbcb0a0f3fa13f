package awsapi

import (
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/secretscan"
)

func ssmService() *service {
	return &service{name: "ssm", read: readSSM, fields: []string{"ssm_document_public_sharing"}, kinds: []cloud.Kind{kindOf[aws.Parameter](), kindOf[aws.Document](), kindOf[aws.ManagedInstance]()}}
}

func readSSM(s *scope) {
	c := ssm.NewFromConfig(s.cfg)
	set := s.regionSettings()
	fill(s, set, []string{"ssm_document_public_sharing"}, c.GetServiceSetting, &ssm.GetServiceSettingInput{
		SettingId: awssdk.String("/ssm/documents/console/public-sharing-permission"),
	}, func(out *ssm.GetServiceSettingOutput) {
		if out.ServiceSetting != nil {
			set.SSMDocumentPublicSharing = awssdk.ToString(out.ServiceSetting.SettingValue)
		}
		needText(set, "ssm_document_public_sharing", set.SSMDocumentPublicSharing)
	})
	readParameters(s, c)
	readDocuments(s, c)
	readManagedInstances(s, c)
}

// parameterRef is the ARN of a parameter, whose name may begin with a slash.
func parameterRef(s *scope, name string) cloud.Ref {
	return s.arn("ssm", "parameter/"+strings.TrimPrefix(name, "/"))
}

func readParameters(s *scope, c *ssm.Client) {
	kind := kindOf[aws.Parameter]()
	var found []types.ParameterMetadata
	list(s, ssm.NewDescribeParametersPaginator(c, &ssm.DescribeParametersInput{MaxResults: awssdk.Int32(50)}), func(out *ssm.DescribeParametersOutput) {
		found = append(found, out.Parameters...)
	}, kind)
	each(s, kind, found, func(in types.ParameterMetadata) {
		p := parameterOf(s, in)
		defer s.add(p)
		fill(s, p, []string{"tags"}, c.ListTagsForResource, &ssm.ListTagsForResourceInput{
			ResourceId: in.Name, ResourceType: types.ResourceTypeForTaggingParameter,
		}, func(out *ssm.ListTagsForResourceOutput) { p.Tags = ssmTags(out.TagList) })
	})
}

func ssmTags(in []types.Tag) map[string]string {
	return tagMap(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func parameterOf(s *scope, in types.ParameterMetadata) *aws.Parameter {
	p := &aws.Parameter{
		Base:             s.base(parameterRef(s, *in.Name), *in.Name),
		Tier:             string(in.Tier),
		LastModified:     awssdk.ToTime(in.LastModifiedDate),
		NamedLikeASecret: secretscan.SecretName(*in.Name),
	}
	p.Type = needText(p, "type", in.Type)
	if in.Type == types.ParameterTypeSecureString {
		p.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(in.KeyId))
	}
	return p
}

func readDocuments(s *scope, c *ssm.Client) {
	kind := kindOf[aws.Document]()
	var found []types.DocumentIdentifier
	own := []types.DocumentKeyValuesFilter{{Key: awssdk.String("Owner"), Values: []string{"Self"}}}
	list(s, ssm.NewListDocumentsPaginator(c, &ssm.ListDocumentsInput{Filters: own, MaxResults: awssdk.Int32(50)}), func(out *ssm.ListDocumentsOutput) {
		found = append(found, out.DocumentIdentifiers...)
	}, kind)
	each(s, kind, found, func(in types.DocumentIdentifier) {
		if o := awssdk.ToString(in.Owner); o != "" && o != string(s.id) {
			return
		}
		d := &aws.Document{
			Base:      s.base(s.arn("ssm", "document/"+*in.Name), *in.Name),
			Type:      string(in.DocumentType),
			Format:    string(in.DocumentFormat),
			CreatedAt: awssdk.ToTime(in.CreatedDate),
		}
		d.Tags = ssmTags(in.Tags)
		defer s.add(d)
		readDocument(s, c, d)
	})
}

func readDocument(s *scope, c *ssm.Client, d *aws.Document) {
	fill(s, d, []string{"public", "shared_with"}, c.DescribeDocumentPermission, &ssm.DescribeDocumentPermissionInput{
		Name: &d.Name, PermissionType: types.DocumentPermissionTypeShare,
	}, func(out *ssm.DescribeDocumentPermissionOutput) {
		for _, id := range out.AccountIds {
			if strings.EqualFold(id, "all") {
				d.Public = true
			} else {
				d.SharedWith = append(d.SharedWith, id)
			}
		}
		slices.Sort(d.SharedWith)
		if awssdk.ToString(out.NextToken) != "" { // everyone comes on the first page
			d.SetGap(&cloud.Gap{Reason: cloud.NotRead, Operation: "ssm:DescribeDocumentPermission", Message: "shared with more accounts", Partial: true}, "shared_with")
		}
	})
	fill(s, d, []string{"secrets"}, c.GetDocument, &ssm.GetDocumentInput{Name: &d.Name}, func(out *ssm.GetDocumentOutput) {
		d.Secrets = textSecrets(d, "secrets", awssdk.ToString(out.Content))
	})
}

func readManagedInstances(s *scope, c *ssm.Client) {
	kind := kindOf[aws.ManagedInstance]()
	var found []*aws.ManagedInstance
	list(s, ssm.NewDescribeInstanceInformationPaginator(c, &ssm.DescribeInstanceInformationInput{MaxResults: awssdk.Int32(50)}), func(out *ssm.DescribeInstanceInformationOutput) {
		items(s, kind, out.InstanceInformationList, func(in types.InstanceInformation) { found = append(found, managedInstanceOf(s, in)) })
	}, kind)
	if len(found) == 0 {
		return
	}
	status, gap := complianceOf(s, c)
	for _, m := range found {
		m.PatchStatus = status[compliance{m.Name, "Patch"}]
		m.AssociationStatus = status[compliance{m.Name, "Association"}]
		if m.PatchStatus == "" {
			m.SetGap(gap, "patch_status")
		}
		if m.AssociationStatus == "" {
			m.SetGap(gap, "association_status")
		}
		s.add(m)
	}
}

func managedInstanceOf(s *scope, in types.InstanceInformation) *aws.ManagedInstance {
	id := *in.InstanceId
	m := &aws.ManagedInstance{
		Base:            s.base(s.arn("ssm", "managed-instance/"+id), id),
		PingStatus:      string(in.PingStatus),
		LastPing:        awssdk.ToTime(in.LastPingDateTime),
		AgentVersion:    awssdk.ToString(in.AgentVersion),
		AgentIsLatest:   awssdk.ToBool(in.IsLatestVersion),
		PlatformType:    string(in.PlatformType),
		PlatformName:    awssdk.ToString(in.PlatformName),
		PlatformVersion: awssdk.ToString(in.PlatformVersion),
	}
	if strings.HasPrefix(id, "i-") {
		m.Instance = ec2Link[aws.Instance](s, "instance", id)
	}
	return m
}

type compliance struct{ machine, about string }

// complianceOf reads, for all machines at once, whether their patches and
// associations are as they should be.
func complianceOf(s *scope, c *ssm.Client) (map[compliance]string, *cloud.Gap) {
	status := map[compliance]string{}
	pages := ssm.NewListResourceComplianceSummariesPaginator(c, &ssm.ListResourceComplianceSummariesInput{MaxResults: awssdk.Int32(50)})
	for pages.HasMorePages() {
		out, gap := page(s, pages)
		if gap != nil {
			return status, gap
		}
		for _, in := range out.ResourceComplianceSummaryItems {
			status[compliance{awssdk.ToString(in.ResourceId), awssdk.ToString(in.ComplianceType)}] = string(in.Status)
		}
	}
	return status, nil
}
