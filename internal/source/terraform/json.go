package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// parseJSON reads the JSON form of a configuration into the same tree as the
// native form. What may be a block or an attribute there is an attribute,
// which the mappings read alike.
// https://developer.hashicorp.com/terraform/language/syntax/json
func parseJSON(name string, src []byte) (*hclsyntax.Body, error) {
	j := newJSONReader(name, src, true)
	root, err := j.document()
	if err != nil {
		return nil, err
	}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	for _, item := range members(root) {
		labels := map[string]int{"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0, "terraform": 0, "moved": 0, "removed": 0, "import": 0, "check": 1}
		n, known := labels[item.key]
		switch {
		case item.key == "//":
		case !known:
			body.Blocks = append(body.Blocks, &hclsyntax.Block{Type: item.key, Body: &hclsyntax.Body{}, TypeRange: item.at})
		default:
			body.Blocks = append(body.Blocks, blocksOf(item.key, nil, n, item.value, item.at)...)
		}
	}
	return body, nil
}

// parseJSONValues reads a file of variables: texts in it are no templates.
func parseJSONValues(name string, src []byte) (*hclsyntax.Body, error) {
	j := newJSONReader(name, src, false)
	root, err := j.document()
	if err != nil {
		return nil, err
	}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	for _, item := range members(root) {
		body.Attributes[item.key] = &hclsyntax.Attribute{Name: item.key, Expr: item.value, SrcRange: item.at, NameRange: item.at}
	}
	return body, nil
}

type member struct {
	key   string
	value hclsyntax.Expression
	at    hcl.Range
}

// members are the fields of an object, or of each object in a list.
func members(x hclsyntax.Expression) []member {
	var out []member
	switch x := x.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			out = append(out, members(e)...)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			key := item.KeyExpr.(*hclsyntax.LiteralValueExpr)
			at := key.SrcRange
			at.End = item.ValueExpr.Range().End
			out = append(out, member{key.Val.AsString(), item.ValueExpr, at})
		}
	}
	return out
}

// blocksOf makes blocks of an object whose outer fields are labels.
func blocksOf(typ string, labels []string, more int, x hclsyntax.Expression, at hcl.Range) []*hclsyntax.Block {
	if more > 0 {
		var out []*hclsyntax.Block
		for _, m := range members(x) {
			if m.key != "//" {
				out = append(out, blocksOf(typ, append(labels[:len(labels):len(labels)], m.key), more-1, m.value, m.at)...)
			}
		}
		return out
	}
	if list, ok := x.(*hclsyntax.TupleConsExpr); ok {
		var out []*hclsyntax.Block
		for _, e := range list.Exprs {
			out = append(out, blocksOf(typ, labels, 0, e, e.Range())...)
		}
		return out
	}
	return []*hclsyntax.Block{{Type: typ, Labels: labels, Body: bodyOf(x), TypeRange: at, CloseBraceRange: hcl.Range{Filename: at.Filename, Start: at.End, End: at.End}}}
}

// bodyOf makes a body of an object: of fields, and of those blocks that are
// asked for as blocks.
func bodyOf(x hclsyntax.Expression) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: x.Range()}
	for _, m := range members(x) {
		switch m.key {
		case "//":
		case "statement", "principals", "not_principals", "condition", "default_tags", "assume_role", "lifecycle", "required_providers", "provisioner", "connection", "content":
			body.Blocks = append(body.Blocks, blocksOf(m.key, nil, 0, m.value, m.at)...)
		case "dynamic":
			body.Blocks = append(body.Blocks, blocksOf(m.key, nil, 1, m.value, m.at)...)
		default:
			body.Attributes[m.key] = &hclsyntax.Attribute{Name: m.key, Expr: m.value, SrcRange: m.at, NameRange: m.at}
		}
	}
	return body
}

// jsonReader reads JSON into expressions that know their lines.
type jsonReader struct {
	name      string
	d         *json.Decoder
	lines     []int // offsets at which lines begin
	templates bool
}

func newJSONReader(name string, src []byte, templates bool) *jsonReader {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	j := &jsonReader{name: name, d: json.NewDecoder(bytes.NewReader(src)), lines: []int{0}, templates: templates}
	j.d.UseNumber()
	for i, c := range src {
		if c == '\n' {
			j.lines = append(j.lines, i+1)
		}
	}
	return j
}

func (j *jsonReader) document() (hclsyntax.Expression, error) {
	x, err := j.read(0)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", j.pos().Line, err)
	}
	if _, err := j.d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the end of the JSON")
	}
	if _, ok := x.(*hclsyntax.LiteralValueExpr); ok {
		return nil, errors.New("a configuration is an object")
	}
	return x, nil
}

func (j *jsonReader) pos() hcl.Pos {
	offset := int(j.d.InputOffset())
	line := sort.Search(len(j.lines), func(i int) bool { return j.lines[i] > offset })
	return hcl.Pos{Line: line, Column: offset - j.lines[line-1] + 1, Byte: offset}
}

func (j *jsonReader) from(start hcl.Pos) hcl.Range {
	return hcl.Range{Filename: j.name, Start: start, End: j.pos()}
}

func (j *jsonReader) read(depth int) (hclsyntax.Expression, error) {
	if depth > maxNesting {
		return nil, errors.New("nested too deeply")
	}
	tok, err := j.d.Token()
	if err != nil {
		return nil, err
	}
	start := j.pos()
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '[' {
			return j.list(start, depth)
		}
		return j.object(start, depth)
	case string:
		return j.text(tok, start), nil
	case json.Number:
		n, err := cty.ParseNumberVal(tok.String())
		if err != nil {
			return nil, err
		}
		return &hclsyntax.LiteralValueExpr{Val: n, SrcRange: j.from(start)}, nil
	case bool:
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(tok), SrcRange: j.from(start)}, nil
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: j.from(start)}, nil
}

// text is a template, as every text of a configuration is.
func (j *jsonReader) text(s string, start hcl.Pos) hclsyntax.Expression {
	if j.templates {
		if x, diags := hclsyntax.ParseTemplate([]byte(s), j.name, start); !diags.HasErrors() && depth([]byte(s)) <= maxNesting {
			return x
		}
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(s), SrcRange: j.from(start)}
}

func (j *jsonReader) list(start hcl.Pos, depth int) (hclsyntax.Expression, error) {
	x := &hclsyntax.TupleConsExpr{OpenRange: j.from(start)}
	for j.d.More() {
		item, err := j.read(depth + 1)
		if err != nil {
			return nil, err
		}
		x.Exprs = append(x.Exprs, item)
	}
	_, err := j.d.Token()
	x.SrcRange = j.from(start)
	return x, err
}

func (j *jsonReader) object(start hcl.Pos, depth int) (hclsyntax.Expression, error) {
	x := &hclsyntax.ObjectConsExpr{OpenRange: j.from(start)}
	for j.d.More() {
		key, err := j.d.Token()
		if err != nil {
			return nil, err
		}
		at := j.from(j.pos())
		v, err := j.read(depth + 1)
		if err != nil {
			return nil, err
		}
		x.Items = append(x.Items, hclsyntax.ObjectConsItem{KeyExpr: &hclsyntax.LiteralValueExpr{Val: cty.StringVal(fmt.Sprint(key)), SrcRange: at}, ValueExpr: v})
	}
	_, err := j.d.Token()
	x.SrcRange = j.from(start)
	return x, err
}
