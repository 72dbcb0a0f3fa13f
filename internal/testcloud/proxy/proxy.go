// Package proxy stands between a scanner under test and an AWS endpoint. It
// counts operations, and refuses, throttles, delays or breaks those it is told
// to, each in the form that the real service would use. It also remembers what
// the endpoint said, so that one scan of the emulator can be repeated from
// memory hundreds of times.
//
// A Proxy is an http.RoundTripper, for a scanner in the same process, and an
// http.Handler, for one in another.
package proxy

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
)

// Operation names an operation of AWS as the SDK does: {"S3", "GetBucketPolicy"}.
// Of requests from another process, the service is the one that the request is
// signed for, and the name is empty for services that put it into the path.
type Operation struct{ Service, Name string }

func (o Operation) String() string { return o.Service + ":" + o.Name }

// Fault is what happens to a request instead of being forwarded.
type Fault func(p *Proxy, r *http.Request) (*http.Response, error)

// Proxy forwards requests to an endpoint, but for the faults it was given.
type Proxy struct {
	endpoint *url.URL
	base     http.RoundTripper

	mu     sync.Mutex
	faults []faultFor
	calls  map[Operation]int
	memory map[string]*answer
	missed int
}

type faultFor struct {
	match func(Operation) bool
	fault Fault
}

// New returns a proxy in front of an endpoint such as http://127.0.0.1:5000.
func New(endpoint string) (*Proxy, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	return &Proxy{endpoint: u, base: http.DefaultTransport.(*http.Transport).Clone(), calls: map[Operation]int{}}, nil
}

// On makes the fault happen to every operation that matches. Faults are tried
// in the order they were given; a fault that returns nothing lets the request
// pass to the next.
func (p *Proxy) On(match func(Operation) bool, fault Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, faultFor{match, fault})
}

// Clear forgets all faults and counts, but not what Remember keeps.
func (p *Proxy) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.calls, p.missed = nil, map[Operation]int{}, 0
}

// Remember keeps every answer from now on and gives it again to the same
// request: the same caller, method, URL and body. An endpoint that breaks over
// a request will do so again, so that answer becomes a 404: nobody need retry.
// What has to be asked until it is ready (a report to be generated) is not kept.
func (p *Proxy) Remember() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.memory = map[string]*answer{}
}

// Calls returns how often each operation was asked for.
func (p *Proxy) Calls() map[Operation]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.calls)
}

// Operations returns every operation that was asked for, sorted.
func (p *Proxy) Operations() []Operation {
	return slices.SortedFunc(maps.Keys(p.Calls()), func(a, b Operation) int { return cmp.Compare(a.String(), b.String()) })
}

// Forwarded returns how many requests reached the endpoint since Clear.
func (p *Proxy) Forwarded() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.missed
}

// Any matches every operation.
func Any(Operation) bool { return true }

// Only matches one operation.
func Only(o Operation) func(Operation) bool { return func(x Operation) bool { return x == o } }

// Named matches the operations, of any service, whose name begins so.
func Named(prefix string) func(Operation) bool {
	return func(o Operation) bool { return strings.HasPrefix(o.Name, prefix) }
}

// OfService matches the operations of one service.
func OfService(name string) func(Operation) bool {
	return func(o Operation) bool { return o.Service == name }
}

// Not turns a match around.
func Not(match func(Operation) bool) func(Operation) bool {
	return func(o Operation) bool { return !match(o) }
}

// RoundTrip implements http.RoundTripper.
func (p *Proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	op := operationOf(r)
	p.mu.Lock()
	p.calls[op]++
	faults := slices.Clone(p.faults)
	p.mu.Unlock()
	for _, f := range faults {
		if !f.match(op) {
			continue
		}
		if resp, err := f.fault(p, r); resp != nil || err != nil {
			return resp, err
		}
	}
	return p.forward(r)
}

// settled reports whether an operation answers the same each time.
func settled(o Operation) bool { return !strings.HasPrefix(o.Name, "Generate") }

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resp, err := p.RoundTrip(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	maps.Copy(w.Header(), resp.Header)
	w.WriteHeader(resp.StatusCode)
	if _, err := io.Copy(w, resp.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// answer is a response held in memory.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) response(r *http.Request) *http.Response {
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header.Clone(), Body: io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)), Request: r,
	}
}

