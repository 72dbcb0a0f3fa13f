package awsapi

import (
	"maps"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func lambdaService() *service {
	return &service{name: "lambda", kinds: []cloud.Kind{kindOf[aws.Function]()}, read: readLambda}
}

func readLambda(s *scope) {
	c := lambda.NewFromConfig(s.cfg)
	kind := kindOf[aws.Function]()
	var found []types.FunctionConfiguration
	list(s, lambda.NewListFunctionsPaginator(c, &lambda.ListFunctionsInput{}), func(out *lambda.ListFunctionsOutput) {
		found = append(found, out.Functions...)
	}, kind)
	if len(found) == 0 {
		return
	}
	triggers, gap := readTriggers(s, c)
	each(s, kind, found, func(in types.FunctionConfiguration) {
		f := functionOf(s, in)
		defer s.add(f)
		f.Triggers = triggers[f.Ref]
		f.SetGap(gap.AsPartial(), "triggers")
		readFunction(s, c, f)
	})
}

// readTriggers reads the event source mappings of all functions at once.
func readTriggers(s *scope, c *lambda.Client) (map[cloud.Ref][]*aws.FunctionTrigger, *cloud.Gap) {
	triggers := map[cloud.Ref][]*aws.FunctionTrigger{}
	pages := lambda.NewListEventSourceMappingsPaginator(c, &lambda.ListEventSourceMappingsInput{})
	for pages.HasMorePages() {
		out, gap := page(s, pages)
		if gap != nil {
			return triggers, gap
		}
		s.recordOrigin(kindOf[aws.Function](), &callInfo{service: "Lambda", operation: "ListEventSourceMappings"}, "triggers")
		for _, in := range out.EventSourceMappings {
			arn := awssdk.ToString(in.FunctionArn)
			t := &aws.FunctionTrigger{Source: awssdk.ToString(in.EventSourceArn), State: awssdk.ToString(in.State), Qualifier: aliasOf(arn)}
			if t.Qualifier != "" {
				arn = strings.TrimSuffix(arn, ":"+t.Qualifier)
			}
			triggers[cloud.Ref(arn)] = append(triggers[cloud.Ref(arn)], t)
		}
	}
	return triggers, nil
}

func functionOf(s *scope, in types.FunctionConfiguration) *aws.Function {
	f := &aws.Function{
		Base:         s.base(cloud.Ref(*in.FunctionArn), awssdk.ToString(in.FunctionName)),
		Runtime:      string(in.Runtime),
		PackageType:  string(in.PackageType),
		Handler:      awssdk.ToString(in.Handler),
		CodeSHA256:   awssdk.ToString(in.CodeSha256),
		LastModified: timeOf(in.LastModified),
		Timeout:      int(awssdk.ToInt32(in.Timeout)),
		MemorySize:   int(awssdk.ToInt32(in.MemorySize)),
		Role:         cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(in.Role))),
		KMSKey:       cloud.LinkTo[aws.Key](s.keyRef(in.KMSKeyArn)),
		LogGroup:     "/aws/lambda/" + awssdk.ToString(in.FunctionName),
	}
	for _, a := range in.Architectures {
		f.Architectures = append(f.Architectures, string(a))
	}
	if e := in.Environment; e != nil {
		if e.Error != nil {
			f.SetGap(&cloud.Gap{Reason: cloud.Denied, Operation: "lambda:ListFunctions", Permission: "kms:Decrypt", Message: oneLine(awssdk.ToString(e.Error.Message))}, "environment")
		}
		for _, name := range slices.Sorted(maps.Keys(e.Variables)) {
			f.Environment = append(f.Environment, envVar(f, "environment", name, e.Variables[name]))
		}
	}
	if v := in.VpcConfig; v != nil {
		f.VPC = ec2Link[aws.VPC](s, "vpc", awssdk.ToString(v.VpcId))
		f.Subnets = ec2Links[aws.Subnet](s, "subnet", v.SubnetIds)
		f.SecurityGroups = ec2Links[aws.SecurityGroup](s, "security-group", v.SecurityGroupIds)
	}
	for _, l := range in.Layers {
		arn := cloud.Ref(awssdk.ToString(l.Arn))
		f.Layers = append(f.Layers, &aws.FunctionLayer{ARN: string(arn), Account: string(cloud.AccountOf(arn))})
	}
	if t := in.TracingConfig; t != nil {
		f.Tracing = string(t.Mode)
	} else {
		need[string](f, "tracing", nil)
	}
	if d := in.DeadLetterConfig; d != nil {
		f.DeadLetter = awssdk.ToString(d.TargetArn)
	}
	if l := in.LoggingConfig; l != nil && awssdk.ToString(l.LogGroup) != "" {
		f.LogGroup = *l.LogGroup
	}
	return f
}

