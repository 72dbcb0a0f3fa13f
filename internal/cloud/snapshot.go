package cloud

import (
	"cmp"
	"slices"
	"time"
)

// Snapshot is all resources read from one source at one time, and what could
// not be read.
type Snapshot struct {
	// Source says what was read.
	Source Source
	// Open is set when resources that are not listed may exist: then only the
	// kinds named without a gap in Collections are complete. Snapshots of
	// live accounts are open, examples in rules are not.
	Open bool
	// Partial is set when the read was interrupted.
	Partial bool
	// Fragment is set when the snapshot is a part of accounts, as code is:
	// then no place is known to hold nothing else.
	Fragment bool
	// Doubts are the resources that something unread may refer to, and why.
	Doubts map[Ref]*Gap
	// Skipped is what was left out of code, and why.
	Skipped []Skipped
	// Resources in the order of kind, then ref.
	Resources []Resource
	// Collections says which lists of resources were read, and which not.
	Collections []Collection
	// Calls names, by kind and field, the API operation that supplies the
	// field. The operation under the empty field supplies all others.
	Calls map[Kind]map[string]string
	// Regions lists the regions each account was read in.
	Regions map[AccountID][]Region

	byKind map[Kind][]Collection
}

// Skipped is a piece of code that was not read: a block that could not be
// understood, a module that is not on disk.
type Skipped struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// Source says where a snapshot comes from.
type Source struct {
	// Kind is aws, terraform, terraform-plan, cloudformation and so on.
	Kind string `json:"kind"`
	// Accounts that were to be read, including those that refused.
	Accounts []AccountID `json:"accounts,omitempty"`
	// Regions that were to be read in at least one account.
	Regions []Region `json:"regions,omitempty"`
	// Paths that were read, for code.
	Paths []string `json:"paths,omitempty"`
	// ReadAt is when the read began. Rules take it as the present.
	ReadAt time.Time `json:"read_at"`
}

// Collection says that the list of all resources of one kind was read, or why
// not, for one account and some of its regions.
type Collection struct {
	Kind    Kind      `json:"kind"`
	Account AccountID `json:"account"`
	// Regions the list was read in; a global kind has the one region "".
	Regions []Region `json:"regions"`
	// Gap is nil when the list is complete.
	Gap *Gap `json:"gap,omitempty"`
}

func (c *Collection) has(r Region) bool { return slices.Contains(c.Regions, r) }

func (s *Snapshot) collectionsOf(k Kind) []Collection {
	if s.byKind == nil {
		s.byKind = map[Kind][]Collection{}
		for _, c := range s.Collections {
			s.byKind[c.Kind] = append(s.byKind[c.Kind], c)
		}
	}
	return s.byKind[k]
}

// Sort puts resources and collections into their canonical order. Resources
// that share kind, ref and account are reduced to the first.
func (s *Snapshot) Sort() {
	slices.SortStableFunc(s.Resources, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(a.Kind(), b.Kind()), cmp.Compare(a.Meta().Ref, b.Meta().Ref), cmp.Compare(a.Meta().Account, b.Meta().Account))
	})
	s.Resources = slices.CompactFunc(s.Resources, func(a, b Resource) bool {
		return a.Kind() == b.Kind() && a.Meta().Ref == b.Meta().Ref && a.Meta().Account == b.Meta().Account
	})
	for i := range s.Collections {
		slices.Sort(s.Collections[i].Regions)
	}
	slices.SortStableFunc(s.Collections, func(a, b Collection) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Account, b.Account), slices.Compare(a.Regions, b.Regions))
	})
	s.byKind = nil
}

// OriginOf says which API operation supplied a field of a resource, or nil
// when that is not recorded.
func (s *Snapshot) OriginOf(k Kind, field string) *Origin {
	fields := s.Calls[k]
	call := fields[field]
	if call == "" {
		call = fields[""]
	}
	if call == "" {
		return nil
	}
	return &Origin{Call: call}
}

// Unlisted returns why the resources of a kind may not all be in the snapshot,
// or nil when they are: every list of them that was asked for was read to its
// end.
func (s *Snapshot) Unlisted(k Kind) *Gap {
	if !s.Open {
		return nil
	}
	listed := false
	var left *Gap // never asked for: no matter when others were listed
	for _, c := range s.Collections {
		switch {
		case c.Kind != k:
		case c.Gap == nil:
			listed = true
		case c.Gap.Reason == LeftOut, c.Gap.Reason == NotRead:
			left = c.Gap
		default:
			return c.Gap
		}
	}
	switch {
	case listed:
		return nil
	case left != nil:
		return left
	}
	return &Gap{Reason: NotRead, Message: string(k) + " was not read"}
}
