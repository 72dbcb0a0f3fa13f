package code

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// OrganizationRoot is the suffix of the root that an organization comes with.
const OrganizationRoot = "/root"

// AddRoot adds the root of the organization at hand.
func AddRoot(f *Form) {
	Implied(f, OrganizationRoot, Value{}, func(root *Form, u *aws.OrganizationalUnit) {
		root.Is(&u.Root, true)
		root.Is(&u.Organization, cloud.LinkTo[aws.Organization](f.resource.Address))
		root.Default(&u.Parent)
	})
}

// RootOf is the root where a value is something that AWS computes of an
// organization, as its root's id is, and the value itself elsewhere.
func RootOf(f *Form, v Value) Value {
	if h := v.Hole(); h != nil && h.Of == "" && len(h.Mentions) == 1 {
		if of := RefTo(h.Mentions[0]); f.KindOf(of) == kindOf[aws.Organization]() {
			return of
		}
	}
	return v
}

// TheOrganization links to the organization where the code makes one: what is
// there once needs no reference.
func TheOrganization(f *Form, link *cloud.Link[aws.Organization]) {
	if all := All[aws.Organization](f); len(all) == 1 {
		f.Is(link, cloud.LinkTo[aws.Organization](all[0].Ref))
	}
}

// AttachTarget attaches a policy of an organization to an account, or to the
// root or a unit.
func AttachTarget(f *Form, p *aws.OrganizationPolicy, target Value) {
	target = RootOf(f, target)
	if f.KindOf(target) == kindOf[aws.MemberAccount]() {
		f.Put(&p.Accounts, target)
	} else {
		f.Put(&p.Units, target)
	}
}
