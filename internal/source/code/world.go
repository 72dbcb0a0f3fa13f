package code

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// A Resource is one resource in code, evaluated.
type Resource struct {
	// Type in the words of the language.
	Type string
	// Address is its identity: module.app.aws_s3_bucket.logs[0].
	Address cloud.Ref
	// Label is what its own file calls it: logs.
	Label string
	// Body holds its attributes and blocks.
	Body Value
	// Tags are its tags with all defaults merged in; absent where the body has them.
	Tags Value
	// Origin is the block, then each module call that led to it.
	Origin []cloud.Origin
	// Account, Region and Partition it will be made in; empty where not known.
	Account   cloud.AccountID
	Region    cloud.Region
	Partition string
	// ARN and ID are what AWS calls it, for resources that exist already.
	ARN, ID string
	// Maybe is set when it is not known whether, or how often, it is made.
	Maybe *Hole
}

func (r *Resource) partition() string { return cmp.Or(r.Partition, "aws") }

// Unread is a part of the code that could not be read, such as a module that is not on disk.
type Unread struct {
	// Why in words: "module.vpc is not read: its source ... is not on disk".
	Why string
	// Mentions are the resources it was given, and may configure further.
	Mentions []cloud.Ref
	// Origin is where it is called.
	Origin cloud.Origin
}

// Input is what a source read.
type Input struct {
	Source    cloud.Source
	Resources []*Resource
	Unread    []Unread
	Skipped   []cloud.Skipped
}

// Build makes a snapshot of resources in code.
func Build(in Input, mappings []Mapping) *cloud.Snapshot {
	w := newWorld(in, mappings)
	w.makeAll()
	w.fillAll()
	w.joinAll()
	w.settleAll()
	w.doubtGroups()
	w.finish()
	return w.snapshot(in)
}

// World is the model under construction.
type World struct {
	mappings map[string]*Mapping
	order    []*Resource
	resource map[cloud.Ref]*Resource
	model    map[cloud.Ref]cloud.Resource
	forms    map[cloud.Ref]*Form
	named    map[namedKey]cloud.Ref
	arns     map[string]cloud.Ref
	taken    map[cloud.Ref]cloud.Ref // parts, by what stands in their place
	patterns map[cloud.Kind]string   // of ARNs, for kinds that are named
	fields   map[reflect.Type][]modelField
	unknown  map[string][]*Resource // by type: those no mapping knows
	made     []cloud.Resource
	doubts   map[cloud.Ref]*cloud.Gap
}

type namedKey struct {
	kind cloud.Kind
	name string
}

func newWorld(in Input, mappings []Mapping) *World {
	w := &World{
		mappings: map[string]*Mapping{}, order: slices.Clone(in.Resources), resource: map[cloud.Ref]*Resource{}, model: map[cloud.Ref]cloud.Resource{},
		forms: map[cloud.Ref]*Form{}, named: map[namedKey]cloud.Ref{}, taken: map[cloud.Ref]cloud.Ref{}, arns: map[string]cloud.Ref{}, patterns: map[cloud.Kind]string{},
		fields: map[reflect.Type][]modelField{}, unknown: map[string][]*Resource{}, doubts: map[cloud.Ref]*cloud.Gap{},
	}
	for i := range mappings {
		m := &mappings[i]
		w.mappings[m.Type] = m
		if m.arn != "" && m.name != "" && m.parent == "" {
			w.patterns[m.kind] = m.arn
		}
	}
	slices.SortStableFunc(w.order, func(a, b *Resource) int { return cmp.Compare(a.Address, b.Address) })
	for _, r := range w.order {
		w.resource[r.Address] = r
		if w.mappings[r.Type] == nil {
			w.unknown[r.Type] = append(w.unknown[r.Type], r)
		}
	}
	for _, r := range w.order {
		w.take(r)
	}
	for _, u := range in.Unread {
		for _, ref := range u.Mentions {
			w.doubts[ref] = &cloud.Gap{Reason: cloud.NotRead, Message: u.Why}
		}
	}
	return w
}

// take notes which part of another resource a resource stands in place of.
func (w *World) take(r *Resource) {
	m := w.mappings[r.Type]
	if m == nil || m.takes == "" || r.Maybe != nil {
		return
	}
	for _, p := range r.Body.Get(m.takes).Parts() {
		if p.Hole != nil && p.Hole.Of != "" {
			whole := w.follow(p.Hole.Of)
			if part := w.part(whole, m.kind); part != whole {
				w.taken[part] = r.Address
			}
		}
	}
}

