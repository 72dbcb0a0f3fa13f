package awsapi

import (
	"context"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func iamService() *service {
	fields := []string{"password_policy", "aliases", "root", "root_credentials_management", "root_sessions"}
	return &service{name: "iam", global: true, fields: fields, read: readIAM, kinds: []cloud.Kind{
		kindOf[aws.User](), kindOf[aws.Group](), kindOf[aws.Role](), kindOf[aws.ManagedPolicy](), kindOf[aws.InstanceProfile](),
		kindOf[aws.ServerCertificate](), kindOf[aws.SAMLProvider](), kindOf[aws.OIDCProvider](), kindOf[aws.VirtualMFADevice](),
	}}
}

// readIAM asks for everything at once where AWS offers that; only what belongs
// to a user's credentials is asked for user by user.
func readIAM(s *scope) {
	c := iam.NewFromConfig(s.cfg)
	report := startCredentialReport(s, c)
	readAccountIAM(s, c)
	readProviders(s, c)
	readInstanceProfiles(s, c)
	readServerCertificates(s, c)
	devices := readVirtualMFADevices(s, c)
	details := readAuthorizationDetails(s, c)
	found := report.wait(s)
	readRootUser(s, c, devices, found)
	readGroups(s, details.groups)
	readRoles(s, c, details.roles)
	readManagedPolicies(s, c, details)
	readUsers(s, c, details, found)
}

// readAccountIAM reads what is set once for the account.
func readAccountIAM(s *scope, c *iam.Client) {
	a := s.resource
	fill(s, a, []string{"password_policy"}, c.GetAccountPasswordPolicy, &iam.GetAccountPasswordPolicyInput{}, func(out *iam.GetAccountPasswordPolicyOutput) {
		a.PasswordPolicy = passwordPolicy(out.PasswordPolicy)
	}, "NoSuchEntity", "NoSuchEntityException")
	fill(s, a, []string{"aliases"}, c.ListAccountAliases, &iam.ListAccountAliasesInput{}, func(out *iam.ListAccountAliasesOutput) {
		a.Aliases = out.AccountAliases
	})
	fill(s, a, []string{"root_credentials_management", "root_sessions"}, c.ListOrganizationsFeatures, &iam.ListOrganizationsFeaturesInput{}, func(out *iam.ListOrganizationsFeaturesOutput) {
		a.RootCredentialsManagement = slices.Contains(out.EnabledFeatures, types.FeatureTypeRootCredentialsManagement)
		a.RootSessions = slices.Contains(out.EnabledFeatures, types.FeatureTypeRootSessions)
	}, "OrganizationNotFoundException", "AccountNotManagementOrDelegatedAdministratorException", "ServiceAccessNotEnabledException", "OrganizationNotInAllFeaturesModeException")
}

func passwordPolicy(p *types.PasswordPolicy) *aws.PasswordPolicy {
	out := &aws.PasswordPolicy{
		MinimumLength:    6,
		RequireLowercase: p.RequireLowercaseCharacters,
		RequireUppercase: p.RequireUppercaseCharacters,
		RequireNumbers:   p.RequireNumbers,
		RequireSymbols:   p.RequireSymbols,
		MaxAgeDays:       int(awssdk.ToInt32(p.MaxPasswordAge)),
		ReusePrevention:  int(awssdk.ToInt32(p.PasswordReusePrevention)),
		HardExpiry:       awssdk.ToBool(p.HardExpiry),
		UsersMayChange:   p.AllowUsersToChangePassword,
	}
	if p.MinimumPasswordLength != nil {
		out.MinimumLength = int(*p.MinimumPasswordLength)
	}
	return out
}

func readProviders(s *scope, c *iam.Client) {
	saml := kindOf[aws.SAMLProvider]()
	get(s, c.ListSAMLProviders, &iam.ListSAMLProvidersInput{}, func(out *iam.ListSAMLProvidersOutput) {
		items(s, saml, out.SAMLProviderList, func(in types.SAMLProviderListEntry) { readSAMLProvider(s, c, in) })
	}, saml)
	oidc := kindOf[aws.OIDCProvider]()
	get(s, c.ListOpenIDConnectProviders, &iam.ListOpenIDConnectProvidersInput{}, func(out *iam.ListOpenIDConnectProvidersOutput) {
		items(s, oidc, out.OpenIDConnectProviderList, func(in types.OpenIDConnectProviderListEntry) { readOIDCProvider(s, c, in) })
	}, oidc)
}

func readSAMLProvider(s *scope, c *iam.Client, in types.SAMLProviderListEntry) {
	arn := *in.Arn
	p := &aws.SAMLProvider{Base: s.base(cloud.Ref(arn), afterSlash(arn))}
	defer s.add(p)
	p.Reserved = strings.HasPrefix(p.Name, "AWSSSO_")
	p.CreatedAt = awssdk.ToTime(in.CreateDate)
	p.ValidUntil = need(p, "valid_until", in.ValidUntil)
	fill(s, p, []string{"tags"}, c.GetSAMLProvider, &iam.GetSAMLProviderInput{SAMLProviderArn: &arn}, func(out *iam.GetSAMLProviderOutput) {
		p.Tags = iamTags(out.Tags)
	})
}

func readOIDCProvider(s *scope, c *iam.Client, in types.OpenIDConnectProviderListEntry) {
	arn := *in.Arn
	p := &aws.OIDCProvider{Base: s.base(cloud.Ref(arn), strings.TrimPrefix(arn, string(s.arn("iam", "oidc-provider/"))))}
	defer s.add(p)
	fill(s, p, []string{"url", "client_ids", "thumbprints", "created_at", "tags"}, c.GetOpenIDConnectProvider, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &arn}, func(out *iam.GetOpenIDConnectProviderOutput) {
		p.URL = strings.TrimPrefix(need(p, "url", out.Url), "https://")
		p.ClientIDs, p.Thumbprints = out.ClientIDList, out.ThumbprintList
		p.CreatedAt = awssdk.ToTime(out.CreateDate)
		p.Tags = iamTags(out.Tags)
	})
}

