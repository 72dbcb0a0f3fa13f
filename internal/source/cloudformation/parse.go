package cloudformation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"merlon.dev/internal/cloud"
)

// Bounds on what is read. CloudFormation takes templates of 1 MB; what tools
// make before upload may be larger, but not this large.
const (
	maxFile  = 16 << 20
	maxDepth = 200
	maxNodes = 4 << 20
)

type nodeKind uint8

const (
	nullNode nodeKind = iota
	textNode
	numberNode
	flagNode
	listNode
	objectNode
	openNode // not known, for the reason that is its text
)

// A node is a piece of a template as written, whether in YAML or JSON. The
// short form of a function has become its long form.
type node struct {
	kind   nodeKind
	text   string
	keys   []string // of an object, in the order written
	items  []*node  // members of a list, or values of an object
	origin cloud.Origin
}

func (n *node) at() *cloud.Origin {
	if n.origin.File == "" {
		return nil
	}
	return &n.origin
}

// get returns the member of an object. Of two of one name the last one counts.
func (n *node) get(key string) *node {
	if n == nil || n.kind != objectNode {
		return nil
	}
	for i := len(n.keys) - 1; i >= 0; i-- {
		if n.keys[i] == key {
			return n.items[i]
		}
	}
	return nil
}

// path follows several keys.
func (n *node) path(keys ...string) *node {
	for _, k := range keys {
		n = n.get(k)
	}
	return n
}

// str is the text of a scalar.
func (n *node) str() string {
	if n == nil {
		return ""
	}
	return n.text
}

// yes reports whether a node is true, written as a boolean or as text.
func (n *node) yes() bool {
	switch strings.ToLower(n.str()) {
	case "true", "yes", "on":
		return true
	}
	return false
}

func (n *node) is(kind nodeKind) bool { return n != nil && n.kind == kind }

// list is the members of a list; a single node is a list of one.
func (n *node) list() []*node {
	switch {
	case n == nil || n.kind == nullNode:
		return nil
	case n.kind == listNode:
		return n.items
	}
	return []*node{n}
}

// A document is a file, parsed. Problems are the pieces that could not be.
type document struct {
	root     *node
	nodes    int
	problems []cloud.Skipped
}

// parse reads one file of the tree, which goes by another name in origins.
func parse(files fs.FS, file, name string) (*document, error) {
	src, err := readFile(files, file)
	if err != nil {
		return nil, fmt.Errorf("read template %s: %w", name, err)
	}
	src = bytes.ToValidUTF8(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")), []byte("\uFFFD"))
	if trimmed := bytes.TrimSpace(src); len(trimmed) > 0 && trimmed[0] == '{' {
		if doc, err := parseJSON(name, src); err == nil {
			return doc, nil
		}
	}
	return parseYAML(name, src)
}

func readFile(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if len(src) > maxFile {
		return nil, fmt.Errorf("larger than %d MB", maxFile>>20)
	}
	return src, cause(err)
}

// cause is an error without the path that it names, which users do not know.
func cause(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// A jsonReader counts lines while it reads tokens.
type jsonReader struct {
	file string
	src  []byte
	*json.Decoder
	line, seen int
	made       int
}

func parseJSON(name string, src []byte) (*document, error) {
	r := &jsonReader{file: name, src: src, Decoder: json.NewDecoder(bytes.NewReader(src)), line: 1}
	r.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the end")
	}
	return &document{root: root, nodes: r.made}, nil
}

// token returns the next token and the line it is on.
func (r *jsonReader) token() (json.Token, int, error) {
	t, err := r.Token()
	end := int(r.InputOffset())
	r.line += bytes.Count(r.src[r.seen:end], []byte("\n"))
	r.seen = end
	return t, r.line, err
}

func (r *jsonReader) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	t, line, err := r.token()
	if err != nil {
		return nil, err
	}
	r.made++
	n := &node{origin: cloud.Origin{File: r.file, Line: line, EndLine: line}}
	switch t := t.(type) {
	case string:
		n.kind, n.text = textNode, t
	case json.Number:
		n.kind, n.text = numberNode, t.String()
	case bool:
		n.kind, n.text = flagNode, fmt.Sprint(t)
	case json.Delim:
		return n, r.collection(n, t, depth)
	}
	return n, nil
}

