package pour

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	codebuildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/testcloud"
)

func pourDatabases(p *pourer) {
	each(p, func(cfg awssdk.Config, d *aws.DBInstance) error {
		c := rds.NewFromConfig(cfg)
		subnets := &rds.CreateDBSubnetGroupInput{DBSubnetGroupName: &d.Name, DBSubnetGroupDescription: &d.Name, SubnetIds: ids(p, d.Subnets)}
		if _, err := c.CreateDBSubnetGroup(p.ctx, subnets); err != nil {
			return err
		}
		in := &rds.CreateDBInstanceInput{
			DBInstanceIdentifier: &d.Name, DBInstanceClass: &d.Class, Engine: &d.Engine, EngineVersion: &d.EngineVersion, AllocatedStorage: awssdk.Int32(20),
			MasterUsername: &d.MasterUsername, MasterUserPassword: awssdk.String("correct-horse"), DBSubnetGroupName: &d.Name, VpcSecurityGroupIds: ids(p, d.SecurityGroups),
			PubliclyAccessible: &d.PubliclyAccessible, StorageEncrypted: &d.StorageEncrypted, MultiAZ: &d.MultiAZ, AutoMinorVersionUpgrade: &d.AutoMinorVersionUpgrade,
			DeletionProtection: &d.DeletionProtection, CopyTagsToSnapshot: &d.CopyTagsToSnapshot, BackupRetentionPeriod: awssdk.Int32(int32(d.BackupRetentionDays)),
			EnableIAMDatabaseAuthentication: &d.IAMAuthentication, EnableCloudwatchLogsExports: d.LogExports, KmsKeyId: p.arn(d.KMSKey.To),
		}
		_, err := c.CreateDBInstance(p.ctx, in)
		return err
	})
	each(p, func(cfg awssdk.Config, s *aws.DBSnapshot) error {
		c := rds.NewFromConfig(cfg)
		if _, err := c.CreateDBSnapshot(p.ctx, &rds.CreateDBSnapshotInput{DBSnapshotIdentifier: &s.Name, DBInstanceIdentifier: awssdk.String(p.id(s.Instance.To))}); err != nil {
			return err
		}
		var shared []string
		for _, who := range s.SharedWith {
			shared = append(shared, p.text(who))
		}
		_, err := c.ModifyDBSnapshotAttribute(p.ctx, &rds.ModifyDBSnapshotAttributeInput{DBSnapshotIdentifier: &s.Name, AttributeName: awssdk.String("restore"), ValuesToAdd: shared})
		return err
	})
	each(p, func(cfg awssdk.Config, t *aws.Table) error {
		c := dynamodb.NewFromConfig(cfg)
		if _, err := c.CreateTable(p.ctx, &dynamodb.CreateTableInput{
			TableName: &t.Name, BillingMode: dynamodbtypes.BillingMode(t.BillingMode), DeletionProtectionEnabled: &t.DeletionProtection,
			AttributeDefinitions: []dynamodbtypes.AttributeDefinition{{AttributeName: awssdk.String("id"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
			KeySchema:            []dynamodbtypes.KeySchemaElement{{AttributeName: awssdk.String("id"), KeyType: dynamodbtypes.KeyTypeHash}},
		}); err != nil {
			return err
		}
		_, err := c.UpdateContinuousBackups(p.ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: &t.Name, PointInTimeRecoverySpecification: &dynamodbtypes.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: &t.PointInTimeRecovery}})
		return err
	})
}

// values gives the variables of a description values again: one that a
// detector finds where the description says so.
func values(vars []*aws.EnvVar) map[string]string {
	out := map[string]string{}
	for _, v := range vars {
		out[v.Name] = "production"
		if v.Secret != "" {
			out[v.Name] = testcloud.LeakedKey()
		}
	}
	return out
}

func pourFunctions(p *pourer) {
	each(p, func(cfg awssdk.Config, f *aws.Function) error {
		c := lambda.NewFromConfig(cfg)
		code, err := zipped()
		if err != nil {
			return err
		}
		if _, err := c.CreateFunction(p.ctx, &lambda.CreateFunctionInput{
			FunctionName: &f.Name, Role: p.arn(f.Role.To), Runtime: lambdatypes.Runtime(f.Runtime), Handler: &f.Handler, Code: &lambdatypes.FunctionCode{ZipFile: code},
			Environment: &lambdatypes.Environment{Variables: values(f.Environment)}, TracingConfig: &lambdatypes.TracingConfig{Mode: lambdatypes.TracingMode(f.Tracing)},
		}); err != nil {
			return err
		}
		if f.Policy != nil {
			for _, st := range f.Policy.Statements {
				in := &lambda.AddPermissionInput{FunctionName: &f.Name, StatementId: awssdk.String("given"), Action: &st.Actions[0], Principal: &st.Principals[0].ID}
				for _, cond := range st.Conditions {
					switch {
					case strings.EqualFold(cond.Key, "aws:SourceAccount"):
						in.SourceAccount = awssdk.String(p.text(cond.Values[0]))
					case strings.EqualFold(cond.Key, "aws:SourceArn"):
						in.SourceArn = awssdk.String(p.text(cond.Values[0]))
					}
				}
				if _, err := c.AddPermission(p.ctx, in); err != nil {
					return err
				}
			}
		}
		for _, u := range f.URLs {
			if _, err := c.CreateFunctionUrlConfig(p.ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: &f.Name, AuthType: lambdatypes.FunctionUrlAuthType(u.AuthType)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func zipped() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("main.py")
	if err != nil {
		return nil, err
	}
	_, err = f.Write([]byte("def handle(event, context): pass\n"))
	if err := errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func pourContainers(p *pourer) {
	each(p, func(cfg awssdk.Config, r *aws.Repository) error {
		c := ecr.NewFromConfig(cfg)
		if _, err := c.CreateRepository(p.ctx, &ecr.CreateRepositoryInput{RepositoryName: &r.Name, ImageTagMutability: ecrtypes.ImageTagMutability(r.TagMutability), ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: r.ScanOnPush}}); err != nil {
			return err
		}
		if r.HasLifecyclePolicy {
			if _, err := c.PutLifecyclePolicy(p.ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: &r.Name, LifecyclePolicyText: awssdk.String(`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":10},"action":{"type":"expire"}}]}`)}); err != nil {
				return err
			}
		}
		_, err := c.SetRepositoryPolicy(p.ctx, &ecr.SetRepositoryPolicyInput{RepositoryName: &r.Name, PolicyText: p.document(r.Policy)})
		return err
	})
	each(p, func(cfg awssdk.Config, k *aws.ECSCluster) error {
		_, err := ecs.NewFromConfig(cfg).CreateCluster(p.ctx, &ecs.CreateClusterInput{ClusterName: &k.Name, Settings: []ecstypes.ClusterSetting{{Name: ecstypes.ClusterSettingNameContainerInsights, Value: &k.ContainerInsights}}})
		return err
	})
	each(p, func(cfg awssdk.Config, t *aws.TaskDefinition) error {
		in := &ecs.RegisterTaskDefinitionInput{Family: &t.Family, NetworkMode: ecstypes.NetworkMode(t.NetworkMode), TaskRoleArn: p.arn(t.TaskRole.To), ExecutionRoleArn: p.arn(t.ExecutionRole.To)}
		for _, c := range t.Containers {
			out := ecstypes.ContainerDefinition{
				Name: &c.Name, Image: &c.Image, Essential: &c.Essential, Privileged: &c.Privileged, ReadonlyRootFilesystem: &c.ReadOnlyRoot, User: optional(c.User), Memory: awssdk.Int32(128),
				LogConfiguration: &ecstypes.LogConfiguration{LogDriver: ecstypes.LogDriver(c.LogDriver)},
			}
			for name, value := range values(c.Environment) {
				out.Environment = append(out.Environment, ecstypes.KeyValuePair{Name: &name, Value: &value})
			}
			in.ContainerDefinitions = append(in.ContainerDefinitions, out)
		}
		_, err := ecs.NewFromConfig(cfg).RegisterTaskDefinition(p.ctx, in)
		return err
	})
}

func pourShares(p *pourer) {
	each(p, func(cfg awssdk.Config, f *aws.FileSystem) error {
		name := testcloud.Label(f)
		_, err := efs.NewFromConfig(cfg).CreateFileSystem(p.ctx, &efs.CreateFileSystemInput{CreationToken: &name, Encrypted: &f.Encrypted, Backup: &f.AutomaticBackups, Tags: []efstypes.Tag{{Key: awssdk.String("Name"), Value: &name}}})
		return err
	})
}

func pourBuilds(p *pourer) {
	each(p, func(cfg awssdk.Config, b *aws.BuildProject) error {
		e := b.Environment
		in := &codebuild.CreateProjectInput{
			Name: &b.Name, ServiceRole: p.arn(b.ServiceRole.To),
			Environment: &codebuildtypes.ProjectEnvironment{Type: codebuildtypes.EnvironmentType(e.Type), Image: &e.Image, ComputeType: codebuildtypes.ComputeType(e.ComputeType)},
			Source:      &codebuildtypes.ProjectSource{Type: codebuildtypes.SourceType(b.Sources[0].Type), Location: &b.Sources[0].Location},
			Artifacts:   &codebuildtypes.ProjectArtifacts{Type: codebuildtypes.ArtifactsType(b.Artifacts[0].Type)},
		}
		for _, v := range e.Variables {
			kind, value := codebuildtypes.EnvironmentVariableTypePlaintext, values([]*aws.EnvVar{v})[v.Name]
			if v.Reference {
				kind, value = codebuildtypes.EnvironmentVariableTypeSecretsManager, "carrier-api"
			}
			in.Environment.EnvironmentVariables = append(in.Environment.EnvironmentVariables, codebuildtypes.EnvironmentVariable{Name: &v.Name, Value: &value, Type: kind})
		}
		_, err := codebuild.NewFromConfig(cfg).CreateProject(p.ctx, in)
		return err
	})
}
