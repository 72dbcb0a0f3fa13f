package functions

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"
)

func estate() fstest.MapFS {
	return fstest.MapFS{
		"app/hello.txt":                      {Data: []byte("Hello World")},
		"app/binary":                         {Data: []byte{0xff, 0xfe}},
		"app/large":                          {Data: make([]byte, maxFile+1)},
		"app/files/hello.txt":                {Data: []byte("hello")},
		"app/files/world.txt":                {Data: []byte("world")},
		"app/files/subdirectory/another.txt": {Data: []byte("another")},
		"app/app/hello.txt":                  {Data: []byte("nested")},
		"app/backends.tftpl":                 {Data: []byte("%{ for addr in ip_addrs ~}\nbackend ${addr}:${port}\n%{ endfor ~}\n")},
		"app/number.tftpl":                   {Data: []byte("${n}")},
		"app/inner.tftpl":                    {Data: []byte(`${templatestring("$${a}", {a = 1})}`)},
		"app/again.tftpl":                    {Data: []byte(`${templatefile("app/again.tftpl", {})}`)},
		"app/reads.tftpl":                    {Data: []byte(`${file("${path}/hello.txt")}`)},
		"shared/policy.json":                 {Data: []byte(`{"a":1}`)},
		"only-root.txt":                      {Data: []byte("root")},
		"app/inside":                         {Data: []byte("../shared/policy.json"), Mode: fs.ModeSymlink},
		"app/outside":                        {Data: []byte("../../etc/passwd"), Mode: fs.ModeSymlink},
		"app/absolute":                       {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink},
		"app/loop":                           {Data: []byte("loop"), Mode: fs.ModeSymlink},
		"app/folder":                         {Data: []byte("files"), Mode: fs.ModeSymlink},
		"links/out":                          {Data: []byte("/etc"), Mode: fs.ModeSymlink},
	}
}

// fileExamples are seen from the module in app.
func fileExamples() [][2]string {
	return [][2]string{
		{`file("hello.txt")`, `"Hello World"`}, {`file("./hello.txt")`, `"Hello World"`}, {`file("${path}/hello.txt")`, `"Hello World"`}, {`file("./${path}/hello.txt")`, `"Hello World"`},
		{`file("${path}/../shared/policy.json")`, `"{\"a\":1}"`}, {`file("../shared/policy.json")`, `"{\"a\":1}"`}, {`file("shared/policy.json")`, `"{\"a\":1}"`}, {`file("only-root.txt")`, `"root"`},
		{`file(abspath("${path}/hello.txt"))`, `"Hello World"`}, {`file("app/app/hello.txt")`, `"nested"`},
		{`file("missing.txt")`, `error`}, {`try(file("missing.txt"), "none")`, `"none"`}, {`file("binary")`, `error`}, {`file("files")`, `error`}, {`file("large")`, `unknown`},
		{`file("/etc/passwd")`, `unknown`}, {`file("../../etc/passwd")`, `unknown`}, {`file("${path}/../../etc/passwd")`, `unknown`}, {`file("~/.aws/credentials")`, `unknown`},
		{`file("inside")`, `"{\"a\":1}"`}, {`file("folder/hello.txt")`, `"hello"`}, {`file("outside")`, `unknown`}, {`file("absolute")`, `unknown`}, {`file("loop")`, `unknown`}, {`file("../links/out/passwd")`, `unknown`},
		{`filebase64("hello.txt")`, `"SGVsbG8gV29ybGQ="`}, {`filebase64("binary")`, `"//4="`},
		{`filemd5("hello.txt") == md5("Hello World")`, `true`}, {`filesha1("hello.txt") == sha1("Hello World")`, `true`}, {`filesha256("hello.txt") == sha256("Hello World")`, `true`}, {`filesha512("hello.txt") == sha512("Hello World")`, `true`},
		{`filebase64sha256("hello.txt") == base64sha256("Hello World")`, `true`}, {`filebase64sha512("hello.txt") == base64sha512("Hello World")`, `true`}, {`filesha256("/etc/passwd")`, `unknown`},
		{`fileexists("hello.txt")`, `true`}, {`fileexists("missing.txt")`, `false`}, {`fileexists("/etc/passwd")`, `unknown`}, {`fileexists("outside")`, `unknown`}, {`fileexists("files")`, `error`},
		{`fileset(path, "files/*.txt")`, `["files/hello.txt","files/world.txt"]`}, {`fileset(path, "files/{hello,world}.txt")`, `["files/hello.txt","files/world.txt"]`}, {`fileset("${path}/files", "*")`, `["hello.txt","world.txt"]`},
		{`fileset("${path}/files", "**")`, `["hello.txt","subdirectory/another.txt","world.txt"]`}, {`fileset(".", "files/[h-w]*.txt")`, `["files/hello.txt","files/world.txt"]`}, {`fileset(path, "inside")`, `["inside"]`},
		{`fileset(path, "nothing/*")`, `[]`}, {`fileset("nowhere", "**")`, `[]`}, {`fileset(path, "*")`, `unknown`}, {`fileset("/etc", "*")`, `unknown`}, {`fileset(path, "../*")`, `unknown`}, {`fileset(path, "[")`, `error`},
		{`templatefile("${path}/backends.tftpl", { port = 8080, ip_addrs = ["10.0.0.1", "10.0.0.2"] })`, `"backend 10.0.0.1:8080\nbackend 10.0.0.2:8080\n"`},
		{`templatefile("number.tftpl", { n = [1] })`, `[1]`}, {`templatefile("number.tftpl", {})`, `error`}, {`templatefile("inner.tftpl", {})`, `1`}, {`templatefile("again.tftpl", {})`, `error`},
		{`templatefile("reads.tftpl", { path = path })`, `"Hello World"`}, {`templatefile("/etc/motd", {})`, `unknown`}, {`templatefile("number.tftpl", "a")`, `error`},
	}
}

