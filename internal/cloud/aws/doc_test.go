package aws_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

var update = flag.Bool("update", false, "rewrite docs/model.md")

const modelFile = "../../../docs/model.md"

const modelIntro = `# The model: what rules can look at

Made from the Go source by ` + "`go generate ./internal/cloud/aws`" + `; do not edit. [rules.md](rules.md) says how rules read it.

Every resource has ` + "`ref`" + ` (its ARN), ` + "`name`, `account`" + `, ` + "`region`" + ` (empty for global ones) and ` + "`tags`" + ` (a map of text).
An arrow is a link: a rule follows it with a dot, and reads the fields of the resource it leads to. A back link is a list of all resources
that lead here, or that live in the same place. A time that was never set is the year 1. ` + "`merlon rule kinds KIND`" + ` prints the same fields on a terminal.
`

// TestModelIsDocumented holds docs/model.md to the comments and types of the
// model.
func TestModelIsDocumented(t *testing.T) {
	want := documentModel(t)
	if *update {
		if err := os.WriteFile(modelFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, err := os.ReadFile(modelFile); err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/model.md is out of date: run go generate ./internal/cloud/aws (%v)", err)
	}
}

// structDoc is what the source says of one struct.
type structDoc struct {
	doc    string
	fields map[string]string // by Go name
}

func documentModel(t *testing.T) []byte {
	kinds, reached := map[reflect.Type]cloud.Kind{}, map[string]reflect.Type{}
	for _, r := range aws.Kinds() {
		kinds[reflect.TypeOf(r).Elem()] = r.Kind()
		reach(reflect.TypeOf(r).Elem(), reached)
	}
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b, index bytes.Buffer
	written := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		order, docs := structsIn(t, name)
		for _, s := range order {
			if st := reached[s]; st != nil {
				if k := kinds[st]; k != "" {
					fmt.Fprintf(&index, "- [%s](#%s)\n", k, anchor(string(k)))
				}
				writeStruct(&b, st, docs[s], kinds)
				written++
			}
		}
	}
	if written != len(reached) {
		t.Errorf("%d of %d structs of the model found in the source", written, len(reached))
	}
	return []byte(modelIntro + "\n" + index.String() + b.String())
}

// reach collects a struct and those nested in it.
func reach(st reflect.Type, into map[string]reflect.Type) {
	if into[st.Name()] != nil {
		return
	}
	into[st.Name()] = st
	for i := range st.NumField() {
		ft := st.Field(i).Type
		if ft.Kind() == reflect.Slice {
			ft = ft.Elem()
		}
		if ft.Kind() == reflect.Pointer && ft.Elem().Kind() == reflect.Struct {
			reach(ft.Elem(), into)
		}
	}
}

func structsIn(t *testing.T, file string) (order []string, docs map[string]structDoc) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	docs = map[string]structDoc{}
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		for _, spec := range gen.Specs {
			ts := spec.(*ast.TypeSpec)
			st, ok := ts.Type.(*ast.StructType)
			if !ok {
				continue
			}
			doc := structDoc{doc: gen.Doc.Text(), fields: map[string]string{}}
			if ts.Doc != nil {
				doc.doc = ts.Doc.Text()
			}
			for _, field := range st.Fields.List {
				for _, n := range field.Names {
					doc.fields[n.Name] = strings.TrimSpace(field.Doc.Text() + " " + field.Comment.Text())
				}
			}
			order = append(order, ts.Name.Name)
			docs[ts.Name.Name] = doc
		}
	}
	return order, docs
}

func writeStruct(b *bytes.Buffer, st reflect.Type, doc structDoc, kinds map[reflect.Type]cloud.Kind) {
	title := st.Name()
	if k := kinds[st]; k != "" {
		title = string(k)
		fmt.Fprintf(b, "\n## %s\n", title)
	} else {
		fmt.Fprintf(b, "\n### %s\n", title)
	}
	about := prose(doc.doc, nil)
	if kinds[st] != "" {
		about = strings.Replace(about, st.Name()+" ", "`"+title+"` ", 1)
	}
	fmt.Fprintf(b, "\n%s\n\n| field | type | meaning |\n|---|---|---|\n", about)
	rename := map[string]string{}
	for i := range st.NumField() {
		rename[st.Field(i).Name] = cloud.FieldName(st.Field(i))
	}
	for i := range st.NumField() {
		f := st.Field(i)
		if f.Anonymous {
			continue
		}
		meaning := prose(doc.fields[f.Name], rename)
		for _, verb := range []string{" is ", " are "} {
			meaning = strings.TrimPrefix(meaning, "`"+cloud.FieldName(f)+"`"+verb)
		}
		if f.Tag.Get("backlink") != "" {
			meaning = strings.TrimSuffix("Back link: "+meaning, ": ")
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", cloud.FieldName(f), typeText(f.Type, kinds), meaning)
	}
}

var (
	goName = regexp.MustCompile(`^[A-Z]\w*|\b[A-Z]+[a-z0-9]+[A-Z]\w*`)
	page   = regexp.MustCompile(`\(?(https://[^\s)]+)\)?`)
)

// prose turns a Go comment into a line of Markdown, with fields under the names
// that rules use.
func prose(comment string, rename map[string]string) string {
	line := strings.Join(strings.Fields(comment), " ")
	line = goName.ReplaceAllStringFunc(line, func(name string) string {
		if as := rename[name]; as != "" {
			return "`" + as + "`"
		}
		return name
	})
	line = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`).Replace(line)
	return page.ReplaceAllString(line, "[AWS]($1)")
}

func typeText(t reflect.Type, kinds map[reflect.Type]cloud.Kind) string {
	if link, ok := reflect.New(t).Interface().(cloud.AnyLink); ok {
		k := string(kinds[link.TargetType()])
		return fmt.Sprintf("→ [%s](#%s)", k, anchor(k))
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t.Kind() == reflect.Slice:
		return "list of " + typeText(t.Elem(), kinds)
	case t.Kind() == reflect.Pointer:
		return fmt.Sprintf("[%s](#%s)", t.Elem().Name(), anchor(t.Elem().Name()))
	case t.Kind() == reflect.Map:
		return "map of text"
	case t.Kind() == reflect.Float64:
		return "double"
	}
	return t.Kind().String()
}

// anchor is what Markdown makes of a heading.
func anchor(heading string) string { return strings.ToLower(strings.ReplaceAll(heading, ":", "")) }
