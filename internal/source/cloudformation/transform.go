package cloudformation

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

const (
	forEach   = "Fn::ForEach::"
	transform = "Fn::Transform"
)

// macros lists the transforms of the template that are not known here, which
// may rewrite all of it.
func (s *stack) macros() {
	for _, n := range s.root.get("Transform").list() {
		name := n.str()
		if n.is(objectNode) {
			name = n.get("Name").str()
		}
		switch {
		case name == "AWS::Include":
			s.root, _ = s.include(s.root, n)
		case !strings.HasPrefix(name, "AWS::"):
			s.run.skip(n.at(), "macro %s may rewrite the template at deploy: it is judged as it is written", name)
		}
	}
}

// expanded reports whether an object holds neither loops nor includes.
func (n *node) expanded() bool {
	return !slices.ContainsFunc(n.keys, func(k string) bool { return k == transform || strings.HasPrefix(k, forEach) })
}

// expand replaces the loops and includes among the members of an object by
// what they stand for. What more the object may hold is the hole.
func (s *stack) expand(n *node) (*node, *code.Hole) {
	if n.expanded() {
		return n, nil
	}
	if !s.enter() {
		return &node{kind: objectNode, origin: n.origin}, tooMuch()
	}
	defer s.leave()
	out := &node{kind: objectNode, origin: n.origin}
	more := (*code.Hole)(nil)
	note := func(h *code.Hole) {
		if more == nil {
			more = h
		}
	}
	for i, key := range n.keys {
		switch loop, isLoop := strings.CutPrefix(key, forEach); {
		case isLoop:
			note(s.loop(out, loop, n.items[i]))
		case key == transform:
			for _, t := range n.items[i].list() {
				included, why := s.include(&node{kind: objectNode}, t)
				out.add(included)
				note(why)
			}
		default:
			out.keys, out.items = append(out.keys, key), append(out.items, n.items[i])
		}
	}
	return out, more
}

func (n *node) add(members *node) {
	n.keys, n.items = append(n.keys, members.keys...), append(n.items, members.items...)
}

// loop adds the members that Fn::ForEach makes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
func (s *stack) loop(out *node, name string, n *node) *code.Hole {
	if !n.is(listNode) || len(n.items) != 3 || !n.items[2].is(objectNode) {
		return broken("%s%s takes an identifier, a collection and an object", forEach, name)
	}
	id, body := n.items[0].str(), n.items[2]
	collection := s.value(n.items[1])
	items, more := collection.Items()
	for _, item := range items {
		text, ok := item.Known()
		if !ok {
			more = derive(nil, item)
			continue
		}
		round, why := s.expand(s.substitute(body, id, text))
		out.add(round)
		if why != nil {
			more = why
		}
	}
	if more == nil {
		return nil
	}
	return derive(&code.Hole{Reason: more.Reason, Why: "the collection of " + forEach + name + " is open: " + more.Why}, collection)
}

// substitute puts a value in place of a loop's identifier, in keys, texts and
// references. What does not mention it is shared, not copied.
func (s *stack) substitute(n *node, id, value string) *node {
	if !s.enter() {
		return n
	}
	defer s.leave()
	fill := func(text string) string {
		if !strings.Contains(text, id) {
			return text
		}
		return strings.NewReplacer("${"+id+"}", value, "&{"+id+"}", alphanumeric(value)).Replace(text)
	}
	switch n.kind {
	case textNode:
		if text := fill(n.text); text != n.text {
			return &node{kind: textNode, text: text, origin: n.origin}
		}
		return n
	case listNode, objectNode:
	default:
		return n
	}
	if fn, arg := n.call(); fn == "Ref" && arg.str() == id {
		return &node{kind: textNode, text: value, origin: n.origin}
	}
	out := &node{kind: n.kind, origin: n.origin, keys: make([]string, len(n.keys)), items: make([]*node, len(n.items))}
	changed := false
	for i, key := range n.keys {
		out.keys[i] = fill(key)
		changed = changed || out.keys[i] != key
	}
	for i, item := range n.items {
		out.items[i] = s.substitute(item, id, value)
		changed = changed || out.items[i] != item
	}
	if !changed {
		return n
	}
	return out
}

func alphanumeric(s string) string {
	return strings.Map(func(c rune) rune {
		if c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
			return c
		}
		return -1
	}, s)
}

// include adds what AWS::Include brings from a local file to an object. What
// another place or another macro would bring is the hole.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
func (s *stack) include(into, n *node) (*node, *code.Hole) {
	name := n.get("Name").str()
	if name != "AWS::Include" {
		return into, &code.Hole{Why: "macro " + name + " runs at deploy"}
	}
	location := s.value(n.path("Parameters", "Location"))
	text, ok := location.Known()
	file := path.Join(path.Dir(s.file), text)
	if !ok || text == "" || strings.Contains(text, "://") || path.IsAbs(text) || !fs.ValidPath(file) {
		return into, derive(&code.Hole{Reason: cloud.NotRead, Why: "AWS::Include of " + location.Show() + " is not a local file"}, location)
	}
	doc, err := s.run.document(file)
	switch {
	case slices.Contains(s.including, file):
		return into, broken("AWS::Include of %s: it includes itself", file)
	case err != nil:
		return into, &code.Hole{Reason: cloud.NotRead, Why: "AWS::Include: " + err.Error()}
	case !doc.root.is(objectNode):
		return into, broken("AWS::Include of %s: it is not an object", file)
	}
	s.including = append(s.including, file)
	included, why := s.expand(doc.root)
	s.including = s.including[:len(s.including)-1]
	out := &node{kind: objectNode, origin: into.origin}
	out.add(into)
	out.add(included)
	return out, why
}
