package awsapi

import (
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/secretscan"
)

func codebuildService() *service {
	kinds := []cloud.Kind{kindOf[aws.BuildProject](), kindOf[aws.SourceCredential](), kindOf[aws.ReportGroup]()}
	return &service{name: "codebuild", kinds: kinds, read: readCodeBuild}
}

// maxBatch is how many names one BatchGet call takes.
const maxBatch = 100

// readCodeBuild reads what builds share only where there is something to build.
func readCodeBuild(s *scope) {
	c := codebuild.NewFromConfig(s.cfg)
	if !readBuildProjects(s, c) {
		s.decide(nil, []cloud.Kind{kindOf[aws.ReportGroup](), kindOf[aws.SourceCredential]()})
		return
	}
	readReportGroups(s, c)
	kind := kindOf[aws.SourceCredential]()
	get(s, c.ListSourceCredentials, &codebuild.ListSourceCredentialsInput{}, func(out *codebuild.ListSourceCredentialsOutput) {
		items(s, kind, out.SourceCredentialsInfos, func(in types.SourceCredentialsInfo) {
			arn := awssdk.ToString(in.Arn)
			cred := &aws.SourceCredential{Base: s.base(cloud.Ref(arn), arn[strings.LastIndex(arn, "/")+1:]), Resource: awssdk.ToString(in.Resource)}
			cred.ServerType = needText(cred, "server_type", in.ServerType)
			cred.AuthType = needText(cred, "auth_type", in.AuthType)
			s.add(cred)
		})
	}, kind)
}

// readBuildProjects reports whether there are projects, as far as that can be
// told.
func readBuildProjects(s *scope, c *codebuild.Client) bool {
	kind := kindOf[aws.BuildProject]()
	var names []string
	gap := list(s, codebuild.NewListProjectsPaginator(c, &codebuild.ListProjectsInput{}), func(out *codebuild.ListProjectsOutput) {
		names = append(names, out.Projects...)
	}, kind)
	for batch := range slices.Chunk(names, maxBatch) {
		get(s, c.BatchGetProjects, &codebuild.BatchGetProjectsInput{Names: batch}, func(out *codebuild.BatchGetProjectsOutput) {
			items(s, kind, out.Projects, func(in types.Project) { s.add(buildProject(s, in)) })
		}, kind)
	}
	return len(names) > 0 || gap != nil
}

func readReportGroups(s *scope, c *codebuild.Client) {
	kind := kindOf[aws.ReportGroup]()
	var arns []string
	list(s, codebuild.NewListReportGroupsPaginator(c, &codebuild.ListReportGroupsInput{}), func(out *codebuild.ListReportGroupsOutput) {
		arns = append(arns, out.ReportGroups...)
	}, kind)
	for batch := range slices.Chunk(arns, maxBatch) {
		get(s, c.BatchGetReportGroups, &codebuild.BatchGetReportGroupsInput{ReportGroupArns: batch}, func(out *codebuild.BatchGetReportGroupsOutput) {
			items(s, kind, out.ReportGroups, func(in types.ReportGroup) { s.add(reportGroup(s, in)) })
		}, kind)
	}
}

func buildProject(s *scope, in types.Project) *aws.BuildProject {
	p := &aws.BuildProject{
		Base:           s.base(cloud.Ref(awssdk.ToString(in.Arn)), awssdk.ToString(in.Name)),
		Description:    awssdk.ToString(in.Description),
		CreatedAt:      awssdk.ToTime(in.Created),
		ModifiedAt:     awssdk.ToTime(in.LastModified),
		ServiceRole:    cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.ServiceRole))),
		Visibility:     orElse(string(in.ProjectVisibility), "PRIVATE"),
		Badge:          in.Badge != nil && in.Badge.BadgeEnabled,
		EncryptionKey:  cloud.LinkTo[aws.Key](s.keyRef(in.EncryptionKey)),
		Webhook:        buildWebhook(in.Webhook),
		TimeoutMinutes: int(awssdk.ToInt32(in.TimeoutInMinutes)),
	}
	p.Tags = tagMap(in.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	if in.Environment == nil {
		need[string](p, "environment", nil)
	} else {
		p.Environment = buildEnvironment(*in.Environment)
	}
	buildSources(p, in)
	if in.Artifacts != nil {
		p.Artifacts = append(p.Artifacts, buildArtifacts(s, *in.Artifacts))
	}
	for _, a := range in.SecondaryArtifacts {
		p.Artifacts = append(p.Artifacts, buildArtifacts(s, a))
	}
	buildLogs(s, p, in.LogsConfig)
	if v := in.VpcConfig; v != nil && awssdk.ToString(v.VpcId) != "" {
		p.VPC = cloud.LinkTo[aws.VPC](s.arn("ec2", "vpc/"+*v.VpcId))
		for _, id := range v.Subnets {
			p.Subnets = append(p.Subnets, cloud.LinkTo[aws.Subnet](s.arn("ec2", "subnet/"+id)))
		}
		for _, id := range v.SecurityGroupIds {
			p.SecurityGroups = append(p.SecurityGroups, cloud.LinkTo[aws.SecurityGroup](s.arn("ec2", "security-group/"+id)))
		}
	}
	return p
}

