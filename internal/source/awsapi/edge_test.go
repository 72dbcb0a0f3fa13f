package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"merlon.dev/internal/cloud/aws"
)

func TestCloudFront(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	out, err := cloudfront.NewFromConfig(e.cfg).CreateDistribution(ctx, &cloudfront.CreateDistributionInput{DistributionConfig: &cftypes.DistributionConfig{
		CallerReference: awssdk.String("x"), Comment: awssdk.String("site"), Enabled: awssdk.Bool(true), DefaultRootObject: awssdk.String("index.html"),
		Origins: &cftypes.Origins{Quantity: awssdk.Int32(1), Items: []cftypes.Origin{{
			Id: awssdk.String("site"), DomainName: awssdk.String("site-files.s3.eu-west-1.amazonaws.com"),
			S3OriginConfig: &cftypes.S3OriginConfig{OriginAccessIdentity: awssdk.String("")},
		}}},
		DefaultCacheBehavior: &cftypes.DefaultCacheBehavior{
			TargetOriginId: awssdk.String("site"), ViewerProtocolPolicy: cftypes.ViewerProtocolPolicyRedirectToHttps,
			ForwardedValues: &cftypes.ForwardedValues{QueryString: awssdk.Bool(false), Cookies: &cftypes.CookiePreference{Forward: cftypes.ItemSelectionNone}},
			MinTTL:          awssdk.Int64(0),
		},
		Logging: &cftypes.LoggingConfig{Enabled: awssdk.Bool(true), Bucket: awssdk.String("logs.s3.amazonaws.com"), Prefix: awssdk.String(""), IncludeCookies: awssdk.Bool(false)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := find[aws.Distribution](t, e.read(t, nil, "cloudfront"), awssdk.ToString(out.Distribution.Id))
	noGaps(t, d, "certificate", "log_destinations")
	if !d.Enabled || d.DefaultRootObject != "index.html" || d.LogBucket != "logs.s3.amazonaws.com" {
		t.Errorf("distribution: %+v", d)
	}
	if len(d.Backends) != 1 || d.Backends[0].Type != "s3" || d.Backends[0].Bucket.To != "arn:aws:s3:::site-files" {
		t.Errorf("backends: %+v", d.Backends[0])
	}
	if len(d.Behaviors) != 1 || d.Behaviors[0].Path != "*" || d.Behaviors[0].ViewerProtocolPolicy != "redirect-to-https" {
		t.Errorf("behaviors: %+v", d.Behaviors[0])
	}
}

func TestBucketOfHost(t *testing.T) {
	for host, want := range map[string]string{
		"b.s3.amazonaws.com":                     "b",
		"b.s3.eu-west-1.amazonaws.com":           "b",
		"b.s3-eu-west-1.amazonaws.com":           "b",
		"my.dotted.b.s3.amazonaws.com":           "my.dotted.b",
		"b.s3-website-us-east-1.amazonaws.com":   "b website",
		"b.s3-website.eu-north-1.amazonaws.com":  "b website",
		"b.s3.cn-north-1.amazonaws.com.cn":       "b",
		"s3.example.com":                         "",
		"b.s3.example.com":                       "",
		"x.execute-api.eu-west-1.amazonaws.com":  "",
		"lb-1.eu-west-1.elb.amazonaws.com":       "",
		"b.s3.dualstack.us-east-1.amazonaws.com": "b",
	} {
		got, website := bucketOfHost(host)
		if website {
			got += " website"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestRestAPI(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := apigateway.NewFromConfig(e.cfg)
	api, err := c.CreateRestApi(ctx, &apigateway.CreateRestApiInput{
		Name:                  awssdk.String("orders"),
		EndpointConfiguration: &apitypes.EndpointConfiguration{Types: []apitypes.EndpointType{apitypes.EndpointTypeRegional}},
		Policy:                awssdk.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	root, err := c.GetResources(ctx, &apigateway.GetResourcesInput{RestApiId: api.Id})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(c.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: api.Id, ResourceId: root.Items[0].Id, HttpMethod: awssdk.String("GET"), AuthorizationType: awssdk.String("AWS_IAM")}))
	must(t)(c.PutIntegration(ctx, &apigateway.PutIntegrationInput{RestApiId: api.Id, ResourceId: root.Items[0].Id, HttpMethod: awssdk.String("GET"), Type: apitypes.IntegrationTypeMock}))
	deployment, err := c.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api.Id})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(c.CreateStage(ctx, &apigateway.CreateStageInput{RestApiId: api.Id, StageName: awssdk.String("live"), DeploymentId: deployment.Id,
		TracingEnabled: true, Variables: map[string]string{"table": "orders"}}))
	must(t)(c.UpdateStage(ctx, &apigateway.UpdateStageInput{RestApiId: api.Id, StageName: awssdk.String("live"), PatchOperations: []apitypes.PatchOperation{
		{Op: apitypes.OpReplace, Path: awssdk.String("/*/*/logging/loglevel"), Value: awssdk.String("ERROR")},
	}}))

	s := e.read(t, nil, "apigateway")
	a := find[aws.RestAPI](t, s, "orders")
	noGaps(t, a)
	if a.EndpointType != "REGIONAL" || len(a.Methods) != 1 || a.Methods[0].Path != "/" || a.Methods[0].Authorization != "AWS_IAM" {
		t.Errorf("api: %+v", a)
	}
	if a.Policy == nil || a.Policy.Statements[0].Principals[0].ID != "*" {
		t.Errorf("policy: %+v", a.Policy)
	}
	if len(a.Stages) != 1 {
		t.Fatalf("stages: %+v", a.Stages)
	}
	st := a.Stages[0].Target()
	noGaps(t, st)
	if st.Name != "orders/live" || !st.Tracing || len(st.Variables) != 1 || st.Variables[0].Secret != "" {
		t.Errorf("stage: %+v", st)
	}
	if len(st.Settings) != 1 || st.Settings[0].Path != "*/*" || st.Settings[0].LoggingLevel != "ERROR" {
		t.Errorf("settings: %+v", st.Settings)
	}
}

func TestHTTPAPI(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := apigatewayv2.NewFromConfig(e.cfg)
	api, err := c.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: awssdk.String("web"), ProtocolType: v2types.ProtocolTypeHttp})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(c.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{ApiId: api.ApiId, RouteKey: awssdk.String("GET /items"), AuthorizationType: v2types.AuthorizationTypeNone}))
	must(t)(c.CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: api.ApiId, StageName: awssdk.String("$default"),
		AccessLogSettings: &v2types.AccessLogSettings{DestinationArn: awssdk.String("arn:aws:logs:us-east-1:123456789012:log-group:web:*")}}))

	s := e.read(t, nil, "apigateway")
	a := find[aws.HTTPAPI](t, s, "web")
	noGaps(t, a, "authorizers") // the emulator fails to list none
	if len(a.Routes) != 1 || a.Routes[0].Method != "GET" || a.Routes[0].Path != "/items" || a.Routes[0].Authorization != "NONE" {
		t.Errorf("routes: %+v", a.Routes[0])
	}
	st := find[aws.HTTPStage](t, s, "web/$default")
	if st.AccessLog != "arn:aws:logs:us-east-1:123456789012:log-group:web" || st.API.Target() != a {
		t.Errorf("stage: %+v", st)
	}
}