// add puts a resource into the snapshot to be.
func (w *World) add(r cloud.Resource) {
	w.model[r.Meta().Ref] = r
	w.made = append(w.made, r)
}

// makeAll makes every resource of the model, empty but for its names, so that
// links find it whatever the order.
func (w *World) makeAll() {
	for _, r := range w.order {
		m := w.mappings[r.Type]
		if m == nil || m.new == nil || m.parent != "" {
			continue
		}
		made := m.new()
		w.base(made, r, m)
		w.add(made)
		f := w.form(r, made)
		w.forms[r.Address] = f
		w.name(m.kind, r, made)
	}
	for _, r := range w.order {
		if m := w.mappings[r.Type]; m != nil && m.parent != "" && m.name != "" {
			w.nameAgain(m, r)
		}
	}
}

func (w *World) form(r *Resource, into cloud.Resource) *Form {
	f := &Form{world: w, resource: r, body: r.Body, into: any(into).(cloud.Gapped), set: map[string]bool{}}
	f.touched = f.set
	return f
}

func (w *World) base(made cloud.Resource, r *Resource, m *Mapping) {
	meta := made.Meta()
	meta.Ref, meta.Account, meta.Region, meta.Origin = r.Address, r.Account, r.Region, r.Origin
	meta.Name = r.Label
	if v := r.Body.Get(m.name); m.name != "" && !v.IsAbsent() {
		if meta.Name = v.Show(); v.Hole() != nil {
			meta.SetGap(v.Hole().Gap(), "name")
		}
	}
	if gap := assignMap(&meta.Tags, r.Tags.Or(r.Body.Get("tags"))); gap != nil {
		meta.SetGap(gap, "tags")
	}
	meta.ARN = cloud.Ref(cmp.Or(r.ARN, r.expand(m.arn, knownText(r.Body.Get(m.name), m.name))))
}

func knownText(v Value, path string) string {
	if path == "" {
		return ""
	}
	s, _ := v.Known()
	return s
}

func (w *World) name(kind cloud.Kind, r *Resource, made cloud.Resource) {
	meta := made.Meta()
	for _, n := range []string{meta.Name, r.ID, string(meta.ARN)} {
		if n != "" && (n != meta.Name || meta.Gap("name") == nil) {
			if key := (namedKey{kind, n}); w.named[key] == "" {
				w.named[key] = meta.Ref
			}
		}
	}
	if meta.ARN != "" && w.arns[string(meta.ARN)] == "" {
		w.arns[string(meta.ARN)] = meta.Ref
	}
}

// nameAgain notes the name that a resource gives to the one it is part of.
func (w *World) nameAgain(m *Mapping, r *Resource) {
	name, ok := r.Body.Get(m.name).Known()
	if parent := w.follow(r.Address); ok && r.Maybe == nil && w.model[parent] != nil {
		w.named[namedKey{m.kind, name}] = parent
	}
}

func (w *World) fillAll() {
	for _, r := range w.order {
		if f := w.forms[r.Address]; f != nil {
			w.mappings[r.Type].fill(f, w.model[r.Address])
		}
	}
}

// joinAll lets the types that configure other resources do so.
func (w *World) joinAll() {
	for _, r := range w.order {
		m := w.mappings[r.Type]
		if m == nil {
			continue
		}
		f := &Form{world: w, resource: r, body: r.Body}
		switch {
		case m.each != nil:
			m.each(f)
		case m.fill != nil && m.parent != "":
			w.configure(f, r.Body.Get(m.parent), m.kind, m.new, m.fill)
		}
	}
}

// settleAll runs what a mapping says of a resource when everything else is said.
func (w *World) settleAll() {
	for _, r := range w.order {
		if m, f := w.mappings[r.Type], w.forms[r.Address]; m != nil && m.settle != nil && f != nil {
			m.settle(f, w.model[r.Address])
		}
	}
}

// configure lets fill work on the resource that v refers to. When it is not
// sure that it does, the fields that fill would set become gaps.
func (w *World) configure(f *Form, v Value, kind cloud.Kind, blank func() cloud.Resource, fill func(*Form, cloud.Resource)) {
	ref, _ := w.refOf(v, kind, f.resource)
	parent := w.model[ref]
	if parent == nil || parent.Kind() != kind {
		if !w.mappings[f.resource.Type].minor {
			w.alone(f.resource, blank, fill)
		}
		w.doubt(f.resource, v, blank, fill)
		return
	}
	if !w.comesWith(f.resource, ref) {
		if !w.mappings[f.resource.Type].minor {
			w.alone(f.resource, blank, fill)
		}
		w.unsettle(f.resource, f.resource.Maybe, parent, blank, fill)
		return
	}
	whole := w.forms[ref]
	part := &Form{world: w, resource: f.resource, body: f.resource.Body, into: any(parent).(cloud.Gapped), set: whole.set, touched: map[string]bool{}}
	fill(part, parent)
}

