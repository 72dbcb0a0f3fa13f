package cloudformation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// call returns the function that an object calls, and its argument; "" when it
// calls none.
func (n *node) call() (string, *node) {
	if n == nil || n.kind != objectNode || len(n.keys) != 1 {
		return "", nil
	}
	if k := n.keys[0]; k == "Ref" || k == "Condition" || strings.HasPrefix(k, "Fn::") {
		return k, n.items[0]
	}
	return "", nil
}

// enter counts a value and a level; it is false once there is too much of either.
func (s *stack) enter() bool {
	if s.run.values <= 0 || s.nesting > 2*maxDepth {
		s.run.spent = true
		return false
	}
	s.run.values--
	s.nesting++
	return true
}

func (s *stack) leave() { s.nesting-- }

func tooMuch() *code.Hole {
	return &code.Hole{Reason: cloud.Malformed, Why: "the template expands to more than Merlon reads"}
}

func broken(format string, args ...any) *code.Hole {
	return &code.Hole{Reason: cloud.Malformed, Why: fmt.Sprintf(format, args...)}
}

// value evaluates a node.
func (s *stack) value(n *node) code.Value {
	if n == nil {
		return code.Value{}
	}
	if !s.enter() {
		return code.Unsure(tooMuch(), n.at())
	}
	defer s.leave()
	switch n.kind {
	case textNode:
		return dynamic(code.Text(n.text, n.at()))
	case numberNode, flagNode:
		return literal(n)
	case listNode:
		return s.list(n)
	case openNode:
		return code.Unsure(&code.Hole{Why: n.text}, n.at())
	case objectNode:
		if fn, arg := n.call(); fn != "" && fn != "Condition" && n.expanded() {
			return s.function(fn, arg, n)
		}
		return s.object(n)
	}
	return code.Value{}
}

// list evaluates members. One that may not be there at all, since it is
// AWS::NoValue in one case, is what more the list may hold.
func (s *stack) list(n *node) code.Value {
	members := make([]code.Value, 0, len(n.items))
	var more *code.Hole
	for _, item := range n.items {
		v := s.value(item)
		fn, _ := item.call()
		switch {
		case v.Kind() == code.Unknown && fn == "Fn::If":
			more = v.Hole()
		case !v.IsAbsent():
			members = append(members, v)
		}
	}
	return code.ListOf(members, more, n.at())
}

func (s *stack) object(n *node) code.Value {
	n, more := s.expand(n)
	fields := make(map[string]code.Value, len(n.keys))
	for i, key := range n.keys {
		if v := s.value(n.items[i]); !v.IsAbsent() {
			fields[key] = v
		}
	}
	return code.ObjectOf(fields, more, n.at())
}

// function evaluates an intrinsic function.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func (s *stack) function(fn string, arg, n *node) code.Value {
	at := n.at()
	switch fn {
	case "Ref":
		return s.ref(arg.str(), at)
	case "Fn::GetAtt":
		return s.getAtt(arg, at)
	case "Fn::Sub":
		return s.sub(arg, at)
	case "Fn::Join":
		return s.join(arg, at)
	case "Fn::Split":
		return s.split(arg, at)
	case "Fn::Select":
		return s.pick(arg, at)
	case "Fn::FindInMap":
		return s.findInMap(arg, at)
	case "Fn::If":
		return s.choose(arg, at)
	case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals":
		if t := s.truth(n); t.known {
			return code.Flag(t.holds, at)
		} else {
			return code.Unsure(t.hole, at)
		}
	case "Fn::Base64": // left as plain text: who looks inside would only decode it
		return s.value(arg).AtOrigin(at)
	case "Fn::Cidr":
		return s.cidr(arg, at)
	case "Fn::GetAZs":
		return code.Unsure(&code.Hole{Why: "the availability zones of a region are known at deploy"}, at)
	case "Fn::ImportValue":
		return s.imported(s.value(arg), at)
	case "Fn::Length":
		return s.length(arg, at)
	case "Fn::ToJsonString":
		return s.toJSON(arg, at)
	}
	return code.Unsure(derive(broken("%s is not a function that Merlon knows", fn)), at)
}

// ref is the value of Ref: a parameter, or the id of a resource.
func (s *stack) ref(name string, at *cloud.Origin) code.Value {
	if v, ok := s.parameters[name]; ok {
		return v.AtOrigin(at)
	}
	if v, ok := s.pseudo(name, at); ok {
		return v
	}
	name = cmp.Or(s.dotted[name], name)
	if r := s.resources[name]; r != nil {
		attr := "id"
		if refIsARN(r.typ) {
			attr = "arn"
		}
		return s.attribute(name, r, attr, at)
	}
	return code.Unsure(broken("%q is neither a parameter nor a resource of the template", name), at)
}

