package functions

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

const (
	maxWalk  = 100_000 // entries that fileset looks at
	maxLinks = 40      // symbolic links on the way to a file
)

// A tree is the scanned files, as one module sees them. The root of the tree
// stands for the folder in which the program runs: path.module, path.root and
// path.cwd are paths from there.
type tree struct {
	files fs.FS
	base  string
}

func newTree(files fs.FS, base string) tree { return tree{files, path.Clean(base)} }

func (t tree) functions() map[string]function.Function {
	table := map[string]function.Function{
		"file":       t.ofFile(func(b []byte) (string, error) { return validText(b, nil) }),
		"filebase64": t.ofFile(func(b []byte) (string, error) { return base64.StdEncoding.EncodeToString(b), nil }),
		"fileexists": define(cty.Bool, t.exists, text("path")),
		"fileset":    define(cty.Set(cty.String), t.fileSet, text("path"), text("pattern")),
	}
	for name, digest := range digests() {
		table["file"+name] = t.ofFile(func(b []byte) (string, error) { return digest(b), nil })
	}
	return table
}

// paths are the functions that work on the letters of a path. The absolute
// path of a file in the tree is not known, but its path from the tree's root
// is, and that is what abspath answers: a file found by it is the right file.
func paths() map[string]function.Function {
	return map[string]function.Function{
		"abspath":  mapText(func(s string) (string, error) { return path.Clean(s), nil }),
		"basename": mapText(func(s string) (string, error) { return path.Base(s), nil }),
		"dirname":  mapText(func(s string) (string, error) { return path.Dir(s), nil }),
		"pathexpand": define(cty.String, func(args []cty.Value) (cty.Value, error) {
			if strings.HasPrefix(args[0].AsString(), "~") {
				return unknown(cty.String), nil
			}
			return args[0], nil
		}, text("path")),
	}
}

// ofFile makes a function of the contents of a file.
func (t tree) ofFile(of func([]byte) (string, error)) function.Function {
	return define(cty.String, func(args []cty.Value) (cty.Value, error) {
		raw, known, err := t.read(args[0].AsString())
		if err != nil || !known {
			return unknown(cty.String), err
		}
		s, err := of(raw)
		return cty.StringVal(s), err
	}, text("path"))
}

func (t tree) exists(args []cty.Value) (cty.Value, error) {
	_, info, err := t.find(args[0].AsString())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return cty.False, nil
	case err != nil:
		return unknown(cty.Bool), nil
	case !info.Mode().IsRegular():
		return cty.NilVal, function.NewArgErrorf(0, "%q is not a regular file", args[0].AsString())
	}
	return cty.True, nil
}

// fileSet walks the folder rather than the pattern: the time it takes is that
// of the folder's size.
func (t tree) fileSet(args []cty.Value) (cty.Value, error) {
	pattern := path.Clean(args[1].AsString())
	if len(pattern) > 1000 || strings.Count(pattern, "{") > 4 || strings.Count(pattern, ",") > 32 || !doublestar.ValidatePattern(pattern) {
		return cty.NilVal, function.NewArgErrorf(1, "%q is not a pattern", args[1].AsString())
	}
	dir, info, err := t.find(args[0].AsString())
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir():
		return cty.SetValEmpty(cty.String), nil
	case err != nil || path.IsAbs(pattern) || !fs.ValidPath(pattern):
		return unknown(cty.Set(cty.String)), nil
	}
	var found []cty.Value
	entries := 0
	err = fs.WalkDir(t.files, dir, func(name string, d fs.DirEntry, err error) error {
		if entries++; err != nil || entries > maxWalk {
			return errOutside
		}
		relative := strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
		if dir == "." {
			relative = name
		}
		if d.IsDir() || !doublestar.MatchUnvalidated(pattern, relative) {
			return nil
		}
		switch _, info, err := t.resolve(name); {
		case errors.Is(err, errOutside):
			return err
		case err == nil && info.Mode().IsRegular():
			found = append(found, cty.StringVal(relative))
		}
		return nil
	})
	if err != nil {
		return unknown(cty.Set(cty.String)), nil
	}
	if len(found) == 0 {
		return cty.SetValEmpty(cty.String), nil
	}
	return cty.SetVal(found), nil
}

// read returns the contents of a file, and false where they cannot be known:
// the file is outside of the tree, or too large. That a file of the tree is
// not there is an error.
func (t tree) read(name string) (raw []byte, known bool, err error) {
	resolved, info, err := t.find(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, fmt.Errorf("no file exists at %q", name)
	case err != nil:
		return nil, false, nil
	case !info.Mode().IsRegular():
		return nil, false, fmt.Errorf("%q is not a regular file", name)
	case info.Size() > maxFile:
		return nil, false, nil
	}
	f, err := t.files.Open(resolved)
	if err != nil {
		return nil, false, nil
	}
	defer f.Close()
	raw, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	return raw, err == nil && len(raw) <= maxFile, nil
}

// errOutside is said of a path that leaves the tree, or cannot be followed.
var errOutside = errors.New("outside of the tree")

// find looks for a file or folder under each name that its path can mean.
// It returns fs.ErrNotExist where the tree has none of them, and errOutside
// where one of them is not the tree's to say.
func (t tree) find(name string) (resolved string, info fs.FileInfo, err error) {
	result := fs.ErrNotExist
	for _, candidate := range t.meanings(name) {
		resolved, info, err := t.resolve(candidate)
		if err == nil {
			return resolved, info, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			result = errOutside
		}
	}
	return "", nil, result
}

// meanings lists the names that a path can have in the tree, the likeliest
// first. What starts with the module's folder was built from path.module;
// another path is taken from that folder, then from the root of the tree, as
// one that was built from path.root is. An absolute path is outside.
func (t tree) meanings(name string) []string {
	if path.IsAbs(name) || strings.HasPrefix(name, "~") {
		return []string{".."}
	}
	fromRoot, fromBase := path.Clean(name), path.Join(t.base, name)
	plain := strings.TrimPrefix(name, "./")
	if plain == t.base || strings.HasPrefix(plain, t.base+"/") {
		return []string{fromRoot, fromBase}
	}
	if strings.HasPrefix(fromRoot, "..") {
		return []string{fromBase}
	}
	return []string{fromBase, fromRoot}
}

// resolve follows the symbolic links of a name, and no further than the tree.
func (t tree) resolve(name string) (string, fs.FileInfo, error) {
	done, rest := ".", name
	for links := 0; rest != ""; {
		if !fs.ValidPath(rest) {
			return "", nil, errOutside
		}
		first, after, _ := strings.Cut(rest, "/")
		next := path.Join(done, first)
		info, err := fs.Lstat(t.files, next)
		if err != nil {
			return "", nil, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done, rest = next, after
			continue
		}
		target, err := fs.ReadLink(t.files, next)
		if links++; err != nil || path.IsAbs(target) || links > maxLinks {
			return "", nil, errOutside
		}
		done, rest = ".", path.Join(done, target, after)
	}
	info, err := fs.Lstat(t.files, done)
	return done, info, err
}
