// Package terraform reads Terraform and OpenTofu configuration: it evaluates
// every root module in a tree the way `terraform plan` would without a
// provider, and says of every value that is not known why it is not.
//
// It knows no resource type; the mappings, one file per service, say what
// becomes of them in the model. It reads nothing outside of the tree it is
// given, and nothing in it can make it fail: what cannot be understood is left
// out and listed.
package terraform

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// Options are what a configuration is evaluated with.
type Options struct {
	// VarFiles are further files of variables, as slash paths in the tree.
	VarFiles []string
	// Vars are single variables by name, as a shell would hand them over:
	// text, or an expression for variables of other types. They win over files.
	Vars map[string]string
	// Env are the variables of TF_VAR_ environment variables; files win over them.
	Env map[string]string
	// Workspace is terraform.workspace; empty is "default".
	Workspace string
	// Name is what a file of the tree is called in origins; nil leaves names
	// as they are.
	Name func(string) string
	// Workers is how many root modules are evaluated at once; at least one is.
	Workers int
	// Account and Region are assumed where no provider block says otherwise.
	Account cloud.AccountID
	Region  cloud.Region

	values map[string]variableValue // of one root, in force
}

// Read evaluates every root module in the given folders and files of the tree,
// which are slash paths in it, each into an input of its own. A folder is a root
// when no other folder calls it as a module.
func Read(files fs.FS, paths []string, o Options) ([]code.Input, error) {
	if o.Name == nil {
		o.Name = func(p string) string { return p }
	}
	t := &tree{files: files, name: o.Name, folders: map[string]*folder{}, only: map[string][]string{}}
	if err := t.find(paths); err != nil {
		return nil, err
	}
	atOnce(o.Workers, t.dirs, func(_ int, dir string) { t.folder(dir) })
	roots := t.roots()
	out := make([]code.Input, len(roots), len(roots)+1)
	atOnce(o.Workers, roots, func(i int, dir string) {
		prefix := ""
		if len(roots) > 1 && dir != commonFolder(paths) {
			prefix = o.Name(dir) + ":"
		}
		out[i] = t.evaluate(dir, prefix, o)
	})
	return append(out, code.Input{Source: cloud.Source{Kind: "terraform"}, Skipped: t.skipped()}), nil
}

// atOnce does something with every item, so many at a time.
func atOnce(workers int, items []string, do func(int, string)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, workers))
	for i, item := range items {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			do(i, item)
		}()
	}
	wg.Wait()
}

// IsConfiguration reports whether a file name is one that Terraform reads.
func IsConfiguration(name string) bool { return isConfig(path.Base(name)) }

// tree is everything that was found to read.
type tree struct {
	files   fs.FS
	name    func(string) string
	dirs    []string            // with configuration, in order
	only    map[string][]string // files asked for by name, by folder
	mu      sync.Mutex
	folders map[string]*folder
}

func (t *tree) find(paths []string) error {
	for _, p := range paths {
		info, err := fs.Stat(t.files, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, reasonOf(err))
		}
		if !info.IsDir() {
			dir := path.Dir(p)
			t.only[dir] = append(t.only[dir], p)
			t.addDir(dir)
			continue
		}
		err = fs.WalkDir(t.files, p, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case d.IsDir() && name != p && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir // .terraform, .git: modules in there are read when called
			case !d.IsDir() && isConfig(d.Name()):
				t.addDir(path.Dir(name))
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	slices.Sort(t.dirs)
	return nil
}

func (t *tree) addDir(dir string) {
	if !slices.Contains(t.dirs, dir) {
		t.dirs = append(t.dirs, dir)
	}
}

func (t *tree) folder(dir string) *folder {
	t.mu.Lock()
	f := t.folders[dir]
	t.mu.Unlock()
	if f != nil {
		return f
	}
	f = readFolder(t.files, dir, t.only[dir], t.name)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.folders[dir] == nil {
		t.folders[dir] = f
	}
	return t.folders[dir]
}

// roots are the folders that none of the others calls. Folders that only call
// each other in a circle are all roots.
func (t *tree) roots() []string {
	called := map[string]bool{}
	for _, dir := range t.dirs {
		for _, b := range t.folder(dir).modules {
			a := b.Body.Attributes["source"]
			if a == nil {
				continue
			}
			v, diags := a.Expr.Value(nil)
			if diags.HasErrors() || v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
				continue
			}
			if src := v.AsString(); strings.HasPrefix(src, ".") && path.Join(dir, src) != dir {
				called[path.Join(dir, src)] = true
			}
		}
	}
	var roots []string
	for _, dir := range t.dirs {
		if !called[dir] {
			roots = append(roots, dir)
		}
	}
	if len(roots) == 0 {
		return t.dirs
	}
	return roots
}