func TestFilesAreReadInsideTheTreeOnly(t *testing.T) {
	for _, e := range fileExamples() {
		vars := map[string]cty.Value{"path": cty.StringVal("app")}
		if got := evaluate(t, estate(), "app", e[0], vars); got != e[1] {
			t.Errorf("%s: got %s, want %s", e[0], got, e[1])
		}
	}
	for _, src := range []string{`file("app/hello.txt")`, `file("./app/hello.txt")`, `file("${"."}/app/hello.txt")`} {
		if got := evaluate(t, estate(), ".", src, nil); got != `"Hello World"` {
			t.Errorf("from the root: %s: got %s", src, got)
		}
	}
}

// A folder of the disk follows links wherever they lead, unlike the test's file system.
func TestLinksOfTheDisk(t *testing.T) {
	outside, tree := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"file": filepath.Join(outside, "secret"), "dir": outside, "up": "../" + filepath.Base(outside)} {
		if err := os.Symlink(target, filepath.Join(tree, name)); err != nil {
			t.Fatal(err)
		}
	}
	table := Table(os.DirFS(tree), ".")
	for _, name := range []string{"file", "dir/secret", "up/secret"} {
		if v, err := table["file"].Call([]cty.Value{cty.StringVal(name)}); err != nil || v.IsKnown() {
			t.Errorf("file(%q): got %#v, %v", name, v, err)
		}
	}
}

func TestBounds(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	elements := make([]cty.Value, 2000)
	for i := range elements {
		elements[i] = cty.NumberIntVal(int64(i))
	}
	laughs := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		laughs += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 10), ", ") + "]\n"
	}
	shared := cty.StringVal("x")
	for range 40 {
		shared = cty.TupleVal([]cty.Value{shared, shared})
	}
	vars := map[string]cty.Value{
		"long": cty.StringVal(long), "list": cty.ListVal(elements), "laughs": cty.StringVal(laughs),
		"deep": cty.StringVal(strings.Repeat("[", 1<<19)), "dashes": cty.StringVal(strings.Repeat("- ", 1<<19)),
		"parens": cty.StringVal("${" + strings.Repeat("(", 1<<17) + "1" + strings.Repeat(")", 1<<17)),
		"hidden": cty.StringVal("a\"]]: " + strings.Repeat("[", 1<<19)),
		"merges": cty.StringVal("a: &a {x: 1}\nb: {" + strings.Repeat("<<: *a, ", 1<<15) + "}"),
		"bangs":  cty.StringVal("${" + strings.Repeat("!", 40_000) + "true}"),
	}
	for _, src := range []string{
		`format("%999999999d", 1)`, `format("%99999999999999999999d", 1)`, `formatlist("%99999d", list)`, `formatlist("%99999d", list, null)`,
		`join(long, [for i in list: "x"])`, `replace(long, "a", "aaaaaaaaaaaaaaaaa")`, `replace(long, "", long)`, `replace(long, "/a/", long)`, `replace(long, "/(a+)/", join("", [for i in list: "$1"]))`,
		`indent(1000000000, "\n")`, `indent(-1, "\n")`, `setproduct(list, list)`, `split("", join("", [for i in range(20): long]))`,
		`regex("(a?){500}(a?){500}b", long)`, `regexall("${join("", [for i in list: "()"])}", long)`, `yamldecode(laughs)`, `yamldecode(deep)`, `yamldecode(dashes)`, `yamldecode(hidden)`, `yamldecode(merges)`, `jsondecode(deep)`, `csvdecode("${long}\n${long}")`,
		`templatestring(parens, {})`, `templatestring("${long}${long}", {})`, `parseint(long, 36)`, `tonumber(replace(long, "a", "1"))`,
		`tostring(1e999999)`, `jsonencode(1e999999)`, `cidrhost("10.0.0.0/8", 1e999999)`, `range(1e9)`, `pow(10, 1e9) % 3 == format("%d", 1e400000)`,
		`assumelistlength(split(",", uuid()), 1000000000, 1000000000)`, `base64gunzip(base64gzip(join("", [for i in range(20): long])))`,
	} {
		if got := evaluate(t, fstest.MapFS{}, ".", src, vars); got != "error" {
			t.Errorf("%.60s: got %.60s", src, got)
		}
	}
	// The encoder would never come back from this one.
	if v, err := Table(fstest.MapFS{}, ".")["yamlencode"].Call([]cty.Value{cty.MapVal(map[string]cty.Value{"\x92": cty.True})}); err == nil {
		t.Errorf("text that is not UTF-8: got %#v", v)
	}
	m := meter{left: maxSize}
	if err := m.measure(shared, 0); err == nil {
		t.Error("a value that shares its parts is measured as small")
	}
	if got := evaluate(t, fstest.MapFS{}, ".", `templatestring(bangs, {})`, vars); got != "true" {
		t.Errorf("a template of many operators: got %.60s", got)
	}
	nested := strings.Repeat("try(", 60) + "1" + strings.Repeat(")", 60)
	if got := evaluate(t, fstest.MapFS{}, ".", nested, nil); got != "1" {
		t.Errorf("nested try: got %s", got)
	}
}
