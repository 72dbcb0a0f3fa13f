package pour

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	config "github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	guarddutytypes "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"merlon.dev/internal/cloud/aws"
)

// pourRecords pours what watches the estate: log groups, the trail, alarms,
// recorders and detectors.
func pourRecords(p *pourer) {
	each(p, func(cfg awssdk.Config, g *aws.LogGroup) error {
		c := logs.NewFromConfig(cfg)
		if _, err := c.CreateLogGroup(p.ctx, &logs.CreateLogGroupInput{LogGroupName: &g.Name}); err != nil {
			return err
		}
		if g.RetentionDays == 0 {
			return nil
		}
		_, err := c.PutRetentionPolicy(p.ctx, &logs.PutRetentionPolicyInput{LogGroupName: &g.Name, RetentionInDays: awssdk.Int32(int32(g.RetentionDays))})
		return err
	})
	each(p, p.trail)
	each(p, func(cfg awssdk.Config, f *aws.MetricFilter) error {
		_, err := logs.NewFromConfig(cfg).PutMetricFilter(p.ctx, &logs.PutMetricFilterInput{LogGroupName: awssdk.String(logGroupName(f.LogGroup.To)), FilterName: &f.Name, FilterPattern: &f.Pattern,
			MetricTransformations: []logstypes.MetricTransformation{{MetricName: &f.Name, MetricNamespace: awssdk.String("Tern"), MetricValue: awssdk.String("1")}}})
		return err
	})
	each(p, func(cfg awssdk.Config, a *aws.Alarm) error {
		// The emulator speaks the service's older protocol only.
		c := cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) })
		_, err := c.PutMetricAlarm(p.ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: &a.Name, MetricName: &a.Name, Namespace: awssdk.String("Tern"), ActionsEnabled: &a.ActionsEnabled, AlarmActions: a.Actions, Statistic: cloudwatchtypes.Statistic(a.Statistic),
			ComparisonOperator: cloudwatchtypes.ComparisonOperator(a.Comparison), Threshold: &a.Threshold, Period: awssdk.Int32(int32(a.PeriodSeconds)), EvaluationPeriods: awssdk.Int32(int32(a.EvaluationPeriods)), TreatMissingData: &a.TreatMissingData,
		})
		return err
	})
	each(p, func(cfg awssdk.Config, r *aws.ConfigRecorder) error {
		c := config.NewFromConfig(cfg)
		if _, err := c.PutConfigurationRecorder(p.ctx, &config.PutConfigurationRecorderInput{ConfigurationRecorder: &configtypes.ConfigurationRecorder{
			Name: &r.Name, RoleARN: p.arn(r.Role.To), RecordingGroup: &configtypes.RecordingGroup{AllSupported: r.AllSupported, IncludeGlobalResourceTypes: r.GlobalTypes},
		}}); err != nil {
			return err
		}
		if _, err := c.PutDeliveryChannel(p.ctx, &config.PutDeliveryChannelInput{DeliveryChannel: &configtypes.DeliveryChannel{Name: &r.Name, S3BucketName: awssdk.String("tern-audit-logs"), S3KeyPrefix: &r.Delivery.Prefix}}); err != nil {
			return err
		}
		_, err := c.StartConfigurationRecorder(p.ctx, &config.StartConfigurationRecorderInput{ConfigurationRecorderName: &r.Name})
		return err
	})
	each(p, func(cfg awssdk.Config, d *aws.Detector) error {
		_, err := guardduty.NewFromConfig(cfg).CreateDetector(p.ctx, &guardduty.CreateDetectorInput{Enable: &d.Enabled, FindingPublishingFrequency: guarddutytypes.FindingPublishingFrequency(d.PublishingFrequency)})
		return err
	})
	each(p, func(cfg awssdk.Config, h *aws.SecurityHub) error {
		_, err := securityhub.NewFromConfig(cfg).EnableSecurityHub(p.ctx, &securityhub.EnableSecurityHubInput{EnableDefaultStandards: awssdk.Bool(true)})
		return err
	})
	each(p, func(cfg awssdk.Config, m *aws.MacieSession) error {
		_, err := macie2.NewFromConfig(cfg).EnableMacie(p.ctx, &macie2.EnableMacieInput{})
		return err
	})
}

func (p *pourer) trail(cfg awssdk.Config, t *aws.Trail) error {
	c := cloudtrail.NewFromConfig(cfg)
	if _, err := c.CreateTrail(p.ctx, &cloudtrail.CreateTrailInput{
		Name: &t.Name, S3BucketName: awssdk.String(p.id(t.Bucket.To)), IsMultiRegionTrail: &t.MultiRegion, IsOrganizationTrail: &t.Organization, IncludeGlobalServiceEvents: &t.GlobalServiceEvents,
		EnableLogFileValidation: &t.LogFileValidation, KmsKeyId: p.arn(t.KMSKey.To), CloudWatchLogsLogGroupArn: awssdk.String(p.text(string(t.LogGroup.To)) + ":*"), CloudWatchLogsRoleArn: p.arn(t.LogsRole.To),
	}); err != nil {
		return err
	}
	if _, err := c.PutEventSelectors(p.ctx, &cloudtrail.PutEventSelectorsInput{TrailName: &t.Name, EventSelectors: []trailtypes.EventSelector{
		{ReadWriteType: trailtypes.ReadWriteTypeAll, IncludeManagementEvents: awssdk.Bool(true)},
		{ReadWriteType: trailtypes.ReadWriteTypeWriteOnly, IncludeManagementEvents: awssdk.Bool(false), DataResources: []trailtypes.DataResource{{Type: awssdk.String("AWS::S3::Object"), Values: []string{"arn:aws:s3"}}}},
	}}); err != nil {
		return err
	}
	if !t.Logging {
		return nil
	}
	_, err := c.StartLogging(p.ctx, &cloudtrail.StartLoggingInput{Name: &t.Name})
	return err
}