// attribute is what a resource will have once made.
func (s *stack) attribute(id string, r *resource, attr string, at *cloud.Origin) code.Value {
	if r.exists.known && !r.exists.holds {
		return code.Unsure(broken("%s is not made: its condition is false", id), at)
	}
	h := &code.Hole{Of: r.address, Attr: attr, Why: fmt.Sprintf("%s.%s is known after deploy", id, attr), Mentions: []cloud.Ref{r.address}}
	return code.Pieces([]code.Part{{Hole: h}}, at)
}

func (s *stack) getAtt(arg *node, at *cloud.Origin) code.Value {
	id, attr, _ := strings.Cut(arg.str(), ".")
	if parts := arg.list(); arg.is(listNode) && len(parts) >= 2 {
		id = parts[0].str()
		name := s.value(parts[1])
		text, ok := name.Known()
		if !ok {
			return code.Unsure(derive(nil, name), at)
		}
		attr = text
	}
	return s.attributeNamed(id, attr, at)
}

func (s *stack) attributeNamed(id, attr string, at *cloud.Origin) code.Value {
	r := s.resources[id]
	if made, rest, _ := strings.Cut(attr, "."); s.dotted[id+"."+made] != "" {
		id, attr = s.dotted[id+"."+made], cmp.Or(rest, "Arn")
		r = s.resources[id]
	}
	if r == nil || attr == "" {
		return code.Unsure(broken("%q is not an attribute of a resource of the template", id+"."+attr), at)
	}
	if name, ok := strings.CutPrefix(attr, "Outputs."); ok && isStack(r.typ) {
		return s.output(id, r, name, at)
	}
	return s.attribute(id, r, attributeName(r.typ, attr), at)
}

// attributeName is an attribute in the words that mappings share: arn for the
// resource's own ARN whatever the type calls it, else in snake case.
func attributeName(typ, attr string) string {
	if attr == "Arn" || attr == typ[strings.LastIndexByte(typ, ':')+1:]+"Arn" {
		return "arn"
	}
	var b strings.Builder
	before := rune(0)
	for _, c := range attr {
		if unicode.IsUpper(c) && (unicode.IsLower(before) || unicode.IsDigit(before)) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
		before = c
	}
	return b.String()
}

// sub fills in the variables of a text.
func (s *stack) sub(arg *node, at *cloud.Origin) code.Value {
	template, variables := arg, (*node)(nil)
	if arg.is(listNode) && len(arg.items) == 2 {
		template, variables = arg.items[0], arg.items[1]
	}
	if !template.is(textNode) {
		return s.value(template).AtOrigin(at)
	}
	var l line
	for text := template.text; text != ""; {
		before, rest, found := strings.Cut(text, "${")
		l.text(before)
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !closed:
			l.text("${" + rest)
			after = ""
		case strings.HasPrefix(name, "!"):
			l.text("${" + name[1:] + "}")
		default:
			l.add(s.variable(strings.TrimSpace(name), variables, at))
		}
		text = after
	}
	return l.value(at)
}

func (s *stack) variable(name string, variables *node, at *cloud.Origin) code.Value {
	if v := variables.get(name); v != nil {
		return s.value(v)
	}
	if id, attr, found := strings.Cut(name, "."); found {
		return s.attributeNamed(id, attr, at)
	}
	return s.ref(name, at)
}

func (s *stack) join(arg *node, at *cloud.Origin) code.Value {
	if len(arg.list()) != 2 || !arg.is(listNode) {
		return code.Unsure(broken("Fn::Join takes a separator and a list"), at)
	}
	by, values := s.value(arg.items[0]), s.value(arg.items[1])
	items, more := values.Items()
	if more != nil {
		return code.Unsure(derive(more, values), at)
	}
	var l line
	for i, item := range items {
		if i > 0 {
			l.add(by)
		}
		l.add(item)
	}
	return l.value(at)
}

func (s *stack) split(arg *node, at *cloud.Origin) code.Value {
	if len(arg.list()) != 2 || !arg.is(listNode) {
		return code.Unsure(broken("Fn::Split takes a separator and a text"), at)
	}
	by, ok := s.value(arg.items[0]).Known()
	v := s.value(arg.items[1])
	if !ok {
		return code.Unsure(derive(broken("the separator of Fn::Split is not known"), v), at)
	}
	return split(v.AtOrigin(at), by)
}

