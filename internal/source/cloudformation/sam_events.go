package cloudformation

import (
	"strings"

	"merlon.dev/internal/cloud"
)

// events makes what the events of a function need: who may call it, and what
// calls it. Target is the function, or its alias.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
func (m *sam) events(id string, n, target, events *node) {
	for i, name := range events.names() {
		e := events.items[i]
		p := e.get("Properties")
		if p == nil {
			p = object(e.origin)
		}
		switch e.get("Type").str() {
		case "Api":
			m.route(id, name, n, e, target)
		case "HttpApi":
			m.httpRoute(id, name, n, e, target)
		case "S3":
			m.bucketEvent(id, name, n, e, target)
		case "SNS":
			m.subscription(id+name, n, e, target)
		case "SQS", "Kinesis", "DynamoDB", "MSK", "MQ", "SelfManagedKafka", "DocumentDB":
			m.poll(id+name, n, e, target)
		case "Schedule", "CloudWatchEvent", "EventBridgeRule":
			m.rule(id+name, n, e, target)
			m.permit(id+name+"Permission", n, e, target, "events.amazonaws.com", "SourceArn", call("Fn::GetAtt", e.origin, id+name, "Arn"))
		case "ScheduleV2":
			m.schedule(id+name, n, e, target)
		case "CloudWatchLogs":
			m.make(id+name, "AWS::Logs::SubscriptionFilter", n, object(e.origin, "LogGroupName", p.get("LogGroupName"), "FilterPattern", p.get("FilterPattern"), "DestinationArn", arnOf(target)))
			m.permit(id+name+"Permission", n, e, target, "logs.amazonaws.com", "SourceArn", logGroupARN(p.get("LogGroupName"), e.origin))
		case "IoTRule":
			m.permit(id+name+"Permission", n, e, target, "iot.amazonaws.com", "SourceAccount", ref("AWS::AccountId", e.origin))
		case "AlexaSkill":
			m.permit(id+name+"Permission", n, e, target, "alexa-appkit.amazon.com", "EventSourceToken", p.get("SkillId"))
		case "Cognito":
			m.permit(id+name+"Permission", n, e, target, "cognito-idp.amazonaws.com", "SourceArn", arnOf(p.get("UserPool")))
		}
	}
}

// permit lets a service call the function, within one source.
func (m *sam) permit(id string, n, e, target *node, service, within string, source *node) {
	m.make(id, "AWS::Lambda::Permission", n, object(e.origin, "Action", "lambda:InvokeFunction", "FunctionName", target, "Principal", service, within, source))
}

// arnOf is the ARN of what a Ref refers to; another node is taken for one already.
func arnOf(n *node) *node {
	if fn, arg := n.call(); fn == "Ref" && arg.is(textNode) {
		return call("Fn::GetAtt", n.origin, arg.text, "Arn")
	}
	return n
}

func logGroupARN(name *node, at cloud.Origin) *node {
	if name == nil {
		return nil
	}
	variables := object(at, "name", name)
	return &node{kind: objectNode, keys: []string{"Fn::Sub"}, origin: at,
		items: []*node{listOf(at, text("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${name}:*", at), variables)}}
}

// bucketEvent notes a notification for a bucket of the template.
func (m *sam) bucketEvent(id, name string, n, e, target *node) {
	p := e.get("Properties")
	_, bucket := p.get("Bucket").call()
	for _, event := range p.get("Events").list() {
		notification := object(e.origin, "Event", event, "Function", arnOf(target), "Filter", p.get("Filter"))
		m.notifications[bucket.str()] = append(m.notifications[bucket.str()], notification)
	}
	m.permit(id+name+"Permission", n, e, target, "s3.amazonaws.com", "SourceAccount", ref("AWS::AccountId", e.origin))
}

