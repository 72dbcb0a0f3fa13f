package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func macieKinds() []cloud.Resource {
	return []cloud.Resource{&MacieSession{}}
}

// MacieSession is Macie in one region; there is none where it is off.
// https://docs.aws.amazon.com/macie/latest/APIReference/macie.html
type MacieSession struct {
	cloud.Base

	// Enabled is whether Macie is working; a paused session is not.
	Enabled bool `json:"enabled"`
	// CreatedAt is when Macie was switched on.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// PublishingFrequency is how soon updated findings are published:
	// FIFTEEN_MINUTES, ONE_HOUR or SIX_HOURS.
	PublishingFrequency string `json:"publishing_frequency,omitempty"`
	// AutomatedDiscovery is whether Macie samples the objects of all buckets
	// by itself, without jobs.
	// https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html
	AutomatedDiscovery bool `json:"automated_discovery"`
	// ResultsBucket keeps the detailed results; unset when none does, and then
	// they are gone after 90 days.
	ResultsBucket cloud.Link[Bucket] `json:"results_bucket,omitzero"`
}

// Kind implements cloud.Resource.
func (*MacieSession) Kind() cloud.Kind { return "AWS::Macie::Session" }