func readInstanceProfiles(s *scope, c *iam.Client) {
	kind := kindOf[aws.InstanceProfile]()
	list(s, iam.NewListInstanceProfilesPaginator(c, &iam.ListInstanceProfilesInput{MaxItems: awssdk.Int32(1000)}), func(out *iam.ListInstanceProfilesOutput) {
		items(s, kind, out.InstanceProfiles, func(in types.InstanceProfile) { readInstanceProfile(s, in) })
	}, kind)
}

func readInstanceProfile(s *scope, in types.InstanceProfile) {
	p := &aws.InstanceProfile{Base: s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.InstanceProfileName))}
	defer s.add(p)
	p.InstanceProfileID, p.Path = awssdk.ToString(in.InstanceProfileId), awssdk.ToString(in.Path)
	p.CreatedAt = awssdk.ToTime(in.CreateDate)
	for _, r := range in.Roles {
		p.Role = cloud.LinkTo[aws.Role](cloud.Ref(awssdk.ToString(r.Arn)))
	}
	p.Tags = iamTags(in.Tags)
	if len(in.Tags) == 0 {
		p.SetGap(tagsNotListed("iam:ListInstanceProfileTags"), "tags")
	}
}

// tagsNotListed is the gap on the tags of what nobody tags: the listing leaves
// them out, and a call for each would cost more than they tell.
func tagsNotListed(operation string) *cloud.Gap {
	return &cloud.Gap{Reason: cloud.NotRead, Operation: operation, Message: "the listing leaves tags out"}
}

func readServerCertificates(s *scope, c *iam.Client) {
	kind := kindOf[aws.ServerCertificate]()
	list(s, iam.NewListServerCertificatesPaginator(c, &iam.ListServerCertificatesInput{}), func(out *iam.ListServerCertificatesOutput) {
		items(s, kind, out.ServerCertificateMetadataList, func(in types.ServerCertificateMetadata) {
			cert := &aws.ServerCertificate{Base: s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.ServerCertificateName))}
			defer s.add(cert)
			cert.CertificateID, cert.Path = awssdk.ToString(in.ServerCertificateId), awssdk.ToString(in.Path)
			cert.UploadedAt = awssdk.ToTime(in.UploadDate)
			cert.ExpiresAt = need(cert, "expires_at", in.Expiration)
			cert.SetGap(tagsNotListed("iam:ListServerCertificateTags"), "tags")
		})
	}, kind)
}

// virtualMFADevices are the authenticator apps of the account, or why they
// are not known.
type virtualMFADevices struct {
	root bool
	gap  *cloud.Gap
}

