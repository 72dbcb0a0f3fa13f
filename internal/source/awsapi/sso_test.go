package awsapi

import (
	"context"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"merlon.dev/internal/cloud/aws"
)

func TestSSO(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ssoadmin.NewFromConfig(e.cfg)
	instances, err := c.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	must(t)(instances, err)
	instance, store := instances.Instances[0].InstanceArn, instances.Instances[0].IdentityStoreId
	made, err := c.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: instance, Name: awssdk.String("operator"), SessionDuration: awssdk.String("PT4H30M")})
	must(t)(made, err)
	set := made.PermissionSet.PermissionSetArn
	must(t)(c.PutInlinePolicyToPermissionSet(ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, InlinePolicy: awssdk.String(allowAll)}))
	must(t)(c.AttachManagedPolicyToPermissionSet(ctx, &ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, ManagedPolicyArn: awssdk.String("arn:aws:iam::aws:policy/ReadOnlyAccess")}))
	ids := identitystore.NewFromConfig(e.cfg)
	group, err := ids.CreateGroup(ctx, &identitystore.CreateGroupInput{IdentityStoreId: store, DisplayName: awssdk.String("oncall")})
	must(t)(group, err)
	must(t)(c.CreateAccountAssignment(ctx, &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: instance, PermissionSetArn: set, PrincipalType: types.PrincipalTypeGroup, PrincipalId: group.GroupId,
		TargetId: awssdk.String(string(e.account)), TargetType: types.TargetTypeAwsAccount,
	}))
	must(t)(c.ProvisionPermissionSet(ctx, &ssoadmin.ProvisionPermissionSetInput{
		InstanceArn: instance, PermissionSetArn: set, TargetId: awssdk.String(string(e.account)), TargetType: types.ProvisionTargetTypeAwsAccount,
	}))

	s := e.read(t, nil, "sso")
	p := find[aws.PermissionSet](t, s, "operator")
	if p.SessionSeconds != 4*3600+1800 || p.InlinePolicy == nil || len(p.AWSManagedPolicies) != 1 {
		t.Errorf("permission set: %+v", p)
	}
	if p.Instance.Target().IdentityStoreID != *store || len(p.Instance.Target().PermissionSets) != 1 {
		t.Errorf("instance: %+v", p.Instance.Target())
	}
	oncall := find[aws.IdentityGroup](t, s, "oncall")
	if len(p.Assignments) != 1 || p.Assignments[0].Group.Target() != oncall || p.Assignments[0].AccountID != string(e.account) {
		t.Errorf("assignments: %+v", p.Assignments)
	}
	if len(oncall.PermissionSets) != 1 {
		t.Errorf("permission sets of oncall: %+v", oncall.PermissionSets)
	}
}
