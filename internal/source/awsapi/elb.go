package awsapi

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func elbService() *service {
	return &service{name: "elb", read: readELB, kinds: []cloud.Kind{
		kindOf[aws.LoadBalancer](), kindOf[aws.Listener](), kindOf[aws.TargetGroup](), kindOf[aws.ClassicLoadBalancer](),
	}}
}

func readELB(s *scope) {
	readLoadBalancers(s)
	readTargetGroups(s)
	readClassicLoadBalancers(s)
}

func readLoadBalancers(s *scope) {
	kind := kindOf[aws.LoadBalancer]()
	client := elbv2.NewFromConfig(s.cfg)
	var found []types.LoadBalancer
	gap := list(s, elbv2.NewDescribeLoadBalancersPaginator(client, &elbv2.DescribeLoadBalancersInput{}), func(out *elbv2.DescribeLoadBalancersOutput) {
		found = append(found, out.LoadBalancers...)
	}, kind)
	// Listeners are asked for by load balancer: all are known when all of those are.
	s.decide(gap, []cloud.Kind{kindOf[aws.Listener]()})

	var balancers []*aws.LoadBalancer
	items(s, kind, found, func(in types.LoadBalancer) { balancers = append(balancers, loadBalancer(s, in)) })
	readELBTags(s, client, balancers)
	each(s, kind, balancers, func(lb *aws.LoadBalancer) {
		defer s.add(lb)
		readLoadBalancerAttributes(s, client, lb)
		readWebACL(s, lb)
		readListeners(s, client, lb)
	})
}

func loadBalancer(s *scope, in types.LoadBalancer) *aws.LoadBalancer {
	lb := &aws.LoadBalancer{
		Base:           s.base(cloud.Ref(*in.LoadBalancerArn), awssdk.ToString(in.LoadBalancerName)),
		Scheme:         string(in.Scheme),
		DNSName:        strings.ToLower(awssdk.ToString(in.DNSName)),
		VPC:            linkEC2[aws.VPC](s, "vpc", in.VpcId),
		SecurityGroups: ec2Links[aws.SecurityGroup](s, "security-group", in.SecurityGroups),
		IPAddressType:  string(in.IpAddressType),
	}
	lb.Type = needText(lb, "type", in.Type)
	if lb.Scheme == "" && lb.Type != string(types.LoadBalancerTypeEnumGateway) {
		needText(lb, "scheme", in.Scheme)
	}
	if in.State != nil {
		lb.State = string(in.State.Code)
	}
	for _, z := range in.AvailabilityZones {
		if awssdk.ToString(z.SubnetId) != "" {
			lb.Subnets = append(lb.Subnets, linkEC2[aws.Subnet](s, "subnet", z.SubnetId))
		}
	}
	return lb
}

// readELBTags reads tags, twenty load balancers at a time.
func readELBTags(s *scope, client *elbv2.Client, balancers []*aws.LoadBalancer) {
	for some := range slices.Chunk(balancers, 20) {
		in := &elbv2.DescribeTagsInput{}
		for _, lb := range some {
			in.ResourceArns = append(in.ResourceArns, string(lb.Ref))
		}
		out, gap := call(s, client.DescribeTags, in)
		for _, lb := range some {
			lb.SetGap(gap, "tags")
			if gap != nil {
				continue
			}
			for _, d := range out.TagDescriptions {
				if awssdk.ToString(d.ResourceArn) == string(lb.Ref) {
					lb.Tags = tagMap(d.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
				}
			}
		}
	}
}

func readLoadBalancerAttributes(s *scope, client *elbv2.Client, lb *aws.LoadBalancer) {
	fields := []string{"access_logs", "access_log_bucket", "connection_logs", "deletion_protection", "drop_invalid_headers",
		"desync_mitigation", "cross_zone", "waf_fail_open", "x_forwarded_for"}
	arn := string(lb.Ref)
	fill(s, lb, fields, client.DescribeLoadBalancerAttributes, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &arn}, func(out *elbv2.DescribeLoadBalancerAttributesOutput) {
		set := map[string]string{}
		for _, a := range out.Attributes {
			set[awssdk.ToString(a.Key)] = awssdk.ToString(a.Value)
		}
		if len(set) == 0 { // AWS sends every attribute of a load balancer
			lb.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "elbv2:DescribeLoadBalancerAttributes", Message: "the reply holds no attributes"}, fields...)
			return
		}
		// An attribute that is not listed has the default that AWS documents.
		on := func(key string) bool { return set[key] == "true" }
		lb.DeletionProtection = on("deletion_protection.enabled")
		lb.CrossZone = lb.Type == "application" || on("load_balancing.cross_zone.enabled")
		if lb.Type == "gateway" {
			return
		}
		lb.AccessLogs = on("access_logs.s3.enabled")
		if lb.AccessLogs {
			lb.AccessLogBucket = bucketLink(s, set["access_logs.s3.bucket"])
		}
		if lb.Type == "application" {
			lb.ConnectionLogs = on("connection_logs.s3.enabled")
			lb.DropInvalidHeaders = on("routing.http.drop_invalid_header_fields.enabled")
			lb.DesyncMitigation = cmp.Or(set["routing.http.desync_mitigation_mode"], "defensive")
			lb.WAFFailOpen = on("waf.fail_open.enabled")
			lb.XForwardedFor = cmp.Or(set["routing.http.xff_header_processing.mode"], "append")
		}
	})
}

