package terraform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// readData is an attribute of a data source. Few of them can be known without
// asking the provider.
func (s *scope) readData(i *instance, name string) cty.Value {
	r := s.run
	switch i.typ + "." + name {
	case "aws_iam_policy_document.json", "aws_iam_policy_document.minified_json":
		return s.policyDocument(i)
	case "aws_caller_identity.account_id", "aws_caller_identity.id":
		return r.own(i, string(s.placed(i).Account), "the account is not known")
	case "aws_region.name", "aws_region.id", "aws_region.region":
		return r.own(i, string(s.placed(i).Region), "the region is not known")
	case "aws_partition.partition", "aws_partition.id":
		if p := s.placed(i).Partition; p != "" {
			return cty.StringVal(p)
		}
		return cty.StringVal("aws")
	case "aws_partition.dns_suffix":
		return cty.StringVal("amazonaws.com")
	case "aws_default_tags.tags":
		return r.unsure(&code.Hole{Why: "the provider's default tags"})
	case "template_file.rendered":
		return s.rendered(i)
	case "local_file.content", "local_sensitive_file.content":
		if a := i.block.Body.Attributes["filename"]; a != nil {
			if v, err := i.env.apply("file", []cty.Value{i.env.known(a.Expr)}); err == nil {
				return v
			}
		}
	}
	why := i.address + "." + name + " is read at apply"
	h := &code.Hole{Reason: cloud.NotRead, Why: why}
	if !looksLikeText(name) {
		return r.unsure(r.interned(h))
	}
	if strings.HasPrefix(i.typ, "aws_") {
		// Whatever AWS calls the thing, it is no wildcard and no policy.
		h.Stands, h.Stand = true, i.address+"."+name
	}
	return r.token(r.interned(h))
}

// own is something of the account that the code is for.
func (r *run) own(i *instance, known, why string) cty.Value {
	if known != "" {
		return cty.StringVal(known)
	}
	return r.token(r.interned(&code.Hole{Reason: cloud.NotRead, Why: i.address + ": " + why, Stands: true}))
}

// placed is where a data source reads.
func (s *scope) placed(i *instance) *code.Resource {
	r := &code.Resource{}
	s.place(i, r)
	return r
}

// rendered is what the old template_file makes of its template.
func (s *scope) rendered(i *instance) cty.Value {
	a := i.block.Body.Attributes["template"]
	if a == nil {
		return s.run.token(&code.Hole{Why: i.address + " has no template"})
	}
	vars := cty.EmptyObjectVal
	if given := i.block.Body.Attributes["vars"]; given != nil {
		vars = i.env.known(given.Expr)
	}
	v, err := i.env.render("template_file", i.env.known(a.Expr), vars)
	if err != nil {
		return s.run.unsure(&code.Hole{Reason: cloud.Malformed, Why: i.address + ": " + err.Error()})
	}
	return v
}

// policyDocument evaluates aws_iam_policy_document to JSON as the provider
// would, but for unknown pieces. Statements keep the places they were written.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (s *scope) policyDocument(i *instance) cty.Value {
	r := s.run
	body := map[string]code.Value{}
	i.env.blocksToCode(i.block.Body, body, true)
	attr := func(name string) code.Value {
		a := i.block.Body.Attributes[name]
		if a == nil {
			return code.Value{}
		}
		return i.env.toCode(i.env.known(a.Expr), a.Expr)
	}
	doc := document{}
	sources, more := attr("source_policy_documents").Items()
	doc.unsure(more)
	for _, src := range append([]code.Value{attr("source_json")}, sources...) {
		doc.include(src, false)
	}
	statements, more := body["statement"].Items()
	doc.unsure(more)
	for _, st := range statements {
		doc.put(policyStatement(st), false)
	}
	overrides, more := attr("override_policy_documents").Items()
	doc.unsure(more)
	for _, src := range append(overrides, attr("override_json")) {
		doc.include(src, true)
	}
	fields := map[string]code.Value{
		"Version":   attr("version").Or(code.Text("2012-10-17", nil)),
		"Statement": code.ListOf(doc.statements, doc.more, nil),
	}
	if id := attr("policy_id"); !id.IsAbsent() {
		fields["Id"] = id
	}
	whole := code.ObjectOf(fields, nil, origin(i.block.Range()))
	var b bytes.Buffer
	r.writeDocument(&b, whole)
	// The text of two documents may be the same; so is then what they say.
	r.documents[b.String()] = whole
	return cty.StringVal(b.String())
}

// document collects statements by their sid.
type document struct {
	statements []code.Value
	more       *code.Hole
}

func (d *document) unsure(h *code.Hole) {
	if h != nil {
		d.more = h
	}
}

