//go:build binary

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxSize is what the stripped binary may weigh.
const maxSize = 70 << 20

// TestBinaryReadsOnly proves from the symbols of the linked program that no
// code for an AWS operation that changes anything is in it. What stays beside
// reads is what the SDK needs to obtain credentials.
func TestBinaryReadsOnly(t *testing.T) {
	read := regexp.MustCompile(`^(Get|List|Describe|BatchGet|Head)[A-Z]|^(GenerateCredentialReport|SearchTransitGatewayRoutes)$`)
	credentials := []string{
		"sts.AssumeRole", "sts.AssumeRoleWithWebIdentity", // roles
		"ssooidc.CreateToken", "signin.CreateOAuth2Token", // sign-in by browser
		"s3.CreateSession", // signing for directory buckets; grants nothing and stores nothing
	}
	method := regexp.MustCompile(`aws-sdk-go-v2/service/(\w+)\.\(\*Client\)\.(?:addOperation(\w+)Middlewares|([A-Z]\w*))$`)

	symbols := goTool(t, "tool", "nm", build(t))
	reads := 0
	for line := range strings.Lines(string(symbols)) {
		m := method.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		service, op := m[1], m[2]+m[3]
		switch {
		case op == "Options":
		case read.MatchString(op):
			reads++
		case !slices.Contains(credentials, service+"."+op):
			t.Errorf("the binary can call %s.%s", service, op)
		}
	}
	if reads == 0 {
		t.Error("no AWS operation found in the binary: the pattern for its symbols no longer fits")
	}
}

// TestBinaryIsSmall guards against the one mistake that triples the binary: a
// linked function that looks methods up by name makes the linker keep every
// method of every AWS client.
func TestBinaryIsSmall(t *testing.T) {
	deps := goTool(t, "build", "-ldflags=-dumpdep", "-o", os.DevNull, ".")
	if n := bytes.Count(deps, []byte("<ReflectMethod>")); n > 0 {
		for line := range bytes.Lines(deps) {
			if bytes.Contains(line, []byte("<ReflectMethod>")) {
				t.Errorf("looks methods up by name: %s", bytes.TrimSpace(line))
			}
		}
	}
	info, err := os.Stat(build(t, "-ldflags=-s -w"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes stripped", info.Size())
	if info.Size() > maxSize {
		t.Errorf("the stripped binary has %d bytes, more than %d", info.Size(), maxSize)
	}
}

func build(t *testing.T, flags ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "merlon")
	goTool(t, append(append([]string{"build"}, flags...), "-o", out, ".")...)
	return out
}

// goTool returns both outputs of the go command: the linker writes its
// dependencies to stderr.
func goTool(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}
