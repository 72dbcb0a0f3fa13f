package awsapi

import "strings"

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
