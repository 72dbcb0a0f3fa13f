package cloudformation

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// A condition is one entry of the section Conditions.
type condition struct {
	node    *node
	truth   truth
	done    bool
	opening bool
}

// A truth is what is known of a condition. Its hole says why it is not.
type truth struct {
	known, holds bool
	hole         *code.Hole
}

func certain(holds bool) truth { return truth{known: true, holds: holds} }

func doubtful(why *code.Hole) truth { return truth{hole: why} }

// condition evaluates a condition by its name.
func (s *stack) condition(name string) truth {
	if holds, ok := s.assumed[name]; ok {
		return certain(holds)
	}
	c := s.conditions[name]
	switch {
	case c == nil:
		return doubtful(&code.Hole{Reason: cloud.Malformed, Why: "condition " + name + " is not declared"})
	case c.opening:
		return doubtful(&code.Hole{Reason: cloud.Malformed, Why: "condition " + name + " refers to itself"})
	case c.done && s.assumed == nil:
		return c.truth
	}
	c.opening = true
	t := s.truth(c.node)
	c.opening = false
	if t.hole != nil && s.assumed == nil {
		t.hole = derive(&code.Hole{Reason: t.hole.Reason, Why: "condition " + name + " is open: " + t.hole.Why, Mentions: t.hole.Mentions})
	}
	if s.assumed == nil {
		c.truth, c.done = t, true
	}
	return t
}

// truth evaluates a condition function.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
func (s *stack) truth(n *node) truth {
	if !s.enter() {
		return doubtful(tooMuch())
	}
	defer s.leave()
	fn, arg := n.call()
	switch fn {
	case "Condition":
		return s.condition(arg.str())
	case "Fn::Equals":
		if operands := arg.list(); len(operands) == 2 {
			return s.equal(operands[0], operands[1])
		}
	case "Fn::Not":
		if operands := arg.list(); len(operands) == 1 {
			t := s.truth(operands[0])
			t.holds = t.known && !t.holds
			return t
		}
	case "Fn::And":
		return s.fold(arg.list(), false)
	case "Fn::Or":
		return s.fold(arg.list(), true)
	default:
		if v, ok := s.value(n).Bool(); ok {
			return certain(v)
		}
	}
	return doubtful(&code.Hole{Reason: cloud.Malformed, Why: "not a condition"})
}

// fold is And, decided by the first that is false, and Or, by the first that is true.
func (s *stack) fold(operands []*node, decisive bool) truth {
	open := (*code.Hole)(nil)
	for _, o := range operands {
		t := s.truth(o)
		if t.known && t.holds == decisive {
			return certain(decisive)
		}
		if !t.known && open == nil {
			open = t.hole
		}
	}
	if open != nil {
		return doubtful(open)
	}
	return certain(!decisive)
}

func (s *stack) equal(a, b *node) truth {
	x, y := s.value(a), s.value(b)
	if same(x, y) {
		return certain(true)
	}
	if known(x) && known(y) {
		return certain(false)
	}
	for _, pair := range [][2]any{{a, y}, {b, x}} {
		if text, ok := pair[1].(code.Value).Known(); ok && s.forbids(pair[0].(*node), text) {
			return certain(false)
		}
	}
	return doubtful(derive(nil, x, y))
}

// forbids reports whether the node is a parameter whose allowed values leave the text out.
func (s *stack) forbids(n *node, text string) bool {
	fn, arg := n.call()
	if fn != "Ref" {
		return false
	}
	allowed := s.root.path("Parameters", arg.str(), "AllowedValues").list()
	for _, v := range allowed {
		if v.text == text {
			return false
		}
	}
	return len(allowed) > 0
}

// assume notes what follows from the resource at hand being made: its condition
// holds, and with it each part of an And.
func (s *stack) assume(r *resource) {
	s.assumed = nil
	if r.exists.known {
		return
	}
	s.assumed = map[string]bool{}
	s.suppose(r.node.get("Condition").str(), true)
}

func (s *stack) suppose(name string, holds bool) {
	c := s.conditions[name]
	if _, done := s.assumed[name]; done || c == nil {
		return
	}
	s.assumed[name] = holds
	s.supposeAll(c.node, holds)
}

func (s *stack) supposeAll(n *node, holds bool) {
	fn, arg := n.call()
	switch {
	case fn == "Condition":
		s.suppose(arg.str(), holds)
	case fn == "Fn::Not" && len(arg.list()) == 1:
		s.supposeAll(arg.items[0], !holds)
	case fn == "Fn::And" && holds, fn == "Fn::Or" && !holds:
		for _, o := range arg.list() {
			s.supposeAll(o, holds)
		}
	}
}
