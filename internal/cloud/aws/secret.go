package aws

import "merlon.dev/internal/cloud"

// EnvVar is one environment variable, or any other named value in which people
// put secrets. The value itself is never kept.
type EnvVar struct {
	cloud.Object
	// Name of the variable.
	Name string `json:"name"`
	// SHA256 is the hex hash of the value: equal for equal values.
	SHA256 string `json:"sha256,omitempty"`
	// Secret names the detector that took the value for a secret, such as
	// aws-access-token or named-like-a-secret; empty when none did.
	Secret string `json:"secret,omitempty"`
	// Reference is whether the value is resolved from a secret store at start
	// (Secrets Manager, SSM Parameter Store) and so holds no secret itself.
	Reference bool `json:"reference,omitempty"`
}

// TextSecret is a secret found inside a larger text such as user data.
type TextSecret struct {
	cloud.Object
	// Detector that found it.
	Detector string `json:"detector"`
	// Line in the text, from 1.
	Line int `json:"line"`
	// SHA256 is the hex hash of the secret.
	SHA256 string `json:"sha256,omitempty"`
}
