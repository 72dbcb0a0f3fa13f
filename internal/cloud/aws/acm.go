package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func acmKinds() []cloud.Resource {
	return []cloud.Resource{&Certificate{}}
}

// Certificate is a TLS certificate in ACM. Its name is its domain name.
// https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
type Certificate struct {
	cloud.Base

	// DomainName is the main name it is valid for.
	DomainName string `json:"domain_name,omitempty"`
	// AlternativeNames are all names it is valid for, the main one included.
	AlternativeNames []string `json:"alternative_names,omitempty"`
	// Type is AMAZON_ISSUED, PRIVATE (of an own CA) or IMPORTED (from elsewhere).
	Type string `json:"type"`
	// Status is ISSUED, PENDING_VALIDATION, INACTIVE, EXPIRED,
	// VALIDATION_TIMED_OUT, REVOKED or FAILED.
	Status string `json:"status"`
	// NotBefore and NotAfter bound its validity; unset before it is issued.
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
	// CreatedAt is when it was asked for; unset for imported ones.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ImportedAt is when it was imported; unset for others.
	ImportedAt time.Time `json:"imported_at,omitzero"`
	// InUse is whether an AWS resource serves it.
	InUse bool `json:"in_use,omitempty"`
	// InUseBy are the ARNs of those resources. They may belong to AWS: an API
	// Gateway domain serves it through a load balancer of the service.
	InUseBy []string `json:"in_use_by,omitempty"`
	// KeyAlgorithm is the type and size of the key, such as RSA_2048 or
	// EC_prime256v1.
	KeyAlgorithm string `json:"key_algorithm,omitempty"`
	// SignatureAlgorithm is what its issuer signed with, such as SHA256WITHRSA.
	SignatureAlgorithm string `json:"signature_algorithm,omitempty"`
	// Issuer is the name of the authority that issued it.
	Issuer string `json:"issuer,omitempty"`
	// AuthorityARN is the private CA that issued it; empty for others.
	AuthorityARN string `json:"authority_arn,omitempty"`
	// TransparencyLogging is whether the certificate is published in
	// Certificate Transparency logs.
	// https://docs.aws.amazon.com/acm/latest/userguide/acm-bestpractices.html#best-practices-transparency
	TransparencyLogging bool `json:"transparency_logging,omitempty"`
	// Exportable is whether the private key can be taken out of ACM.
	Exportable bool `json:"exportable,omitempty"`
	// RenewalEligible is whether ACM renews it by itself. Imported ones never are.
	RenewalEligible bool `json:"renewal_eligible,omitempty"`
	// RenewalStatus is PENDING_AUTO_RENEWAL, PENDING_VALIDATION, SUCCESS or
	// FAILED; empty before the first renewal.
	RenewalStatus string `json:"renewal_status,omitempty"`
	// FailureReason says why it was not issued or renewed.
	FailureReason string `json:"failure_reason,omitempty"`
	// Validations say how control of each name is proved; empty for imported ones.
	Validations []*DomainValidation `json:"validations,omitempty"`
}

// Kind implements cloud.Resource.
func (*Certificate) Kind() cloud.Kind { return "AWS::CertificateManager::Certificate" }

// DomainValidation is how control of one domain name is proved.
type DomainValidation struct {
	cloud.Object
	// DomainName that is proved.
	DomainName string `json:"domain_name"`
	// Method is DNS, EMAIL or HTTP.
	Method string `json:"method,omitempty"`
	// Status is PENDING_VALIDATION, SUCCESS or FAILED.
	Status string `json:"status,omitempty"`
}
