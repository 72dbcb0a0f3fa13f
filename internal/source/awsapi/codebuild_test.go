package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestCodeBuild(t *testing.T) {
	e := newEstate(t)
	c := codebuild.NewFromConfig(e.cfg)
	must(t)(c.CreateProject(context.Background(), &codebuild.CreateProjectInput{
		Name:        awssdk.String("shop"),
		ServiceRole: awssdk.String("arn:aws:iam::" + string(e.account) + ":role/build"),
		Source:      &types.ProjectSource{Type: types.SourceTypeS3, Location: awssdk.String("sources/shop.zip")},
		Artifacts:   &types.ProjectArtifacts{Type: types.ArtifactsTypeS3, Location: awssdk.String("out"), EncryptionDisabled: awssdk.Bool(true)},
		Environment: &types.ProjectEnvironment{
			Type: types.EnvironmentTypeLinuxContainer, Image: awssdk.String("aws/codebuild/standard:7.0"), ComputeType: types.ComputeTypeBuildGeneral1Small,
			EnvironmentVariables: []types.EnvironmentVariable{
				{Name: awssdk.String("STAGE"), Value: awssdk.String("production")},
				{Name: awssdk.String("DB_PASSWORD"), Value: awssdk.String("c0rrect-h0rse-battery")},
				{Name: awssdk.String("API_TOKEN"), Value: awssdk.String("shop/api"), Type: types.EnvironmentVariableTypeSecretsManager},
			},
		},
	}))

	s := e.read(t, nil, "codebuild")
	p := find[aws.BuildProject](t, s, "shop")
	noGaps(t, p)
	if p.Environment == nil || len(p.Environment.Variables) != 3 || len(p.Sources) != 1 || len(p.Artifacts) != 1 {
		t.Fatalf("project: %+v", p)
	}
	stage, password, token := p.Environment.Variables[0], p.Environment.Variables[1], p.Environment.Variables[2]
	if stage.Secret != "" || password.Secret == "" || token.Secret != "" || !token.Reference {
		t.Errorf("variables: %+v %+v %+v", stage, password, token)
	}
	if a := p.Artifacts[0]; !a.Unencrypted || a.Bucket.To != "arn:aws:s3:::out" {
		t.Errorf("artifacts: %+v", a)
	}
	if p.Visibility != "PRIVATE" || !p.CloudWatchLogs || p.S3Logs || p.ServiceRole.IsZero() || p.EncryptionKey.IsZero() {
		t.Errorf("project: %+v", p)
	}
	// The emulator knows neither logins nor report groups: both must be gaps.
	for _, kind := range []cloud.Kind{"AWS::CodeBuild::SourceCredential", "AWS::CodeBuild::ReportGroup"} {
		gap := false
		for _, collection := range s.Collections {
			gap = gap || collection.Kind == kind && collection.Gap != nil
		}
		if !gap {
			t.Errorf("no gap on the collection of %s", kind)
		}
	}
}

func TestBuildProject(t *testing.T) {
	s := &scope{account: &account{id: "111122223333", partition: "aws"}, region: "eu-west-1"}
	p := buildProject(s, types.Project{
		Arn: awssdk.String("arn:aws:codebuild:eu-west-1:111122223333:project/shop"),
		Source: &types.ProjectSource{Type: types.SourceTypeGithub, Location: awssdk.String("https://bot:s3cr3t@github.com/shop/app.git"),
			Buildspec: awssdk.String("version: 0.2\nenv:\n  variables:\n    DB_PASSWORD: c0rrect-h0rse-battery\n")},
		Environment: &types.ProjectEnvironment{PrivilegedMode: awssdk.Bool(true)},
		LogsConfig: &types.LogsConfig{
			CloudWatchLogs: &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeDisabled},
			S3Logs:         &types.S3LogsConfig{Status: types.LogsConfigStatusTypeEnabled, Location: awssdk.String("logs/build"), EncryptionDisabled: awssdk.Bool(true)},
		},
		VpcConfig: &types.VpcConfig{VpcId: awssdk.String("vpc-1"), Subnets: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}},
		Webhook: &types.Webhook{FilterGroups: [][]types.WebhookFilter{{
			{Type: types.WebhookFilterTypeEvent, Pattern: awssdk.String("PUSH")},
			{Type: types.WebhookFilterTypeHeadRef, Pattern: awssdk.String("^refs/heads/main$")},
		}}},
	})
	src := p.Sources[0]
	if src.Location != "https://github.com/shop/app.git" || !src.CredentialsInURL {
		t.Errorf("source: %+v", src)
	}
	if !p.BuildspecInline || len(p.BuildspecSecrets) == 0 || !p.Environment.Privileged {
		t.Errorf("project: %+v", p)
	}
	if p.CloudWatchLogs || !p.S3Logs || !p.S3LogsUnencrypted || p.S3LogsBucket.To != "arn:aws:s3:::logs" {
		t.Errorf("logs: %+v", p)
	}
	if p.VPC.To != "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1" || len(p.Subnets) != 1 || len(p.SecurityGroups) != 1 {
		t.Errorf("network: %+v", p)
	}
	if len(p.Webhook.FilterGroups) != 1 || len(p.Webhook.FilterGroups[0].Filters) != 2 {
		t.Errorf("webhook: %+v", p.Webhook)
	}
	empty := buildProject(s, types.Project{})
	for _, field := range []string{"environment", "sources"} {
		if empty.Gap(field) == nil {
			t.Errorf("no gap on %s", field)
		}
	}
}

func TestReportGroup(t *testing.T) {
	s := &scope{account: &account{id: "111122223333", partition: "aws"}, region: "eu-west-1"}
	g := reportGroup(s, types.ReportGroup{ExportConfig: &types.ReportExportConfig{ExportConfigType: types.ReportExportConfigTypeS3,
		S3Destination: &types.S3ReportExportConfig{Bucket: awssdk.String("reports"), EncryptionDisabled: awssdk.Bool(true)}}})
	if g.ExportType != "S3" || !g.ExportUnencrypted || g.ExportBucket.To != "arn:aws:s3:::reports" {
		t.Errorf("report group: %+v", g)
	}
	if g := reportGroup(s, types.ReportGroup{}); g.Gap("export_type") == nil {
		t.Errorf("report group: %+v", g)
	}
}
