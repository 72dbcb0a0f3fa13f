package terraform

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// variableValue is what a root module's variable is given: an expression in a
// file, or a text on the command line.
type variableValue struct {
	expr hclsyntax.Expression
	text string
}

// readVariables collects what the root's variables are given, the later source
// winning: environment, terraform.tfvars, *.auto.tfvars, --var-file, --var.
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func (r *run) readVariables(dir string, f *folder, o Options) map[string]variableValue {
	given := map[string]variableValue{}
	for name, text := range o.Env {
		given[name] = variableValue{text: text}
	}
	for _, file := range r.variableFiles(dir) {
		r.readVariableFile(file, given)
	}
	for _, file := range o.VarFiles {
		r.readVariableFile(file, given)
	}
	for name, text := range o.Vars {
		given[name] = variableValue{text: text}
	}
	for name := range given {
		if f.variables[name] == nil {
			delete(given, name)
		}
	}
	return given
}

func (r *run) variableFiles(dir string) []string {
	entries, err := fs.ReadDir(r.files, dir)
	if err != nil {
		return nil
	}
	var plain, auto []string
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "terraform.tfvars", name == "terraform.tfvars.json":
			plain = append(plain, path.Join(dir, name))
		case strings.HasSuffix(name, ".auto.tfvars"), strings.HasSuffix(name, ".auto.tfvars.json"):
			auto = append(auto, path.Join(dir, name))
		}
	}
	slices.Sort(auto)
	return append(plain, auto...)
}

func (r *run) readVariableFile(name string, given map[string]variableValue) {
	src, err := readBounded(r.files, name, maxFile)
	if err != nil {
		r.skipped = append(r.skipped, cloud.Skipped{Path: name, Why: "not read: " + err.Error()})
		return
	}
	var body *hclsyntax.Body
	if strings.HasSuffix(name, ".json") {
		body, err = parseJSONValues(name, src)
	} else {
		var diags hcl.Diagnostics
		if body, diags = parseHCL(name, src, hcl.InitialPos); diags.HasErrors() {
			err = fmt.Errorf("%s", firstError(diags).Summary)
		}
	}
	if err != nil {
		r.skipped = append(r.skipped, cloud.Skipped{Path: name, Why: "not read: " + err.Error()})
		return
	}
	for _, n := range slices.Sorted(maps.Keys(body.Attributes)) {
		given[n] = variableValue{expr: body.Attributes[n].Expr}
	}
}

// variable is the value that a root module's variable is given.
func (o Options) variable(name string, ty cty.Type) (cty.Value, bool) {
	g, ok := o.values[name]
	if !ok {
		return cty.NilVal, false
	}
	if g.expr == nil {
		if ty.IsPrimitiveType() || ty == cty.DynamicPseudoType {
			return cty.StringVal(g.text), true
		}
		x, diags := hclsyntax.ParseExpression([]byte(g.text), "--var "+name, hcl.InitialPos)
		if diags.HasErrors() {
			return cty.StringVal(g.text), true
		}
		g.expr = x
	}
	v, diags := g.expr.Value(&hcl.EvalContext{})
	if diags.HasErrors() {
		return cty.DynamicVal.Mark(&code.Hole{Reason: cloud.Malformed, Why: "variable " + name + ": " + firstError(diags).Summary}), true
	}
	return v, true
}
