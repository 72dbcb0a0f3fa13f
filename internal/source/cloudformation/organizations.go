package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func organizationsMappings() []code.Mapping {
	return []code.Mapping{
		code.HasPart[aws.OrganizationalUnit](code.Makes("AWS::Organizations::Organization", "", "", organization), code.OrganizationRoot),
		code.Settles(code.Makes("AWS::Organizations::OrganizationalUnit", "Name", "", organizationalUnit), func(f *code.Form, u *aws.OrganizationalUnit) {
			code.TheOrganization(f, &u.Organization)
		}),
		code.Settles(code.Makes("AWS::Organizations::Account", "AccountName", "", memberAccount), func(f *code.Form, a *aws.MemberAccount) {
			code.TheOrganization(f, &a.Organization)
		}),
		code.Settles(code.Makes("AWS::Organizations::Policy", "Name", "", organizationPolicy), func(f *code.Form, p *aws.OrganizationPolicy) {
			code.TheOrganization(f, &p.Organization)
		}),
	}
}

// organization reads an organization and the root that it comes with. Which
// types of policies are on, and which services are trusted, no template says.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organization.html
func organization(f *code.Form, o *aws.Organization) {
	f.Set(&o.FeatureSet, "FeatureSet", "ALL")
	code.AddRoot(f)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organizationalunit.html
func organizationalUnit(f *code.Form, u *aws.OrganizationalUnit) {
	f.Put(&u.Parent, code.RootOf(f, f.Get("ParentId")))
	f.Default(&u.Root)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
func memberAccount(f *code.Form, a *aws.MemberAccount) {
	f.Is(&a.State, "ACTIVE")
	f.Is(&a.JoinedMethod, "CREATED")
	f.Put(&a.Parent, code.RootOf(f, f.Get("ParentIds")))
	f.Default(&a.Management)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html
func organizationPolicy(f *code.Form, p *aws.OrganizationPolicy) {
	f.Set(&p.Type, "Type")
	f.Set(&p.Description, "Description")
	f.Default(&p.AWSManaged, &p.Units, &p.Accounts, &p.Content, &p.Document)
	switch p.Type {
	case "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY":
		f.Set(&p.Document, "Content")
	default:
		f.Put(&p.Content, f.Get("Content").Flat())
	}
	targets, more := f.Get("TargetIds").Items()
	for _, t := range targets {
		code.AttachTarget(f, p, t)
	}
	if more != nil {
		code.AttachTarget(f, p, code.Unsure(more, nil))
	}
}
