//go:build !binary

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"merlon.dev/internal/testcloud/emulator"
)

// BenchmarkProgram runs the program as a whole and prints what it costs: time,
// memory at its peak, and calls. Run it with make bench.
func BenchmarkProgram(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "merlon")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(bin)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("machine: %s, %d cores, %s/%s\n", runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("binary: %.1f MB stripped\n", float64(info.Size())/1e6)

	b.Run("help", func(b *testing.B) { measure(b, bin, "--help") })
	b.Run("rules", func(b *testing.B) { measure(b, bin, "rule", "list") })
	b.Run("demo", func(b *testing.B) { measure(b, bin, "demo", "--format", "json") })
	b.Run("empty-account", func(b *testing.B) {
		server := emulator.Start(b)
		stats := measure(b, bin, "scan", "aws", "--endpoint-url", server.URL, "--stats", "--format", "json", "-o", filepath.Join(b.TempDir(), "r.json"))
		fmt.Println(callsByService(stats))
	})
}

// measure runs the program b.N times and reports milliseconds and peak memory
// of the slowest and largest run. It returns what the last wrote to stderr.
func measure(b *testing.B, bin string, args ...string) string {
	var stderr bytes.Buffer
	var slowest time.Duration
	var largest int64
	for range b.N {
		stderr.Reset()
		cmd := exec.Command(bin, args...)
		cmd.Dir, cmd.Stderr = b.TempDir(), &stderr
		began := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatalf("%v\n%s", err, stderr.String())
		}
		slowest = max(slowest, time.Since(began))
		largest = max(largest, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	}
	b.ReportMetric(float64(slowest.Milliseconds()), "ms-slowest")
	b.ReportMetric(float64(largest)/1000, "MB-peak")
	return stderr.String()
}

// callsByService adds up the lines of --stats.
func callsByService(stats string) string {
	byService := map[string]int{}
	total := 0
	for line := range strings.Lines(stats) {
		var n int
		var op string
		if _, err := fmt.Sscanf(line, "%d %s", &n, &op); err != nil || !strings.Contains(op, ":") {
			continue
		}
		service, _, _ := strings.Cut(op, ":")
		byService[service] += n
		total += n
	}
	var b strings.Builder
	fmt.Fprintf(&b, "calls: %d in all;", total)
	for n := total; n > 0; n-- {
		for service, calls := range byService {
			if calls == n {
				fmt.Fprintf(&b, " %s %d", service, calls)
			}
		}
	}
	return b.String()
}
