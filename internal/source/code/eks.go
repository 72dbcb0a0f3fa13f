package code

import "merlon.dev/internal/cloud/aws"

// AddAccessEntry fills the access entry that a cluster has for a principal; an
// entry and the policies attached to it are separate resources in code.
func AddAccessEntry(f *Form, c *aws.EKSCluster, principal Value, fill func(*Form, *aws.EKSAccessEntry)) {
	f.decide(&c.AccessEntries)
	principal = f.Stand(principal)
	if h := principal.Hole(); h != nil {
		c.SetGap(h.Gap().AsPartial(), "access_entries")
		return
	}
	text := principal.Show()
	var entry *aws.EKSAccessEntry
	for _, e := range c.AccessEntries {
		if e.Principal == text {
			entry = e
		}
	}
	if entry == nil {
		entry = &aws.EKSAccessEntry{Principal: text}
		c.AccessEntries = append(c.AccessEntries, entry)
	}
	inner := &Form{world: f.world, resource: f.resource, body: f.body, into: entry, set: map[string]bool{}}
	inner.touched = inner.set
	fill(inner, entry)
}
