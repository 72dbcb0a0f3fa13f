package awsapi

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestAccessAnalyzer(t *testing.T) {
	e := newEstate(t)
	s := e.read(t, func(c *Config) { c.Transport = analyzers{e} }, "accessanalyzer")
	a := find[aws.Analyzer](t, s, "outside")
	noGaps(t, a)
	if a.Type != "ACCOUNT" || a.Status != "ACTIVE" || a.Findings != 2 || a.Region != "us-east-1" {
		t.Errorf("analyzer: %+v", a)
	}
	if unused := find[aws.Analyzer](t, s, "unused"); unused.UnusedAfterDays != 90 {
		t.Errorf("analyzer of unused access: %+v", unused)
	}
	for _, c := range e.read(t, nil, "accessanalyzer").Collections {
		if c.Kind == "AWS::AccessAnalyzer::Analyzer" && (c.Gap == nil || c.Gap.Reason != cloud.Unsupported && c.Gap.Reason != cloud.LeftOut) {
			t.Errorf("the emulator has no analyzers: %+v", c)
		}
	}
}

// analyzers answers for the service that the emulator does not know.
type analyzers struct{ *estate }

func (a analyzers) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	switch r.URL.Path {
	case "/analyzer":
		body = `{"analyzers":[
			{"arn":"arn:aws:access-analyzer:us-east-1:1:analyzer/outside","name":"outside","type":"ACCOUNT","status":"ACTIVE","createdAt":"2025-01-01T00:00:00Z"},
			{"arn":"arn:aws:access-analyzer:us-east-1:1:analyzer/unused","name":"unused","type":"ACCOUNT_UNUSED_ACCESS","status":"ACTIVE","createdAt":"2025-01-01T00:00:00Z","configuration":{"unusedAccess":{"unusedAccessAge":90}}}]}`
	case "/findingv2":
		body = `{"findings":[{"id":"a"},{"id":"b"}]}`
	default:
		return a.estate.RoundTrip(r)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}
