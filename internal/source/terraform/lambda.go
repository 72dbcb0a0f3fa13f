package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func lambdaMappings() []code.Mapping {
	function := code.Makes("aws_lambda_function", "function_name", "arn:{partition}:lambda:{region}:{account}:function:{name}", lambdaFunction)
	return append(code.Ignores("aws_lambda_provisioned_concurrency_config", "aws_lambda_layer_version", "aws_lambda_code_signing_config"),
		code.Settles(function, code.SettleFunction),
		code.Joins("aws_lambda_alias", "function_name", func(f *code.Form, fn *aws.Function) {
			code.AddAlias(f, fn, f.Get("name"), f.Get("function_version"))
		}),
		code.Joins("aws_lambda_permission", "function_name", lambdaPermission),
		code.Joins("aws_lambda_function_url", "function_name", lambdaURL),
		code.Joins("aws_lambda_event_source_mapping", "function_name", lambdaTrigger),
	)
}

// lambdaFunction reads a function. A reserved concurrency of -1 is none.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function
func lambdaFunction(f *code.Form, fn *aws.Function) {
	f.Default(&fn.Policy, &fn.Aliases, &fn.URLs, &fn.Triggers)
	f.Set(&fn.Runtime, "runtime")
	f.Set(&fn.PackageType, "package_type", "Zip")
	f.Set(&fn.Handler, "handler")
	f.Set(&fn.Architectures, "architectures", []string{"x86_64"})
	f.Set(&fn.Timeout, "timeout", 3)
	f.Set(&fn.MemorySize, "memory_size", 128)
	f.Set(&fn.Role, "role")
	f.Set(&fn.KMSKey, "kms_key_arn")
	f.Set(&fn.Subnets, "vpc_config.subnet_ids")
	f.Set(&fn.SecurityGroups, "vpc_config.security_group_ids")
	f.Set(&fn.Tracing, "tracing_config.mode", "PassThrough")
	f.Put(&fn.DeadLetter, f.Stand(f.Get("dead_letter_config.target_arn")))
	f.Put(&fn.CodeSigning, f.Stand(f.Get("code_signing_config_arn")))
	f.Put(&fn.LogGroup, f.Stand(f.Get("logging_config.log_group")).Or(f.Get("function_name").Map(func(name string) string { return "/aws/lambda/" + name })))
	code.EnvVars(f, &fn.Environment, f.Get("environment.variables"))
	code.Each(f, &fn.Layers, "layers", code.FunctionLayer)
	if reserved := f.Get("reserved_concurrent_executions"); !reserved.IsAbsent() && reserved.Preference().IsAbsent() {
		f.Default(&fn.Concurrency)
	} else {
		code.OneOf(f, &fn.Concurrency, reserved, func(f *code.Form, c *aws.FunctionConcurrency) { f.Put(&c.Reserved, f.Get("")) })
	}
}

// lambdaPermission reads one statement of a function's policy.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_permission
func lambdaPermission(f *code.Form, fn *aws.Function) {
	code.AddPermission(f, fn, code.Permission{
		Action: f.Get("action"), Principal: f.Get("principal"), Resource: f.Get("function_name"), SourceARN: f.Get("source_arn"),
		SourceAccount: f.Get("source_account"), OrganizationID: f.Get("principal_org_id"), EventSourceToken: f.Get("event_source_token"),
		URLAuthType: f.Get("function_url_auth_type"), Qualifier: f.Get("qualifier"),
	})
}

// lambdaURL reads a function's end point. Where it asks for no signature, the
// provider lets everyone call it.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function_url
func lambdaURL(f *code.Form, fn *aws.Function) {
	code.Add(f, &fn.URLs, func(f *code.Form, u *aws.FunctionURL) {
		f.Set(&u.Qualifier, "qualifier")
		f.Set(&u.AuthType, "authorization_type")
		code.One(f, &u.CORS, "cors", func(f *code.Form, c *aws.FunctionCORS) {
			f.Set(&c.AllowOrigins, "allow_origins")
			f.Set(&c.AllowMethods, "allow_methods")
			f.Set(&c.AllowHeaders, "allow_headers")
			f.Set(&c.AllowCredentials, "allow_credentials")
		})
	})
	if open, _ := f.Get("authorization_type").Is("NONE").Bool(); open {
		code.AddPermission(f, fn, code.Permission{
			Action: code.Text("lambda:InvokeFunctionUrl", nil), Principal: code.Text("*", f.Get("authorization_type").Origin()),
			Resource: f.Get("function_name"), URLAuthType: f.Get("authorization_type"), Qualifier: f.Get("qualifier"),
		})
	}
}

func lambdaTrigger(f *code.Form, fn *aws.Function) {
	code.Add(f, &fn.Triggers, func(f *code.Form, t *aws.FunctionTrigger) {
		f.Put(&t.Source, f.Stand(f.Get("event_source_arn")))
		f.Put(&t.State, f.Get("enabled").Or(code.Flag(true, nil)).Choose("Enabled", "Disabled"))
		f.Default(&t.Qualifier)
	})
}
