package cloudformation

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// Options are what is known of a deployment.
type Options struct {
	// Parameters given, by name; the others have their defaults.
	Parameters map[string]string
	Account    cloud.AccountID
	Region     cloud.Region
	// Partition is that of the region, or aws, unless given.
	Partition string
	// Prefix goes before the address of every resource, to tell templates of one run apart.
	Prefix string
	// Name is what a file of the tree is called in origins; nil leaves names as they are.
	Name func(string) string
}

func (o Options) partition() string {
	switch {
	case o.Partition != "":
		return o.Partition
	case strings.HasPrefix(string(o.Region), "cn-"):
		return "aws-cn"
	case strings.HasPrefix(string(o.Region), "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// Bounds on evaluation, far above what any template needs.
const (
	minValues = 1 << 20 // values that a run may make, whatever its size,
	growth    = 4       // and so many more for each node of its files
	maxText   = 1 << 20 // bytes of one text
	maxStacks = 500     // nested stacks of one run
	maxNested = 16      // stacks in stacks
)

var (
	resourceType = regexp.MustCompile(`["']?Type["']?\s*:\s*["']?(AWS|Custom|Alexa)::`)
	templateMark = regexp.MustCompile(`(?m)^[ \t{]*["']?(AWSTemplateFormatVersion["']?\s*:|Transform["']?\s*:\s*(-|\[)?\s*["']?AWS::)`)
	resourcesKey = regexp.MustCompile(`(?m)^["']?Resources["']?\s*:|^[\s{]*"Resources"\s*:`)
)

// IsTemplate reports whether a file looks like a template. It looks at the
// text alone, so that a template with a syntax error is one all the same.
func IsTemplate(name string, src []byte) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json", ".template", ".cfn", ".txt":
	default:
		return false
	}
	if !bytes.Contains(src, []byte("AWS")) && !bytes.Contains(src, []byte("Custom::")) {
		return false
	}
	return templateMark.Match(src) || resourcesKey.Match(src) && resourceType.Match(src)
}

// Read evaluates one template, and the nested stacks whose templates are in
// the tree. Name is a slash path in files. What is broken costs the smallest
// piece it is in and is listed; only a file that cannot be read at all is an error.
func Read(files fs.FS, name string, o Options) (code.Input, error) {
	r := newRun(files, o)
	doc, err := r.document(name)
	if err != nil {
		return code.Input{}, err
	}
	s := r.root(doc, name, o)
	s.load()
	s.evaluate()
	return r.input(r.name(name)), nil
}

// A run collects what all stacks of one reading yield, and bounds their cost.
type run struct {
	files     fs.FS
	name      func(string) string
	documents map[string]*document
	resources []*code.Resource
	unread    []code.Unread
	skipped   []cloud.Skipped
	roots     []*stack
	exports   map[string]export
	taken     map[cloud.Ref]bool // addresses, where they are construct paths
	stacks    int
	// values is how many more may be made, spent whether there are too many.
	values int
	spent  bool
}

func newRun(files fs.FS, o Options) *run {
	if o.Name == nil {
		o.Name = func(p string) string { return p }
	}
	return &run{files: files, name: o.Name, documents: map[string]*document{}, values: minValues}
}

func (r *run) input(paths ...string) code.Input {
	if r.spent {
		r.skipped = append(r.skipped, cloud.Skipped{Path: paths[0], Why: tooMuch().Why + ": what came last is left out"})
	}
	slices.SortStableFunc(r.skipped, func(a, b cloud.Skipped) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Why, b.Why))
	})
	return code.Input{
		Source:    cloud.Source{Kind: "cloudformation", Paths: paths},
		Resources: r.resources, Unread: r.unread, Skipped: slices.Compact(r.skipped),
	}
}

func (r *run) skip(at *cloud.Origin, format string, args ...any) {
	s := cloud.Skipped{Why: fmt.Sprintf(format, args...)}
	if at != nil {
		s.Path, s.Line = at.File, at.Line
	}
	r.skipped = append(r.skipped, s)
}

// A stack is one template with its parameters: the one that is read, or one
// nested in it.
type stack struct {
	run     *run
	options Options
	file    string
	root    *node
	// path goes before logical ids in addresses.
	path string
	// outer is the stack that this one is nested in, calls where, maybe why it
	// may not be made.
	outer *stack
	calls []cloud.Origin
	maybe *code.Hole

	parameters map[string]code.Value
	mappings   map[string]*node
	conditions map[string]*condition
	order      []string
	resources  map[string]*resource
	outputs    map[string]*node
	tags       code.Value // of the whole stack
	// assumed are the conditions that hold since the resource at hand exists.
	assumed map[string]bool
	// dotted are the resources that SAM names with a dot, by that name.
	dotted  map[string]string
	nesting int // how deep the value at hand is
	// including are the files whose members are being included.
	including []string
}

// A resource is one as written.
type resource struct {
	node    *node
	typ     string
	address cloud.Ref
	exists  truth
	// nested is the stack that it makes, once opened.
	nested *stack
	closed string // why it could not be opened
}

func (r *run) stack(doc *document, file string, o Options) *stack {
	r.skipped = append(r.skipped, doc.problems...)
	r.stacks++
	return &stack{run: r, options: o, file: file, root: doc.root, parameters: map[string]code.Value{}, mappings: map[string]*node{}, conditions: map[string]*condition{},
		resources: map[string]*resource{}, outputs: map[string]*node{}}
}

