package functions

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"golang.org/x/text/encoding/ianaindex"
)

func encodings() map[string]function.Function {
	return map[string]function.Function{
		"base64decode": mapText(func(s string) (string, error) {
			raw, err := base64.StdEncoding.DecodeString(s)
			return validText(raw, err)
		}),
		"base64encode":     mapText(func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }),
		"base64gunzip":     mapText(gunzip),
		"base64gzip":       mapText(compress),
		"csvdecode":        checked(stdlib.CSVDecodeFunc, func(args []cty.Value) error { return shortText(args[0].AsString()) }),
		"jsondecode":       checked(stdlib.JSONDecodeFunc, shortDocument),
		"jsonencode":       stdlib.JSONEncodeFunc,
		"textdecodebase64": define(cty.String, decodeText, text("source"), text("encoding")),
		"textencodebase64": define(cty.String, encodeText, text("string"), text("encoding")),
		"urldecode":        mapText(url.QueryUnescape),
		"urlencode":        mapText(func(s string) (string, error) { return url.QueryEscape(s), nil }),
		"yamldecode":       define(cty.DynamicPseudoType, decodeYAML, text("src")),
		"yamlencode":       yaml.YAMLEncodeFunc,
	}
}

// validText makes text of bytes, which nothing but UTF-8 is.
func validText(raw []byte, err error) (string, error) {
	if err != nil {
		return "", err
	}
	if !utf8.Valid(raw) {
		return "", errors.New("the contents are not valid UTF-8")
	}
	return string(raw), nil
}

func compress(s string) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func gunzip(s string) (string, error) {
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(s)))
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxText+1))
	return validText(raw, err)
}

func encodeText(args []cty.Value) (cty.Value, error) {
	enc, err := ianaindex.IANA.Encoding(args[1].AsString())
	if err != nil || enc == nil {
		return cty.NilVal, function.NewArgErrorf(1, "%q is not a supported IANA encoding name", args[1].AsString())
	}
	raw, err := enc.NewEncoder().Bytes([]byte(args[0].AsString()))
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "cannot be written in %s", args[1].AsString())
	}
	return cty.StringVal(base64.StdEncoding.EncodeToString(raw)), nil
}

func decodeText(args []cty.Value) (cty.Value, error) {
	enc, err := ianaindex.IANA.Encoding(args[1].AsString())
	if err != nil || enc == nil {
		return cty.NilVal, function.NewArgErrorf(1, "%q is not a supported IANA encoding name", args[1].AsString())
	}
	raw, err := base64.StdEncoding.DecodeString(args[0].AsString())
	if err != nil {
		return cty.NilVal, function.NewArgError(0, err)
	}
	decoded, err := enc.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return cty.NilVal, function.NewArgErrorf(0, "is not text in %s", args[1].AsString())
	}
	return cty.StringVal(string(decoded)), nil
}

// decodeYAML reads one document. Aliases share what they name, so a small
// document can stand for an immense value: that is measured before any other
// walks it.
func decodeYAML(args []cty.Value) (cty.Value, error) {
	src := args[0].AsString()
	if err := boundedYAML(src); err != nil {
		return cty.NilVal, err
	}
	v, err := yaml.Standard.Unmarshal([]byte(src), cty.DynamicPseudoType)
	if err != nil {
		return cty.NilVal, err
	}
	m := meter{left: maxSize}
	return v, m.measure(v, 0)
}

// boundedYAML refuses what the parser would take too long, or go too deep, to
// find out. What has brackets in its texts is given more room than
// they will ever need: where a text begins takes a parser to say.
func boundedYAML(src string) error {
	if err := boundedDocument(src, 1000, false); err != nil {
		return err
	}
	// A block inside another starts further right, or after a dash.
	for line := range strings.Lines(src) {
		if len(line)-len(strings.TrimLeft(line, " -?:\t")) > 2*maxDepth {
			return errors.New("the document is nested too deeply")
		}
	}
	// A merge copies at most all keys; a tag can spell a merge key too.
	if merges := strings.Count(src, "<<") + strings.Count(src, "!"); merges*len(src) > 100*maxFile {
		return errors.New("the document merges too much")
	}
	return nil
}

func shortText(src string) error {
	if len(src) > maxFile {
		return fmt.Errorf("the document is longer than %d bytes", maxFile)
	}
	return nil
}

func shortDocument(args []cty.Value) error {
	return boundedDocument(args[0].AsString(), maxDepth, true)
}

// boundedDocument bounds the size of a document and the depth of its
// brackets, leaving out those in double quotes where the format has them.
func boundedDocument(src string, most int, quotes bool) error {
	if err := shortText(src); err != nil {
		return err
	}
	depth, quoted := 0, false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case quoted && c == '\\':
			i++
		case quotes && c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth = max(depth-1, 0)
		}
		if depth > most {
			return errors.New("the document is nested too deeply")
		}
	}
	return nil
}
