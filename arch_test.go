package merlon_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "merlon.dev"

// A room is a set of packages with the same rights. Patterns are those of
// path.Match, relative to the module.
type room struct {
	packages []string
	// imports are the packages of ours that code here may use.
	imports []string
	// modules are the third-party modules, by prefix, that code here may use;
	// "*" is any.
	modules []string
	// pure rooms read no clock, file, socket, environment or chance.
	pure bool
	// testOnly rooms are imported by tests and by each other, never by the binary.
	testOnly bool
}

// plan is the house, lowest floor first. A room may use what it names and
// nothing else: rooms on one floor are strangers to each other. A new folder
// is a decision, taken here.
func plan() []room {
	model := []string{"internal/cloud", "internal/cloud/*"}
	engines := []string{"internal/policy", "internal/iam", "internal/reach"}
	sources := []string{"internal/source/*"}
	testcloud := []string{"internal/testcloud", "internal/testcloud/*"}
	return []room{
		{packages: []string{"internal/cloud"}, pure: true},
		{packages: []string{"internal/cloud/*"}, imports: []string{"internal/cloud"}, pure: true},

		// Content is data with, at most, the line that embeds it.
		{packages: []string{"rules", "compliance"}, pure: true},

		{packages: []string{"internal/policy/cwfilter"}, pure: true},
		{packages: []string{"internal/policy"}, imports: join(model, "internal/policy/cwfilter"), modules: []string{"cel.dev/", "google.golang.org/", "github.com/goccy/", "go.yaml.in/", "gopkg.in/yaml"}, pure: true},
		{packages: []string{"internal/iam", "internal/reach"}, imports: model, pure: true},
		{packages: []string{"internal/report"}, imports: join(model, engines...), modules: []string{"*"}, pure: true},

		{packages: []string{"internal/source/secretscan"}, modules: []string{"github.com/zricethezav/"}, pure: true},
		{packages: []string{"internal/source/code"}, imports: join(model, "internal/source/secretscan"), pure: true},
		{packages: []string{"internal/source/terraform/functions"}, modules: []string{"github.com/hashicorp/hcl/", "github.com/zclconf/", "github.com/bmatcuk/doublestar/", "github.com/google/uuid", "golang.org/x/"}, pure: true},
		{packages: []string{"internal/source/terraform", "internal/source/cloudformation"}, imports: join(model, "internal/source/code", "internal/source/terraform/functions"), modules: []string{"github.com/hashicorp/hcl/", "github.com/zclconf/", "go.yaml.in/", "golang.org/x/"}, pure: true},
		{packages: []string{"internal/source/awsapi"}, imports: join(model, join(engines, "internal/source/secretscan", "internal/policy/cwfilter")...), modules: []string{"github.com/aws/", "golang.org/x/"}},
		{packages: []string{"internal/store"}, imports: join(model, engines...), modules: []string{"*"}},

		{packages: []string{"internal/testcloud"}, imports: model, pure: true},
		{packages: []string{"internal/testcloud/emulator", "internal/testcloud/proxy"}, modules: []string{"github.com/aws/"}, testOnly: true},
		{packages: []string{"internal/testcloud/pour"}, imports: join(model, "internal/testcloud"), modules: []string{"github.com/aws/"}, testOnly: true},

		{packages: []string{"internal/app"}, imports: slices.Concat(model, engines, sources, []string{"internal/policy/cwfilter", "internal/report", "internal/store", "internal/testcloud", "rules", "compliance"}), modules: []string{"*"}},
		{packages: []string{"internal/cli"}, imports: slices.Concat(model, engines, sources, testcloud, []string{"internal/app", "internal/report"}), modules: []string{"*"}},
		{packages: []string{"cmd/*"}, imports: []string{"internal/cli"}},
	}
}

func join(a []string, b ...string) []string { return slices.Concat(a, b) }

