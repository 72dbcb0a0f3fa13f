// Package cli is the command line: one file per command. It decodes flags,
// calls app, and writes what comes back. Stdout is exactly what was asked for;
// progress, notes and errors go to stderr, and an error is one line that names
// the thing and the next command.
package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"merlon.dev/internal/app"
	"merlon.dev/internal/report"
	"merlon.dev/internal/source/awsapi"
)

// Exit statuses. There is no 2: a Go panic exits with it.
const (
	exitDone         = 0
	exitFailed       = 1
	exitGate         = 3
	exitUnauthorized = 4
	exitIncomplete   = 5
	exitInterrupted  = 130
)

const exitHelp = `EXIT STATUS
  0    done
  1    could not
  3    a finding at or above --fail-on
  4    not authenticated, or not authorised to read anything
  5    --strict, and something is unknown
  130  interrupted`

// exit is an error that only carries a status: everything was said already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// ui is where a command reads and writes.
type ui struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	getenv   func(string) string
	environ  func() []string
}

// Main runs one command line and returns its exit status.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	debug.SetGCPercent(50) // a scan is bound by the network: memory matters more than a little work
	u := &ui{in: in, out: out, err: errs, now: time.Now, getenv: os.Getenv, environ: os.Environ}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := newRoot(u)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	return u.finish(cmd, err)
}

func newRoot(u *ui) *cobra.Command {
	root := &cobra.Command{
		Use:   "merlon",
		Short: "Reads a cloud estate, judges it, and says what it could not see",
		Example: `  merlon demo                                   try it: no cloud, no credentials, no network
  merlon scan aws                               judge the account of the current credentials
  merlon scan aws --org --format html -o estate.html
  merlon check infra/                           judge Terraform and CloudFormation before they deploy
  merlon rule show aws-s3-bucket-blocks-public-access
  merlon comply show cis-aws-5.0`,
		Version:       app.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(u.out)
	root.SetErr(u.err)
	root.SetIn(u.in)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { u.help(c) })
	root.SetHelpCommand(&cobra.Command{Use: "no-help", Hidden: true})
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see `%s --help`", err, c.CommandPath())
	})
	root.AddCommand(newDemo(u), newScan(u), newCheck(u), newRule(u), newComply(u), newSnapshot(u))
	return root
}

// group is a command that only holds others.
func group(use, short, example string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Example: example, Args: cobra.ArbitraryArgs}
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return fmt.Errorf("no command %q; see `%s --help`", args[0], c.CommandPath())
	}
	c.AddCommand(children...)
	return c
}

// help prints a command's page: what it does, examples, what else there is.
func (u *ui) help(c *cobra.Command) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s\n\nUSAGE\n  %s\n", c.CommandPath(), lowerFirst(c.Short), c.UseLine())
	if c.Example != "" {
		fmt.Fprintf(&b, "\nEXAMPLES\n%s\n", c.Example)
	}
	if c.Long != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(c.Long))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\nCOMMANDS\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-12s %s\n", sub.Name(), lowerFirst(sub.Short))
			}
		}
	}
	if flags := c.Flags().FlagUsagesWrapped(u.width()); strings.TrimSpace(flags) != "" {
		fmt.Fprintf(&b, "\nFLAGS\n%s", flags)
	}
	fmt.Fprintf(&b, "\n%s\n", exitHelp)
	b.WriteTo(u.out)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// finish says what went wrong and picks the exit status: the one place that
// does.
func (u *ui) finish(c *cobra.Command, err error) int {
	var code exit
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(u.err, "merlon: interrupted")
		return exitInterrupted
	}
	message := err.Error()
	if strings.HasPrefix(message, "unknown command") {
		message = strings.TrimSpace(strings.SplitN(message, "\n", 2)[0]) + "; see `" + c.CommandPath() + " --help`"
	}
	fmt.Fprintln(u.err, "merlon: "+message)
	if errors.Is(err, awsapi.ErrNotAuthenticated) {
		return exitUnauthorized
	}
	return exitFailed
}

// terminal returns the file behind w when that is a terminal.
func terminal(w io.Writer) *os.File {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// width is the terminal's, or 0 where there is none.
func (u *ui) width() int {
	f := terminal(u.out)
	if f == nil {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 80
	}
	return w
}

// output is where a report goes and in which form.
type output struct {
	format, file string
	noColor      bool
	formats      []report.Format // the forms the command can write
}

func (o *output) flags(f *pflag.FlagSet, formats []report.Format) {
	o.formats = formats
	names := make([]string, len(formats))
	for i, x := range formats {
		names[i] = string(x)
	}
	f.StringVar(&o.format, "format", "table", "form of the output: "+strings.Join(names, ", "))
	f.StringVarP(&o.file, "output", "o", "", "write to this file instead of the terminal")
	f.BoolVar(&o.noColor, "no-color", false, "no colour (also by NO_COLOR or TERM=dumb)")
}

// check refuses a form that the command cannot write, before any work is done.
func (o *output) check() error {
	_, err := report.ParseFormat(o.format, o.formats)
	return err
}

// listForms are the forms of what only lists or shows.
func listForms() []report.Format { return []report.Format{report.Table, report.JSON} }

// write hands a writer and its options to render, and keeps what it writes only
// when it succeeds: files are written whole or not at all.
func (u *ui) write(o *output, command string, unfold bool, render func(io.Writer, report.Options) error) error {
	options := report.Options{Unfold: unfold, Command: command}
	if o.file == "" || o.file == "-" {
		options.Width = u.width()
		options.Color = !o.noColor && report.ColorAllowed(terminal(u.out) != nil, u.getenv)
		return render(u.out, options)
	}
	return writeWhole(o.file, func(w io.Writer) error { return render(w, options) })
}

func writeWhole(file string, render func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, cause(err))
	}
	defer os.Remove(f.Name())
	if err := render(f); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", file, cause(err))
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", file, cause(err))
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return fmt.Errorf("write %s: %w", file, cause(err))
	}
	return nil
}

// cause drops the path of a temporary file from an error.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