// readWebACL asks what stands in front of an application load balancer; others
// take no web ACL.
func readWebACL(s *scope, lb *aws.LoadBalancer) {
	if lb.Type != "application" {
		return
	}
	arn := string(lb.Ref)
	fill(s, lb, []string{"web_acl"}, wafv2.NewFromConfig(s.cfg).GetWebACLForResource, &wafv2.GetWebACLForResourceInput{ResourceArn: &arn}, func(out *wafv2.GetWebACLForResourceOutput) {
		if out.WebACL != nil {
			lb.WebACL = cloud.LinkTo[aws.WebACL](cloud.Ref(*out.WebACL.ARN))
		}
	}, "WAFNonexistentItemException")
}

func readListeners(s *scope, client *elbv2.Client, lb *aws.LoadBalancer) {
	kind := kindOf[aws.Listener]()
	arn := string(lb.Ref)
	list(s, elbv2.NewDescribeListenersPaginator(client, &elbv2.DescribeListenersInput{LoadBalancerArn: &arn}), func(out *elbv2.DescribeListenersOutput) {
		items(s, kind, out.Listeners, func(in types.Listener) {
			l := listener(s, lb, in)
			if lb.Type == "application" {
				pages := elbv2.NewDescribeRulesPaginator(client, &elbv2.DescribeRulesInput{ListenerArn: in.ListenerArn})
				fillList(s, l, []string{"rules"}, pages, func(out *elbv2.DescribeRulesOutput) { l.Rules = append(l.Rules, listenerRules(out.Rules)...) })
			}
			s.add(l)
		})
	}, kind)
}

func listener(s *scope, lb *aws.LoadBalancer, in types.Listener) *aws.Listener {
	l := &aws.Listener{
		Base:           s.base(cloud.Ref(*in.ListenerArn), lb.Name+":"+strconv.Itoa(int(awssdk.ToInt32(in.Port)))),
		LoadBalancer:   cloud.LinkTo[aws.LoadBalancer](lb.Ref),
		Port:           int(awssdk.ToInt32(in.Port)),
		TLSPolicy:      awssdk.ToString(in.SslPolicy),
		DefaultActions: listenerActions(in.DefaultActions),
	}
	switch {
	case in.Protocol == "" && lb.Type == "gateway":
		l.Protocol = "GENEVE"
	default:
		l.Protocol = needText(l, "protocol", in.Protocol)
	}
	for _, c := range in.Certificates {
		l.Certificate, l.ServerCertificate = certificateLinks(c.CertificateArn)
	}
	if m := in.MutualAuthentication; m != nil {
		l.MutualTLS = awssdk.ToString(m.Mode)
	}
	return l
}

// certificateLinks sorts a certificate by where it is kept: ACM or IAM.
func certificateLinks(arn *string) (cloud.Link[aws.Certificate], cloud.Link[aws.ServerCertificate]) {
	ref := cloud.Ref(awssdk.ToString(arn))
	if strings.Contains(string(ref), ":iam:") {
		return cloud.Link[aws.Certificate]{}, cloud.LinkTo[aws.ServerCertificate](ref)
	}
	return cloud.LinkTo[aws.Certificate](ref), cloud.Link[aws.ServerCertificate]{}
}