// exempt are the package-level variables that hold state all the same, with
// the reason.
func exempt() map[string]string {
	return map[string]string{
		"internal/cloud.plans": "a cache of what reflection says of the model's types; it never changes an answer",
	}
}

// impure are what makes a package depend on the machine it runs on.
func impure() map[string]bool {
	return map[string]bool{
		"os": true, "os/exec": true, "os/signal": true, "os/user": true, "io/ioutil": true, "path/filepath": true,
		"net": true, "net/http": true, "syscall": true, "plugin": true, "log": true, "log/slog": true,
		"math/rand": true, "math/rand/v2": true, "crypto/rand": true, "database/sql": true, "runtime/debug": true,
	}
}

// clock are the functions of package time that read the clock or wait for it.
func clock() []string {
	return []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTicker", "NewTimer"}
}

// TestArchitecture parses the whole module and holds it against the plan.
func TestArchitecture(t *testing.T) {
	all := packages(t)
	for name, check := range map[string]func(*testing.T, []*parsedPackage){
		"every package is in a room":             everyPackageIsInARoom,
		"rooms import only what the plan allows": roomsImportOnlyWhatThePlanAllows,
		"pure rooms read no clock":               pureRoomsReadNoClock,
		"every package says what it is":          everyPackageSaysWhatItIs,
		"nothing runs at init":                   nothingRunsAtInit,
		"no mutable package state":               noMutablePackageState,
	} {
		t.Run(name, func(t *testing.T) { check(t, all) })
	}
}

func everyPackageIsInARoom(t *testing.T, all []*parsedPackage) {
	for _, p := range all {
		if roomOf(p.path) == nil {
			t.Errorf("%s is in no room: give it one in plan()", p.path)
		}
	}
}

func roomsImportOnlyWhatThePlanAllows(t *testing.T, all []*parsedPackage) {
	for _, p := range all {
		r := roomOf(p.path)
		if r == nil {
			continue
		}
		for _, f := range p.files {
			for _, spec := range f.Imports {
				if why := forbidden(r, importPath(spec)); why != "" {
					t.Errorf("%s: %s", p.fset.Position(spec.Pos()), why)
				}
			}
		}
	}
}

// forbidden says why a room may not use an import, or "".
func forbidden(r *room, imported string) string {
	if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
		to := roomOf(ours)
		switch {
		case to != nil && to.testOnly && !r.testOnly:
			return ours + " is for tests only"
		case !matches(r.imports, ours):
			return fmt.Sprintf("%s must not import %s", r.packages[0], ours)
		}
		return ""
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		if r.pure && impure()[imported] {
			return fmt.Sprintf("%s must not touch the machine: it imports %s", r.packages[0], imported)
		}
		return ""
	}
	for _, m := range r.modules {
		if m == "*" || strings.HasPrefix(imported, m) {
			return ""
		}
	}
	return fmt.Sprintf("%s must not import %s", r.packages[0], imported)
}

func pureRoomsReadNoClock(t *testing.T, all []*parsedPackage) {
	for _, p := range all {
		if r := roomOf(p.path); r == nil || !r.pure {
			continue
		}
		for id, used := range p.info.Uses {
			pkgName, ok := used.(*types.PkgName)
			if !ok || pkgName.Imported().Path() != "time" {
				continue
			}
			if sel := p.selectorOf(id); sel != nil && slices.Contains(clock(), sel.Sel.Name) {
				t.Errorf("%s: time.%s in %s: time is handed in", p.fset.Position(id.Pos()), sel.Sel.Name, p.path)
			}
		}
	}
}

func everyPackageSaysWhatItIs(t *testing.T, all []*parsedPackage) {
	for _, p := range all {
		n := 0
		for _, f := range p.files {
			if f.Doc != nil {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s has %d package comments, not one", p.path, n)
		}
	}
}

func nothingRunsAtInit(t *testing.T, all []*parsedPackage) {
	for _, p := range all {
		for _, f := range p.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s: init in %s", p.fset.Position(fn.Pos()), p.path)
				}
			}
		}
	}
}

