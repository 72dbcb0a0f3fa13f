package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
)

func newCheck(u *ui) *cobra.Command {
	var j judging
	var o codeFlags
	c := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Reads infrastructure as code and judges it before it deploys",
		Example: `  merlon check
  merlon check infra/ --fail-on high
  merlon check envs/prod --var-file prod.tfvars --format sarif -o merlon.sarif`,
		Long: `A folder is read with everything below it; a Terraform folder that no other one calls
is a root module. Modules that are not on disk, and values known only at apply, make
verdicts unknown, never pass or fail. Nothing outside of the repository is read.`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := j.check(); err != nil {
				return err
			}
			if len(args) == 0 {
				args = []string{"."}
			}
			b, err := j.load()
			if err != nil {
				return err
			}
			if j.from != "" {
				s, err := loadSnapshot(j.from)
				if err != nil {
					return err
				}
				return u.judge(&j, b, s, commandLine(c, "from"))
			}
			t, err := openTree(slices.Concat(args, o.varFiles))
			if err != nil {
				return err
			}
			defer t.root.Close()
			s, err := u.readCode(t, len(args), &o)
			if err != nil {
				return err
			}
			j.source = app.NewSource(t.root.FS(), t.path)
			return u.judge(&j, b, s, shellLine(commandLine(c, "var", "var-file", "workspace"), args))
		},
	}
	j.flags(c, "high")
	f := c.Flags()
	f.StringArrayVar(&o.vars, "var", nil, "set a Terraform variable: NAME=VALUE")
	f.StringArrayVar(&o.varFiles, "var-file", nil, "read Terraform variables from this file")
	f.StringVar(&o.workspace, "workspace", "", "terraform.workspace (default \"default\")")
	f.StringVar(&o.account, "account", "", "account id that the code is for, where the code does not say")
	f.StringVar(&o.region, "region", "", "region that the code is for, where the code does not say")
	return c
}

// codeFlags are the flags that say how code is read.
type codeFlags struct {
	vars, varFiles  []string
	workspace       string
	account, region string
}

// readCode reads the code at the first n paths of the tree; the others are files
// of variables.
func (u *ui) readCode(t *tree, n int, o *codeFlags) (*cloud.Snapshot, error) {
	opts := app.CodeOptions{Now: u.now(), Name: t.name}
	opts.Terraform.Workspace = o.workspace
	opts.Account, opts.Region = cloud.AccountID(o.account), cloud.Region(o.region)
	opts.Terraform.VarFiles = t.paths[n:]
	var err error
	if opts.Terraform.Vars, err = assignments(o.vars); err != nil {
		return nil, err
	}
	opts.Terraform.Env = map[string]string{}
	for _, e := range u.environ() {
		if name, value, ok := strings.Cut(e, "="); ok && strings.HasPrefix(name, "TF_VAR_") {
			opts.Terraform.Env[strings.TrimPrefix(name, "TF_VAR_")] = value
		}
	}
	return app.ReadCode(t.root.FS(), t.paths[:n], opts)
}

func assignments(vars []string) (map[string]string, error) {
	out := map[string]string{}
	for _, v := range vars {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--var %q is not NAME=VALUE", v)
		}
		out[name] = value
	}
	return out, nil
}

// tree is the part of the disk that may be read: the repository that holds all
// the paths, or the folder that does.
type tree struct {
	root  *os.Root
	dir   string   // absolute
	here  string   // the working folder
	paths []string // slash paths in it
}

func openTree(paths []string) (*tree, error) {
	here, err := workingDir()
	if err != nil {
		return nil, err
	}
	t := &tree{here: here}
	var all []string
	for _, p := range paths {
		a, err := filepath.Abs(p)
		if err == nil {
			a, err = filepath.EvalSymlinks(a)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, cause(err))
		}
		all = append(all, a)
		dir := a
		if info, err := os.Stat(a); err == nil && !info.IsDir() {
			dir = filepath.Dir(a)
		}
		if t.dir == "" {
			t.dir = dir
		}
		for !within(dir, t.dir) {
			t.dir = filepath.Dir(t.dir)
		}
	}
	t.dir = repositoryOf(t.dir)
	if t.root, err = os.OpenRoot(t.dir); err != nil {
		return nil, fmt.Errorf("%s: %w", t.dir, cause(err))
	}
	for _, a := range all {
		rel, err := filepath.Rel(t.dir, a)
		if err != nil {
			return nil, err
		}
		t.paths = append(t.paths, filepath.ToSlash(rel))
	}
	return t, nil
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// repositoryOf is the folder with .git that holds dir, or dir itself: modules
// are often called from beside a root, never from beyond its repository.
func repositoryOf(dir string) string {
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, ".git")); err == nil {
			return up
		} else if !errors.Is(err, fs.ErrNotExist) || up == filepath.Dir(up) {
			return dir
		}
	}
}

// name is a path in the tree as the person who runs this would write it.
func (t *tree) name(p string) string {
	rel, err := filepath.Rel(t.here, filepath.Join(t.dir, filepath.FromSlash(p)))
	if err != nil {
		return p
	}
	return filepath.ToSlash(rel)
}

// path is the path in the tree of what name calls so.
func (t *tree) path(name string) string {
	rel, err := filepath.Rel(t.dir, filepath.Join(t.here, filepath.FromSlash(name)))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

// workingDir is the folder that names are relative to, without symbolic links.
func workingDir() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(here)
}