func listenerRules(in []types.Rule) []*aws.ListenerRule {
	var out []*aws.ListenerRule
	for _, r := range in {
		if awssdk.ToBool(r.IsDefault) {
			continue
		}
		rule := &aws.ListenerRule{Actions: listenerActions(r.Actions)}
		priority, err := strconv.Atoi(awssdk.ToString(r.Priority))
		if err != nil {
			need[string](rule, "priority", nil)
		}
		rule.Priority = priority
		for _, c := range r.Conditions {
			rule.Conditions = append(rule.Conditions, listenerCondition(c))
		}
		out = append(out, rule)
	}
	slices.SortStableFunc(out, func(a, b *aws.ListenerRule) int { return cmp.Compare(a.Priority, b.Priority) })
	return out
}

func listenerCondition(in types.RuleCondition) *aws.ListenerCondition {
	c := &aws.ListenerCondition{Field: awssdk.ToString(in.Field), Values: in.Values}
	switch {
	case in.HostHeaderConfig != nil:
		c.Values = in.HostHeaderConfig.Values
	case in.PathPatternConfig != nil:
		c.Values = in.PathPatternConfig.Values
	case in.HttpHeaderConfig != nil:
		c.Header, c.Values = awssdk.ToString(in.HttpHeaderConfig.HttpHeaderName), in.HttpHeaderConfig.Values
	case in.HttpRequestMethodConfig != nil:
		c.Values = in.HttpRequestMethodConfig.Values
	case in.SourceIpConfig != nil:
		c.Values = in.SourceIpConfig.Values
	case in.QueryStringConfig != nil:
		c.Values = nil
		for _, v := range in.QueryStringConfig.Values {
			c.Values = append(c.Values, awssdk.ToString(v.Key)+"="+awssdk.ToString(v.Value))
		}
	}
	return c
}

func listenerActions(in []types.Action) []*aws.ListenerAction {
	slices.SortStableFunc(in, func(a, b types.Action) int { return cmp.Compare(awssdk.ToInt32(a.Order), awssdk.ToInt32(b.Order)) })
	var out []*aws.ListenerAction
	for _, a := range in {
		act := &aws.ListenerAction{Type: string(a.Type)}
		switch {
		case a.ForwardConfig != nil:
			for _, g := range a.ForwardConfig.TargetGroups {
				act.TargetGroups = append(act.TargetGroups, cloud.LinkTo[aws.TargetGroup](cloud.Ref(awssdk.ToString(g.TargetGroupArn))))
			}
		case awssdk.ToString(a.TargetGroupArn) != "":
			act.TargetGroups = cloud.LinksTo[aws.TargetGroup](cloud.Ref(*a.TargetGroupArn))
		}
		if r := a.RedirectConfig; r != nil {
			act.RedirectProtocol = cmp.Or(awssdk.ToString(r.Protocol), "#{protocol}")
			act.RedirectPort = cmp.Or(awssdk.ToString(r.Port), "#{port}")
			act.RedirectHost = cmp.Or(awssdk.ToString(r.Host), "#{host}")
			act.StatusCode = string(r.StatusCode)
		}
		if r := a.FixedResponseConfig; r != nil {
			act.StatusCode = awssdk.ToString(r.StatusCode)
		}
		out = append(out, act)
	}
	return out
}

func readTargetGroups(s *scope) {
	kind := kindOf[aws.TargetGroup]()
	client := elbv2.NewFromConfig(s.cfg)
	var found []types.TargetGroup
	list(s, elbv2.NewDescribeTargetGroupsPaginator(client, &elbv2.DescribeTargetGroupsInput{}), func(out *elbv2.DescribeTargetGroupsOutput) {
		found = append(found, out.TargetGroups...)
	}, kind)
	each(s, kind, found, func(in types.TargetGroup) {
		g := &aws.TargetGroup{
			Base:                s.base(cloud.Ref(*in.TargetGroupArn), awssdk.ToString(in.TargetGroupName)),
			Protocol:            string(in.Protocol),
			Port:                int(awssdk.ToInt32(in.Port)),
			ProtocolVersion:     awssdk.ToString(in.ProtocolVersion),
			TargetType:          string(in.TargetType),
			VPC:                 linkEC2[aws.VPC](s, "vpc", in.VpcId),
			HealthCheckProtocol: string(in.HealthCheckProtocol),
			HealthCheckPath:     awssdk.ToString(in.HealthCheckPath),
		}
		defer s.add(g)
		g.HealthCheck = need(g, "health_check", in.HealthCheckEnabled)
		for _, arn := range in.LoadBalancerArns {
			g.LoadBalancers = append(g.LoadBalancers, cloud.LinkTo[aws.LoadBalancer](cloud.Ref(arn)))
		}
		fill(s, g, []string{"targets"}, client.DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: in.TargetGroupArn}, func(out *elbv2.DescribeTargetHealthOutput) {
			for _, d := range out.TargetHealthDescriptions {
				g.Targets = append(g.Targets, target(s, g.TargetType, d))
			}
		})
	})
}

