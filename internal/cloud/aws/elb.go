package aws

import "merlon.dev/internal/cloud"

func elbKinds() []cloud.Resource {
	return []cloud.Resource{&LoadBalancer{}, &Listener{}, &TargetGroup{}, &ClassicLoadBalancer{}}
}

// LoadBalancer is an application, network or gateway load balancer.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
type LoadBalancer struct {
	cloud.Base

	// Type is application, network or gateway.
	Type string `json:"type"`
	// Scheme is internet-facing or internal; empty for gateway load balancers.
	Scheme string `json:"scheme,omitempty"`
	// DNSName is the load balancer's own name, in lower case.
	DNSName string `json:"dns_name,omitempty"`
	// State is active, provisioning, active_impaired or failed.
	State string `json:"state,omitempty"`
	// VPC the load balancer is in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets it has a node in, one for each availability zone.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups around it; empty for gateway load balancers, and for
	// network load balancers that were made without.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// IPAddressType is ipv4, dualstack or dualstack-without-public-ipv4.
	IPAddressType string `json:"ip_address_type,omitempty"`

	// The following are attributes of the load balancer.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html

	// AccessLogs is whether requests (connections, for network load balancers)
	// are logged.
	AccessLogs bool `json:"access_logs"`
	// AccessLogBucket receives the access log.
	AccessLogBucket cloud.Link[Bucket] `json:"access_log_bucket,omitzero"`
	// ConnectionLogs is whether TLS handshakes are logged (application).
	ConnectionLogs bool `json:"connection_logs,omitempty"`
	// DeletionProtection is whether the load balancer refuses to be deleted.
	DeletionProtection bool `json:"deletion_protection"`
	// DropInvalidHeaders is whether header fields with an invalid name are
	// removed (application). Default off.
	DropInvalidHeaders bool `json:"drop_invalid_headers,omitempty"`
	// DesyncMitigation is defensive (the default), strictest or monitor (application).
	DesyncMitigation string `json:"desync_mitigation,omitempty"`
	// CrossZone is whether nodes send requests to targets in other zones.
	// Always on for application load balancers, off by default for others.
	CrossZone bool `json:"cross_zone,omitempty"`
	// WAFFailOpen is whether requests pass uninspected when AWS WAF does not
	// answer (application).
	WAFFailOpen bool `json:"waf_fail_open,omitempty"`
	// XForwardedFor is append (the default), preserve or remove (application).
	XForwardedFor string `json:"x_forwarded_for,omitempty"`

	// WebACL is the AWS WAF web ACL in front of an application load balancer.
	WebACL cloud.Link[WebACL] `json:"web_acl,omitzero"`

	// Listeners of the load balancer.
	Listeners []cloud.Link[Listener] `json:"-" cel:"listeners" backlink:"load_balancer" within:"region"`
	// TargetGroups it may send requests to.
	TargetGroups []cloud.Link[TargetGroup] `json:"-" cel:"target_groups" backlink:"load_balancers" within:"region"`
	// Interfaces are its nodes' network interfaces.
	Interfaces []cloud.Link[NetworkInterface] `json:"-" cel:"interfaces" backlink:"load_balancer" within:"region"`
}

// Kind implements cloud.Resource.
func (*LoadBalancer) Kind() cloud.Kind { return "AWS::ElasticLoadBalancingV2::LoadBalancer" }

// Listener is a port on which a load balancer takes connections.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
type Listener struct {
	cloud.Base

	// LoadBalancer the listener is part of.
	LoadBalancer cloud.Link[LoadBalancer] `json:"load_balancer,omitzero"`
	// Port it listens on; 0 for gateway load balancers, which take every port.
	Port int `json:"port,omitempty"`
	// Protocol is HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, QUIC, TCP_QUIC or GENEVE.
	Protocol string `json:"protocol"`
	// TLSPolicy is the security policy of an HTTPS or TLS listener.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
	TLSPolicy string `json:"tls_policy,omitempty"`
	// Certificate or ServerCertificate is the default certificate, from ACM or IAM.
	Certificate       cloud.Link[Certificate]       `json:"certificate,omitzero"`
	ServerCertificate cloud.Link[ServerCertificate] `json:"server_certificate,omitzero"`
	// MutualTLS is off, passthrough or verify.
	MutualTLS string `json:"mutual_tls,omitempty"`
	// DefaultActions are taken when no rule matches, in order.
	DefaultActions []*ListenerAction `json:"default_actions,omitempty"`
	// Rules, the first to match first; the default rule is DefaultActions.
	Rules []*ListenerRule `json:"rules,omitempty"`
}