func (r *jsonReader) collection(n *node, open json.Delim, depth int) error {
	n.kind = listNode
	if open == '{' {
		n.kind = objectNode
	}
	for r.More() {
		keyLine := 0
		if open == '{' {
			key, line, err := r.token()
			if err != nil {
				return err
			}
			keyLine = line
			n.keys = append(n.keys, key.(string))
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		if keyLine > 0 {
			item.origin.Line = keyLine
		}
		n.items = append(n.items, item)
	}
	_, line, err := r.token()
	n.origin.EndLine = line
	return err
}

// A yamlReader turns YAML's nodes into ours.
type yamlReader struct {
	file     string
	first    []byte // of each line, its first character that is not blank
	shift    int    // lines before the text that was parsed
	made     int
	anchors  map[*yaml.Node]*node
	open     map[*yaml.Node]bool
	problems []cloud.Skipped
}

// parseYAML reads YAML. Where the text is broken, what can be told apart by its
// indentation is read piece by piece, and the broken pieces are listed.
func parseYAML(name string, src []byte) (*document, error) {
	r := &yamlReader{file: name, first: firsts(src), anchors: map[*yaml.Node]*node{}, open: map[*yaml.Node]bool{}}
	y, err := decodeYAML(src)
	if err != nil {
		root := r.salvage(src)
		if root == nil {
			return nil, fmt.Errorf("read template %s: %w", name, err)
		}
		return &document{root, r.made, r.problems}, nil
	}
	if y.Kind == 0 || len(y.Content) == 0 {
		return nil, fmt.Errorf("read template %s: it is empty", name)
	}
	root := r.convert(y.Content[0], 1, len(r.first)-1, 0)
	return &document{root, r.made, r.problems}, nil
}

// decodeYAML guards against the parser's own panics on odd input.
func decodeYAML(src []byte) (y *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("not YAML: %v", p)
		}
	}()
	y = &yaml.Node{}
	return y, yaml.Unmarshal(src, y)
}

// firsts lists the first visible character of each line, from line 1.
func firsts(src []byte) []byte {
	out := []byte{0}
	for line := range bytes.Lines(src) {
		c := byte(0)
		if t := bytes.TrimLeft(line, " \t\r\n"); len(t) > 0 {
			c = t[0]
		}
		out = append(out, c)
	}
	return out
}

// convert makes a node that begins at a line, that of its key, and ends at the
// limit at the latest.
func (r *yamlReader) convert(y *yaml.Node, line, limit, depth int) *node {
	if r.made++; r.made > maxNodes || depth > maxDepth {
		r.skip(line, "nested too deeply, or too large")
		return &node{}
	}
	if y.Kind == yaml.AliasNode {
		return r.alias(y, line, depth)
	}
	r.open[y] = true
	n := r.plain(y, line, limit, depth)
	delete(r.open, y)
	if fn := functionOf(y.Tag); fn != "" {
		inner := *n
		n = &node{kind: objectNode, keys: []string{fn}, items: []*node{&inner}, origin: n.origin}
	}
	if y.Anchor != "" {
		r.anchors[y] = n
	}
	return n
}

// functionOf is the long form of a function's tag.
func functionOf(tag string) string {
	switch {
	case len(tag) < 2 || tag[0] != '!' || tag[1] == '!':
		return ""
	case tag == "!Ref", tag == "!Condition":
		return tag[1:]
	}
	return "Fn::" + tag[1:]
}

// alias stands for what its anchor marked, once more; it costs nothing here,
// and what it costs to evaluate is bounded there.
func (r *yamlReader) alias(y *yaml.Node, line, depth int) *node {
	if r.open[y.Alias] {
		r.skip(line, "an alias that holds itself")
		return &node{}
	}
	n := r.anchors[y.Alias]
	if n == nil { // the anchor marks a key
		n = r.convert(y.Alias, y.Alias.Line+r.shift, y.Alias.Line+r.shift, depth+1)
	}
	again := *n
	return &again
}

func (r *yamlReader) plain(y *yaml.Node, line, limit, depth int) *node {
	own := y.Line + r.shift
	for limit > own && limit < len(r.first) && (r.first[limit] == 0 || r.first[limit] == '#') {
		limit--
	}
	limit = max(limit, own)
	n := &node{origin: cloud.Origin{File: r.file, Line: line, EndLine: limit}}
	inside := limit
	if y.Style&yaml.FlowStyle != 0 && limit > own && limit < len(r.first) && strings.IndexByte("]}", r.first[limit]) >= 0 {
		inside--
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = objectNode
		r.mapping(n, y, inside, depth)
	case yaml.SequenceNode:
		n.kind = listNode
		for i, item := range y.Content {
			n.items = append(n.items, r.convert(item, item.Line+r.shift, r.until(y.Content, i+1, inside), depth+1))
		}
	case yaml.ScalarNode:
		n.kind, n.text = scalar(y)
	}
	return n
}

// until is the last line before the content at the index.
func (r *yamlReader) until(content []*yaml.Node, i, limit int) int {
	if i < len(content) {
		return min(limit, content[i].Line+r.shift-1)
	}
	return limit
}

