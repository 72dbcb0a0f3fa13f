package pour

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func pourOrganization(p *pourer) {
	client := organizations.NewFromConfig(p.config(p.described.Source.Accounts[0], ""))
	roots, err := client.ListRoots(p.ctx, &organizations.ListRootsInput{})
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	units := map[cloud.Ref]*string{}
	each(p, func(_ awssdk.Config, u *aws.OrganizationalUnit) error {
		if u.Root {
			units[u.Ref] = roots.Roots[0].Id
		}
		return nil
	})
	each(p, func(_ awssdk.Config, u *aws.OrganizationalUnit) error {
		if u.Root {
			return nil
		}
		out, err := client.CreateOrganizationalUnit(p.ctx, &organizations.CreateOrganizationalUnitInput{Name: &u.Name, ParentId: units[u.Parent.To]})
		if err != nil {
			return err
		}
		units[u.Ref] = out.OrganizationalUnit.Id
		return nil
	})
	each(p, func(_ awssdk.Config, m *aws.MemberAccount) error {
		if m.Management {
			return nil
		}
		_, err := client.MoveAccount(p.ctx, &organizations.MoveAccountInput{AccountId: p.arn(cloud.Ref(m.ID)), SourceParentId: roots.Roots[0].Id, DestinationParentId: units[m.Parent.To]})
		return err
	})
	each(p, func(_ awssdk.Config, o *aws.OrganizationPolicy) error {
		if _, err := client.EnablePolicyType(p.ctx, &organizations.EnablePolicyTypeInput{RootId: roots.Roots[0].Id, PolicyType: orgtypes.PolicyType(o.Type)}); err != nil {
			return err
		}
		out, err := client.CreatePolicy(p.ctx, &organizations.CreatePolicyInput{Name: &o.Name, Description: &o.Description, Type: orgtypes.PolicyType(o.Type), Content: p.document(o.Document)})
		if err != nil {
			return err
		}
		for _, u := range o.Units {
			if _, err := client.AttachPolicy(p.ctx, &organizations.AttachPolicyInput{PolicyId: out.Policy.PolicySummary.Id, TargetId: units[u.To]}); err != nil {
				return err
			}
		}
		return nil
	})
}

func pourAccounts(p *pourer) {
	each(p, func(cfg awssdk.Config, a *aws.Account) error {
		id := string(p.accounts[a.Account])
		if b := a.S3PublicAccessBlock; b.BlockPublicPolicy {
			if _, err := s3control.NewFromConfig(cfg).PutPublicAccessBlock(p.ctx, &s3control.PutPublicAccessBlockInput{AccountId: &id, PublicAccessBlockConfiguration: &controltypes.PublicAccessBlockConfiguration{
				BlockPublicAcls: &b.BlockPublicACLs, IgnorePublicAcls: &b.IgnorePublicACLs, BlockPublicPolicy: &b.BlockPublicPolicy, RestrictPublicBuckets: &b.RestrictPublicBuckets,
			}}); err != nil {
				return err
			}
		}
		for _, c := range a.AlternateContacts {
			if _, err := account.NewFromConfig(cfg).PutAlternateContact(p.ctx, &account.PutAlternateContactInput{
				AlternateContactType: accounttypes.AlternateContactType(c.Type), EmailAddress: awssdk.String("security@tern.example"),
				Name: awssdk.String("Security"), PhoneNumber: awssdk.String("+353 1"), Title: awssdk.String("Security"),
			}); err != nil {
				return err
			}
		}
		w := a.PasswordPolicy
		if w == nil {
			return nil
		}
		_, err := iam.NewFromConfig(cfg).UpdateAccountPasswordPolicy(p.ctx, &iam.UpdateAccountPasswordPolicyInput{
			MinimumPasswordLength: awssdk.Int32(int32(w.MinimumLength)), RequireLowercaseCharacters: w.RequireLowercase, RequireUppercaseCharacters: w.RequireUppercase,
			RequireNumbers: w.RequireNumbers, RequireSymbols: w.RequireSymbols, MaxPasswordAge: awssdk.Int32(int32(w.MaxAgeDays)),
			PasswordReusePrevention: awssdk.Int32(int32(w.ReusePrevention)), AllowUsersToChangePassword: w.UsersMayChange,
		})
		return err
	})
	each(p, func(cfg awssdk.Config, r *aws.RegionSettings) error {
		if !r.EBSEncryptionByDefault {
			return nil
		}
		_, err := ec2.NewFromConfig(cfg).EnableEbsEncryptionByDefault(p.ctx, &ec2.EnableEbsEncryptionByDefaultInput{})
		return err
	})
}

