package cloud

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A Link is a typed reference from one resource to another. The zero Link
// leads nowhere. After Snapshot.Resolve its Target is the resource itself, or,
// when that is not in the snapshot, a stand-in of which nothing but the Ref is
// known.
type Link[T any] struct {
	To     Ref
	target *T
}

// LinkTo returns an unresolved link.
func LinkTo[T any](to Ref) Link[T] { return Link[T]{To: to} }

// LinksTo returns unresolved links, one for each ref.
func LinksTo[T any](to ...Ref) []Link[T] {
	links := make([]Link[T], 0, len(to))
	for _, r := range to {
		links = append(links, Link[T]{To: r})
	}
	return links
}

// Target returns what the link leads to; nil only before Resolve, or when the
// link leads nowhere.
func (l Link[T]) Target() *T { return l.target }

// IsZero reports whether the link leads nowhere.
func (l Link[T]) IsZero() bool { return l.To == "" }

// MarshalJSON writes the link as the ref it leads to.
func (l Link[T]) MarshalJSON() ([]byte, error) { return json.Marshal(l.To) }

// UnmarshalJSON reads a ref.
func (l *Link[T]) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &l.To) }

// AnyLink is any Link, whatever it leads to.
type AnyLink interface {
	Dest() Ref
	// TargetObject is the target as a pointer to its struct, or a nil
	// interface.
	TargetObject() any
	// TargetType is the struct type the link leads to.
	TargetType() reflect.Type
	bind(resolver)
}

// Dest returns the ref the link leads to.
func (l Link[T]) Dest() Ref { return l.To }

// TargetObject returns the target, or nil.
func (l Link[T]) TargetObject() any {
	if l.target == nil {
		return nil
	}
	return l.target
}

// TargetType returns the struct type the link leads to.
func (l Link[T]) TargetType() reflect.Type { return reflect.TypeFor[T]() }

func (l *Link[T]) bind(find resolver) {
	if l.To == "" {
		return
	}
	found, why := find(l.To, any(l.target).(Resource).Kind())
	if t, ok := any(found).(*T); ok {
		l.target = t
		return
	}
	stub := new(T)
	meta := any(stub).(Resource).Meta()
	meta.Ref = l.To
	meta.SetGap(why, Everything)
	l.target = stub
}

// resolver finds a resource by ref; when there is none it says why.
type resolver func(Ref, Kind) (Resource, *Gap)

var anyLink = reflect.TypeFor[AnyLink]()

// field is what is known of one field of a model struct, found by reflection
// once per type.
type field struct {
	name     string // as rules name it
	index    int
	shape    shape
	backlink string       // name of the field of the target that leads back here
	within   string       // account, region or estate
	elem     reflect.Type // the link or the struct that it holds, once or in a list
}

type shape int

const (
	linkShape   shape = iota // Link[T]
	linksShape               // []Link[T]
	structShape              // *T
	listShape                // []*T
)

// FieldName returns the name rules use for a struct field: its cel tag, else
// its json tag. It is empty for fields rules cannot see.
func FieldName(f reflect.StructField) string {
	if n, ok := f.Tag.Lookup("cel"); ok {
		return n
	}
	n, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if n == "-" {
		return ""
	}
	return n
}

var plans sync.Map // reflect.Type -> []field; a cache of what the types say

func planOf(t reflect.Type) []field {
	if p, ok := plans.Load(t); ok {
		return p.([]field)
	}
	var plan []field
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous || !sf.IsExported() {
			continue
		}
		f := field{name: FieldName(sf), index: i, backlink: sf.Tag.Get("backlink"), within: sf.Tag.Get("within")}
		ft := sf.Type
		switch {
		case reflect.PointerTo(ft).Implements(anyLink):
			f.shape, f.elem = linkShape, ft
		case ft.Kind() == reflect.Slice && reflect.PointerTo(ft.Elem()).Implements(anyLink):
			f.shape, f.elem = linksShape, ft.Elem()
		case ft.Kind() == reflect.Pointer && ft.Elem().Kind() == reflect.Struct:
			f.shape, f.elem = structShape, ft.Elem()
		case ft.Kind() == reflect.Slice && ft.Elem().Kind() == reflect.Pointer && ft.Elem().Elem().Kind() == reflect.Struct:
			f.shape, f.elem = listShape, ft.Elem().Elem()
		default:
			continue
		}
		plan = append(plan, f)
	}
	plans.Store(t, plan)
	return plan
}

// eachLink calls use for every stored link at or below v, a struct.
func eachLink(v reflect.Value, use func(AnyLink)) {
	for _, f := range planOf(v.Type()) {
		if f.backlink == "" {
			linksIn(f, v, use)
		}
	}
}