func readVirtualMFADevices(s *scope, c *iam.Client) virtualMFADevices {
	var found virtualMFADevices
	kind := kindOf[aws.VirtualMFADevice]()
	found.gap = list(s, iam.NewListVirtualMFADevicesPaginator(c, &iam.ListVirtualMFADevicesInput{}), func(out *iam.ListVirtualMFADevicesOutput) {
		items(s, kind, out.VirtualMFADevices, func(in types.VirtualMFADevice) {
			serial := *in.SerialNumber
			d := &aws.VirtualMFADevice{Base: s.base(cloud.Ref(serial), afterSlash(serial)), EnabledAt: awssdk.ToTime(in.EnableDate)}
			defer s.add(d)
			if in.User != nil && in.User.Arn != nil {
				owner := cloud.Ref(awssdk.ToString(in.User.Arn))
				if d.Root = owner == s.resource.Ref || strings.HasSuffix(serial, ":mfa/root-account-mfa-device"); !d.Root {
					d.User = cloud.LinkTo[aws.User](owner)
				}
			}
			found.root = found.root || d.Root
			d.SetGap(tagsNotListed("iam:ListMFADeviceTags"), "tags")
		})
	}, kind)
	return found
}

// readRootUser joins what the account summary, the credential report and the
// list of virtual MFA devices say of the root user. Any of them may be missing.
func readRootUser(s *scope, c *iam.Client, devices virtualMFADevices, report *credentialReport) {
	info := &callInfo{}
	summary := map[string]int32{}
	out, gap := answer(s, info, func(ctx context.Context) (*iam.GetAccountSummaryOutput, error) {
		return c.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
	})
	if gap == nil {
		summary = out.SummaryMap
	}
	root := rootUser(summary, gap, report.row(string(s.resource.Ref), "<root_account>"))
	if root.VirtualMFA = devices.root; !devices.root {
		root.SetGap(devices.gap, "virtual_mfa")
	}
	defer s.lock(s.resource)()
	s.recordOrigin(s.resource.Kind(), info, "root")
	s.resource.Root = root
	s.asked(s.resource, "root")
}

func rootUser(summary map[string]int32, gap *cloud.Gap, row credentialRow) *aws.RootUser {
	if gap == nil && len(summary) == 0 {
		gap = &cloud.Gap{Reason: cloud.Missing, Operation: "iam:GetAccountSummary", Permission: "iam:GetAccountSummary", Message: "the reply lacks it"}
	}
	root := &aws.RootUser{}
	fact := func(field, key string, reported *bool) bool {
		if v, ok := summary[key]; ok {
			return v > 0
		}
		if reported != nil {
			return *reported
		}
		root.SetGap(gapOr(gap, row.gap), field)
		return false
	}
	root.MFAEnabled = fact("mfa_enabled", "AccountMFAEnabled", row.bool("mfa_active"))
	root.AccessKeys = fact("access_keys", "AccountAccessKeysPresent", row.either(row.exists("access_key_1"), row.exists("access_key_2")))
	root.SigningCertificates = fact("signing_certificates", "AccountSigningCertificatesPresent", row.either(row.exists("cert_1"), row.exists("cert_2")))
	root.PasswordEnabled = true
	reported := row.bool("password_enabled")
	switch present, ok := summary["AccountPasswordPresent"]; {
	case ok:
		root.PasswordEnabled = present > 0
	case reported != nil:
		root.PasswordEnabled = *reported
	case gap != nil && row.gap != nil:
		root.SetGap(gap, "password_enabled")
	}
	if row.gap != nil {
		root.SetGap(row.gap, "last_used", "password_last_used", "password_last_changed")
		return root
	}
	root.PasswordLastUsed = row.time("password_last_used")
	root.PasswordLastChanged = row.time("password_last_changed")
	for _, at := range []string{"password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date"} {
		if t := row.time(at); t.After(root.LastUsed) {
			root.LastUsed = t
		}
	}
	return root
}

// gapOr returns the first gap, which is the one that better rights would close.
func gapOr(gaps ...*cloud.Gap) *cloud.Gap {
	for _, g := range gaps {
		if g != nil {
			return g
		}
	}
	return &cloud.Gap{Reason: cloud.Missing, Message: "no reply says it"}
}

// authorizationDetails is the reply of iam:GetAccountAuthorizationDetails.
type authorizationDetails struct {
	users    []types.UserDetail
	groups   []types.GroupDetail
	roles    []types.RoleDetail
	policies []types.ManagedPolicyDetail
}

