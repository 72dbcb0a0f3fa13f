package awsapi

import (
	"maps"
	"sync"

	"merlon.dev/internal/cloud"
)

// Stats counts while an estate is read. It may be looked at from any goroutine.
type Stats struct {
	mu       sync.Mutex
	progress Progress
	byCall   map[string]int
	latest   string
}

// Progress is a moment of a read.
type Progress struct {
	Accounts, AccountsDone int
	Units, UnitsDone       int // services times regions
	Calls                  int // attempts, retries included
	Throttled, Denied      int // calls that stayed refused
	Resources              int
	Latest                 string // what was finished last
}

// Progress returns the state of the read.
func (s *Stats) Progress() Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.progress
	p.Latest = s.latest
	return p
}

// Calls returns the number of attempts by operation, such as ec2:DescribeVpcs.
func (s *Stats) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.byCall)
}

func (s *Stats) change(f func(*Progress)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.progress)
}

func (s *Stats) start(accounts int) { s.change(func(p *Progress) { p.Accounts = accounts }) }
func (s *Stats) accountDone()       { s.change(func(p *Progress) { p.AccountsDone++ }) }
func (s *Stats) queued()            { s.change(func(p *Progress) { p.Units++ }) }
func (s *Stats) resource()          { s.change(func(p *Progress) { p.Resources++ }) }

func (s *Stats) done(account, service, region string) {
	s.change(func(p *Progress) {
		p.UnitsDone++
		s.latest = service + " " + orElse(region, "global") + " " + account
	})
}

func (s *Stats) call(operation string) {
	s.change(func(p *Progress) {
		p.Calls++
		if s.byCall == nil {
			s.byCall = map[string]int{}
		}
		s.byCall[operation]++
	})
}

func (s *Stats) refused(why cloud.Reason) {
	s.change(func(p *Progress) {
		if why == cloud.Throttled {
			p.Throttled++
		} else {
			p.Denied++
		}
	})
}