// subscription subscribes the function to a topic, or the queue before it.
func (m *sam) subscription(id string, n, e, target *node) {
	p, at := e.get("Properties"), e.origin
	properties := p.only("FilterPolicy", "FilterPolicyScope", "Region", "RedrivePolicy")
	properties.set("TopicArn", p.get("Topic"))
	queue := p.get("SqsSubscription")
	if queue == nil || queue.kind != objectNode && !queue.yes() {
		properties.set("Protocol", text("lambda", at))
		properties.set("Endpoint", arnOf(target))
		m.make(id, "AWS::SNS::Subscription", n, properties)
		m.permit(id+"Permission", n, e, target, "sns.amazonaws.com", "SourceArn", p.get("Topic"))
		return
	}
	arn, url := queue.get("QueueArn"), queue.get("QueueUrl")
	if arn == nil {
		m.make(id+"Queue", "AWS::SQS::Queue", n, object(at))
		arn, url = call("Fn::GetAtt", at, id+"Queue", "Arn"), ref(id+"Queue", at)
	}
	properties.set("Protocol", text("sqs", at))
	properties.set("Endpoint", arn)
	m.make(id, "AWS::SNS::Subscription", n, properties)
	statement := object(at, "Effect", "Allow", "Action", "sqs:SendMessage", "Principal", "*", "Resource", arn,
		"Condition", object(at, "ArnEquals", object(at, "aws:SourceArn", p.get("Topic"))))
	m.make(id+"QueuePolicy", "AWS::SQS::QueuePolicy", n, object(at, "Queues", listOf(at, url), "PolicyDocument", policyDocument(statement)))
	m.make(id+"EventSourceMapping", "AWS::Lambda::EventSourceMapping", n, object(at, "EventSourceArn", arn, "FunctionName", target, "BatchSize", queue.get("BatchSize").or("10", at)))
}

// poll makes Lambda poll a queue, a stream or a broker for the function.
func (m *sam) poll(id string, n, e, target *node) {
	p := e.get("Properties")
	properties := p.only("BatchSize", "Enabled", "FilterCriteria", "StartingPosition", "Topics", "SourceAccessConfigurations", "DestinationConfig", "KmsKeyArn")
	for _, name := range []string{"Queue", "Stream", "Broker", "Cluster"} {
		properties.set("EventSourceArn", p.get(name))
	}
	properties.set("FunctionName", target)
	m.make(id, "AWS::Lambda::EventSourceMapping", n, properties)
}

// rule makes the rule of a schedule or of an event pattern.
func (m *sam) rule(id string, n, e, target *node) {
	p, at := e.get("Properties"), e.origin
	properties := p.only("Name", "Description", "State", "EventBusName")
	properties.set("ScheduleExpression", p.get("Schedule"))
	properties.set("EventPattern", p.get("Pattern"))
	if enabled := p.get("Enabled"); enabled.is(flagNode) && !enabled.yes() {
		properties.set("State", text("DISABLED", at))
	}
	properties.set("Targets", listOf(at, object(at, "Arn", arnOf(target), "Id", id+"LambdaTarget", "Input", p.get("Input"))))
	m.make(id, "AWS::Events::Rule", n, properties)
}

func (m *sam) schedule(id string, n, e, target *node) {
	p, at := e.get("Properties"), e.origin
	properties := p.only("Name", "Description", "State", "ScheduleExpression", "GroupName", "FlexibleTimeWindow", "KmsKeyArn")
	role := p.get("RoleArn")
	if role == nil {
		role = call("Fn::GetAtt", at, id+"Role", "Arn")
		properties := trust("scheduler.amazonaws.com", at)
		statement := object(at, "Effect", "Allow", "Action", "lambda:InvokeFunction", "Resource", arnOf(target))
		properties.set("Policies", listOf(at, object(at, "PolicyName", id+"Policy", "PolicyDocument", policyDocument(statement))))
		properties.set("PermissionsBoundary", p.get("PermissionsBoundary"))
		m.make(id+"Role", "AWS::IAM::Role", n, properties)
	}
	properties.set("Target", object(at, "Arn", arnOf(target), "RoleArn", role, "Input", p.get("Input")))
	m.make(id, "AWS::Scheduler::Schedule", n, properties)
}

// A samAPI is an API with the routes that functions bring to it.
type samAPI struct {
	http   bool
	from   *node // what it is declared by: its own resource, or the first function
	p      *node // its properties
	routes []samRoute
}

type samRoute struct {
	path, method string
	target       *node // nil for what is no function
	auth         *node
	origin       cloud.Origin
}

