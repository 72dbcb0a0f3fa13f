package policy

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// Unpinned returns the clauses of the rule that none of its examples would
// miss: operands of && and || that can be dropped, and comparisons that can be
// turned round, with every example still giving its verdict.
func (r *Rule) Unpinned() ([]string, error) {
	var loose []string
	for _, e := range []**expression{&r.when, &r.pass} {
		if *e == nil {
			continue
		}
		whole := *e
		defer func() { *e = whole }()
		env, _, err := r.env.with(r.env.kinds[r.Kind], r.Params)
		if err != nil {
			return nil, err
		}
		for _, m := range mutants(whole.ast.NativeRep()) {
			p, err := env.PlanProgram(m.ast)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", r.ID, m.what, err)
			}
			*e = &expression{ast: whole.ast, prog: p, trace: whole.trace}
			if r.Check() == nil {
				loose = append(loose, m.what)
			}
		}
		*e = whole
	}
	return loose, nil
}

// mutant is an expression with one clause changed.
type mutant struct {
	what string
	ast  *ast.AST
}

// mutants lists every way to drop one operand or turn one comparison round.
func mutants(a *ast.AST) []mutant {
	var out []mutant
	for n := 0; ; n++ {
		m, done := mutate(a, n)
		if done {
			return out
		}
		out = append(out, m)
	}
}

// mutate applies the n'th change, counting in visiting order.
func mutate(a *ast.AST, n int) (m mutant, done bool) {
	c := ast.Copy(a)
	i := 0
	take := func() bool { i++; return i-1 == n }
	ast.PostOrderVisit(c.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || m.ast != nil {
			return
		}
		call := e.AsCall()
		switch f := call.FunctionName(); f {
		case operators.LogicalAnd, operators.LogicalOr:
			if isLoopStep(call) {
				return
			}
			for k, arg := range call.Args() {
				if take() {
					m = mutant{what: "without " + text(a, arg), ast: c}
					replace(c, e, call.Args()[1-k])
					return
				}
			}
		case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals, operators.In:
			if take() {
				m = mutant{what: "with the opposite of " + text(a, e), ast: c}
				negate(c, e)
			}
		}
	}))
	return m, m.ast == nil
}

// isLoopStep reports whether a conjunction or disjunction is the accumulation
// inside all() or exists(), not a clause of the author's.
func isLoopStep(c ast.CallExpr) bool {
	first := c.Args()[0]
	return first.Kind() == ast.IdentKind && first.AsIdent() == "@result"
}

func replace(a *ast.AST, e, with ast.Expr) {
	fac := ast.NewExprFactory()
	kept := fac.CopyExpr(with)
	old := with.ID()
	e.SetKindCase(kept)
	move(a, old, e.ID())
}

func negate(a *ast.AST, e ast.Expr) {
	fac := ast.NewExprFactory()
	inner := fac.CopyExpr(e)
	id := ast.MaxID(a) + 1
	fresh := fac.NewUnspecifiedExpr(id)
	fresh.SetKindCase(inner)
	move(a, e.ID(), id)
	e.SetKindCase(fac.NewCall(e.ID(), operators.LogicalNot, fresh))
	a.SetReference(e.ID(), ast.NewFunctionReference("logical_not"))
	a.SetType(e.ID(), types.BoolType)
	a.SetType(id, types.BoolType)
}

// move gives one node's type and reference to another.
func move(a *ast.AST, from, to int64) {
	delete(a.ReferenceMap(), to)
	if r, ok := a.ReferenceMap()[from]; ok {
		a.SetReference(to, r)
	}
	if t, ok := a.TypeMap()[from]; ok {
		a.SetType(to, t)
	}
}

func text(a *ast.AST, e ast.Expr) string {
	s, err := cel.ExprToString(e, a.SourceInfo())
	if err != nil {
		return fmt.Sprintf("clause %d", e.ID())
	}
	return s
}
