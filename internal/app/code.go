package app

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/cloudformation"
	"merlon.dev/internal/source/code"
	"merlon.dev/internal/source/terraform"
)

// CodeOptions say how code is read.
type CodeOptions struct {
	Terraform terraform.Options
	// Parameters of CloudFormation templates, by name.
	Parameters map[string]string
	// Account and Region the code is for, where the code does not say.
	Account cloud.AccountID
	Region  cloud.Region
	// Name is what a file of the tree is called in reports; nil leaves names
	// as they are.
	Name func(string) string
	// Now is the present that rules about age go by.
	Now time.Time
}

// ReadCode reads all infrastructure code below the paths, which are slash paths
// in the tree, into one snapshot.
func ReadCode(files fs.FS, paths []string, o CodeOptions) (*cloud.Snapshot, error) {
	if o.Name == nil {
		o.Name = func(p string) string { return p }
	}
	found := &codeFiles{files: files, seen: map[string]bool{}}
	for _, p := range paths {
		if err := found.add(p); err != nil {
			return nil, err
		}
	}
	read, err := found.read(o)
	if err != nil {
		return nil, err
	}
	all := &cloud.Snapshot{Open: true, Fragment: true, Doubts: map[cloud.Ref]*cloud.Gap{}, Skipped: found.skipped}
	for _, s := range read {
		merge(all, s)
	}
	if all.Source.Kind == "" {
		return nil, fmt.Errorf("no Terraform and no CloudFormation in %s", strings.Join(paths, ", "))
	}
	all.Source.ReadAt = o.Now
	for _, p := range paths {
		all.Source.Paths = append(all.Source.Paths, o.Name(p))
	}
	all.Collections = slices.CompactFunc(sorted(all.Collections), func(a, b cloud.Collection) bool {
		return a.Kind == b.Kind && a.Account == b.Account && slices.Equal(a.Regions, b.Regions)
	})
	all.Sort()
	return all, nil
}

func sorted(cs []cloud.Collection) []cloud.Collection {
	slices.SortStableFunc(cs, func(a, b cloud.Collection) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Account, b.Account), slices.Compare(a.Regions, b.Regions))
	})
	return cs
}

// codeFiles are what there is to read, by the language it is in.
type codeFiles struct {
	files     fs.FS
	seen      map[string]bool
	terraform []string
	templates []string
	cdk       []string
	skipped   []cloud.Skipped
}

// maxSniffed is the size up to which a file is looked into: beyond it, it is no
// template that CloudFormation takes (1 MB), with room for comments.
const maxSniffed = 64 << 20

// add finds the code below a path. A file that is named is taken for what its
// name says; in a folder only what looks like code is.
func (c *codeFiles) add(p string) error {
	info, err := fs.Stat(c.files, p)
	if err != nil {
		return fmt.Errorf("%s: no such file or folder", p)
	}
	if !info.IsDir() {
		if terraform.IsConfiguration(p) {
			c.terraform = append(c.terraform, p)
			return nil
		}
		if !c.addTemplate(p) {
			return fmt.Errorf("%s is neither Terraform nor CloudFormation", p)
		}
		return nil
	}
	hasTerraform := false
	err = fs.WalkDir(c.files, p, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			c.skipped = append(c.skipped, cloud.Skipped{Path: name, Why: "cannot be read"})
			return fs.SkipDir
		case d.IsDir() && c.isCDK(name):
			c.cdk = append(c.cdk, name)
			return fs.SkipDir
		case d.IsDir() && name != p && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir():
		case terraform.IsConfiguration(name):
			hasTerraform = true
		case d.Type().IsRegular():
			c.addTemplate(name)
		}
		return nil
	})
	if hasTerraform {
		c.terraform = append(c.terraform, p)
	}
	return err
}

func (c *codeFiles) isCDK(dir string) bool {
	_, err := fs.Stat(c.files, path.Join(dir, "cdk.out"))
	return err == nil && path.Base(dir) != "." || path.Base(dir) == "cdk.out"
}

