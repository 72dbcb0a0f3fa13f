package terraform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// keyed are the instances that count or for_each makes, by their index in
// brackets: "" alone, [0], ["key"], and [*] for all of them where it is not
// known how many there are.
type keyed struct {
	order []string
	kind  keyKind
	each  map[string]cty.Value // each.value by index in brackets
	names map[string]string    // each.key by index in brackets
	hole  *code.Hole
}

type keyKind int

const (
	single keyKind = iota
	counted
	forEach
	anyNumber
)

const anyKey = "[*]"

// keys evaluates count and for_each.
func (e *env) keys(body *hclsyntax.Body) keyed {
	run := e.scope.run
	if a := body.Attributes["count"]; a != nil {
		return run.countKeys(run.unsealed(e.known(a.Expr)))
	}
	if a := body.Attributes["for_each"]; a != nil {
		return run.eachKeys(e.known(a.Expr))
	}
	return keyed{order: []string{""}}
}

func (r *run) countKeys(v cty.Value) keyed {
	n, _ := v.Unmark()
	if n.IsKnown() && !n.IsNull() {
		if n, err := convert.Convert(n, cty.Number); err == nil {
			k := keyed{kind: counted, each: map[string]cty.Value{}}
			count, _ := n.AsBigFloat().Int64()
			for i := range min(count, maxInstances) {
				key := "[" + strconv.FormatInt(i, 10) + "]"
				k.order = append(k.order, key)
				k.each[key] = cty.NumberIntVal(i)
			}
			return k
		}
	}
	return r.anyNumberOf(v)
}

func (r *run) anyNumberOf(v cty.Value) keyed {
	return keyed{kind: anyNumber, order: []string{anyKey}, hole: r.holeOf(v)}
}

func (r *run) eachKeys(v cty.Value) keyed {
	u, _ := v.Unmark()
	ty := u.Type()
	if !u.IsKnown() || u.IsNull() || !u.CanIterateElements() {
		return r.anyNumberOf(v)
	}
	k := keyed{kind: forEach, each: map[string]cty.Value{}, names: map[string]string{}}
	for it := u.ElementIterator(); it.Next(); {
		name, member := it.Element()
		if !ty.IsMapType() && !ty.IsObjectType() {
			name = member
		}
		text, _ := r.unsealed(name).Unmark()
		if text.Type() != cty.String || !text.IsKnown() || text.IsNull() {
			return r.anyNumberOf(v)
		}
		if len(k.order) == maxInstances || text.AsString() == selfAttr {
			continue
		}
		key := "[" + strconv.Quote(text.AsString()) + "]"
		k.order = append(k.order, key)
		k.each[key], k.names[key] = member, text.AsString()
	}
	return k
}

// env is where the body of one instance is evaluated.
func (k *keyed) env(s *scope, key string) *env {
	e := s.env()
	switch k.kind {
	case counted:
		return e.with("count", cty.ObjectVal(map[string]cty.Value{"index": k.each[key]}))
	case forEach:
		return e.with("each", cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(k.names[key]), "value": k.each[key]}))
	case anyNumber:
		any := s.run.unsure(k.hole)
		return e.with("count", cty.ObjectVal(map[string]cty.Value{"index": any})).
			with("each", cty.ObjectVal(map[string]cty.Value{"key": s.run.token(k.hole), "value": any}))
	}
	return e
}

// pick finds the one instance that a traversal goes on to.
func (k *keyed) pick(r *run, rest hcl.Traversal) (key string, after hcl.Traversal, ok bool) {
	if k.kind == single {
		if len(rest) > 0 {
			if i, isIndex := rest[0].(hcl.TraverseIndex); isIndex && i.Key.Type() == cty.Number {
				return "", rest[1:], true // Terraform 0.11's habit
			}
		}
		return "", rest, true
	}
	if len(rest) == 0 {
		return "", nil, false
	}
	i, isIndex := rest[0].(hcl.TraverseIndex)
	if !isIndex {
		return "", nil, false
	}
	if k.kind == anyNumber {
		return anyKey, rest[1:], true
	}
	index, _ := i.Key.Unmark()
	if !index.IsKnown() || index.IsNull() {
		return "", nil, false
	}
	if k.kind == forEach {
		text, err := convert.Convert(index, cty.String)
		return "[" + strconv.Quote(asText(text, err)) + "]", rest[1:], true
	}
	number, err := convert.Convert(index, cty.Number)
	if err != nil {
		return "", nil, false
	}
	return "[" + number.AsBigFloat().Text('f', -1) + "]", rest[1:], true
}