// Kind implements cloud.Resource.
func (*Listener) Kind() cloud.Kind { return "AWS::ElasticLoadBalancingV2::Listener" }

// ListenerRule is one rule of an application load balancer's listener.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html
type ListenerRule struct {
	cloud.Object
	// Priority sets the order: the lowest matching number decides.
	Priority int `json:"priority"`
	// Conditions must all hold.
	Conditions []*ListenerCondition `json:"conditions,omitempty"`
	// Actions are taken in order.
	Actions []*ListenerAction `json:"actions,omitempty"`
}

// ListenerCondition is one condition of a listener rule.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
type ListenerCondition struct {
	cloud.Object
	// Field is host-header, path-pattern, http-header, http-request-method,
	// query-string or source-ip.
	Field string `json:"field"`
	// Header is the header's name, for http-header.
	Header string `json:"header,omitempty"`
	// Values of which one must match. A query string's are written key=value.
	Values []string `json:"values,omitempty"`
}

// ListenerAction is what a listener does with a request.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
type ListenerAction struct {
	cloud.Object
	// Type is forward, redirect, fixed-response, authenticate-oidc,
	// authenticate-cognito or jwt-validation.
	Type string `json:"type"`
	// TargetGroups of a forward action.
	TargetGroups []cloud.Link[TargetGroup] `json:"target_groups,omitempty"`
	// RedirectProtocol is HTTP, HTTPS or #{protocol} (unchanged), for redirect.
	RedirectProtocol string `json:"redirect_protocol,omitempty"`
	// RedirectPort is a port or #{port} (unchanged), for redirect.
	RedirectPort string `json:"redirect_port,omitempty"`
	// RedirectHost is a name or #{host} (unchanged), for redirect.
	RedirectHost string `json:"redirect_host,omitempty"`
	// StatusCode of a redirect (HTTP_301, HTTP_302) or a fixed response.
	StatusCode string `json:"status_code,omitempty"`
}

// TargetGroup is a group of targets behind a load balancer.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
type TargetGroup struct {
	cloud.Base

	// Protocol and Port used to reach the targets; empty for Lambda functions.
	Protocol string `json:"protocol,omitempty"`
	Port     int    `json:"port,omitempty"`
	// ProtocolVersion is HTTP1, HTTP2 or GRPC.
	ProtocolVersion string `json:"protocol_version,omitempty"`
	// TargetType is instance, ip, lambda or alb.
	TargetType string `json:"target_type,omitempty"`
	// VPC of the targets; unset for Lambda functions.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// LoadBalancers that use the group.
	LoadBalancers []cloud.Link[LoadBalancer] `json:"load_balancers,omitempty"`
	// HealthCheck is whether targets are probed.
	HealthCheck bool `json:"health_check"`
	// HealthCheckProtocol is HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP or GENEVE.
	HealthCheckProtocol string `json:"health_check_protocol,omitempty"`
	// HealthCheckPath is the path asked for, for HTTP and HTTPS.
	HealthCheckPath string `json:"health_check_path,omitempty"`
	// Targets that are registered, with their health.
	Targets []*Target `json:"targets,omitempty"`
}

// Kind implements cloud.Resource.
func (*TargetGroup) Kind() cloud.Kind { return "AWS::ElasticLoadBalancingV2::TargetGroup" }

