package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func organizationsMappings() []code.Mapping {
	return []code.Mapping{
		code.HasPart[aws.OrganizationalUnit](code.Makes("aws_organizations_organization", "", "", organization), code.OrganizationRoot),
		code.Settles(code.Makes("aws_organizations_organizational_unit", "name", "", organizationalUnit), func(f *code.Form, u *aws.OrganizationalUnit) {
			code.TheOrganization(f, &u.Organization)
		}),
		code.Settles(code.Makes("aws_organizations_account", "name", "", memberAccount), func(f *code.Form, a *aws.MemberAccount) {
			code.TheOrganization(f, &a.Organization)
		}),
		code.Settles(code.Makes("aws_organizations_policy", "name", "", organizationPolicy), func(f *code.Form, p *aws.OrganizationPolicy) {
			code.TheOrganization(f, &p.Organization)
		}),
		code.Joins("aws_organizations_policy_attachment", "policy_id", func(f *code.Form, p *aws.OrganizationPolicy) {
			code.AttachTarget(f, p, f.Get("target_id"))
		}),
		code.JoinsEach("aws_organizations_delegated_administrator", delegate),
	}
}

// organization reads an organization and the root that it comes with.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_organization
func organization(f *code.Form, o *aws.Organization) {
	f.Set(&o.FeatureSet, "feature_set", "ALL")
	f.Set(&o.EnabledPolicyTypes, "enabled_policy_types")
	f.Set(&o.TrustedServices, "aws_service_access_principals")
	f.Default(&o.DelegatedAdministrators)
	code.AddRoot(f)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_organizational_unit
func organizationalUnit(f *code.Form, u *aws.OrganizationalUnit) {
	f.Put(&u.Parent, code.RootOf(f, f.Get("parent_id")))
	f.Default(&u.Root)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_account
func memberAccount(f *code.Form, a *aws.MemberAccount) {
	f.Is(&a.State, "ACTIVE")
	f.Is(&a.JoinedMethod, "CREATED")
	f.Put(&a.Parent, code.RootOf(f, f.Get("parent_id")))
	f.Default(&a.Management)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy
func organizationPolicy(f *code.Form, p *aws.OrganizationPolicy) {
	f.Set(&p.Type, "type", "SERVICE_CONTROL_POLICY")
	f.Set(&p.Description, "description")
	f.Default(&p.AWSManaged, &p.Units, &p.Accounts, &p.Content, &p.Document)
	switch p.Type {
	case "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY":
		f.Set(&p.Document, "content")
	default:
		f.Set(&p.Content, "content")
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_delegated_administrator
func delegate(f *code.Form) {
	for _, o := range code.All[aws.Organization](f) {
		code.Configure(f, code.RefTo(o.Ref), func(f *code.Form, o *aws.Organization) {
			code.Add(f, &o.DelegatedAdministrators, func(f *code.Form, d *aws.DelegatedAdministrator) {
				f.Set(&d.AccountID, "account_id")
				f.Set(&d.Account, "account_id")
				f.Set(&d.Services, "service_principal")
			})
		})
	}
}
