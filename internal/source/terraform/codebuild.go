package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func codebuildMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_codebuild_project", "name", "arn:{partition}:codebuild:{region}:{account}:project/{name}", buildProject),
		code.Joins("aws_codebuild_webhook", "project_name", func(f *code.Form, p *aws.BuildProject) {
			code.Make(f, &p.Webhook, f.Get(""), buildWebhook)
		}),
		code.Makes("aws_codebuild_source_credential", "", "", func(f *code.Form, c *aws.SourceCredential) {
			f.Set(&c.ServerType, "server_type")
			f.Set(&c.AuthType, "auth_type")
			f.Default(&c.Resource)
		}),
		code.Makes("aws_codebuild_report_group", "name", "arn:{partition}:codebuild:{region}:{account}:report-group/{name}", reportGroup),
	}
}

// buildProject reads a project. Its logs go to CloudWatch unless the code says
// otherwise, and its output is encrypted with the key of S3 in the account.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/codebuild_project
func buildProject(f *code.Form, p *aws.BuildProject) {
	f.Default(&p.Webhook)
	f.Set(&p.Description, "description")
	f.Set(&p.ServiceRole, "service_role")
	f.Set(&p.Visibility, "project_visibility", "PRIVATE")
	f.Set(&p.Badge, "badge_enabled")
	f.Set(&p.EncryptionKey, "encryption_key", "alias/aws/s3")
	f.Set(&p.TimeoutMinutes, "build_timeout", 60)
	f.Set(&p.VPC, "vpc_config.vpc_id")
	f.Set(&p.Subnets, "vpc_config.subnets")
	f.Set(&p.SecurityGroups, "vpc_config.security_group_ids")
	code.Make(f, &p.Environment, f.Get("environment"), buildEnvironment)
	code.EachOf(f, &p.Sources, code.Concat(f.Get("source"), f.Get("secondary_sources")), buildSource)
	code.EachOf(f, &p.Artifacts, code.Concat(f.Get("artifacts"), f.Get("secondary_artifacts")), buildArtifacts)
	code.Buildspec(f, p, f.Get("source.buildspec"))
	f.Put(&p.CloudWatchLogs, f.Get("logs_config.cloudwatch_logs.status").Or(code.Text("ENABLED", nil)).Is("ENABLED"))
	f.Set(&p.LogGroup, "logs_config.cloudwatch_logs.group_name")
	f.Put(&p.S3Logs, f.Get("logs_config.s3_logs.status").Is("ENABLED"))
	f.Put(&p.S3LogsBucket, code.BucketOf(f.Get("logs_config.s3_logs.location")))
	f.Set(&p.S3LogsUnencrypted, "logs_config.s3_logs.encryption_disabled")
}

func buildEnvironment(f *code.Form, e *aws.BuildEnvironment) {
	f.Set(&e.Type, "type")
	f.Put(&e.Image, f.Stand(f.Get("image")))
	f.Set(&e.PullAs, "image_pull_credentials_type", "CODEBUILD")
	f.Set(&e.ComputeType, "compute_type")
	f.Set(&e.Privileged, "privileged_mode")
	code.Each(f, &e.Variables, "environment_variable", func(f *code.Form, v *aws.EnvVar) {
		code.BuildVariable(f, v, f.Get("name"), f.Get("value"), f.Get("type"))
	})
}

func buildSource(f *code.Form, s *aws.BuildSource) {
	f.Set(&s.ID, "source_identifier")
	f.Set(&s.Type, "type")
	f.Set(&s.InsecureSSL, "insecure_ssl")
	f.Set(&s.AuthType, "auth.type")
	code.SourceLocation(f, &s.Location, &s.CredentialsInURL, f.Get("location"))
}

func buildArtifacts(f *code.Form, a *aws.BuildArtifacts) {
	f.Set(&a.ID, "artifact_identifier")
	f.Set(&a.Type, "type")
	f.Set(&a.Unencrypted, "encryption_disabled")
	f.Default(&a.Bucket)
	if s3, known := f.Get("type").Is("S3").Bool(); s3 || !known {
		f.Set(&a.Bucket, "location")
	}
}

// buildWebhook reads what starts builds.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/codebuild_webhook
func buildWebhook(f *code.Form, w *aws.BuildWebhook) {
	f.Set(&w.BuildType, "build_type", "BUILD")
	f.Set(&w.BranchFilter, "branch_filter")
	f.Given(&w.CommentApproval, "pull_request_build_policy.requires_comment_approval")
	code.Each(f, &w.FilterGroups, "filter_group", func(f *code.Form, g *aws.BuildFilterGroup) {
		code.Each(f, &g.Filters, "filter", buildFilter)
	})
}

func buildFilter(f *code.Form, b *aws.BuildFilter) {
	f.Set(&b.Type, "type")
	f.Set(&b.Pattern, "pattern")
	f.Set(&b.Exclude, "exclude_matched_pattern")
}

func reportGroup(f *code.Form, g *aws.ReportGroup) {
	f.Set(&g.Type, "type")
	f.Set(&g.ExportType, "export_config.type")
	f.Set(&g.ExportBucket, "export_config.s3_destination.bucket")
	f.Set(&g.ExportUnencrypted, "export_config.s3_destination.encryption_disabled")
	f.Set(&g.ExportKey, "export_config.s3_destination.encryption_key")
}
