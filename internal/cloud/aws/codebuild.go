package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func codebuildKinds() []cloud.Resource {
	return []cloud.Resource{&BuildProject{}, &SourceCredential{}, &ReportGroup{}}
}

// BuildProject is a CodeBuild project.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Project.html
type BuildProject struct {
	cloud.Base

	// Description is the free text its owner gave it.
	Description string `json:"description,omitempty"`
	// CreatedAt and ModifiedAt are when the project was made and last changed.
	CreatedAt  time.Time `json:"created_at,omitzero"`
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// ServiceRole is what a build may do in the account.
	ServiceRole cloud.Link[Role] `json:"service_role,omitzero"`
	// Visibility is PRIVATE (default) or PUBLIC_READ: logs, artifacts and
	// results of every build are open to the world.
	// https://docs.aws.amazon.com/codebuild/latest/userguide/public-builds.html
	Visibility string `json:"visibility,omitempty"`
	// Badge is whether a public URL shows the state of the latest build.
	Badge bool `json:"badge,omitempty"`
	// EncryptionKey encrypts the output; the AWS managed key of S3 by default.
	EncryptionKey cloud.Link[Key] `json:"encryption_key,omitzero"`
	// Environment is the machine or container that builds.
	Environment *BuildEnvironment `json:"environment,omitempty"`
	// Sources are the primary source, then the secondary ones.
	Sources []*BuildSource `json:"sources,omitempty"`
	// Artifacts are the primary output, then the secondary ones.
	Artifacts []*BuildArtifacts `json:"artifacts,omitempty"`
	// BuildspecInline is whether the commands are part of the project. When
	// not, they come from the source: who may push may run commands as ServiceRole.
	BuildspecInline bool `json:"buildspec_inline,omitempty"`
	// BuildspecSecrets are secrets found in an inline buildspec.
	BuildspecSecrets []*TextSecret `json:"buildspec_secrets,omitempty"`
	// CloudWatchLogs is whether output goes to CloudWatch Logs. On by default.
	CloudWatchLogs bool `json:"cloudwatch_logs"`
	// LogGroup receives it; unset for /aws/codebuild/NAME.
	LogGroup cloud.Link[LogGroup] `json:"log_group,omitzero"`
	// S3Logs is whether output goes to a bucket. Off by default.
	S3Logs bool `json:"s3_logs"`
	// S3LogsBucket receives it.
	S3LogsBucket cloud.Link[Bucket] `json:"s3_logs_bucket,omitzero"`
	// S3LogsUnencrypted is whether encryption was switched off for them.
	S3LogsUnencrypted bool `json:"s3_logs_unencrypted,omitempty"`
	// Webhook starts builds on events at the source provider; unset for none.
	Webhook *BuildWebhook `json:"webhook,omitempty"`
	// VPC, Subnets and SecurityGroups are where builds run; unset outside a VPC.
	VPC            cloud.Link[VPC]             `json:"vpc,omitzero"`
	Subnets        []cloud.Link[Subnet]        `json:"subnets,omitempty"`
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// TimeoutMinutes is how long a build may take: 5 to 2160.
	TimeoutMinutes int `json:"timeout_minutes,omitempty"`
}

// Kind implements cloud.Resource.
func (*BuildProject) Kind() cloud.Kind { return "AWS::CodeBuild::Project" }

// BuildEnvironment is the machine or container that builds.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
type BuildEnvironment struct {
	cloud.Object
	// Type such as LINUX_CONTAINER, ARM_LAMBDA_CONTAINER or WINDOWS_EC2.
	Type string `json:"type,omitempty"`
	// Image is the container image or machine image.
	Image string `json:"image,omitempty"`
	// PullAs is CODEBUILD or SERVICE_ROLE: whose rights fetch the image.
	PullAs string `json:"pull_as,omitempty"`
	// ComputeType such as BUILD_GENERAL1_SMALL.
	ComputeType string `json:"compute_type,omitempty"`
	// Privileged is whether the container runs a Docker daemon with access to
	// all devices of its host. Off by default.
	Privileged bool `json:"privileged,omitempty"`
	// Variables of the environment; those that come from Parameter Store or
	// Secrets Manager are references.
	Variables []*EnvVar `json:"variables,omitempty"`
}

