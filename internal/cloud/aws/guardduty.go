package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func guarddutyKinds() []cloud.Resource {
	return []cloud.Resource{&Detector{}}
}

// Detector is GuardDuty in one region.
// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetDetector.html
type Detector struct {
	cloud.Base

	// Enabled is whether the detector is watching; a suspended one is not.
	Enabled bool `json:"enabled"`
	// CreatedAt is when GuardDuty was switched on.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// PublishingFrequency is how soon repeated findings are exported:
	// FIFTEEN_MINUTES, ONE_HOUR or SIX_HOURS.
	PublishingFrequency string `json:"publishing_frequency,omitempty"`
	// Features are the data sources and protection plans the region offers.
	// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfigurationResult.html
	Features []*DetectorFeature `json:"features,omitempty"`
	// Administrator is the account that manages this detector for others;
	// empty when none does, or when this account is it.
	Administrator string `json:"administrator,omitempty"`
	// AdministratorRelation is Enabled when Administrator is in charge.
	AdministratorRelation string `json:"administrator_relation,omitempty"`
	// Members is how many accounts this detector manages: more than none in an
	// administrator's account.
	Members int `json:"members,omitempty"`
}

// Kind implements cloud.Resource.
func (*Detector) Kind() cloud.Kind { return "AWS::GuardDuty::Detector" }

// DetectorFeature is one data source or protection plan.
type DetectorFeature struct {
	cloud.Object
	// Name is CLOUD_TRAIL, DNS_LOGS, FLOW_LOGS, S3_DATA_EVENTS, EKS_AUDIT_LOGS,
	// EBS_MALWARE_PROTECTION, RDS_LOGIN_EVENTS, LAMBDA_NETWORK_LOGS,
	// EKS_RUNTIME_MONITORING, RUNTIME_MONITORING or a newer one.
	Name string `json:"name"`
	// Enabled is whether it is on.
	Enabled bool `json:"enabled"`
	// Additional are its own switches, such as EKS_ADDON_MANAGEMENT or
	// ECS_FARGATE_AGENT_MANAGEMENT.
	Additional []*DetectorFeature `json:"additional,omitempty"`
}
