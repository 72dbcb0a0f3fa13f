package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"merlon.dev/internal/app"
	"merlon.dev/internal/report"
)

func newSnapshot(u *ui) *cobra.Command {
	return group("snapshot", "Keeps what was read, looks at it, compares two",
		"  merlon snapshot save today.snapshot\n  merlon snapshot show today.snapshot\n  merlon snapshot diff yesterday.snapshot today.snapshot\n  merlon snapshot query today.snapshot AWS::S3::Bucket 'resource.versioning == \"\"'",
		newSnapshotSave(u), newSnapshotShow(u), newSnapshotDiff(u), newSnapshotQuery(u))
}

func newSnapshotSave(u *ui) *cobra.Command {
	var r reading
	var quiet bool
	c := &cobra.Command{
		Use:     "save FILE",
		Short:   "Reads a live AWS account or organization into a file, without judging it",
		Example: "  merlon snapshot save today.snapshot\n  merlon snapshot save --org estate.snapshot",
		Args:    exactly(1, "one file name"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := r.check(u); err != nil {
				return err
			}
			s, err := u.read(c.Context(), &judging{quiet: quiet}, &r)
			if err != nil {
				return err
			}
			if err := saveSnapshot(args[0], s); err != nil {
				return err
			}
			if !quiet {
				fmt.Fprintf(u.err, "merlon: wrote %s: %d resources in %d accounts\n", args[0], len(s.Resources), len(s.Source.Accounts))
			}
			if s.Partial {
				return exit(exitInterrupted)
			}
			return nil
		},
	}
	r.flags(c.Flags())
	c.Flags().BoolVar(&quiet, "quiet", false, "no progress and no notes")
	return c
}

func newSnapshotShow(u *ui) *cobra.Command {
	var o output
	c := &cobra.Command{
		Use:     "show FILE [REF]",
		Short:   "Shows what a snapshot holds, or one resource of it in full",
		Example: "  merlon snapshot show today.snapshot\n  merlon snapshot show today.snapshot arn:aws:s3:::data",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			s, err := loadSnapshot(args[0])
			if err != nil {
				return err
			}
			return u.write(&o, "", false, func(w io.Writer, _ report.Options) error {
				if len(args) == 2 {
					r, err := app.FindResource(s, args[1])
					if err != nil {
						return err
					}
					return writeIndented(w, r)
				}
				sum := app.Summarize(s)
				if o.format == "json" {
					return writeIndented(w, sum)
				}
				return sum.WriteTable(w)
			})
		},
	}
	o.flags(c.Flags(), listForms())
	return c
}

func newSnapshotDiff(u *ui) *cobra.Command {
	var o output
	var j judging
	c := &cobra.Command{
		Use:     "diff BEFORE AFTER",
		Short:   "Compares two snapshots: new, fixed and changed findings and resources",
		Example: "  merlon snapshot diff yesterday.snapshot today.snapshot\n  merlon snapshot diff --format markdown before.snapshot after.snapshot",
		Args:    exactly(2, "two snapshot files"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			b, err := j.load()
			if err != nil {
				return err
			}
			before, err := loadSnapshot(args[0])
			if err != nil {
				return err
			}
			after, err := loadSnapshot(args[1])
			if err != nil {
				return err
			}
			d, err := app.Diff(b.env, b.rules, before, after, b.settings, u.now())
			if err != nil {
				return err
			}
			return u.write(&o, "", false, func(w io.Writer, ro report.Options) error {
				return report.WriteDiff(w, report.Format(o.format), d, ro)
			})
		},
	}
	o.flags(c.Flags(), report.DiffFormats())
	c.Flags().StringSliceVar(&j.folders, "rules", nil, "also load the rules in this folder")
	c.Flags().StringVar(&j.config, "config", "", "settings file (default merlon.yaml, where there is one)")
	return c
}

func newSnapshotQuery(u *ui) *cobra.Command {
	var o output
	c := &cobra.Command{
		Use:     "query FILE KIND EXPRESSION",
		Short:   "Lists the resources of a kind for which an expression of the rule language holds",
		Example: "  merlon snapshot query today.snapshot AWS::S3::Bucket 'resource.versioning == \"\"'\n  merlon snapshot query today.snapshot AWS::IAM::Role 'iam.admin(resource.trust_policy)'",
		Args:    exactly(3, "a snapshot file, a kind and an expression"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			s, err := loadSnapshot(args[0])
			if err != nil {
				return err
			}
			env, err := app.NewEnv()
			if err != nil {
				return err
			}
			found, unknown, err := app.Query(env, s, args[1], args[2])
			if err != nil {
				return err
			}
			if len(unknown) > 0 {
				fmt.Fprintf(u.err, "merlon: for %d more the answer is unknown\n", len(unknown))
			}
			return u.write(&o, "", false, func(w io.Writer, _ report.Options) error {
				if o.format == "json" {
					return writeIndented(w, map[string]any{"schema_version": report.SchemaVersion, "holds": found, "unknown": unknown})
				}
				for _, ref := range found {
					fmt.Fprintln(w, ref)
				}
				return nil
			})
		},
	}
	o.flags(c.Flags(), listForms())
	return c
}