// Target is one registered target.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealthDescription.html
type Target struct {
	cloud.Object
	// ID is an instance id, an address, or an ARN, as the group's target type says.
	ID string `json:"id"`
	// Port the target takes requests on.
	Port int `json:"port,omitempty"`
	// Instance is set for target type instance.
	Instance cloud.Link[Instance] `json:"instance,omitzero"`
	// Function is set for target type lambda.
	Function cloud.Link[Function] `json:"function,omitzero"`
	// LoadBalancer is set for target type alb.
	LoadBalancer cloud.Link[LoadBalancer] `json:"load_balancer,omitzero"`
	// Health is healthy, unhealthy, initial, draining, unhealthy.draining,
	// unused or unavailable.
	Health string `json:"health,omitempty"`
	// Reason is AWS's code for a health other than healthy, such as
	// Target.Timeout.
	Reason string `json:"reason,omitempty"`
}

// ClassicLoadBalancer is a load balancer of the first generation.
// https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerDescription.html
type ClassicLoadBalancer struct {
	cloud.Base

	// Scheme is internet-facing or internal.
	Scheme string `json:"scheme,omitempty"`
	// DNSName is the load balancer's own name, in lower case.
	DNSName string `json:"dns_name,omitempty"`
	// VPC the load balancer is in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// Subnets it has a node in.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// AvailabilityZones it serves.
	AvailabilityZones []string `json:"availability_zones,omitempty"`
	// SecurityGroups around it.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// Instances that are registered.
	Instances []cloud.Link[Instance] `json:"instances,omitempty"`
	// Listeners of the load balancer.
	Listeners []*ClassicListener `json:"listeners,omitempty"`
	// HealthCheckTarget is what is probed, such as HTTP:80/health.
	HealthCheckTarget string `json:"health_check_target,omitempty"`

	// The following are attributes of the load balancer.
	// https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerAttributes.html

	// AccessLogs is whether requests are logged.
	AccessLogs bool `json:"access_logs"`
	// AccessLogBucket receives the access log.
	AccessLogBucket cloud.Link[Bucket] `json:"access_log_bucket,omitzero"`
	// CrossZone is whether nodes send requests to instances in other zones.
	CrossZone bool `json:"cross_zone"`
	// ConnectionDraining is whether open requests end before an instance leaves.
	ConnectionDraining bool `json:"connection_draining"`
	// DesyncMitigation is defensive (the default), strictest or monitor.
	DesyncMitigation string `json:"desync_mitigation,omitempty"`

	// Interfaces are its nodes' network interfaces.
	Interfaces []cloud.Link[NetworkInterface] `json:"-" cel:"interfaces" backlink:"classic_load_balancer" within:"region"`
}

// Kind implements cloud.Resource.
func (*ClassicLoadBalancer) Kind() cloud.Kind { return "AWS::ElasticLoadBalancing::LoadBalancer" }

// ClassicListener is one listener of a classic load balancer.
// https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html
type ClassicListener struct {
	cloud.Object
	// Protocol and Port clients use: HTTP, HTTPS, TCP or SSL.
	Protocol string `json:"protocol"`
	Port     int    `json:"port"`
	// InstanceProtocol and InstancePort are used to reach the instances.
	InstanceProtocol string `json:"instance_protocol,omitempty"`
	InstancePort     int    `json:"instance_port,omitempty"`
	// Certificate or ServerCertificate is the one shown, from ACM or IAM.
	Certificate       cloud.Link[Certificate]       `json:"certificate,omitzero"`
	ServerCertificate cloud.Link[ServerCertificate] `json:"server_certificate,omitzero"`
	// TLSPolicy is the predefined security policy behind an HTTPS or SSL
	// listener's negotiation policy; empty where that was made by hand.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
	TLSPolicy string `json:"tls_policy,omitempty"`
	// TLSProtocols are the protocols the negotiation policy switches on, such
	// as TLSv1.2.
	TLSProtocols []string `json:"tls_protocols,omitempty"`
	// TLSCiphers are the ciphers it switches on, such as RC4-MD5.
	TLSCiphers []string `json:"tls_ciphers,omitempty"`
}
