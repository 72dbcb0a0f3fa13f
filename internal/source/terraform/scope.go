package terraform

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
	"merlon.dev/internal/source/terraform/functions"
)

// Bounds on what one configuration may cost.
const (
	maxFile      = 16 << 20
	maxText      = 4 << 20
	maxNesting   = 200
	maxInstances = 1000
	maxModules   = 20000
)

// selfAttr is the hidden attribute by which the object of a resource is known:
// its address.
const selfAttr = "\uE102"

// A run evaluates one root module.
type run struct {
	files     fs.FS
	options   Options
	root      *scope
	prefix    string // of addresses, where several roots are read
	folders   map[string]*folder
	folder    func(dir string) *folder
	holes     []*code.Hole
	sealed    map[*code.Hole]int
	known     map[string]*code.Hole
	documents map[string]code.Value
	instances map[string]*instance
	functions map[string]map[string]function.Function
	scopes    int
	depth     int
	manifest  map[string]string // folders of fetched modules
	unread    []code.Unread
	skipped   []cloud.Skipped
}

// A scope is one instance of a module.
type scope struct {
	run     *run
	folder  *folder
	parent  *scope
	call    *hclsyntax.Block // the module call, in the parent
	calling *env             // where its arguments are evaluated
	address string           // module.app[0]. or ""
	origin  []cloud.Origin   // of the module calls, innermost first
	maybe   *code.Hole

	vars     map[string]*memo
	locals   map[string]*memo
	outputs  map[string]*memo
	managed  map[string]*set
	data     map[string]*set
	children map[string]*children
}

// memo is a value that is worked out once. It is unknown to itself.
type memo struct {
	val  cty.Value
	done bool
}

func newScope(r *run, f *folder, parent *scope, address string) *scope {
	return &scope{run: r, folder: f, parent: parent, address: address, vars: map[string]*memo{}, locals: map[string]*memo{}, outputs: map[string]*memo{},
		managed: map[string]*set{}, data: map[string]*set{}, children: map[string]*children{}}
}

func (s *scope) env() *env { return &env{scope: s} }

func (s *scope) functions() map[string]function.Function {
	if t := s.run.functions[s.folder.path]; t != nil {
		return t
	}
	t := functions.Table(s.run.files, s.folder.path)
	s.run.functions[s.folder.path] = t
	return t
}

// once works out a value, or hands back what it came to before.
func (s *scope) once(in map[string]*memo, name, what string, work func() cty.Value) cty.Value {
	m := in[name]
	if m == nil {
		m = &memo{val: s.run.unsure(s.run.interned(&code.Hole{Reason: cloud.Malformed, Why: what + " refers to itself"}))}
		in[name] = m
		m.val = work()
		m.done = true
	}
	return m.val
}

// reference resolves a reference no further than it is followed.
func (e *env) reference(t hcl.Traversal) (cty.Value, error) {
	root := t.RootName()
	if v, ok := e.lookup(root); ok {
		return e.walk(v, t[1:])
	}
	s := e.scope
	switch root {
	case "each", "count", "self":
		return s.run.unsure(s.run.interned(&code.Hole{Why: root + " is not set here"})), nil
	}
	name, ok := stepName(t, 1)
	if !ok {
		return cty.NilVal, fmt.Errorf("%s alone is no value", root)
	}
	switch root {
	case "var":
		return e.walk(s.variable(name), t[2:])
	case "local":
		return e.walk(s.local(name), t[2:])
	case "module":
		return s.module(name, t[2:])
	case "path":
		return cty.StringVal(map[string]string{"module": s.folder.path, "root": s.run.root.folder.path, "cwd": "."}[name]), nil
	case "terraform", "tofu":
		return s.workspace(name), nil
	case "data":
		if typ, ok := stepName(t, 2); ok {
			return e.resource(s.data, s.folder.data, "data.", name+"."+typ, t[3:])
		}
	default:
		return e.resource(s.managed, s.folder.managed, "", root+"."+name, t[2:])
	}
	return cty.NilVal, errors.New("a reference without a name")
}

func stepName(t hcl.Traversal, i int) (string, bool) {
	if i >= len(t) {
		return "", false
	}
	step, ok := t[i].(hcl.TraverseAttr)
	return step.Name, ok
}

