package terraform

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"merlon.dev/internal/cloud"
)

// A folder is one module as written: all blocks of its files, by what they are.
type folder struct {
	path      string
	show      func(string) string // what a file is called in reports
	files     int
	variables map[string]*variable
	locals    map[string]*hclsyntax.Attribute
	outputs   map[string]*hclsyntax.Block
	managed   map[string]*hclsyntax.Block // by "type.name"
	data      map[string]*hclsyntax.Block
	modules   map[string]*hclsyntax.Block
	providers map[string]*hclsyntax.Block // by "aws" or "aws.alias"
	sources   map[string]string           // of required providers, by local name
	skipped   []cloud.Skipped
}

type variable struct {
	block     *hclsyntax.Block
	ty        cty.Type
	defaults  *typeexpr.Defaults
	byDefault hclsyntax.Expression
	nullable  bool
	sensitive bool
}

// readFolder parses the files of one folder. Override files come last and
// change what the others declare.
// https://developer.hashicorp.com/terraform/language/files/override
func readFolder(files fs.FS, dir string, only []string, show func(string) string) *folder {
	f := &folder{
		path: dir, show: show, variables: map[string]*variable{}, locals: map[string]*hclsyntax.Attribute{}, outputs: map[string]*hclsyntax.Block{},
		managed: map[string]*hclsyntax.Block{}, data: map[string]*hclsyntax.Block{}, modules: map[string]*hclsyntax.Block{},
		providers: map[string]*hclsyntax.Block{}, sources: map[string]string{},
	}
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		f.skip(f.show(dir), 0, "cannot be listed: "+err.Error())
		return f
	}
	var names, overrides []string
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !isConfig(name) || len(only) > 0 && !slices.Contains(only, path.Join(dir, name)) || shadowed(name, entries) {
			continue
		}
		if stem := strings.TrimSuffix(configStem(name), "_override"); stem == "override" || stem != configStem(name) {
			overrides = append(overrides, name)
			continue
		}
		names = append(names, name)
	}
	for _, name := range names {
		f.readFile(files, path.Join(dir, name), false)
	}
	for _, name := range overrides {
		f.readFile(files, path.Join(dir, name), true)
	}
	return f
}

func isConfig(name string) bool {
	return !strings.HasPrefix(name, ".") && configStem(name) != ""
}

// configStem is the name of a configuration file without its ending; "" for
// other files.
func configStem(name string) string {
	for _, ending := range []string{".tf", ".tofu", ".tf.json", ".tofu.json"} {
		if stem, ok := strings.CutSuffix(name, ending); ok {
			return stem
		}
	}
	return ""
}

// shadowed reports whether OpenTofu's own file of the same name takes the place of this one.
func shadowed(name string, entries []fs.DirEntry) bool {
	if strings.HasSuffix(name, ".tofu") || strings.HasSuffix(name, ".tofu.json") {
		return false
	}
	twin := configStem(name) + ".tofu" + strings.TrimPrefix(strings.TrimPrefix(name, configStem(name)), ".tf")
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == twin })
}

func (f *folder) skip(file string, line int, why string) {
	f.skipped = append(f.skipped, cloud.Skipped{Path: file, Line: line, Why: why})
}

func (f *folder) readFile(files fs.FS, name string, override bool) {
	src, err := readBounded(files, name, maxFile)
	name = f.show(name)
	if err != nil {
		f.skip(name, 0, "not read: "+err.Error())
		return
	}
	f.files++
	var body *hclsyntax.Body
	if strings.HasSuffix(name, ".json") {
		if body, err = parseJSON(name, src); err != nil {
			f.skip(name, 0, "not read: "+err.Error())
			return
		}
	} else {
		body = f.parse(name, src)
	}
	for _, a := range body.Attributes {
		f.skip(name, a.NameRange.Start.Line, fmt.Sprintf("%s is no block", a.Name))
	}
	for _, b := range body.Blocks {
		f.add(b, override)
	}
}

