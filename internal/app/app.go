// Package app is the wiring: it hands content to engines, engines to each
// other, and sources to both. It is the only place that knows everyone. It
// holds no logic of its own that an engine or a source should hold.
package app

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/policy"
	"merlon.dev/rules"
)

// NewEnv returns the rule language over the whole model, with every engine's
// functions.
func NewEnv() (*policy.Env, error) { return NewEnvFor(runtime.GOMAXPROCS(0)) }

// NewEnvFor is NewEnv for so many cores.
func NewEnvFor(cores int) (*policy.Env, error) {
	return policy.NewEnv(policy.Config{
		Kinds:   aws.Kinds(),
		Account: &aws.Account{},
		Region:  &aws.RegionSettings{},
		Workers: cores,
		Funcs:   functions(),
	})
}

// LoadRules compiles the built-in rules and those in the further folders, sorted
// by id. All errors are reported, not the first alone.
func LoadRules(env *policy.Env, more ...fs.FS) ([]*policy.Rule, error) {
	var all []*policy.Rule
	var errs []error
	seen := map[string]string{}
	for i, folder := range append([]fs.FS{rules.FS}, more...) {
		loaded, err := loadFolder(env, folder)
		errs = append(errs, err)
		for _, r := range loaded {
			if i == 0 {
				if err := checkName(r); err != nil {
					errs = append(errs, err)
				}
			}
			if first := seen[r.ID]; first != "" {
				errs = append(errs, fmt.Errorf("%s: rule id %s is already taken by %s", r.File, r.ID, first))
				continue
			}
			seen[r.ID] = r.File
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *policy.Rule) int { return strings.Compare(a.ID, b.ID) })
	return all, errors.Join(errs...)
}

func loadFolder(env *policy.Env, folder fs.FS) ([]*policy.Rule, error) {
	var out []*policy.Rule
	var errs []error
	err := fs.WalkDir(folder, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		src, err := fs.ReadFile(folder, path)
		if err != nil {
			return err
		}
		r, err := env.Compile(path, src)
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		out = append(out, r)
		return nil
	})
	return out, errors.Join(append(errs, err)...)
}

// checkName holds built-in rules to their names: aws/s3/bucket-is-versioned.yaml
// has the id aws-s3-bucket-is-versioned.
func checkName(r *policy.Rule) error {
	if want := strings.ReplaceAll(strings.TrimSuffix(r.File, ".yaml"), "/", "-"); r.ID != want {
		return fmt.Errorf("%s: the id must be %s, not %s", r.File, want, r.ID)
	}
	return nil
}
