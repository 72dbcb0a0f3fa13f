package aws

import (
	"strings"
	"time"

	"merlon.dev/internal/cloud"
)

func ecrKinds() []cloud.Resource {
	return []cloud.Resource{&Repository{}, &Registry{}}
}

// Repository is a private ECR repository.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html
type Repository struct {
	cloud.Base

	// URI that images are pulled from.
	URI string `json:"uri,omitempty"`
	// CreatedAt is when the repository was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Policy is the repository policy; unset when there is none.
	// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
	Policy *Policy `json:"policy,omitempty"`
	// ScanOnPush is the repository's own switch for basic scanning.
	ScanOnPush bool `json:"scan_on_push,omitempty"`
	// RegistryScan is what the registry's scanning rules decide for this
	// repository: CONTINUOUS_SCAN, SCAN_ON_PUSH, MANUAL, or empty when no rule
	// matches its name.
	RegistryScan string `json:"registry_scan,omitempty"`
	// TagMutability is IMMUTABLE, MUTABLE, or either with _WITH_EXCLUSION.
	TagMutability string `json:"tag_mutability,omitempty"`
	// Encryption is AES256, KMS or KMS_DSSE.
	Encryption string `json:"encryption,omitempty"`
	// KMSKey is the key used with KMS.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// HasLifecyclePolicy is whether a lifecycle policy is set.
	HasLifecyclePolicy bool `json:"has_lifecycle_policy,omitempty"`
}

// Kind implements cloud.Resource.
func (*Repository) Kind() cloud.Kind { return "AWS::ECR::Repository" }

// Registry is the private registry of one region. It is in the model where it
// holds at least one repository.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html
type Registry struct {
	cloud.Base

	// Policy is the registry policy: replication and pull-through rights of
	// other accounts. Unset when there is none.
	Policy *Policy `json:"policy,omitempty"`
	// ScanType is BASIC or ENHANCED (Amazon Inspector).
	ScanType string `json:"scan_type,omitempty"`
	// ScanRules decide which repositories are scanned and when.
	ScanRules []*ScanRule `json:"scan_rules,omitempty"`

	// Repositories in the region.
	Repositories []cloud.Link[Repository] `json:"-" cel:"repositories" backlink:"@region"`
}

// Kind implements cloud.Resource.
func (*Registry) Kind() cloud.Kind { return "AWS::ECR::Registry" }

// ScanRule is one scanning rule of a registry.
type ScanRule struct {
	cloud.Object
	// Frequency is SCAN_ON_PUSH, CONTINUOUS_SCAN or MANUAL.
	Frequency string `json:"frequency"`
	// Filters are patterns over repository names; "*" stands for anything.
	Filters []string `json:"filters,omitempty"`
}

// ScanFor is the most frequent scan that the rules of a registry ask for a repository.
func ScanFor(rules []*ScanRule, repository string) string {
	rank := map[string]int{"": 0, "MANUAL": 1, "SCAN_ON_PUSH": 2, "CONTINUOUS_SCAN": 3}
	best := ""
	for _, rule := range rules {
		for _, filter := range rule.Filters {
			if scanFilterMatches(filter, repository) && rank[rule.Frequency] > rank[best] {
				best = rule.Frequency
			}
		}
	}
	return best
}

// scanFilterMatches matches as ECR does: a filter without a star matches any
// name that contains it.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
func scanFilterMatches(filter, name string) bool {
	parts := strings.Split(filter, "*")
	if len(parts) == 1 {
		return strings.Contains(name, filter)
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(name, first) {
		return false
	}
	name = name[len(first):]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return strings.HasSuffix(name, last)
}
