package pour

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secrettypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/testcloud"
)

// pourBuckets makes every bucket before any of them logs into another.
func pourBuckets(p *pourer) {
	client := func(cfg awssdk.Config) *s3.Client {
		return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	}
	each(p, func(cfg awssdk.Config, b *aws.Bucket) error {
		_, err := client(cfg).CreateBucket(p.ctx, &s3.CreateBucketInput{
			Bucket: &b.Name, ObjectOwnership: types.ObjectOwnership(b.ObjectOwnership),
			CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(b.Region)},
		})
		return err
	})
	each(p, func(cfg awssdk.Config, b *aws.Bucket) error { return p.bucketSettings(client(cfg), b) })
}

func (p *pourer) bucketSettings(c *s3.Client, b *aws.Bucket) error {
	if s := b.PublicAccessBlock; s != nil {
		if _, err := c.PutPublicAccessBlock(p.ctx, &s3.PutPublicAccessBlockInput{Bucket: &b.Name, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: &s.BlockPublicACLs, IgnorePublicAcls: &s.IgnorePublicACLs, BlockPublicPolicy: &s.BlockPublicPolicy, RestrictPublicBuckets: &s.RestrictPublicBuckets,
		}}); err != nil {
			return err
		}
	}
	for _, e := range b.Encryption {
		if _, err := c.PutBucketEncryption(p.ctx, &s3.PutBucketEncryptionInput{Bucket: &b.Name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryption(e.Algorithm)}}},
		}}); err != nil {
			return err
		}
	}
	if b.Versioning != "" {
		if _, err := c.PutBucketVersioning(p.ctx, &s3.PutBucketVersioningInput{Bucket: &b.Name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatus(b.Versioning)}}); err != nil {
			return err
		}
	}
	for _, l := range b.Lifecycle {
		if _, err := c.PutBucketLifecycleConfiguration(p.ctx, &s3.PutBucketLifecycleConfigurationInput{Bucket: &b.Name, LifecycleConfiguration: &types.BucketLifecycleConfiguration{
			Rules: []types.LifecycleRule{{ID: &l.ID, Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: awssdk.String("")}, Expiration: &types.LifecycleExpiration{Days: awssdk.Int32(int32(l.ExpirationDays))}}},
		}}); err != nil {
			return err
		}
	}
	if b.Policy != nil {
		if _, err := c.PutBucketPolicy(p.ctx, &s3.PutBucketPolicyInput{Bucket: &b.Name, Policy: p.document(b.Policy)}); err != nil {
			return err
		}
	}
	if l := b.Logging; l != nil {
		_, err := c.PutBucketLogging(p.ctx, &s3.PutBucketLoggingInput{Bucket: &b.Name, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{
			TargetBucket: awssdk.String(strings.TrimPrefix(string(l.TargetBucket.To), "arn:aws:s3:::")), TargetPrefix: &l.TargetPrefix,
		}}})
		return err
	}
	return nil
}

func pourMessages(p *pourer) {
	each(p, func(cfg awssdk.Config, t *aws.Topic) error {
		attributes := map[string]string{"Policy": *p.document(t.Policy)}
		if !t.KMSKey.IsZero() {
			attributes["KmsMasterKeyId"] = *p.arn(t.KMSKey.To)
		}
		c := sns.NewFromConfig(cfg)
		if _, err := c.CreateTopic(p.ctx, &sns.CreateTopicInput{Name: &t.Name, Attributes: attributes}); err != nil {
			return err
		}
		for _, s := range t.Subscriptions {
			if _, err := c.Subscribe(p.ctx, &sns.SubscribeInput{TopicArn: p.arn(t.Ref), Protocol: &s.Protocol, Endpoint: &s.Endpoint}); err != nil {
				return err
			}
		}
		return nil
	})
	each(p, func(cfg awssdk.Config, q *aws.Queue) error {
		_, err := sqs.NewFromConfig(cfg).CreateQueue(p.ctx, &sqs.CreateQueueInput{QueueName: &q.Name, Attributes: map[string]string{"Policy": *p.document(q.Policy), "SqsManagedSseEnabled": yes(q.ManagedSSE)}})
		return err
	})
	each(p, func(cfg awssdk.Config, b *aws.EventBus) error {
		c := eventbridge.NewFromConfig(cfg)
		if _, err := c.CreateEventBus(p.ctx, &eventbridge.CreateEventBusInput{Name: &b.Name}); err != nil {
			return err
		}
		_, err := c.PutPermission(p.ctx, &eventbridge.PutPermissionInput{EventBusName: &b.Name, Policy: p.document(b.Policy)})
		return err
	})
	each(p, func(cfg awssdk.Config, s *aws.Secret) error {
		c := secretsmanager.NewFromConfig(cfg)
		if _, err := c.CreateSecret(p.ctx, &secretsmanager.CreateSecretInput{Name: &s.Name, SecretString: awssdk.String(testcloud.Label(s))}); err != nil {
			return err
		}
		if !s.RotationEnabled {
			return nil
		}
		_, err := c.RotateSecret(p.ctx, &secretsmanager.RotateSecretInput{SecretId: &s.Name, RotationRules: &secrettypes.RotationRulesType{AutomaticallyAfterDays: awssdk.Int64(int64(s.RotationDays))}})
		return err
	})
}