func commonFolder(paths []string) string {
	if len(paths) == 1 {
		return paths[0]
	}
	return "."
}

// evaluate is everything that one root module makes.
func (t *tree) evaluate(dir, prefix string, o Options) code.Input {
	in := code.Input{Source: cloud.Source{Kind: "terraform"}}
	f := t.folder(dir)
	r := &run{
		files: t.files, options: o, prefix: prefix, folder: t.folder, sealed: map[*code.Hole]int{}, known: map[string]*code.Hole{},
		documents: map[string]code.Value{}, instances: map[string]*instance{}, functions: map[string]map[string]function.Function{},
	}
	r.root = newScope(r, f, nil, "")
	r.options.values = r.readVariables(dir, f, o)
	r.manifest = r.readManifest(dir)
	r.root.collect(&in)
	in.Unread, in.Skipped = r.unread, append(in.Skipped, r.skipped...)
	return in
}

// collect adds the resources of a module and of all that it calls.
func (s *scope) collect(in *code.Input) {
	for _, key := range slices.Sorted(maps.Keys(s.folder.managed)) {
		st := s.set(s.managed, s.folder.managed[key], "", key)
		for _, index := range st.order {
			r, err := st.instances[index].toCode()
			if err != nil {
				at := origin(s.folder.managed[key].Range())
				in.Skipped = append(in.Skipped, cloud.Skipped{Path: at.File, Line: at.Line, Why: fmt.Sprintf("%s%s: %s", key, index, err)})
				continue
			}
			in.Resources = append(in.Resources, r)
		}
		if len(st.order) == maxInstances {
			at := origin(s.folder.managed[key].Range())
			in.Skipped = append(in.Skipped, cloud.Skipped{Path: at.File, Line: at.Line, Why: fmt.Sprintf("%s: no more than %d instances are read", key, maxInstances)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.folder.modules)) {
		c := s.modules(name, s.folder.modules[name])
		if c.unread != nil {
			continue
		}
		for _, key := range c.order {
			if child := c.scopes[key]; child != nil {
				child.collect(in)
			}
		}
	}
}

// skipped is what could not be read of all folders.
func (t *tree) skipped() []cloud.Skipped {
	var out []cloud.Skipped
	for _, dir := range slices.Sorted(maps.Keys(t.folders)) {
		out = append(out, t.folders[dir].skipped...)
	}
	slices.SortStableFunc(out, func(a, b cloud.Skipped) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Why, b.Why))
	})
	return out
}

// readManifest reads where `terraform init` put the modules it fetched.
func (r *run) readManifest(dir string) map[string]string {
	src, err := readBounded(r.files, path.Join(dir, ".terraform/modules/modules.json"), maxFile)
	if err != nil {
		return nil
	}
	var manifest struct{ Modules []struct{ Key, Dir string } }
	if json.Unmarshal(src, &manifest) != nil {
		return nil
	}
	dirs := map[string]string{}
	for _, m := range manifest.Modules {
		dirs[m.Key] = path.Join(dir, m.Dir)
	}
	return dirs
}

// installed is the folder of a module that was fetched, by its address without indexes.
func (r *run) installed(address string) string {
	var keys []string
	for _, part := range strings.Split(address, "module.") {
		name, _, _ := strings.Cut(strings.TrimSuffix(part, "."), "[")
		if name != "" {
			keys = append(keys, name)
		}
	}
	return r.manifest[strings.Join(keys, ".")]
}

func asPathError(err error, target **fs.PathError) bool { return errors.As(err, target) }
