package aws

import "merlon.dev/internal/cloud"

// Policy is an IAM policy document, parsed and unjudged: a resource policy, an
// identity policy, a trust policy, a key policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type Policy struct {
	cloud.Object
	// Version is 2012-10-17 or 2008-10-17 (what AWS assumes when it is left out).
	Version string `json:"version,omitempty"`
	// ID is the optional Id element.
	ID string `json:"id,omitempty"`
	// Statements in document order.
	Statements []*Statement `json:"statements"`
}

// Statement is one statement of a policy document.
type Statement struct {
	cloud.Object
	// SID is the optional statement id.
	SID string `json:"sid,omitempty"`
	// Effect is Allow or Deny.
	Effect string `json:"effect"`
	// Principals and NotPrincipals name who the statement is about; both are
	// empty in identity policies.
	Principals    []*Principal `json:"principals,omitempty"`
	NotPrincipals []*Principal `json:"not_principals,omitempty"`
	// Actions and NotActions as written, wildcards included.
	Actions    []string `json:"actions,omitempty"`
	NotActions []string `json:"not_actions,omitempty"`
	// Resources and NotResources as written, wildcards and variables included.
	Resources    []string `json:"resources,omitempty"`
	NotResources []string `json:"not_resources,omitempty"`
	// Conditions must all hold.
	Conditions []*Condition `json:"conditions,omitempty"`
}

// Principal is one entry of a Principal element.
type Principal struct {
	cloud.Object
	// Type is AWS, Service, Federated or CanonicalUser. A bare "*" has the type AWS.
	Type string `json:"type"`
	// ID is an ARN, an account id, a service name or "*".
	ID string `json:"id"`
}

// Condition is one key under one operator.
type Condition struct {
	cloud.Object
	// Operator as written, such as StringEquals or ForAllValues:StringLike.
	Operator string `json:"operator"`
	// Key as written, such as aws:SourceAccount.
	Key string `json:"key"`
	// Values as strings; any of them satisfies the condition.
	Values []string `json:"values"`
}