func (m *sam) declareAPI(id string, n, p *node, http bool) {
	a := m.api(id, n, p, http)
	a.from, a.p = n, p
}

// api is an API by its logical id, noted when it is first mentioned.
func (m *sam) api(id string, n, p *node, http bool) *samAPI {
	a := m.apis[id]
	if a == nil {
		a = &samAPI{http: http, from: n, p: p}
		m.apis[id] = a
		m.out.set(id, n) // keeps its place until makeAPIs
	}
	return a
}

// apiOf finds the API that an event belongs to: the one it names, or the
// implicit one. It is nil for an API outside of the template.
func (m *sam) apiOf(named, n *node, implicit, kind string, http bool) (id string, a *samAPI) {
	if named == nil {
		if a = m.apis[implicit]; a == nil {
			a = m.api(implicit, object(n.origin), mergeNodes(object(n.origin, "StageName", map[bool]string{false: "Prod", true: "$default"}[http]), m.globals.get(kind), 0), http)
		}
		return implicit, a
	}
	fn, arg := named.call()
	if own := m.written[arg.str()]; fn == "Ref" && strings.HasPrefix(own.get("Type").str(), serverless) {
		return arg.text, m.api(arg.text, own, m.properties(kind, own), http)
	}
	return "", nil
}

// route notes a path of a REST API that leads to the function, and lets the API call it.
func (m *sam) route(id, name string, n, e, target *node) {
	p := e.get("Properties")
	api, a := m.apiOf(p.get("RestApiId"), n, "ServerlessRestApi", "Api", false)
	within := p.get("RestApiId")
	if a != nil {
		a.routes = append(a.routes, samRoute{p.get("Path").str(), strings.ToLower(p.get("Method").str()), target, p.get("Auth"), e.origin})
		within = ref(api, e.origin)
	}
	if target != nil {
		m.permit(id+name+"Permission"+stageOf(a), n, e, target, "apigateway.amazonaws.com", "SourceArn", executeARN(within, e.origin))
	}
}

func (m *sam) httpRoute(id, name string, n, e, target *node) {
	p := e.get("Properties")
	api, a := m.apiOf(p.get("ApiId"), n, "ServerlessHttpApi", "HttpApi", true)
	within := p.get("ApiId")
	if a != nil {
		path, method := p.get("Path").str(), strings.ToLower(p.get("Method").str())
		if path == "" {
			path, method = "$default", ""
		}
		a.routes = append(a.routes, samRoute{path, method, target, p.get("Auth"), e.origin})
		within = ref(api, e.origin)
	}
	m.permit(id+name+"Permission", n, e, target, "apigateway.amazonaws.com", "SourceArn", executeARN(within, e.origin))
}

func stageOf(a *samAPI) string {
	if a == nil {
		return "Test"
	}
	return alphanumeric(a.p.get("StageName").str())
}

func executeARN(api *node, at cloud.Origin) *node {
	variables := object(at, "api", api)
	return &node{kind: objectNode, keys: []string{"Fn::Sub"}, origin: at,
		items: []*node{listOf(at, text("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/*", at), variables)}}
}

// makeAPIs replaces the APIs by what they are made of, in the order in which
// they were first mentioned.
func (m *sam) makeAPIs() {
	before := m.out
	m.out = &node{kind: objectNode, origin: before.origin}
	for i, id := range before.keys {
		switch a := m.apis[id]; {
		case a == nil:
			m.out.set(id, before.items[i])
		case a.http:
			m.httpAPI(id, a)
		default:
			m.restAPI(id, a)
		}
	}
}

