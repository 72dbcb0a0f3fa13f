package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func codebuildMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::CodeBuild::Project", "Name", "arn:{partition}:codebuild:{region}:{account}:project/{name}", buildProject),
		code.Makes("AWS::CodeBuild::SourceCredential", "", "", func(f *code.Form, c *aws.SourceCredential) {
			f.Set(&c.ServerType, "ServerType")
			f.Set(&c.AuthType, "AuthType")
			f.Default(&c.Resource)
		}),
		code.Makes("AWS::CodeBuild::ReportGroup", "Name", "arn:{partition}:codebuild:{region}:{account}:report-group/{name}", func(f *code.Form, g *aws.ReportGroup) {
			f.Set(&g.Type, "Type")
			f.Set(&g.ExportType, "ExportConfig.ExportConfigType")
			f.Set(&g.ExportBucket, "ExportConfig.S3Destination.Bucket")
			f.Set(&g.ExportUnencrypted, "ExportConfig.S3Destination.EncryptionDisabled")
			f.Set(&g.ExportKey, "ExportConfig.S3Destination.EncryptionKey")
		}),
	}
}

// buildProject reads a project. Its logs go to CloudWatch unless the template
// says otherwise, and its output is encrypted with the key of S3 in the account.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html
func buildProject(f *code.Form, p *aws.BuildProject) {
	f.Set(&p.Description, "Description")
	f.Set(&p.ServiceRole, "ServiceRole")
	f.Set(&p.Visibility, "Visibility", "PRIVATE")
	f.Set(&p.Badge, "BadgeEnabled")
	f.Set(&p.EncryptionKey, "EncryptionKey", "alias/aws/s3")
	f.Set(&p.TimeoutMinutes, "TimeoutInMinutes", 60)
	f.Set(&p.VPC, "VpcConfig.VpcId")
	f.Set(&p.Subnets, "VpcConfig.Subnets")
	f.Set(&p.SecurityGroups, "VpcConfig.SecurityGroupIds")
	code.Make(f, &p.Environment, f.Get("Environment"), buildEnvironment)
	code.EachOf(f, &p.Sources, code.Concat(f.Get("Source"), f.Get("SecondarySources")), buildSource)
	code.EachOf(f, &p.Artifacts, code.Concat(f.Get("Artifacts"), f.Get("SecondaryArtifacts")), buildArtifacts)
	code.Buildspec(f, p, f.Get("Source.BuildSpec"))
	f.Put(&p.CloudWatchLogs, f.Get("LogsConfig.CloudWatchLogs.Status").Or(code.Text("ENABLED", nil)).Is("ENABLED"))
	f.Set(&p.LogGroup, "LogsConfig.CloudWatchLogs.GroupName")
	f.Put(&p.S3Logs, f.Get("LogsConfig.S3Logs.Status").Is("ENABLED"))
	f.Put(&p.S3LogsBucket, code.BucketOf(f.Get("LogsConfig.S3Logs.Location")))
	f.Set(&p.S3LogsUnencrypted, "LogsConfig.S3Logs.EncryptionDisabled")
	f.Default(&p.Webhook)
	if on, known := f.Get("Triggers.Webhook").Bool(); on || !known && !f.Get("Triggers.Webhook").IsAbsent() {
		code.OneOf(f, &p.Webhook, f.Get("Triggers"), buildWebhook)
	}
}

func buildEnvironment(f *code.Form, e *aws.BuildEnvironment) {
	f.Set(&e.Type, "Type")
	f.Put(&e.Image, f.Stand(f.Get("Image")))
	f.Set(&e.PullAs, "ImagePullCredentialsType", "CODEBUILD")
	f.Set(&e.ComputeType, "ComputeType")
	f.Set(&e.Privileged, "PrivilegedMode")
	code.Each(f, &e.Variables, "EnvironmentVariables", func(f *code.Form, v *aws.EnvVar) {
		code.BuildVariable(f, v, f.Get("Name"), f.Get("Value"), f.Get("Type"))
	})
}

func buildSource(f *code.Form, s *aws.BuildSource) {
	f.Set(&s.ID, "SourceIdentifier")
	f.Set(&s.Type, "Type")
	f.Set(&s.InsecureSSL, "InsecureSsl")
	f.Set(&s.AuthType, "Auth.Type")
	code.SourceLocation(f, &s.Location, &s.CredentialsInURL, f.Get("Location"))
}

func buildArtifacts(f *code.Form, a *aws.BuildArtifacts) {
	f.Set(&a.ID, "ArtifactIdentifier")
	f.Set(&a.Type, "Type")
	f.Set(&a.Unencrypted, "EncryptionDisabled")
	f.Default(&a.Bucket)
	if s3, known := f.Get("Type").Is("S3").Bool(); s3 || !known {
		f.Set(&a.Bucket, "Location")
	}
}

func buildWebhook(f *code.Form, w *aws.BuildWebhook) {
	f.Set(&w.BuildType, "BuildType", "BUILD")
	f.Default(&w.BranchFilter)
	f.Given(&w.CommentApproval, "PullRequestBuildPolicy.RequiresCommentApproval")
	code.Each(f, &w.FilterGroups, "FilterGroups", func(f *code.Form, g *aws.BuildFilterGroup) {
		code.EachOf(f, &g.Filters, f.Get(""), func(f *code.Form, b *aws.BuildFilter) {
			f.Set(&b.Type, "Type")
			f.Set(&b.Pattern, "Pattern")
			f.Set(&b.Exclude, "ExcludeMatchedPattern")
		})
	})
}
