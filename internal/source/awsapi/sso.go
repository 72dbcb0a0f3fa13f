package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func ssoService() *service {
	return &service{name: "sso", read: readSSO, kinds: []cloud.Kind{
		kindOf[aws.SSOInstance](), kindOf[aws.PermissionSet](), kindOf[aws.IdentityUser](), kindOf[aws.IdentityGroup](),
	}}
}

func readSSO(s *scope) {
	c := ssoadmin.NewFromConfig(s.cfg)
	kind := kindOf[aws.SSOInstance]()
	var found []types.InstanceMetadata
	gap := list(s, ssoadmin.NewListInstancesPaginator(c, &ssoadmin.ListInstancesInput{}), func(out *ssoadmin.ListInstancesOutput) {
		found = append(found, out.Instances...)
	}, kind)
	items(s, kind, found, func(in types.InstanceMetadata) { readSSOInstance(s, c, in) })
	s.decide(gap, s.service.kinds)
}

// identityCenter is one instance being read.
type identityCenter struct {
	*scope
	client *ssoadmin.Client
	store  string // identity store id
	arn    string
	owner  cloud.AccountID
}

// readSSOInstance reads an instance, unless it belongs to another account and
// that one alone may read it: then nothing of it belongs to this account.
func readSSOInstance(s *scope, c *ssoadmin.Client, in types.InstanceMetadata) {
	i := &identityCenter{
		scope: s, client: c, arn: *in.InstanceArn,
		store: awssdk.ToString(in.IdentityStoreId), owner: cloud.AccountID(orElse(awssdk.ToString(in.OwnerAccountId), string(s.id))),
	}
	var sets []string
	var gap *cloud.Gap
	pages := ssoadmin.NewListPermissionSetsPaginator(c, &ssoadmin.ListPermissionSetsInput{InstanceArn: in.InstanceArn})
	for pages.HasMorePages() && gap == nil {
		var out *ssoadmin.ListPermissionSetsOutput
		if out, gap = page(s, pages); gap == nil {
			sets = append(sets, out.PermissionSets...)
		}
	}
	if gap != nil && i.owner != s.id {
		return
	}
	instance := &aws.SSOInstance{Base: i.base(cloud.Ref(i.arn), orElse(awssdk.ToString(in.Name), afterSlash(i.arn)))}
	instance.IdentityStoreID, instance.OwnerAccount = i.store, string(i.owner)
	instance.Status, instance.CreatedAt = string(in.Status), awssdk.ToTime(in.CreatedDate)
	if len(sets) > 0 {
		i.readTags(instance)
	} else {
		instance.SetGap(&cloud.Gap{Reason: cloud.NotRead, Message: "an instance is looked at where it has permission sets"}, "tags")
	}
	s.add(instance)
	kind := kindOf[aws.PermissionSet]()
	s.decide(gap, []cloud.Kind{kind})
	each(s, kind, sets, i.readPermissionSet)
	i.readIdentityStore(len(sets) > 0 || gap != nil)
}

// base is scope.base for what belongs to the instance's owner, whoever reads it.
func (i *identityCenter) base(ref cloud.Ref, name string) cloud.Base {
	b := i.scope.base(ref, name)
	b.Account = i.owner
	return b
}

func (i *identityCenter) readTags(r cloud.Resource) {
	arn := string(r.Meta().Ref)
	fill(i.scope, r.Meta(), []string{"tags"}, i.client.ListTagsForResource, &ssoadmin.ListTagsForResourceInput{InstanceArn: &i.arn, ResourceArn: &arn}, func(out *ssoadmin.ListTagsForResourceOutput) {
		r.Meta().Tags = tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
}

func (i *identityCenter) readPermissionSet(arn string) {
	p := &aws.PermissionSet{Base: i.base(cloud.Ref(arn), afterSlash(arn)), Instance: cloud.LinkTo[aws.SSOInstance](cloud.Ref(i.arn))}
	defer i.add(p)
	c := i.client
	fill(i.scope, p, []string{"name", "description", "session_seconds", "created_at"}, c.DescribePermissionSet, &ssoadmin.DescribePermissionSetInput{InstanceArn: &i.arn, PermissionSetArn: &arn}, func(out *ssoadmin.DescribePermissionSetOutput) {
		in := out.PermissionSet
		p.Name, p.Description = need(p, "name", in.Name), awssdk.ToString(in.Description)
		p.CreatedAt = awssdk.ToTime(in.CreatedDate)
		p.SessionSeconds = 3600
		if in.SessionDuration != nil {
			p.SessionSeconds = need(p, "session_seconds", aws.ISOSeconds(*in.SessionDuration))
		}
	})
	fill(i.scope, p, []string{"inline_policy"}, c.GetInlinePolicyForPermissionSet, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: &i.arn, PermissionSetArn: &arn}, func(out *ssoadmin.GetInlinePolicyForPermissionSetOutput) {
		p.InlinePolicy = parsePolicy(p, "inline_policy", out.InlinePolicy)
	}, "ResourceNotFoundException")
	fill(i.scope, p, []string{"permissions_boundary"}, c.GetPermissionsBoundaryForPermissionSet, &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: &i.arn, PermissionSetArn: &arn}, func(out *ssoadmin.GetPermissionsBoundaryForPermissionSetOutput) {
		if b := out.PermissionsBoundary; b != nil {
			p.PermissionsBoundary = orElse(awssdk.ToString(b.ManagedPolicyArn), customerPolicy(b.CustomerManagedPolicyReference))
		}
	}, "ResourceNotFoundException")
	managed := ssoadmin.NewListManagedPoliciesInPermissionSetPaginator(c, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: &i.arn, PermissionSetArn: &arn})
	fillList(i.scope, p, []string{"aws_managed_policies"}, managed, func(out *ssoadmin.ListManagedPoliciesInPermissionSetOutput) {
		for _, m := range out.AttachedManagedPolicies {
			p.AWSManagedPolicies = append(p.AWSManagedPolicies, awssdk.ToString(m.Arn))
		}
	})
	own := ssoadmin.NewListCustomerManagedPolicyReferencesInPermissionSetPaginator(c, &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: &i.arn, PermissionSetArn: &arn})
	fillList(i.scope, p, []string{"customer_managed_policies"}, own, func(out *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput) {
		for _, m := range out.CustomerManagedPolicyReferences {
			p.CustomerManagedPolicies = append(p.CustomerManagedPolicies, customerPolicy(&m))
		}
	})
	i.readTags(p)
	i.readAssignments(p, arn)
}

