package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
)

// judging is the flags shared by every command that judges a snapshot.
type judging struct {
	output
	all, strict, quiet       bool
	severity, rules, exclude []string
	folders                  []string
	config                   string
	failOn                   string
	from, save               string
	source                   *app.Source // of the code that is judged
}

func (j *judging) flags(c *cobra.Command, failOn string) {
	f := c.Flags()
	j.output.flags(f, report.Formats())
	f.BoolVar(&j.all, "all", false, "also show what passed and what is suppressed")
	f.StringSliceVar(&j.severity, "severity", nil, "show these severities only: critical, high, medium, low")
	f.StringSliceVar(&j.rules, "rule", nil, "run these rules only (ids, globs or aliases)")
	f.StringSliceVar(&j.exclude, "exclude-rule", nil, "do not run these rules (ids, globs or aliases)")
	f.StringSliceVar(&j.folders, "rules", nil, "also load the rules in this folder")
	f.StringVar(&j.config, "config", "", "settings file (default merlon.yaml, where there is one)")
	f.StringVar(&j.failOn, "fail-on", failOn, "exit with 3 when a failure is this severe: critical, high, medium, low, never")
	f.BoolVar(&j.strict, "strict", false, "unknown verdicts gate too; exit with 5 when anything is unknown")
	f.BoolVar(&j.quiet, "quiet", false, "no progress and no notes")
	f.StringVar(&j.from, "from", "", "judge this snapshot file instead of reading anything")
	f.StringVar(&j.save, "save", "", "also save what was read to this snapshot file")
	ruleCompletion := func(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
		return completeRules(prefix), cobra.ShellCompDirectiveNoFileComp
	}
	c.RegisterFlagCompletionFunc("rule", ruleCompletion)
	c.RegisterFlagCompletionFunc("exclude-rule", ruleCompletion)
	c.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, x := range report.Formats() {
			names = append(names, string(x))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
}

// check refuses values that would only be noticed after a long read.
func (j *judging) check() error {
	if err := j.output.check(); err != nil {
		return err
	}
	for _, s := range j.severity {
		if cloud.Severity(s).Rank() >= len(cloud.Severities()) {
			return fmt.Errorf("--severity %q is none of critical, high, medium, low", s)
		}
	}
	if j.failOn != "never" && cloud.Severity(j.failOn).Rank() >= len(cloud.Severities()) {
		return fmt.Errorf("--fail-on %q is none of critical, high, medium, low, never", j.failOn)
	}
	return nil
}

// bench is everything loaded that judging needs.
type bench struct {
	env      *policy.Env
	rules    []*policy.Rule
	settings *app.Settings
}

func (j *judging) load() (*bench, error) {
	b := &bench{}
	var err error
	if b.settings, err = loadSettings(j.config); err != nil {
		return nil, err
	}
	b.env, b.rules, err = loadRules(slices.Concat(j.folders, b.settings.Folders()))
	return b, err
}

func loadRules(folders []string) (*policy.Env, []*policy.Rule, error) {
	env, err := app.NewEnv()
	if err != nil {
		return nil, nil, err
	}
	var more []fs.FS
	for _, folder := range folders {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return nil, nil, fmt.Errorf("--rules %s: no such folder", folder)
		}
		more = append(more, os.DirFS(folder))
	}
	rules, err := app.LoadRules(env, more...)
	return env, rules, err
}

// loadSettings reads the named file, or merlon.yaml where there is one.
func loadSettings(file string) (*app.Settings, error) {
	name := file
	if name == "" {
		name = "merlon.yaml"
	}
	src, err := os.ReadFile(name)
	switch {
	case err == nil:
		return app.ParseSettings(name, src)
	case file == "" && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	}
	return nil, fmt.Errorf("--config %s: %w", name, cause(err))
}

func loadSnapshot(file string) (*cloud.Snapshot, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; `merlon snapshot save FILE` makes one", file, cause(err))
	}
	defer f.Close()
	s, err := cloud.Decode(f, aws.Kinds())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

func saveSnapshot(file string, s *cloud.Snapshot) error {
	return writeWhole(file, s.Encode)
}

// judge reports on a snapshot and applies the gates.
func (u *ui) judge(j *judging, b *bench, s *cloud.Snapshot, command string) error {
	if j.save != "" {
		if err := saveSnapshot(j.save, s); err != nil {
			return err
		}
	}
	sel := app.Selection{Rules: j.rules, Exclude: j.exclude, All: j.all}
	for _, x := range j.severity {
		sel.Severity = append(sel.Severity, cloud.Severity(x))
	}
	res, err := app.Judge(b.env, b.rules, s, b.settings, sel, u.now())
	if err != nil {
		return err
	}
	for _, note := range res.Notes {
		fmt.Fprintln(u.err, "merlon: "+note)
	}
	err = u.write(&j.output, command, j.all || len(j.rules) > 0, func(w io.Writer, o report.Options) error {
		if j.source != nil {
			o.Source = j.source.Lines
		}
		return report.Write(w, report.Format(j.format), res.Report, o)
	})
	if err != nil {
		return err
	}
	if j.file != "" && !j.quiet {
		v := res.Report.Coverage.Verdicts
		fmt.Fprintf(u.err, "merlon: wrote %s: %d failed, %d unknown, %d passed\n", j.file, v.Fail, v.Unknown, v.Pass)
	}
	return j.gate(res)
}

// gate turns the verdicts into an exit status.
func (j *judging) gate(judged *app.Judgement) error {
	r := judged.Report
	gating := judged.Worst[cloud.Fail]
	if j.strict {
		gating = slices.Concat(gating, judged.Worst[cloud.Unknown])
	}
	for _, s := range gating {
		if j.failOn != "never" && s.Rank() <= cloud.Severity(j.failOn).Rank() {
			return exit(exitGate)
		}
	}
	switch v := r.Coverage.Verdicts; {
	case j.strict && (v.Unknown > 0 || len(r.Coverage.Rules.NotEvaluated) > 0):
		return exit(exitIncomplete)
	case r.Coverage.Partial:
		return exit(exitInterrupted)
	case r.Source.Kind == "aws" && v.Pass+v.Fail+v.Suppressed == 0 && denied(r):
		return exit(exitUnauthorized)
	}
	return nil
}

// denied reports whether anything was refused for want of permission.
func denied(r *report.Report) bool {
	return slices.ContainsFunc(r.Coverage.Gaps, func(g report.Gap) bool { return g.Reason == cloud.Denied })
}

// commandLine rebuilds the command for hints: without form and file.
func commandLine(c *cobra.Command, names ...string) string {
	words := []string{c.CommandPath()}
	for _, n := range names {
		if f := c.Flags().Lookup(n); f != nil && f.Changed {
			if f.Value.Type() == "bool" {
				words = append(words, "--"+n)
				continue
			}
			words = append(words, "--"+n+" "+strings.Trim(f.Value.String(), "[]"))
		}
	}
	return strings.Join(words, " ")
}

// shellLine adds arguments to a command line for hints.
func shellLine(command string, args []string) string {
	for _, a := range args {
		command += " " + report.ShellWord(a)
	}
	return command
}

func absent(path string) bool {
	_, err := os.Stat(filepath.Clean(path))
	return errors.Is(err, fs.ErrNotExist)
}
