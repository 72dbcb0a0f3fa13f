package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func apigatewayKinds() []cloud.Resource {
	return []cloud.Resource{&RestAPI{}, &RestStage{}, &HTTPAPI{}, &HTTPStage{}, &APIDomain{}}
}

// RestAPI is a REST API of API Gateway.
// https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
type RestAPI struct {
	cloud.Base

	// ID is the first label of its host name.
	ID string `json:"id"`
	// CreatedAt is when the API was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// EndpointType is EDGE, REGIONAL or PRIVATE.
	EndpointType string `json:"endpoint_type"`
	// VPCEndpoints are the endpoints that reach a PRIVATE API.
	VPCEndpoints []cloud.Link[VPCEndpoint] `json:"vpc_endpoints,omitempty"`
	// Policy is the resource policy; has(resource.policy) is false when there is none.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
	Policy *Policy `json:"policy,omitempty"`
	// DefaultEndpointDisabled is whether only custom domain names lead here.
	DefaultEndpointDisabled bool `json:"default_endpoint_disabled,omitempty"`
	// APIKeySource is HEADER or AUTHORIZER.
	APIKeySource string `json:"api_key_source,omitempty"`
	// SecurityPolicy is the TLS policy of the default endpoint.
	SecurityPolicy string `json:"security_policy,omitempty"`
	// Methods are all methods of all its resources.
	Methods []*APIMethod `json:"methods,omitempty"`
	// Authorizers decide who may call methods of type CUSTOM and COGNITO_USER_POOLS.
	Authorizers []*APIAuthorizer `json:"authorizers,omitempty"`

	// Stages are its deployments: nothing can be called without one.
	Stages []cloud.Link[RestStage] `json:"-" cel:"stages" backlink:"api" within:"region"`
}

// Kind implements cloud.Resource.
func (*RestAPI) Kind() cloud.Kind { return "AWS::ApiGateway::RestApi" }

// APIMethod is a method of a REST API or a route of an HTTP or WebSocket API.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
type APIMethod struct {
	cloud.Object
	// Path of the resource, such as /orders/{id}. A WebSocket route has its
	// route key here, such as $connect.
	Path string `json:"path"`
	// Method is GET, POST and so on, or ANY; empty for WebSocket routes.
	Method string `json:"method,omitempty"`
	// Authorization is NONE, AWS_IAM, CUSTOM (a function), COGNITO_USER_POOLS or JWT.
	Authorization string `json:"authorization"`
	// Authorizer is the id of the authorizer.
	Authorizer string `json:"authorizer,omitempty"`
	// APIKeyRequired is whether callers must send an API key. A key meters
	// callers; it does not tell who they are.
	APIKeyRequired bool `json:"api_key_required,omitempty"`
	// Validator is the id of the request validator; empty when requests are
	// not validated. REST APIs only.
	Validator string `json:"validator,omitempty"`
	// Integration is what answers: AWS, AWS_PROXY, HTTP, HTTP_PROXY or MOCK.
	// REST APIs only.
	Integration string `json:"integration,omitempty"`
	// IntegrationURI is where the integration leads. REST APIs only.
	IntegrationURI string `json:"integration_uri,omitempty"`
}

// APIAuthorizer decides who may call.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
type APIAuthorizer struct {
	cloud.Object
	// ID of the authorizer.
	ID string `json:"id"`
	// Name of the authorizer.
	Name string `json:"name,omitempty"`
	// Type is TOKEN, REQUEST (both functions), COGNITO_USER_POOLS or JWT.
	Type string `json:"type"`
	// URI leads to the function.
	URI string `json:"uri,omitempty"`
	// Providers are the ARNs of user pools, or the issuer of tokens.
	Providers []string `json:"providers,omitempty"`
}

// RestStage is a stage of a REST API.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
type RestStage struct {
	cloud.Base

	// API is what it publishes.
	API cloud.Link[RestAPI] `json:"api,omitzero"`
	// AccessLog is the ARN of the log group or delivery stream that receives
	// the access log; empty when there is none.
	AccessLog string `json:"access_log,omitempty"`
	// Settings are the stage's method settings: those of */* hold where no
	// other fits.
	Settings []*StageSettings `json:"settings,omitempty"`
	// Tracing is whether requests are traced with X-Ray.
	Tracing bool `json:"tracing"`
	// CacheCluster is whether the stage has a cache at all; Settings say which
	// methods use it.
	CacheCluster bool `json:"cache_cluster,omitempty"`
	// ClientCertificate is the id of the certificate the gateway shows to back
	// ends; empty when it shows none.
	ClientCertificate string `json:"client_certificate,omitempty"`
	// WebACL inspects requests; unset when none does.
	WebACL cloud.Link[WebACL] `json:"web_acl,omitzero"`
	// Variables are the stage variables.
	Variables []*EnvVar `json:"variables,omitempty"`
}

