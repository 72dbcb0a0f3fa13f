package code

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// CountsPolicies adds to a mapping of users, groups or roles that the policies
// attached to them count it.
func CountsPolicies(m Mapping) Mapping {
	m.settle = func(f *Form, r cloud.Resource) {
		var attached []cloud.Link[aws.ManagedPolicy]
		switch r := r.(type) {
		case *aws.User:
			attached = r.AttachedPolicies
		case *aws.Group:
			attached = r.AttachedPolicies
		case *aws.Role:
			attached = r.AttachedPolicies
		}
		for _, l := range attached {
			if p := Target(f, l); p != nil {
				p.AttachmentCount++
			}
		}
	}
	return m
}
