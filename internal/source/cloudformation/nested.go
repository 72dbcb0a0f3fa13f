package cloudformation

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// isStack reports whether a type is a stack in the stack.
func isStack(typ string) bool {
	return typ == "AWS::CloudFormation::Stack" || typ == "AWS::Serverless::Application"
}

// open reads the template of a nested stack, once, or says why it is not read.
func (s *stack) open(r *resource) (why string) {
	if r.nested != nil || r.closed != "" {
		return r.closed
	}
	r.closed = "its parameters refer to its own outputs"
	r.nested, r.closed = s.inside(r)
	return r.closed
}

// inside makes the stack of a nested template with its parameters.
func (s *stack) inside(r *resource) (in *stack, why string) {
	file, why := s.templateOf(r)
	if why != "" {
		return nil, why
	}
	doc, err := s.run.document(file)
	if err != nil {
		return nil, err.Error()
	}
	assumed := s.assumed
	s.assume(r)
	body := s.body(string(r.address), r)
	s.assumed = assumed

	in = s.run.stack(doc, file, s.options)
	in.outer, in.path, in.maybe = s, string(r.address)+".", s.maybe
	if !r.exists.known {
		in.maybe = r.exists.hole
	}
	in.calls = append([]cloud.Origin{*r.node.at()}, s.calls...)
	in.tags = s.tagsOf(body)
	names, _ := body.Get("Parameters").Fields()
	for _, name := range names {
		in.parameters[name] = body.Get("Parameters").Field(name)
	}
	in.load()
	return in, ""
}

// templateOf finds the local template of a nested stack.
func (s *stack) templateOf(r *resource) (file, why string) {
	property := "TemplateURL"
	if r.typ == "AWS::Serverless::Application" {
		property = "Location"
	}
	url := s.value(r.node.path("Properties", property))
	name, known := url.Known()
	if asset := r.node.path("Metadata", "aws:asset:path"); asset.is(textNode) && r.node.path("Metadata", "aws:asset:property").str() == property {
		name, known = asset.text, true
	}
	if !known || name == "" || strings.Contains(name, "://") {
		return "", strings.TrimSpace("its template "+cmp.Or(name, url.Show())) + " is not a local file"
	}
	file = path.Join(path.Dir(s.file), name)
	if !fs.ValidPath(file) || path.IsAbs(name) {
		return "", "its template " + name + " is outside of what is read"
	}
	depth := 0
	for outer := s; outer != nil; outer = outer.outer {
		if depth++; outer.file == file {
			return "", "its template " + name + " nests itself"
		}
	}
	if depth >= maxNested || s.run.stacks >= maxStacks {
		return "", "there are too many nested stacks"
	}
	return file, ""
}

// unread lists a nested stack that is not read, with the resources it is given.
func (s *stack) unread(id string, r *resource, why string) {
	given := derive(nil, s.value(r.node.path("Properties", "Parameters")))
	s.run.unread = append(s.run.unread, code.Unread{
		Why: fmt.Sprintf("nested stack %s is not read: %s", id, why), Mentions: given.Mentions, Origin: *r.node.at(),
	})
}

// output is an output of a nested stack.
func (s *stack) output(id string, r *resource, name string, at *cloud.Origin) code.Value {
	if why := s.open(r); why != "" {
		return code.Unsure(&code.Hole{Reason: cloud.NotRead, Why: fmt.Sprintf("nested stack %s is not read: %s", id, why)}, at)
	}
	n := r.nested.outputs[name]
	if n == nil {
		return code.Unsure(broken("nested stack %s has no output %s", id, name), at)
	}
	return r.nested.value(n.get("Value")).AtOrigin(at)
}
