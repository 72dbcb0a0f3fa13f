package cloudformation

import (
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// readParameters gives every declared parameter its value: the one given, its
// default, or a hole.
func (s *stack) readParameters() {
	declared := map[string]code.Value{}
	s.section("Parameters", func(name string, n *node) { declared[name] = s.parameter(name, n) })
	s.parameters = declared
}

// parameter is the value of one. What it says was written at its declaration,
// until a property that uses it says otherwise.
func (s *stack) parameter(name string, n *node) code.Value {
	typ := n.get("Type").str()
	open := func(why string) code.Value {
		return code.Unsure(&code.Hole{Reason: cloud.NotRead, Why: "parameter " + name + why}, n.at())
	}
	v, given := s.parameters[name]
	switch {
	case n.get("NoEcho").yes():
		if h := v.Hole(); h != nil {
			return v
		}
		return open(" (NoEcho)")
	case strings.HasPrefix(typ, "AWS::SSM::Parameter::Value<"):
		return open(" is read from SSM at deploy")
	case !given:
		v = literal(n.get("Default"))
	}
	if v.IsAbsent() {
		return open(" has no default")
	}
	if typ == "CommaDelimitedList" || strings.HasPrefix(typ, "List<") {
		return trimmed(split(v, ","))
	}
	if text, ok := v.Known(); ok && typ == "Number" && isNumber(strings.TrimSpace(text)) {
		return code.Num(strings.TrimSpace(text), v.Origin())
	} else if ok {
		return code.Text(text, v.Origin())
	}
	return v
}

// literal is a node without functions.
func literal(n *node) code.Value {
	if n == nil {
		return code.Value{}
	}
	switch n.kind {
	case textNode:
		return code.Text(n.text, n.at())
	case numberNode:
		return code.Num(n.text, n.at())
	case flagNode:
		return code.Flag(n.yes(), n.at())
	case listNode:
		members := make([]code.Value, 0, len(n.items))
		for _, item := range n.items {
			members = append(members, literal(item))
		}
		return code.ListOf(members, nil, n.at())
	}
	return code.Value{}
}

func trimmed(v code.Value) code.Value {
	items, more := v.Items()
	if v.Kind() != code.List {
		return v
	}
	members := make([]code.Value, len(items))
	for i, item := range items {
		members[i] = item.Map(strings.TrimSpace)
	}
	return code.ListOf(members, more, v.Origin())
}

// split takes a text apart. A hole that is an id or an ARN holds no comma, so
// that lists of references can be told apart; any other hole may hold the separator.
func split(v code.Value, by string) code.Value {
	if v.Kind() == code.List || v.Kind() == code.Unknown {
		return v
	}
	if s, ok := v.Known(); ok {
		var members []code.Value
		for _, piece := range strings.Split(s, by) {
			members = append(members, code.Text(piece, v.Origin()))
		}
		return code.ListOf(members, nil, v.Origin())
	}
	members, current := []code.Value{}, &line{}
	for _, p := range v.Parts() {
		if p.Hole != nil {
			if p.Hole.Of == "" && !p.Hole.Stands || by != "," {
				return code.Unsure(derive(nil, v), v.Origin())
			}
			current.hole(p.Hole)
			continue
		}
		pieces := strings.Split(p.Text, by)
		for _, piece := range pieces[:len(pieces)-1] {
			current.text(piece)
			members, current = append(members, current.value(v.Origin())), &line{}
		}
		current.text(pieces[len(pieces)-1])
	}
	return code.ListOf(append(members, current.value(v.Origin())), nil, v.Origin())
}

// pseudo is the value of a parameter that CloudFormation supplies.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func (s *stack) pseudo(name string, at *cloud.Origin) (code.Value, bool) {
	o := s.options
	stand := func(known, why, stand string) (code.Value, bool) {
		if known != "" {
			return code.Text(known, at), true
		}
		return code.Pieces([]code.Part{{Hole: &code.Hole{Why: name + why, Stand: stand, Stands: true}}}, at), true
	}
	switch name {
	case "AWS::NoValue":
		return code.Value{}, true
	case "AWS::Region":
		return stand(string(o.Region), " is where the stack is deployed", "")
	case "AWS::AccountId":
		return stand(string(o.Account), " is where the stack is deployed", "")
	case "AWS::Partition":
		return code.Text(o.partition(), at), true
	case "AWS::URLSuffix":
		if o.partition() == "aws-cn" {
			return code.Text("amazonaws.com.cn", at), true
		}
		return code.Text("amazonaws.com", at), true
	case "AWS::StackName":
		return stand("", " is given at deploy", "{StackName}")
	case "AWS::StackId", "AWS::NotificationARNs":
		return code.Unsure(&code.Hole{Why: name + " is given at deploy"}, at), true
	}
	return code.Value{}, false
}