func (s *scope) workspace(name string) cty.Value {
	if name != "workspace" {
		return s.run.unsure(&code.Hole{Why: "terraform." + name})
	}
	if s.run.options.Workspace == "" {
		return cty.StringVal("default")
	}
	return cty.StringVal(s.run.options.Workspace)
}

// variable is the value of an input variable: what the call gives, else its default.
func (s *scope) variable(name string) cty.Value {
	return s.once(s.vars, name, "var."+name, func() cty.Value {
		v := s.folder.variables[name]
		if v == nil {
			return s.run.unsure(&code.Hole{Reason: cloud.Malformed, Why: "variable " + name + " is not declared"})
		}
		given, ok := s.given(name, v)
		if ok && given.IsNull() && !v.nullable {
			ok = false
		}
		if !ok && v.byDefault != nil {
			given, ok = s.env().known(v.byDefault), true
		}
		if !ok {
			return s.missing(v, s.address+"variable "+name+" has no default")
		}
		if v.sensitive {
			return s.missing(v, s.address+"variable "+name+" is sensitive")
		}
		return s.converted(given, v)
	})
}

func (s *scope) given(name string, v *variable) (cty.Value, bool) {
	if s.parent == nil {
		return s.run.options.variable(name, v.ty)
	}
	a := s.call.Body.Attributes[name]
	if a == nil {
		return cty.NilVal, false
	}
	return s.calling.known(a.Expr), true
}

// missing is a variable without a value that may be shown.
func (s *scope) missing(v *variable, why string) cty.Value {
	h := s.run.interned(&code.Hole{Reason: cloud.NotRead, Why: why})
	switch {
	case v.ty == cty.String:
		return s.run.token(h)
	case v.ty.HasDynamicTypes():
		return s.run.unsure(h)
	}
	return cty.UnknownVal(v.ty.WithoutOptionalAttributesDeep()).Mark(h)
}

// converted applies the variable's type and the defaults in it.
func (s *scope) converted(given cty.Value, v *variable) cty.Value {
	if v.ty == cty.DynamicPseudoType {
		return given
	}
	if u, _ := given.Unmark(); v.defaults != nil && u.IsKnown() && !u.IsNull() {
		unmarked, paths := given.UnmarkDeepWithPaths()
		given = v.defaults.Apply(unmarked).MarkWithPaths(paths)
	}
	if out, err := convert.Convert(given, v.ty); err == nil {
		return out
	}
	if out, err := convert.Convert(s.run.unsealed(given), v.ty); err == nil {
		return out
	}
	return given
}

func (s *scope) local(name string) cty.Value {
	return s.once(s.locals, name, s.address+"local."+name, func() cty.Value {
		a := s.folder.locals[name]
		if a == nil {
			return s.run.unsure(&code.Hole{Reason: cloud.Malformed, Why: "local." + name + " is not declared"})
		}
		return s.env().known(a.Expr)
	})
}

