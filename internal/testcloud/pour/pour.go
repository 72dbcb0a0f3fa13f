// Package pour makes the estate of package testcloud exist in an AWS emulator,
// through the same SDK that reads it back. It is for tests: beside the tests'
// own set-up it is the only code outside act that creates anything, and it is
// not linked into the binary.
//
// This file holds the way in and what all services share; every other file
// pours some services.
package pour

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// Poured is an estate in an emulator.
type Poured struct {
	// Accounts are the accounts that stand for the described ones: an emulator
	// chooses the numbers of new accounts itself.
	Accounts map[cloud.AccountID]cloud.AccountID
}

// Estate pours a described estate into the emulator at the endpoint, through
// the transport. Everything that can be made is made; what cannot be is in the
// error.
func Estate(ctx context.Context, endpoint string, transport http.RoundTripper, s *cloud.Snapshot) (*Poured, error) {
	p := &pourer{
		ctx: ctx, endpoint: endpoint, transport: transport, described: s,
		accounts: map[cloud.AccountID]cloud.AccountID{}, credentials: map[cloud.AccountID]awssdk.CredentialsProvider{}, made: map[string]string{},
	}
	if err := p.openAccounts(); err != nil {
		return nil, err
	}
	for _, pour := range []func(*pourer){
		pourOrganization, pourAccounts, pourIdentities, pourKeys, pourBuckets, pourNetwork, pourMachines, pourBalancers,
		pourDatabases, pourMessages, pourFunctions, pourContainers, pourShares, pourBuilds, pourRecords,
	} {
		pour(p)
	}
	return &Poured{Accounts: p.accounts}, errors.Join(p.errs...)
}

type pourer struct {
	ctx         context.Context
	endpoint    string
	transport   http.RoundTripper
	described   *cloud.Snapshot
	accounts    map[cloud.AccountID]cloud.AccountID
	credentials map[cloud.AccountID]awssdk.CredentialsProvider
	made        map[string]string // described id or ARN to the emulator's
	errs        []error
}

// openAccounts makes the organization and its member accounts, and obtains
// credentials for each.
func (p *pourer) openAccounts() error {
	root := credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulated", "")
	home := p.described.Source.Accounts[0]
	p.accounts[home], p.credentials[home] = home, root
	cfg := p.config(home, "us-east-1")
	client := organizations.NewFromConfig(cfg)
	if _, err := client.CreateOrganization(p.ctx, &organizations.CreateOrganizationInput{FeatureSet: "ALL"}); err != nil {
		return err
	}
	for _, m := range all[*aws.MemberAccount](p) {
		if cloud.AccountID(m.ID) == home {
			continue
		}
		out, err := client.CreateAccount(p.ctx, &organizations.CreateAccountInput{AccountName: &m.Name, Email: awssdk.String(m.Name + "@tern.example")})
		if err != nil {
			return err
		}
		described, actual := cloud.AccountID(m.ID), cloud.AccountID(awssdk.ToString(out.CreateAccountStatus.AccountId))
		p.accounts[described] = actual
		p.credentials[described] = awssdk.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), fmt.Sprintf("arn:aws:iam::%s:role/OrganizationAccountAccessRole", actual)))
	}
	return nil
}

// config makes clients for one account and region.
func (p *pourer) config(account cloud.AccountID, region cloud.Region) awssdk.Config {
	if region == "" {
		region = "us-east-1"
	}
	return awssdk.Config{
		Region: string(region), BaseEndpoint: &p.endpoint, Credentials: p.credentials[account],
		HTTPClient: &http.Client{Transport: p.transport}, RetryMaxAttempts: 1,
	}
}

// all returns the described resources of one type.
func all[R cloud.Resource](p *pourer) []R {
	var rs []R
	for _, r := range p.described.Resources {
		if r, ok := r.(R); ok {
			rs = append(rs, r)
		}
	}
	return rs
}

// each pours every resource of one type; one that fails is noted.
func each[R cloud.Resource](p *pourer, pour func(awssdk.Config, R) error) {
	for _, r := range all[R](p) {
		m := r.Meta()
		if err := pour(p.config(m.Account, m.Region), r); err != nil {
			p.errs = append(p.errs, fmt.Errorf("pour %s %s: %w", r.Kind(), m.Ref, err))
		}
	}
}

// is notes that the emulator calls a described resource by another id; the ARN
// changes accordingly.
func (p *pourer) is(r cloud.Resource, id *string) {
	m := r.Meta()
	p.made[m.Name] = awssdk.ToString(id)
}

// id returns the emulator's id of what a link leads to.
func (p *pourer) id(to cloud.Ref) string {
	s := string(to)
	return p.text(s[strings.LastIndexAny(s, "/:")+1:])
}

func ids[T any](p *pourer, links []cloud.Link[T]) []string {
	out := make([]string, 0, len(links))
	for _, l := range links {
		out = append(out, p.id(l.To))
	}
	return out
}

// text puts the emulator's accounts and ids into a text of the description.
func (p *pourer) text(s string) string {
	for described, actual := range p.accounts {
		s = strings.ReplaceAll(s, string(described), string(actual))
	}
	for described, actual := range p.made {
		s = strings.ReplaceAll(s, described, actual)
	}
	return s
}

func (p *pourer) arn(to cloud.Ref) *string { return optional(p.text(string(to))) }

// optional is nil for an empty text.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// document writes a policy as JSON.
func (p *pourer) document(doc *aws.Policy) *string {
	type object = map[string]any
	statements := []object{}
	for _, st := range doc.Statements {
		o := object{"Effect": st.Effect}
		set := func(key string, list []string) {
			if len(list) > 0 {
				o[key] = short(list)
			}
		}
		if st.SID != "" {
			o["Sid"] = st.SID
		}
		set("Action", st.Actions)
		set("NotAction", st.NotActions)
		set("Resource", st.Resources)
		set("NotResource", st.NotResources)
		byType := map[string][]string{}
		for _, who := range st.Principals {
			byType[who.Type] = append(byType[who.Type], who.ID)
		}
		principals, conditions := object{}, object{}
		for kind, who := range byType {
			principals[kind] = short(who)
		}
		for _, c := range st.Conditions {
			if conditions[c.Operator] == nil {
				conditions[c.Operator] = object{}
			}
			conditions[c.Operator].(object)[c.Key] = short(c.Values)
		}
		if len(principals) > 0 {
			o["Principal"] = principals
		}
		if len(conditions) > 0 {
			o["Condition"] = conditions
		}
		statements = append(statements, o)
	}
	out, err := json.Marshal(object{"Version": doc.Version, "Statement": statements})
	if err != nil {
		panic(err) // texts always encode
	}
	return awssdk.String(p.text(string(out)))
}

// short writes a list of one as people do, without the list.
func short(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}
