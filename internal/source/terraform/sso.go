package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ssoMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_ssoadmin_permission_set", "name", "", permissionSet),
		code.Joins("aws_ssoadmin_permission_set_inline_policy", "permission_set_arn", func(f *code.Form, p *aws.PermissionSet) { f.Set(&p.InlinePolicy, "inline_policy") }),
		code.Joins("aws_ssoadmin_managed_policy_attachment", "permission_set_arn", func(f *code.Form, p *aws.PermissionSet) {
			f.Set(&p.AWSManagedPolicies, "managed_policy_arn")
		}),
		code.Joins("aws_ssoadmin_customer_managed_policy_attachment", "permission_set_arn", func(f *code.Form, p *aws.PermissionSet) {
			f.Put(&p.CustomerManagedPolicies, customerPolicy(f.Get("customer_managed_policy_reference")))
		}),
		code.Joins("aws_ssoadmin_permissions_boundary_attachment", "permission_set_arn", func(f *code.Form, p *aws.PermissionSet) {
			f.Put(&p.PermissionsBoundary, f.Get("permissions_boundary.managed_policy_arn").Or(customerPolicy(f.Get("permissions_boundary.customer_managed_policy_reference"))))
		}),
		code.Joins("aws_ssoadmin_account_assignment", "permission_set_arn", func(f *code.Form, p *aws.PermissionSet) {
			code.Add(f, &p.Assignments, assignment)
		}),
		code.Makes("aws_identitystore_user", "user_name", "", func(f *code.Form, u *aws.IdentityUser) { f.Default(&u.External, &u.Disabled) }),
		code.Makes("aws_identitystore_group", "display_name", "", func(f *code.Form, g *aws.IdentityGroup) { f.Default(&g.External, &g.Members) }),
		code.Joins("aws_identitystore_group_membership", "group_id", func(f *code.Form, g *aws.IdentityGroup) { f.Set(&g.Members, "member_id") }),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssoadmin_permission_set
func permissionSet(f *code.Form, p *aws.PermissionSet) {
	f.Set(&p.Instance, "instance_arn")
	f.Set(&p.Description, "description")
	f.Put(&p.SessionSeconds, f.Get("session_duration").Seconds(), 3600)
	f.Default(&p.InlinePolicy, &p.AWSManagedPolicies, &p.CustomerManagedPolicies, &p.PermissionsBoundary, &p.Assignments)
}

// customerPolicy is the path and the name of a policy.
func customerPolicy(ref code.Value) code.Value {
	path, _ := ref.Get("path").Or(code.Text("/", nil)).Known()
	return ref.Get("name").Map(func(name string) string { return path + name })
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssoadmin_account_assignment
func assignment(f *code.Form, a *aws.AccountAssignment) {
	f.Set(&a.AccountID, "target_id")
	f.Set(&a.PrincipalType, "principal_type")
	f.Set(&a.PrincipalID, "principal_id")
	f.Default(&a.User, &a.Group)
	if a.PrincipalType == "GROUP" {
		f.Set(&a.Group, "principal_id")
	} else {
		f.Set(&a.User, "principal_id")
	}
}
