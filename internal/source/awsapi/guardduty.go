package awsapi

import (
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func guarddutyService() *service {
	return &service{name: "guardduty", kinds: []cloud.Kind{kindOf[aws.Detector]()}, read: readGuardDuty}
}

func readGuardDuty(s *scope) {
	kind := kindOf[aws.Detector]()
	var ids []string
	list(s, guardduty.NewListDetectorsPaginator(guardduty.NewFromConfig(s.cfg), &guardduty.ListDetectorsInput{}), func(out *guardduty.ListDetectorsOutput) {
		ids = append(ids, out.DetectorIds...)
	}, kind)
	each(s, kind, ids, func(id string) { readDetector(s, id) })
}

func readDetector(s *scope, id string) {
	c := guardduty.NewFromConfig(s.cfg)
	d := &aws.Detector{Base: s.base(s.arn("guardduty", "detector/"+id), id)}
	defer s.add(d)
	fill(s, d, []string{"enabled", "created_at", "publishing_frequency", "features", "tags"}, c.GetDetector, &guardduty.GetDetectorInput{DetectorId: &id}, func(out *guardduty.GetDetectorOutput) {
		d.Enabled = out.Status == types.DetectorStatusEnabled
		if out.Status == "" {
			need[bool](d, "enabled", nil)
		}
		if at, err := time.Parse(time.RFC3339, awssdk.ToString(out.CreatedAt)); err == nil {
			d.CreatedAt = at
		}
		d.PublishingFrequency = string(out.FindingPublishingFrequency)
		d.Features = detectorFeatures(out)
		d.Tags = out.Tags
	})
	fill(s, d, []string{"administrator", "administrator_relation"}, c.GetAdministratorAccount, &guardduty.GetAdministratorAccountInput{DetectorId: &id}, func(out *guardduty.GetAdministratorAccountOutput) {
		if a := out.Administrator; a != nil {
			d.Administrator, d.AdministratorRelation = awssdk.ToString(a.AccountId), awssdk.ToString(a.RelationshipStatus)
		}
	})
	fillList(s, d, []string{"members"}, guardduty.NewListMembersPaginator(c, &guardduty.ListMembersInput{DetectorId: &id}), func(out *guardduty.ListMembersOutput) {
		d.Members += len(out.Members)
	})
}

// detectorFeatures takes the features from the reply, or from the older list of
// data sources where the endpoint sends that only.
func detectorFeatures(in *guardduty.GetDetectorOutput) []*aws.DetectorFeature {
	var out []*aws.DetectorFeature
	for _, f := range in.Features {
		feature := &aws.DetectorFeature{Name: string(f.Name), Enabled: f.Status == types.FeatureStatusEnabled}
		for _, a := range f.AdditionalConfiguration {
			feature.Additional = append(feature.Additional, &aws.DetectorFeature{Name: string(a.Name), Enabled: a.Status == types.FeatureStatusEnabled})
		}
		out = append(out, feature)
	}
	if len(out) > 0 || in.DataSources == nil {
		return out
	}
	add := func(name types.DetectorFeatureResult, status types.DataSourceStatus) {
		out = append(out, &aws.DetectorFeature{Name: string(name), Enabled: status == types.DataSourceStatusEnabled})
	}
	if l := in.DataSources.S3Logs; l != nil {
		add(types.DetectorFeatureResultS3DataEvents, l.Status)
	}
	if k := in.DataSources.Kubernetes; k != nil && k.AuditLogs != nil {
		add(types.DetectorFeatureResultEksAuditLogs, k.AuditLogs.Status)
	}
	if m := in.DataSources.MalwareProtection; m != nil && m.ScanEc2InstanceWithFindings != nil && m.ScanEc2InstanceWithFindings.EbsVolumes != nil {
		add(types.DetectorFeatureResultEbsMalwareProtection, m.ScanEc2InstanceWithFindings.EbsVolumes.Status)
	}
	return out
}
