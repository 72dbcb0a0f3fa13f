package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func secretsmanagerService() *service {
	return &service{name: "secretsmanager", kinds: []cloud.Kind{kindOf[aws.Secret]()}, read: readSecretsManager}
}

func readSecretsManager(s *scope) {
	c := secretsmanager.NewFromConfig(s.cfg)
	kind := kindOf[aws.Secret]()
	var found []types.SecretListEntry
	list(s, secretsmanager.NewListSecretsPaginator(c, &secretsmanager.ListSecretsInput{IncludePlannedDeletion: awssdk.Bool(true)}),
		func(out *secretsmanager.ListSecretsOutput) { found = append(found, out.SecretList...) }, kind)
	each(s, kind, found, func(in types.SecretListEntry) {
		secret := secretOf(s, in)
		defer s.add(secret)
		readSecret(s, c, secret)
	})
}

func secretOf(s *scope, in types.SecretListEntry) *aws.Secret {
	secret := &aws.Secret{
		Base:             s.base(cloud.Ref(awssdk.ToString(in.ARN)), awssdk.ToString(in.Name)),
		Description:      awssdk.ToString(in.Description),
		CreatedAt:        awssdk.ToTime(in.CreatedDate),
		ChangedAt:        awssdk.ToTime(in.LastChangedDate),
		AccessedAt:       awssdk.ToTime(in.LastAccessedDate),
		DeletionAt:       awssdk.ToTime(in.DeletedDate),
		KMSKey:           secretKey(s, in.KmsKeyId),
		OwningService:    awssdk.ToString(in.OwningService),
		RotationEnabled:  awssdk.ToBool(in.RotationEnabled), // left out for secrets that never had it
		RotationFunction: cloud.LinkTo[aws.Function](cloud.Ref(awssdk.ToString(in.RotationLambdaARN))),
		RotatedAt:        awssdk.ToTime(in.LastRotatedDate),
		NextRotationAt:   awssdk.ToTime(in.NextRotationDate),
	}
	if r := in.RotationRules; r != nil {
		secret.RotationDays = int(awssdk.ToInt64(r.AutomaticallyAfterDays))
		secret.RotationSchedule = awssdk.ToString(r.ScheduleExpression)
	}
	secret.Tags = tagMap(in.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	return secret
}

func readSecret(s *scope, c *secretsmanager.Client, secret *aws.Secret) {
	id := awssdk.String(string(secret.Ref))
	fill(s, secret, []string{"policy"}, c.GetResourcePolicy, &secretsmanager.GetResourcePolicyInput{SecretId: id}, func(out *secretsmanager.GetResourcePolicyOutput) {
		secret.Policy = parsePolicy(secret, "policy", out.ResourcePolicy)
	})
	fill(s, secret, []string{"replica", "primary_region", "replicas"}, c.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: id}, func(out *secretsmanager.DescribeSecretOutput) {
		secret.PrimaryRegion = awssdk.ToString(out.PrimaryRegion)
		secret.Replica = secret.PrimaryRegion != "" && secret.PrimaryRegion != string(s.region)
		for _, r := range out.ReplicationStatus {
			region := cloud.Region(awssdk.ToString(r.Region))
			secret.Replicas = append(secret.Replicas, &aws.SecretReplica{
				InRegion: string(region),
				Status:   string(r.Status),
				KMSKey:   secretKey(s.in(region), r.KmsKeyId),
			})
		}
	})
}

// secretKey links to the secret's key. Naming the AWS managed key is the same
// as naming none.
func secretKey(s *scope, id *string) cloud.Link[aws.Key] {
	if awssdk.ToString(id) == "alias/aws/secretsmanager" {
		return cloud.Link[aws.Key]{}
	}
	return cloud.LinkTo[aws.Key](s.keyRef(id))
}