// readFunction asks for what the listing leaves out, one call each. Functions
// without a setting answer ResourceNotFoundException.
func readFunction(s *scope, c *lambda.Client, f *aws.Function) {
	const none = "ResourceNotFoundException"
	fill(s, f, []string{"policy"}, c.GetPolicy, &lambda.GetPolicyInput{FunctionName: &f.Name}, func(out *lambda.GetPolicyOutput) {
		f.Policy = parsePolicy(f, "policy", out.Policy)
	}, none)
	fill(s, f, []string{"concurrency"}, c.GetFunctionConcurrency, &lambda.GetFunctionConcurrencyInput{FunctionName: &f.Name}, func(out *lambda.GetFunctionConcurrencyOutput) {
		if out.ReservedConcurrentExecutions != nil {
			f.Concurrency = &aws.FunctionConcurrency{Reserved: int(*out.ReservedConcurrentExecutions)}
		}
	}, none)
	if f.PackageType != string(types.PackageTypeImage) { // images are signed in their registry
		fill(s, f, []string{"code_signing"}, c.GetFunctionCodeSigningConfig, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: &f.Name}, func(out *lambda.GetFunctionCodeSigningConfigOutput) {
			f.CodeSigning = awssdk.ToString(out.CodeSigningConfigArn)
		}, none)
	}
	arn := string(f.Ref)
	fill(s, f, []string{"tags"}, c.ListTags, &lambda.ListTagsInput{Resource: &arn}, func(out *lambda.ListTagsOutput) { f.Tags = out.Tags })
	gap := fillList(s, f, []string{"aliases"}, lambda.NewListAliasesPaginator(c, &lambda.ListAliasesInput{FunctionName: &f.Name}), func(out *lambda.ListAliasesOutput) {
		for _, a := range out.Aliases {
			f.Aliases = append(f.Aliases, &aws.FunctionAlias{Name: awssdk.ToString(a.Name), Version: awssdk.ToString(a.FunctionVersion)})
		}
	})
	if gap != nil { // aliases may have URLs too
		f.SetGap(gap.AsPartial(), "urls")
	}
	readFunctionURL(s, c, f, "")
	for _, a := range f.Aliases {
		fill(s, a, []string{"policy"}, c.GetPolicy, &lambda.GetPolicyInput{FunctionName: &f.Name, Qualifier: &a.Name}, func(out *lambda.GetPolicyOutput) {
			a.Policy = parsePolicy(a, "policy", out.Policy)
		}, none)
		readFunctionURL(s, c, f, a.Name)
	}
}

// readFunctionURL reads the URL of the function itself, or of an alias.
func readFunctionURL(s *scope, c *lambda.Client, f *aws.Function, qualifier string) {
	in := &lambda.GetFunctionUrlConfigInput{FunctionName: &f.Name}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	fill(s, f, []string{"urls"}, c.GetFunctionUrlConfig, in, func(out *lambda.GetFunctionUrlConfigOutput) {
		// Some endpoints answer for the function whatever alias was asked for.
		if got := aliasOf(awssdk.ToString(out.FunctionArn)); got != qualifier && len(f.URLs) > 0 {
			return
		}
		u := &aws.FunctionURL{URL: awssdk.ToString(out.FunctionUrl), Qualifier: qualifier}
		u.AuthType = needText(u, "auth_type", out.AuthType)
		if o := out.Cors; o != nil {
			u.CORS = &aws.FunctionCORS{
				AllowOrigins: o.AllowOrigins, AllowMethods: o.AllowMethods, AllowHeaders: o.AllowHeaders, AllowCredentials: awssdk.ToBool(o.AllowCredentials),
			}
		}
		f.URLs = append(f.URLs, u)
	}, "ResourceNotFoundException")
}

// aliasOf returns the last part of a qualified function ARN, or "".
func aliasOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) == 8 {
		return parts[7]
	}
	return ""
}
