package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"merlon.dev/internal/cloud/aws"
)

func TestLoadBalancers(t *testing.T) {
	e := newEstate(t)
	n := newTestNetwork(t, e)
	ctx := context.Background()
	c := elbv2.NewFromConfig(e.cfg)
	lb := made[elbv2.CreateLoadBalancerOutput](t)(c.CreateLoadBalancer(ctx, &elbv2.CreateLoadBalancerInput{
		Name: awssdk.String("shop"), Scheme: types.LoadBalancerSchemeEnumInternetFacing, Subnets: []string{*n.own, *n.main}, Tags: []types.Tag{{Key: awssdk.String("team"), Value: awssdk.String("shop")}},
	})).LoadBalancers[0].LoadBalancerArn
	must(t)(c.ModifyLoadBalancerAttributes(ctx, &elbv2.ModifyLoadBalancerAttributesInput{LoadBalancerArn: lb, Attributes: []types.LoadBalancerAttribute{
		{Key: awssdk.String("deletion_protection.enabled"), Value: awssdk.String("true")},
		{Key: awssdk.String("routing.http.drop_invalid_header_fields.enabled"), Value: awssdk.String("true")},
		{Key: awssdk.String("access_logs.s3.enabled"), Value: awssdk.String("true")},
		{Key: awssdk.String("access_logs.s3.bucket"), Value: awssdk.String("logs")},
	}}))
	group := made[elbv2.CreateTargetGroupOutput](t)(c.CreateTargetGroup(ctx, &elbv2.CreateTargetGroupInput{
		Name: awssdk.String("web"), Protocol: types.ProtocolEnumHttp, Port: awssdk.Int32(8080), VpcId: n.vpc, TargetType: types.TargetTypeEnumIp,
	})).TargetGroups[0].TargetGroupArn
	must(t)(c.RegisterTargets(ctx, &elbv2.RegisterTargetsInput{TargetGroupArn: group, Targets: []types.TargetDescription{{Id: awssdk.String("10.1.1.7"), Port: awssdk.Int32(8080)}}}))
	listener := made[elbv2.CreateListenerOutput](t)(c.CreateListener(ctx, &elbv2.CreateListenerInput{
		LoadBalancerArn: lb, Port: awssdk.Int32(80), Protocol: types.ProtocolEnumHttp,
		DefaultActions: []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: &types.RedirectActionConfig{
			Protocol: awssdk.String("HTTPS"), Port: awssdk.String("443"), StatusCode: types.RedirectActionStatusCodeEnumHttp301}}},
	})).Listeners[0].ListenerArn
	must(t)(c.CreateRule(ctx, &elbv2.CreateRuleInput{ListenerArn: listener, Priority: awssdk.Int32(5),
		Conditions: []types.RuleCondition{{Field: awssdk.String("path-pattern"), PathPatternConfig: &types.PathPatternConditionConfig{Values: []string{"/api/*"}}}},
		Actions:    []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: group}}}))

	s := e.read(t, nil, "elb", "ec2")
	got := find[aws.LoadBalancer](t, s, "shop")
	noGaps(t, got)
	if got.Type != "application" || !got.DeletionProtection || !got.DropInvalidHeaders || !got.AccessLogs || got.AccessLogBucket.To != "arn:aws:s3:::logs" || got.Tags["team"] != "shop" {
		t.Errorf("load balancer: %+v", got)
	}
	if len(got.Subnets) != 2 || got.VPC.Target().Name != *n.vpc || len(got.Listeners) != 1 || len(got.TargetGroups) != 1 || !got.WebACL.IsZero() {
		t.Errorf("links: %+v", got)
	}
	l := got.Listeners[0].Target()
	noGaps(t, l)
	if l.Port != 80 || l.Protocol != "HTTP" || l.DefaultActions[0].RedirectProtocol != "HTTPS" || len(l.Rules) != 1 {
		t.Fatalf("listener: %+v", l)
	}
	if r := l.Rules[0]; r.Priority != 5 || r.Conditions[0].Values[0] != "/api/*" || r.Actions[0].TargetGroups[0].Target().Name != "web" {
		t.Errorf("rule: %+v", r)
	}
	if g := got.TargetGroups[0].Target(); len(g.Targets) != 1 || g.Targets[0].ID != "10.1.1.7" || g.Targets[0].Health == "" {
		t.Errorf("target group: %+v", g)
	}
}

func TestClassicLoadBalancers(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := elb.NewFromConfig(e.cfg)
	must(t)(c.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{LoadBalancerName: awssdk.String("old"), AvailabilityZones: []string{"us-east-1a"},
		Listeners: []elbtypes.Listener{
			{Protocol: awssdk.String("http"), LoadBalancerPort: 80, InstancePort: awssdk.Int32(8080)},
			{Protocol: awssdk.String("https"), LoadBalancerPort: 443, InstancePort: awssdk.Int32(8080), InstanceProtocol: awssdk.String("http"),
				SSLCertificateId: awssdk.String("arn:aws:iam::123456789012:server-certificate/old")},
		}}))
	must(t)(c.CreateLoadBalancerPolicy(ctx, &elb.CreateLoadBalancerPolicyInput{LoadBalancerName: awssdk.String("old"), PolicyName: awssdk.String("tls"), PolicyTypeName: awssdk.String("SSLNegotiationPolicyType"),
		PolicyAttributes: []elbtypes.PolicyAttribute{
			{AttributeName: awssdk.String("Protocol-TLSv1.2"), AttributeValue: awssdk.String("true")},
			{AttributeName: awssdk.String("Protocol-TLSv1"), AttributeValue: awssdk.String("false")},
			{AttributeName: awssdk.String("ECDHE-RSA-AES128-GCM-SHA256"), AttributeValue: awssdk.String("true")},
		}}))
	must(t)(c.SetLoadBalancerPoliciesOfListener(ctx, &elb.SetLoadBalancerPoliciesOfListenerInput{LoadBalancerName: awssdk.String("old"), LoadBalancerPort: 443, PolicyNames: []string{"tls"}}))

	s := e.read(t, nil, "elb")
	lb := find[aws.ClassicLoadBalancer](t, s, "old")
	noGaps(t, lb, "interfaces")
	if lb.Scheme != "internet-facing" || lb.AccessLogs || len(lb.Listeners) != 2 {
		t.Fatalf("%+v", lb)
	}
	if l := lb.Listeners[0]; l.Protocol != "HTTP" || l.InstanceProtocol != "HTTP" {
		t.Errorf("port 80: %+v", l)
	}
	l := lb.Listeners[1]
	noGaps(t, l)
	if l.Port != 443 || l.ServerCertificate.IsZero() || !l.Certificate.IsZero() || len(l.TLSProtocols) != 1 || l.TLSProtocols[0] != "TLSv1.2" || len(l.TLSCiphers) != 1 {
		t.Errorf("port 443: %+v", l)
	}
}