// customerPolicy is the path and name of a policy that each account has its own of.
func customerPolicy(r *types.CustomerManagedPolicyReference) string {
	if r == nil {
		return ""
	}
	return orElse(awssdk.ToString(r.Path), "/") + awssdk.ToString(r.Name)
}

// readAssignments asks in which accounts the permission set is, and then who
// has it in each.
func (i *identityCenter) readAssignments(p *aws.PermissionSet, arn string) {
	pages := ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(i.client, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: &i.arn, PermissionSetArn: &arn})
	var accounts []string
	fillList(i.scope, p, []string{"assignments"}, pages, func(out *ssoadmin.ListAccountsForProvisionedPermissionSetOutput) {
		accounts = append(accounts, out.AccountIds...)
	})
	for _, account := range accounts {
		i.readAssignmentsIn(account, p, arn)
	}
}

func (i *identityCenter) readAssignmentsIn(account string, p *aws.PermissionSet, arn string) {
	pages := ssoadmin.NewListAccountAssignmentsPaginator(i.client, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: &i.arn, PermissionSetArn: &arn, AccountId: &account})
	for pages.HasMorePages() {
		out, gap := page(i.scope, pages)
		if gap != nil {
			p.SetGap(gap.AsPartial(), "assignments")
			return
		}
		for _, in := range out.AccountAssignments {
			a := &aws.AccountAssignment{AccountID: account, PrincipalType: string(in.PrincipalType), PrincipalID: awssdk.ToString(in.PrincipalId)}
			if in.PrincipalType == types.PrincipalTypeGroup {
				a.Group = cloud.LinkTo[aws.IdentityGroup](i.identity("group", a.PrincipalID))
			} else {
				a.User = cloud.LinkTo[aws.IdentityUser](i.identity("user", a.PrincipalID))
			}
			p.Assignments = append(p.Assignments, a)
		}
	}
}

// identity is the ref of a user or group. Ids are unique in all identity stores.
func (i *identityCenter) identity(noun, id string) cloud.Ref {
	return cloud.Ref("arn:" + i.partition + ":identitystore:::" + noun + "/" + id)
}

// readIdentityStore reads people and groups, where there is anything they can
// be given.
func (i *identityCenter) readIdentityStore(used bool) {
	user, group := kindOf[aws.IdentityUser](), kindOf[aws.IdentityGroup]()
	if !used {
		i.decide(&cloud.Gap{Reason: cloud.NotRead, Message: "identities are read where there are permission sets"}, []cloud.Kind{user, group})
		return
	}
	c := identitystore.NewFromConfig(i.cfg)
	instance := cloud.LinkTo[aws.SSOInstance](cloud.Ref(i.arn))
	list(i.scope, identitystore.NewListUsersPaginator(c, &identitystore.ListUsersInput{IdentityStoreId: &i.store}), func(out *identitystore.ListUsersOutput) {
		items(i.scope, user, out.Users, func(in storetypes.User) {
			i.add(&aws.IdentityUser{
				Base:     i.base(i.identity("user", *in.UserId), awssdk.ToString(in.UserName)),
				Instance: instance, ID: *in.UserId, External: len(in.ExternalIds) > 0, Disabled: in.UserStatus == storetypes.UserStatusDisabled,
			})
		})
	}, user)
	list(i.scope, identitystore.NewListGroupsPaginator(c, &identitystore.ListGroupsInput{IdentityStoreId: &i.store}), func(out *identitystore.ListGroupsOutput) {
		each(i.scope, group, out.Groups, func(in storetypes.Group) {
			g := &aws.IdentityGroup{
				Base:     i.base(i.identity("group", *in.GroupId), awssdk.ToString(in.DisplayName)),
				Instance: instance, ID: *in.GroupId, External: len(in.ExternalIds) > 0,
			}
			defer i.add(g)
			i.readMembers(c, g)
		})
	}, group)
}

func (i *identityCenter) readMembers(c *identitystore.Client, g *aws.IdentityGroup) {
	pages := identitystore.NewListGroupMembershipsPaginator(c, &identitystore.ListGroupMembershipsInput{IdentityStoreId: &i.store, GroupId: &g.ID})
	fillList(i.scope, g, []string{"members"}, pages, func(out *identitystore.ListGroupMembershipsOutput) {
		for _, m := range out.GroupMemberships {
			if id, ok := m.MemberId.(*storetypes.MemberIdMemberUserId); ok {
				g.Members = append(g.Members, cloud.LinkTo[aws.IdentityUser](i.identity("user", id.Value)))
			}
		}
	})
}
