package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// writeJSON writes v, indented, as one JSON value. Characters that could steer
// a terminal are written as escapes: the value stays the same.
func writeJSON(w io.Writer, v any) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(asciiControls{out})
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return out.Flush()
}

// asciiControls escapes what encoding/json leaves as it is although it is no
// visible character. Those occur inside strings only, where \u is understood.
// Each Write must hold whole characters, as one Encode call does.
type asciiControls struct{ w io.Writer }

func (a asciiControls) Write(p []byte) (int, error) {
	start := 0
	for i := 0; i < len(p); {
		if p[i] < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError || !hidden(r) {
			i += size
			continue
		}
		if _, err := a.w.Write(p[start:i]); err != nil {
			return 0, err
		}
		if _, err := io.WriteString(a.w, jsonEscape(r)); err != nil {
			return 0, err
		}
		i += size
		start = i
	}
	if _, err := a.w.Write(p[start:]); err != nil {
		return 0, err
	}
	return len(p), nil
}

func jsonEscape(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}