// Kind implements cloud.Resource.
func (*RestStage) Kind() cloud.Kind { return "AWS::ApiGateway::Stage" }

// StageSettings are settings for some methods of a stage, or routes of one.
// https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
type StageSettings struct {
	cloud.Object
	// Path is what they are for: a resource path and method such as
	// /orders/GET, */* for all methods; a route key, or * for all routes.
	Path string `json:"path"`
	// LoggingLevel is OFF (also when never set), ERROR or INFO.
	LoggingLevel string `json:"logging_level"`
	// DataTrace is whether whole requests and replies go to the log.
	DataTrace bool `json:"data_trace,omitempty"`
	// Metrics is whether each method has metrics of its own.
	Metrics bool `json:"metrics,omitempty"`
	// Caching is whether replies are cached, and CacheEncrypted whether the
	// cache is encrypted.
	Caching        bool `json:"caching,omitempty"`
	CacheEncrypted bool `json:"cache_encrypted,omitempty"`
	// ThrottlingRate and ThrottlingBurst bound calls per second; 0 when not set.
	ThrottlingRate  float64 `json:"throttling_rate,omitempty"`
	ThrottlingBurst int     `json:"throttling_burst,omitempty"`
}

// HTTPAPI is an HTTP or WebSocket API of API Gateway version 2.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html
type HTTPAPI struct {
	cloud.Base

	// ID is the first label of its host name.
	ID string `json:"id"`
	// CreatedAt is when the API was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Protocol is HTTP or WEBSOCKET.
	Protocol string `json:"protocol"`
	// DefaultEndpointDisabled is whether only custom domain names lead here.
	DefaultEndpointDisabled bool `json:"default_endpoint_disabled,omitempty"`
	// CORSOrigins are the origins that browsers may call from.
	CORSOrigins []string `json:"cors_origins,omitempty"`
	// CORSCredentials is whether browsers may send credentials along.
	CORSCredentials bool `json:"cors_credentials,omitempty"`
	// Routes are all its routes.
	Routes []*APIMethod `json:"routes,omitempty"`
	// Authorizers decide who may call routes of type CUSTOM and JWT.
	Authorizers []*APIAuthorizer `json:"authorizers,omitempty"`

	// Stages are its deployments: nothing can be called without one.
	Stages []cloud.Link[HTTPStage] `json:"-" cel:"stages" backlink:"api" within:"region"`
}

// Kind implements cloud.Resource.
func (*HTTPAPI) Kind() cloud.Kind { return "AWS::ApiGatewayV2::Api" }

// HTTPStage is a stage of an HTTP or WebSocket API.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
type HTTPStage struct {
	cloud.Base

	// API is what it publishes.
	API cloud.Link[HTTPAPI] `json:"api,omitzero"`
	// AccessLog is the ARN of the log group or delivery stream that receives
	// the access log; empty when there is none.
	AccessLog string `json:"access_log,omitempty"`
	// Settings are the stage's route settings: those of * hold where no other
	// fits. Execution logs exist for WebSocket APIs only.
	Settings []*StageSettings `json:"settings,omitempty"`
	// AutoDeploy is whether changes go live by themselves.
	AutoDeploy bool `json:"auto_deploy,omitempty"`
	// Variables are the stage variables.
	Variables []*EnvVar `json:"variables,omitempty"`
}

// Kind implements cloud.Resource.
func (*HTTPStage) Kind() cloud.Kind { return "AWS::ApiGatewayV2::Stage" }

// APIDomain is a custom domain name, for APIs of both versions. Domain names
// are read in regions that have an API.
// https://docs.aws.amazon.com/apigateway/latest/api/API_DomainName.html
type APIDomain struct {
	cloud.Base

	// EndpointType is EDGE, REGIONAL or PRIVATE.
	EndpointType string `json:"endpoint_type"`
	// SecurityPolicy is the lowest TLS it accepts: TLS_1_0, TLS_1_2 or one of
	// the newer policies named SecurityPolicy_TLS13_... and so on.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
	SecurityPolicy string `json:"security_policy"`
	// Certificate is the ACM certificate it shows.
	Certificate cloud.Link[Certificate] `json:"certificate,omitzero"`
	// MutualTLS is whether callers must show a certificate.
	MutualTLS bool `json:"mutual_tls,omitempty"`
}

// Kind implements cloud.Resource.
func (*APIDomain) Kind() cloud.Kind { return "AWS::ApiGateway::DomainName" }