func target(s *scope, kind string, in types.TargetHealthDescription) *aws.Target {
	t := &aws.Target{ID: *in.Target.Id, Port: int(awssdk.ToInt32(in.Target.Port))}
	switch kind {
	case "instance":
		t.Instance = linkEC2[aws.Instance](s, "instance", in.Target.Id)
	case "lambda":
		t.Function = cloud.LinkTo[aws.Function](unqualified(t.ID))
	case "alb":
		t.LoadBalancer = cloud.LinkTo[aws.LoadBalancer](cloud.Ref(t.ID))
	}
	if h := in.TargetHealth; h != nil {
		t.Health, t.Reason = string(h.State), string(h.Reason)
	}
	return t
}

// unqualified is a function's ARN without version or alias.
func unqualified(arn string) cloud.Ref {
	if parts := strings.Split(arn, ":"); len(parts) > 7 {
		arn = strings.Join(parts[:7], ":")
	}
	return cloud.Ref(arn)
}

func readClassicLoadBalancers(s *scope) {
	kind := kindOf[aws.ClassicLoadBalancer]()
	client := elb.NewFromConfig(s.cfg)
	var found []elbtypes.LoadBalancerDescription
	list(s, elb.NewDescribeLoadBalancersPaginator(client, &elb.DescribeLoadBalancersInput{}), func(out *elb.DescribeLoadBalancersOutput) {
		found = append(found, out.LoadBalancerDescriptions...)
	}, kind)
	tags, noTags := classicTags(s, client, found)
	each(s, kind, found, func(in elbtypes.LoadBalancerDescription) {
		lb := classicLoadBalancer(s, in)
		defer s.add(lb)
		lb.Tags = tags[lb.Name]
		lb.SetGap(noTags, "tags")
		readClassicAttributes(s, client, lb)
		readClassicPolicies(s, client, lb, in.ListenerDescriptions)
	})
}

// classicTags reads tags by name, twenty load balancers at a time.
func classicTags(s *scope, client *elb.Client, found []elbtypes.LoadBalancerDescription) (map[string]map[string]string, *cloud.Gap) {
	tags := map[string]map[string]string{}
	for some := range slices.Chunk(found, 20) {
		in := &elb.DescribeTagsInput{}
		for _, lb := range some {
			in.LoadBalancerNames = append(in.LoadBalancerNames, awssdk.ToString(lb.LoadBalancerName))
		}
		out, gap := call(s, client.DescribeTags, in)
		if gap != nil {
			return nil, gap
		}
		for _, d := range out.TagDescriptions {
			tags[awssdk.ToString(d.LoadBalancerName)] = tagMap(d.Tags, func(t elbtypes.Tag) (*string, *string) { return t.Key, t.Value })
		}
	}
	return tags, nil
}

func classicLoadBalancer(s *scope, in elbtypes.LoadBalancerDescription) *aws.ClassicLoadBalancer {
	name := *in.LoadBalancerName
	lb := &aws.ClassicLoadBalancer{
		Base:              s.base(s.arn("elasticloadbalancing", "loadbalancer/"+name), name),
		DNSName:           strings.ToLower(awssdk.ToString(in.DNSName)),
		VPC:               linkEC2[aws.VPC](s, "vpc", in.VPCId),
		Subnets:           ec2Links[aws.Subnet](s, "subnet", in.Subnets),
		AvailabilityZones: in.AvailabilityZones,
		SecurityGroups:    ec2Links[aws.SecurityGroup](s, "security-group", in.SecurityGroups),
	}
	lb.Scheme = need(lb, "scheme", in.Scheme)
	if in.HealthCheck != nil {
		lb.HealthCheckTarget = awssdk.ToString(in.HealthCheck.Target)
	}
	for _, i := range in.Instances {
		lb.Instances = append(lb.Instances, linkEC2[aws.Instance](s, "instance", i.InstanceId))
	}
	for _, d := range in.ListenerDescriptions {
		l := &aws.ClassicListener{}
		if in := d.Listener; in != nil {
			l.Protocol = strings.ToUpper(need(l, "protocol", in.Protocol))
			l.Port = int(in.LoadBalancerPort)
			// AWS takes the front's protocol where none is given for the back.
			l.InstanceProtocol = strings.ToUpper(cmp.Or(awssdk.ToString(in.InstanceProtocol), l.Protocol))
			l.InstancePort = int(awssdk.ToInt32(in.InstancePort))
			l.Certificate, l.ServerCertificate = certificateLinks(in.SSLCertificateId)
		}
		lb.Listeners = append(lb.Listeners, l)
	}
	return lb
}