// linksIn calls use for every link in one field of the struct v, and below.
func linksIn(f field, v reflect.Value, use func(AnyLink)) {
	fv := v.Field(f.index)
	switch f.shape {
	case linkShape:
		use(fv.Addr().Interface().(AnyLink))
	case linksShape:
		for i := range fv.Len() {
			use(fv.Index(i).Addr().Interface().(AnyLink))
		}
	case structShape:
		if !fv.IsNil() {
			eachLink(fv.Elem(), use)
		}
	case listShape:
		for i := range fv.Len() {
			if !fv.Index(i).IsNil() {
				eachLink(fv.Index(i).Elem(), use)
			}
		}
	}
}

// linkTo returns the struct type that links of the field lead to.
func (f field) linkTo() reflect.Type { return reflect.New(f.elem).Interface().(AnyLink).TargetType() }

// mayLeadTo reports whether links in the field, or below, lead to resources of
// the type.
func (f field) mayLeadTo(to reflect.Type) bool {
	if f.shape == linkShape || f.shape == linksShape {
		return f.linkTo() == to
	}
	return slices.ContainsFunc(planOf(f.elem), func(sub field) bool { return sub.mayLeadTo(to) })
}

// gapBelow returns the first gap that may hide a link to a resource of the type
// in one field of v.
func gapBelow(f field, v reflect.Value, to reflect.Type) *Gap {
	if g, ok := v.Addr().Interface().(Gapped); ok {
		if gap := g.Obj().Gap(f.name); gap != nil && f.mayLeadTo(to) {
			return gap
		}
	}
	fv := v.Field(f.index)
	below := func(e reflect.Value) *Gap {
		if e.IsNil() {
			return nil
		}
		for _, sub := range planOf(e.Type().Elem()) {
			if gap := gapBelow(sub, e.Elem(), to); gap != nil {
				return gap
			}
		}
		return nil
	}
	switch f.shape {
	case structShape:
		return below(fv)
	case listShape:
		for i := range fv.Len() {
			if gap := below(fv.Index(i)); gap != nil {
				return gap
			}
		}
	}
	return nil
}

// Resolve binds every link of the snapshot to its target and fills every
// backlink. Call it once, after the last resource was added and before any
// judging; it is idempotent.
func (s *Snapshot) Resolve() {
	index := s.index()
	for _, r := range s.Resources {
		find := func(to Ref, kind Kind) (Resource, *Gap) {
			if t := nearest(index[to], r.Meta().Account); t != nil {
				return t, &Gap{Reason: Malformed, Message: fmt.Sprintf("%s is a %s, not a %s", to, t.Kind(), kind)}
			}
			return nil, s.whyAbsent(to, kind)
		}
		eachLink(reflect.ValueOf(r).Elem(), func(l AnyLink) { l.bind(find) })
	}
	s.fillBacklinks()
}

func (s *Snapshot) index() map[Ref][]Resource {
	index := make(map[Ref][]Resource, len(s.Resources))
	for _, r := range s.Resources {
		index[r.Meta().Ref] = append(index[r.Meta().Ref], r)
	}
	for _, r := range s.Resources {
		if arn := r.Meta().ARN; arn != "" {
			index[arn] = append(index[arn], r)
		}
		if a, ok := r.(AlsoKnown); ok {
			for _, also := range a.AlsoKnown() {
				index[also] = append(index[also], r)
			}
		}
	}
	return index
}

// nearest returns the one in the account, or else the first: a policy that AWS
// owns goes by one ref in every account.
func nearest(rs []Resource, account AccountID) Resource {
	for _, r := range rs {
		if r.Meta().Account == account {
			return r
		}
	}
	if len(rs) == 0 {
		return nil
	}
	return rs[0]
}

// whyAbsent says why the target of a link is not in the snapshot: because its
// collection could not be listed, or because it lies outside what was read.
func (s *Snapshot) whyAbsent(to Ref, kind Kind) *Gap {
	account, region := AccountOf(to), RegionOf(to)
	for _, c := range s.Collections {
		if c.Kind != kind || c.Gap == nil {
			continue
		}
		if (account == "" || c.Account == account) && (region == "" || c.has(region)) {
			return c.Gap
		}
	}
	return &Gap{Reason: NotRead, Message: string(to) + " is not in the snapshot"}
}

// RegionOf returns the region in an ARN, or "".
func RegionOf(r Ref) Region { return Region(arnPart(r, 3)) }

// AccountOf returns the account in an ARN, or "".
func AccountOf(r Ref) AccountID { return AccountID(arnPart(r, 4)) }

