package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"syscall"
	"testing"
	"time"

	"merlon.dev/internal/app"
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/testcloud"
)

// oneAccount makes a snapshot of about n resources in one account: the
// production account of the demo estate, again and again, each copy linked in
// itself.
func oneAccount(tb testing.TB, n int) *cloud.Snapshot {
	tb.Helper()
	estate := testcloud.Estate()
	s := &cloud.Snapshot{Source: estate.Source, Open: true, Calls: estate.Calls}
	s.Source.Accounts = []cloud.AccountID{testcloud.Production}
	var cell []cloud.Resource
	refs := map[string]bool{}
	for _, r := range estate.Resources {
		switch r.(type) {
		case *aws.Account, *aws.RegionSettings:
			if r.Meta().Account == testcloud.Production {
				s.Resources = append(s.Resources, r)
			}
			continue
		}
		if r.Meta().Account == testcloud.Production {
			cell = append(cell, r)
			refs[string(r.Meta().Ref)] = true
		}
	}
	for _, c := range estate.Collections {
		if c.Account == testcloud.Production {
			s.Collections = append(s.Collections, c)
		}
	}
	for i := 0; len(s.Resources) < n; i++ {
		for _, r := range cell {
			s.Resources = append(s.Resources, again(tb, r, refs, fmt.Sprintf("~%d", i)))
		}
	}
	s.Sort()
	return s
}

// again copies a resource; every ref into the cell gets the suffix.
func again(tb testing.TB, r cloud.Resource, refs map[string]bool, suffix string) cloud.Resource {
	doc, err := json.Marshal(r)
	if err != nil {
		tb.Fatal(err)
	}
	var fields any
	if err := json.Unmarshal(doc, &fields); err != nil {
		tb.Fatal(err)
	}
	if doc, err = json.Marshal(rename(fields, refs, suffix)); err != nil {
		tb.Fatal(err)
	}
	c := reflect.New(reflect.TypeOf(r).Elem()).Interface().(cloud.Resource)
	if err := json.Unmarshal(doc, c); err != nil {
		tb.Fatal(err)
	}
	return c
}

func rename(v any, refs map[string]bool, suffix string) any {
	switch v := v.(type) {
	case string:
		if refs[v] {
			return v + suffix
		}
	case []any:
		for i := range v {
			v[i] = rename(v[i], refs, suffix)
		}
	case map[string]any:
		for k := range v {
			v[k] = rename(v[k], refs, suffix)
		}
	}
	return v
}

// BenchmarkJudge judges one account with every rule on one core: the verdicts
// alone, and with every finding explained. More than a third of this estate's
// verdicts are failures. Cost must grow with the estate.
func BenchmarkJudge(b *testing.B) {
	b.Run("verdicts", func(b *testing.B) { benchmarkJudge(b, policy.TalliesOnly) })
	b.Run("findings", func(b *testing.B) { benchmarkJudge(b, policy.Findings) })
}

func benchmarkJudge(b *testing.B, want policy.Want) {
	env, err := app.NewEnvFor(1)
	if err != nil {
		b.Fatal(err)
	}
	rules, err := app.LoadRules(env)
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) {
			s := oneAccount(b, n)
			s.Resolve()
			b.ReportAllocs()
			b.ResetTimer()
			verdicts := 0
			began := cpu()
			for range b.N {
				res := env.Judge(s, rules, want)
				for _, v := range res.Verdicts {
					verdicts += v
				}
			}
			b.ReportMetric(float64(verdicts)/(cpu()-began).Seconds(), "verdicts/cpu-s")
			b.ReportMetric(float64(verdicts)/float64(b.N), "verdicts")
			b.ReportMetric(float64(len(rules)), "rules")
		})
	}
}

// cpu is the processor time this process has used: what a figure per core must
// rest on where others use the machine too.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkResolve binds links and fills backlinks.
func BenchmarkResolve(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) {
			s := oneAccount(b, n)
			b.ResetTimer()
			for range b.N {
				s.Resolve()
			}
		})
	}
}

// BenchmarkLoadRules compiles every built-in rule.
func BenchmarkLoadRules(b *testing.B) {
	for range b.N {
		env, err := app.NewEnv()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := app.LoadRules(env); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSnapshotFile writes and reads a snapshot file.
func BenchmarkSnapshotFile(b *testing.B) {
	s := oneAccount(b, 10000)
	var file bytes.Buffer
	if err := s.Encode(&file); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	b.Run("encode", func(b *testing.B) {
		for range b.N {
			var w bytes.Buffer
			if err := s.Encode(&w); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		for range b.N {
			if _, err := cloud.Decode(bytes.NewReader(file.Bytes()), aws.Kinds()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(file.Len())/10000, "B/resource")
}
