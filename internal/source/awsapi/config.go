package awsapi

import (
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func configService() *service {
	return &service{name: "config", kinds: []cloud.Kind{kindOf[aws.ConfigRecorder](), kindOf[aws.ConfigRule]()}, read: readConfig}
}

func readConfig(s *scope) {
	c := configservice.NewFromConfig(s.cfg)
	recorders, rules := kindOf[aws.ConfigRecorder](), kindOf[aws.ConfigRule]()
	var found []types.ConfigurationRecorder
	gap := get(s, c.DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{}, func(out *configservice.DescribeConfigurationRecordersOutput) {
		found = out.ConfigurationRecorders
	}, recorders)
	if gap == nil && len(found) == 0 {
		s.decide(nil, []cloud.Kind{rules})
		return
	}
	items(s, recorders, found, func(r types.ConfigurationRecorder) { readRecorder(s, r) })
	list(s, configservice.NewDescribeConfigRulesPaginator(c, &configservice.DescribeConfigRulesInput{}), func(out *configservice.DescribeConfigRulesOutput) {
		items(s, rules, out.ConfigRules, func(r types.ConfigRule) { s.add(configRule(s, r)) })
	}, rules)
}

func readRecorder(s *scope, in types.ConfigurationRecorder) {
	if awssdk.ToString(in.ServicePrincipal) != "" {
		return // kept by an AWS service for itself
	}
	c := configservice.NewFromConfig(s.cfg)
	name := awssdk.ToString(in.Name)
	ref := cloud.Ref(awssdk.ToString(in.Arn))
	if ref == "" {
		ref = s.arn("config", "configuration-recorder/"+name)
	}
	r := &aws.ConfigRecorder{Base: s.base(ref, name), Role: cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.RoleARN)))}
	untagged(r)
	defer s.add(r)
	recordingGroup(r, in)
	fill(s, r, []string{"recording", "last_status", "last_error", "last_status_at"}, c.DescribeConfigurationRecorderStatus,
		&configservice.DescribeConfigurationRecorderStatusInput{ConfigurationRecorderNames: []string{name}}, func(out *configservice.DescribeConfigurationRecorderStatusOutput) {
			status := out.ConfigurationRecordersStatus[0]
			r.Recording = status.Recording
			r.LastStatus, r.LastError = string(status.LastStatus), awssdk.ToString(status.LastErrorCode)
			r.LastStatusAt = awssdk.ToTime(status.LastStatusChangeTime)
		})
	fill(s, r, []string{"delivery"}, c.DescribeDeliveryChannels, &configservice.DescribeDeliveryChannelsInput{}, func(out *configservice.DescribeDeliveryChannelsOutput) {
		for _, d := range out.DeliveryChannels {
			r.Delivery = configDelivery(s, d)
		}
	})
}

func recordingGroup(r *aws.ConfigRecorder, in types.ConfigurationRecorder) {
	g := in.RecordingGroup
	if g == nil {
		r.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "config:DescribeConfigurationRecorders"},
			"strategy", "all_supported", "global_types", "resource_types", "excluded_types")
		return
	}
	r.AllSupported, r.GlobalTypes = g.AllSupported, g.IncludeGlobalResourceTypes
	switch {
	case g.RecordingStrategy != nil && g.RecordingStrategy.UseOnly != "":
		r.Strategy = string(g.RecordingStrategy.UseOnly)
	case g.AllSupported:
		r.Strategy = string(types.RecordingStrategyTypeAllSupportedResourceTypes)
	default:
		r.Strategy = string(types.RecordingStrategyTypeInclusionByResourceTypes)
	}
	for _, t := range g.ResourceTypes {
		r.ResourceTypes = append(r.ResourceTypes, string(t))
	}
	if x := g.ExclusionByResourceTypes; x != nil {
		for _, t := range x.ResourceTypes {
			r.ExcludedTypes = append(r.ExcludedTypes, string(t))
		}
	}
	if r.Strategy == string(types.RecordingStrategyTypeExclusionByResourceTypes) {
		r.GlobalTypes = !slices.ContainsFunc(r.ExcludedTypes, func(t string) bool { return strings.HasPrefix(t, "AWS::IAM::") })
	}
	r.Frequency = string(types.RecordingFrequencyContinuous)
	if m := in.RecordingMode; m != nil && m.RecordingFrequency != "" {
		r.Frequency = string(m.RecordingFrequency)
	}
}

func configDelivery(s *scope, d types.DeliveryChannel) *aws.ConfigDelivery {
	out := &aws.ConfigDelivery{
		Bucket: bucketLink(s, awssdk.ToString(d.S3BucketName)),
		Prefix: awssdk.ToString(d.S3KeyPrefix),
		KMSKey: cloud.LinkTo[aws.Key](s.keyRef(d.S3KmsKeyArn)),
		Topic:  cloud.LinkTo[aws.Topic](cloud.Ref(awssdk.ToString(d.SnsTopicARN))),
	}
	if p := d.ConfigSnapshotDeliveryProperties; p != nil {
		out.SnapshotFrequency = string(p.DeliveryFrequency)
	}
	return out
}

func configRule(s *scope, in types.ConfigRule) *aws.ConfigRule {
	r := &aws.ConfigRule{
		Base:      s.base(cloud.Ref(awssdk.ToString(in.ConfigRuleArn)), awssdk.ToString(in.ConfigRuleName)),
		State:     string(in.ConfigRuleState),
		CreatedBy: awssdk.ToString(in.CreatedBy),
	}
	if src := in.Source; src != nil {
		r.Owner, r.Source = string(src.Owner), awssdk.ToString(src.SourceIdentifier)
	} else {
		need[string](r, "owner", nil)
	}
	untagged(r)
	return r
}

// untagged marks the tags of a resource as not read: AWS would be asked once
// for each resource.
func untagged(r cloud.Resource) {
	r.Meta().SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: "tags of this kind are not read"}, "tags")
}