func asText(v cty.Value, err error) string {
	if err != nil {
		return ""
	}
	return v.AsString()
}

// together is all instances as one value.
func (k *keyed) together(value func(key string) cty.Value) cty.Value {
	if k.kind == forEach {
		fields := map[string]cty.Value{}
		for _, key := range k.order {
			fields[k.names[key]] = value(key)
		}
		return cty.ObjectVal(fields)
	}
	vals := make([]cty.Value, len(k.order))
	for i, key := range k.order {
		vals[i] = value(key)
	}
	return cty.TupleVal(vals)
}

// A set is the instances of one resource or data block.
type set struct {
	keyed
	instances map[string]*instance
}

// An instance is one resource, or one data source.
type instance struct {
	env     *env
	block   *hclsyntax.Block
	typ     string
	data    bool
	address string
	maybe   *code.Hole
	memos   map[string]*memo
}

// set expands a resource block.
func (s *scope) set(in map[string]*set, b *hclsyntax.Block, prefix, key string) *set {
	if st := in[key]; st != nil {
		return st
	}
	st := &set{keyed: keyed{kind: anyNumber, order: []string{anyKey}, hole: &code.Hole{Why: key + " refers to itself"}}, instances: map[string]*instance{}}
	in[key] = st
	// Meanwhile it may be asked for by its own count.
	st.instances[anyKey] = s.newInstance(st, b, prefix, key, anyKey)
	k := s.env().keys(b.Body)
	st.keyed, st.instances = k, map[string]*instance{}
	for _, index := range k.order {
		st.instances[index] = s.newInstance(st, b, prefix, key, index)
	}
	return st
}

func (s *scope) newInstance(st *set, b *hclsyntax.Block, prefix, key, index string) *instance {
	i := &instance{
		env: st.env(s, index), block: b, typ: b.Labels[0], data: prefix != "", memos: map[string]*memo{},
		address: s.run.prefix + s.address + prefix + key + index, maybe: s.maybe,
	}
	if st.hole != nil {
		i.maybe = st.hole
	}
	s.run.instances[i.address] = i
	return i
}

// resource resolves a reference to a resource or a data source.
func (e *env) resource(in map[string]*set, blocks map[string]*hclsyntax.Block, prefix, key string, rest hcl.Traversal) (cty.Value, error) {
	s := e.scope
	b := blocks[key]
	if b == nil {
		return cty.NilVal, fmt.Errorf("%s%s is not declared", prefix, key)
	}
	st := s.set(in, b, prefix, key)
	if index, after, ok := st.pick(s.run, rest); ok {
		i := st.instances[index]
		if i == nil {
			return cty.NilVal, fmt.Errorf("%s%s%s does not exist", prefix, key, index)
		}
		name, isAttr := stepName(after, 0)
		if !isAttr {
			return e.walk(i.object(), after)
		}
		v, err := i.attr(name)
		if err != nil {
			return v, err
		}
		return e.walk(v, after[1:])
	}
	if st.kind == anyNumber {
		h := *st.hole
		h.Mentions = append(slices.Clone(h.Mentions), cloud.Ref(st.instances[anyKey].address))
		return s.run.unsure(s.run.interned(&h)), nil
	}
	return e.walk(st.together(func(index string) cty.Value { return st.instances[index].object() }), rest)
}