func readAuthorizationDetails(s *scope, c *iam.Client) authorizationDetails {
	var d authorizationDetails
	list(s, iam.NewGetAccountAuthorizationDetailsPaginator(c, &iam.GetAccountAuthorizationDetailsInput{MaxItems: awssdk.Int32(1000)}), func(out *iam.GetAccountAuthorizationDetailsOutput) {
		d.users = append(d.users, out.UserDetailList...)
		d.groups = append(d.groups, out.GroupDetailList...)
		d.roles = append(d.roles, out.RoleDetailList...)
		for _, p := range out.Policies {
			// An emulator sends all of AWS's own policies: of those only the
			// used ones are worth their memory.
			if !awsManaged(awssdk.ToString(p.Arn)) || awssdk.ToInt32(p.AttachmentCount) > 0 || awssdk.ToInt32(p.PermissionsBoundaryUsageCount) > 0 {
				d.policies = append(d.policies, p)
			}
		}
	}, kindOf[aws.User](), kindOf[aws.Group](), kindOf[aws.Role](), kindOf[aws.ManagedPolicy]())
	return d
}

func awsManaged(arn string) bool { return strings.Contains(arn, ":iam::aws:") }

func readGroups(s *scope, groups []types.GroupDetail) {
	items(s, kindOf[aws.Group](), groups, func(in types.GroupDetail) {
		g := &aws.Group{Base: s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.GroupName))}
		defer s.add(g)
		g.GroupID, g.Path = awssdk.ToString(in.GroupId), awssdk.ToString(in.Path)
		g.CreatedAt = awssdk.ToTime(in.CreateDate)
		g.InlinePolicies = inlinePolicies(in.GroupPolicyList)
		g.AttachedPolicies = attachedPolicies(in.AttachedManagedPolicies)
	})
}

func inlinePolicies(in []types.PolicyDetail) []*aws.InlinePolicy {
	var out []*aws.InlinePolicy
	for _, p := range in {
		policy := &aws.InlinePolicy{Name: awssdk.ToString(p.PolicyName)}
		policy.Document = parsePolicy(policy, "document", p.PolicyDocument)
		out = append(out, policy)
	}
	return out
}

func attachedPolicies(in []types.AttachedPolicy) []cloud.Link[aws.ManagedPolicy] {
	var out []cloud.Link[aws.ManagedPolicy]
	for _, p := range in {
		out = append(out, cloud.LinkTo[aws.ManagedPolicy](cloud.Ref(awssdk.ToString(p.PolicyArn))))
	}
	return out
}

func boundary(in *types.AttachedPermissionsBoundary) cloud.Link[aws.ManagedPolicy] {
	if in == nil {
		return cloud.Link[aws.ManagedPolicy]{}
	}
	return cloud.LinkTo[aws.ManagedPolicy](cloud.Ref(awssdk.ToString(in.PermissionsBoundaryArn)))
}

// readRoles needs the plain listing too: the details lack the session length
// and the description.
func readRoles(s *scope, c *iam.Client, details []types.RoleDetail) {
	if len(details) == 0 {
		return
	}
	listed := map[string]types.Role{}
	gap := list(s, iam.NewListRolesPaginator(c, &iam.ListRolesInput{MaxItems: awssdk.Int32(1000)}), func(out *iam.ListRolesOutput) {
		for _, r := range out.Roles {
			listed[awssdk.ToString(r.Arn)] = r
		}
	})
	items(s, kindOf[aws.Role](), details, func(in types.RoleDetail) {
		r := &aws.Role{Base: s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.RoleName))}
		defer s.add(r)
		r.RoleID, r.Path = awssdk.ToString(in.RoleId), awssdk.ToString(in.Path)
		r.ServiceLinked = strings.HasPrefix(r.Path, "/aws-service-role/")
		r.Reserved = strings.HasPrefix(r.Path, "/aws-reserved/")
		r.CreatedAt = awssdk.ToTime(in.CreateDate)
		r.Tags = iamTags(in.Tags)
		if need(r, "trust_policy", in.AssumeRolePolicyDocument) != "" {
			r.TrustPolicy = parsePolicy(r, "trust_policy", in.AssumeRolePolicyDocument)
		}
		r.InlinePolicies = inlinePolicies(in.RolePolicyList)
		r.AttachedPolicies = attachedPolicies(in.AttachedManagedPolicies)
		r.PermissionsBoundary = boundary(in.PermissionsBoundary)
		if used := in.RoleLastUsed; used != nil {
			r.LastUsed, r.LastUsedRegion = awssdk.ToTime(used.LastUsedDate), awssdk.ToString(used.Region)
		}
		if other, ok := listed[*in.Arn]; ok {
			r.Description = awssdk.ToString(other.Description)
			r.MaxSessionSeconds = int(need(r, "max_session_seconds", other.MaxSessionDuration))
		} else {
			r.SetGap(gapOr(gap), "description", "max_session_seconds")
		}
	})
}