func readBounded(files fs.FS, name string, limit int64) ([]byte, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, reasonOf(err)
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, reasonOf(err)
	}
	if int64(len(src)) > limit {
		return nil, fmt.Errorf("larger than %d MB", limit>>20)
	}
	return src, nil
}

// reasonOf is an error without the path that everybody who prints it names.
func reasonOf(err error) error {
	var p *fs.PathError
	if ok := asPathError(err, &p); ok {
		return p.Err
	}
	return err
}

func (f *folder) add(b *hclsyntax.Block, override bool) {
	key := strings.Join(b.Labels, ".")
	put := func(m map[string]*hclsyntax.Block, labels int) {
		if len(b.Labels) != labels {
			f.skip(b.TypeRange.Filename, b.TypeRange.Start.Line, fmt.Sprintf("a %s block with %d labels", b.Type, len(b.Labels)))
			return
		}
		if old := m[key]; old != nil && override {
			m[key] = overridden(old, b)
			return
		} else if old != nil {
			f.skip(b.TypeRange.Filename, b.TypeRange.Start.Line, fmt.Sprintf("%s %s is declared again; it stands in %s too", b.Type, key, place(old.TypeRange)))
			return
		}
		m[key] = b
	}
	switch b.Type {
	case "resource":
		put(f.managed, 2)
	case "data":
		put(f.data, 2)
	case "module":
		put(f.modules, 1)
	case "output":
		put(f.outputs, 1)
	case "variable":
		f.addVariable(b, override)
	case "locals":
		for name, a := range b.Body.Attributes {
			f.locals[name] = a
		}
	case "provider":
		f.addProvider(b)
	case "terraform":
		f.addRequirements(b)
	case "moved", "removed", "import", "check", "ephemeral", "action", "list", "language":
	default:
		f.skip(b.TypeRange.Filename, b.TypeRange.Start.Line, fmt.Sprintf("%s is no block of Terraform", b.Type))
	}
}

// overridden is a block with the attributes and blocks of a later one in place
// of its own of the same name.
func overridden(old, by *hclsyntax.Block) *hclsyntax.Block {
	out := *old
	body := *old.Body
	body.Attributes = hclsyntax.Attributes{}
	for n, a := range old.Body.Attributes {
		body.Attributes[n] = a
	}
	for n, a := range by.Body.Attributes {
		body.Attributes[n] = a
	}
	body.Blocks = slices.DeleteFunc(slices.Clone(old.Body.Blocks), func(b *hclsyntax.Block) bool {
		return slices.ContainsFunc(by.Body.Blocks, func(n *hclsyntax.Block) bool { return n.Type == b.Type })
	})
	body.Blocks = append(body.Blocks, by.Body.Blocks...)
	out.Body = &body
	return &out
}

func (f *folder) addVariable(b *hclsyntax.Block, override bool) {
	if len(b.Labels) != 1 {
		f.skip(b.TypeRange.Filename, b.TypeRange.Start.Line, "a variable block without a name")
		return
	}
	if old := f.variables[b.Labels[0]]; old != nil && override {
		b = overridden(old.block, b)
	}
	v := &variable{block: b, ty: cty.DynamicPseudoType, nullable: true}
	if a := b.Body.Attributes["type"]; a != nil {
		ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(a.Expr)
		if diags.HasErrors() {
			f.skip(a.SrcRange.Filename, a.SrcRange.Start.Line, "the type of variable "+b.Labels[0]+" is not understood")
		} else {
			v.ty, v.defaults = ty, defaults
		}
	}
	if a := b.Body.Attributes["default"]; a != nil {
		v.byDefault = a.Expr
	}
	v.nullable = !isLiteral(b.Body.Attributes["nullable"], cty.False)
	v.sensitive = isLiteral(b.Body.Attributes["sensitive"], cty.True)
	f.variables[b.Labels[0]] = v
}

func isLiteral(a *hclsyntax.Attribute, want cty.Value) bool {
	if a == nil {
		return false
	}
	l, ok := a.Expr.(*hclsyntax.LiteralValueExpr)
	return ok && l.Val.RawEquals(want)
}

