package cloud

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// FileVersion is the version of the snapshot file. It grows when an older
// Merlon could misread a newer file; fields are added freely.
const FileVersion = 1

// Bounds on a snapshot file: hostile input is normal input.
const (
	maxLine   = 64 << 20
	maxFile   = 8 << 30
	fileMagic = "merlon-snapshot"
)

// header is the first line of a snapshot file. The resources follow, a line
// each.
type header struct {
	Format      string                     `json:"format"`
	Version     int                        `json:"version"`
	Source      Source                     `json:"source"`
	Open        bool                       `json:"open"`
	Partial     bool                       `json:"partial,omitempty"`
	Collections []Collection               `json:"collections,omitempty"`
	Calls       map[Kind]map[string]string `json:"calls,omitempty"`
	Regions     map[AccountID][]Region     `json:"regions,omitempty"`
	Fragment    bool                       `json:"fragment,omitempty"`
	Doubts      map[Ref]*Gap               `json:"doubts,omitempty"`
	Skipped     []Skipped                  `json:"skipped,omitempty"`
	Resources   int                        `json:"resources"`
}

// Encode writes the snapshot as a file: gzip over JSON lines. The same snapshot
// gives the same bytes.
func (s *Snapshot) Encode(w io.Writer) error {
	z := gzip.NewWriter(w)
	b := bufio.NewWriterSize(z, 1<<16)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(header{fileMagic, FileVersion, s.Source, s.Open, s.Partial, s.Collections, s.Calls, s.Regions, s.Fragment, s.Doubts, s.Skipped, len(s.Resources)}); err != nil {
		return err
	}
	for _, r := range s.Resources {
		line := struct {
			Kind     Kind     `json:"kind"`
			Resource Resource `json:"resource"`
		}{r.Kind(), r}
		if err := e.Encode(line); err != nil {
			return fmt.Errorf("encode %s: %w", r.Meta().Ref, err)
		}
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return z.Close()
}

// Decode reads a snapshot file. Kinds holds an empty resource of every kind
// that may occur.
func Decode(r io.Reader, kinds []Resource) (*Snapshot, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("not a snapshot file: %w", err)
	}
	lines := bufio.NewScanner(io.LimitReader(z, maxFile))
	lines.Buffer(make([]byte, 1<<16), maxLine)
	if !lines.Scan() {
		return nil, fmt.Errorf("not a snapshot file: %w", orEnd(lines.Err()))
	}
	var h header
	if err := json.Unmarshal(lines.Bytes(), &h); err != nil || h.Format != fileMagic {
		return nil, errors.New("not a snapshot file: it does not begin like one")
	}
	if h.Version != FileVersion {
		return nil, fmt.Errorf("snapshot of version %d; this Merlon reads version %d: read it with the Merlon that wrote it, or scan again", h.Version, FileVersion)
	}
	s := &Snapshot{Source: h.Source, Open: h.Open, Partial: h.Partial, Collections: h.Collections, Calls: h.Calls, Regions: h.Regions, Fragment: h.Fragment, Doubts: h.Doubts, Skipped: h.Skipped}
	types := map[Kind]reflect.Type{}
	for _, k := range kinds {
		types[k.Kind()] = reflect.TypeOf(k).Elem()
	}
	for lines.Scan() {
		res, err := decodeResource(lines.Bytes(), types)
		if err != nil && !lines.Scan() && lines.Err() != nil {
			break // the line is broken because the file is
		}
		if err != nil {
			return nil, fmt.Errorf("resource %d: %w", len(s.Resources)+1, err)
		}
		s.Resources = append(s.Resources, res)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("snapshot file is damaged after %d resources: %w", len(s.Resources), err)
	}
	if len(s.Resources) != h.Resources {
		return nil, fmt.Errorf("snapshot file is cut short: %d of %d resources", len(s.Resources), h.Resources)
	}
	return s, nil
}

func orEnd(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}

func decodeResource(line []byte, types map[Kind]reflect.Type) (Resource, error) {
	var raw struct {
		Kind     Kind            `json:"kind"`
		Resource json.RawMessage `json:"resource"`
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	t := types[raw.Kind]
	if t == nil {
		return nil, fmt.Errorf("kind %q is not known to this Merlon", raw.Kind)
	}
	res := reflect.New(t).Interface().(Resource)
	if err := json.NewDecoder(bytes.NewReader(raw.Resource)).Decode(res); err != nil {
		return nil, fmt.Errorf("%s: %w", raw.Kind, err)
	}
	if res.Meta().Ref == "" {
		return nil, fmt.Errorf("a %s without a ref", raw.Kind)
	}
	return res, nil
}
