package code

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Bounds on a document inside of code.
const (
	maxDocument = 1 << 20
	maxDepth    = 64
)

// assignPolicy reads a policy document, which languages hold as an object or
// as JSON text. A hole costs the smallest piece it is in.
func (f *Form) assignPolicy(p **aws.Policy, v Value) *cloud.Gap {
	if v.Kind() == String {
		if s, ok := v.Known(); ok && strings.TrimSpace(s) == "" {
			return nil
		}
		doc, err := ParseJSON(v)
		if err != nil {
			if h := v.Hole(); h != nil {
				return h.Gap()
			}
			return &cloud.Gap{Reason: cloud.Malformed, Message: err.Error()}
		}
		v = doc
	}
	switch v.Kind() {
	case Absent:
		return nil
	case Unknown:
		return v.hole.Gap()
	case Object:
		*p = f.world.policy(v)
		return nil
	}
	return &cloud.Gap{Reason: cloud.Malformed, Message: "not a policy document"}
}

// AddStatement adds one statement to a policy, which is made where there is none yet.
func AddStatement(f *Form, policy **aws.Policy, statement Value) {
	f.decide(policy)
	if *policy == nil {
		*policy = &aws.Policy{Version: "2012-10-17"}
	}
	(*policy).Statements = append((*policy).Statements, f.world.statement(statement))
}

// policy turns an object into a policy document.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func (w *World) policy(v Value) *aws.Policy {
	p := &aws.Policy{Version: "2008-10-17"}
	if s, ok := v.Get("Version").Known(); ok {
		p.Version = s
	}
	p.ID, _ = v.Get("Id").Known()
	items, more := v.Get("Statement").Items()
	for i, item := range items {
		if item.Kind() != Object {
			if more = item.Hole(); more == nil {
				p.SetGap(&cloud.Gap{Reason: cloud.Malformed, Partial: true, Message: fmt.Sprintf("statement %d is not an object", i+1)}, "statements")
			}
			continue
		}
		p.Statements = append(p.Statements, w.statement(item))
	}
	if more != nil {
		p.SetGap(more.Gap().AsPartial(), "statements")
	}
	return p
}

func (w *World) statement(v Value) *aws.Statement {
	s := &aws.Statement{}
	if v.at != nil {
		s.SetOrigin("", v.at)
	}
	s.SID, _ = w.stand(v.Get("Sid"))
	switch effect, ok := w.stand(v.Get("Effect")); {
	case ok && (effect == "Allow" || effect == "Deny"):
		s.Effect = effect
	case v.Get("Effect").Hole() != nil:
		s.SetGap(v.Get("Effect").Hole().Gap(), "effect")
	default:
		s.SetGap(&cloud.Gap{Reason: cloud.Malformed, Message: "effect " + quoteShort(v.Get("Effect"))}, "effect")
	}
	w.words(s, "actions", &s.Actions, v.Get("Action"))
	w.words(s, "not_actions", &s.NotActions, v.Get("NotAction"))
	w.words(s, "resources", &s.Resources, v.Get("Resource"))
	w.words(s, "not_resources", &s.NotResources, v.Get("NotResource"))
	w.principals(s, "principals", &s.Principals, v.Get("Principal"))
	w.principals(s, "not_principals", &s.NotPrincipals, v.Get("NotPrincipal"))
	w.conditions(s, v.Get("Condition"))
	if v.hole != nil {
		s.SetGap(v.hole.Gap(), "conditions")
	}
	return s
}

// words reads one text or a list of them into a field of an object.
func (w *World) words(into cloud.Gapped, field string, list *[]string, v Value) {
	items, more := v.Items()
	for _, item := range items {
		if s, ok := w.stand(item); ok {
			*list = append(*list, s)
		} else if h := item.Hole(); h != nil {
			more = h
		}
	}
	if v.at != nil {
		into.Obj().SetOrigin(field, v.at)
	}
	if more != nil {
		into.Obj().SetGap(more.Gap().AsPartial(), field)
	}
}

func (w *World) principals(s *aws.Statement, field string, list *[]*aws.Principal, v Value) {
	if v.at != nil {
		s.SetOrigin(field, v.at)
	}
	if id, ok := w.stand(v); ok && v.Kind() == String {
		*list = append(*list, &aws.Principal{Type: "AWS", ID: id})
		return
	}
	types, more := v.Fields()
	if h := v.Hole(); v.Kind() != Object && h != nil {
		more = h
	}
	for _, kind := range types {
		ids, rest := v.Get(kind).Items()
		if rest != nil {
			more = rest
		}
		for _, item := range ids {
			if id, ok := w.stand(item); ok {
				*list = append(*list, &aws.Principal{Type: kind, ID: id})
			} else if h := item.Hole(); h != nil {
				more = h
			}
		}
	}
	if more != nil {
		s.SetGap(more.Gap().AsPartial(), field)
	}
}