// comesWith reports whether a resource is surely made when the other one is:
// always, or under one and the same condition.
func (w *World) comesWith(r *Resource, other cloud.Ref) bool {
	return r.Maybe == nil || w.resource[other] != nil && w.resource[other].Maybe == r.Maybe
}

// alone judges what configures a resource outside of the code on its own.
func (w *World) alone(r *Resource, blank func() cloud.Resource, fill func(*Form, cloud.Resource)) {
	if w.model[r.Address] != nil {
		return
	}
	made := blank()
	meta := made.Meta()
	meta.Ref, meta.Name, meta.Account, meta.Region, meta.Origin = r.Address, r.Label, r.Account, r.Region, r.Origin
	w.add(made)
	f := w.form(r, made)
	w.forms[r.Address] = f
	f.undecided = elsewhere
	fill(f, made)
	meta.SetGap(elsewhere, "tags")
	w.doubts[meta.Ref] = elsewhere
}

// elsewhere is why nothing more is known of a resource outside of the code.
var elsewhere = &cloud.Gap{Reason: cloud.Elsewhere, Message: "the resource that this configures is not in this code"}

// doubt makes gaps in the resources that an unclear reference may mean.
func (w *World) doubt(r *Resource, v Value, blank func() cloud.Resource, fill func(*Form, cloud.Resource)) {
	for _, part := range append(v.Parts(), Part{Hole: v.hole}) {
		if part.Hole == nil {
			continue
		}
		for _, ref := range part.Hole.Mentions {
			if parent := w.model[w.follow(ref)]; parent != nil && reflect.TypeOf(parent) == reflect.TypeOf(blank()) {
				w.unsettle(r, part.Hole, parent, blank, fill)
			}
		}
	}
}

// unsettle makes a gap of every field of the parent that fill may or may not set.
func (w *World) unsettle(r *Resource, why *Hole, parent cloud.Resource, blank func() cloud.Resource, fill func(*Form, cloud.Resource)) {
	scratch := blank()
	f := w.form(r, scratch)
	fill(f, scratch)
	gap := why.Gap()
	gap.Message = fmt.Sprintf("%s may set it: %s", r.Address, gap.Message)
	whole := w.forms[parent.Meta().Ref]
	for name := range f.touched {
		g := gap
		if sf, ok := fieldByName(reflect.TypeOf(parent).Elem(), name); ok && sf.Type.Kind() == reflect.Slice {
			g = gap.AsPartial()
		}
		parent.Meta().SetGap(g, name)
		if whole != nil {
			whole.set[name] = true
		}
	}
}

func fieldByName(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if sf := t.Field(i); !sf.Anonymous && cloud.FieldName(sf) == name {
			return sf, true
		}
	}
	return reflect.StructField{}, false
}

// configurePlace judges a setting of the whole account or region on its own, and lets
// every resource of that place see it.
func (w *World) configurePlace(f *Form, kind cloud.Kind, blank func() cloud.Resource, fill func(*Form, cloud.Resource)) {
	w.alone(f.resource, blank, fill)
	place := w.place(kind, f.resource, blank)
	part := &Form{world: w, resource: f.resource, body: f.resource.Body, into: any(place).(cloud.Gapped), set: w.forms[place.Meta().Ref].set, touched: map[string]bool{}}
	if f.resource.Maybe != nil {
		w.unsettle(f.resource, f.resource.Maybe, place, blank, fill)
		return
	}
	fill(part, place)
}

// place is the account or region that a resource is in, as context.
func (w *World) place(kind cloud.Kind, r *Resource, blank func() cloud.Resource) cloud.Resource {
	ref := placeRef(kind, r)
	if p := w.model[ref]; p != nil {
		return p
	}
	p := blank()
	meta := p.Meta()
	meta.Ref, meta.Account, meta.Context = ref, r.Account, true
	if kind == kindOf[aws.RegionSettings]() {
		meta.Region = r.Region
	}
	w.add(p)
	w.forms[ref] = w.form(r, p)
	return p
}

func placeRef(kind cloud.Kind, r *Resource) cloud.Ref {
	if kind == kindOf[aws.Account]() {
		return cloud.Ref("account " + string(r.Account))
	}
	return cloud.Ref("region " + string(r.Account) + "/" + string(r.Region))
}