func (s *stack) pick(arg *node, at *cloud.Origin) code.Value {
	if len(arg.list()) != 2 || !arg.is(listNode) {
		return code.Unsure(broken("Fn::Select takes an index and a list"), at)
	}
	index, values := s.value(arg.items[0]), s.value(arg.items[1])
	items, more := values.Items()
	text, ok := index.Known()
	i, err := strconv.Atoi(text)
	switch {
	case !ok || more != nil:
		return code.Unsure(derive(nil, index, values), at)
	case err != nil || i < 0 || i >= len(items):
		return code.Unsure(broken("Fn::Select: there is no member %s", text), at)
	}
	return items[i].AtOrigin(at)
}

// findInMap looks up a mapping. A key that is not known leaves every row open;
// where all of them say the same, the value is known.
func (s *stack) findInMap(arg *node, at *cloud.Origin) code.Value {
	if !arg.is(listNode) || len(arg.items) < 3 {
		return code.Unsure(broken("Fn::FindInMap takes a map and two keys"), at)
	}
	byDefault := (*node)(nil)
	if len(arg.items) > 3 {
		byDefault = arg.items[3].get("DefaultValue")
	}
	name, top, second := s.value(arg.items[0]), s.value(arg.items[1]), s.value(arg.items[2])
	text, ok := name.Known()
	if !ok {
		return code.Unsure(derive(nil, name), at)
	}
	rows := s.lookup([]*node{s.mappings[text]}, top)
	found := s.lookup(rows, second)
	if byDefault != nil && (len(found) == 0 || !known(top) || !known(second)) {
		found = append(found, byDefault)
	}
	switch why := derive(nil, top, second); {
	case len(found) == 0 && why.Why == "":
		return code.Unsure(broken("mapping %s has no %s, %s", text, top.Show(), second.Show()), at)
	case len(found) == 0:
		return code.Unsure(why, at)
	default:
		v := s.value(found[0])
		for _, other := range found[1:] {
			v = either(v, s.value(other), why)
		}
		return v.AtOrigin(at)
	}
}

// lookup is the members under a key: all of them when the key is not known.
func (s *stack) lookup(in []*node, key code.Value) []*node {
	var out []*node
	text, ok := key.Known()
	for _, n := range in {
		switch {
		case !ok && n.is(objectNode):
			out = append(out, n.items...)
		case n.get(text) != nil:
			out = append(out, n.get(text))
		}
	}
	return out
}

// choose is Fn::If. When its condition is open, what both cases agree on is known.
func (s *stack) choose(arg *node, at *cloud.Origin) code.Value {
	if !arg.is(listNode) || len(arg.items) != 3 {
		return code.Unsure(broken("Fn::If takes a condition and two values"), at)
	}
	t := truth{}
	if name := arg.items[0].str(); name != "" {
		t = s.condition(name)
	} else {
		t = s.truth(arg.items[0])
	}
	switch {
	case t.known && t.holds:
		return s.value(arg.items[1])
	case t.known:
		return s.value(arg.items[2])
	}
	return either(s.value(arg.items[1]), s.value(arg.items[2]), t.hole).AtOrigin(at)
}

// maxSubnets is the most that Fn::Cidr makes.
const maxSubnets = 256

// cidr cuts an address range into subnets of a number of host bits.
func (s *stack) cidr(arg *node, at *cloud.Origin) code.Value {
	operands := arg.list()
	if !arg.is(listNode) || len(operands) < 2 {
		return code.Unsure(broken("Fn::Cidr takes a range and a count"), at)
	}
	var words []string
	for _, o := range operands {
		v := s.value(o)
		text, ok := v.Known()
		if !ok {
			return code.Unsure(derive(broken("a range that is not known"), v), at)
		}
		words = append(words, text)
	}
	subnets, err := subnets(words)
	if err != nil {
		return code.Unsure(broken("Fn::Cidr: %v", err), at)
	}
	members := make([]code.Value, len(subnets))
	for i, n := range subnets {
		members[i] = code.Text(n.String(), at)
	}
	return code.ListOf(members, nil, at)
}

func subnets(words []string) ([]netip.Prefix, error) {
	whole, err := netip.ParsePrefix(words[0])
	if err != nil {
		return nil, err
	}
	count, err := strconv.Atoi(words[1])
	if err != nil || count < 1 || count > maxSubnets {
		return nil, fmt.Errorf("%q is not a count of 1 to %d", words[1], maxSubnets)
	}
	hostBits := whole.Addr().BitLen() - whole.Bits()
	if len(words) > 2 {
		if hostBits, err = strconv.Atoi(words[2]); err != nil || hostBits < 0 || hostBits > whole.Addr().BitLen()-whole.Bits() {
			return nil, fmt.Errorf("%q host bits do not fit into %s", words[2], whole)
		}
	}
	bits := whole.Addr().BitLen() - hostBits
	out := []netip.Prefix{}
	for next := whole.Masked().Addr(); len(out) < count; next = after(next, bits) {
		if !next.IsValid() || !whole.Contains(next) {
			return nil, fmt.Errorf("%s holds fewer than %d subnets", whole, count)
		}
		out = append(out, netip.PrefixFrom(next, bits))
	}
	return out, nil
}

