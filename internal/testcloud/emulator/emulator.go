// Package emulator runs the AWS emulator that tests scan: moto_server from the
// module's virtual environment, which `make venv` makes. It is an API of real
// shape and no authority: it refuses nothing, throttles nothing and judges no
// policy. Package proxy does that in front of it.
package emulator

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Account is the account that credentials of unknown origin belong to.
const Account = "123456789012"

// Server is a running emulator.
type Server struct {
	// URL is the endpoint, such as http://127.0.0.1:40001.
	URL string
}

// startLimit is how long the emulator may take until it listens.
const startLimit = time.Minute

// serve runs the emulator until its standard input ends, so that it cannot
// outlive the test that started it.
const serve = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(["-H", "127.0.0.1", "-p", "0"])
`

// ErrMissing says that the emulator is not installed.
var ErrMissing = errors.New("no AWS emulator: run `make venv` to install it")

// Start runs an empty emulator on a free port until the test ends, and points
// the environment's AWS credentials at it. Without a virtual environment the
// test is skipped.
func Start(t testing.TB) *Server {
	t.Helper()
	server, stop, err := Launch()
	if errors.Is(err, ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	setCredentials(t)
	return server
}

// Launch runs an empty emulator on a free port until stop is called: for those
// who share one among tests.
func Launch() (server *Server, stop func(), err error) {
	interpreter, err := python()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(interpreter, "-c", serve)
	cmd.Env = append(os.Environ(),
		"MOTO_EC2_LOAD_DEFAULT_AMIS=false",    // no public images and their 1,177 snapshots
		"MOTO_IAM_LOAD_MANAGED_POLICIES=true", // AdministratorAccess and its like exist
		"PYTHONUNBUFFERED=1", "NO_COLOR=1",
	)
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("start the emulator: %w", err)
	}
	stop = func() {
		_ = input.Close()
		_ = cmd.Wait()
	}
	url, err := address(log)
	if err != nil {
		stop()
		return nil, nil, err
	}
	return &Server{URL: url}, stop, nil
}

// address reads the emulator's log until it says where it listens, and drains
// the rest.
func address(log io.Reader) (string, error) {
	listening := regexp.MustCompile(`Running on (http://[0-9.:]+)`)
	found := make(chan string, 1)
	go func() {
		var said strings.Builder
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
				_, _ = io.Copy(io.Discard, log)
				return
			}
			said.WriteString(lines.Text() + "\n")
		}
		found <- "!" + said.String()
	}()
	select {
	case url := <-found:
		if said, failed := strings.CutPrefix(url, "!"); failed {
			return "", fmt.Errorf("the emulator did not start:\n%s", said)
		}
		return url, nil
	case <-time.After(startLimit):
		return "", fmt.Errorf("the emulator did not listen within %s", startLimit)
	}
}

// Reset empties the emulator.
func (s *Server) Reset(t testing.TB) {
	t.Helper()
	resp, err := http.Post(s.URL+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("reset the emulator: %s", resp.Status)
	}
}

// setCredentials hides the machine's own AWS configuration.
func setCredentials(t testing.TB) {
	for key, value := range map[string]string{
		"AWS_ACCESS_KEY_ID":           "AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY":       "emulated",
		"AWS_SESSION_TOKEN":           "",
		"AWS_PROFILE":                 "",
		"AWS_REGION":                  "us-east-1",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED":   "true",
	} {
		t.Setenv(key, value)
	}
}

// python returns the interpreter of the virtual environment at the module's root.
func python() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	venv := filepath.Join(root, ".venv")
	if _, err := os.Stat(filepath.Join(venv, "stamp")); err != nil {
		return "", fmt.Errorf("%w into %s", ErrMissing, venv)
	}
	return filepath.Join(venv, "bin", "python"), nil
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = up
	}
}