// BuildSource is where a build's input comes from.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html
type BuildSource struct {
	cloud.Object
	// ID of a secondary source; empty for the primary one.
	ID string `json:"id,omitempty"`
	// Type is GITHUB, GITHUB_ENTERPRISE, GITLAB, GITLAB_SELF_MANAGED,
	// BITBUCKET, CODECOMMIT, CODEPIPELINE, S3 or NO_SOURCE.
	Type string `json:"type"`
	// Location is the repository's URL or the object's path, with any user
	// name and password cut out.
	Location string `json:"location,omitempty"`
	// CredentialsInURL is whether the location holds a user name with a
	// password or a token.
	CredentialsInURL bool `json:"credentials_in_url,omitempty"`
	// InsecureSSL is whether the repository's certificate goes unchecked.
	InsecureSSL bool `json:"insecure_ssl,omitempty"`
	// AuthType is OAUTH, CODECONNECTIONS or SECRETS_MANAGER where the project
	// has credentials of its own; empty for the account's.
	AuthType string `json:"auth_type,omitempty"`
}

// BuildArtifacts is where a build's output goes.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectArtifacts.html
type BuildArtifacts struct {
	cloud.Object
	// ID of secondary artifacts; empty for the primary ones.
	ID string `json:"id,omitempty"`
	// Type is S3, CODEPIPELINE (the pipeline stores them) or NO_ARTIFACTS.
	Type string `json:"type"`
	// Bucket receives them, with type S3.
	Bucket cloud.Link[Bucket] `json:"bucket,omitzero"`
	// Unencrypted is whether encryption was switched off.
	Unencrypted bool `json:"unencrypted,omitempty"`
}

// BuildWebhook starts builds on events at the source provider.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Webhook.html
type BuildWebhook struct {
	cloud.Object
	// BuildType is BUILD, BUILD_BATCH or RUNNER_BUILDKITE_BUILD.
	BuildType string `json:"build_type,omitempty"`
	// BranchFilter is a regular expression of branches, older than FilterGroups.
	BranchFilter string `json:"branch_filter,omitempty"`
	// FilterGroups say which events start a build: any group suffices, in a
	// group every filter must match. Without groups every push and every pull
	// request does.
	FilterGroups []*BuildFilterGroup `json:"filter_groups,omitempty"`
	// CommentApproval says whether pull requests need a maintainer's comment:
	// DISABLED, ALL_PULL_REQUESTS or FORK_PULL_REQUESTS.
	CommentApproval string `json:"comment_approval,omitempty"`
}

// BuildFilterGroup is a set of filters that must all match.
type BuildFilterGroup struct {
	cloud.Object
	// Filters of the group.
	Filters []*BuildFilter `json:"filters"`
}

// BuildFilter is one condition on an event.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
type BuildFilter struct {
	cloud.Object
	// Type is EVENT, ACTOR_ACCOUNT_ID, HEAD_REF, BASE_REF, FILE_PATH,
	// COMMIT_MESSAGE, WORKFLOW_NAME, TAG_NAME, RELEASE_NAME,
	// REPOSITORY_NAME or ORGANIZATION_NAME.
	Type string `json:"type"`
	// Pattern is a regular expression searched for in the value; for EVENT a
	// comma-separated list of events.
	Pattern string `json:"pattern"`
	// Exclude is whether the filter matches when the pattern does not.
	Exclude bool `json:"exclude,omitempty"`
}

// SourceCredential is an account-wide login to a source provider that all
// CodeBuild projects of the region share. It is read in regions that have a
// project; the token itself cannot be read.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_SourceCredentialsInfo.html
type SourceCredential struct {
	cloud.Base

	// ServerType is GITHUB, GITHUB_ENTERPRISE, GITLAB, GITLAB_SELF_MANAGED or BITBUCKET.
	ServerType string `json:"server_type"`
	// AuthType is PERSONAL_ACCESS_TOKEN, BASIC_AUTH (user name and password),
	// OAUTH, CODECONNECTIONS or SECRETS_MANAGER.
	AuthType string `json:"auth_type"`
	// Resource is the ARN of the connection or of the secret, for those types.
	Resource string `json:"resource,omitempty"`
}

// Kind implements cloud.Resource.
func (*SourceCredential) Kind() cloud.Kind { return "AWS::CodeBuild::SourceCredential" }

// ReportGroup is a CodeBuild report group: test results of builds. It is read
// in regions that have a project.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ReportGroup.html
type ReportGroup struct {
	cloud.Base

	// Type is TEST or CODE_COVERAGE.
	Type string `json:"type,omitempty"`
	// CreatedAt is when the group was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ExportType is S3 or NO_EXPORT: whether raw results are kept in a bucket.
	ExportType string `json:"export_type"`
	// ExportBucket receives them.
	ExportBucket cloud.Link[Bucket] `json:"export_bucket,omitzero"`
	// ExportUnencrypted is whether encryption was switched off.
	ExportUnencrypted bool `json:"export_unencrypted,omitempty"`
	// ExportKey encrypts them; unset for the AWS managed key.
	ExportKey cloud.Link[Key] `json:"export_key,omitzero"`
}

// Kind implements cloud.Resource.
func (*ReportGroup) Kind() cloud.Kind { return "AWS::CodeBuild::ReportGroup" }
