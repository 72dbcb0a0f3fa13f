package awsapi

import (
	"context"
	"fmt"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func organizationsService() *service {
	return &service{name: "organizations", global: true, fields: []string{"organization", "manages_organization"}, kinds: organizationKinds(), read: readOrganizations}
}

func organizationKinds() []cloud.Kind {
	return []cloud.Kind{kindOf[aws.Organization](), kindOf[aws.OrganizationalUnit](), kindOf[aws.OrganizationPolicy](), kindOf[aws.MemberAccount]()}
}

// organization is the organization being read: what its parts point to.
type organization struct {
	*scope
	client *organizations.Client
	ref    cloud.Ref
	id     string
	owner  cloud.AccountID
}

// readOrganizations reads which organization the account is part of, and the
// organization itself where the account may: as its management account or a
// delegated administrator. To any other member it stays unread, which is no
// gap of that account: nothing of it belongs there.
func readOrganizations(s *scope) {
	c := organizations.NewFromConfig(s.cfg)
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*organizations.DescribeOrganizationOutput, error) {
		return c.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	})
	if gap != nil {
		if info.code == "AWSOrganizationsNotInUseException" {
			gap = nil
		}
		setMembership(s, info, gap, "", false)
		s.decide(gap, organizationKinds())
		return
	}
	in := out.Organization
	o := &organization{
		scope: s, client: c,
		ref: cloud.Ref(awssdk.ToString(in.Arn)), id: awssdk.ToString(in.Id), owner: cloud.AccountID(awssdk.ToString(in.MasterAccountId)),
	}
	owned := o.owner == s.id
	setMembership(s, info, nil, o.ref, owned)
	roots, gap := o.roots()
	if gap != nil && !owned {
		s.decide(nil, organizationKinds())
		return
	}
	s.calledFor([]cloud.Kind{kindOf[aws.Organization]()}, info)
	o.readParts(in, roots, gap)
}

func setMembership(s *scope, info *callInfo, gap *cloud.Gap, ref cloud.Ref, owned bool) {
	defer s.lock(s.resource)()
	s.recordOrigin(s.resource.Kind(), info, "organization", "manages_organization")
	s.asked(s.resource, "organization", "manages_organization")
	s.resource.SetGap(gap, "organization", "manages_organization")
	s.resource.Organization, s.resource.ManagesOrganization = cloud.LinkTo[aws.Organization](ref), owned
}

func (o *organization) roots() ([]types.Root, *cloud.Gap) {
	var roots []types.Root
	pages := organizations.NewListRootsPaginator(o.client, &organizations.ListRootsInput{})
	for pages.HasMorePages() {
		out, gap := page(o.scope, pages)
		if gap != nil {
			return nil, gap
		}
		roots = append(roots, out.Roots...)
	}
	return roots, nil
}

func (o *organization) readParts(in *types.Organization, roots []types.Root, gap *cloud.Gap) {
	org := &aws.Organization{Base: o.base(o.ref, o.id), ID: o.id, ManagementAccount: string(o.owner), FeatureSet: string(in.FeatureSet)}
	defer o.add(org)
	o.decide(nil, []cloud.Kind{org.Kind()})
	org.SetGap(gap, "enabled_policy_types")
	for _, r := range roots {
		for _, p := range r.PolicyTypes {
			if p.Status == types.PolicyTypeStatusEnabled {
				org.EnabledPolicyTypes = append(org.EnabledPolicyTypes, string(p.Type))
			}
		}
	}
	o.readTrustedServices(org)
	o.readDelegatedAdministrators(org)
	o.decide(gap, []cloud.Kind{kindOf[aws.OrganizationalUnit](), kindOf[aws.MemberAccount]()})
	items(o.scope, kindOf[aws.OrganizationalUnit](), roots, func(r types.Root) {
		unit := &aws.OrganizationalUnit{Base: o.base(cloud.Ref(*r.Arn), awssdk.ToString(r.Name)), ID: *r.Id, Root: true}
		o.readUnit(unit)
	})
	o.readPolicies(org.EnabledPolicyTypes)
}

