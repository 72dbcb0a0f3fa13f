package terraform

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func iamMappings() []code.Mapping {
	return []code.Mapping{
		code.CountsPolicies(code.Makes("aws_iam_user", "name", "arn:{partition}:iam::{account}:user{path|/}{name}", user)),
		code.CountsPolicies(code.Makes("aws_iam_group", "name", "arn:{partition}:iam::{account}:group{path|/}{name}", group)),
		code.CountsPolicies(code.Makes("aws_iam_role", "name", "arn:{partition}:iam::{account}:role{path|/}{name}", role)),
		code.Makes("aws_iam_service_linked_role", "", "", serviceLinkedRole),
		code.Makes("aws_iam_policy", "name", "arn:{partition}:iam::{account}:policy{path|/}{name}", managedPolicy),
		code.Makes("aws_iam_instance_profile", "name", "arn:{partition}:iam::{account}:instance-profile{path|/}{name}", instanceProfile),
		code.Makes("aws_iam_server_certificate", "name", "arn:{partition}:iam::{account}:server-certificate{path|/}{name}", serverCertificate),
		code.Makes("aws_iam_saml_provider", "name", "arn:{partition}:iam::{account}:saml-provider/{name}", func(f *code.Form, p *aws.SAMLProvider) { f.Default(&p.Reserved) }),
		code.Makes("aws_iam_openid_connect_provider", "", "", oidcProvider),
		code.Makes("aws_iam_virtual_mfa_device", "virtual_mfa_device_name", "arn:{partition}:iam::{account}:mfa{path|/}{name}", func(*code.Form, *aws.VirtualMFADevice) {}),

		code.Joins("aws_iam_user_policy", "user", func(f *code.Form, u *aws.User) { code.Add(f, &u.InlinePolicies, inlinePolicy) }),
		code.Joins("aws_iam_group_policy", "group", func(f *code.Form, g *aws.Group) { code.Add(f, &g.InlinePolicies, inlinePolicy) }),
		code.Joins("aws_iam_role_policy", "role", func(f *code.Form, r *aws.Role) {
			f.Default(&r.ServiceLinked, &r.Reserved)
			code.Add(f, &r.InlinePolicies, inlinePolicy)
		}),
		attachesToUser("aws_iam_user_policy_attachment", "user", "policy_arn"),
		attachesToUser("aws_iam_user_policy_attachments_exclusive", "user_name", "policy_arns"),
		attachesToGroup("aws_iam_group_policy_attachment", "group", "policy_arn"),
		attachesToGroup("aws_iam_group_policy_attachments_exclusive", "group_name", "policy_arns"),
		attachesToRole("aws_iam_role_policy_attachment", "role", "policy_arn"),
		attachesToRole("aws_iam_role_policy_attachments_exclusive", "role_name", "policy_arns"),
		code.JoinsEach("aws_iam_policy_attachment", attachToAll),

		code.Joins("aws_iam_user_group_membership", "user", func(f *code.Form, u *aws.User) { f.Set(&u.Groups, "groups") }),
		code.JoinsEach("aws_iam_group_membership", func(f *code.Form) {
			code.ConfigureEach(f, f.Get("users"), func(f *code.Form, u *aws.User) { f.Set(&u.Groups, "group") })
		}),
		code.Joins("aws_iam_access_key", "user", func(f *code.Form, u *aws.User) { code.Add(f, &u.AccessKeys, accessKey) }),
		code.Joins("aws_iam_user_login_profile", "user", func(f *code.Form, u *aws.User) {
			f.Is(&u.PasswordEnabled, true)
			f.Set(&u.PasswordResetRequired, "password_reset_required")
		}),
		code.Joins("aws_iam_signing_certificate", "user_name", func(f *code.Form, u *aws.User) {
			code.Add(f, &u.SigningCertificates, func(f *code.Form, c *aws.SigningCertificate) { f.Put(&c.Active, active(f)) })
		}),

		code.JoinsEach("aws_iam_account_password_policy", func(f *code.Form) {
			code.ConfigureAccount(f, func(f *code.Form, a *aws.Account) { code.Make(f, &a.PasswordPolicy, f.Get(""), passwordPolicy) })
		}),
		code.JoinsEach("aws_iam_account_alias", func(f *code.Form) {
			code.ConfigureAccount(f, func(f *code.Form, a *aws.Account) { f.Set(&a.Aliases, "account_alias") })
		}),
		code.JoinsEach("aws_iam_organizations_features", func(f *code.Form) {
			code.ConfigureAccount(f, func(f *code.Form, a *aws.Account) {
				f.Is(&a.ManagesOrganization, true)
				f.Put(&a.RootCredentialsManagement, f.Get("enabled_features").Has("RootCredentialsManagement"))
				f.Put(&a.RootSessions, f.Get("enabled_features").Has("RootSessions"))
			})
		}),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user
func user(f *code.Form, u *aws.User) {
	f.Set(&u.Path, "path", "/")
	f.Set(&u.PermissionsBoundary, "permissions_boundary")
	f.Default(&u.Groups, &u.InlinePolicies, &u.AttachedPolicies, &u.PasswordEnabled, &u.PasswordResetRequired, &u.AccessKeys, &u.SigningCertificates)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_group
func group(f *code.Form, g *aws.Group) {
	f.Set(&g.Path, "path", "/")
	f.Default(&g.InlinePolicies, &g.AttachedPolicies)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
func role(f *code.Form, r *aws.Role) {
	f.Set(&r.Path, "path", "/")
	f.Set(&r.Description, "description")
	f.Set(&r.MaxSessionSeconds, "max_session_duration", 3600)
	f.Set(&r.TrustPolicy, "assume_role_policy")
	f.Set(&r.PermissionsBoundary, "permissions_boundary")
	f.Set(&r.AttachedPolicies, "managed_policy_arns")
	code.Each(f, &r.InlinePolicies, "inline_policy", inlinePolicy)
	f.Default(&r.ServiceLinked, &r.Reserved)
}

// serviceLinkedRole reads a role whose trust and policies AWS writes.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_service_linked_role
func serviceLinkedRole(f *code.Form, r *aws.Role) {
	f.Put(&r.Path, f.Get("aws_service_name").Map(func(service string) string { return "/aws-service-role/" + service + "/" }))
	f.Set(&r.Description, "description")
	f.Is(&r.ServiceLinked, true)
	f.Default(&r.InlinePolicies, &r.PermissionsBoundary, &r.Reserved)
}

// managedPolicy reads a policy. Who it is attached to is counted by them.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy
func managedPolicy(f *code.Form, p *aws.ManagedPolicy) {
	f.Set(&p.Path, "path", "/")
	f.Set(&p.Description, "description")
	f.Set(&p.Document, "policy")
	f.Default(&p.AWSManaged, &p.AttachmentCount)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_instance_profile
func instanceProfile(f *code.Form, p *aws.InstanceProfile) {
	f.Set(&p.Path, "path", "/")
	f.Put(&p.Role, f.First("role", "roles"))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_server_certificate
func serverCertificate(f *code.Form, c *aws.ServerCertificate) {
	f.Set(&c.Path, "path", "/")
	if cert := code.Certificate(f.Get("certificate_body")); cert != nil {
		f.Is(&c.ExpiresAt, cert.NotAfter)
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_openid_connect_provider
func oidcProvider(f *code.Form, p *aws.OIDCProvider) {
	f.Put(&p.URL, f.Get("url").Map(func(url string) string { return strings.TrimPrefix(url, "https://") }))
	f.Set(&p.ClientIDs, "client_id_list")
	f.Set(&p.Thumbprints, "thumbprint_list")
}

func inlinePolicy(f *code.Form, p *aws.InlinePolicy) {
	f.Set(&p.Name, "name")
	f.Set(&p.Document, "policy")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_access_key
func accessKey(f *code.Form, k *aws.AccessKey) { f.Put(&k.Active, active(f)) }

func active(f *code.Form) code.Value {
	return f.Get("status").Or(code.Text("Active", nil)).Is("Active")
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_account_password_policy
func passwordPolicy(f *code.Form, p *aws.PasswordPolicy) {
	f.Set(&p.MinimumLength, "minimum_password_length", 6)
	f.Set(&p.RequireLowercase, "require_lowercase_characters")
	f.Set(&p.RequireUppercase, "require_uppercase_characters")
	f.Set(&p.RequireNumbers, "require_numbers")
	f.Set(&p.RequireSymbols, "require_symbols")
	f.Set(&p.MaxAgeDays, "max_password_age")
	f.Set(&p.ReusePrevention, "password_reuse_prevention")
	f.Set(&p.HardExpiry, "hard_expiry")
	f.Set(&p.UsersMayChange, "allow_users_to_change_password", true)
}

func attachesToUser(typ, user, policies string) code.Mapping {
	return code.CountsPolicies(code.Joins(typ, user, func(f *code.Form, u *aws.User) { f.Set(&u.AttachedPolicies, policies) }))
}

func attachesToGroup(typ, group, policies string) code.Mapping {
	return code.CountsPolicies(code.Joins(typ, group, func(f *code.Form, g *aws.Group) { f.Set(&g.AttachedPolicies, policies) }))
}

func attachesToRole(typ, role, policies string) code.Mapping {
	return code.CountsPolicies(code.Joins(typ, role, func(f *code.Form, r *aws.Role) {
		f.Default(&r.ServiceLinked, &r.Reserved)
		f.Set(&r.AttachedPolicies, policies)
	}))
}

// attachToAll reads a policy's attachments to any number of users, groups and roles.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment
func attachToAll(f *code.Form) {
	code.ConfigureEach(f, f.Get("users"), func(f *code.Form, u *aws.User) { f.Set(&u.AttachedPolicies, "policy_arn") })
	code.ConfigureEach(f, f.Get("groups"), func(f *code.Form, g *aws.Group) { f.Set(&g.AttachedPolicies, "policy_arn") })
	code.ConfigureEach(f, f.Get("roles"), func(f *code.Form, r *aws.Role) {
		f.Default(&r.ServiceLinked, &r.Reserved)
		f.Set(&r.AttachedPolicies, "policy_arn")
	})
}
