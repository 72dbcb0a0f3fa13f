package cloudformation

import (
	"strings"
	"testing"

	"merlon.dev/internal/source/code"
)

func TestServerless(t *testing.T) {
	for name, tc := range map[string]struct{ template, want string }{
		"a function with globals, its role and URL": {`
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, Tracing: Active, Layers: [a], Environment: {Variables: {A: "1", B: "2"}}, Tags: {team: x}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: pass
      Layers: [b]
      Environment: {Variables: {B: "3"}}
      VpcConfig: {SubnetIds: [s]}
      AutoPublishAlias: live
      FunctionUrlConfig: {AuthType: NONE}
      DeadLetterQueue: {Type: SQS, TargetArn: arn:q}
      Policies:
        - AmazonS3ReadOnlyAccess
        - SQSPollerPolicy: {QueueName: !GetAtt Q.QueueName}
        - Statement: [{Effect: Allow, Action: "*", Resource: "*"}]
        - OddPolicy: {}
        - !Ref Mine
  Mine: {Type: AWS::IAM::ManagedPolicy}
  Q: {Type: AWS::SQS::Queue}
  G: {Type: AWS::Serverless::Function, Properties: {Role: arn:r}}
  R: {Type: T::A::A, Properties: {X: !Ref F.Alias, Y: !GetAtt F.Version.Version}}
`, `FRole AWS::IAM::Role
  AssumeRolePolicyDocument: {Statement: [{Action: "sts:AssumeRole", Effect: "Allow", Principal: {Service: "lambda.amazonaws.com"}}], Version: "2012-10-17"}
  ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole", "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "{Mine.arn}"]
  Policies: [{PolicyDocument: {Statement: [{Action: ["sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessage", "sqs:DeleteMessageBatch", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], Effect: "Allow", Resource: ["arn:aws:sqs:{AWS::Region is where the stack is deployed}:{AWS::AccountId is where the stack is deployed}:{Q.queue_name}"]}], Version: "2012-10-17"}, PolicyName: "FRolePolicy1"}, {PolicyDocument: {Statement: [{Action: "*", Effect: "Allow", Resource: "*"}]}, PolicyName: "FRolePolicy2"}, {PolicyDocument: {policy template OddPolicy of SAM is not known here}, PolicyName: "FRolePolicy3"}, {PolicyDocument: {Statement: [{Action: "sqs:SendMessage", Effect: "Allow", Resource: "arn:q"}], Version: "2012-10-17"}, PolicyName: "FDeadLetterQueue"}]
  Tags: {lambda:createdBy: "SAM", team: "x"}
F AWS::Lambda::Function
  Code: {ZipFile: "pass"}
  DeadLetterConfig: {TargetArn: "arn:q"}
  Environment: {Variables: {A: "1", B: "3"}}
  Layers: ["a", "b"]
  Role: "{FRole.arn}"
  Runtime: "python3.13"
  Tags: {lambda:createdBy: "SAM", team: "x"}
  TracingConfig: {Mode: "Active"}
  VpcConfig: {SubnetIds: ["s"]}
FVersion AWS::Lambda::Version
  FunctionName: "{F.id}"
FAliaslive AWS::Lambda::Alias
  FunctionName: "{F.id}"
  FunctionVersion: "{FVersion.version}"
  Name: "live"
FUrl AWS::Lambda::Url
  AuthType: "NONE"
  Qualifier: "live"
  TargetFunctionArn: "{F.id}"
FUrlPublicPermissions AWS::Lambda::Permission
  Action: "lambda:InvokeFunctionUrl"
  FunctionName: "{FAliaslive.arn}"
  FunctionUrlAuthType: "NONE"
  Principal: "*"
Mine AWS::IAM::ManagedPolicy
Q AWS::SQS::Queue
G AWS::Lambda::Function
  Environment: {Variables: {A: "1", B: "2"}}
  Layers: ["a"]
  Role: "arn:r"
  Runtime: "python3.13"
  Tags: {lambda:createdBy: "SAM", team: "x"}
  TracingConfig: {Mode: "Active"}
R T::A::A
  X: "{FAliaslive.arn}"
  Y: "{FVersion.version}"
`},
		"events": {`
Resources:
  B: {Type: AWS::S3::Bucket}
  T: {Type: AWS::SNS::Topic}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Role: arn:r
      Events:
        Obj: {Type: S3, Properties: {Bucket: !Ref B, Events: "s3:ObjectCreated:*"}}
        Msg: {Type: SNS, Properties: {Topic: !Ref T}}
        Via: {Type: SNS, Properties: {Topic: !Ref T, SqsSubscription: true}}
        Poll: {Type: SQS, Properties: {Queue: arn:q, BatchSize: 5}}
        Tick: {Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}
`, `B AWS::S3::Bucket
  NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:ObjectCreated:*", Function: "{F.arn}"}]}
T AWS::SNS::Topic
F AWS::Lambda::Function
  Role: "arn:r"
  Tags: {lambda:createdBy: "SAM"}
FObjPermission AWS::Lambda::Permission
  Action: "lambda:InvokeFunction"
  FunctionName: "{F.id}"
  Principal: "s3.amazonaws.com"
  SourceAccount: "{AWS::AccountId is where the stack is deployed}"
FMsg AWS::SNS::Subscription
  Endpoint: "{F.arn}"
  Protocol: "lambda"
  TopicArn: "{T.arn}"
FMsgPermission AWS::Lambda::Permission
  Action: "lambda:InvokeFunction"
  FunctionName: "{F.id}"
  Principal: "sns.amazonaws.com"
  SourceArn: "{T.arn}"
FViaQueue AWS::SQS::Queue
FVia AWS::SNS::Subscription
  Endpoint: "{FViaQueue.arn}"
  Protocol: "sqs"
  TopicArn: "{T.arn}"
FViaQueuePolicy AWS::SQS::QueuePolicy
  PolicyDocument: {Statement: [{Action: "sqs:SendMessage", Condition: {ArnEquals: {aws:SourceArn: "{T.arn}"}}, Effect: "Allow", Principal: "*", Resource: "{FViaQueue.arn}"}], Version: "2012-10-17"}
  Queues: ["{FViaQueue.id}"]
FViaEventSourceMapping AWS::Lambda::EventSourceMapping
  BatchSize: "10"
  EventSourceArn: "{FViaQueue.arn}"
  FunctionName: "{F.id}"
FPoll AWS::Lambda::EventSourceMapping
  BatchSize: 5
  EventSourceArn: "arn:q"
  FunctionName: "{F.id}"
FTick AWS::Events::Rule
  ScheduleExpression: "rate(1 day)"
  State: "DISABLED"
  Targets: [{Arn: "{F.arn}", Id: "FTickLambdaTarget"}]
FTickPermission AWS::Lambda::Permission
  Action: "lambda:InvokeFunction"
  FunctionName: "{F.id}"
  Principal: "events.amazonaws.com"
  SourceArn: "{FTick.arn}"
`},
		"APIs": {`
Globals: {Api: {TracingEnabled: true}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Role: arn:r
      Events:
        Get: {Type: Api, Properties: {Path: /a, Method: GET}}
        Own: {Type: Api, Properties: {Path: /b, Method: any, RestApiId: !Ref A, Auth: {Authorizer: NONE}}}
        Web: {Type: HttpApi}
  A:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      EndpointConfiguration: {Type: REGIONAL}
      Auth: {DefaultAuthorizer: Pool, Authorizers: {Pool: {UserPoolArn: arn:p}}}
  X: {Type: T::A::A, Properties: {S: !Ref A.Stage, R: !Ref ServerlessRestApi}}
`, `F AWS::Lambda::Function
  Role: "arn:r"
  Tags: {lambda:createdBy: "SAM"}
ServerlessRestApi AWS::ApiGateway::RestApi
  Body: {paths: {/a: {get: {security: [], x-amazon-apigateway-integration: {httpMethod: "POST", type: "aws_proxy", uri: "{F.arn}"}}}}, securityDefinitions: {AWS_IAM: {in: "header", name: "Authorization", type: "apiKey", x-amazon-apigateway-authtype: "awsSigv4"}, api_key: {in: "header", name: "x-api-key", type: "apiKey"}}, swagger: "2.0"}
ServerlessRestApiDeployment AWS::ApiGateway::Deployment
  RestApiId: "{ServerlessRestApi.id}"
ServerlessRestApiProdStage AWS::ApiGateway::Stage
  DeploymentId: "{ServerlessRestApiDeployment.id}"
  RestApiId: "{ServerlessRestApi.id}"
  StageName: "Prod"
  TracingEnabled: true
FGetPermissionProd AWS::Lambda::Permission
  Action: "lambda:InvokeFunction"
  FunctionName: "{F.id}"
  Principal: "apigateway.amazonaws.com"
  SourceArn: "arn:aws:execute-api:{AWS::Region is where the stack is deployed}:{AWS::AccountId is where the stack is deployed}:{ServerlessRestApi.id}/*"
A AWS::ApiGateway::RestApi
  Body: {paths: {/b: {x-amazon-apigateway-any-method: {security: [], x-amazon-apigateway-integration: {httpMethod: "POST", type: "aws_proxy", uri: "{F.arn}"}}}}, securityDefinitions: {AWS_IAM: {in: "header", name: "Authorization", type: "apiKey", x-amazon-apigateway-authtype: "awsSigv4"}, Pool: {in: "header", name: "Authorization", type: "apiKey", x-amazon-apigateway-authorizer: {providerARNs: ["arn:p"], type: "cognito_user_pools"}, x-amazon-apigateway-authtype: "cognito_user_pools"}, api_key: {in: "header", name: "x-api-key", type: "apiKey"}}, swagger: "2.0"}
  EndpointConfiguration: {Types: ["REGIONAL"]}
ADeployment AWS::ApiGateway::Deployment
  RestApiId: "{A.id}"
AdevStage AWS::ApiGateway::Stage
  DeploymentId: "{ADeployment.id}"
  RestApiId: "{A.id}"
  StageName: "dev"
  TracingEnabled: true
FOwnPermissiondev AWS::Lambda::Permission
  Action: "lambda:InvokeFunction"
  FunctionName: "{F.id}"
  Principal: "apigateway.amazonaws.com"
  SourceArn: "arn:aws:execute-api:{AWS::Region is where the stack is deployed}:{AWS::AccountId is where the stack is deployed}:{A.id}/*"
ServerlessHttpApi AWS::ApiGatewayV2::Api
  Body: {components: {securitySchemes: {AWS_IAM: {in: "header", name: "Authorization", type: "apiKey", x-amazon-apigateway-authtype: "awsSigv4"}, api_key: {in: "header", name: "x-api-key", type: "apiKey"}}}, openapi: "3.0.1", paths: {$default: {x-amazon-apigateway-any-method: {security: [], x-amazon-apigateway-integration: {httpMethod: "POST", type: "aws_proxy", uri: "{F.arn}"}}}}}
  ProtocolType: "HTTP"
ServerlessHttpApiApiGatewayDefaultStage AWS::ApiGatewayV2::Stage
  ApiId: "{ServerlessHttpApi.id}"
  AutoDeploy: true
  StageName: "$default"
FWebPermission AWS::Lambda::Permission
  Action: "lambda:InvokeFunction"
  FunctionName: "{F.id}"
  Principal: "apigateway.amazonaws.com"
  SourceArn: "arn:aws:execute-api:{AWS::Region is where the stack is deployed}:{AWS::AccountId is where the stack is deployed}:{ServerlessHttpApi.id}/*"
X T::A::A
  R: "{ServerlessRestApi.id}"
  S: "{AdevStage.id}"
`},
		"a table and a state machine": {`
Resources:
  T: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: k, Type: Number}, SSESpecification: {SSEEnabled: true}}}
  M: {Type: AWS::Serverless::StateMachine, Properties: {Name: m, Role: arn:r, Tracing: {Enabled: true}}}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {LayerName: l, ContentUri: ./l}}
  C: {Type: AWS::Serverless::Connector}
`, `T AWS::DynamoDB::Table
  AttributeDefinitions: [{AttributeName: "k", AttributeType: "N"}]
  BillingMode: "PAY_PER_REQUEST"
  KeySchema: [{AttributeName: "k", KeyType: "HASH"}]
  SSESpecification: {SSEEnabled: true}
M AWS::StepFunctions::StateMachine
  RoleArn: "arn:r"
  StateMachineName: "m"
  Tags: {stateMachine:createdBy: "SAM"}
  TracingConfiguration: {Enabled: true}
L AWS::Lambda::LayerVersion
  LayerName: "l"
C AWS::Serverless::Connector
`},
	} {
		t.Run(name, func(t *testing.T) {
			got := in(t, Options{}, tc.template)
			if s := properties(got) + skips(got); s != tc.want {
				t.Errorf("got\n%s", s)
			}
		})
	}
}

// properties lists resources with one property a line.
func properties(in code.Input) string {
	var b strings.Builder
	for _, r := range in.Resources {
		b.WriteString(string(r.Address) + " " + r.Type + "\n")
		names, _ := r.Body.Fields()
		for _, n := range names {
			b.WriteString("  " + n + ": " + show(r.Body.Field(n)) + "\n")
		}
	}
	return b.String()
}