func (r *yamlReader) mapping(n *node, y *yaml.Node, limit, depth int) {
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		v := r.convert(y.Content[i+1], key.Line+r.shift, r.until(y.Content, i+2, limit), depth+1)
		if key.Tag == "!!merge" {
			merged = append(merged, v.list()...)
			continue
		}
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		n.keys, n.items = append(n.keys, key.Value), append(n.items, v)
	}
	for _, m := range merged {
		for i, key := range m.keys {
			if r.made++; r.made <= maxNodes && n.get(key) == nil {
				n.keys, n.items = append(n.keys, key), append(n.items, m.items[i])
			}
		}
	}
}

// scalar reads a plain scalar as YAML 1.1 does, which is CloudFormation's.
func scalar(y *yaml.Node) (nodeKind, string) {
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if y.Style&quoted != 0 || y.Tag == "!!str" && y.Style&yaml.TaggedStyle != 0 {
		return textNode, y.Value
	}
	switch strings.ToLower(y.Value) {
	case "", "~", "null":
		if functionOf(y.Tag) == "" {
			return nullNode, ""
		}
	case "true", "yes", "on", "false", "no", "off":
		return flagNode, y.Value
	}
	if isNumber(y.Value) {
		return numberNode, y.Value
	}
	return textNode, y.Value
}

// isNumber reports whether a text is a decimal number as JSON writes it. What
// else YAML takes for a number, such as an account's id with a leading zero, is
// kept as the text it is.
func isNumber(s string) bool {
	c := strings.TrimPrefix(s, "-")
	return c != "" && c[0] >= '0' && c[0] <= '9' && json.Valid([]byte(s))
}

func (r *yamlReader) skip(line int, why string) {
	if len(r.problems) < 100 {
		r.problems = append(r.problems, cloud.Skipped{Path: r.file, Line: line, Why: why})
	}
}

// salvage reads a broken file in pieces: each top-level section, and within
// those each entry. It is nil where not one section can be read.
func (r *yamlReader) salvage(src []byte) *node {
	lines := bytes.SplitAfter(src, []byte("\n"))
	root := &node{kind: objectNode, origin: cloud.Origin{File: r.file, Line: 1, EndLine: len(lines)}}
	for _, s := range entries(lines, 0, len(lines), 0) {
		if section, err := r.piece(lines, s); err == nil {
			root.keys, root.items = append(root.keys, section.keys...), append(root.items, section.items...)
			continue
		}
		key, _, _ := strings.Cut(string(bytes.TrimSpace(lines[s.from])), ":")
		section := &node{kind: objectNode, origin: cloud.Origin{File: r.file, Line: s.from + 1, EndLine: s.to}}
		for _, e := range entries(lines, s.from+1, s.to, indentOf(lines, s.from+1, s.to)) {
			entry, err := r.piece(lines, e)
			if err != nil {
				r.skip(e.from+1, fmt.Sprintf("%s: %v", bytes.TrimSpace(lines[e.from]), err))
				continue
			}
			section.keys, section.items = append(section.keys, entry.keys...), append(section.items, entry.items...)
		}
		if len(section.keys) > 0 {
			root.keys, root.items = append(root.keys, key), append(root.items, section)
		}
	}
	if len(root.keys) == 0 {
		return nil
	}
	return root
}

// yamlPlace is the line that the parser counts within a piece.
var yamlPlace = regexp.MustCompile(`^yaml: (line \d+: )?`)

type span struct{ from, to int }

// entries finds what begins at an indentation.
func entries(lines [][]byte, from, to, indent int) []span {
	var out []span
	for i := from; i < to; i++ {
		text := bytes.TrimRight(lines[i], " \r\n")
		if len(text) <= indent || text[indent] == '#' || text[indent] == ' ' || text[indent] == '\t' || len(bytes.TrimLeft(text[:indent], " ")) > 0 || bytes.HasPrefix(text, []byte("---")) {
			continue
		}
		if len(out) > 0 {
			out[len(out)-1].to = i
		}
		out = append(out, span{i, to})
	}
	return out
}

// indentOf is how far the first line of a section is indented.
func indentOf(lines [][]byte, from, to int) int {
	for _, l := range lines[from:to] {
		if t := bytes.TrimLeft(l, " "); len(bytes.TrimSpace(t)) > 0 && t[0] != '#' {
			return len(l) - len(t)
		}
	}
	return 0
}

// piece parses some lines, which are to be an object.
func (r *yamlReader) piece(lines [][]byte, s span) (*node, error) {
	y, err := decodeYAML(bytes.Join(lines[s.from:s.to], nil))
	if err != nil {
		return nil, fmt.Errorf("broken YAML: %s", yamlPlace.ReplaceAllString(err.Error(), ""))
	}
	if len(y.Content) == 0 || y.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("not a key with a value")
	}
	r.shift = s.from
	return r.convert(y.Content[0], s.from+1, s.to, 1), nil
}
