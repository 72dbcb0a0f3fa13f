package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"go.yaml.in/yaml/v3"

	"merlon.dev/internal/cloud"
)

// A Rule is a claim about one kind of resource.
type Rule struct {
	// ID is the rule's name for ever: aws-s3-bucket-blocks-public-access.
	ID string
	// Title is the claim that must hold, in the present tense.
	Title    string
	Severity cloud.Severity
	// Kind of the resources the rule is about.
	Kind cloud.Kind
	// When is a CEL expression; where it is false the rule says nothing. Empty
	// means always.
	When string
	// Pass is a CEL expression: true is pass, false is fail.
	Pass string
	// Why is what an attacker or an accident gains, Fix the smallest change.
	Why, Fix string
	// Aliases are the ids of the same claim elsewhere: prowler:..., fsbp:S3.8.
	Aliases []string
	// Params are values that users may override; expressions see params.name.
	Params map[string]any
	// File the rule was read from.
	File string

	written    []exampleFile
	tests      func() ([]example, error) // built when first needed: most runs need none
	env        *Env
	when, pass *expression
}

// expression is one compiled CEL expression of a rule.
type expression struct {
	ast  *cel.Ast
	prog cel.Program
	// The expression with every field read noted, for explanations; compiled
	// when first needed.
	trace func() (*traced, error)
}

// ruleFile is a rule as written.
type ruleFile struct {
	ID       string         `yaml:"id"`
	Title    string         `yaml:"title"`
	Severity string         `yaml:"severity"`
	Resource string         `yaml:"resource"`
	When     yaml.Node      `yaml:"when"`
	Pass     yaml.Node      `yaml:"pass"`
	Why      string         `yaml:"why"`
	Fix      string         `yaml:"fix"`
	Params   map[string]any `yaml:"params"`
	Aliases  []string       `yaml:"aliases"`
	Tests    []exampleFile  `yaml:"tests"`
}

// maxRuleBytes bounds a rule file.
const maxRuleBytes = 1 << 20

var ruleID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

// Compile reads one rule. Errors name the file, and the line and column where
// they can.
func (e *Env) Compile(file string, src []byte) (*Rule, error) {
	if len(src) > maxRuleBytes {
		return nil, fmt.Errorf("%s: a rule of %d bytes; the limit is %d", file, len(src), maxRuleBytes)
	}
	var in ruleFile
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("%s: %s", file, yamlError(err))
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: one rule a file, please", file)
	}
	r := &Rule{
		ID: in.ID, Title: in.Title, Severity: cloud.Severity(in.Severity), Kind: cloud.Kind(in.Resource),
		When: in.When.Value, Pass: in.Pass.Value, Why: strings.TrimSpace(in.Why), Fix: strings.TrimSpace(in.Fix),
		Aliases: in.Aliases, Params: in.Params, File: file, env: e,
	}
	if err := r.complete(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	env, tracing, err := e.with(e.kinds[r.Kind], r.Params)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if r.When != "" {
		if r.when, err = compile(env, tracing, file, src, &in.When); err != nil {
			return nil, err
		}
	}
	if r.pass, err = compile(env, tracing, file, src, &in.Pass); err != nil {
		return nil, err
	}
	r.written = in.Tests
	r.tests = sync.OnceValues(func() ([]example, error) { return e.examples(r, in.Tests) })
	return r, nil
}

// yamlError reduces the decoder's error to one line.
func yamlError(err error) string {
	var t *yaml.TypeError
	if errors.As(err, &t) {
		return t.Errors[0]
	}
	return strings.TrimPrefix(err.Error(), "yaml: ")
}

func (r *Rule) complete() error {
	switch {
	case !ruleID.MatchString(r.ID):
		return fmt.Errorf("id %q: an id looks like aws-s3-bucket-is-versioned", r.ID)
	case r.Title == "" || r.Why == "" || r.Fix == "":
		return fmt.Errorf("%s: title, why and fix must all be set", r.ID)
	case r.Severity.Rank() >= len(cloud.Severities()):
		return fmt.Errorf("%s: severity %q is none of critical, high, medium, low", r.ID, r.Severity)
	case r.env.kinds[r.Kind] == nil:
		return fmt.Errorf("%s: no resource kind %q; see `merlon rule kinds`", r.ID, r.Kind)
	case r.Pass == "":
		return fmt.Errorf("%s: pass must be set", r.ID)
	}
	return nil
}