// attr is one attribute: what code says, or else what the provider computes.
func (i *instance) attr(name string) (cty.Value, error) {
	s := i.env.scope
	if a := i.block.Body.Attributes[name]; a != nil && !metaArgument(name) {
		return s.once(i.memos, name, i.address+"."+name, func() cty.Value { return i.env.known(a.Expr) }), nil
	}
	if blocks := i.blocks(name); blocks != cty.NilVal {
		return blocks, nil
	}
	if i.data {
		return s.once(i.memos, name, i.address+"."+name, func() cty.Value { return s.readData(i, name) }), nil
	}
	return i.computed(name), nil
}

// computed is an attribute that is known after apply.
func (i *instance) computed(name string) cty.Value {
	r := i.env.scope.run
	ref := cloud.Ref(i.address)
	why := fmt.Sprintf("%s is computed by %s at apply", name, i.address)
	if !looksLikeText(name) {
		return r.unsure(r.interned(&code.Hole{Why: why, Mentions: []cloud.Ref{ref}}))
	}
	return r.token(r.interned(&code.Hole{Why: why, Of: ref, Attr: name, Mentions: []cloud.Ref{ref}}))
}

// looksLikeText tells by its name that a computed attribute is a text: without
// the provider's schema there is no other way. What it misses is an unknown of
// unknown type, and costs precision only.
func looksLikeText(name string) bool {
	switch name {
	case "id", "arn", "name", "endpoint", "address", "url", "fqdn", "domain", "region", "account_id", "bucket", "key_id", "dns_name", "domain_name", "invoke_arn", "execution_arn", "qualified_arn", "zone_id", "hosted_zone_id", "public_ip", "private_ip", "json", "issuer", "certificate_arn":
		return true
	}
	for _, ending := range []string{"_id", "_arn", "_name", "_url", "_endpoint", "_address", "_domain", "_domain_name", "_path", "_ip", "_dns", "_key", "_version"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
}

func metaArgument(name string) bool {
	switch name {
	case "count", "for_each", "provider", "depends_on":
		return true
	}
	return false
}

// object is the whole resource as a value, with its address hidden in it.
func (i *instance) object() cty.Value {
	fields := map[string]cty.Value{selfAttr: cty.StringVal(i.address)}
	for name := range i.block.Body.Attributes {
		if !metaArgument(name) {
			if v, err := i.attr(name); err == nil {
				fields[name] = v
			}
		}
	}
	for _, b := range i.block.Body.Blocks {
		if name := blockName(b); !metaBlock(name) {
			if v := i.blocks(name); v != cty.NilVal {
				fields[name] = v
			}
		}
	}
	return cty.ObjectVal(fields)
}

func metaBlock(name string) bool {
	switch name {
	case "lifecycle", "provisioner", "connection":
		return true
	}
	return false
}

// blockName is the name of a nested block, also of one that is dynamic.
func blockName(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}

// blocks is the list of nested blocks of one name, as a value; NilVal where
// there is none.
func (i *instance) blocks(name string) cty.Value {
	if !slices.ContainsFunc(i.block.Body.Blocks, func(b *hclsyntax.Block) bool { return blockName(b) == name }) {
		return cty.NilVal
	}
	s := i.env.scope
	return s.once(i.memos, name, i.address+"."+name, func() cty.Value {
		var vals []cty.Value
		more := i.env.eachBlock(i.block.Body, func(got string, e *env, b *hclsyntax.Block, body *hclsyntax.Body) {
			if got == name {
				vals = append(vals, e.bodyValue(body))
			}
		})[name]
		if more != nil {
			return s.run.unsure(more)
		}
		return cty.TupleVal(vals)
	})
}

func (e *env) bodyValue(body *hclsyntax.Body) cty.Value {
	fields := map[string]cty.Value{}
	for name, a := range body.Attributes {
		fields[name] = e.known(a.Expr)
	}
	lists := map[string][]cty.Value{}
	more := e.eachBlock(body, func(name string, e *env, _ *hclsyntax.Block, body *hclsyntax.Body) {
		lists[name] = append(lists[name], e.bodyValue(body))
	})
	for name, vals := range lists {
		fields[name] = cty.TupleVal(vals)
	}
	for name, h := range more {
		fields[name] = e.scope.run.unsure(h)
	}
	return cty.ObjectVal(fields)
}

// eachBlock hands every nested block to use, dynamic ones as often as they
// say, and returns for each name why there may be more of them.
func (e *env) eachBlock(body *hclsyntax.Body, use func(name string, e *env, b *hclsyntax.Block, body *hclsyntax.Body)) map[string]*code.Hole {
	var more map[string]*code.Hole
	doubt := func(name string, h *code.Hole) {
		if more == nil {
			more = map[string]*code.Hole{}
		}
		more[name] = h
	}
	for _, b := range body.Blocks {
		if b.Type != "dynamic" || len(b.Labels) != 1 {
			use(b.Type, e, b, b.Body)
			continue
		}
		name := b.Labels[0]
		content := blockNamed(b.Body, "content")
		over := b.Body.Attributes["for_each"]
		if content == nil || over == nil {
			continue
		}
		iterator := name
		if a := b.Body.Attributes["iterator"]; a != nil {
			if word := hcl.ExprAsKeyword(a.Expr); word != "" {
				iterator = word
			}
		}
		v := e.known(over.Expr)
		list, _ := v.Unmark()
		if !list.IsKnown() || list.IsNull() || !list.CanIterateElements() {
			if list.IsKnown() && list.IsNull() {
				continue
			}
			doubt(name, e.scope.run.holeOf(v))
			continue
		}
		isSet := list.Type().IsSetType()
		for it := list.ElementIterator(); it.Next(); {
			k, val := it.Element()
			if isSet {
				k = val
			}
			inner := e.with(iterator, cty.ObjectVal(map[string]cty.Value{"key": k, "value": val}))
			use(name, inner, b, content.Body)
		}
	}
	return more
}

func blockNamed(body *hclsyntax.Body, name string) *hclsyntax.Block {
	for _, b := range body.Blocks {
		if b.Type == name {
			return b
		}
	}
	return nil
}

// toCode is the instance as the mappings read it.
func (i *instance) toCode() (*code.Resource, error) {
	s := i.env.scope
	r := &code.Resource{
		Type: i.typ, Address: cloud.Ref(i.address), Label: i.block.Labels[1], Maybe: i.maybe,
		Origin: append([]cloud.Origin{*origin(i.block.Range())}, s.origin...),
	}
	fields := map[string]code.Value{}
	for name, a := range i.block.Body.Attributes {
		if metaArgument(name) {
			continue
		}
		v, err := i.attr(name)
		if err != nil {
			return nil, err
		}
		fields[name] = i.env.toCode(v, a.Expr).AtOrigin(origin(a.SrcRange))
	}
	i.env.blocksToCode(i.block.Body, fields, true)
	r.Body = code.ObjectOf(fields, nil, &r.Origin[0])
	s.place(i, r)
	return r, nil
}

func (e *env) blocksToCode(body *hclsyntax.Body, fields map[string]code.Value, top bool) {
	lists := map[string][]code.Value{}
	more := e.eachBlock(body, func(name string, e *env, b *hclsyntax.Block, body *hclsyntax.Body) {
		if top && metaBlock(name) {
			return
		}
		inner := map[string]code.Value{}
		for n, a := range body.Attributes {
			inner[n] = e.toCode(e.known(a.Expr), a.Expr).AtOrigin(origin(a.SrcRange))
		}
		e.blocksToCode(body, inner, false)
		lists[name] = append(lists[name], code.ObjectOf(inner, nil, origin(b.Range())))
	})
	for name, members := range lists {
		fields[name] = code.ListOf(members, more[name], members[0].Origin())
	}
	for name, h := range more {
		if lists[name] == nil {
			fields[name] = code.ListOf(nil, h, origin(body.Range()))
		}
	}
}
