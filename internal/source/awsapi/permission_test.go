package awsapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// IAM names some operations differently from the API.
func TestPermissionFor(t *testing.T) {
	for serviceID, operations := range map[string]map[string]string{
		"S3": {
			"ListBuckets":                        "s3:ListAllMyBuckets",
			"GetBucketAcl":                       "s3:GetBucketAcl",
			"GetBucketEncryption":                "s3:GetEncryptionConfiguration",
			"GetBucketLifecycleConfiguration":    "s3:GetLifecycleConfiguration",
			"GetBucketNotificationConfiguration": "s3:GetBucketNotification",
			"GetBucketReplication":               "s3:GetReplicationConfiguration",
			"GetObjectLockConfiguration":         "s3:GetBucketObjectLockConfiguration",
			"GetPublicAccessBlock":               "s3:GetBucketPublicAccessBlock",
		},
		"S3 Control":                {"GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock"},
		"API Gateway":               {"GetRestApis": "apigateway:GET"},
		"ApiGatewayV2":              {"GetStages": "apigateway:GET"},
		"Elastic Load Balancing":    {"DescribeLoadBalancers": "elasticloadbalancing:DescribeLoadBalancers"},
		"Elastic Load Balancing v2": {"DescribeListeners": "elasticloadbalancing:DescribeListeners"},
		"AccessAnalyzer":            {"ListAnalyzers": "access-analyzer:ListAnalyzers", "ListFindingsV2": "access-analyzer:ListFindings"},
		"Auto Scaling":              {"DescribeAutoScalingGroups": "autoscaling:DescribeAutoScalingGroups"},
		"CloudWatch Logs":           {"DescribeMetricFilters": "logs:DescribeMetricFilters"},
		"CloudWatch":                {"DescribeAlarms": "cloudwatch:DescribeAlarms"},
		"Config Service":            {"DescribeConfigurationRecorders": "config:DescribeConfigurationRecorders"},
		"EFS":                       {"DescribeFileSystems": "elasticfilesystem:DescribeFileSystems"},
		"EventBridge":               {"ListEventBuses": "events:ListEventBuses"},
		"OpenSearch":                {"DescribeDomains": "es:DescribeDomains"},
		"Route 53":                  {"ListHostedZones": "route53:ListHostedZones"},
		"SSO Admin":                 {"ListPermissionSets": "sso:ListPermissionSets"},
		"Secrets Manager":           {"GetResourcePolicy": "secretsmanager:GetResourcePolicy"},
	} {
		for operation, want := range operations {
			service, name, _ := strings.Cut(operationName(serviceID, operation), ":")
			if got := permissionFor(service, name); got != want {
				t.Errorf("%s %s needs %s, not %s", serviceID, operation, want, got)
			}
		}
	}
}

func TestReadPolicy(t *testing.T) {
	var p struct {
		Version   string
		Statement []struct {
			Effect           string
			Action, Resource []string
		}
	}
	if err := json.Unmarshal(ReadPolicy(), &p); err != nil {
		t.Fatal(err)
	}
	// Every operation has its action in the policy, and nothing else is in it.
	want := map[string]bool{}
	for _, op := range operations() {
		service, name, _ := strings.Cut(op, ":")
		want[permissionFor(service, name)] = true
	}
	delete(want, "sts:GetCallerIdentity")
	for _, s := range p.Statement {
		if s.Effect != "Allow" || !slices.IsSorted(s.Action) {
			t.Errorf("statement %+v: not a sorted Allow", s)
		}
		for _, a := range s.Action {
			if _, name, _ := strings.Cut(a, ":"); !want[a] || name != "GET" && !readOnly.MatchString(name) {
				t.Errorf("the policy allows %s", a)
			}
			delete(want, a)
			if a == "apigateway:GET" && slices.Contains(s.Resource, "*") {
				t.Error("apigateway:GET on everything reads the keys of API clients too")
			}
		}
	}
	for a := range want {
		t.Errorf("the policy lacks %s", a)
	}
}
