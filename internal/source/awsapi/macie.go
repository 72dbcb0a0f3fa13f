package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/macie2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func macieService() *service {
	return &service{name: "macie", kinds: []cloud.Kind{kindOf[aws.MacieSession]()}, read: readMacie}
}

// readMacie tells an account that may not ask from one where Macie is off: AWS
// answers both with AccessDeniedException.
func readMacie(s *scope) {
	c := macie2.NewFromConfig(s.cfg)
	out, gap := switched(s, kindOf[aws.MacieSession](), "Macie is not enabled", c.GetMacieSession, &macie2.GetMacieSessionInput{})
	if out == nil || gap != nil {
		return
	}
	m := &aws.MacieSession{
		Base:                s.base(s.arn("macie2", "session"), "macie"),
		Enabled:             out.Status == types.MacieStatusEnabled,
		CreatedAt:           awssdk.ToTime(out.CreatedAt),
		PublishingFrequency: string(out.FindingPublishingFrequency),
	}
	if out.Status == "" {
		need[bool](m, "enabled", nil)
	}
	defer s.add(m)
	fill(s, m, []string{"automated_discovery"}, c.GetAutomatedDiscoveryConfiguration, &macie2.GetAutomatedDiscoveryConfigurationInput{}, func(out *macie2.GetAutomatedDiscoveryConfigurationOutput) {
		m.AutomatedDiscovery = out.Status == types.AutomatedDiscoveryStatusEnabled
	})
	fill(s, m, []string{"results_bucket"}, c.GetClassificationExportConfiguration, &macie2.GetClassificationExportConfigurationInput{}, func(out *macie2.GetClassificationExportConfigurationOutput) {
		if conf := out.Configuration; conf != nil && conf.S3Destination != nil {
			m.ResultsBucket = bucketLink(s, awssdk.ToString(conf.S3Destination.BucketName))
		}
	})
}