func readManagedPolicies(s *scope, c *iam.Client, details authorizationDetails) {
	each(s, kindOf[aws.ManagedPolicy](), details.policies, func(in types.ManagedPolicyDetail) {
		p := &aws.ManagedPolicy{Base: s.base(cloud.Ref(*in.Arn), orElse(awssdk.ToString(in.PolicyName), afterSlash(*in.Arn)))}
		defer s.add(p)
		p.PolicyID, p.Path, p.Description = need(p, "policy_id", in.PolicyId), awssdk.ToString(in.Path), awssdk.ToString(in.Description)
		p.AWSManaged = awsManaged(*in.Arn)
		p.CreatedAt, p.UpdatedAt = awssdk.ToTime(in.CreateDate), awssdk.ToTime(in.UpdateDate)
		p.AttachmentCount = int(need(p, "attachment_count", in.AttachmentCount))
		p.BoundaryCount = int(awssdk.ToInt32(in.PermissionsBoundaryUsageCount))
		p.DefaultVersion = need(p, "default_version", in.DefaultVersionId)
		setVersions(p, in.PolicyVersionList)
		if p.AWSManaged {
			return
		}
		fill(s, p, []string{"tags"}, c.ListPolicyTags, &iam.ListPolicyTagsInput{PolicyArn: in.Arn}, func(out *iam.ListPolicyTagsOutput) {
			p.Tags = iamTags(out.Tags)
		})
	})
}

func setVersions(p *aws.ManagedPolicy, versions []types.PolicyVersion) {
	found := false
	for _, v := range versions {
		id := awssdk.ToString(v.VersionId)
		if v.IsDefaultVersion || id == p.DefaultVersion {
			p.Document, found = parsePolicy(p, "document", v.Document), v.Document != nil
			continue
		}
		old := &aws.PolicyVersion{ID: id, CreatedAt: awssdk.ToTime(v.CreateDate)}
		old.Document = parsePolicy(old, "document", v.Document)
		p.OtherVersions = append(p.OtherVersions, old)
	}
	if !found {
		p.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "iam:GetAccountAuthorizationDetails", Message: "the reply lacks the version in force"}, "document")
	}
}

func readUsers(s *scope, c *iam.Client, details authorizationDetails, report *credentialReport) {
	if len(details.users) == 0 {
		return
	}
	groups := map[string]cloud.Ref{}
	for _, g := range details.groups {
		groups[awssdk.ToString(g.GroupName)] = cloud.Ref(awssdk.ToString(g.Arn))
	}
	listed := map[string]types.User{}
	list(s, iam.NewListUsersPaginator(c, &iam.ListUsersInput{MaxItems: awssdk.Int32(1000)}), func(out *iam.ListUsersOutput) {
		for _, u := range out.Users {
			listed[awssdk.ToString(u.Arn)] = u
		}
	})
	each(s, kindOf[aws.User](), details.users, func(in types.UserDetail) {
		u := &aws.User{Base: s.base(cloud.Ref(*in.Arn), awssdk.ToString(in.UserName))}
		defer s.add(u)
		u.UserID, u.Path = awssdk.ToString(in.UserId), awssdk.ToString(in.Path)
		u.CreatedAt = need(u, "created_at", in.CreateDate)
		u.Tags = iamTags(in.Tags)
		for _, name := range in.GroupList {
			group := groups[name]
			if group == "" {
				group = s.arn("iam", "group/"+name)
			}
			u.Groups = append(u.Groups, cloud.LinkTo[aws.Group](group))
		}
		u.InlinePolicies = inlinePolicies(in.UserPolicyList)
		u.AttachedPolicies = attachedPolicies(in.AttachedManagedPolicies)
		u.PermissionsBoundary = boundary(in.PermissionsBoundary)
		readUserCredentials(s, c, u, listed, report.row(string(u.Ref), u.Name))
	})
}

func iamTags(in []types.Tag) map[string]string {
	return tagMap(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// afterSlash returns what follows the last slash: the name in most IAM ARNs.
func afterSlash(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }
