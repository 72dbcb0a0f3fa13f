package cloudformation

import (
	"slices"
	"strconv"
	"strings"

	"merlon.dev/internal/cloud"
)

// functionRole makes the role of a function: what every function needs, what
// its settings and events need, and the policies it is given.
func (m *sam) functionRole(id string, n, p *node) {
	managed := []string{"AWSLambdaBasicExecutionRole"}
	if p.get("VpcConfig") != nil {
		managed = append(managed, "AWSLambdaVPCAccessExecutionRole")
	}
	if p.get("Tracing").str() == "Active" {
		managed = append(managed, "AWSXrayWriteOnlyAccess")
	}
	events := p.get("Events")
	for i := range events.names() {
		for _, name := range pollers()[events.items[i].get("Type").str()] {
			if !slices.Contains(managed, name) {
				managed = append(managed, name)
			}
		}
	}
	m.role(id, n, p, "lambda.amazonaws.com", managed)
}

// pollers are the managed policies that Lambda needs to poll for events.
func pollers() map[string][]string {
	return map[string][]string{
		"DynamoDB": {"AWSLambdaDynamoDBExecutionRole"},
		"Kinesis":  {"AWSLambdaKinesisExecutionRole"},
		"MSK":      {"AWSLambdaMSKExecutionRole"},
		"SQS":      {"AWSLambdaSQSQueueExecutionRole"},
	}
}

// role makes the role that a function or state machine runs as, as SAM does
// where none is given.
func (m *sam) role(id string, n, p *node, service string, managed []string) {
	at := n.origin
	arns, inline := listOf(at), listOf(at)
	for _, name := range managed {
		arns.items = append(arns.items, awsPolicy(name, at))
	}
	for i, policy := range p.get("Policies").list() {
		if fn, _ := policy.call(); fn != "Fn::If" && (fn != "" || !policy.is(objectNode)) {
			arns.items = append(arns.items, managedOrGiven(policy))
			continue
		}
		name := id + "RolePolicy" + strconv.Itoa(i)
		inline.items = append(inline.items, embeddedPolicy(policy, name, 0))
	}
	if queue := p.get("DeadLetterQueue"); queue != nil {
		action := map[string]string{"SNS": "sns:Publish", "SQS": "sqs:SendMessage"}[queue.get("Type").str()]
		statement := object(queue.origin, "Effect", "Allow", "Action", action, "Resource", queue.get("TargetArn"))
		inline.items = append(inline.items, object(queue.origin, "PolicyName", id+"DeadLetterQueue", "PolicyDocument", policyDocument(statement)))
	}
	properties := trust(service, at)
	if given := p.get("AssumeRolePolicyDocument"); given != nil {
		properties = object(at, "AssumeRolePolicyDocument", given)
	}
	properties.set("Path", p.get("RolePath"))
	properties.set("PermissionsBoundary", p.get("PermissionsBoundary"))
	properties.set("ManagedPolicyArns", arns)
	properties.set("Policies", inline)
	properties.set("Tags", tagged(p.get("Tags"), at))
	m.make(id+"Role", "AWS::IAM::Role", n, properties)
}

// trust is the properties of a role that a service may assume.
func trust(service string, at cloud.Origin) *node {
	statement := object(at, "Effect", "Allow", "Action", "sts:AssumeRole", "Principal", object(at, "Service", service))
	return object(at, "AssumeRolePolicyDocument", policyDocument(statement))
}

func policyDocument(statements ...*node) *node {
	at := statements[0].origin
	return object(at, "Version", "2012-10-17", "Statement", listOf(at, statements...))
}

// managedOrGiven is the ARN of a policy that is written as its name or as an ARN.
func managedOrGiven(policy *node) *node {
	if policy.is(textNode) && !strings.Contains(policy.text, ":") {
		return awsPolicy(policy.text, policy.origin)
	}
	return policy
}

// awsPolicy is the ARN of a policy of AWS by its name. Those made for the
// roles of services have a path of their own.
func awsPolicy(name string, at cloud.Origin) *node {
	if strings.HasPrefix(name, "AWSLambda") && strings.HasSuffix(name, "Role") || name == "AWSLambdaENIManagementAccess" {
		name = "service-role/" + name
	}
	return call("Fn::Sub", at, "arn:${AWS::Partition}:iam::aws:policy/"+name)
}

// embeddedPolicy is a policy of a role, made of a document, of a policy template,
// or of a choice between such.
func embeddedPolicy(policy *node, name string, depth int) *node {
	at := policy.origin
	if fn, arg := policy.call(); fn == "Fn::If" && len(arg.list()) == 3 && depth < 8 {
		cases := listOf(at, arg.items[0], embeddedPolicy(arg.items[1], name, depth+1), embeddedPolicy(arg.items[2], name, depth+1))
		return &node{kind: objectNode, keys: []string{fn}, items: []*node{cases}, origin: at}
	}
	switch {
	case policy.get("Statement") != nil:
		return object(at, "PolicyName", name, "PolicyDocument", policy)
	case policy.is(objectNode) && len(policy.keys) == 1 && policy.keys[0] != "Ref":
		return object(at, "PolicyName", name, "PolicyDocument", policyTemplate(policy.keys[0], policy.items[0], at))
	case policy.is(objectNode) && policy.get("Ref").str() == "AWS::NoValue":
		return policy
	}
	return open("a policy whose form depends on a condition", at)
}

// open is a node whose value is not known, for a reason.
func open(why string, at cloud.Origin) *node { return &node{kind: openNode, text: why, origin: at} }

// policyTemplate is the document that a policy template of SAM stands for.
func policyTemplate(name string, arguments *node, at cloud.Origin) *node {
	var statements []*node
	for line := range strings.Lines(policyTemplates) {
		words := strings.Fields(line)
		if len(words) != 4 || words[0] != name {
			continue
		}
		actions := listOf(at)
		for _, action := range strings.Split(words[3], ",") {
			actions.items = append(actions.items, text(words[1]+":"+action, at))
		}
		resources := listOf(at)
		for _, r := range strings.Split(words[2], ",") {
			resources.items = append(resources.items, templateResource(words[1], r, arguments, at))
		}
		statements = append(statements, object(at, "Effect", "Allow", "Action", actions, "Resource", resources))
	}
	if statements == nil {
		return open("policy template "+name+" of SAM is not known here", at)
	}
	return policyDocument(statements...)
}

// templateResource is one resource of a policy template: anything, an ARN that
// is given, or the rest of an ARN with names of arguments.
func templateResource(service, resource string, arguments *node, at cloud.Origin) *node {
	pattern := resource
	switch {
	case resource == "*":
		return text("*", at)
	case strings.HasPrefix(resource, "="):
		pattern = resource[1:]
	case service == "s3":
		pattern = "arn:${AWS::Partition}:s3:::" + resource
	default:
		pattern = "arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + resource
	}
	return &node{kind: objectNode, keys: []string{"Fn::Sub"}, items: []*node{listOf(at, text(pattern, at), arguments)}, origin: at}
}

