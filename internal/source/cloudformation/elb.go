package cloudformation

import (
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func elbMappings() []code.Mapping {
	return append([]code.Mapping{
		code.AlsoJoins(code.Settles(code.Makes("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name", "", loadBalancer), settleLoadBalancer), func(f *code.Form) {
			holdElasticIPs(f, f.Get("SubnetMappings").Each("AllocationId"))
		}),
		code.Settles(code.Makes("AWS::ElasticLoadBalancingV2::Listener", "", "", listener), code.SettleListener),
		code.Joins("AWS::ElasticLoadBalancingV2::ListenerRule", "ListenerArn", func(f *code.Form, l *aws.Listener) { code.Add(f, &l.Rules, listenerRule) }),
		code.Makes("AWS::ElasticLoadBalancingV2::TargetGroup", "Name", "", targetGroup),
		code.Settles(code.Makes("AWS::ElasticLoadBalancing::LoadBalancer", "LoadBalancerName",
			"arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{name}", classicLoadBalancer), settleClassic),
		code.JoinsEach("AWS::WAFv2::WebACLAssociation", func(f *code.Form) { code.ProtectWith(f, f.Get("ResourceArn"), f.Get("WebACLArn")) }),
		code.JoinsEach("AWS::WAFRegional::WebACLAssociation", func(f *code.Form) { code.ProtectWith(f, f.Get("ResourceArn"), f.Get("WebACLId")) }),
	}, code.Ignores("AWS::ElasticLoadBalancingV2::ListenerCertificate", "AWS::ElasticLoadBalancingV2::TrustStore", "AWS::ElasticLoadBalancingV2::TrustStoreRevocation")...)
}

// loadBalancer reads a load balancer; most of its settings are a list of keys
// and values, with the defaults of the API.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
func loadBalancer(f *code.Form, lb *aws.LoadBalancer) {
	set := f.Get("LoadBalancerAttributes").Named("Key", "Value")
	code.LoadBalancerDefaults(f, lb, f.Get("Type"), f.Get("Scheme").Is("internal"), set.Field("load_balancing.cross_zone.enabled"))
	f.Set(&lb.Subnets, "Subnets")
	f.Put(&lb.Subnets, f.Get("SubnetMappings").Each("SubnetId"))
	f.Set(&lb.SecurityGroups, "SecurityGroups")
	f.Set(&lb.IPAddressType, "IpAddressType", "ipv4")
	f.Put(&lb.AccessLogs, set.Field("access_logs.s3.enabled"))
	f.Put(&lb.AccessLogBucket, set.Field("access_logs.s3.bucket"))
	f.Put(&lb.ConnectionLogs, set.Field("connection_logs.s3.enabled"))
	f.Put(&lb.DeletionProtection, set.Field("deletion_protection.enabled"))
	f.Put(&lb.DropInvalidHeaders, set.Field("routing.http.drop_invalid_header_fields.enabled"))
	f.Put(&lb.DesyncMitigation, set.Field("routing.http.desync_mitigation_mode"), "defensive")
	f.Put(&lb.WAFFailOpen, set.Field("waf.fail_open.enabled"))
	f.Put(&lb.XForwardedFor, set.Field("routing.http.xff_header_processing.mode"), "append")
}

func settleLoadBalancer(f *code.Form, lb *aws.LoadBalancer) {
	code.SettleBalancer(f, &lb.VPC, lb.Subnets, lb.SecurityGroups, f.Get("Scheme").Is("internal").Not(), func(f *code.Form, n *aws.NetworkInterface) {
		f.Is(&n.LoadBalancer, cloud.LinkTo[aws.LoadBalancer](lb.Ref))
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listener.html
func listener(f *code.Form, l *aws.Listener) {
	protocol := f.Get("Protocol").Or(code.Text("GENEVE", nil)) // a gateway load balancer's has none
	f.Default(&l.Rules, &l.TLSPolicy)
	f.Set(&l.LoadBalancer, "LoadBalancerArn")
	f.Set(&l.Port, "Port")
	f.Put(&l.Protocol, protocol)
	if secure, known := protocol.Is("HTTPS", "TLS").Bool(); secure || !known {
		f.Set(&l.TLSPolicy, "SslPolicy", code.OldTLSPolicy)
	}
	code.CertificateLink(f, &l.Certificate, &l.ServerCertificate, f.Get("Certificates.0.CertificateArn"))
	f.Set(&l.MutualTLS, "MutualAuthentication.Mode", "off")
	code.Each(f, &l.DefaultActions, "DefaultActions", listenerAction)
}

func listenerAction(f *code.Form, a *aws.ListenerAction) {
	f.Set(&a.Type, "Type")
	f.Set(&a.TargetGroups, "TargetGroupArn")
	f.Put(&a.TargetGroups, f.Get("ForwardConfig.TargetGroups").Each("TargetGroupArn"))
	f.Default(&a.RedirectProtocol, &a.RedirectPort, &a.RedirectHost)
	if redirects, known := f.Get("RedirectConfig").Present().Bool(); redirects || !known {
		f.Set(&a.RedirectProtocol, "RedirectConfig.Protocol", "#{protocol}")
		f.Set(&a.RedirectPort, "RedirectConfig.Port", "#{port}")
		f.Set(&a.RedirectHost, "RedirectConfig.Host", "#{host}")
	}
	f.Put(&a.StatusCode, f.First("RedirectConfig.StatusCode", "FixedResponseConfig.StatusCode"))
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listenerrule.html
func listenerRule(f *code.Form, r *aws.ListenerRule) {
	f.Set(&r.Priority, "Priority")
	code.Each(f, &r.Actions, "Actions", listenerAction)
	code.Each(f, &r.Conditions, "Conditions", func(f *code.Form, c *aws.ListenerCondition) {
		f.Set(&c.Field, "Field")
		f.Set(&c.Header, "HttpHeaderConfig.HttpHeaderName")
		f.Put(&c.Values, f.First("Values", "HostHeaderConfig.Values", "PathPatternConfig.Values", "HttpHeaderConfig.Values",
			"HttpRequestMethodConfig.Values", "SourceIpConfig.Values"))
		if pairs := f.Get("QueryStringConfig.Values"); !pairs.IsAbsent() {
			f.Put(&c.Values, pairs.Each("Value"))
		}
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
func targetGroup(f *code.Form, g *aws.TargetGroup) {
	kind := f.Get("TargetType").Or(code.Text("instance", nil))
	f.Default(&g.LoadBalancers)
	f.Set(&g.Protocol, "Protocol")
	f.Set(&g.Port, "Port")
	f.Set(&g.ProtocolVersion, "ProtocolVersion", "HTTP1")
	f.Put(&g.TargetType, kind)
	f.Set(&g.VPC, "VpcId")
	f.Put(&g.HealthCheck, f.Get("HealthCheckEnabled").Or(kind.Is("lambda").Not()))
	f.Set(&g.HealthCheckProtocol, "HealthCheckProtocol", "HTTP")
	f.Set(&g.HealthCheckPath, "HealthCheckPath", "/")
	code.Each(f, &g.Targets, "Targets", func(f *code.Form, t *aws.Target) {
		code.TargetLink(f, t, f.Get("Id"))
		f.Set(&t.Port, "Port")
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancing-loadbalancer.html
func classicLoadBalancer(f *code.Form, lb *aws.ClassicLoadBalancer) {
	f.Set(&lb.Scheme, "Scheme", "internet-facing")
	f.Set(&lb.Subnets, "Subnets")
	f.Set(&lb.AvailabilityZones, "AvailabilityZones")
	f.Set(&lb.SecurityGroups, "SecurityGroups")
	f.Set(&lb.Instances, "Instances")
	f.Set(&lb.HealthCheckTarget, "HealthCheck.Target")
	f.Set(&lb.AccessLogs, "AccessLoggingPolicy.Enabled")
	f.Set(&lb.AccessLogBucket, "AccessLoggingPolicy.S3BucketName")
	f.Set(&lb.CrossZone, "CrossZone")
	f.Set(&lb.ConnectionDraining, "ConnectionDrainingPolicy.Enabled")
	f.Is(&lb.DesyncMitigation, "defensive") // which a template cannot change
	policies := f.Get("Policies")
	code.Each(f, &lb.Listeners, "Listeners", func(f *code.Form, l *aws.ClassicListener) { classicListener(f, l, policies) })
}

func classicListener(f *code.Form, l *aws.ClassicListener, policies code.Value) {
	protocol := f.Get("Protocol").Map(strings.ToUpper)
	f.Put(&l.Protocol, protocol)
	f.Set(&l.Port, "LoadBalancerPort")
	f.Put(&l.InstanceProtocol, f.Get("InstanceProtocol").Or(protocol).Map(strings.ToUpper))
	f.Set(&l.InstancePort, "InstancePort")
	code.CertificateLink(f, &l.Certificate, &l.ServerCertificate, f.Get("SSLCertificateId"))
	code.ClassicTLS(f, l, protocol.Is("HTTPS", "SSL"), negotiation(policies, f.Get("PolicyNames")))
}

// negotiation is what the policy says that negotiates TLS, of those that a
// listener names.
func negotiation(policies, names code.Value) code.Value {
	items, _ := policies.Items()
	for _, p := range items {
		name, _ := p.Get("PolicyName").Known()
		named, known := names.Has(name).Bool()
		negotiates, _ := p.Get("PolicyType").Is("SSLNegotiationPolicyType").Bool()
		switch {
		case negotiates && !known:
			return code.Unsure(names.Has(name).Hole(), nil)
		case negotiates && named:
			return p.Get("Attributes").Named("Name", "Value")
		}
	}
	return code.Value{}
}

func settleClassic(f *code.Form, lb *aws.ClassicLoadBalancer) {
	code.SettleBalancer(f, &lb.VPC, lb.Subnets, lb.SecurityGroups, f.Get("Scheme").Is("internal").Not(), func(f *code.Form, n *aws.NetworkInterface) {
		f.Is(&n.ClassicLoadBalancer, cloud.LinkTo[aws.ClassicLoadBalancer](lb.Ref))
	})
	code.SettleClassicZones(f, lb)
}