// noMutablePackageState finds package-level variables that are written
// after their declaration, handed out by address, or made to hold state.
func noMutablePackageState(t *testing.T, all []*parsedPackage) {
	for _, p := range all {
		vars := map[types.Object]bool{}
		for id, obj := range p.info.Defs {
			if v, ok := obj.(*types.Var); ok && v.Parent() == p.types.Scope() && id.Name != "_" {
				vars[v] = true
			}
		}
		report := func(at ast.Node, v types.Object, why string) {
			if exempt()[p.path+"."+v.Name()] == "" {
				t.Errorf("%s: package variable %s.%s %s", p.fset.Position(at.Pos()), p.path, v.Name(), why)
			}
		}
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				for _, target := range written(n) {
					if v := p.root(target); v != nil && vars[v] {
						report(n, v, "is written")
					}
				}
				if spec, ok := n.(*ast.ValueSpec); ok && holdsState(spec) {
					for _, name := range spec.Names {
						if v := p.info.Defs[name]; vars[v] {
							report(spec, v, "holds state")
						}
					}
				}
				return true
			})
		}
	}
}

// written lists the expressions that a node writes to or gives away by address.
func written(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) {
			return n.Args[:1]
		}
	}
	return nil
}

// holdsState reports whether a variable is declared with a type whose whole
// point is to change.
func holdsState(spec *ast.ValueSpec) bool {
	if _, ok := spec.Type.(*ast.ChanType); ok {
		return true
	}
	sel, ok := spec.Type.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && (x.Name == "sync" || x.Name == "atomic")
}

func roomOf(pkg string) *room {
	rooms := plan()
	// An exact name beats a pattern.
	for i := range rooms {
		if slices.Contains(rooms[i].packages, pkg) {
			return &rooms[i]
		}
	}
	for i := range rooms {
		if matches(rooms[i].packages, pkg) {
			return &rooms[i]
		}
	}
	return nil
}

func matches(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(p, pkg)
		return ok
	})
}

// A parsedPackage is one folder's code without its tests. Types are known as
// far as they are the package's own: imports are not followed.
type parsedPackage struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	types *types.Package
	info  *types.Info
}

func packages(t *testing.T) []*parsedPackage {
	t.Helper()
	byDir := map[string]*parsedPackage{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		if byDir[dir] == nil {
			byDir[dir] = &parsedPackage{path: dir, fset: fset}
		}
		byDir[dir].files = append(byDir[dir].files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(byDir) == 0 {
		t.Fatal("no packages found")
	}
	var all []*parsedPackage
	for _, p := range byDir {
		p.check()
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *parsedPackage) int { return strings.Compare(a.path, b.path) })
	return all
}

func (p *parsedPackage) check() {
	p.info = &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: hollow{}, Error: func(error) {}, FakeImportC: true}
	p.types, _ = conf.Check(p.path, p.fset, p.files, p.info)
}

// hollow imports every package as an empty one.
type hollow struct{}

func (hollow) Import(name string) (*types.Package, error) {
	p := types.NewPackage(name, path.Base(name))
	p.MarkComplete()
	return p, nil
}

// root returns the variable an expression starts at: v in v.f[i].
func (p *parsedPackage) root(e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return p.info.Uses[x]
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// selectorOf returns the selector expression that starts with the identifier.
func (p *parsedPackage) selectorOf(id *ast.Ident) *ast.SelectorExpr {
	var found *ast.SelectorExpr
	for _, f := range p.files {
		if f.FileStart > id.Pos() || id.Pos() > f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.X == id {
				found = sel
			}
			return found == nil
		})
	}
	return found
}

func importPath(spec *ast.ImportSpec) string {
	s, _ := strconv.Unquote(spec.Path.Value)
	return s
}
