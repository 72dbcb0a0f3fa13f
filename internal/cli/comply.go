package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/report"
	"merlon.dev/internal/testcloud"
)

func newComply(u *ui) *cobra.Command {
	return group("comply", "Answers compliance frameworks, requirement by requirement",
		"  merlon comply list\n  merlon comply show cis-aws-5.0 --from estate.snapshot\n  merlon comply show cloud-security-architecture",
		newComplyList(u), newComplyShow(u))
}

func newComplyList(u *ui) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Lists the frameworks",
		Example: "  merlon comply list",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, rules, err := loadRules(nil)
			if err != nil {
				return err
			}
			all, err := app.Frameworks(rules)
			if err != nil {
				return err
			}
			for _, f := range all {
				whole, part := f.Answered()
				fmt.Fprintf(u.out, "%-28s %-48s %3d requirements: %3d answered by rules, %3d in part\n", f.ID, f.Title+" "+f.Version, len(f.Requirements), whole, part)
			}
			return nil
		},
	}
}

func newComplyShow(u *ui) *cobra.Command {
	var o output
	var folders []string
	var config, from string
	var demo bool
	c := &cobra.Command{
		Use:     "show FRAMEWORK",
		Short:   "Shows a framework: satisfied, not satisfied, or not assessed and why",
		Example: "  merlon comply show cis-aws-5.0 --from estate.snapshot\n  merlon comply show fsbp --demo --format markdown\n  merlon comply show cloud-security-architecture",
		Long:    "A requirement is satisfied only when something was judged and nothing failed or stayed\nunknown: never by absence. Without --from it shows how each requirement is answered.",
		Args:    exactly(1, "one framework; `merlon comply list` shows them"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			b, err := (&judging{config: config, folders: folders}).load()
			if err != nil {
				return err
			}
			all, err := app.Frameworks(b.rules)
			if err != nil {
				return err
			}
			f, err := app.FindFramework(all, args[0])
			if err != nil {
				return err
			}
			var judged *app.Judgement
			var s *cloud.Snapshot
			switch {
			case from != "":
				if s, err = loadSnapshot(from); err != nil {
					return err
				}
			case demo:
				s = testcloud.Estate()
			}
			if s != nil {
				if judged, err = app.Judge(b.env, b.rules, s, b.settings, app.Selection{}, u.now()); err != nil {
					return err
				}
			}
			return u.write(&o, "", true, func(w io.Writer, ro report.Options) error {
				return report.WriteCompliance(w, report.Format(o.format), app.Comply(f, judged), ro)
			})
		},
	}
	o.flags(c.Flags(), report.ComplianceFormats())
	c.Flags().StringVar(&from, "from", "", "answer from this snapshot file")
	c.Flags().BoolVar(&demo, "demo", false, "answer from the built-in company")
	c.Flags().StringSliceVar(&folders, "rules", nil, "also load the rules in this folder")
	c.Flags().StringVar(&config, "config", "", "settings file (default merlon.yaml, where there is one)")
	return c
}
