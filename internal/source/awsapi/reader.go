package awsapi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"golang.org/x/time/rate"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// A service is the reader of one AWS service. It runs once per region, or once
// per account when it is global.
type service struct {
	name   string       // as users select it
	global bool         // has no regions; its resources have the empty region
	kinds  []cloud.Kind // the collections it lists: each must be listed, or get a gap
	// fields are those it fills of the account or, when it has regions, of
	// their settings: each must be filled, or get a gap.
	fields []string
	read   func(*scope)
}

// account is one account being read.
type account struct {
	*reader
	id        cloud.AccountID
	partition string
	cfg       awssdk.Config
	assumed   bool // reached through a role that may refuse
	regions   []cloud.Region
	resource  *aws.Account
	settings  map[cloud.Region]*aws.RegionSettings

	mu        sync.Mutex
	resources []cloud.Resource
	listed    map[listing]*cloud.Gap
	filled    map[setting]bool
	limits    map[limitKey]*rate.Limiter
}

type listing struct {
	kind   cloud.Kind
	region cloud.Region
}

// setting is one field of the account, or of a region's settings.
type setting struct {
	region cloud.Region
	field  string
}

type limitKey struct {
	service string
	region  cloud.Region
}

func (r *reader) newAccount(id cloud.AccountID, partition string, cfg awssdk.Config) *account {
	a := &account{
		reader:    r,
		partition: partition,
		cfg:       cfg,
		resource:  &aws.Account{},
		settings:  map[cloud.Region]*aws.RegionSettings{},
		listed:    map[listing]*cloud.Gap{},
		filled:    map[setting]bool{},
		limits:    map[limitKey]*rate.Limiter{},
	}
	a.setID(id)
	return a
}

func (a *account) setID(id cloud.AccountID) {
	a.id = id
	a.resource.Account = id
	a.resource.Ref = cloud.Ref(fmt.Sprintf("arn:%s:iam::%s:root", a.partition, id))
	if a.resource.Name == "" {
		a.resource.Name = string(id)
	}
}

func (a *account) setIdentity(id cloud.AccountID, arn string) {
	if p := strings.Split(arn, ":"); len(p) > 1 && p[1] != "" {
		a.partition = p[1]
	}
	a.setID(id)
}

