package awsapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// faulty changes what the emulator answers to requests that match.
type faulty struct {
	next  http.RoundTripper
	match func(*http.Request) bool
	fault func(*http.Request) (*http.Response, error) // nil answer: let it through
	hits  atomic.Int32
}

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.match(r) {
		f.hits.Add(1)
		if out, err := f.fault(r); out != nil || err != nil {
			return out, err
		}
	}
	return f.next.RoundTrip(r)
}

func answerWith(status int, contentType, body string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Request: r, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func listsQueues(r *http.Request) bool {
	return r.Header.Get("X-Amz-Target") == "AmazonSQS.ListQueues"
}

func readsQueue(r *http.Request) bool {
	return r.Header.Get("X-Amz-Target") == "AmazonSQS.GetQueueAttributes"
}

// TestManners: whatever a call comes to, the read goes on, and the gap says
// what happened and is no larger than the call.
func TestManners(t *testing.T) {
	const json = "application/x-amz-json-1.0"
	for _, c := range []struct {
		name   string
		match  func(*http.Request) bool
		fault  func(*http.Request) (*http.Response, error)
		reason cloud.Reason // of the list or the queue's policy; empty: no gap
		most   int          // attempts
	}{
		{"refused list", listsQueues, answerWith(400, json, `{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: sqs:ListQueues"}`), cloud.Denied, 1},
		{"refused attributes", readsQueue, answerWith(400, json, `{"__type":"AccessDeniedException","message":"no"}`), cloud.Denied, 1},
		{"another service's page", listsQueues, answerWith(500, "text/html", "<html>"), cloud.Unsupported, 1},
		{"half an answer", listsQueues, answerWith(200, json, `{"QueueUrls":["htt`), cloud.Malformed, 4},
		{"throttled for ever", listsQueues, answerWith(400, json, `{"__type":"ThrottlingException","message":"slow down"}`), cloud.Throttled, 4},
		{"no connection", listsQueues, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, cloud.Unreachable, 4},
		{"no answer", listsQueues, func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }, cloud.TimedOut, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEstate(t)
			must(t)(sqs.NewFromConfig(e.cfg).CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: awssdk.String("jobs")}))
			f := &faulty{next: e, match: c.match, fault: c.fault}
			s := e.read(t, func(cfg *Config) { cfg.Transport, cfg.CallTimeout = f, 20*time.Second; shortTimeout(c.reason, cfg) }, "sqs")
			gap := s.Unlisted(kindOf[aws.Queue]())
			if strings.HasSuffix(c.name, "attributes") {
				if gap != nil {
					t.Errorf("the list has the gap %s", gap)
				}
				gap = find[aws.Queue](t, s, "jobs").Gap("policy")
			}
			if gap == nil || gap.Reason != c.reason || !strings.HasPrefix(gap.Permission, "sqs:") || strings.Contains(gap.Message, "\n") {
				t.Errorf("gap: %s", gap)
			}
			if n := int(f.hits.Load()); n == 0 || n > c.most {
				t.Errorf("%d attempts, at most %d", n, c.most)
			}
		})
	}
}

// shortTimeout spares the test that waits for nothing most of the wait.
func shortTimeout(r cloud.Reason, cfg *Config) {
	if r == cloud.TimedOut {
		cfg.CallTimeout = 500 * time.Millisecond
	}
}

// TestThrottlingIsRetried: a service that is busy once is asked again.
func TestThrottlingIsRetried(t *testing.T) {
	e := newEstate(t)
	must(t)(sqs.NewFromConfig(e.cfg).CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: awssdk.String("jobs")}))
	f := &faulty{next: e, match: listsQueues}
	f.fault = func(r *http.Request) (*http.Response, error) {
		if f.hits.Load() == 1 {
			return answerWith(400, "application/x-amz-json-1.0", `{"__type":"ThrottlingException"}`)(r)
		}
		return nil, nil
	}
	s := e.read(t, func(cfg *Config) { cfg.Transport = f }, "sqs")
	find[aws.Queue](t, s, "jobs")
	if f.hits.Load() != 2 {
		t.Errorf("%d attempts", f.hits.Load())
	}
}