// compile checks and plans an expression; positions in errors are those of the
// file.
func compile(env *cel.Env, tracing func() (*cel.Env, error), file string, src []byte, node *yaml.Node) (*expression, error) {
	a, issues := env.Compile(node.Value)
	if err := issues.Err(); err != nil {
		return nil, locate(file, src, node, issues)
	}
	if a.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("%s:%d:%d: the expression gives a %s; it must give a bool", file, node.Line, node.Column, a.OutputType())
	}
	if v := unusedVariable(a.NativeRep().Expr()); v != "" {
		return nil, fmt.Errorf("%s:%d: the condition on %s never looks at %s, so it would judge members that were not read; use size() or a field of %s", file, node.Line, v, v, v)
	}
	p, err := env.Program(a, cel.EvalOptions(cel.OptOptimize)) // literal lists, sets and patterns are built once
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, node.Line, err)
	}
	text := node.Value
	return &expression{ast: a, prog: p, trace: sync.OnceValues(func() (*traced, error) {
		env, err := tracing()
		if err != nil {
			return nil, err
		}
		a, issues := env.Compile(text)
		if err := issues.Err(); err != nil {
			return nil, err
		}
		return newTraced(env, a)
	})}, nil
}

// unusedVariable returns the variable of a comprehension whose body never
// mentions it. Such a body gives the same for a member that is not known, and so
// a verdict without data.
func unusedVariable(e ast.Expr) string {
	unused := ""
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.ComprehensionKind {
			return
		}
		c := e.AsComprehension()
		used := false
		ast.PostOrderVisit(c.LoopStep(), ast.NewExprVisitor(func(x ast.Expr) {
			used = used || x.Kind() == ast.IdentKind && x.AsIdent() == c.IterVar()
		}))
		if !used {
			unused = c.IterVar()
		}
	}))
	return unused
}

// locate turns the first compile error into "file:line:column: message" with
// the offending line and a caret below it.
func locate(file string, src []byte, node *yaml.Node, issues *cel.Issues) error {
	first := issues.Errors()[0]
	lines := strings.Split(node.Value, "\n")
	i := max(0, min(first.Location.Line()-1, len(lines)-1))
	line := node.Line + i
	if node.Style == yaml.LiteralStyle || node.Style == yaml.FoldedStyle {
		line++ // the text begins below the key
	}
	at := max(0, first.Location.Column()) // -1 where the parser lost its place
	column := at + 1
	if written := strings.Split(string(src), "\n"); line <= len(written) {
		column += max(0, strings.Index(written[line-1], lines[i]))
	}
	return fmt.Errorf("%s:%d:%d: %s\n  %s\n  %s^", file, line, column, first.Message, lines[i], strings.Repeat(" ", at))
}

// SetParam overrides a parameter; the value must have the type of the default.
func (r *Rule) SetParam(name string, value any) error {
	old, ok := r.Params[name]
	if !ok {
		return fmt.Errorf("rule %s has no parameter %q; it has: %s", r.ID, name, strings.Join(names(r.Params), ", "))
	}
	if typeName(old) != typeName(value) {
		return fmt.Errorf("rule %s: parameter %s is a %s, not a %s", r.ID, name, typeName(old), typeName(value))
	}
	r.Params[name] = value
	return nil
}

func typeName(v any) string {
	switch v.(type) {
	case int:
		return "number"
	case string:
		return "string"
	case bool:
		return "bool"
	case []any:
		return "list"
	}
	return fmt.Sprintf("%T", v)
}

// decode reads a rule's example object strictly into a resource.
func decode(fields any, into any) error {
	doc, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// celParams converts parameters to CEL values under the names expressions use.
func (r *Rule) celParams() map[string]any {
	out := make(map[string]any, len(r.Params))
	for name, v := range r.Params {
		out["params."+name] = celValue(v)
	}
	return out
}

func celValue(v any) any {
	switch v := v.(type) {
	case int:
		return types.Int(v)
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			words[i] = fmt.Sprint(w)
		}
		return types.NewStringList(types.DefaultTypeAdapter, words)
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

func paramType(v any) (*cel.Type, error) {
	switch v := v.(type) {
	case int:
		return cel.IntType, nil
	case string:
		return cel.StringType, nil
	case bool:
		return cel.BoolType, nil
	case []any:
		for _, w := range v {
			if _, ok := w.(string); !ok {
				return nil, errors.New("a list of something else than strings")
			}
		}
		return cel.ListType(cel.StringType), nil
	}
	return nil, fmt.Errorf("a %T", v)
}

// defaultNow is the present in rules' examples that set no other.
var defaultNow = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// Examples returns how many examples the rule has.
func (r *Rule) Examples() int { return len(r.written) }

// Params are sorted in messages and in the compiled environment alike.
func sortedParams(p map[string]any) []string { return slices.Sorted(slices.Values(names(p))) }

// Clone returns a copy whose severity and parameters can be changed.
func (r *Rule) Clone() *Rule {
	c := *r
	c.Params = maps.Clone(r.Params)
	return &c
}