// read reads the account: its regions first, then every service in all of them
// at once. It fails only on a region that was asked for and is not enabled.
func (a *account) read(ctx context.Context) error {
	a.add(a.resource)
	a.mark(a.resource.Kind(), "", nil)
	if a.assumed {
		if _, err := a.cfg.Credentials.Retrieve(ctx); err != nil {
			a.refuse(err)
			return nil
		}
	}
	if err := a.findRegions(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, svc := range services() {
		regions := a.regions
		if svc.global {
			regions = []cloud.Region{""}
		}
		if len(a.Services) > 0 && !slices.Contains(a.Services, svc.name) {
			for _, region := range regions {
				a.leaveOut(svc, region, &cloud.Gap{Reason: cloud.LeftOut, Message: "left out by --service"})
			}
			continue
		}
		for _, region := range regions {
			a.Stats.queued()
			wg.Add(1)
			go func() {
				defer wg.Done()
				a.readService(ctx, svc, region)
			}()
		}
	}
	wg.Wait()
	return nil
}

// refuse records that nothing of the account can be read.
func (a *account) refuse(err error) {
	gap := gapOf(err, "sts:AssumeRole")
	a.resource.SetGap(gap, cloud.Everything)
	for _, svc := range services() {
		a.leaveOut(svc, "", gap)
	}
}

func (a *account) leaveOut(svc *service, region cloud.Region, gap *cloud.Gap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, k := range svc.kinds {
		if _, done := a.listed[listing{k, region}]; !done {
			a.listed[listing{k, region}] = gap
		}
	}
	for _, f := range svc.fields {
		if a.filled[setting{region, f}] {
			continue
		}
		if svc.global {
			a.resource.SetGap(gap, f)
		} else if set := a.settings[region]; set != nil {
			set.SetGap(gap, f)
		}
	}
}

// asked notes that fields of the account or of a region's settings were asked
// for. The caller holds the lock on them.
func (a *account) asked(into cloud.Gapped, fields ...string) {
	region := cloud.Region("")
	switch o := into.(type) {
	case *aws.Account:
	case *aws.RegionSettings:
		region = o.Region
	default:
		return
	}
	for _, f := range fields {
		a.filled[setting{region, f}] = true
	}
}

func (a *account) readService(ctx context.Context, svc *service, region cloud.Region) {
	a.running <- struct{}{}
	defer func() { <-a.running }()
	defer a.Stats.done(string(a.id), svc.name, string(region))
	ctx, cancel := context.WithTimeout(ctx, a.RegionTimeout)
	defer cancel()
	s := a.scope(ctx, svc, region)
	s.guard("", func() { svc.read(s) })
	why := &cloud.Gap{Reason: cloud.NotRead, Message: svc.name + " did not list it"}
	if err := ctx.Err(); err != nil {
		why = gapOf(err, svc.name)
	}
	a.leaveOut(svc, region, why)
}

// defaultRegions are tried when the account does not say which regions it has
// enabled: those that need no opt-in.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func defaultRegions() []cloud.Region {
	return []cloud.Region{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
		"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
		"us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}
}

func (a *account) findRegions(ctx context.Context) error {
	s := a.scope(ctx, &service{name: "ec2"}, cloud.Region(a.cfg.Region))
	kind := kindOf[aws.RegionSettings]()
	out, gap := call(s, ec2.NewFromConfig(s.cfg).DescribeRegions, &ec2.DescribeRegionsInput{})
	var enabled []cloud.Region
	optIn := map[cloud.Region]string{}
	if gap == nil {
		for _, r := range out.Regions {
			name := cloud.Region(awssdk.ToString(r.RegionName))
			if awssdk.ToString(r.OptInStatus) == "not-opted-in" {
				continue
			}
			enabled = append(enabled, name)
			optIn[name] = awssdk.ToString(r.OptInStatus)
		}
	}
	for _, want := range a.Regions {
		if gap == nil && !slices.Contains(enabled, want) {
			return fmt.Errorf("region %s is not enabled in account %s; enabled are: %s", want, a.id, regionList(enabled))
		}
	}
	if gap != nil {
		enabled = defaultRegions()
	}
	var leftOut *cloud.Gap
	switch {
	case len(a.Regions) > 0:
		a.regions = slices.Clone(a.Regions)
		if slices.ContainsFunc(enabled, func(r cloud.Region) bool { return !slices.Contains(a.regions, r) }) {
			leftOut = otherRegions()
		}
	default:
		a.regions = slices.Clone(enabled)
	}
	slices.Sort(a.regions)
	a.regions = slices.Compact(a.regions)
	if gap == nil {
		gap = leftOut
	}
	a.mark(kind, "", gap)
	if leftOut != nil {
		a.leaveOutOtherRegions(enabled, leftOut)
	}
	for _, region := range a.regions {
		set := &aws.RegionSettings{OptInStatus: optIn[region]}
		set.Ref = cloud.Ref(fmt.Sprintf("arn:%s:ec2:%s:%s:region/%s", a.partition, region, a.id, region))
		set.Name, set.Account, set.Region = string(region), a.id, region
		if optIn[region] == "" {
			set.SetGap(&cloud.Gap{Reason: cloud.Missing, Operation: "ec2:DescribeRegions", Permission: "ec2:DescribeRegions"}, "opt_in_status")
		}
		a.settings[region] = set
		a.add(set)
	}
	return nil
}

func otherRegions() *cloud.Gap {
	return &cloud.Gap{Reason: cloud.LeftOut, Message: "other regions were left out by --region"}
}

// leaveOutOtherRegions records that regional collections were read in some of
// the regions only.
func (a *account) leaveOutOtherRegions(enabled []cloud.Region, gap *cloud.Gap) {
	for _, svc := range services() {
		if svc.global {
			continue
		}
		for _, region := range enabled {
			if !slices.Contains(a.regions, region) {
				a.leaveOut(svc, region, gap)
			}
		}
	}
}

func regionList(rs []cloud.Region) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = string(r)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (a *account) add(r cloud.Resource) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.resources = append(a.resources, r)
	a.Stats.resource()
}

// mark records that a collection was listed, or why not. A gap stays.
func (a *account) mark(kind cloud.Kind, region cloud.Region, gap *cloud.Gap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := listing{kind, region}
	if old, done := a.listed[key]; done && (old != nil || gap == nil) {
		return
	}
	a.listed[key] = gap
}

// collections folds the listings of the account: one entry for each kind and
// each reason.
func (a *account) collections() []cloud.Collection {
	type group struct {
		kind cloud.Kind
		gap  cloud.Gap
		ok   bool
	}
	byGroup := map[group]*cloud.Collection{}
	for l, gap := range a.listed {
		g := group{kind: l.kind, ok: gap == nil}
		if gap != nil {
			g.gap = *gap
		}
		if byGroup[g] == nil {
			byGroup[g] = &cloud.Collection{Kind: l.kind, Account: a.id, Gap: gap}
		}
		byGroup[g].Regions = append(byGroup[g].Regions, l.region)
	}
	out := make([]cloud.Collection, 0, len(byGroup))
	for _, c := range byGroup {
		slices.Sort(c.Regions)
		out = append(out, *c)
	}
	return out
}
