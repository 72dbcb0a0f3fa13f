package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"merlon.dev/internal/app"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
)

func newRule(u *ui) *cobra.Command {
	return group("rule", "Lists, shows, tests and starts rules",
		"  merlon rule list\n  merlon rule show aws-s3-bucket-blocks-public-access\n  merlon rule test ./our-rules\n  merlon rule new our-rules/bucket-has-owner.yaml --resource AWS::S3::Bucket",
		newRuleList(u), newRuleShow(u), newRuleTest(u), newRuleNew(u), newRuleKinds(u))
}

func completeRules(prefix string) []string {
	_, rules, _ := loadRules(nil)
	var ids []string
	for _, r := range rules {
		if strings.HasPrefix(r.ID, prefix) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// ruleJSON is the form of a rule in rule list --format json.
type ruleJSON struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Severity string         `json:"severity"`
	Resource string         `json:"resource"`
	When     string         `json:"when,omitempty"`
	Pass     string         `json:"pass"`
	Why      string         `json:"why"`
	Fix      string         `json:"fix"`
	Params   map[string]any `json:"params,omitempty"`
	Aliases  []string       `json:"aliases"`
	Examples int            `json:"examples"`
}

func toJSON(r *policy.Rule) ruleJSON {
	aliases := r.Aliases
	if aliases == nil {
		aliases = []string{}
	}
	return ruleJSON{r.ID, r.Title, string(r.Severity), string(r.Kind), strings.TrimSpace(r.When), strings.TrimSpace(r.Pass), r.Why, r.Fix, r.Params, aliases, r.Examples()}
}

func newRuleList(u *ui) *cobra.Command {
	var o output
	var folders []string
	c := &cobra.Command{
		Use:     "list [GLOB...]",
		Short:   "Lists the rules",
		Example: "  merlon rule list\n  merlon rule list 'aws-iam-*'\n  merlon rule list --format json",
		RunE: func(_ *cobra.Command, globs []string) error {
			if err := o.check(); err != nil {
				return err
			}
			_, rules, err := loadRules(folders)
			if err != nil {
				return err
			}
			rules, err = (app.Selection{Rules: globs}).Choose(rules)
			if err != nil {
				return err
			}
			return u.write(&o, "", false, func(w io.Writer, ro report.Options) error {
				if o.format == "json" {
					list := []ruleJSON{}
					for _, r := range rules {
						list = append(list, toJSON(r))
					}
					return writeIndented(w, list)
				}
				for _, r := range rules {
					line := fmt.Sprintf("%-8s  %-60s  %s", r.Severity, r.ID, r.Title)
					if ro.Width > 0 && len(line) > ro.Width {
						line = line[:ro.Width]
					}
					fmt.Fprintln(w, line)
				}
				fmt.Fprintf(w, "%d rules; `merlon rule show ID` tells more\n", len(rules))
				return nil
			})
		},
	}
	o.flags(c.Flags(), listForms())
	c.Flags().StringSliceVar(&folders, "rules", nil, "also load the rules in this folder")
	return c
}

func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func newRuleShow(u *ui) *cobra.Command {
	var o output
	var folders []string
	c := &cobra.Command{
		Use:     "show ID",
		Short:   "Shows one rule: its claim, why it matters, the fix, what it looks at",
		Example: "  merlon rule show aws-s3-bucket-blocks-public-access\n  merlon rule show prowler:s3_bucket_object_versioning",
		Args:    exactly(1, "one rule id"),
		ValidArgsFunction: func(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
			return completeRules(prefix), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			_, rules, err := loadRules(folders)
			if err != nil {
				return err
			}
			rules, err = (app.Selection{Rules: args}).Choose(rules)
			if err != nil {
				return err
			}
			return u.write(&o, "", false, func(w io.Writer, _ report.Options) error {
				for _, r := range rules {
					if o.format == "json" {
						if err := writeIndented(w, toJSON(r)); err != nil {
							return err
						}
						continue
					}
					showRule(w, r)
				}
				return nil
			})
		},
	}
	o.flags(c.Flags(), listForms())
	c.Flags().StringSliceVar(&folders, "rules", nil, "also load the rules in this folder")
	return c
}

func showRule(w io.Writer, r *policy.Rule) {
	fmt.Fprintf(w, "%s\n%s\n\n", r.ID, r.Title)
	fmt.Fprintf(w, "severity   %s\nresource   %s\n", r.Severity, r.Kind)
	if len(r.Aliases) > 0 {
		fmt.Fprintf(w, "also       %s\n", strings.Join(r.Aliases, ", "))
	}
	for _, name := range slices.Sorted(keys(r.Params)) {
		fmt.Fprintf(w, "parameter  %s: %v\n", name, r.Params[name])
	}
	section := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "\n%s\n  %s\n", name, strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  "))
		}
	}
	section("WHY", r.Why)
	section("FIX", r.Fix)
	section("APPLIES WHEN", r.When)
	section("PASSES WHEN", r.Pass)
	fmt.Fprintf(w, "\n%d examples in the rule\n", r.Examples())
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func newRuleTest(u *ui) *cobra.Command {
	return &cobra.Command{
		Use:     "test [PATH...]",
		Short:   "Runs the examples inside rules, and finds clauses that no example pins",
		Example: "  merlon rule test                  the built-in rules\n  merlon rule test ./our-rules      a folder of your own\n  merlon rule test bucket-has-owner.yaml",
		Long:    "For every rule: each example gives the verdict it says; and dropping any operand of && or ||,\nor turning any comparison round, makes some example give another verdict.",
		RunE: func(_ *cobra.Command, paths []string) error {
			rules, broken, err := rulesToTest(paths)
			if err != nil {
				return err
			}
			bad, examples := len(broken), 0
			for _, err := range broken {
				fmt.Fprintln(u.out, err)
			}
			for _, r := range rules {
				problems := testRule(r)
				examples += r.Examples()
				for _, p := range problems {
					fmt.Fprintf(u.out, "%s: %s\n", r.File, p)
				}
				if len(problems) > 0 {
					bad++
				}
			}
			fmt.Fprintf(u.out, "rules: %d, examples: %d, with problems: %d\n", len(rules)+len(broken), examples, bad)
			if bad > 0 {
				return exit(exitFailed)
			}
			return nil
		},
	}
}