// pourIdentities pours policies first, then who carries them.
func pourIdentities(p *pourer) {
	each(p, func(cfg awssdk.Config, m *aws.ManagedPolicy) error {
		if m.AWSManaged {
			return nil
		}
		_, err := iam.NewFromConfig(cfg).CreatePolicy(p.ctx, &iam.CreatePolicyInput{PolicyName: &m.Name, PolicyDocument: p.document(m.Document)})
		return err
	})
	each(p, func(cfg awssdk.Config, s *aws.SAMLProvider) error {
		_, err := iam.NewFromConfig(cfg).CreateSAMLProvider(p.ctx, &iam.CreateSAMLProviderInput{Name: &s.Name, SAMLMetadataDocument: samlMetadata()})
		return err
	})
	each(p, func(cfg awssdk.Config, o *aws.OIDCProvider) error {
		_, err := iam.NewFromConfig(cfg).CreateOpenIDConnectProvider(p.ctx, &iam.CreateOpenIDConnectProviderInput{Url: awssdk.String("https://" + o.URL), ClientIDList: o.ClientIDs, ThumbprintList: o.Thumbprints})
		return err
	})
	each(p, func(cfg awssdk.Config, g *aws.Group) error {
		c := iam.NewFromConfig(cfg)
		if _, err := c.CreateGroup(p.ctx, &iam.CreateGroupInput{GroupName: &g.Name}); err != nil {
			return err
		}
		for _, l := range g.AttachedPolicies {
			if _, err := c.AttachGroupPolicy(p.ctx, &iam.AttachGroupPolicyInput{GroupName: &g.Name, PolicyArn: p.arn(l.To)}); err != nil {
				return err
			}
		}
		return nil
	})
	each(p, p.user)
	each(p, p.role)
	each(p, func(cfg awssdk.Config, i *aws.InstanceProfile) error {
		c := iam.NewFromConfig(cfg)
		if _, err := c.CreateInstanceProfile(p.ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: &i.Name}); err != nil {
			return err
		}
		_, err := c.AddRoleToInstanceProfile(p.ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &i.Name, RoleName: awssdk.String(p.id(i.Role.To))})
		return err
	})
}

// samlMetadata is long enough for IAM and says nothing.
func samlMetadata() *string {
	return awssdk.String(`<EntityDescriptor entityID="tern">` + strings.Repeat("x", 1024) + `</EntityDescriptor>`)
}

func (p *pourer) user(cfg awssdk.Config, u *aws.User) error {
	c := iam.NewFromConfig(cfg)
	if _, err := c.CreateUser(p.ctx, &iam.CreateUserInput{UserName: &u.Name}); err != nil {
		return err
	}
	if u.PasswordEnabled {
		if _, err := c.CreateLoginProfile(p.ctx, &iam.CreateLoginProfileInput{UserName: &u.Name, Password: awssdk.String("Correct-Horse-9-Staple")}); err != nil {
			return err
		}
	}
	for range u.MFADevices {
		device, err := c.CreateVirtualMFADevice(p.ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: &u.Name})
		if err != nil {
			return err
		}
		if _, err := c.EnableMFADevice(p.ctx, &iam.EnableMFADeviceInput{UserName: &u.Name, SerialNumber: device.VirtualMFADevice.SerialNumber, AuthenticationCode1: awssdk.String("123456"), AuthenticationCode2: awssdk.String("654321")}); err != nil {
			return err
		}
	}
	for range u.AccessKeys {
		if _, err := c.CreateAccessKey(p.ctx, &iam.CreateAccessKeyInput{UserName: &u.Name}); err != nil {
			return err
		}
	}
	for _, l := range u.Groups {
		if _, err := c.AddUserToGroup(p.ctx, &iam.AddUserToGroupInput{UserName: &u.Name, GroupName: awssdk.String(p.id(l.To))}); err != nil {
			return err
		}
	}
	for _, l := range u.AttachedPolicies {
		if _, err := c.AttachUserPolicy(p.ctx, &iam.AttachUserPolicyInput{UserName: &u.Name, PolicyArn: p.arn(l.To)}); err != nil {
			return err
		}
	}
	for _, i := range u.InlinePolicies {
		if _, err := c.PutUserPolicy(p.ctx, &iam.PutUserPolicyInput{UserName: &u.Name, PolicyName: &i.Name, PolicyDocument: p.document(i.Document)}); err != nil {
			return err
		}
	}
	return nil
}

func (p *pourer) role(cfg awssdk.Config, r *aws.Role) error {
	c := iam.NewFromConfig(cfg)
	if _, err := c.CreateRole(p.ctx, &iam.CreateRoleInput{RoleName: &r.Name, AssumeRolePolicyDocument: p.document(r.TrustPolicy)}); err != nil {
		return err
	}
	for _, l := range r.AttachedPolicies {
		if _, err := c.AttachRolePolicy(p.ctx, &iam.AttachRolePolicyInput{RoleName: &r.Name, PolicyArn: p.arn(l.To)}); err != nil {
			return err
		}
	}
	for _, i := range r.InlinePolicies {
		if _, err := c.PutRolePolicy(p.ctx, &iam.PutRolePolicyInput{RoleName: &r.Name, PolicyName: &i.Name, PolicyDocument: p.document(i.Document)}); err != nil {
			return err
		}
	}
	return nil
}

func pourKeys(p *pourer) {
	each(p, func(cfg awssdk.Config, k *aws.Key) error {
		c := kms.NewFromConfig(cfg)
		out, err := c.CreateKey(p.ctx, &kms.CreateKeyInput{Description: &k.Description, Policy: p.document(k.Policy)})
		if err != nil {
			return err
		}
		id := out.KeyMetadata.KeyId
		p.is(k, id)
		for _, a := range k.Aliases {
			if _, err := c.CreateAlias(p.ctx, &kms.CreateAliasInput{AliasName: &a, TargetKeyId: id}); err != nil {
				return err
			}
		}
		if k.RotationEnabled {
			if _, err := c.EnableKeyRotation(p.ctx, &kms.EnableKeyRotationInput{KeyId: id}); err != nil {
				return err
			}
		}
		if k.State == "PendingDeletion" {
			_, err = c.ScheduleKeyDeletion(p.ctx, &kms.ScheduleKeyDeletionInput{KeyId: id})
		}
		return err
	})
}
