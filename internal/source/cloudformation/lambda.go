package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func lambdaMappings() []code.Mapping {
	function := code.Makes("AWS::Lambda::Function", "FunctionName", "arn:{partition}:lambda:{region}:{account}:function:{name}", lambdaFunction)
	return append(code.Ignores("AWS::Lambda::LayerVersion", "AWS::Lambda::CodeSigningConfig", "AWS::Lambda::EventInvokeConfig"),
		code.Settles(function, code.SettleFunction),
		code.Alias("AWS::Lambda::Version", "FunctionName"),
		code.Joins("AWS::Lambda::Alias", "FunctionName", func(f *code.Form, fn *aws.Function) {
			code.AddAlias(f, fn, f.Get("Name"), f.Get("FunctionVersion"))
		}),
		code.Joins("AWS::Lambda::Permission", "FunctionName", func(f *code.Form, fn *aws.Function) {
			code.AddPermission(f, fn, code.Permission{
				Action: f.Get("Action"), Principal: f.Get("Principal"), Resource: f.Get("FunctionName"), SourceARN: f.Get("SourceArn"),
				SourceAccount: f.Get("SourceAccount"), OrganizationID: f.Get("PrincipalOrgID"), EventSourceToken: f.Get("EventSourceToken"),
				URLAuthType: f.Get("FunctionUrlAuthType"),
			})
		}),
		code.Joins("AWS::Lambda::Url", "TargetFunctionArn", lambdaURL),
		code.Joins("AWS::Lambda::EventSourceMapping", "FunctionName", func(f *code.Form, fn *aws.Function) {
			code.Add(f, &fn.Triggers, func(f *code.Form, t *aws.FunctionTrigger) {
				f.Put(&t.Source, f.Stand(f.Get("EventSourceArn")))
				f.Put(&t.State, f.Get("Enabled").Or(code.Flag(true, nil)).Choose("Enabled", "Disabled"))
				f.Default(&t.Qualifier)
			})
		}),
	)
}

// lambdaFunction reads a function.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
func lambdaFunction(f *code.Form, fn *aws.Function) {
	f.Default(&fn.Policy, &fn.Aliases, &fn.URLs, &fn.Triggers)
	f.Set(&fn.Runtime, "Runtime")
	f.Put(&fn.PackageType, f.Get("PackageType").Or(f.Get("Code.ImageUri").Present().Choose("Image", "Zip")))
	f.Set(&fn.Handler, "Handler")
	f.Set(&fn.Architectures, "Architectures", []string{"x86_64"})
	f.Set(&fn.Timeout, "Timeout", 3)
	f.Set(&fn.MemorySize, "MemorySize", 128)
	f.Set(&fn.Role, "Role")
	f.Set(&fn.KMSKey, "KmsKeyArn")
	f.Set(&fn.Subnets, "VpcConfig.SubnetIds")
	f.Set(&fn.SecurityGroups, "VpcConfig.SecurityGroupIds")
	f.Set(&fn.Tracing, "TracingConfig.Mode", "PassThrough")
	f.Put(&fn.DeadLetter, f.Stand(f.Get("DeadLetterConfig.TargetArn")))
	f.Put(&fn.CodeSigning, f.Stand(f.Get("CodeSigningConfigArn")))
	f.Put(&fn.LogGroup, f.Stand(f.Get("LoggingConfig.LogGroup")).Or(f.Get("FunctionName").Map(func(name string) string { return "/aws/lambda/" + name })))
	code.EnvVars(f, &fn.Environment, f.Get("Environment.Variables"))
	code.Each(f, &fn.Layers, "Layers", code.FunctionLayer)
	code.OneOf(f, &fn.Concurrency, f.Get("ReservedConcurrentExecutions"), func(f *code.Form, c *aws.FunctionConcurrency) { f.Put(&c.Reserved, f.Get("")) })
}

func lambdaURL(f *code.Form, fn *aws.Function) {
	code.Add(f, &fn.URLs, func(f *code.Form, u *aws.FunctionURL) {
		f.Set(&u.Qualifier, "Qualifier")
		f.Set(&u.AuthType, "AuthType")
		code.One(f, &u.CORS, "Cors", func(f *code.Form, c *aws.FunctionCORS) {
			f.Set(&c.AllowOrigins, "AllowOrigins")
			f.Set(&c.AllowMethods, "AllowMethods")
			f.Set(&c.AllowHeaders, "AllowHeaders")
			f.Set(&c.AllowCredentials, "AllowCredentials")
		})
	})
}
