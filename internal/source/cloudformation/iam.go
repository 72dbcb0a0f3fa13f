package cloudformation

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func iamMappings() []code.Mapping {
	return []code.Mapping{
		code.CountsPolicies(code.Makes("AWS::IAM::User", "UserName", "arn:{partition}:iam::{account}:user{Path|/}{name}", user)),
		code.CountsPolicies(code.Makes("AWS::IAM::Group", "GroupName", "arn:{partition}:iam::{account}:group{Path|/}{name}", group)),
		code.CountsPolicies(code.Makes("AWS::IAM::Role", "RoleName", "arn:{partition}:iam::{account}:role{Path|/}{name}", role)),
		code.Makes("AWS::IAM::ServiceLinkedRole", "", "", serviceLinkedRole),
		code.Makes("AWS::IAM::ManagedPolicy", "ManagedPolicyName", "arn:{partition}:iam::{account}:policy{Path|/}{name}", iamPolicy),
		code.Makes("AWS::IAM::InstanceProfile", "InstanceProfileName", "arn:{partition}:iam::{account}:instance-profile{Path|/}{name}", instanceProfile),
		code.Makes("AWS::IAM::ServerCertificate", "ServerCertificateName", "arn:{partition}:iam::{account}:server-certificate{Path|/}{name}", serverCertificate),
		code.Makes("AWS::IAM::SAMLProvider", "Name", "arn:{partition}:iam::{account}:saml-provider/{name}", func(f *code.Form, p *aws.SAMLProvider) { f.Default(&p.Reserved) }),
		code.Makes("AWS::IAM::OIDCProvider", "", "", oidcProvider),
		code.Makes("AWS::IAM::VirtualMFADevice", "VirtualMfaDeviceName", "arn:{partition}:iam::{account}:mfa{Path|/}{name}", func(f *code.Form, d *aws.VirtualMFADevice) {
			f.Set(&d.User, "Users")
		}),

		code.JoinsEach("AWS::IAM::Policy", func(f *code.Form) {
			code.ConfigureEach(f, f.Get("Users"), func(f *code.Form, u *aws.User) { code.Add(f, &u.InlinePolicies, iamInline) })
			code.ConfigureEach(f, f.Get("Groups"), func(f *code.Form, g *aws.Group) { code.Add(f, &g.InlinePolicies, iamInline) })
			code.ConfigureEach(f, f.Get("Roles"), iamRoleInline)
		}),
		code.Joins("AWS::IAM::UserPolicy", "UserName", func(f *code.Form, u *aws.User) { code.Add(f, &u.InlinePolicies, iamInline) }),
		code.Joins("AWS::IAM::GroupPolicy", "GroupName", func(f *code.Form, g *aws.Group) { code.Add(f, &g.InlinePolicies, iamInline) }),
		code.Joins("AWS::IAM::RolePolicy", "RoleName", iamRoleInline),
		code.JoinsEach("AWS::IAM::UserToGroupAddition", func(f *code.Form) {
			code.ConfigureEach(f, f.Get("Users"), func(f *code.Form, u *aws.User) { f.Set(&u.Groups, "GroupName") })
		}),
		code.Joins("AWS::IAM::AccessKey", "UserName", func(f *code.Form, u *aws.User) {
			code.Add(f, &u.AccessKeys, func(f *code.Form, k *aws.AccessKey) {
				f.Put(&k.Active, f.Get("Status").Or(code.Text("Active", nil)).Is("Active"))
			})
		}),
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html
func user(f *code.Form, u *aws.User) {
	f.Set(&u.Path, "Path", "/")
	f.Set(&u.Groups, "Groups")
	f.Set(&u.PermissionsBoundary, "PermissionsBoundary")
	f.Set(&u.AttachedPolicies, "ManagedPolicyArns")
	code.Each(f, &u.InlinePolicies, "Policies", iamInline)
	f.Put(&u.PasswordEnabled, f.Get("LoginProfile").Present())
	f.Set(&u.PasswordResetRequired, "LoginProfile.PasswordResetRequired")
	f.Default(&u.AccessKeys, &u.SigningCertificates)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html
func group(f *code.Form, g *aws.Group) {
	f.Set(&g.Path, "Path", "/")
	f.Set(&g.AttachedPolicies, "ManagedPolicyArns")
	code.Each(f, &g.InlinePolicies, "Policies", iamInline)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
func role(f *code.Form, r *aws.Role) {
	f.Set(&r.Path, "Path", "/")
	f.Set(&r.Description, "Description")
	f.Set(&r.MaxSessionSeconds, "MaxSessionDuration", 3600)
	f.Set(&r.TrustPolicy, "AssumeRolePolicyDocument")
	f.Set(&r.PermissionsBoundary, "PermissionsBoundary")
	f.Set(&r.AttachedPolicies, "ManagedPolicyArns")
	code.Each(f, &r.InlinePolicies, "Policies", iamInline)
	f.Default(&r.ServiceLinked, &r.Reserved)
}

// serviceLinkedRole reads a role whose trust and policies AWS writes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-servicelinkedrole.html
func serviceLinkedRole(f *code.Form, r *aws.Role) {
	f.Put(&r.Path, f.Get("AWSServiceName").Map(func(service string) string { return "/aws-service-role/" + service + "/" }))
	f.Set(&r.Description, "Description")
	f.Is(&r.ServiceLinked, true)
	f.Default(&r.InlinePolicies, &r.PermissionsBoundary, &r.Reserved)
}

// iamPolicy reads a policy, and attaches it to those it names. All who hold
// it are counted by them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
func iamPolicy(f *code.Form, p *aws.ManagedPolicy) {
	f.Set(&p.Path, "Path", "/")
	f.Set(&p.Description, "Description")
	f.Set(&p.Document, "PolicyDocument")
	f.Default(&p.AWSManaged, &p.AttachmentCount)
	code.ConfigureEach(f, f.Get("Users"), func(f *code.Form, u *aws.User) { f.Put(&u.AttachedPolicies, f.Self()) })
	code.ConfigureEach(f, f.Get("Groups"), func(f *code.Form, g *aws.Group) { f.Put(&g.AttachedPolicies, f.Self()) })
	code.ConfigureEach(f, f.Get("Roles"), func(f *code.Form, r *aws.Role) { f.Put(&r.AttachedPolicies, f.Self()) })
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html
func instanceProfile(f *code.Form, p *aws.InstanceProfile) {
	f.Set(&p.Path, "Path", "/")
	f.Set(&p.Role, "Roles")
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-servercertificate.html
func serverCertificate(f *code.Form, c *aws.ServerCertificate) {
	f.Set(&c.Path, "Path", "/")
	if cert := code.Certificate(f.Get("CertificateBody")); cert != nil {
		f.Is(&c.ExpiresAt, cert.NotAfter)
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html
func oidcProvider(f *code.Form, p *aws.OIDCProvider) {
	f.Put(&p.URL, f.Get("Url").Map(func(url string) string { return strings.TrimPrefix(url, "https://") }))
	f.Set(&p.ClientIDs, "ClientIdList")
	f.Set(&p.Thumbprints, "ThumbprintList")
}

func iamInline(f *code.Form, p *aws.InlinePolicy) {
	f.Set(&p.Name, "PolicyName")
	f.Set(&p.Document, "PolicyDocument")
}

func iamRoleInline(f *code.Form, r *aws.Role) {
	f.Default(&r.ServiceLinked, &r.Reserved)
	code.Add(f, &r.InlinePolicies, iamInline)
}
