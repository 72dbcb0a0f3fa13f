package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/awsapi"
)

func newScan(u *ui) *cobra.Command {
	return group("scan", "Reads a live estate and judges it", "  merlon scan aws", newScanAWS(u))
}

// reading is the flags that say which accounts to read and how.
type reading struct {
	awsapi.Config
	accounts, regions []string
	stats             bool
}

func (r *reading) flags(f *pflag.FlagSet) {
	f.StringVar(&r.Profile, "profile", "", "named profile of the AWS configuration")
	f.StringVar(&r.RoleARN, "role-arn", "", "role to assume first")
	f.StringVar(&r.ExternalID, "external-id", "", "external id for the roles to assume")
	f.BoolVar(&r.Org, "org", false, "read every account of the organization")
	f.StringVar(&r.RoleName, "role-name", "OrganizationAccountAccessRole", "with --org: role to assume in each account")
	f.StringSliceVar(&r.accounts, "account", nil, "with --org: read these accounts only")
	f.StringSliceVar(&r.regions, "region", nil, "read these regions only (default all that are enabled)")
	f.StringSliceVar(&r.Services, "service", nil, "read these services only, such as s3,iam,ec2")
	f.StringVar(&r.EndpointURL, "endpoint-url", "", "talk to an emulator at this address instead of AWS")
	f.BoolVar(&r.stats, "stats", false, "print the number of calls by operation to stderr at the end")
	f.Float64Var(&r.MaxRate, "max-rate", 20, "calls per second to each service in each region")
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

func (r *reading) check(u *ui) error {
	for _, a := range r.accounts {
		if !accountID.MatchString(a) {
			return fmt.Errorf("--account %q is not an account id of twelve digits", a)
		}
		r.Accounts = append(r.Accounts, cloud.AccountID(a))
	}
	if len(r.accounts) > 0 && !r.Org {
		return fmt.Errorf("--account goes with --org; to read one account use its credentials or --role-arn")
	}
	if r.MaxRate <= 0 {
		return fmt.Errorf("--max-rate must be more than 0")
	}
	for _, region := range r.regions {
		r.Regions = append(r.Regions, cloud.Region(region))
	}
	r.Now, r.Stats = u.now, &awsapi.Stats{}
	return nil
}

func newScanAWS(u *ui) *cobra.Command {
	var j judging
	var r reading
	var printPolicy bool
	c := &cobra.Command{
		Use:   "aws",
		Short: "Reads an AWS account or organization through its API and judges it",
		Example: `  merlon scan aws
  merlon scan aws --profile audit --region eu-west-1 --fail-on high
  merlon scan aws --org --role-name Auditor --save estate.snapshot
  merlon scan aws --from estate.snapshot --format html -o estate.html
  merlon scan aws --print-policy > merlon-read-only.json`,
		Long: `Only read operations are called. What cannot be read makes verdicts unknown, never
pass or fail, and the report names the permission that would help.
Credentials are the AWS SDK's: environment, profile, SSO, instance or container role.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if printPolicy {
				doc := awsapi.ReadPolicy()
				fmt.Fprintln(u.err, "merlon: attach it to a role as an inline policy; a managed policy has no room for it")
				_, err := u.out.Write(doc)
				return err
			}
			if err := j.check(); err != nil {
				return err
			}
			if err := r.check(u); err != nil {
				return err
			}
			b, err := j.load()
			if err != nil {
				return err
			}
			s, err := u.read(c.Context(), &j, &r)
			if err != nil {
				return err
			}
			return u.judge(&j, b, s, commandLine(c, "profile", "role-arn", "org", "region", "service", "endpoint-url", "from"))
		},
	}
	j.flags(c, "never")
	r.flags(c.Flags())
	c.Flags().BoolVar(&printPolicy, "print-policy", false, "print the smallest IAM policy that a full scan needs, and stop")
	return c
}

// read reads the estate, or the snapshot named by --from.
func (u *ui) read(ctx context.Context, j *judging, r *reading) (*cloud.Snapshot, error) {
	if j.from != "" {
		return loadSnapshot(j.from)
	}
	stop := func() {}
	if terminal(u.err) != nil && !j.quiet {
		stop = u.progress(r.Stats)
	}
	s, err := awsapi.Read(ctx, r.Config)
	stop()
	if r.stats {
		u.printStats(r.Stats)
	}
	if err != nil {
		return nil, err
	}
	if s.Partial && !j.quiet {
		fmt.Fprintln(u.err, "merlon: interrupted: what follows is what was read until then")
	}
	return s, nil
}

// printStats lists the calls, most frequent first.
func (u *ui) printStats(stats *awsapi.Stats) {
	calls := stats.Calls()
	ops := slices.SortedFunc(maps.Keys(calls), func(a, b string) int {
		return cmp.Or(cmp.Compare(calls[b], calls[a]), cmp.Compare(a, b))
	})
	total := 0
	for _, op := range ops {
		fmt.Fprintf(u.err, "%6d  %s\n", calls[op], op)
		total += calls[op]
	}
	fmt.Fprintf(u.err, "%6d  calls in all\n", total)
}

// progress keeps one line on the terminal up to date until the returned
// function is called.
func (u *ui) progress(stats *awsapi.Stats) (stop func()) {
	done, gone := make(chan struct{}), make(chan struct{})
	began := u.now()
	go func() {
		defer close(gone)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				fmt.Fprint(u.err, "\r\x1b[K")
				return
			case <-tick.C:
				fmt.Fprintf(u.err, "\r\x1b[K%s", progressLine(stats.Progress(), u.now().Sub(began), u.width()))
			}
		}
	}()
	return func() { close(done); <-gone }
}

// progressLine says how far a read is: accounts, services times regions, calls,
// throttles, and how long it will still take if it goes on like this.
func progressLine(p awsapi.Progress, since time.Duration, width int) string {
	parts := []string{}
	if p.Accounts > 1 {
		parts = append(parts, fmt.Sprintf("%d/%d accounts", p.AccountsDone, p.Accounts))
	}
	parts = append(parts, fmt.Sprintf("%d/%d services and regions", p.UnitsDone, p.Units), fmt.Sprintf("%d calls", p.Calls), fmt.Sprintf("%d resources", p.Resources))
	if p.Denied > 0 {
		parts = append(parts, fmt.Sprintf("%d denied", p.Denied))
	}
	if p.Throttled > 0 {
		parts = append(parts, fmt.Sprintf("%d throttled", p.Throttled))
	}
	if p.UnitsDone > 0 && p.Accounts == 1 {
		left := since / time.Duration(p.UnitsDone) * time.Duration(p.Units-p.UnitsDone)
		parts = append(parts, "about "+left.Round(time.Second).String()+" left")
	}
	if p.Latest != "" {
		parts = append(parts, p.Latest)
	}
	line := "reading: " + strings.Join(parts, ", ")
	if width > 1 && len(line) >= width {
		line = line[:width-1]
	}
	return line
}
