package cloudformation

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
)

// A serverless template is rewritten before it is evaluated, as SAM's transform
// does at deploy: its types become those of CloudFormation, under the logical
// ids that SAM gives them, and what SAM adds unasked is added.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
type sam struct {
	globals *node
	written map[string]*node // the resources as written
	out     *node
	// apis are the routes that functions bring to an API, by its logical id.
	apis map[string]*samAPI
	// notifications are what functions bring to a bucket, by its logical id.
	notifications map[string][]*node
	// dotted are the names by which other resources refer to what is made: Function.Alias.
	dotted map[string]string
}

const serverless = "AWS::Serverless::"

// serverless rewrites the members of the section Resources, if any is SAM's.
func (s *stack) serverless(resources *node) *node {
	isSAM := func(n *node) bool { return strings.HasPrefix(n.get("Type").str(), serverless) }
	if !slices.ContainsFunc(resources.items, isSAM) {
		return resources
	}
	m := &sam{globals: s.root.get("Globals"), written: map[string]*node{}, out: &node{kind: objectNode, origin: resources.origin},
		apis: map[string]*samAPI{}, notifications: map[string][]*node{}, dotted: map[string]string{}}
	for i, id := range resources.keys {
		m.written[id] = resources.items[i]
	}
	for i, id := range resources.keys {
		m.rewrite(id, resources.items[i])
	}
	m.makeAPIs()
	m.notify()
	s.dotted = m.dotted
	return m.out
}

func (m *sam) rewrite(id string, n *node) {
	switch strings.TrimPrefix(n.get("Type").str(), serverless) {
	case "Function":
		m.function(id, n, m.properties("Function", n))
	case "Api":
		m.declareAPI(id, n, m.properties("Api", n), false)
	case "HttpApi":
		m.declareAPI(id, n, m.properties("HttpApi", n), true)
	case "SimpleTable":
		m.table(id, n, m.properties("SimpleTable", n))
	case "StateMachine":
		m.stateMachine(id, n, m.properties("StateMachine", n))
	case "LayerVersion":
		p := m.properties("LayerVersion", n)
		m.make(id, "AWS::Lambda::LayerVersion", n, p.only("LayerName", "Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo"))
	default:
		m.out.set(id, n)
	}
}

// properties are those of a resource over those that Globals gives all of its type.
func (m *sam) properties(kind string, n *node) *node {
	return mergeNodes(m.globals.get(kind), n.get("Properties"), 0)
}

// mergeNodes puts one node over another: objects are merged, lists joined,
// all else is replaced.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func mergeNodes(under, over *node, depth int) *node {
	fnUnder, _ := under.call()
	fnOver, _ := over.call()
	switch {
	case under == nil:
		return over
	case over == nil || over.kind == nullNode:
		return under
	case fnUnder != "" || fnOver != "" || depth > maxDepth:
		return over
	case under.kind == listNode && over.kind == listNode:
		return &node{kind: listNode, items: slices.Concat(under.items, over.items), origin: over.origin}
	case under.kind == objectNode && over.kind == objectNode:
		out := &node{kind: objectNode, origin: over.origin}
		for i, key := range under.keys {
			out.set(key, mergeNodes(under.items[i], over.get(key), depth+1))
		}
		for i, key := range over.keys {
			if under.get(key) == nil {
				out.set(key, over.items[i])
			}
		}
		return out
	}
	return over
}

// make adds a resource in place of, or along with, the one that it comes from:
// it is there when that one is.
func (m *sam) make(id, typ string, from *node, properties *node) {
	m.out.set(id, object(from.origin, "Type", typ, "Condition", from.get("Condition"), "DeletionPolicy", from.get("DeletionPolicy"),
		"UpdateReplacePolicy", from.get("UpdateReplacePolicy"), "Metadata", from.get("Metadata"), "Properties", properties))
}