func readClassicAttributes(s *scope, client *elb.Client, lb *aws.ClassicLoadBalancer) {
	fields := []string{"access_logs", "access_log_bucket", "cross_zone", "connection_draining", "desync_mitigation"}
	fill(s, lb, fields, client.DescribeLoadBalancerAttributes, &elb.DescribeLoadBalancerAttributesInput{LoadBalancerName: &lb.Name}, func(out *elb.DescribeLoadBalancerAttributesOutput) {
		a := out.LoadBalancerAttributes
		if a.AccessLog == nil {
			a.AccessLog = &elbtypes.AccessLog{}
			need[string](lb, "access_logs", nil)
		}
		lb.AccessLogs = a.AccessLog.Enabled
		if lb.AccessLogs {
			lb.AccessLogBucket = bucketLink(s, awssdk.ToString(a.AccessLog.S3BucketName))
		}
		if a.CrossZoneLoadBalancing == nil {
			a.CrossZoneLoadBalancing = &elbtypes.CrossZoneLoadBalancing{}
			need[string](lb, "cross_zone", nil)
		}
		lb.CrossZone = a.CrossZoneLoadBalancing.Enabled
		if a.ConnectionDraining == nil {
			a.ConnectionDraining = &elbtypes.ConnectionDraining{}
			need[string](lb, "connection_draining", nil)
		}
		lb.ConnectionDraining = a.ConnectionDraining.Enabled
		lb.DesyncMitigation = "defensive" // AWS's default
		for _, x := range a.AdditionalAttributes {
			if awssdk.ToString(x.Key) == "elb.http.desyncmitigationmode" {
				lb.DesyncMitigation = awssdk.ToString(x.Value)
			}
		}
	})
}

// readClassicPolicies asks for the TLS negotiation policies in use. A listener
// without one has AWS's default, which the reply does not name.
func readClassicPolicies(s *scope, client *elb.Client, lb *aws.ClassicLoadBalancer, listeners []elbtypes.ListenerDescription) {
	var secure []*aws.ClassicListener
	names := map[*aws.ClassicListener][]string{}
	for i, l := range lb.Listeners {
		if l.Protocol == "HTTPS" || l.Protocol == "SSL" {
			secure = append(secure, l)
			names[l] = listeners[i].PolicyNames
		}
	}
	if len(secure) == 0 {
		return
	}
	out, gap := call(s, client.DescribeLoadBalancerPolicies, &elb.DescribeLoadBalancerPoliciesInput{LoadBalancerName: &lb.Name})
	for _, l := range secure {
		l.SetGap(gap, "tls_policy", "tls_protocols", "tls_ciphers")
		if gap != nil {
			continue
		}
		found := false
		for _, p := range out.PolicyDescriptions {
			if awssdk.ToString(p.PolicyTypeName) == "SSLNegotiationPolicyType" && slices.Contains(names[l], awssdk.ToString(p.PolicyName)) {
				negotiation(l, p)
				found = true
			}
		}
		if !found {
			l.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "elasticloadbalancing:DescribeLoadBalancerPolicies", Message: "the listener names no negotiation policy"},
				"tls_policy", "tls_protocols", "tls_ciphers")
		}
	}
}

func negotiation(l *aws.ClassicListener, p elbtypes.PolicyDescription) {
	for _, a := range p.PolicyAttributeDescriptions {
		name, value := awssdk.ToString(a.AttributeName), awssdk.ToString(a.AttributeValue)
		switch {
		case name == "Reference-Security-Policy":
			l.TLSPolicy = value
		case value != "true":
		case strings.HasPrefix(name, "Protocol-"):
			l.TLSProtocols = append(l.TLSProtocols, strings.TrimPrefix(name, "Protocol-"))
		case name != "Server-Defined-Cipher-Order":
			l.TLSCiphers = append(l.TLSCiphers, name)
		}
	}
}