func testRule(r *policy.Rule) []string {
	if r.Examples() == 0 {
		return []string{"no examples; add a tests: block"}
	}
	if err := r.Check(); err != nil {
		return []string{err.Error()}
	}
	loose, err := r.Unpinned()
	if err != nil {
		return []string{err.Error()}
	}
	for i, clause := range loose {
		loose[i] = "no example notices the rule " + clause
	}
	return loose
}

// rulesToTest compiles the rules under the paths, or the built-in ones; those
// that do not compile come back as errors beside the others.
func rulesToTest(paths []string) (rules []*policy.Rule, broken []error, err error) {
	env, rules, err := loadRules(nil)
	if err != nil || len(paths) == 0 {
		return rules, nil, err
	}
	rules = nil
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("%s: %w", path, cause(err))
			}
			if d.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return nil
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("%s: %w", path, cause(err))
			}
			r, err := env.Compile(path, src)
			if err != nil {
				broken = append(broken, err)
				return nil
			}
			rules = append(rules, r)
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	if len(rules)+len(broken) == 0 {
		return nil, nil, fmt.Errorf("no .yaml files under %s", strings.Join(paths, ", "))
	}
	return rules, broken, nil
}

func newRuleNew(u *ui) *cobra.Command {
	var kind string
	c := &cobra.Command{
		Use:     "new FILE",
		Short:   "Starts a rule: writes a file that compiles, with examples to change",
		Example: "  merlon rule new our-rules/org-s3-bucket-has-owner.yaml --resource AWS::S3::Bucket",
		Args:    exactly(1, "one file name"),
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := app.NewEnv()
			if err != nil {
				return err
			}
			file := args[0]
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return fmt.Errorf("%s: %w", file, cause(err))
			}
			if !absent(file) {
				return fmt.Errorf("%s is there already", file)
			}
			id := strings.TrimSuffix(filepath.Base(file), ".yaml")
			src := fmt.Sprintf(newRuleText, id, kind)
			if _, err := env.Compile(file, []byte(src)); err != nil {
				return err
			}
			if err := writeWhole(file, func(w io.Writer) error { _, err := io.WriteString(w, src); return err }); err != nil {
				return err
			}
			fmt.Fprintf(u.err, "merlon: wrote %s; `merlon rule test %s` runs its examples, `merlon rule kinds %s` lists its fields\n", file, file, kind)
			return nil
		},
	}
	c.Flags().StringVar(&kind, "resource", "AWS::S3::Bucket", "kind of resource the rule is about")
	return c
}

const newRuleText = `id: %s
title: Resource says who owns it
severity: low
resource: %s
pass: '"owner" in resource.tags'
why: Nobody answers for a resource without an owner.
fix: Add a tag named owner.
tests:
  - {name: tagged, want: pass, given: {tags: {owner: team-a}}}
  - {name: other tags only, want: fail, given: {tags: {env: prod}}}
  - {name: tags cannot be read, want: unknown, given: {gaps: {tags: denied}}}
`

func newRuleKinds(u *ui) *cobra.Command {
	return &cobra.Command{
		Use:     "kinds [KIND]",
		Short:   "Lists the kinds of resources that rules can be about, or the fields of one",
		Example: "  merlon rule kinds\n  merlon rule kinds AWS::S3::Bucket",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := app.NewEnv()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				for _, k := range env.Kinds() {
					fmt.Fprintln(u.out, k)
				}
				return nil
			}
			fields, err := env.Fields(args[0])
			if err != nil {
				return err
			}
			for _, f := range fields {
				fmt.Fprintln(u.out, f)
			}
			return nil
		},
	}
}

// exactly is an argument check that says what is wanted.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s takes %s; see `%s --help`", c.CommandPath(), what, c.CommandPath())
		}
		return nil
	}
}
