package aws

import "merlon.dev/internal/cloud"

func inspectorKinds() []cloud.Resource {
	return []cloud.Resource{&Inspector{}}
}

// Inspector is Amazon Inspector in one region: one for each region, also where
// all of it is off.
// https://docs.aws.amazon.com/inspector/v2/APIReference/API_BatchGetAccountStatus.html
type Inspector struct {
	cloud.Base

	// Enabled is whether any scanning is on.
	Enabled bool `json:"enabled"`
	// EC2, ECR, Lambda, LambdaCode and CodeRepository are whether instances,
	// container images, functions' packages, functions' own code and source
	// repositories are scanned.
	EC2            bool `json:"ec2"`
	ECR            bool `json:"ecr"`
	Lambda         bool `json:"lambda"`
	LambdaCode     bool `json:"lambda_code"`
	CodeRepository bool `json:"code_repository"`
}

// Kind implements cloud.Resource.
func (*Inspector) Kind() cloud.Kind { return "AWS::InspectorV2::Account" }
