package awsapi

//go:generate go test -run=TestOnlyReadOperations . -update

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// ReadPolicy returns the smallest IAM policy under which Read can make each of
// its calls, as JSON. It is derived from the operations in the code.
func ReadPolicy() []byte {
	type statement struct {
		Sid, Effect string
		Action      []string
		Resource    []string
	}
	type policy struct {
		Version   string
		Statement []statement
	}
	actions, apis := map[string]bool{}, map[string]bool{}
	for _, op := range operations() {
		service, name, _ := strings.Cut(op, ":")
		switch permission := permissionFor(service, name); permission {
		case "sts:GetCallerIdentity": // needs no permission
		case "apigateway:GET":
			apis[apiCollection(service, name)] = true
		default:
			actions[permission] = true
		}
	}
	p := policy{Version: "2012-10-17", Statement: []statement{
		{Sid: "Read", Effect: "Allow", Action: slices.Sorted(maps.Keys(actions)), Resource: []string{"*"}},
	}}
	var paths []string
	for _, c := range slices.Sorted(maps.Keys(apis)) {
		paths = append(paths, "arn:aws:apigateway:*::/"+c, "arn:aws:apigateway:*::/"+c+"/*")
	}
	if len(paths) > 0 {
		p.Statement = append(p.Statement, statement{Sid: "ReadAPIs", Effect: "Allow", Action: []string{"apigateway:GET"}, Resource: paths})
	}
	out, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		panic(err) // strings always encode
	}
	return append(out, '\n')
}

// apiCollection is the first step of the path that an API Gateway operation
// reads: its permissions go by path, not by operation.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
func apiCollection(service, operation string) string {
	switch {
	case strings.HasPrefix(operation, "GetDomainName"), strings.HasPrefix(operation, "GetApiMapping"), strings.HasPrefix(operation, "GetBasePathMapping"):
		return "domainnames"
	case strings.HasPrefix(operation, "GetVpcLink"):
		return "vpclinks"
	case service == "apigatewayv2":
		return "apis"
	}
	return "restapis"
}

// operationName is service:Operation with the service named as in IAM actions.
func operationName(serviceID, operation string) string {
	return iamPrefix(serviceID) + ":" + operation
}

// iamPrefix returns the IAM service prefix for the SDK's name of a service.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func iamPrefix(serviceID string) string {
	switch serviceID {
	case "S3 Control":
		return "s3control"
	case "Elastic Load Balancing v2":
		return "elbv2"
	case "Elastic Load Balancing":
		return "elasticloadbalancing"
	case "CloudWatch Logs":
		return "logs"
	case "CloudWatch":
		return "cloudwatch"
	case "EventBridge":
		return "events"
	case "Config Service":
		return "config"
	case "EFS":
		return "elasticfilesystem"
	case "OpenSearch":
		return "es"
	case "SSO Admin":
		return "sso"
	case "ApiGatewayV2":
		return "apigatewayv2"
	case "API Gateway":
		return "apigateway"
	case "AccessAnalyzer":
		return "access-analyzer"
	case "Auto Scaling":
		return "autoscaling"
	}
	return strings.ToLower(strings.ReplaceAll(serviceID, " ", ""))
}

// permissionFor returns the IAM action that an operation needs, given both as
// in operationName.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func permissionFor(service, operation string) string {
	switch service + ":" + operation {
	case "s3:ListBuckets":
		return "s3:ListAllMyBuckets"
	case "s3:GetBucketCors":
		return "s3:GetBucketCORS"
	case "s3:GetBucketEncryption":
		return "s3:GetEncryptionConfiguration"
	case "s3:GetBucketLifecycleConfiguration":
		return "s3:GetLifecycleConfiguration"
	case "s3:GetBucketReplication":
		return "s3:GetReplicationConfiguration"
	case "s3:GetObjectLockConfiguration":
		return "s3:GetBucketObjectLockConfiguration"
	case "s3:GetBucketNotificationConfiguration":
		return "s3:GetBucketNotification"
	case "s3:GetPublicAccessBlock":
		return "s3:GetBucketPublicAccessBlock"
	case "access-analyzer:ListFindingsV2":
		return "access-analyzer:ListFindings"
	case "s3control:GetPublicAccessBlock":
		return "s3:GetAccountPublicAccessBlock"
	}
	switch service {
	case "apigateway", "apigatewayv2":
		return "apigateway:GET"
	case "elbv2":
		service = "elasticloadbalancing"
	case "s3control":
		service = "s3"
	}
	return service + ":" + operation
}