func (w *World) conditions(s *aws.Statement, v Value) {
	operators, more := v.Fields()
	if h := v.Hole(); v.Kind() != Object && h != nil {
		more = h
	}
	for _, operator := range operators {
		keys, rest := v.Get(operator).Fields()
		if h := v.Get(operator).Hole(); rest == nil && h != nil {
			rest = h
		}
		if rest != nil {
			more = rest
		}
		for _, key := range keys {
			c := &aws.Condition{Operator: operator, Key: key}
			w.words(c, "values", &c.Values, v.fields[operator].fields[key])
			s.Conditions = append(s.Conditions, c)
		}
	}
	if more != nil {
		s.SetGap(more.Gap().AsPartial(), "conditions")
	}
}

// ParseJSON reads a JSON text that may have holes, inside of its strings or in
// place of values.
func ParseJSON(v Value) (Value, error) {
	if v.doc != nil {
		return *v.doc, nil
	}
	if v.kind != String {
		return v, nil // written out in a language that has JSON's values
	}
	text, holes, err := seal(v.Parts())
	if err != nil {
		return Value{}, err
	}
	if len(text) > maxDocument {
		return Value{}, fmt.Errorf("a document of %d bytes is larger than %d", len(text), maxDocument)
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	out, err := decode(d, holes, v.at, 0)
	if err != nil {
		return Value{}, fmt.Errorf("read JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Value{}, errors.New("read JSON: there is more after its end")
	}
	return out, nil
}

// Holes are sealed as private characters around their number, which neither
// JSON nor any cloud uses.
const sealOpen, sealClose = "\uE000", "\uE001"

// seal renders pieces as one text. A hole outside of a JSON string becomes a
// string of its own.
func seal(parts []Part) (string, []*Hole, error) {
	var b bytes.Buffer
	var holes []*Hole
	inside, escaped := false, false
	for _, p := range parts {
		if strings.Contains(p.Text, sealOpen) || strings.Contains(p.Text, sealClose) {
			return "", nil, errors.New("a text with characters for private use")
		}
		for i := range len(p.Text) {
			switch c := p.Text[i]; {
			case escaped:
				escaped = false
			case c == '\\':
				escaped = inside
			case c == '"':
				inside = !inside
			}
		}
		b.WriteString(p.Text)
		if p.Hole != nil {
			mark := sealOpen + strconv.Itoa(len(holes)) + sealClose
			if !inside {
				mark = `"` + mark + `"`
			}
			b.WriteString(mark)
			holes = append(holes, p.Hole)
		}
	}
	return b.String(), holes, nil
}

// unseal takes a text apart at its holes. A hole alone is an unknown.
func unseal(s string, holes []*Hole, at *cloud.Origin) Value {
	if !strings.Contains(s, sealOpen) {
		return Text(s, at)
	}
	var parts []Part
	for s != "" {
		before, rest, found := strings.Cut(s, sealOpen)
		if before != "" {
			parts = append(parts, Part{Text: before})
		}
		if !found {
			break
		}
		var number string
		number, s, _ = strings.Cut(rest, sealClose)
		if n, err := strconv.Atoi(number); err == nil && n < len(holes) {
			parts = append(parts, Part{Hole: holes[n]})
		}
	}
	return Pieces(parts, at)
}

func decode(d *json.Decoder, holes []*Hole, at *cloud.Origin, depth int) (Value, error) {
	if depth > maxDepth {
		return Value{}, errors.New("too deep")
	}
	tok, err := d.Token()
	if err != nil {
		return Value{}, err
	}
	switch tok := tok.(type) {
	case string:
		return unseal(tok, holes, at), nil
	case json.Number:
		return Num(tok.String(), at), nil
	case bool:
		return Flag(tok, at), nil
	case json.Delim:
		if tok == '[' {
			return decodeList(d, holes, at, depth)
		}
		return decodeObject(d, holes, at, depth)
	}
	return Value{at: at}, nil
}

func decodeList(d *json.Decoder, holes []*Hole, at *cloud.Origin, depth int) (Value, error) {
	var members []Value
	for d.More() {
		v, err := decode(d, holes, at, depth+1)
		if err != nil {
			return Value{}, err
		}
		members = append(members, v)
	}
	_, err := d.Token()
	return ListOf(members, nil, at), err
}

func decodeObject(d *json.Decoder, holes []*Hole, at *cloud.Origin, depth int) (Value, error) {
	fields := map[string]Value{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return Value{}, err
		}
		v, err := decode(d, holes, at, depth+1)
		if err != nil {
			return Value{}, err
		}
		fields[unseal(fmt.Sprint(key), holes, at).Show()] = v
	}
	_, err := d.Token()
	return ObjectOf(fields, nil, at), err
}