func (s *scope) output(name string) (cty.Value, error) {
	b := s.folder.outputs[name]
	if b == nil {
		return cty.NilVal, fmt.Errorf("%soutput %s is not declared", s.address, name)
	}
	return s.once(s.outputs, name, s.address+"output."+name, func() cty.Value {
		a := b.Body.Attributes["value"]
		if a == nil {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		return s.env().known(a.Expr)
	}), nil
}

// children are the instances of one module call.
type children struct {
	keyed
	scopes map[string]*scope // by the index in brackets, "" for a single one
	unread *code.Hole        // why the module is not read
}

// module resolves a reference to a module's outputs.
func (s *scope) module(name string, rest hcl.Traversal) (cty.Value, error) {
	b := s.folder.modules[name]
	if b == nil {
		return cty.NilVal, fmt.Errorf("module %s is not declared", name)
	}
	c := s.modules(name, b)
	if c.unread != nil {
		h := *c.unread
		h.Why = fmt.Sprintf("an output of module %s, which is not read", name)
		if out, ok := lastName(rest); ok && looksLikeText(out) {
			return s.run.token(s.run.interned(&h)), nil
		}
		return s.run.unsure(s.run.interned(&h)), nil
	}
	if inst, after, ok := c.pick(s.run, rest); ok {
		child := c.scopes[inst]
		if child == nil {
			return cty.NilVal, fmt.Errorf("module.%s%s does not exist", name, inst)
		}
		if out, ok := stepName(after, 0); ok {
			v, err := child.output(out)
			if err != nil {
				return v, err
			}
			return s.env().walk(v, after[1:])
		}
		return child.object(), nil
	}
	if c.hole != nil {
		return s.run.unsure(c.hole), nil
	}
	return s.env().walk(c.together(func(key string) cty.Value { return c.scopes[key].object() }), rest)
}

func lastName(t hcl.Traversal) (string, bool) {
	for i := len(t) - 1; i >= 0; i-- {
		if name, ok := stepName(t, i); ok {
			return name, true
		}
	}
	return "", false
}

// object is a module as a value: all its outputs.
func (s *scope) object() cty.Value {
	fields := map[string]cty.Value{}
	for name := range s.folder.outputs {
		if v, err := s.output(name); err == nil {
			fields[name] = v
		}
	}
	return cty.ObjectVal(fields)
}

// modules expands a module call.
func (s *scope) modules(name string, b *hclsyntax.Block) *children {
	if c := s.children[name]; c != nil {
		return c
	}
	c := &children{scopes: map[string]*scope{}, unread: &code.Hole{Reason: cloud.Malformed, Why: "module " + name + " refers to itself"}}
	s.children[name] = c
	source := s.sourceOf(b)
	f, why := s.locate(name, source)
	if why != "" {
		c.unread = s.leaveUnread(name, b, fmt.Sprintf("module %s is not read: %s", s.address+name, why))
		return c
	}
	c.keyed = s.env().keys(b.Body)
	c.unread = nil
	at := *origin(b.Range())
	for _, key := range c.order {
		if s.run.scopes++; s.run.scopes > maxModules {
			s.run.skipped = append(s.run.skipped, cloud.Skipped{Path: at.File, Line: at.Line, Why: fmt.Sprintf("more than %d modules", maxModules)})
			break
		}
		child := newScope(s.run, f, s, s.address+"module."+name+key+".")
		child.call, child.calling = b, c.env(s, key)
		child.origin = append([]cloud.Origin{at}, s.origin...)
		if child.maybe = s.maybe; c.hole != nil {
			child.maybe = c.hole
		}
		c.scopes[key] = child
	}
	return c
}

func (s *scope) sourceOf(b *hclsyntax.Block) string {
	a := b.Body.Attributes["source"]
	if a == nil {
		return ""
	}
	v, _ := s.env().known(a.Expr).Unmark()
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return ""
	}
	return v.AsString()
}

// locate finds the folder of a module, or says why it cannot be read.
func (s *scope) locate(name, source string) (*folder, string) {
	dir := ""
	switch {
	case source == "":
		return nil, "its source is not known"
	case strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == "..":
		dir = path.Join(s.folder.path, source)
	default:
		if dir = s.run.installed(s.address + "module." + name); dir == "" {
			return nil, fmt.Sprintf("its source %s is not on disk; `terraform init` or `terraform get` fetches it", source)
		}
	}
	if !fs.ValidPath(dir) {
		return nil, fmt.Sprintf("its source %s lies outside of what is read", source)
	}
	for up := s; up != nil; up = up.parent {
		if up.folder.path == dir {
			return nil, "it calls itself"
		}
	}
	f := s.run.folder(dir)
	if f.files == 0 {
		return nil, fmt.Sprintf("its source %s holds no configuration", source)
	}
	return f, ""
}

// leaveUnread records a module that is not read, with the resources it is given.
func (s *scope) leaveUnread(name string, b *hclsyntax.Block, why string) *code.Hole {
	h := &code.Hole{Reason: cloud.NotRead, Why: why}
	var args []string
	for _, arg := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
		switch arg {
		case "source", "version", "providers", "depends_on", "count", "for_each":
			continue
		}
		args = append(args, arg)
		for _, ref := range s.run.merged(s.env().known(b.Body.Attributes[arg].Expr)).Mentions {
			if !slices.Contains(h.Mentions, ref) {
				h.Mentions = append(h.Mentions, ref)
			}
		}
	}
	if len(args) > 0 {
		why += "; it was given " + strings.Join(args, ", ")
	}
	s.run.unread = append(s.run.unread, code.Unread{Why: why, Mentions: h.Mentions, Origin: *origin(b.Range())})
	return h
}

func origin(r hcl.Range) *cloud.Origin {
	return &cloud.Origin{File: r.Filename, Line: r.Start.Line, EndLine: r.End.Line}
}