// base is scope.base for what belongs to the management account, whoever reads it.
func (o *organization) base(ref cloud.Ref, name string) cloud.Base {
	b := o.scope.base(ref, name)
	b.Account = o.owner
	return b
}

func (o *organization) readTags(r cloud.Resource, id string) {
	fill(o.scope, r.Meta(), []string{"tags"}, o.client.ListTagsForResource, &organizations.ListTagsForResourceInput{ResourceId: &id}, func(out *organizations.ListTagsForResourceOutput) {
		r.Meta().Tags = tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
}

func (o *organization) readTrustedServices(org *aws.Organization) {
	pages := organizations.NewListAWSServiceAccessForOrganizationPaginator(o.client, &organizations.ListAWSServiceAccessForOrganizationInput{})
	fillList(o.scope, org, []string{"trusted_services"}, pages, func(out *organizations.ListAWSServiceAccessForOrganizationOutput) {
		for _, p := range out.EnabledServicePrincipals {
			org.TrustedServices = append(org.TrustedServices, awssdk.ToString(p.ServicePrincipal))
		}
	})
}

func (o *organization) readDelegatedAdministrators(org *aws.Organization) {
	pages := organizations.NewListDelegatedAdministratorsPaginator(o.client, &organizations.ListDelegatedAdministratorsInput{})
	fillList(o.scope, org, []string{"delegated_administrators"}, pages, func(out *organizations.ListDelegatedAdministratorsOutput) {
		for _, in := range out.DelegatedAdministrators {
			org.DelegatedAdministrators = append(org.DelegatedAdministrators, o.delegatedAdministrator(in))
		}
	})
}

func (o *organization) delegatedAdministrator(in types.DelegatedAdministrator) *aws.DelegatedAdministrator {
	d := &aws.DelegatedAdministrator{
		AccountID: awssdk.ToString(in.Id),
		Account:   cloud.LinkTo[aws.MemberAccount](cloud.Ref(awssdk.ToString(in.Arn))),
		Since:     awssdk.ToTime(in.DelegationEnabledDate),
	}
	pages := organizations.NewListDelegatedServicesForAccountPaginator(o.client, &organizations.ListDelegatedServicesForAccountInput{AccountId: in.Id})
	fillList(o.scope, d, []string{"services"}, pages, func(out *organizations.ListDelegatedServicesForAccountOutput) {
		for _, svc := range out.DelegatedServices {
			d.Services = append(d.Services, awssdk.ToString(svc.ServicePrincipal))
		}
	})
	return d
}

// readUnit reads what sits in a root or unit, and then the units below it.
func (o *organization) readUnit(unit *aws.OrganizationalUnit) {
	unit.Organization = cloud.LinkTo[aws.Organization](o.ref)
	o.readTags(unit, unit.ID)
	o.add(unit)
	parent := cloud.LinkTo[aws.OrganizationalUnit](unit.Ref)
	account := kindOf[aws.MemberAccount]()
	list(o.scope, organizations.NewListAccountsForParentPaginator(o.client, &organizations.ListAccountsForParentInput{ParentId: &unit.ID}), func(out *organizations.ListAccountsForParentOutput) {
		each(o.scope, account, out.Accounts, func(in types.Account) { o.readAccount(in, parent) })
	}, account)
	var below []types.OrganizationalUnit
	list(o.scope, organizations.NewListOrganizationalUnitsForParentPaginator(o.client, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &unit.ID}), func(out *organizations.ListOrganizationalUnitsForParentOutput) {
		below = append(below, out.OrganizationalUnits...)
	}, unit.Kind())
	items(o.scope, unit.Kind(), below, func(in types.OrganizationalUnit) {
		o.readUnit(&aws.OrganizationalUnit{Base: o.base(cloud.Ref(*in.Arn), awssdk.ToString(in.Name)), ID: *in.Id, Parent: parent})
	})
}

func (o *organization) readAccount(in types.Account, parent cloud.Link[aws.OrganizationalUnit]) {
	m := &aws.MemberAccount{Base: o.base(cloud.Ref(*in.Arn), awssdk.ToString(in.Name)), ID: *in.Id, Parent: parent}
	defer o.add(m)
	m.Organization = cloud.LinkTo[aws.Organization](o.ref)
	m.Management = m.ID == string(o.owner)
	m.State = orElse(string(in.State), string(in.Status))
	m.JoinedMethod, m.JoinedAt = string(in.JoinedMethod), awssdk.ToTime(in.JoinedTimestamp)
	o.readTags(m, m.ID)
}

// policyTypes are asked for also where they are not enabled: attached policies
// that do nothing are worth knowing.
func policyTypes(enabled []string) []types.PolicyType {
	all := []types.PolicyType{
		types.PolicyTypeServiceControlPolicy, types.PolicyTypeResourceControlPolicy,
		types.PolicyTypeTagPolicy, types.PolicyTypeBackupPolicy, types.PolicyTypeAiservicesOptOutPolicy,
	}
	for _, t := range enabled {
		if !slices.Contains(all, types.PolicyType(t)) {
			all = append(all, types.PolicyType(t))
		}
	}
	return all
}

func (o *organization) readPolicies(enabled []string) {
	kind := kindOf[aws.OrganizationPolicy]()
	for _, t := range policyTypes(enabled) {
		list(o.scope, organizations.NewListPoliciesPaginator(o.client, &organizations.ListPoliciesInput{Filter: t}), func(out *organizations.ListPoliciesOutput) {
			each(o.scope, kind, out.Policies, o.readPolicy)
		}, kind)
	}
}

func (o *organization) readPolicy(in types.PolicySummary) {
	p := &aws.OrganizationPolicy{Base: o.base(cloud.Ref(*in.Arn), awssdk.ToString(in.Name)), ID: *in.Id, Type: string(in.Type)}
	defer o.add(p)
	p.Description, p.AWSManaged = awssdk.ToString(in.Description), in.AwsManaged
	p.Organization = cloud.LinkTo[aws.Organization](o.ref)
	fill(o.scope, p, []string{"document", "content"}, o.client.DescribePolicy, &organizations.DescribePolicyInput{PolicyId: in.Id}, func(out *organizations.DescribePolicyOutput) {
		if in.Type == types.PolicyTypeServiceControlPolicy || in.Type == types.PolicyTypeResourceControlPolicy {
			p.Document = parsePolicy(p, "document", out.Policy.Content)
			return
		}
		p.Content = need(p, "content", out.Policy.Content)
	})
	if !p.AWSManaged {
		o.readTags(p, p.ID)
	}
	o.readTargets(p)
}

func (o *organization) readTargets(p *aws.OrganizationPolicy) {
	pages := organizations.NewListTargetsForPolicyPaginator(o.client, &organizations.ListTargetsForPolicyInput{PolicyId: &p.ID})
	fillList(o.scope, p, []string{"units", "accounts"}, pages, func(out *organizations.ListTargetsForPolicyOutput) {
		for _, t := range out.Targets {
			ref := o.targetRef(t)
			if t.Type == types.TargetTypeAccount {
				p.Accounts = append(p.Accounts, cloud.LinkTo[aws.MemberAccount](ref))
			} else {
				p.Units = append(p.Units, cloud.LinkTo[aws.OrganizationalUnit](ref))
			}
		}
	})
}

// targetRef takes the target's ARN from the reply, or builds it.
func (o *organization) targetRef(t types.PolicyTargetSummary) cloud.Ref {
	if arn := awssdk.ToString(t.Arn); arn != "" {
		return cloud.Ref(arn)
	}
	noun := "account"
	switch id := awssdk.ToString(t.TargetId); {
	case strings.HasPrefix(id, "r-"):
		noun = "root"
	case strings.HasPrefix(id, "ou-"):
		noun = "ou"
	}
	return cloud.Ref(fmt.Sprintf("arn:%s:organizations::%s:%s/%s/%s", o.partition, o.owner, noun, o.id, awssdk.ToString(t.TargetId)))
}