func buildEnvironment(in types.ProjectEnvironment) *aws.BuildEnvironment {
	e := &aws.BuildEnvironment{
		Type:        string(in.Type),
		Image:       awssdk.ToString(in.Image),
		PullAs:      string(in.ImagePullCredentialsType),
		ComputeType: string(in.ComputeType),
		Privileged:  awssdk.ToBool(in.PrivilegedMode), // left out when it was never set
	}
	for _, v := range in.EnvironmentVariables {
		name, value := awssdk.ToString(v.Name), awssdk.ToString(v.Value)
		if v.Type != types.EnvironmentVariableTypePlaintext && v.Type != "" {
			e.Variables = append(e.Variables, &aws.EnvVar{Name: name, Reference: true})
			continue
		}
		e.Variables = append(e.Variables, envVar(e, "variables", name, value))
	}
	return e
}

func buildSources(p *aws.BuildProject, in types.Project) {
	sources := in.SecondarySources
	if in.Source == nil {
		need[string](p, "sources", nil)
	} else {
		sources = append([]types.ProjectSource{*in.Source}, sources...)
		buildspec := awssdk.ToString(in.Source.Buildspec)
		// A buildspec of the project spans lines; otherwise it is a file's place.
		if p.BuildspecInline = strings.ContainsAny(buildspec, "\n:{") && !strings.HasPrefix(buildspec, "arn:"); p.BuildspecInline {
			p.BuildspecSecrets = textSecrets(p, "buildspec_secrets", buildspec)
		}
	}
	for _, from := range sources {
		src := &aws.BuildSource{ID: awssdk.ToString(from.SourceIdentifier), InsecureSSL: awssdk.ToBool(from.InsecureSsl)}
		src.Type = needText(src, "type", from.Type)
		src.Location, src.CredentialsInURL = secretscan.WithoutLogin(awssdk.ToString(from.Location))
		if from.Auth != nil {
			src.AuthType = string(from.Auth.Type)
		}
		p.Sources = append(p.Sources, src)
	}
}

func buildArtifacts(s *scope, in types.ProjectArtifacts) *aws.BuildArtifacts {
	a := &aws.BuildArtifacts{ID: awssdk.ToString(in.ArtifactIdentifier), Unencrypted: awssdk.ToBool(in.EncryptionDisabled)}
	a.Type = needText(a, "type", in.Type)
	if in.Type == types.ArtifactsTypeS3 {
		a.Bucket = bucketLink(s, awssdk.ToString(in.Location))
	}
	return a
}

// buildLogs reads where output goes. Without any setting it goes to CloudWatch Logs.
func buildLogs(s *scope, p *aws.BuildProject, in *types.LogsConfig) {
	p.CloudWatchLogs = true
	if in == nil {
		return
	}
	if l := in.CloudWatchLogs; l != nil {
		p.CloudWatchLogs = l.Status == types.LogsConfigStatusTypeEnabled
		if name := awssdk.ToString(l.GroupName); name != "" {
			p.LogGroup = cloud.LinkTo[aws.LogGroup](s.arn("logs", "log-group:"+name))
		}
	}
	if l := in.S3Logs; l != nil {
		p.S3Logs = l.Status == types.LogsConfigStatusTypeEnabled
		p.S3LogsUnencrypted = awssdk.ToBool(l.EncryptionDisabled)
		bucket, _, _ := strings.Cut(strings.TrimPrefix(awssdk.ToString(l.Location), "arn:"+s.partition+":s3:::"), "/")
		p.S3LogsBucket = bucketLink(s, bucket)
	}
}

func buildWebhook(in *types.Webhook) *aws.BuildWebhook {
	if in == nil {
		return nil
	}
	w := &aws.BuildWebhook{BuildType: string(in.BuildType), BranchFilter: awssdk.ToString(in.BranchFilter)}
	if in.PullRequestBuildPolicy != nil {
		w.CommentApproval = string(in.PullRequestBuildPolicy.RequiresCommentApproval)
	}
	for _, filters := range in.FilterGroups {
		g := &aws.BuildFilterGroup{}
		for _, f := range filters {
			g.Filters = append(g.Filters, &aws.BuildFilter{
				Type: string(f.Type), Pattern: awssdk.ToString(f.Pattern), Exclude: awssdk.ToBool(f.ExcludeMatchedPattern),
			})
		}
		w.FilterGroups = append(w.FilterGroups, g)
	}
	return w
}

func reportGroup(s *scope, in types.ReportGroup) *aws.ReportGroup {
	g := &aws.ReportGroup{
		Base:      s.base(cloud.Ref(awssdk.ToString(in.Arn)), awssdk.ToString(in.Name)),
		Type:      string(in.Type),
		CreatedAt: awssdk.ToTime(in.Created),
	}
	g.Tags = tagMap(in.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	if in.ExportConfig == nil {
		need[string](g, "export_type", nil)
		return g
	}
	g.ExportType = needText(g, "export_type", in.ExportConfig.ExportConfigType)
	if d := in.ExportConfig.S3Destination; d != nil {
		g.ExportBucket = bucketLink(s, awssdk.ToString(d.Bucket))
		g.ExportUnencrypted = awssdk.ToBool(d.EncryptionDisabled)
		g.ExportKey = cloud.LinkTo[aws.Key](s.keyRef(d.EncryptionKey))
	}
	return g
}