// include adds the statements of another document, given as JSON.
func (d *document) include(src code.Value, override bool) {
	if text, ok := src.Known(); src.IsAbsent() || ok && strings.TrimSpace(text) == "" {
		return
	}
	doc, err := code.ParseJSON(src)
	switch {
	case err != nil:
		d.more = &code.Hole{Reason: cloud.Malformed, Why: "a source policy document: " + err.Error()}
		return
	case doc.Hole() != nil && doc.Kind() != code.Object:
		d.more = doc.Hole()
		return
	}
	items, more := doc.Get("Statement").Items()
	d.unsure(more)
	for _, st := range items {
		d.put(st, override)
	}
}

// put adds a statement; one with the sid of an earlier one takes its place.
func (d *document) put(st code.Value, override bool) {
	sid, _ := st.Get("Sid").Known()
	if sid != "" {
		i := slices.IndexFunc(d.statements, func(old code.Value) bool {
			s, _ := old.Get("Sid").Known()
			return s == sid
		})
		if i >= 0 {
			d.statements[i] = st
			return
		}
	}
	d.statements = append(d.statements, st)
}

// policyStatement turns a statement block into a statement of IAM's grammar.
func policyStatement(st code.Value) code.Value {
	fields := map[string]code.Value{"Effect": st.Get("effect").Or(code.Text("Allow", nil))}
	for name, as := range map[string]string{"sid": "Sid", "actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"} {
		if v := st.Get(name); !v.IsAbsent() {
			fields[as] = v
		}
	}
	for name, as := range map[string]string{"principals": "Principal", "not_principals": "NotPrincipal"} {
		if v := policyPrincipals(st.Get(name)); !v.IsAbsent() {
			fields[as] = v
		}
	}
	if v := policyConditions(st.Get("condition")); !v.IsAbsent() {
		fields["Condition"] = v
	}
	return code.ObjectOf(fields, nil, st.Origin())
}

func policyPrincipals(v code.Value) code.Value {
	items, more := v.Items()
	if len(items) == 0 && more == nil {
		return code.Value{}
	}
	byType := map[string][]code.Value{}
	for _, p := range items {
		kind, ok := p.Get("type").Known()
		if !ok {
			if more = p.Get("type").Hole(); more == nil {
				continue
			}
		}
		if kind == "*" {
			return code.Text("*", p.Origin())
		}
		ids, rest := p.Get("identifiers").Items()
		if rest != nil {
			more = rest
		}
		byType[kind] = append(byType[kind], ids...)
	}
	fields := map[string]code.Value{}
	for kind, ids := range byType {
		if kind != "" {
			fields[kind] = code.ListOf(ids, nil, v.Origin())
		}
	}
	return code.ObjectOf(fields, more, v.Origin())
}

func policyConditions(v code.Value) code.Value {
	items, more := v.Items()
	if len(items) == 0 && more == nil {
		return code.Value{}
	}
	tests := map[string]map[string]code.Value{}
	for _, c := range items {
		test, ok1 := c.Get("test").Known()
		variable, ok2 := c.Get("variable").Known()
		if !ok1 || !ok2 {
			if more = c.Get("test").Hole(); more == nil {
				more = c.Get("variable").Hole()
			}
			if ok1 && more != nil { // the key of a claim such as "${provider}:sub": its end may tell
				variable = c.Get("variable").Show()
				more = nil
			} else {
				continue
			}
		}
		if tests[test] == nil {
			tests[test] = map[string]code.Value{}
		}
		if old, again := tests[test][variable]; again {
			had, _ := old.Items()
			add, _ := c.Get("values").Items()
			tests[test][variable] = code.ListOf(append(slices.Clone(had), add...), nil, c.Origin())
			continue
		}
		tests[test][variable] = c.Get("values").AtOrigin(c.Origin())
	}
	fields := map[string]code.Value{}
	for test, keys := range tests {
		fields[test] = code.ObjectOf(keys, nil, v.Origin())
	}
	return code.ObjectOf(fields, more, v.Origin())
}

// writeDocument writes a value as JSON, a token for each hole.
func (r *run) writeDocument(b *bytes.Buffer, v code.Value) {
	switch v.Kind() {
	case code.String:
		var text strings.Builder
		for _, p := range v.Parts() {
			if text.WriteString(p.Text); p.Hole != nil {
				text.WriteString(r.seal(p.Hole))
			}
		}
		writeText(b, text.String())
	case code.Number, code.Bool:
		s, _ := v.Known()
		b.WriteString(s)
	case code.List:
		b.WriteByte('[')
		items, more := v.Items()
		for n, item := range items {
			if n > 0 {
				b.WriteByte(',')
			}
			r.writeDocument(b, item)
		}
		if more != nil {
			if len(items) > 0 {
				b.WriteByte(',')
			}
			writeText(b, r.seal(more))
		}
		b.WriteByte(']')
	case code.Object:
		b.WriteByte('{')
		names, _ := v.Fields()
		for n, name := range names {
			if n > 0 {
				b.WriteByte(',')
			}
			writeText(b, name)
			b.WriteByte(':')
			r.writeDocument(b, v.Field(name))
		}
		b.WriteByte('}')
	case code.Unknown:
		writeText(b, r.seal(v.Hole()))
	default:
		fmt.Fprint(b, "null")
	}
}
