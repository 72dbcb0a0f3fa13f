package app

import (
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"merlon.dev/internal/source/secretscan"
)

// maxSource bounds a file that lines are shown of.
const maxSource = 16 << 20

// Source shows lines of the code that was read, for reports. What a secret
// detector takes for a secret, and defaults of variables that are marked
// sensitive, it shows as ***.
type Source struct {
	files fs.FS
	path  func(string) string
	read  map[string]*sourceFile
}

// NewSource shows the files of a tree; path leads from the names that reports
// use to slash paths in it.
func NewSource(files fs.FS, path func(string) string) *Source {
	return &Source{files: files, path: path, read: map[string]*sourceFile{}}
}

// sourceFile is a file in lines, with those of which nothing may be shown.
type sourceFile struct {
	text   []byte
	lines  []string
	hidden map[int]bool
}

// Lines returns the lines from and to, counted from 1 and inclusive: fewer where
// the file ends, none of a file that cannot be read.
func (s *Source) Lines(file string, from, to int) []string {
	f := s.file(file)
	from, to = max(from, 1), min(to, len(f.lines))
	if from > to {
		return nil
	}
	lines := append([]string{}, f.lines[from-1:to]...)
	found, err := secretscan.Text(strings.Join(lines, "\n"))
	secret := map[int]bool{}
	for _, x := range found {
		secret[x.Line-1] = true
	}
	for i, l := range lines {
		if err != nil || f.hidden[from+i] || (secret[i] || namesSecret(l)) && !refersElsewhere(l) {
			lines[i] = withoutValue(l)
		}
	}
	return lines
}

// Text is the whole of a file, as it is; nil when it cannot be read.
func (s *Source) Text(file string) []byte { return s.file(file).text }

func (s *Source) file(name string) *sourceFile {
	if f := s.read[name]; f != nil {
		return f
	}
	f := &sourceFile{hidden: map[int]bool{}}
	s.read[name] = f
	file, err := s.files.Open(s.path(name))
	if err != nil {
		return f
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSource+1))
	if err != nil || len(text) > maxSource {
		return f
	}
	f.text, f.lines = text, strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	f.hideKeys()
	if strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tofu") {
		f.hideSensitive(name)
	}
	return f
}

// hideKeys hides the lines of private keys.
func (f *sourceFile) hideKeys() {
	inside := false
	for i, l := range f.lines {
		inside = inside || strings.Contains(l, "PRIVATE KEY-----")
		if inside {
			f.hidden[i+1] = true
		}
		if strings.Contains(l, "-----END") {
			inside = false
		}
	}
}

// hideSensitive hides the defaults of variables that are marked sensitive.
func (f *sourceFile) hideSensitive(name string) {
	file, _ := hclsyntax.ParseConfig(f.text, name, hcl.InitialPos)
	if file == nil {
		return
	}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		byDefault, sensitive := b.Body.Attributes["default"], b.Body.Attributes["sensitive"]
		if b.Type != "variable" || byDefault == nil || sensitive == nil {
			continue
		}
		if v, diags := sensitive.Expr.Value(nil); !diags.HasErrors() && v.RawEquals(cty.False) {
			continue
		}
		for l := byDefault.SrcRange.Start.Line; l <= byDefault.SrcRange.End.Line; l++ {
			f.hidden[l] = true
		}
	}
}

// assignment is a name with the value it is given, in HCL, YAML and JSON.
var assignment = regexp.MustCompile(`^(\s*(?:- +)?"?([\w.-]+)"?\s*[=:]\s*)(\S.*)$`)

// namesSecret reports whether a line gives a value to what is named like a
// secret.
func namesSecret(l string) bool {
	m := assignment.FindStringSubmatch(l)
	if m == nil {
		return false
	}
	v, err := secretscan.Value(m[2], strings.Trim(strings.TrimSuffix(strings.TrimSpace(m[3]), ","), `"'`))
	return err != nil || v.Detector != ""
}

// refersElsewhere reports whether a line gives a value that is written in
// another place: an expression without any text of its own.
func refersElsewhere(l string) bool {
	m := assignment.FindStringSubmatch(l)
	return m != nil && reference.MatchString(m[3])
}

var reference = regexp.MustCompile(`^(?:var|local|module|data|each|\w+_\w+)\.[\w.\[\]*]+,?\s*$|^!(?:Ref|GetAtt) [\w.:]+\s*$`)

// withoutValue is a line with *** in place of the value, or of all.
func withoutValue(l string) string {
	if m := assignment.FindStringSubmatch(l); m != nil {
		return m[1] + "***"
	}
	return l[:len(l)-len(strings.TrimLeft(l, " \t"))] + "***"
}