// function makes a function, its role unless it has one, its alias, its URL,
// and what its events need.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
func (m *sam) function(id string, n, p *node) {
	at := n.origin
	role := p.get("Role")
	if role == nil {
		role = call("Fn::GetAtt", at, id+"Role", "Arn")
		m.functionRole(id, n, p)
	}
	properties := p.only("FunctionName", "Handler", "Runtime", "Description", "MemorySize", "Timeout", "Environment", "VpcConfig", "KmsKeyArn", "Layers", "Architectures",
		"EphemeralStorage", "ReservedConcurrentExecutions", "PackageType", "ImageConfig", "FileSystemConfigs", "CodeSigningConfigArn", "SnapStart",
		"LoggingConfig", "RuntimeManagementConfig", "RecursiveLoop", "PublishToLatestPublished")
	properties.set("Role", role)
	properties.set("Tags", tagged(p.get("Tags"), at))
	properties.set("Code", samCode(p))
	if tracing := p.get("Tracing"); tracing != nil {
		properties.set("TracingConfig", object(tracing.origin, "Mode", tracing))
	}
	if queue := p.get("DeadLetterQueue"); queue != nil {
		properties.set("DeadLetterConfig", object(queue.origin, "TargetArn", queue.get("TargetArn")))
	}
	m.make(id, "AWS::Lambda::Function", n, properties)
	target := ref(id, at)
	if alias := p.get("AutoPublishAlias"); alias != nil {
		target = m.alias(id, n, p, alias)
	}
	if url := p.get("FunctionUrlConfig"); url != nil {
		m.functionURL(id, n, url, p.get("AutoPublishAlias"))
	}
	if invoke := p.get("EventInvokeConfig"); invoke != nil {
		properties := invoke.only("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
		properties.set("FunctionName", ref(id, at))
		properties.set("Qualifier", p.get("AutoPublishAlias").or("$LATEST", at))
		m.make(id+"EventInvokeConfig", "AWS::Lambda::EventInvokeConfig", n, properties)
	}
	m.events(id, n, target, p.get("Events"))
}

// tagged adds the tag that SAM gives what it makes.
func tagged(tags *node, at cloud.Origin) *node {
	return mergeNodes(object(at, "lambda:createdBy", "SAM"), tags, 0)
}

func samCode(p *node) *node {
	switch inline, image, uri := p.get("InlineCode"), p.get("ImageUri"), p.get("CodeUri"); {
	case inline != nil:
		return object(inline.origin, "ZipFile", inline)
	case image != nil:
		return object(image.origin, "ImageUri", image)
	case uri.is(objectNode):
		return object(uri.origin, "S3Bucket", uri.get("Bucket"), "S3Key", uri.get("Key"), "S3ObjectVersion", uri.get("Version"))
	case uri != nil:
		return object(uri.origin, "S3Key", uri)
	}
	return nil
}

func (m *sam) alias(id string, n, p, name *node) *node {
	at := n.origin
	version := id + "Version"
	m.make(version, "AWS::Lambda::Version", n, object(at, "FunctionName", ref(id, at), "Description", p.get("VersionDescription")))
	alias := id + "Alias" + alphanumeric(name.str())
	m.make(alias, "AWS::Lambda::Alias", n, object(at, "Name", name, "FunctionName", ref(id, at), "FunctionVersion", call("Fn::GetAtt", at, version, "Version"),
		"ProvisionedConcurrencyConfig", p.get("ProvisionedConcurrencyConfig")))
	m.dotted[id+".Alias"], m.dotted[id+".Version"] = alias, version
	return ref(alias, at)
}

// functionURL makes a URL. One without authorization may be called by everyone.
func (m *sam) functionURL(id string, n, url, alias *node) {
	properties := url.only("AuthType", "Cors", "InvokeMode")
	properties.set("TargetFunctionArn", ref(id, url.origin))
	if alias != nil {
		properties.set("Qualifier", alias)
	}
	m.make(id+"Url", "AWS::Lambda::Url", n, properties)
	if url.get("AuthType").str() == "NONE" {
		function := ref(id, url.origin)
		if alias != nil {
			function = ref(m.dotted[id+".Alias"], url.origin)
		}
		m.make(id+"UrlPublicPermissions", "AWS::Lambda::Permission", n, object(url.origin, "Action", "lambda:InvokeFunctionUrl", "Principal", "*",
			"FunctionName", function, "FunctionUrlAuthType", "NONE"))
	}
}

// table makes a DynamoDB table of one key.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
func (m *sam) table(id string, n, p *node) {
	at := n.origin
	properties := p.only("TableName", "SSESpecification", "PointInTimeRecoverySpecification", "ProvisionedThroughput", "Tags")
	name := p.path("PrimaryKey", "Name").or("id", at)
	kind := map[string]string{"": "S", "String": "S", "Number": "N", "Binary": "B"}[p.path("PrimaryKey", "Type").str()]
	properties.set("AttributeDefinitions", listOf(at, object(at, "AttributeName", name, "AttributeType", kind)))
	properties.set("KeySchema", listOf(at, object(at, "AttributeName", name, "KeyType", "HASH")))
	if p.get("ProvisionedThroughput") == nil {
		properties.set("BillingMode", text("PAY_PER_REQUEST", at))
	}
	m.make(id, "AWS::DynamoDB::Table", n, properties)
}

// stateMachine makes a state machine, its role unless it has one, and what its
// events need.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
func (m *sam) stateMachine(id string, n, p *node) {
	at := n.origin
	role := p.get("Role")
	if role == nil {
		role = call("Fn::GetAtt", at, id+"Role", "Arn")
		m.role(id, n, p, "states.amazonaws.com", nil)
	}
	properties := p.only("DefinitionSubstitutions", "DefinitionUri")
	properties.set("DefinitionObject", p.get("Definition"))
	properties.set("StateMachineName", p.get("Name"))
	properties.set("StateMachineType", p.get("Type"))
	properties.set("LoggingConfiguration", p.get("Logging"))
	properties.set("TracingConfiguration", p.get("Tracing"))
	properties.set("RoleArn", role)
	properties.set("Tags", mergeNodes(object(at, "stateMachine:createdBy", "SAM"), p.get("Tags"), 0))
	m.make(id, "AWS::StepFunctions::StateMachine", n, properties)
	events := p.get("Events")
	for i, name := range events.names() {
		e := events.items[i]
		switch e.get("Type").str() {
		case "Schedule", "CloudWatchEvent", "EventBridgeRule":
			m.rule(id+name, n, e, ref(id, at))
			m.make(id+name+"Role", "AWS::IAM::Role", n, trust("events.amazonaws.com", at))
		case "Api":
			m.route(id, name, n, e, nil)
		}
	}
}

// notify adds the notifications of functions to the buckets they listen to.
func (m *sam) notify() {
	for i, id := range m.out.keys {
		added := m.notifications[id]
		if len(added) == 0 {
			continue
		}
		bucket := m.out.items[i]
		more := object(bucket.origin, "Properties", object(bucket.origin, "NotificationConfiguration",
			object(added[0].origin, "LambdaConfigurations", listOf(added[0].origin, added...))))
		m.out.items[i] = mergeNodes(more, bucket, 0)
	}
}

// names are the keys of an object; none of what is not one.
func (n *node) names() []string {
	if !n.is(objectNode) {
		return nil
	}
	return n.keys
}

// set adds a member to an object, unless it is nil.
func (n *node) set(key string, value *node) {
	if value != nil {
		n.keys, n.items = append(n.keys, key), append(n.items, value)
	}
}

// only is the object with some of its members.
func (n *node) only(keys ...string) *node {
	out := &node{kind: objectNode}
	if n != nil {
		out.origin = n.origin
	}
	for _, k := range keys {
		out.set(k, n.get(k))
	}
	return out
}

// or is the node, or a text in its place.
func (n *node) or(s string, at cloud.Origin) *node {
	if n == nil {
		return text(s, at)
	}
	return n
}

func text(s string, at cloud.Origin) *node { return &node{kind: textNode, text: s, origin: at} }

// object makes an object of keys and values; values are texts or nodes, and
// those that are nil are left out.
func object(at cloud.Origin, pairs ...any) *node {
	out := &node{kind: objectNode, origin: at}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case string:
			out.set(pairs[i].(string), text(v, at))
		case *node:
			out.set(pairs[i].(string), v)
		}
	}
	return out
}

func listOf(at cloud.Origin, items ...*node) *node {
	return &node{kind: listNode, items: items, origin: at}
}

func texts(at cloud.Origin, words ...string) *node {
	out := listOf(at)
	for _, w := range words {
		out.items = append(out.items, text(w, at))
	}
	return out
}

// call makes a call of a function: of one text or of several.
func call(fn string, at cloud.Origin, args ...string) *node {
	arg := texts(at, args...)
	if len(args) == 1 {
		arg = arg.items[0]
	}
	return &node{kind: objectNode, keys: []string{fn}, items: []*node{arg}, origin: at}
}

func ref(id string, at cloud.Origin) *node { return call("Ref", at, id) }
