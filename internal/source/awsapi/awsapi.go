// Package awsapi reads live AWS accounts into a cloud.Snapshot through the AWS
// SDK. It calls read operations only, judges nothing, and turns every call that
// fails into a gap on exactly the fields that the call would have supplied.
//
// This file holds the way in; account.go reads one account; scope.go is what a
// service's reader works with; every other file reads one service.
package awsapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"merlon.dev/internal/cloud"
)

// Config says what to read and how. The zero value reads the account that the
// SDK's default credentials belong to, all regions, all services.
type Config struct {
	Profile    string // named profile of the shared configuration
	RoleARN    string // role to assume before anything else
	ExternalID string // external id for that role, and for RoleName

	Org      bool              // read every account of the organization
	RoleName string            // role to assume in the members; OrganizationAccountAccessRole when empty
	Accounts []cloud.AccountID // with Org: read these only

	Regions  []cloud.Region // read these only
	Services []string       // read these only; names as in Services()

	EndpointURL string  // an emulator instead of AWS
	MaxRate     float64 // calls per second for each service in each region; 20 when 0

	CallTimeout   time.Duration // for one call with its retries; 45 s when 0
	RegionTimeout time.Duration // for one service in one region; 15 min when 0

	Now   func() time.Time // the clock; must be set
	Stats *Stats           // counts calls while reading; may be nil

	// Transport replaces the HTTP transport: tests refuse, record and replay
	// with it.
	Transport http.RoundTripper
}

// ErrNotAuthenticated is wrapped by errors of Read that better credentials
// would cure.
var ErrNotAuthenticated = errors.New("not authenticated")

// Read reads the accounts. It fails only when it cannot begin: without usable
// credentials, without a connection, or when asked for a region or service that
// does not exist. Everything else that goes wrong is a gap in the snapshot.
// When ctx ends early the snapshot holds what was read and is marked Partial.
func Read(ctx context.Context, c Config) (*cloud.Snapshot, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	base, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	r := newReader(c)
	home, err := r.identify(ctx, base)
	if err != nil {
		return nil, err
	}
	accounts := []*account{home}
	if c.Org {
		if accounts, err = r.members(ctx, home); err != nil {
			return nil, err
		}
	}
	if err := r.readAll(ctx, accounts); err != nil {
		return nil, err
	}
	return r.snapshot(ctx, accounts), nil
}

// Services returns the names by which services are selected, sorted.
func Services() []string {
	var names []string
	for _, s := range services() {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *Config) complete() error {
	known := Services()
	for _, s := range c.Services {
		if !slices.Contains(known, s) {
			return fmt.Errorf("unknown service %q; there are: %s", s, strings.Join(known, ", "))
		}
	}
	if c.EndpointURL != "" {
		u, err := url.Parse(c.EndpointURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("endpoint %q is not a URL such as http://localhost:5000", c.EndpointURL)
		}
	}
	setDefault(&c.RoleName, "OrganizationAccountAccessRole")
	setDefault(&c.MaxRate, 20)
	setDefault(&c.CallTimeout, 45*time.Second)
	setDefault(&c.RegionTimeout, 15*time.Minute)
	if c.Stats == nil {
		c.Stats = &Stats{}
	}
	return nil
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// load makes the SDK configuration all clients start from.
func (c *Config) load(ctx context.Context) (awssdk.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRetryer(newRetryer),
		config.WithHTTPClient(c.httpClient()),
		config.WithLogger(logging.Nop{}),
	}
	if c.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.Profile))
	}
	if c.EndpointURL != "" {
		options = append(options, config.WithBaseEndpoint(c.EndpointURL))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return cfg, fmt.Errorf("%w: %s; check ~/.aws/config and --profile", ErrNotAuthenticated, oneLine(err.Error()))
	}
	if c.Transport != nil {
		cfg.HTTPClient = &http.Client{Transport: c.Transport}
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	if c.RoleARN != "" {
		cfg.Credentials = c.assume(cfg, c.RoleARN)
	}
	return cfg, nil
}

func (c *Config) assume(cfg awssdk.Config, role string) awssdk.CredentialsProvider {
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "merlon-scan"
		if c.ExternalID != "" {
			o.ExternalID = &c.ExternalID
		}
	})
	return awssdk.NewCredentialsCache(provider)
}

func newRetryer() awssdk.Retryer {
	return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
		o.StandardOptions = append(o.StandardOptions, func(so *retry.StandardOptions) {
			so.MaxAttempts = 4
			so.MaxBackoff = 5 * time.Second
			so.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(neverFromAService)}, so.Retryables...)
		})
	})
}

// neverFromAService stops the retries of a 500 in a form that is not the
// service's: that comes from an endpoint that does not know the call, and asking
// again does not teach it. Gateways that are merely busy answer 502 to 504.
func neverFromAService(err error) awssdk.Ternary {
	var api smithy.APIError
	var response *smithyhttp.ResponseError
	if !errors.As(err, &api) && errors.As(err, &response) && response.Response != nil && response.HTTPStatusCode() == http.StatusInternalServerError {
		return awssdk.FalseTernary
	}
	return awssdk.UnknownTernary
}

// httpClient returns a client that keeps connections for reuse. With an
// emulator every connection goes to its address, whatever host name a service
// makes of it (S3 Control puts the account id in front).
func (c *Config) httpClient() *awshttp.BuildableClient {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = 32
		t.IdleConnTimeout = 20 * time.Second
	})
	if c.EndpointURL == "" {
		return client
	}
	u, _ := url.Parse(c.EndpointURL)
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	var dialer net.Dialer
	return client.WithTransportOptions(func(t *http.Transport) {
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		}
	})
}

