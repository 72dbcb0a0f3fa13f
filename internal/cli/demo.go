package cli

import (
	"github.com/spf13/cobra"

	"merlon.dev/internal/testcloud"
)

func newDemo(u *ui) *cobra.Command {
	var j judging
	c := &cobra.Command{
		Use:   "demo",
		Short: "Scans a small built-in company: no cloud, no credentials, no network",
		Example: `  merlon demo
  merlon demo --rule 'aws-s3-*' --all
  merlon demo --format html -o demo.html`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := j.check(); err != nil {
				return err
			}
			b, err := j.load()
			if err != nil {
				return err
			}
			return u.judge(&j, b, testcloud.Estate(), commandLine(c))
		},
	}
	j.flags(c, "never")
	c.Flags().MarkHidden("from")
	return c
}
