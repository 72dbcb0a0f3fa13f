package awsapi

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/testcloud/emulator"
)

// shared is one emulator for the whole test binary.
var shared struct {
	once   sync.Once
	server *emulator.Server
	stop   func()
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(code)
}

// estate is an account of its own at the emulator: cfg makes clients that
// create things in it, read reads it.
type estate struct {
	cfg     awssdk.Config
	account cloud.AccountID
}

// newEstate returns an empty account at the emulator; the test is skipped,
// loudly, where the emulator is not installed.
func newEstate(t *testing.T) *estate {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.stop, shared.err = emulator.Launch() })
	if shared.err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(shared.err)
		}
		t.Skip("SKIPPED: ", shared.err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	h := fnv.New64a()
	h.Write([]byte(t.Name()))
	e := &estate{account: cloud.AccountID(fmt.Sprintf("%012d", h.Sum64()%1e12))}
	e.cfg = awssdk.Config{
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		BaseEndpoint: &shared.server.URL,
		HTTPClient:   &http.Client{Transport: e},
	}
	return e
}

// RoundTrip sends a request to the emulator on behalf of the estate's account.
func (e *estate) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("x-moto-account-id", string(e.account))
	r.Host = r.URL.Host
	r.URL.Host = strings.TrimPrefix(shared.server.URL, "http://")
	return http.DefaultTransport.RoundTrip(r)
}

// read reads the named services of the estate in us-east-1 (and further
// regions, when given) through the real SDK.
func (e *estate) read(t *testing.T, change func(*Config), services ...string) *cloud.Snapshot {
	t.Helper()
	c := Config{
		EndpointURL: shared.server.URL,
		Services:    services,
		Regions:     []cloud.Region{"us-east-1"},
		Transport:   e,
		MaxRate:     1000,
		Now:         func() time.Time { return time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC) },
	}
	if change != nil {
		change(&c)
	}
	s, err := Read(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	s.Resolve()
	return s
}

// find returns the resource of type T with the given name.
func find[T any](t *testing.T, s *cloud.Snapshot, name string) *T {
	t.Helper()
	for _, r := range s.Resources {
		if x, ok := any(r).(*T); ok && r.Meta().Name == name {
			return x
		}
	}
	t.Fatalf("no %T named %q among %d resources", new(T), name, len(s.Resources))
	return nil
}

// noGaps fails the test when the object has a gap other than the allowed ones.
func noGaps(t *testing.T, o cloud.Gapped, allowed ...string) {
	t.Helper()
	for field, g := range o.Obj().Gaps {
		ok := false
		for _, a := range allowed {
			ok = ok || a == field
		}
		if !ok {
			t.Errorf("gap on %s: %s", field, g)
		}
	}
}