// reader is one run of Read.
type reader struct {
	Config
	calls    chan struct{} // bounds the calls in flight
	running  chan struct{} // bounds the services read at once
	accounts chan struct{} // bounds the accounts read at once

	began time.Time

	mu      sync.Mutex
	origins map[cloud.Kind]map[string]string
}

func newReader(c Config) *reader {
	return &reader{
		Config:   c,
		began:    c.Now().UTC(),
		calls:    make(chan struct{}, 64),
		running:  make(chan struct{}, 96),
		accounts: make(chan struct{}, 8),
		origins:  map[cloud.Kind]map[string]string{},
	}
}

// identify finds out whose credentials these are. A provider that answers but
// refuses the question leaves the account unknown; it is still read.
func (r *reader) identify(ctx context.Context, cfg awssdk.Config) (*account, error) {
	a := r.newAccount("", "aws", cfg)
	s := a.scope(ctx, &service{name: "sts", global: true}, "")
	out, gap := call(s, sts.NewFromConfig(s.cfg).GetCallerIdentity, &sts.GetCallerIdentityInput{})
	switch {
	case gap == nil:
		a.setIdentity(cloud.AccountID(awssdk.ToString(out.Account)), awssdk.ToString(out.Arn))
	case gap.Reason == cloud.Denied && !credentialsAreBad(gap.Message):
		a.setIdentity("unknown", "")
	case strings.Contains(gap.Message, "no EC2 IMDS role found"), strings.Contains(gap.Message, "NoCredentialProviders"):
		return nil, fmt.Errorf("%w: no AWS credentials found; set AWS_PROFILE or --profile, or run `aws configure`", ErrNotAuthenticated)
	case (gap.Reason == cloud.Unreachable || gap.Reason == cloud.TimedOut) && !credentialsAreBad(gap.Message):
		return nil, fmt.Errorf("cannot reach %s: %s", orElse(r.EndpointURL, "AWS"), gap.Message)
	case gap.Reason == cloud.Interrupted:
		return nil, context.Canceled
	default:
		return nil, fmt.Errorf("%w: %s; run `aws sts get-caller-identity` to check the credentials", ErrNotAuthenticated, gap.Message)
	}
	return a, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// members lists the organization's active accounts, each with the credentials
// of the role to assume in it.
func (r *reader) members(ctx context.Context, home *account) ([]*account, error) {
	s := home.scope(ctx, &service{name: "organizations", global: true}, "")
	accounts := []*account{}
	var gap *cloud.Gap
	pages := organizations.NewListAccountsPaginator(organizations.NewFromConfig(s.cfg), &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		var out *organizations.ListAccountsOutput
		if out, gap = page(s, pages); gap != nil {
			break
		}
		for _, m := range out.Accounts {
			id := cloud.AccountID(awssdk.ToString(m.Id))
			if m.Status != "ACTIVE" || len(r.Accounts) > 0 && !slices.Contains(r.Accounts, id) {
				continue
			}
			if id == home.id {
				accounts = append(accounts, home)
				continue
			}
			cfg := home.cfg.Copy()
			cfg.Credentials = r.assume(home.cfg, fmt.Sprintf("arn:%s:iam::%s:role/%s", home.partition, id, r.RoleName))
			member := r.newAccount(id, home.partition, cfg)
			member.assumed = true
			member.resource.Name = awssdk.ToString(m.Name)
			accounts = append(accounts, member)
		}
	}
	if gap != nil {
		return nil, fmt.Errorf("%w: list the accounts of the organization: %s; --org needs the management account or a delegated administrator", ErrNotAuthenticated, gap)
	}
	if len(accounts) == 0 && len(r.Accounts) == 0 {
		return nil, errors.New("the organization has no active account; leave out --org to read the account of the credentials")
	}
	for _, want := range r.Accounts {
		if !slices.ContainsFunc(accounts, func(a *account) bool { return a.id == want }) {
			return nil, fmt.Errorf("account %s is not an active member of the organization", want)
		}
	}
	return accounts, nil
}

func (r *reader) readAll(ctx context.Context, accounts []*account) error {
	r.Stats.start(len(accounts))
	errs := make([]error, len(accounts))
	var wg sync.WaitGroup
	for i, a := range accounts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.accounts <- struct{}{}
			defer func() { <-r.accounts }()
			errs[i] = a.read(ctx)
			r.Stats.accountDone()
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (r *reader) snapshot(ctx context.Context, accounts []*account) *cloud.Snapshot {
	s := &cloud.Snapshot{
		Source:  cloud.Source{Kind: "aws", ReadAt: r.began},
		Open:    true,
		Partial: ctx.Err() != nil,
		Calls:   r.origins,
		Regions: map[cloud.AccountID][]cloud.Region{},
	}
	for _, a := range accounts {
		s.Source.Accounts = append(s.Source.Accounts, a.id)
		s.Source.Regions = append(s.Source.Regions, a.regions...)
		s.Regions[a.id] = a.regions
		s.Resources = append(s.Resources, a.resources...)
		s.Collections = append(s.Collections, a.collections()...)
	}
	slices.Sort(s.Source.Accounts)
	slices.Sort(s.Source.Regions)
	s.Source.Regions = slices.Compact(s.Source.Regions)
	s.Sort()
	return s
}
