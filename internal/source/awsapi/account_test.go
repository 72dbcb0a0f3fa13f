package awsapi

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	accountapi "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func TestAccountContacts(t *testing.T) {
	e := newEstate(t)
	c := accountapi.NewFromConfig(e.cfg)
	must(t)(c.PutAlternateContact(context.Background(), &accountapi.PutAlternateContactInput{
		AlternateContactType: types.AlternateContactTypeSecurity, Name: awssdk.String("Sec"), Title: awssdk.String("CISO"),
		EmailAddress: awssdk.String("sec@example.com"), PhoneNumber: awssdk.String("+1 555 0100"),
	}))
	a := e.read(t, func(c *Config) { c.Transport = primaryContact{e} }, "account").Resources[0].(*aws.Account)
	if len(a.AlternateContacts) != 1 || a.AlternateContacts[0].Type != "SECURITY" || a.AlternateContacts[0].MailHash == "" || a.Gap("alternate_contacts") != nil {
		t.Errorf("contacts: %+v, %v", a.AlternateContacts, a.Gap("alternate_contacts"))
	}
	if a.Contact == nil || !a.Contact.HasAddress || a.Contact.PhoneHash != a.AlternateContacts[0].PhoneHash || a.Contact.NameHash == a.AlternateContacts[0].NameHash {
		t.Errorf("contact: %+v", a.Contact)
	}
	if a = e.read(t, nil, "account").Resources[0].(*aws.Account); a.Gap("contact") == nil || a.Gap("contact").Reason != cloud.Unsupported {
		t.Errorf("the emulator does not know the contact: %v", a.Gap("contact"))
	}
}

// primaryContact answers the call that the emulator does not know.
type primaryContact struct{ *estate }

func (p primaryContact) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/getContactInformation" {
		return p.estate.RoundTrip(r)
	}
	const body = `{"ContactInformation":{"FullName":"Ann","PhoneNumber":"+15550100","AddressLine1":"1 Main St","City":"X","CountryCode":"US","PostalCode":"1"}}`
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestLeftOutServices reads one service: what others say of the account and its
// regions is unknown, not empty.
func TestLeftOutServices(t *testing.T) {
	s := newEstate(t).read(t, nil, "sqs")
	for _, r := range s.Resources {
		var fields []string
		switch r.(type) {
		case *aws.Account:
			fields = []string{"root", "password_policy", "organization", "contact", "alternate_contacts", "s3_public_access_block"}
		case *aws.RegionSettings:
			fields = []string{"ebs_encryption_by_default", "ssm_document_public_sharing"}
		}
		for _, f := range fields {
			if g := r.Meta().Gap(f); g == nil || g.Reason != cloud.LeftOut {
				t.Errorf("%s of %s: %v", f, r.Kind(), g)
			}
		}
	}
}

// TestLeftOutRegions refuses the list of regions: those that --region leaves
// out were not read all the same.
func TestLeftOutRegions(t *testing.T) {
	e := newEstate(t)
	for _, refused := range []bool{false, true} {
		s := e.read(t, func(c *Config) {
			c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				if !refused || !strings.Contains(r.Header.Get("User-Agent"), "api/ec2") {
					return e.RoundTrip(r)
				}
				const body = `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>`
				return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
			})
		}, "cloudtrail")
		a := s.Resources[0].(*aws.Account)
		if g := a.Gap("trails"); g == nil || g.Reason != cloud.LeftOut {
			t.Errorf("regions refused %v: trails of the account: %v", refused, g)
		}
	}
}