func arnPart(r Ref, n int) string {
	if !strings.HasPrefix(string(r), "arn:") {
		return ""
	}
	parts := strings.SplitN(string(r), ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[n]
}

// backlinks are the resources of one type that lead to one ref, or live in one
// place, through one field.
type backlinks struct {
	byDest map[any][]Resource // a Resource, or for places their name
	gaps   []placedGap        // holes in which more may hide
}

type placedGap struct {
	account AccountID
	region  Region
	gap     *Gap
}

type backlinkKey struct {
	from, to reflect.Type
	field    string
}

func (s *Snapshot) fillBacklinks() {
	byType := map[reflect.Type][]Resource{}
	for _, r := range s.Resources {
		t := reflect.TypeOf(r).Elem()
		byType[t] = append(byType[t], r)
	}
	found := map[backlinkKey]*backlinks{}
	for _, r := range s.Resources {
		v := reflect.ValueOf(r).Elem()
		for _, f := range planOf(v.Type()) {
			if f.backlink == "" {
				continue
			}
			key := backlinkKey{f.linkTo(), v.Type(), f.backlink}
			if found[key] == nil {
				found[key] = collectBacklinks(byType[key.from], key)
			}
			s.setBacklink(r, v.Field(f.index), f, found[key], key.from)
		}
	}
}

// collectBacklinks indexes all resources of one type by where the named field
// leads; the names @account, @region and @estate index by place.
func collectBacklinks(rs []Resource, key backlinkKey) *backlinks {
	b := &backlinks{byDest: map[any][]Resource{}}
	var via field
	if !strings.HasPrefix(key.field, "@") {
		fields := planOf(key.from)
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == key.field })
		if i < 0 || !fields[i].mayLeadTo(key.to) {
			panic(fmt.Sprintf("cloud: backlink through %s.%s: no link to %s there", key.from, key.field, key.to))
		}
		via = fields[i]
	}
	for _, r := range rs {
		m := r.Meta()
		switch key.field {
		case "@account":
			b.add(m.Account, r)
			continue
		case "@region":
			b.add(placeName(m), r)
			continue
		case "@estate":
			b.add(everywhere, r)
			continue
		}
		v := reflect.ValueOf(r).Elem()
		linksIn(via, v, func(l AnyLink) {
			// Bound links are compared by their target, which may go by
			// another name.
			if t, ok := l.TargetObject().(Resource); ok {
				b.add(t, r)
			}
		})
		if g := gapBelow(via, v, key.to); g != nil {
			b.gaps = append(b.gaps, placedGap{m.Account, m.Region, g})
		}
	}
	return b
}

// everywhere is the place that holds the whole estate.
const everywhere = "*"

func placeName(m *Base) string { return string(m.Account) + "/" + string(m.Region) }

func (b *backlinks) add(to any, r Resource) {
	if n := len(b.byDest[to]); n > 0 && b.byDest[to][n-1] == r {
		return
	}
	b.byDest[to] = append(b.byDest[to], r)
}

func (s *Snapshot) setBacklink(r Resource, fv reflect.Value, f field, b *backlinks, from reflect.Type) {
	m := r.Meta()
	delete(m.derived, f.name)
	var dest any = r
	within := f.within
	switch f.backlink {
	case "@account":
		dest, within = m.Account, "account"
	case "@region":
		dest, within = placeName(m), "region"
	case "@estate":
		dest, within = everywhere, "estate"
	}
	rs := b.byDest[dest]
	list := reflect.MakeSlice(fv.Type(), len(rs), len(rs))
	for i, t := range rs {
		list.Index(i).Addr().Interface().(interface{ set(Resource) }).set(t)
	}
	fv.Set(list)

	inScope := func(account AccountID, region Region, has func(Region) bool) bool {
		switch within {
		case "region":
			// Without a region a bucket may be in any.
			return account == m.Account && (m.Region == "" || has(m.Region) || has(""))
		case "account":
			return account == m.Account
		}
		return true
	}
	hidden := b.gaps
	if s.Fragment { // code says in Doubts what an unclear reference may lead to
		hidden = nil
	}
	for _, g := range hidden {
		if inScope(g.account, g.region, func(want Region) bool { return want == g.region }) {
			m.derive(g.gap.AsPartial(), f.name)
			return
		}
	}
	if g := s.Doubts[m.Ref]; g != nil {
		m.derive(g.AsPartial(), f.name)
		return
	}
	if s.Fragment && strings.HasPrefix(f.backlink, "@") {
		m.derive(&Gap{Reason: NotInCode, Partial: true, Message: "other code may make more of them"}, f.name)
		return
	}
	if !s.Open {
		return
	}
	kind := reflect.New(from).Interface().(Resource).Kind()
	listed := false
	for _, c := range s.collectionsOf(kind) {
		if !inScope(c.Account, "", c.has) {
			continue
		}
		listed = true
		if c.Gap != nil {
			m.derive(c.Gap.AsPartial(), f.name)
			return
		}
	}
	if !listed {
		m.derive(&Gap{Reason: NotRead, Partial: true, Message: string(kind) + " was not read"}, f.name)
	}
}

func (o *Object) derive(g *Gap, field string) {
	if o.derived == nil {
		o.derived = map[string]*Gap{}
	}
	o.derived[field] = g
}

func (l *Link[T]) set(r Resource) {
	l.To, l.target = r.Meta().Ref, any(r).(*T)
}