func TestWAFv2(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := wafv2.NewFromConfig(e.cfg)
	seen := &waftypes.VisibilityConfig{CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName: awssdk.String("m")}
	for _, of := range []waftypes.Scope{waftypes.ScopeRegional, waftypes.ScopeCloudfront} {
		must(t)(c.CreateWebACL(ctx, &wafv2.CreateWebACLInput{
			Name: awssdk.String("acl-" + string(of)), Scope: of, DefaultAction: &waftypes.DefaultAction{Allow: &waftypes.AllowAction{}}, VisibilityConfig: seen,
			Rules: []waftypes.Rule{
				{Name: awssdk.String("flood"), Priority: 2, VisibilityConfig: seen, Action: &waftypes.RuleAction{Block: &waftypes.BlockAction{}},
					Statement: &waftypes.Statement{RateBasedStatement: &waftypes.RateBasedStatement{Limit: awssdk.Int64(500), AggregateKeyType: waftypes.RateBasedStatementAggregateKeyTypeIp}}},
				{Name: awssdk.String("core"), Priority: 1, VisibilityConfig: seen, OverrideAction: &waftypes.OverrideAction{None: &waftypes.NoneAction{}},
					Statement: &waftypes.Statement{ManagedRuleGroupStatement: &waftypes.ManagedRuleGroupStatement{
						VendorName: awssdk.String("AWS"), Name: awssdk.String("AWSManagedRulesCommonRuleSet"),
						RuleActionOverrides: []waftypes.RuleActionOverride{{Name: awssdk.String("SizeRestrictions_BODY"), ActionToUse: &waftypes.RuleAction{Count: &waftypes.CountAction{}}}},
					}}},
			},
		}))
	}
	s := e.read(t, nil, "wafv2")
	for _, name := range []string{"acl-REGIONAL", "acl-CLOUDFRONT"} {
		a := find[aws.WebACL](t, s, name)
		noGaps(t, a, "distributions", "load_balancers", "rest_stages")
		if a.DefaultAction != "ALLOW" || len(a.Rules) != 2 || len(a.LogDestinations) != 0 {
			t.Fatalf("acl: %+v", a)
		}
		core, flood := a.Rules[0], a.Rules[1]
		if core.Type != "managed_group" || core.Action != "GROUP" || len(core.Counted) != 1 || !core.Metrics {
			t.Errorf("core: %+v", core)
		}
		if flood.Type != "rate" || flood.RateLimit != 500 || flood.RateWindowSeconds != 300 || flood.Action != "BLOCK" {
			t.Errorf("flood: %+v", flood)
		}
	}
}
