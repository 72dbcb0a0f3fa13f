package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func lambdaKinds() []cloud.Resource {
	return []cloud.Resource{&Function{}}
}

// Function is a Lambda function, in its unpublished version $LATEST.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
type Function struct {
	cloud.Base

	// Runtime such as python3.13; empty for container images.
	Runtime string `json:"runtime,omitempty"`
	// PackageType is Zip or Image.
	PackageType string `json:"package_type,omitempty"`
	// Handler is the entry point in the code.
	Handler string `json:"handler,omitempty"`
	// CodeSHA256 is the base64 hash of the deployed code.
	CodeSHA256 string `json:"code_sha256,omitempty"`
	// Architectures: x86_64 or arm64.
	Architectures []string `json:"architectures,omitempty"`
	// LastModified is when code or settings last changed.
	LastModified time.Time `json:"last_modified,omitzero"`
	// Timeout in seconds.
	Timeout int `json:"timeout,omitempty"`
	// MemorySize in MiB.
	MemorySize int `json:"memory_size,omitempty"`
	// Role the function runs as.
	Role cloud.Link[Role] `json:"role,omitzero"`
	// Policy is the resource policy of the unqualified function: who else may
	// invoke it. Unset when there is none.
	// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
	Policy *Policy `json:"policy,omitempty"`
	// Aliases are named pointers to versions, each with a policy of its own.
	Aliases []*FunctionAlias `json:"aliases,omitempty"`
	// URLs are the HTTPS end points of the function and of its aliases.
	URLs []*FunctionURL `json:"urls,omitempty"`
	// Triggers are the queues, streams and tables that Lambda polls for the
	// function, with the rights of the function's own role.
	// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
	Triggers []*FunctionTrigger `json:"triggers,omitempty"`
	// Environment variables, values reduced to what a secret detector says.
	Environment []*EnvVar `json:"environment,omitempty"`
	// KMSKey encrypts the environment; it leads nowhere for the AWS managed key.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// VPC the function has interfaces in; it leads nowhere for functions
	// outside any VPC.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets of those interfaces.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups of those interfaces.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// Layers whose content is merged into the function's file system.
	Layers []*FunctionLayer `json:"layers,omitempty"`
	// Concurrency is the reserved concurrency; unset when none is reserved.
	Concurrency *FunctionConcurrency `json:"concurrency,omitempty"`
	// Tracing is Active or PassThrough.
	Tracing string `json:"tracing,omitempty"`
	// DeadLetter is the ARN of the queue or topic that takes failed
	// asynchronous events; empty for none.
	DeadLetter string `json:"dead_letter,omitempty"`
	// CodeSigning is the ARN of the code signing configuration; empty when any
	// code may be deployed.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
	CodeSigning string `json:"code_signing,omitempty"`
	// LogGroup the function writes to.
	LogGroup string `json:"log_group,omitempty"`
}

// Kind implements cloud.Resource.
func (*Function) Kind() cloud.Kind { return "AWS::Lambda::Function" }

// FunctionAlias is a named pointer to a published version.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
type FunctionAlias struct {
	cloud.Object
	// Name of the alias.
	Name string `json:"name"`
	// Version it points to.
	Version string `json:"version,omitempty"`
	// Policy says who else may invoke the function through the alias; unset
	// when there is none.
	Policy *Policy `json:"policy,omitempty"`
}

// FunctionTrigger is one event source mapping.
type FunctionTrigger struct {
	cloud.Object
	// Source is the ARN of the queue, stream, table or broker; empty for a
	// Kafka cluster outside AWS.
	Source string `json:"source,omitempty"`
	// Qualifier is the alias or version that is invoked; empty for $LATEST.
	Qualifier string `json:"qualifier,omitempty"`
	// State is Enabled, Disabled, or on its way to either.
	State string `json:"state,omitempty"`
}

// FunctionURL is an HTTPS end point that invokes a function.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
type FunctionURL struct {
	cloud.Object
	// URL of the end point.
	URL string `json:"url,omitempty"`
	// Qualifier is the alias the URL belongs to; empty for the function itself.
	Qualifier string `json:"qualifier,omitempty"`
	// AuthType is AWS_IAM (calls must be signed) or NONE.
	AuthType string `json:"auth_type"`
	// CORS is what browsers on other sites may do; unset for nothing.
	CORS *FunctionCORS `json:"cors,omitempty"`
}

// FunctionCORS is the cross-origin setting of a function URL.
type FunctionCORS struct {
	cloud.Object
	// AllowOrigins such as https://example.com, or "*".
	AllowOrigins []string `json:"allow_origins,omitempty"`
	// AllowMethods such as GET, or "*".
	AllowMethods []string `json:"allow_methods,omitempty"`
	// AllowHeaders such as x-api-key, or "*".
	AllowHeaders []string `json:"allow_headers,omitempty"`
	// AllowCredentials is whether cookies go along.
	AllowCredentials bool `json:"allow_credentials,omitempty"`
}

// FunctionLayer is a layer in use.
type FunctionLayer struct {
	cloud.Object
	// ARN of the layer version.
	ARN string `json:"arn"`
	// Account that owns the layer.
	Account string `json:"account,omitempty"`
}

// FunctionConcurrency is a reserved share of the account's concurrency.
type FunctionConcurrency struct {
	cloud.Object
	// Reserved is both floor and ceiling of parallel runs; 0 stops the function.
	Reserved int `json:"reserved"`
}