// TestPagesAreFollowed: every page of a list counts, also when a later one is
// refused: then the list is known to be incomplete and what was read stays.
func TestPagesAreFollowed(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		t.Run(fmt.Sprintf("refuse=%v", refuse), func(t *testing.T) {
			e := newEstate(t)
			c := sqs.NewFromConfig(e.cfg)
			for i := range 5 {
				must(t)(c.CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: awssdk.String(fmt.Sprintf("jobs-%d", i))}))
			}
			// The emulator gives all queues on one page: make it two a page.
			f := &faulty{next: e, match: listsQueues}
			f.fault = func(r *http.Request) (*http.Response, error) {
				n := f.hits.Load()
				if refuse && n == 2 {
					return answerWith(400, "application/x-amz-json-1.0", `{"__type":"AccessDeniedException"}`)(r)
				}
				body := map[int32]string{
					1: `{"QueueUrls":["http://q/%[1]s/jobs-0","http://q/%[1]s/jobs-1"],"NextToken":"2"}`,
					2: `{"QueueUrls":["http://q/%[1]s/jobs-2","http://q/%[1]s/jobs-3"],"NextToken":"3"}`,
					3: `{"QueueUrls":["http://q/%[1]s/jobs-4"]}`,
				}[n]
				return answerWith(200, "application/x-amz-json-1.0", fmt.Sprintf(body, e.account))(r)
			}
			s := e.read(t, func(cfg *Config) { cfg.Transport = f }, "sqs")
			n := 0
			for _, r := range s.Resources {
				if r.Kind() == kindOf[aws.Queue]() {
					n++
				}
			}
			gap := s.Unlisted(kindOf[aws.Queue]())
			if !refuse && (n != 5 || gap != nil) || refuse && (n != 2 || gap == nil) {
				t.Errorf("%d queues, gap %s", n, gap)
			}
		})
	}
}

// TestInterruptedReadIsUsable: what was read until then is there, what was not
// is a gap, and the snapshot says that it is partial.
func TestInterruptedReadIsUsable(t *testing.T) {
	e := newEstate(t)
	must(t)(sqs.NewFromConfig(e.cfg).CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: awssdk.String("jobs")}))
	ctx, cancel := context.WithCancel(context.Background())
	f := &faulty{next: e, match: readsQueue, fault: func(*http.Request) (*http.Response, error) { cancel(); return nil, context.Canceled }}
	s, err := Read(ctx, Config{
		EndpointURL: shared.server.URL, Services: []string{"sqs"}, Regions: []cloud.Region{"us-east-1"}, Transport: f, MaxRate: 1000,
		Now: func() time.Time { return time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC) },
	})
	if err != nil || !s.Partial {
		t.Fatalf("partial %v, error %v", s != nil && s.Partial, err)
	}
	if g := find[aws.Queue](t, s, "jobs").Gap("policy"); g == nil || g.Reason != cloud.Interrupted {
		t.Errorf("gap on the queue: %s", g)
	}
	var file bytes.Buffer
	if err := s.Encode(&file); err != nil {
		t.Fatal(err)
	}
	again, err := cloud.Decode(&file, aws.Kinds())
	if err != nil || !again.Partial {
		t.Errorf("the file: %v", err)
	}
}

// TestUnreadableCredentials and TestUnknownRegion: Read fails at once, and says
// what to do.
func TestReadCannotBegin(t *testing.T) {
	e := newEstate(t)
	now := func() time.Time { return time.Unix(0, 0) }
	_, err := Read(context.Background(), Config{EndpointURL: shared.server.URL, Regions: []cloud.Region{"mars-1"}, Transport: e, Now: now})
	if err == nil || !strings.Contains(err.Error(), "region mars-1 is not enabled in account "+string(e.account)+"; enabled are: ") {
		t.Errorf("a region that is off: %v", err)
	}
	isSTS := func(r *http.Request) bool { return strings.Contains(r.Header.Get("Authorization"), "/sts/") }
	for _, c := range []struct{ code, want string }{
		{"ExpiredToken", "not authenticated: ExpiredToken"},
		{"InvalidClientTokenId", "not authenticated: InvalidClientTokenId"},
	} {
		f := &faulty{next: e, match: isSTS, fault: answerWith(403, "text/xml", "<ErrorResponse><Error><Code>"+c.code+"</Code><Message>no good</Message></Error></ErrorResponse>")}
		_, err := Read(context.Background(), Config{EndpointURL: shared.server.URL, Transport: f, Now: now})
		if !errors.Is(err, ErrNotAuthenticated) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v", c.code, err)
		}
	}
}
