package aws

import "merlon.dev/internal/cloud"

func wafv2Kinds() []cloud.Resource {
	return []cloud.Resource{&WebACL{}}
}

// WebACL is a web ACL of AWS WAF. Those of CloudFront live in us-east-1.
// https://docs.aws.amazon.com/waf/latest/APIReference/API_WebACL.html
type WebACL struct {
	cloud.Base

	// Scope is REGIONAL or CLOUDFRONT.
	Scope string `json:"scope"`
	// DefaultAction is ALLOW or BLOCK, for requests that no rule decides.
	DefaultAction string `json:"default_action"`
	// Rules in order of priority, those of Firewall Manager included.
	Rules []*WebACLRule `json:"rules,omitempty"`
	// Capacity is how many capacity units the rules use.
	Capacity int `json:"capacity,omitempty"`
	// FirewallManager is whether Firewall Manager looks after the ACL.
	FirewallManager bool `json:"firewall_manager,omitempty"`
	// Metrics and SampledRequests are whether requests that no rule decides
	// are counted in CloudWatch, and sampled.
	Metrics         bool `json:"metrics,omitempty"`
	SampledRequests bool `json:"sampled_requests,omitempty"`
	// LogDestinations are the ARNs that receive the full log; empty when there
	// is none.
	// https://docs.aws.amazon.com/waf/latest/APIReference/API_LoggingConfiguration.html
	LogDestinations []string `json:"log_destinations,omitempty"`
	// LogFiltered is whether only part of the requests is logged.
	LogFiltered bool `json:"log_filtered,omitempty"`

	// LoadBalancers, Distributions and RestStages are what it protects.
	LoadBalancers []cloud.Link[LoadBalancer] `json:"-" cel:"load_balancers" backlink:"web_acl" within:"region"`
	Distributions []cloud.Link[Distribution] `json:"-" cel:"distributions" backlink:"web_acl" within:"account"`
	RestStages    []cloud.Link[RestStage]    `json:"-" cel:"rest_stages" backlink:"web_acl" within:"region"`
}

// Kind implements cloud.Resource.
func (*WebACL) Kind() cloud.Kind { return "AWS::WAFv2::WebACL" }

// WebACLRule is one rule of a web ACL.
// https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html
type WebACLRule struct {
	cloud.Object
	// Name of the rule.
	Name string `json:"name"`
	// Priority orders the rules, lowest first.
	Priority int `json:"priority"`
	// Type is what the rule matches by: managed_group, rule_group, rate, ip_set,
	// geo, asn, sqli, xss, bytes, regex, regex_set, size, label, and, or, not.
	Type string `json:"type"`
	// Action is ALLOW, BLOCK, COUNT, CAPTCHA or CHALLENGE; for groups GROUP
	// (the group's own actions) or COUNT (all of them only counted).
	Action string `json:"action"`
	// Vendor and Group name a managed rule group, such as AWS and
	// AWSManagedRulesCommonRuleSet.
	Vendor string `json:"vendor,omitempty"`
	Group  string `json:"group,omitempty"`
	// GroupARN is the ARN of a rule group of one's own.
	GroupARN string `json:"group_arn,omitempty"`
	// Counted are the rules of a group whose action is replaced by COUNT.
	Counted []string `json:"counted,omitempty"`
	// ScopedDown is whether a managed group or rate rule looks at part of the
	// requests only.
	ScopedDown bool `json:"scoped_down,omitempty"`
	// RateLimit is the number of requests in RateWindowSeconds above which a
	// rate rule acts.
	RateLimit         int `json:"rate_limit,omitempty"`
	RateWindowSeconds int `json:"rate_window_seconds,omitempty"`
	// Metrics and SampledRequests are whether requests that match are counted
	// in CloudWatch, and sampled.
	Metrics         bool `json:"metrics"`
	SampledRequests bool `json:"sampled_requests,omitempty"`
}