func (f *folder) addProvider(b *hclsyntax.Block) {
	if len(b.Labels) != 1 {
		return
	}
	key := b.Labels[0]
	if a := b.Body.Attributes["alias"]; a != nil {
		if alias, diags := a.Expr.Value(nil); !diags.HasErrors() && alias.Type() == cty.String && alias.IsKnown() && !alias.IsNull() {
			key += "." + alias.AsString()
		}
	}
	f.providers[key] = b
}

func (f *folder) addRequirements(b *hclsyntax.Block) {
	for _, inner := range b.Body.Blocks {
		if inner.Type != "required_providers" {
			continue
		}
		for name, a := range inner.Body.Attributes {
			v, diags := a.Expr.Value(nil)
			if !diags.HasErrors() && v.Type().IsObjectType() && v.Type().HasAttribute("source") {
				if src := v.GetAttr("source"); src.Type() == cty.String && src.IsKnown() && !src.IsNull() {
					f.sources[name] = src.AsString()
				}
			}
		}
	}
}

// parse reads one file. Where it has a syntax error it is read in pieces, one
// for each block at the top, and only the broken ones are lost.
func (f *folder) parse(name string, src []byte) *hclsyntax.Body {
	file, diags := parseHCL(name, src, hcl.InitialPos)
	if !diags.HasErrors() {
		return file
	}
	sum := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	for _, piece := range topLevel(src) {
		body, diags := parseHCL(name, piece.src, piece.start)
		if diags.HasErrors() {
			d := firstError(diags)
			line := piece.start.Line
			if d.Subject != nil {
				line = d.Subject.Start.Line
			}
			f.skip(name, line, fmt.Sprintf("the block at line %d is left out: %s", piece.start.Line, strings.TrimSuffix(d.Summary+": "+oneLine(d.Detail), ".")))
			continue
		}
		sum.Blocks = append(sum.Blocks, body.Blocks...)
	}
	return sum
}

func parseHCL(name string, src []byte, start hcl.Pos) (*hclsyntax.Body, hcl.Diagnostics) {
	if depth(src) > maxNesting {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "nested too deeply", Detail: fmt.Sprintf("more than %d levels", maxNesting)}}
	}
	file, diags := hclsyntax.ParseConfig(src, name, start)
	if diags.HasErrors() {
		return nil, diags
	}
	return file.Body.(*hclsyntax.Body), nil
}

// depth is how deeply brackets are nested at most, those in texts and comments
// included: a parser that descends must not be sent too deep.
func depth(src []byte) int {
	deepest, now := 0, 0
	for _, c := range src {
		switch c {
		case '{', '[', '(':
			now++
			deepest = max(deepest, now)
		case '}', ']', ')':
			now = max(0, now-1)
		}
	}
	return deepest
}

func firstError(diags hcl.Diagnostics) *hcl.Diagnostic {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return d
		}
	}
	return diags[0]
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type piece struct {
	src   []byte
	start hcl.Pos
}

// topLevel cuts a file where a line begins a block at its left margin.
func topLevel(src []byte) []piece {
	var out []piece
	begin, beginLine := 0, 1
	line := 1
	for at := 0; at < len(src); {
		end := at
		for end < len(src) && src[end] != '\n' {
			end++
		}
		if at > begin && beginsBlock(string(src[at:end])) {
			out = append(out, piece{src[begin:at], hcl.Pos{Line: beginLine, Column: 1, Byte: begin}})
			begin, beginLine = at, line
		}
		at, line = end+1, line+1
	}
	return append(out, piece{src[begin:], hcl.Pos{Line: beginLine, Column: 1, Byte: begin}})
}

func beginsBlock(line string) bool {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "resource", "data", "module", "variable", "output", "locals", "provider", "terraform", "moved", "removed", "import", "check":
		return strings.Contains(rest, "{")
	}
	return strings.HasPrefix(line, "locals{") || strings.HasPrefix(line, "terraform{")
}
