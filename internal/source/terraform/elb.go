package terraform

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func elbMappings() []code.Mapping {
	return slices.Concat(loadBalancerMappings("aws_lb"), loadBalancerMappings("aws_alb"), classicMappings(), []code.Mapping{
		code.JoinsEach("aws_wafv2_web_acl_association", func(f *code.Form) { code.ProtectWith(f, f.Get("resource_arn"), f.Get("web_acl_arn")) }),
		code.JoinsEach("aws_wafregional_web_acl_association", func(f *code.Form) { code.ProtectWith(f, f.Get("resource_arn"), f.Get("web_acl_id")) }),
	},
		code.Ignores("aws_lb_trust_store", "aws_lb_trust_store_revocation", "aws_lb_hosted_zone_id",
			"aws_app_cookie_stickiness_policy", "aws_lb_cookie_stickiness_policy", "aws_proxy_protocol_policy",
			"aws_load_balancer_policy", "aws_load_balancer_backend_server_policy"))
}

// loadBalancerMappings are the types under one of the provider's two names for
// the same thing: aws_lb and aws_alb.
func loadBalancerMappings(name string) []code.Mapping {
	return append([]code.Mapping{
		code.AlsoJoins(code.Settles(code.Makes(name, "name", "", loadBalancer), settleLoadBalancer), func(f *code.Form) {
			holdElasticIPs(f, f.Get("subnet_mapping").Each("allocation_id"))
		}),
		code.Settles(code.Makes(name+"_listener", "", "", listener), code.SettleListener),
		code.Joins(name+"_listener_rule", "listener_arn", func(f *code.Form, l *aws.Listener) { code.Add(f, &l.Rules, listenerRule) }),
		code.Makes(name+"_target_group", "name", "", targetGroup),
		code.Joins(name+"_target_group_attachment", "target_group_arn", func(f *code.Form, g *aws.TargetGroup) {
			code.Add(f, &g.Targets, func(f *code.Form, t *aws.Target) {
				code.TargetLink(f, t, f.Get("target_id"))
				f.Set(&t.Port, "port")
			})
		}),
	}, code.Ignores(name+"_listener_certificate")...)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb
func loadBalancer(f *code.Form, lb *aws.LoadBalancer) {
	code.LoadBalancerDefaults(f, lb, f.Get("load_balancer_type"), f.Get("internal"), f.Get("enable_cross_zone_load_balancing"))
	f.Set(&lb.Subnets, "subnets")
	f.Put(&lb.Subnets, f.Get("subnet_mapping").Each("subnet_id"))
	f.Set(&lb.SecurityGroups, "security_groups")
	f.Set(&lb.IPAddressType, "ip_address_type", "ipv4")
	f.Set(&lb.AccessLogs, "access_logs.enabled")
	f.Set(&lb.AccessLogBucket, "access_logs.bucket")
	f.Set(&lb.ConnectionLogs, "connection_logs.enabled")
	f.Set(&lb.DeletionProtection, "enable_deletion_protection")
	f.Set(&lb.DropInvalidHeaders, "drop_invalid_header_fields")
	f.Set(&lb.DesyncMitigation, "desync_mitigation_mode", "defensive")
	f.Set(&lb.WAFFailOpen, "enable_waf_fail_open")
	f.Set(&lb.XForwardedFor, "xff_header_processing_mode", "append")
}

func settleLoadBalancer(f *code.Form, lb *aws.LoadBalancer) {
	public := f.Get("internal").Or(code.Flag(false, nil)).Not()
	code.SettleBalancer(f, &lb.VPC, lb.Subnets, lb.SecurityGroups, public, func(f *code.Form, n *aws.NetworkInterface) {
		f.Is(&n.LoadBalancer, cloud.LinkTo[aws.LoadBalancer](lb.Ref))
	})
}

// listener reads a listener. One without protocol and port is a gateway load
// balancer's, one without a protocol speaks HTTP.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener
func listener(f *code.Form, l *aws.Listener) {
	protocol := f.Get("protocol").Or(f.Get("port").Present().Choose("HTTP", "GENEVE"))
	f.Default(&l.Rules, &l.TLSPolicy)
	f.Set(&l.LoadBalancer, "load_balancer_arn")
	f.Set(&l.Port, "port")
	f.Put(&l.Protocol, protocol)
	if secure, known := protocol.Is("HTTPS", "TLS").Bool(); secure || !known {
		f.Set(&l.TLSPolicy, "ssl_policy", code.OldTLSPolicy)
	}
	code.CertificateLink(f, &l.Certificate, &l.ServerCertificate, f.Get("certificate_arn"))
	f.Set(&l.MutualTLS, "mutual_authentication.mode", "off")
	code.Each(f, &l.DefaultActions, "default_action", listenerAction)
}

func listenerAction(f *code.Form, a *aws.ListenerAction) {
	f.Set(&a.Type, "type")
	f.Put(&a.TargetGroups, given(f, "target_group_arn"))
	f.Put(&a.TargetGroups, f.Get("forward.target_group").Each("arn"))
	redirects, known := f.Get("redirect").Present().Bool()
	f.Default(&a.RedirectProtocol, &a.RedirectPort, &a.RedirectHost)
	if redirects || !known {
		f.Set(&a.RedirectProtocol, "redirect.protocol", "#{protocol}")
		f.Set(&a.RedirectPort, "redirect.port", "#{port}")
		f.Set(&a.RedirectHost, "redirect.host", "#{host}")
	}
	f.Put(&a.StatusCode, f.First("redirect.status_code", "fixed_response.status_code"))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener_rule
func listenerRule(f *code.Form, r *aws.ListenerRule) {
	if v := f.Get("priority"); !v.IsAbsent() {
		f.Put(&r.Priority, v)
	}
	code.Each(f, &r.Actions, "action", listenerAction)
	code.Each(f, &r.Conditions, "condition", func(f *code.Form, c *aws.ListenerCondition) {
		f.Set(&c.Header, "http_header.http_header_name")
		f.Default(&c.Values)
		for _, kind := range []string{"host_header", "path_pattern", "http_header", "http_request_method", "source_ip"} {
			if !f.Get(kind).IsAbsent() {
				f.Is(&c.Field, strings.ReplaceAll(kind, "_", "-"))
				f.Set(&c.Values, kind+".values")
			}
		}
		if pairs := f.Get("query_string"); !pairs.IsAbsent() {
			f.Is(&c.Field, "query-string")
			f.Put(&c.Values, pairs.Each("value"))
		}
	})
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group
func targetGroup(f *code.Form, g *aws.TargetGroup) {
	f.Default(&g.LoadBalancers, &g.Targets)
	f.Set(&g.Protocol, "protocol")
	f.Set(&g.Port, "port")
	f.Set(&g.ProtocolVersion, "protocol_version", "HTTP1")
	f.Set(&g.TargetType, "target_type", "instance")
	f.Set(&g.VPC, "vpc_id")
	f.Set(&g.HealthCheck, "health_check.enabled", true)
	f.Set(&g.HealthCheckProtocol, "health_check.protocol", "HTTP")
	f.Set(&g.HealthCheckPath, "health_check.path", "/")
}

func classicMappings() []code.Mapping {
	return []code.Mapping{
		code.Settles(code.Makes("aws_elb", "name", "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{name}", classicLoadBalancer), settleClassic),
		code.Joins("aws_elb_attachment", "elb", func(f *code.Form, lb *aws.ClassicLoadBalancer) { f.Set(&lb.Instances, "instance") }),
		code.Joins("aws_lb_ssl_negotiation_policy", "load_balancer", func(f *code.Form, lb *aws.ClassicLoadBalancer) {
			code.Renegotiate(f, lb, f.Get("lb_port"), f.Get("attribute").Named("name", "value"))
		}),
		code.Joins("aws_load_balancer_listener_policy", "load_balancer_name", listenerPolicy),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elb
func classicLoadBalancer(f *code.Form, lb *aws.ClassicLoadBalancer) {
	f.Put(&lb.Scheme, f.Get("internal").Or(code.Flag(false, nil)).Choose("internal", "internet-facing"))
	f.Set(&lb.Subnets, "subnets")
	f.Set(&lb.AvailabilityZones, "availability_zones")
	f.Set(&lb.SecurityGroups, "security_groups")
	f.Set(&lb.Instances, "instances")
	f.Set(&lb.HealthCheckTarget, "health_check.target")
	f.Put(&lb.AccessLogs, f.Get("access_logs.enabled").Or(f.Get("access_logs").Present()))
	f.Set(&lb.AccessLogBucket, "access_logs.bucket")
	f.Set(&lb.CrossZone, "cross_zone_load_balancing", true)
	f.Set(&lb.ConnectionDraining, "connection_draining")
	f.Set(&lb.DesyncMitigation, "desync_mitigation_mode", "defensive")
	code.Each(f, &lb.Listeners, "listener", classicListener)
}

func classicListener(f *code.Form, l *aws.ClassicListener) {
	protocol := f.Get("lb_protocol").Map(strings.ToUpper)
	f.Put(&l.Protocol, protocol)
	f.Set(&l.Port, "lb_port")
	f.Put(&l.InstanceProtocol, f.Get("instance_protocol").Map(strings.ToUpper))
	f.Set(&l.InstancePort, "instance_port")
	code.CertificateLink(f, &l.Certificate, &l.ServerCertificate, f.Get("ssl_certificate_id"))
	code.ClassicTLS(f, l, protocol.Is("HTTPS", "SSL"), code.Value{})
}

func settleClassic(f *code.Form, lb *aws.ClassicLoadBalancer) {
	public := f.Get("internal").Or(code.Flag(false, nil)).Not()
	code.SettleBalancer(f, &lb.VPC, lb.Subnets, lb.SecurityGroups, public, func(f *code.Form, n *aws.NetworkInterface) {
		f.Is(&n.ClassicLoadBalancer, cloud.LinkTo[aws.ClassicLoadBalancer](lb.Ref))
	})
	code.SettleClassicZones(f, lb)
}

// listenerPolicy puts policies on a listener: those that negotiate TLS count.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/load_balancer_listener_policy
func listenerPolicy(f *code.Form, lb *aws.ClassicLoadBalancer) {
	names, _ := f.Get("policy_names").Items()
	for _, name := range names {
		policy := f.Other(name, "policy_name", "aws_load_balancer_policy")
		if negotiates, known := policy.Get("policy_type_name").Is("SSLNegotiationPolicyType").Bool(); negotiates || !known {
			code.Renegotiate(f, lb, f.Get("load_balancer_port"), policy.Get("policy_attribute").Named("name", "value"))
		}
	}
}