// finish closes every form: what nothing decided is a gap.
func (w *World) finish() {
	for _, r := range w.order {
		if w.mappings[r.Type] == nil {
			continue
		}
		account := w.place(kindOf[aws.Account](), r, makerOf[aws.Account]()).(*aws.Account)
		region := w.place(kindOf[aws.RegionSettings](), r, makerOf[aws.RegionSettings]()).(*aws.RegionSettings)
		w.placeDefaults(account, region)
	}
	for _, r := range w.made {
		ref := r.Meta().Ref
		if f := w.forms[ref]; f != nil {
			f.finish()
			if f.resource.Maybe != nil && !r.Meta().Context {
				w.loosen(r, f.resource)
			}
		}
	}
}

// placeDefaults gives an account the settings that AWS gives every new one,
// where code says nothing else: code is judged as in a fresh account.
func (w *World) placeDefaults(account *aws.Account, region *aws.RegionSettings) {
	a, r := w.forms[account.Ref], w.forms[region.Ref]
	if !a.set["s3_public_access_block"] {
		account.S3PublicAccessBlock = &aws.PublicAccessBlock{}
		a.Default(&account.S3PublicAccessBlock)
	}
	a.Default(&account.Organization)
	r.Default(&region.EBSEncryptionByDefault)
	if !r.set["metadata_defaults"] {
		region.MetadataDefaults = &aws.MetadataOptions{}
		r.Default(&region.MetadataDefaults)
	}
}

// loosen makes gaps of the links of a resource that may not be made at all, so
// that nothing that is made without it is taken to be configured by it.
func (w *World) loosen(r cloud.Resource, from *Resource) {
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		if _, computed := sf.Tag.Lookup("backlink"); computed || sf.Anonymous {
			continue
		}
		if l, ok := v.Field(i).Addr().Interface().(cloud.AnyLink); ok && w.model[l.Dest()] != nil && !w.comesWith(from, l.Dest()) {
			v.Field(i).SetZero()
			r.Meta().SetGap(from.Maybe.Gap(), cloud.FieldName(sf))
		}
	}
}

// refOf is the resource of a kind that a value refers to.
func (w *World) refOf(v Value, kind cloud.Kind, from *Resource) (cloud.Ref, *cloud.Gap) {
	if text, ok := v.Known(); ok {
		return w.refNamed(text, kind, from), nil
	}
	switch v.Kind() {
	case Absent:
		return "", nil
	case Unknown:
		return "", w.unclear(v.hole, kind)
	case List:
		if items, _ := v.Items(); len(items) == 1 {
			return w.refOf(items[0], kind, from)
		}
	}
	parts := v.Parts()
	for i, p := range parts {
		if p.Hole == nil || p.Hole.Of == "" {
			continue
		}
		before, after := text(parts[:i]), text(parts[i+1:])
		if (before == "" || strings.HasPrefix(before, "arn:") || strings.HasPrefix(before, "alias/")) && (after == "" || after[0] == ':' || after[0] == '/') {
			return w.part(w.follow(p.Hole.Of), kind), nil
		}
	}
	if s, ok := w.stand(v); ok {
		return w.refNamed(s, kind, from), nil
	}
	if h := v.Hole(); h != nil {
		return "", w.unclear(h, kind)
	}
	return "", &cloud.Gap{Reason: cloud.Malformed, Message: quoteShort(v) + " refers to nothing"}
}

// unclear is the gap of a reference that is not known. It may lead to what the
// hole is derived from: those resources do not know who refers to them.
func (w *World) unclear(h *Hole, kind cloud.Kind) *cloud.Gap {
	for _, ref := range h.Mentions {
		to := w.part(w.follow(ref), kind)
		if r := w.model[to]; r != nil && r.Kind() == kind && w.doubts[to] == nil {
			w.doubts[to] = h.Gap()
		}
	}
	return h.Gap()
}

// part is the part of a kind that a resource comes with, or the resource itself.
func (w *World) part(whole cloud.Ref, kind cloud.Kind) cloud.Ref {
	if r := w.resource[whole]; r != nil && w.mappings[r.Type] != nil {
		whole += w.mappings[r.Type].parts[kind]
	}
	return cmp.Or(w.taken[whole], whole)
}