func (c *codeFiles) addTemplate(name string) bool {
	if !looksLikeTemplate(name) || c.seen[name] {
		return c.seen[name]
	}
	src, err := c.sniff(name)
	if err != nil {
		c.skipped = append(c.skipped, cloud.Skipped{Path: name, Why: "cannot be read: " + err.Error()})
		return true
	}
	if cloudformation.IsTemplate(name, src) {
		c.seen[name] = true
		c.templates = append(c.templates, name)
	}
	return c.seen[name]
}

func looksLikeTemplate(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json", ".template", ".cfn":
		return true
	}
	return false
}

func (c *codeFiles) sniff(name string) ([]byte, error) {
	f, err := c.files.Open(name)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxSniffed+1))
	if len(src) > maxSniffed {
		return nil, fmt.Errorf("larger than %d MB", maxSniffed>>20)
	}
	return src, err
}

// read reads everything that was found, in the order of its names.
func (c *codeFiles) read(o CodeOptions) ([]*cloud.Snapshot, error) {
	var work []func() *cloud.Snapshot
	if len(c.terraform) > 0 {
		opts := o.Terraform
		opts.Name, opts.Account, opts.Region, opts.Workers = o.Name, o.Account, o.Region, runtime.GOMAXPROCS(0)
		in, err := terraform.Read(c.files, c.terraform, opts)
		if err != nil {
			return nil, err
		}
		mappings := terraform.Mappings()
		for _, root := range in {
			work = append(work, func() *cloud.Snapshot { return code.Build(root, mappings) })
		}
	}
	mappings := cloudformation.Mappings()
	opts := cloudformation.Options{Parameters: o.Parameters, Account: o.Account, Region: o.Region, Name: o.Name}
	many := len(c.templates)+len(c.cdk) > 1
	build := func(name string, read func(fs.FS, string, cloudformation.Options) (code.Input, error)) {
		opts := opts
		if many {
			opts.Prefix = o.Name(name) + ":"
		}
		work = append(work, func() *cloud.Snapshot {
			in, err := read(c.files, name, opts)
			if err != nil {
				return &cloud.Snapshot{Skipped: []cloud.Skipped{{Path: o.Name(name), Why: err.Error()}}}
			}
			return code.Build(in, mappings)
		})
	}
	slices.Sort(c.templates)
	for _, name := range c.templates {
		build(name, cloudformation.Read)
	}
	for _, dir := range c.cdk {
		build(dir, cloudformation.ReadCDK)
	}
	return withoutNested(inParallel(work)), nil
}

func inParallel(work []func() *cloud.Snapshot) []*cloud.Snapshot {
	out := make([]*cloud.Snapshot, len(work))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, do := range work {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			out[i] = do()
		}()
	}
	wg.Wait()
	return out
}

// withoutNested drops the templates that others hold as nested stacks: they
// are read as part of those.
func withoutNested(read []*cloud.Snapshot) []*cloud.Snapshot {
	nested := map[string]bool{}
	for _, s := range read {
		for _, r := range s.Resources {
			if at := r.Meta().Origin; len(at) > 0 && s.Source.Kind == "cloudformation" && len(s.Source.Paths) == 1 && at[0].File != s.Source.Paths[0] {
				nested[at[0].File] = true
			}
		}
	}
	return slices.DeleteFunc(read, func(s *cloud.Snapshot) bool {
		return s.Source.Kind == "cloudformation" && len(s.Source.Paths) == 1 && nested[s.Source.Paths[0]]
	})
}

// merge adds what was read of one language to what was read of the others.
func merge(into, s *cloud.Snapshot) {
	switch {
	case s.Source.Kind == "" || into.Source.Kind == s.Source.Kind:
	case into.Source.Kind == "":
		into.Source.Kind = s.Source.Kind
	default:
		into.Source.Kind = "code"
	}
	into.Resources = append(into.Resources, s.Resources...)
	into.Collections = append(into.Collections, s.Collections...)
	into.Skipped = append(into.Skipped, s.Skipped...)
	maps.Copy(into.Doubts, s.Doubts)
}
