package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ssoMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::SSO::Instance", "Name", "", func(f *code.Form, i *aws.SSOInstance) { f.Is(&i.Status, "ACTIVE") }),
		code.Makes("AWS::SSO::PermissionSet", "Name", "", permissionSet),
		code.Joins("AWS::SSO::Assignment", "PermissionSetArn", func(f *code.Form, p *aws.PermissionSet) {
			code.Add(f, &p.Assignments, assignment)
		}),
		code.Makes("AWS::IdentityStore::Group", "DisplayName", "", func(f *code.Form, g *aws.IdentityGroup) { f.Default(&g.External, &g.Members) }),
		code.Joins("AWS::IdentityStore::GroupMembership", "GroupId", func(f *code.Form, g *aws.IdentityGroup) { f.Set(&g.Members, "MemberId.UserId") }),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-permissionset.html
func permissionSet(f *code.Form, p *aws.PermissionSet) {
	f.Set(&p.Instance, "InstanceArn")
	f.Set(&p.Description, "Description")
	f.Put(&p.SessionSeconds, f.Get("SessionDuration").Seconds(), 3600)
	f.Set(&p.InlinePolicy, "InlinePolicy")
	f.Set(&p.AWSManagedPolicies, "ManagedPolicies")
	f.Default(&p.CustomerManagedPolicies, &p.Assignments)
	refs, _ := f.Get("CustomerManagedPolicyReferences").Items()
	for _, ref := range refs {
		f.Put(&p.CustomerManagedPolicies, customerPolicy(ref))
	}
	f.Put(&p.PermissionsBoundary, f.Get("PermissionsBoundary.ManagedPolicyArn").Or(customerPolicy(f.Get("PermissionsBoundary.CustomerManagedPolicyReference"))))
}

// customerPolicy is the path and the name of a policy.
func customerPolicy(ref code.Value) code.Value {
	path, _ := ref.Get("Path").Or(code.Text("/", nil)).Known()
	return ref.Get("Name").Map(func(name string) string { return path + name })
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-assignment.html
func assignment(f *code.Form, a *aws.AccountAssignment) {
	f.Set(&a.AccountID, "TargetId")
	f.Set(&a.PrincipalType, "PrincipalType")
	f.Set(&a.PrincipalID, "PrincipalId")
	f.Default(&a.User, &a.Group)
	if a.PrincipalType == "GROUP" {
		f.Set(&a.Group, "PrincipalId")
	} else {
		f.Set(&a.User, "PrincipalId")
	}
}