// document parses a file once, however many stacks are made of it.
func (r *run) document(file string) (*document, error) {
	if doc := r.documents[file]; doc != nil {
		return doc, nil
	}
	doc, err := parse(r.files, file, r.name(file))
	if err == nil {
		r.documents[file] = doc
		r.values += growth * doc.nodes
	}
	return doc, err
}

// root is a stack of its own.
func (r *run) root(doc *document, file string, o Options) *stack {
	s := r.stack(doc, file, o)
	s.path = o.Prefix
	for name, v := range o.Parameters {
		s.parameters[name] = code.Text(v, nil)
	}
	r.roots = append(r.roots, s)
	return s
}

// load takes the template apart into its sections.
func (s *stack) load() {
	if !s.root.is(objectNode) {
		s.run.skip(s.root.at(), "a template is an object with Resources")
		return
	}
	s.macros()
	s.readParameters()
	s.section("Mappings", func(name string, n *node) { s.mappings[name] = n })
	s.section("Conditions", func(name string, n *node) { s.conditions[name] = &condition{node: n} })
	s.section("Outputs", func(name string, n *node) { s.outputs[name] = n })
	s.section("Resources", s.declare)
	if len(s.resources) == 0 {
		s.run.skip(s.root.at(), "a template without resources")
	}
	for _, id := range s.order {
		r := s.resources[id]
		r.exists = truth{known: true, holds: true}
		if c := r.node.get("Condition"); c.str() != "" {
			r.exists = s.condition(c.text)
		}
	}
}

// section calls back for each entry of a section that is an object.
func (s *stack) section(name string, each func(string, *node)) {
	n := s.root.get(name)
	if n == nil || n.kind == nullNode {
		return
	}
	if n.kind != objectNode {
		s.run.skip(n.at(), "%s is not an object", name)
		return
	}
	n, more := s.expand(n)
	if more != nil {
		s.run.unread = append(s.run.unread, code.Unread{Why: "a part of " + name + " is not read: " + more.Why, Mentions: more.Mentions, Origin: *n.at()})
	}
	if name == "Resources" {
		n = s.serverless(n)
	}
	for i, key := range n.keys {
		each(key, n.items[i])
	}
}

func (s *stack) declare(id string, n *node) {
	typ := n.get("Type")
	if !typ.is(textNode) || typ.text == "" {
		s.run.skip(n.at(), "%s is not a resource: it has no Type", id)
		return
	}
	if s.resources[id] != nil {
		s.run.skip(s.resources[id].node.at(), "%s is written twice; the last one counts", id)
	} else {
		s.order = append(s.order, id)
	}
	s.resources[id] = &resource{node: n, typ: typ.text, address: s.address(id, n)}
}

// evaluate makes a resource of everything declared whose condition is not false.
func (s *stack) evaluate() {
	for _, id := range s.order {
		r := s.resources[id]
		if r.exists.known && !r.exists.holds {
			continue
		}
		s.assume(r)
		if !isStack(r.typ) {
			s.run.resources = append(s.run.resources, s.make(id, r))
		} else if why := s.open(r); why != "" {
			s.unread(id, r, why)
		}
		s.assumed = nil
	}
	for _, id := range s.order {
		if nested := s.resources[id].nested; nested != nil {
			nested.evaluate()
		}
	}
}

func (s *stack) make(id string, r *resource) *code.Resource {
	o := s.options
	body := s.body(id, r)
	out := &code.Resource{
		Type: r.typ, Address: r.address, Label: id, Body: body, Tags: s.tagsOf(body),
		Origin: append([]cloud.Origin{*r.node.at()}, s.calls...), Account: o.Account, Region: o.Region, Partition: o.partition(),
	}
	if path := constructPath(r.node); path != "" {
		out.Label = path
	}
	if out.Maybe = s.maybe; !r.exists.known {
		out.Maybe = r.exists.hole
	}
	return out
}

// body is the properties of a resource, along with what of its attributes
// says how it ends.
func (s *stack) body(id string, r *resource) code.Value {
	fields := map[string]code.Value{}
	for _, name := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		if v := s.value(r.node.get(name)); !v.IsAbsent() {
			fields[name] = v
		}
	}
	properties := r.node.get("Properties")
	v := s.value(properties)
	switch v.Kind() {
	case code.Object:
		names, more := v.Fields()
		for _, name := range names {
			fields[name] = v.Field(name)
		}
		return code.ObjectOf(fields, more, properties.at())
	case code.Unknown:
		return code.ObjectOf(fields, v.Hole(), r.node.at())
	case code.Absent:
	default:
		s.run.skip(properties.at(), "the properties of %s are not an object", id)
	}
	return code.ObjectOf(fields, nil, r.node.at())
}

// tagsOf brings the ways to write tags into one: an object of name and value.
func (s *stack) tagsOf(body code.Value) code.Value {
	own := asTags(body.Get("Tags"))
	for _, name := range []string{"HostedZoneTags", "FileSystemTags", "AccessPointTags", "BackupVaultTags", "BackupPlanTags", "UserPoolTags"} {
		own = own.Or(asTags(body.Field(name)))
	}
	if s.tags.IsAbsent() {
		return own
	}
	return merge(s.tags, own)
}

func asTags(v code.Value) code.Value {
	switch v.Kind() {
	case code.Absent, code.Object, code.Unknown:
		return v
	}
	fields := map[string]code.Value{}
	items, more := v.Items()
	for _, item := range items {
		name, ok := item.Get("Key").Known()
		if h := item.Get("Key").Hole(); !ok && h != nil {
			more = h
		} else if ok {
			fields[name] = item.Get("Value").Or(code.Text("", item.Origin()))
		}
	}
	return code.ObjectOf(fields, more, v.Origin())
}
