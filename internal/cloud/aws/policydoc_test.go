package aws_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"merlon.dev/internal/cloud/aws"
)

func TestParsePolicy(t *testing.T) {
	p, err := aws.ParsePolicy(`{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com","AWS":["111122223333","*"]},
		"Action":"sqs:SendMessage","Resource":["a","b"],"Condition":{"StringEquals":{"aws:SourceAccount":["1",2]},"Bool":{"aws:SecureTransport":true}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(p)
	const want = `{"version":"2008-10-17","statements":[{"effect":"Allow","principals":[{"type":"AWS","id":"111122223333"},{"type":"AWS","id":"*"},{"type":"Service","id":"sns.amazonaws.com"}],` +
		`"actions":["sqs:SendMessage"],"resources":["a","b"],"conditions":[{"operator":"Bool","key":"aws:SecureTransport","values":["true"]},{"operator":"StringEquals","key":"aws:SourceAccount","values":["1","2"]}]}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestOneBadStatementCostsItself: the others survive, and the list is known to
// be incomplete.
func TestOneBadStatementCostsItself(t *testing.T) {
	for _, bad := range []string{`{"Effect":"Maybe"}`, `{"Effect":"Allow","Action":{"a":1}}`, `{"Effect":"Allow","Principal":"me"}`, `7`} {
		p, err := aws.ParsePolicy(`{"Statement":[` + bad + `,{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
		if err != nil {
			t.Fatal(err)
		}
		if g := p.Gap("statements"); len(p.Statements) != 1 || g == nil || !g.Partial {
			t.Errorf("%s: %d statements, gap %v", bad, len(p.Statements), g)
		}
	}
}

func TestNotAPolicy(t *testing.T) {
	for _, doc := range []string{"", "{}", "[]", "null", `"x"`, `{"Statement":7}`, `{"Statement":[`, strings.Repeat(" ", 2<<20)} {
		if p, err := aws.ParsePolicy(doc); err == nil {
			t.Errorf("%.20q: %+v", doc, p)
		}
	}
}

// FuzzParsePolicy holds the parser to errors, and its result to surviving its
// own JSON form.
func FuzzParsePolicy(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Deny","NotPrincipal":{"AWS":"*"},"NotAction":["s3:*"],"NotResource":"x","Condition":{"Null":{"k":[true]}}}]}`)
	f.Add(strings.Repeat(`{"Statement":[`, 1000))
	f.Fuzz(func(t *testing.T, doc string) {
		p, err := aws.ParsePolicy(doc)
		if err != nil {
			return
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again aws.Policy
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatal(err)
		}
	})
}
