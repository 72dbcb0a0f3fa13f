package app

import (
	"fmt"
	"io/fs"
	"path"
	"time"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
	"merlon.dev/internal/source/terraform"
)

// CodeOptions say how code is read.
type CodeOptions struct {
	Terraform terraform.Options
	// Name is what a file of the tree is called in reports; nil leaves names
	// as they are.
	Name func(string) string
	// Now is the present that rules about age go by.
	Now time.Time
}

// ReadCode reads all infrastructure code below the paths, which are slash paths
// in the tree, into one snapshot.
func ReadCode(files fs.FS, paths []string, o CodeOptions) (*cloud.Snapshot, error) {
	found, err := findCode(files, paths)
	if err != nil {
		return nil, err
	}
	if o.Name == nil {
		o.Name = func(p string) string { return p }
	}
	all := &cloud.Snapshot{Open: true, Fragment: true}
	if len(found.terraform) > 0 {
		o.Terraform.Name = o.Name
		in, err := terraform.Read(files, found.terraform, o.Terraform)
		if err != nil {
			return nil, err
		}
		merge(all, code.Build(in, terraform.Mappings()))
	}
	if all.Source.Kind == "" {
		return nil, fmt.Errorf("no Terraform and no CloudFormation in %s", paths[0])
	}
	all.Source.ReadAt = o.Now
	for _, p := range paths {
		all.Source.Paths = append(all.Source.Paths, o.Name(p))
	}
	all.Sort()
	return all, nil
}

// codeFiles are the paths to read, by the language they are in.
type codeFiles struct {
	terraform []string
}

func findCode(files fs.FS, paths []string) (codeFiles, error) {
	var found codeFiles
	for _, p := range paths {
		info, err := fs.Stat(files, p)
		if err != nil {
			return found, fmt.Errorf("%s: no such file or folder", p)
		}
		if !info.IsDir() {
			if terraform.IsConfiguration(p) {
				found.terraform = append(found.terraform, p)
			}
			continue
		}
		some := false
		err = fs.WalkDir(files, p, func(name string, d fs.DirEntry, err error) error {
			some = some || err == nil && !d.IsDir() && terraform.IsConfiguration(path.Base(name))
			return nil
		})
		if err != nil {
			return found, fmt.Errorf("%s: %w", p, err)
		}
		if some {
			found.terraform = append(found.terraform, p)
		}
	}
	return found, nil
}

// merge adds what was read of one language to what was read of the others.
func merge(into, s *cloud.Snapshot) {
	switch into.Source.Kind {
	case "":
		into.Source.Kind = s.Source.Kind
	case s.Source.Kind:
	default:
		into.Source.Kind = "code"
	}
	into.Resources = append(into.Resources, s.Resources...)
	into.Collections = append(into.Collections, s.Collections...)
	into.Skipped = append(into.Skipped, s.Skipped...)
	if into.Doubts == nil {
		into.Doubts = s.Doubts
		return
	}
	for ref, gap := range s.Doubts {
		into.Doubts[ref] = gap
	}
}

