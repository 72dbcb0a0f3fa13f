package functions

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxTokens bounds the parts of a template that can nest in each other:
// reading and evaluating them goes as deep as they do.
const maxTokens = 50_000

func (t tree) templateFile(callable map[string]function.Function) function.Function {
	return define(cty.DynamicPseudoType, func(args []cty.Value) (cty.Value, error) {
		name := args[0].AsString()
		raw, known, err := t.read(name)
		if err != nil || !known {
			return unknown(cty.String), err
		}
		src, err := validText(raw, nil)
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		return render(src, name, args[1], callable)
	}, text("path"), variables())
}

func templateString(callable map[string]function.Function) function.Function {
	return define(cty.DynamicPseudoType, func(args []cty.Value) (cty.Value, error) {
		return render(args[0].AsString(), "template", args[1], callable)
	}, text("template"), variables())
}

// variables keep their own marks, so that a result has only those of what the
// template uses.
func variables() function.Parameter {
	p := anything("vars")
	p.AllowMarked = true
	return p
}

func render(src, name string, vars cty.Value, callable map[string]function.Function) (cty.Value, error) {
	if err := shortText(src); err != nil {
		return cty.NilVal, err
	}
	vars, marks := vars.Unmark()
	if t := vars.Type(); !t.IsMapType() && !t.IsObjectType() {
		return cty.NilVal, function.NewArgErrorf(1, "must be a map or an object of template variables")
	}
	if err := shortTemplate(src, name); err != nil {
		return cty.NilVal, err
	}
	template, diags := hclsyntax.ParseTemplate([]byte(src), name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	v, diags := template.Value(&hcl.EvalContext{Variables: vars.AsValueMap(), Functions: callable})
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return v.WithMarks(marks), nil
}

func shortTemplate(src, name string) error {
	tokens, diags := hclsyntax.LexTemplate([]byte(src), name, hcl.InitialPos)
	if diags.HasErrors() {
		return diags
	}
	n := 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenIdent, hclsyntax.TokenDot, hclsyntax.TokenComma, hclsyntax.TokenNewline:
		default:
			n++
		}
	}
	if n > maxTokens {
		return errors.New("the template is too large")
	}
	return nil
}