// after is the first address after the subnet that begins at one.
func after(a netip.Addr, bits int) netip.Addr {
	raw := a.AsSlice()
	carry := 1 << ((8 - bits%8) % 8)
	for i := (bits+7)/8 - 1; i >= 0 && carry > 0; i-- {
		sum := int(raw[i]) + carry
		raw[i], carry = byte(sum), sum>>8
	}
	if carry > 0 || bits == 0 {
		return netip.Addr{}
	}
	next, _ := netip.AddrFromSlice(raw)
	return next
}

func (s *stack) length(arg *node, at *cloud.Origin) code.Value {
	v := s.value(arg)
	items, more := v.Items()
	switch {
	case more != nil:
		return code.Unsure(derive(nil, v), at)
	case v.Kind() != code.List:
		return code.Unsure(broken("Fn::Length takes a list"), at)
	}
	return code.Num(strconv.Itoa(len(items)), at)
}

// toJSON writes a value as JSON text; holes stay holes.
func (s *stack) toJSON(arg *node, at *cloud.Origin) code.Value {
	v := s.value(arg)
	var l line
	if why := writeJSON(&l, v, 0); why != nil {
		return code.Unsure(derive(why, v), at)
	}
	return l.value(at)
}

func writeJSON(l *line, v code.Value, depth int) *code.Hole {
	if depth > maxDepth {
		return tooMuch()
	}
	switch v.Kind() {
	case code.Absent:
		l.text("null")
	case code.Number, code.Bool:
		l.add(v)
	case code.Unknown:
		l.hole(v.Hole())
	case code.String:
		l.text(`"`)
		for _, p := range v.Parts() {
			if p.Hole != nil {
				l.hole(p.Hole)
				continue
			}
			quoted := quoteJSON(p.Text)
			l.text(quoted[1 : len(quoted)-1])
		}
		l.text(`"`)
	case code.List:
		items, more := v.Items()
		if more != nil {
			return more
		}
		l.text("[")
		for i, item := range items {
			if i > 0 {
				l.text(",")
			}
			if why := writeJSON(l, item, depth+1); why != nil {
				return why
			}
		}
		l.text("]")
	case code.Object:
		names, more := v.Fields()
		if more != nil {
			return more
		}
		l.text("{")
		for i, name := range names {
			if i > 0 {
				l.text(",")
			}
			l.text(quoteJSON(name) + ":")
			if why := writeJSON(l, v.Field(name), depth+1); why != nil {
				return why
			}
		}
		l.text("}")
	}
	return nil
}

// quoteJSON writes a text as a JSON string.
func quoteJSON(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// refIsARN reports whether Ref of a type gives its ARN, as its page says under
// Return values.
func refIsARN(typ string) bool {
	switch typ {
	case "AWS::ACMPCA::CertificateAuthority", "AWS::AccessAnalyzer::Analyzer", "AWS::AppRunner::Service",
		"AWS::Batch::ComputeEnvironment", "AWS::Batch::JobDefinition", "AWS::Batch::JobQueue", "AWS::CertificateManager::Certificate",
		"AWS::DMS::Endpoint", "AWS::DMS::ReplicationInstance", "AWS::DMS::ReplicationTask", "AWS::ECS::Service", "AWS::ECS::TaskDefinition",
		"AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule",
		"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup",
		"AWS::GlobalAccelerator::Accelerator", "AWS::IAM::ManagedPolicy", "AWS::IAM::OIDCProvider", "AWS::IAM::SAMLProvider",
		"AWS::Lambda::Alias", "AWS::Lambda::LayerVersion", "AWS::Lambda::Version", "AWS::MSK::Cluster",
		"AWS::NetworkFirewall::Firewall", "AWS::NetworkFirewall::FirewallPolicy", "AWS::NetworkFirewall::RuleGroup",
		"AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SecretsManager::Secret", "AWS::SecretsManager::SecretTargetAttachment",
		"AWS::SecurityHub::Hub", "AWS::StepFunctions::Activity", "AWS::StepFunctions::StateMachine", "AWS::Transfer::Server":
		return true
	}
	return false
}