// restAPI makes a REST API with its stage.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
func (m *sam) restAPI(id string, a *samAPI) {
	p, at := a.p, a.from.origin
	properties := p.only("Name", "Description", "ApiKeySourceType", "BinaryMediaTypes", "DisableExecuteApiEndpoint", "FailOnWarnings", "MinimumCompressionSize", "Mode", "Policy")
	switch kind := p.get("EndpointConfiguration"); {
	case kind.is(objectNode) && kind.get("Type") != nil:
		properties.set("EndpointConfiguration", object(kind.origin, "Types", listOf(kind.origin, kind.get("Type")), "VpcEndpointIds", kind.get("VPCEndpointIds")))
	case kind != nil:
		properties.set("EndpointConfiguration", object(kind.origin, "Types", listOf(kind.origin, kind)))
	}
	body := p.get("DefinitionBody")
	if body == nil && p.get("DefinitionUri") == nil {
		body = m.openAPI(a)
	}
	properties.set("Body", body)
	if uri := p.get("DefinitionUri"); uri != nil {
		properties.set("BodyS3Location", object(uri.origin, "Key", uri))
	}
	properties.set("Tags", p.get("Tags"))
	properties.set("Policy", m.resourcePolicy(p.path("Auth", "ResourcePolicy")))
	m.make(id, "AWS::ApiGateway::RestApi", a.from, properties)
	m.make(id+"Deployment", "AWS::ApiGateway::Deployment", a.from, object(at, "RestApiId", ref(id, at)))
	stage := p.only("AccessLogSetting", "CacheClusterEnabled", "CacheClusterSize", "CanarySetting", "MethodSettings", "TracingEnabled", "Variables", "Tags", "StageName")
	stage.set("RestApiId", ref(id, at))
	stage.set("DeploymentId", ref(id+"Deployment", at))
	m.make(id+stageOf(a)+"Stage", "AWS::ApiGateway::Stage", a.from, stage)
	m.dotted[id+".Stage"], m.dotted[id+".Deployment"] = id+stageOf(a)+"Stage", id+"Deployment"
	m.domain(id, a, "AWS::ApiGateway::DomainName")
}

// resourcePolicy is the policy of an API: the statements given, or unknown
// where SAM builds it out of ranges, accounts and networks.
func (m *sam) resourcePolicy(given *node) *node {
	switch {
	case given == nil:
		return nil
	case given.get("CustomStatements") != nil && len(given.keys) == 1:
		return policyDocument(given.get("CustomStatements").list()...)
	}
	return open("a resource policy that SAM builds", given.origin)
}

// httpAPI makes an HTTP API with its stage.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
func (m *sam) httpAPI(id string, a *samAPI) {
	p, at := a.p, a.from.origin
	properties := p.only("Name", "Description", "DisableExecuteApiEndpoint", "FailOnWarnings", "CorsConfiguration", "Tags")
	if cors := p.get("CorsConfiguration"); cors.is(flagNode) && cors.yes() {
		properties = mergeNodes(properties, object(at, "CorsConfiguration", object(at, "AllowOrigins", texts(at, "*"))), 0)
	}
	body := p.get("DefinitionBody")
	if body == nil && p.get("DefinitionUri") == nil {
		body = m.openAPI(a)
	}
	properties.set("Body", body)
	properties.set("ProtocolType", text("HTTP", at))
	m.make(id, "AWS::ApiGatewayV2::Api", a.from, properties)
	stage := p.only("DefaultRouteSettings", "RouteSettings", "StageVariables", "Tags")
	stage.set("ApiId", ref(id, at))
	stage.set("AutoDeploy", &node{kind: flagNode, text: "true", origin: at})
	stage.set("AccessLogSettings", p.get("AccessLogSettings"))
	stage.set("StageName", p.get("StageName").or("$default", at))
	name := id + "ApiGatewayDefaultStage"
	if given := p.get("StageName").str(); given != "" && given != "$default" {
		name = id + alphanumeric(given) + "Stage"
	}
	m.make(name, "AWS::ApiGatewayV2::Stage", a.from, stage)
	m.dotted[id+".Stage"] = name
	m.domain(id, a, "AWS::ApiGatewayV2::DomainName")
}