// policyTemplates are SAM's policy templates, a statement a line: name, service,
// resources, actions.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
const policyTemplates = `
AMIDescribePolicy ec2 image/* DescribeImages
AWSSecretsManagerGetSecretValuePolicy secretsmanager =${SecretArn} GetSecretValue
AcmGetCertificatePolicy acm =${CertificateArn} GetCertificate
AthenaQueryPolicy athena * ListWorkGroups,GetExecutionEngine,GetExecutionEngines,GetNamespace,GetCatalogs,GetNamespaces,GetTables,GetTable
AthenaQueryPolicy athena workgroup/${WorkGroupName} StartQueryExecution,GetQueryResults,DeleteNamedQuery,GetNamedQuery,ListQueryExecutions,StopQueryExecution,GetQueryResultsStream,ListNamedQueries,CreateNamedQuery,GetQueryExecution,BatchGetNamedQuery,BatchGetQueryExecution,GetWorkGroup
CloudFormationDescribeStacksPolicy cloudformation stack/* DescribeStacks
CloudWatchDashboardPolicy cloudwatch * GetDashboard,ListDashboards,PutDashboard,ListMetrics
CloudWatchDescribeAlarmHistoryPolicy cloudwatch * DescribeAlarmHistory
CloudWatchPutMetricPolicy cloudwatch * PutMetricData
CodePipelineLambdaExecutionPolicy codepipeline * PutJobSuccessResult,PutJobFailureResult
CodePipelineReadOnlyPolicy codepipeline ${PipelineName} ListPipelineExecutions
ComprehendBasicAccessPolicy comprehend * BatchDetectKeyPhrases,DetectDominantLanguage,DetectEntities,BatchDetectEntities,DetectKeyPhrases,DetectSentiment,BatchDetectDominantLanguage,BatchDetectSentiment
CostExplorerReadOnlyPolicy ce * GetCostAndUsage,GetDimensionValues,GetReservationCoverage,GetReservationPurchaseRecommendation,GetReservationUtilization,GetTags
DynamoDBBackupFullAccessPolicy dynamodb table/${TableName} CreateBackup,DescribeContinuousBackups
DynamoDBBackupFullAccessPolicy dynamodb table/${TableName}/backup/* DeleteBackup,DescribeBackup,ListBackups
DynamoDBCrudPolicy dynamodb table/${TableName},table/${TableName}/index/* GetItem,DeleteItem,PutItem,Scan,Query,UpdateItem,BatchWriteItem,BatchGetItem,DescribeTable,ConditionCheckItem
DynamoDBReadPolicy dynamodb table/${TableName},table/${TableName}/index/* GetItem,Scan,Query,BatchGetItem,DescribeTable
DynamoDBReconfigurePolicy dynamodb table/${TableName} UpdateTable
DynamoDBRestoreFromBackupPolicy dynamodb table/${TableName}/backup/* RestoreTableFromBackup
DynamoDBRestoreFromBackupPolicy dynamodb table/${TableName} PutItem,UpdateItem,DeleteItem,GetItem,Query,Scan,BatchWriteItem
DynamoDBStreamReadPolicy dynamodb table/${TableName}/stream/${StreamName} DescribeStream,GetRecords,GetShardIterator
DynamoDBStreamReadPolicy dynamodb table/${TableName}/stream/* ListStreams
DynamoDBWritePolicy dynamodb table/${TableName},table/${TableName}/index/* PutItem,UpdateItem,BatchWriteItem
EC2CopyImagePolicy ec2 image/${ImageId} CopyImage
EC2DescribePolicy ec2 * DescribeRegions,DescribeInstances
EKSDescribePolicy eks * DescribeCluster,ListClusters
ElasticsearchHttpPostPolicy es domain/${DomainName}/* ESHttpPost,ESHttpPut
EventBridgePutEventsPolicy events event-bus/${EventBusName} PutEvents
FilterLogEventsPolicy logs log-group:${LogGroupName}:log-stream:* FilterLogEvents
FirehoseCrudPolicy firehose deliverystream/${DeliveryStreamName} CreateDeliveryStream,DeleteDeliveryStream,DescribeDeliveryStream,PutRecord,PutRecordBatch,UpdateDestination
FirehoseWritePolicy firehose deliverystream/${DeliveryStreamName} PutRecord,PutRecordBatch
KMSDecryptPolicy kms key/${KeyId} Decrypt
KMSEncryptPolicy kms key/${KeyId} Encrypt
KinesisCrudPolicy kinesis stream/${StreamName} AddTagsToStream,CreateStream,DecreaseStreamRetentionPeriod,DeleteStream,DescribeStream,DescribeStreamSummary,GetShardIterator,IncreaseStreamRetentionPeriod,ListTagsForStream,MergeShards,PutRecord,PutRecords,SplitShard,RemoveTagsFromStream
KinesisStreamReadPolicy kinesis stream/* ListStreams,DescribeLimits
KinesisStreamReadPolicy kinesis stream/${StreamName} DescribeStream,DescribeStreamSummary,GetRecords,GetShardIterator
LambdaInvokePolicy lambda function:${FunctionName}* InvokeFunction
MobileAnalyticsWriteOnlyAccessPolicy mobileanalytics * PutEvents
OrganizationsListAccountsPolicy organizations * ListAccounts
PinpointEndpointAccessPolicy mobiletargeting apps/${PinpointApplicationId}/endpoints/* GetEndpoint,UpdateEndpoint,UpdateEndpointsBatch
PollyFullAccessPolicy polly lexicon/${LexiconName} GetLexicon,DeleteLexicon
PollyFullAccessPolicy polly lexicon/* DescribeVoices,ListLexicons,PutLexicon,SynthesizeSpeech
RekognitionDetectOnlyPolicy rekognition * DetectFaces,DetectLabels,DetectModerationLabels,DetectText
RekognitionFacesManagementPolicy rekognition collection/${CollectionId} IndexFaces,DeleteFaces,SearchFaces,SearchFacesByImage,ListFaces
RekognitionFacesPolicy rekognition * CompareFaces,DetectFaces
RekognitionLabelsPolicy rekognition * DetectLabels,DetectModerationLabels
RekognitionNoDataAccessPolicy rekognition collection/${CollectionId} CompareFaces,DetectFaces,DetectLabels,DetectModerationLabels
RekognitionReadPolicy rekognition collection/${CollectionId} ListCollections,ListFaces,SearchFaces,SearchFacesByImage
RekognitionWriteOnlyAccessPolicy rekognition collection/${CollectionId} CreateCollection,IndexFaces
Route53ChangeResourceRecordSetsPolicy route53 =arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId} ChangeResourceRecordSets
S3CrudPolicy s3 ${BucketName},${BucketName}/* GetObject,ListBucket,GetBucketLocation,GetObjectVersion,PutObject,PutObjectAcl,GetLifecycleConfiguration,PutLifecycleConfiguration,DeleteObject
S3FullAccessPolicy s3 ${BucketName}/* GetObject,GetObjectAcl,GetObjectVersion,PutObject,PutObjectAcl,DeleteObject,DeleteObjectTagging,DeleteObjectVersionTagging,GetObjectTagging,GetObjectVersionTagging,PutObjectTagging,PutObjectVersionTagging
S3FullAccessPolicy s3 ${BucketName} ListBucket,GetBucketLocation,GetLifecycleConfiguration,PutLifecycleConfiguration
S3ReadPolicy s3 ${BucketName},${BucketName}/* GetObject,ListBucket,GetBucketLocation,GetObjectVersion,GetLifecycleConfiguration
S3WritePolicy s3 ${BucketName},${BucketName}/* PutObject,PutObjectAcl,PutLifecycleConfiguration
SESBulkTemplatedCrudPolicy ses identity/${IdentityName} GetIdentityVerificationAttributes,SendEmail,SendRawEmail,SendTemplatedEmail,SendBulkTemplatedEmail,VerifyEmailIdentity
SESCrudPolicy ses identity/${IdentityName} GetIdentityVerificationAttributes,SendEmail,SendRawEmail,VerifyEmailIdentity
SESEmailTemplateCrudPolicy ses * CreateTemplate,GetTemplate,ListTemplates,UpdateTemplate,DeleteTemplate,TestRenderTemplate
SESSendBouncePolicy ses identity/${IdentityName} SendBounce
SNSCrudPolicy sns ${TopicName}* ListSubscriptionsByTopic,CreateTopic,SetTopicAttributes,Subscribe,Publish
SNSPublishMessagePolicy sns ${TopicName} Publish
SQSPollerPolicy sqs ${QueueName} ChangeMessageVisibility,ChangeMessageVisibilityBatch,DeleteMessage,DeleteMessageBatch,GetQueueAttributes,ReceiveMessage
SQSSendMessagePolicy sqs ${QueueName} SendMessage*
SSMParameterReadPolicy ssm * DescribeParameters
SSMParameterReadPolicy ssm parameter/${ParameterName} GetParameters,GetParameter,GetParametersByPath
ServerlessRepoReadWriteAccessPolicy serverlessrepo applications/* CreateApplication,CreateApplicationVersion,UpdateApplication,GetApplication,ListApplications,ListApplicationVersions,ListApplicationDependencies
StepFunctionsExecutionPolicy states stateMachine:${StateMachineName} StartExecution
TextractDetectAnalyzePolicy textract * DetectDocumentText,StartDocumentTextDetection,StartDocumentAnalysis,AnalyzeDocument
TextractGetResultPolicy textract * GetDocumentTextDetection,GetDocumentAnalysis
TextractPolicy textract * *
VPCAccessPolicy ec2 * CreateNetworkInterface,DeleteNetworkInterface,DescribeNetworkInterfaces,DetachNetworkInterface
`