func text(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// refNamed is the resource of a kind that goes by a name, an id or an ARN.
func (w *World) refNamed(name string, kind cloud.Kind, from *Resource) cloud.Ref {
	if name == "" {
		return ""
	}
	if ref := w.named[namedKey{kind, name}]; ref != "" {
		return ref
	}
	if strings.HasPrefix(name, "arn:") {
		return cmp.Or(w.arns[name], w.arns[strings.TrimSuffix(name, ":*")], cloud.Ref(name))
	}
	pattern := w.patterns[kind]
	if strings.HasPrefix(name, "alias/") { // of a KMS key
		pattern = "arn:{partition}:kms:{region}:{account}:{name}"
	}
	if arn := from.expand(pattern, name); arn != "" {
		return cloud.Ref(arn)
	}
	return cloud.Ref(name)
}

// follow leads from an address in code to the resource of the model that it is
// part of.
func (w *World) follow(address cloud.Ref) cloud.Ref {
	for range 8 { // aliases of aliases end
		r := w.resource[address]
		if w.model[address] != nil || r == nil {
			return address
		}
		m := w.mappings[r.Type]
		if m == nil || m.parent == "" {
			return address
		}
		next := cloud.Ref("")
		for _, p := range r.Body.Get(m.parent).Parts() {
			if p.Hole != nil && p.Hole.Of != "" {
				next = p.Hole.Of
			}
		}
		if name, ok := r.Body.Get(m.parent).Known(); ok {
			next = w.refNamed(name, m.kind, r)
		}
		if next == "" {
			return address
		}
		address = next
	}
	return address
}

// stand is a string with every hole filled by what can stand for it inside of
// a policy or an ARN: the ARN or name that the resource will have, its address
// where only AWS knows that. It is false where a hole could hold anything.
func (w *World) stand(v Value) (string, bool) {
	if s, ok := v.Known(); ok {
		return s, true
	}
	if v.Kind() != String {
		return "", false
	}
	var b strings.Builder
	for _, p := range v.parts {
		b.WriteString(p.Text)
		switch {
		case p.Hole == nil:
		case p.Hole.Stands:
			b.WriteString(p.Hole.Stand)
		case p.Hole.Of != "":
			b.WriteString(w.standFor(p.Hole))
		default:
			return "", false
		}
	}
	return b.String(), true
}

func (w *World) standFor(h *Hole) string {
	if r := w.model[h.Of]; r != nil {
		meta := r.Meta()
		switch {
		case h.Attr == "arn" && meta.ARN != "":
			return string(meta.ARN)
		case (h.Attr == "id" || h.Attr == "name") && meta.Gap("name") == nil && meta.Name != "":
			return meta.Name
		}
		if in := w.resource[h.Of]; in != nil && h.Attr == "arn" {
			// With the address in place of the name that is not known.
			return cmp.Or(in.expand(w.patterns[r.Kind()], string(h.Of)), string(h.Of)+".arn")
		}
	}
	return string(h.Of) + "." + h.Attr
}

func (w *World) snapshot(in Input) *cloud.Snapshot {
	s := &cloud.Snapshot{Source: in.Source, Open: true, Fragment: true, Resources: w.made, Doubts: w.doubts, Skipped: slices.Clone(in.Skipped)}
	for _, u := range in.Unread {
		s.Skipped = append(s.Skipped, cloud.Skipped{Path: u.Origin.File, Line: u.Origin.Line, Why: u.Why})
	}
	for _, typ := range slices.Sorted(maps.Keys(w.unknown)) {
		rs := w.unknown[typ]
		s.Skipped = append(s.Skipped, cloud.Skipped{Path: place(rs[0]).File, Line: place(rs[0]).Line,
			Why: fmt.Sprintf("%s is not in the model: %d of them left unjudged", typ, len(rs))})
	}
	s.Collections = w.collections()
	s.Sort()
	return s
}

func place(r *Resource) cloud.Origin {
	if len(r.Origin) == 0 {
		return cloud.Origin{}
	}
	return r.Origin[0]
}

// collections says of every kind that code can declare that it was listed.
func (w *World) collections() []cloud.Collection {
	regions := map[cloud.AccountID][]cloud.Region{}
	for _, r := range w.order {
		for _, place := range []cloud.Region{"", r.Region} {
			if !slices.Contains(regions[r.Account], place) {
				regions[r.Account] = append(regions[r.Account], place)
			}
		}
	}
	kinds := map[cloud.Kind]bool{}
	for _, m := range w.mappings {
		kinds[m.kind] = true
	}
	for _, r := range w.made {
		kinds[r.Kind()] = true
	}
	var out []cloud.Collection
	for account, places := range regions {
		for _, k := range aws.Kinds() {
			c := cloud.Collection{Kind: k.Kind(), Account: account, Regions: places}
			if !kinds[k.Kind()] {
				c.Gap = notInCode
			}
			out = append(out, c)
		}
	}
	return out
}