func (m *sam) domain(id string, a *samAPI, typ string) {
	d := a.p.get("Domain")
	if d == nil {
		return
	}
	at := d.origin
	kind := d.get("EndpointConfiguration").or("REGIONAL", at)
	properties := object(at, "DomainName", d.get("DomainName"), "MutualTlsAuthentication", d.get("MutualTlsAuthentication"))
	switch {
	case a.http:
		properties.set("DomainNameConfigurations", listOf(at, object(at, "CertificateArn", d.get("CertificateArn"), "EndpointType", kind, "SecurityPolicy", d.get("SecurityPolicy"))))
	case kind.str() == "EDGE":
		properties.set("CertificateArn", d.get("CertificateArn"))
	default:
		properties.set("RegionalCertificateArn", d.get("CertificateArn"))
	}
	if !a.http {
		properties.set("EndpointConfiguration", object(at, "Types", listOf(at, kind)))
		properties.set("SecurityPolicy", d.get("SecurityPolicy"))
	}
	m.make(id+"DomainName", typ, a.from, properties)
}

// openAPI is the description of an API's routes, as SAM writes it: each with
// its integration, and with what a caller must show.
func (m *sam) openAPI(a *samAPI) *node {
	at := a.from.origin
	paths := object(at)
	byPath := map[string]*node{}
	for _, r := range a.routes {
		if byPath[r.path] == nil {
			byPath[r.path] = object(r.origin)
			paths.set(r.path, byPath[r.path])
		}
		method := r.method
		if method == "any" || method == "" {
			method = "x-amazon-apigateway-any-method"
		}
		byPath[r.path].set(method, m.operation(a, r))
	}
	body := object(at, "paths", paths)
	if a.http {
		body.set("openapi", text("3.0.1", at))
		body.set("components", object(at, "securitySchemes", m.schemes(a)))
	} else {
		body.set("swagger", text("2.0", at))
		body.set("securityDefinitions", m.schemes(a))
	}
	return body
}

// operation is one route with its integration and its security.
func (m *sam) operation(a *samAPI, r samRoute) *node {
	integration := object(r.origin, "type", "aws_proxy", "httpMethod", "POST")
	if r.target != nil {
		integration.set("uri", arnOf(r.target))
	}
	out := object(r.origin, "x-amazon-apigateway-integration", integration)
	security := listOf(r.origin)
	auth := a.p.get("Auth")
	authorizer := r.auth.get("Authorizer")
	if authorizer == nil {
		authorizer = auth.get("DefaultAuthorizer")
	}
	if name := authorizer.str(); name != "" && name != "NONE" {
		security.items = append(security.items, object(authorizer.origin, name, listOf(r.origin)))
	} else if fn, _ := authorizer.call(); fn != "" {
		out.set("security", open("the authorizer of a route is not known", r.origin))
		return out
	}
	required := r.auth.get("ApiKeyRequired")
	if required == nil {
		required = auth.get("ApiKeyRequired")
	}
	if required.yes() {
		security.items = append(security.items, object(required.origin, "api_key", listOf(r.origin)))
	}
	out.set("security", security)
	return out
}

// schemes are the ways to show who one is that the routes of an API refer to.
func (m *sam) schemes(a *samAPI) *node {
	auth := a.p.get("Auth")
	at := a.from.origin
	scheme := func(kind string, authorizer *node) *node {
		return object(at, "type", "apiKey", "name", "Authorization", "in", "header", "x-amazon-apigateway-authtype", kind, "x-amazon-apigateway-authorizer", authorizer)
	}
	out := object(at, "AWS_IAM", scheme("awsSigv4", nil), "api_key", object(at, "type", "apiKey", "name", "x-api-key", "in", "header"))
	authorizers := auth.get("Authorizers")
	for i, name := range authorizers.names() {
		given := authorizers.items[i]
		switch {
		case given.get("UserPoolArn") != nil:
			out.set(name, scheme("cognito_user_pools", object(given.origin, "type", "cognito_user_pools", "providerARNs", listOf(given.origin, given.get("UserPoolArn").list()...))))
		case given.get("JwtConfiguration") != nil:
			out.set(name, object(given.origin, "type", "oauth2", "x-amazon-apigateway-authorizer", object(given.origin, "type", "jwt", "jwtConfiguration", given.get("JwtConfiguration"))))
		default:
			kind := strings.ToLower(given.get("FunctionPayloadType").or("TOKEN", at).str())
			out.set(name, scheme("custom", object(given.origin, "type", kind, "authorizerUri", given.get("FunctionArn"))))
		}
	}
	return out
}
