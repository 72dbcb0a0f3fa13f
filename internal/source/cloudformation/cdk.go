package cloudformation

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// ReadCDK evaluates what the CDK wrote into a folder, cdk.out: every stack of
// its manifest and of the assemblies in it, or every template where there is no
// manifest. Resources have the path of their construct for an address, and
// imports between the stacks are followed.
func ReadCDK(files fs.FS, dir string, o Options) (code.Input, error) {
	r := newRun(files, o)
	r.taken = map[cloud.Ref]bool{}
	stacks, err := r.assembly(dir, o, 0)
	if err != nil {
		return code.Input{}, err
	}
	var paths []string
	for _, a := range stacks {
		doc, err := r.document(a.file)
		if err != nil {
			r.skip(&cloud.Origin{File: r.name(a.file), Line: 1}, "%v", err)
			continue
		}
		paths = append(paths, r.name(a.file))
		s := r.root(doc, a.file, a.options)
		s.path, s.tags = o.Prefix+a.name+"/", a.tags
		s.load()
	}
	if len(paths) == 0 {
		return code.Input{}, fmt.Errorf("read CDK output %s: it holds no template", dir)
	}
	for _, s := range r.roots {
		s.evaluate()
	}
	return r.input(paths...), nil
}

// An artifact is one stack of a CDK application.
type artifact struct {
	name, file string
	options    Options
	tags       code.Value
}

// assembly lists the stacks of a folder.
// https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/cloud-assembly-schema/README.md
func (r *run) assembly(dir string, o Options, depth int) ([]artifact, error) {
	doc, err := r.document(path.Join(dir, "manifest.json"))
	if err != nil || depth > maxNested {
		return r.loose(dir, o)
	}
	var out []artifact
	artifacts := doc.root.get("artifacts")
	for i, name := range artifacts.names() {
		n := artifacts.items[i]
		properties := n.get("properties")
		switch n.get("type").str() {
		case "aws:cloudformation:stack":
			a := artifact{name: name, file: path.Join(dir, properties.get("templateFile").str()), options: placed(o, n.get("environment").str())}
			if tags := literals(properties.get("tags")); len(tags) > 0 {
				a.tags = code.ObjectOf(tags, nil, nil)
			}
			out = append(out, a)
		case "cdk:cloud-assembly":
			inner, err := r.assembly(path.Join(dir, properties.get("directoryName").str()), o, depth+1)
			if err != nil {
				r.skip(n.at(), "%v", err)
			}
			out = append(out, inner...)
		}
	}
	return out, nil
}

// literals are the members of an object without functions.
func literals(n *node) map[string]code.Value {
	out := map[string]code.Value{}
	for i, name := range n.names() {
		out[name] = literal(n.items[i])
	}
	return out
}

// loose lists the templates of a folder without a manifest. Those of nested
// stacks are read where they are nested.
func (r *run) loose(dir string, o Options) ([]artifact, error) {
	entries, err := fs.ReadDir(r.files, path.Clean(dir))
	if err != nil {
		return nil, fmt.Errorf("read CDK output: %w", err)
	}
	var out []artifact
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".template.json"); ok && !strings.HasSuffix(name, ".nested") {
			out = append(out, artifact{name: name, file: path.Join(dir, e.Name()), options: o})
		}
	}
	return out, nil
}

// placed puts the account and region of an environment, aws://account/region,
// where the options leave them open.
func placed(o Options, environment string) Options {
	account, region, _ := strings.Cut(strings.TrimPrefix(environment, "aws://"), "/")
	if o.Account == "" && !strings.HasPrefix(account, "unknown") {
		o.Account = cloud.AccountID(account)
	}
	if o.Region == "" && !strings.HasPrefix(region, "unknown") {
		o.Region = cloud.Region(region)
	}
	return o
}

// constructPath is where in its application the CDK made a resource.
func constructPath(n *node) string { return n.path("Metadata", "aws:cdk:path").str() }

// address is the identity of a resource: the construct's path in CDK output,
// the logical id elsewhere.
func (s *stack) address(id string, n *node) cloud.Ref {
	a := cloud.Ref(s.path + id)
	if s.run.taken == nil {
		return a
	}
	if p := cloud.Ref(s.options.Prefix + constructPath(n)); p != "" && p != cloud.Ref(s.options.Prefix) && !s.run.taken[p] {
		a = p
	}
	s.run.taken[a] = true
	return a
}

// An export is an output that other stacks may import.
type export struct {
	stack *stack
	value *node
}

// imported is the value of an export: of a stack that is read along, or open.
func (s *stack) imported(name code.Value, at *cloud.Origin) code.Value {
	text, ok := name.Known()
	if e := s.run.exported()[text]; ok && e.value != nil {
		return e.stack.value(e.value).AtOrigin(at)
	}
	return code.Unsure(derive(&code.Hole{Reason: cloud.NotRead, Why: "export " + name.Show() + " of another stack is read at deploy"}, name), at)
}

// exported lists the exports of all stacks of the run.
func (r *run) exported() map[string]export {
	if r.exports != nil {
		return r.exports
	}
	r.exports = map[string]export{}
	for _, s := range r.roots {
		for _, output := range slices.Sorted(maps.Keys(s.outputs)) {
			n := s.outputs[output]
			if name, ok := s.value(n.path("Export", "Name")).Known(); ok && n.get("Value") != nil {
				r.exports[name] = export{s, n.get("Value")}
			}
		}
	}
	return r.exports
}