// forward asks memory, then the endpoint.
func (p *Proxy) forward(r *http.Request) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	key := strings.Join([]string{signature.FindString(r.Header.Get("Authorization")), r.Method, r.Host, r.URL.String(), r.Header.Get("X-Amz-Target"), string(body)}, "\n")
	p.mu.Lock()
	known := p.memory[key]
	p.mu.Unlock()
	if known != nil {
		return known.response(r), nil
	}
	got, err := p.ask(r, body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missed++
	if p.memory != nil && settled(operationOf(r)) {
		if got.status >= http.StatusInternalServerError {
			got.status = http.StatusNotFound
		}
		p.memory[key] = got
	}
	return got.response(r), nil
}

// signature is what of an Authorization header says who asks what service in
// which region.
var signature = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]*)/([^/]+)`)

// ask sends the request to the endpoint whatever host it was meant for: S3
// Control, for one, makes a host name of its own for each account.
func (p *Proxy) ask(r *http.Request, body []byte) (*answer, error) {
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.Host = cmp.Or(r.Host, r.URL.Host)
	out.URL.Scheme, out.URL.Host = p.endpoint.Scheme, p.endpoint.Host
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp, err := p.base.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return &answer{resp.StatusCode, resp.Header, got}, nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// operationOf names the operation of a request: as the SDK says in its context,
// else as far as the request itself tells.
func operationOf(r *http.Request) Operation {
	ctx := r.Context()
	if name := awsmiddleware.GetOperationName(ctx); name != "" {
		return Operation{awsmiddleware.GetServiceID(ctx), name}
	}
	var op Operation
	if m := signature.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		op.Service = m[3]
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		op.Name = target[strings.LastIndex(target, ".")+1:]
		return op
	}
	if _, name, ok := strings.Cut(r.URL.Path, "/operation/"); ok {
		op.Name = name
		return op
	}
	if body, err := readBody(r); err == nil && isForm(r) {
		if form, err := url.ParseQuery(string(body)); err == nil {
			op.Name = form.Get("Action")
		}
	}
	return op
}

// Refuse answers that the caller may not do this.
func Refuse(_ *Proxy, r *http.Request) (*http.Response, error) {
	return refusal(r, protocolOf(r).denied), nil
}

// Throttle answers the first n requests for each operation that there were too
// many; all of them when n is negative.
func Throttle(n int) Fault {
	var mu sync.Mutex
	seen := map[Operation]int{}
	return func(_ *Proxy, r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		op := operationOf(r)
		if seen[op]++; n >= 0 && seen[op] > n {
			return nil, nil
		}
		return refusal(r, protocolOf(r).throttled), nil
	}
}

// Delay holds the request for as long, or until its caller gives up, and then
// lets it pass.
func Delay(d time.Duration) Fault {
	return func(_ *Proxy, r *http.Request) (*http.Response, error) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil, nil
		case <-r.Context().Done():
			return nil, context.Cause(r.Context())
		}
	}
}

// HTML answers with a status and a page for people, as proxies and emulators do
// for what they do not know.
func HTML(status int) Fault {
	return func(_ *Proxy, r *http.Request) (*http.Response, error) {
		page := fmt.Sprintf("<!doctype html>\n<title>%d %s</title>\n<p>Try again later.\n", status, http.StatusText(status))
		a := &answer{status, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, []byte(page)}
		return a.response(r), nil
	}
}

// Reply answers with a document of the test's own.
func Reply(contentType, body string) Fault {
	return func(_ *Proxy, r *http.Request) (*http.Response, error) {
		a := &answer{http.StatusOK, http.Header{"Content-Type": {contentType}}, []byte(body)}
		return a.response(r), nil
	}
}

// Truncate breaks the connection in the middle of the answer.
func Truncate(p *Proxy, r *http.Request) (*http.Response, error) {
	resp, err := p.forward(r)
	if err != nil {
		return nil, err
	}
	half := resp.ContentLength / 2
	resp.Body = io.NopCloser(io.MultiReader(io.LimitReader(resp.Body, half), broken{}))
	return resp, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Disconnect drops the connection without an answer.
func Disconnect(*Proxy, *http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}
