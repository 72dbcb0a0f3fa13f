package awsapi

import (
	"context"
	"slices"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestNoOrganization(t *testing.T) {
	s := newEstate(t).read(t, nil, "organizations")
	a := s.Resources[0].(*aws.Account)
	if !a.Organization.IsZero() || a.ManagesOrganization || a.Gap("organization") != nil {
		t.Errorf("an account alone: %+v", a)
	}
	for _, c := range s.Collections {
		if c.Kind == "AWS::Organizations::Organization" && c.Gap != nil {
			t.Errorf("no organization is an answer: %+v", c.Gap)
		}
	}
}

func TestOrganization(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), organizations.NewFromConfig(e.cfg)
	must(t)(c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll}))
	roots, err := c.ListRoots(ctx, &organizations.ListRootsInput{})
	must(t)(roots, err)
	root := roots.Roots[0].Id
	must(t)(c.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeServiceControlPolicy}))
	unit, err := c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{Name: awssdk.String("workloads"), ParentId: root})
	must(t)(unit, err)
	made, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: awssdk.String("prod"), Email: awssdk.String("prod@example.com")})
	must(t)(made, err)
	member := made.CreateAccountStatus.AccountId
	must(t)(c.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: member, SourceParentId: root, DestinationParentId: unit.OrganizationalUnit.Id}))
	policy, err := c.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Name: awssdk.String("no-leave"), Description: awssdk.String("x"), Type: types.PolicyTypeServiceControlPolicy,
		Content: awssdk.String(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}}`),
	})
	must(t)(policy, err)
	must(t)(c.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: policy.Policy.PolicySummary.Id, TargetId: unit.OrganizationalUnit.Id}))
	must(t)(c.RegisterDelegatedAdministrator(ctx, &organizations.RegisterDelegatedAdministratorInput{AccountId: member, ServicePrincipal: awssdk.String("ssm.amazonaws.com")}))

	s := e.read(t, nil, "organizations")
	a := s.Resources[0].(*aws.Account)
	org := a.Organization.Target()
	if !a.ManagesOrganization || org == nil || org.ID == "" {
		t.Fatalf("the organization of its management account: %+v", a.Organization)
	}
	noGaps(t, org)
	if org.FeatureSet != "ALL" || org.ManagementAccount != string(e.account) || len(org.EnabledPolicyTypes) != 1 {
		t.Errorf("organization: %+v", org)
	}
	if len(org.Accounts) != 2 || len(org.Units) != 2 {
		t.Errorf("parts: %+v, %+v", org.Accounts, org.Units)
	}
	if d := org.DelegatedAdministrators; len(d) != 1 || d[0].AccountID != *member || d[0].Services[0] != "ssm.amazonaws.com" || d[0].Account.Target().Name != "prod" {
		t.Errorf("delegated administrators: %+v", d)
	}
	workloads := find[aws.OrganizationalUnit](t, s, "workloads")
	noGaps(t, workloads)
	prod := find[aws.MemberAccount](t, s, "prod")
	noGaps(t, prod)
	if prod.Parent.Target() != workloads || !workloads.Parent.Target().Root || prod.Management || prod.State != "ACTIVE" {
		t.Errorf("prod: %+v", prod)
	}
	scp := find[aws.OrganizationPolicy](t, s, "no-leave")
	noGaps(t, scp)
	attached := slices.ContainsFunc(workloads.Policies, func(l cloud.Link[aws.OrganizationPolicy]) bool { return l.Target() == scp })
	if !attached || scp.Document.Statements[0].Effect != "Deny" || scp.AWSManaged {
		t.Errorf("policies of workloads: %+v", workloads.Policies)
	}
}
