package awsapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	accountapi "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"merlon.dev/internal/cloud/aws"
)

func accountinfoService() *service {
	return &service{name: "account", global: true, fields: []string{"contact", "alternate_contacts"}, read: readAccountInfo}
}

// readAccountInfo reads whom AWS writes to. Of a contact only hashes are kept.
func readAccountInfo(s *scope) {
	c := accountapi.NewFromConfig(s.cfg)
	fill(s, s.resource, []string{"contact"}, c.GetContactInformation, &accountapi.GetContactInformationInput{}, func(out *accountapi.GetContactInformationOutput) {
		in := out.ContactInformation
		s.resource.Contact = &aws.Contact{
			HasAddress: awssdk.ToString(in.AddressLine1) != "" && awssdk.ToString(in.City) != "",
			NameHash:   contactHash(in.FullName),
			PhoneHash:  contactHash(in.PhoneNumber),
		}
	}, "ResourceNotFoundException")
	for _, kind := range types.AlternateContactType("").Values() {
		readAlternateContact(s, c, kind)
	}
}

// readAlternateContact adds one contact to the list; one that cannot be read
// leaves the list partial.
func readAlternateContact(s *scope, c *accountapi.Client, kind types.AlternateContactType) {
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*accountapi.GetAlternateContactOutput, error) {
		return c.GetAlternateContact(ctx, &accountapi.GetAlternateContactInput{AlternateContactType: kind})
	})
	defer s.lock(s.resource)()
	s.asked(s.resource, "alternate_contacts")
	s.recordOrigin(s.resource.Kind(), info, "alternate_contacts")
	switch {
	case gap == nil && out.AlternateContact != nil:
		s.resource.AlternateContacts = append(s.resource.AlternateContacts, &aws.AlternateContact{
			Type:      string(kind),
			NameHash:  contactHash(out.AlternateContact.Name),
			MailHash:  contactHash(out.AlternateContact.EmailAddress),
			PhoneHash: contactHash(out.AlternateContact.PhoneNumber),
		})
	case gap == nil || info.code == "ResourceNotFoundException":
	default:
		s.resource.SetGap(gap.AsPartial(), "alternate_contacts")
	}
}

// contactHash hashes what identifies a person: equal for values that differ in
// case and spacing only, empty for an empty one.
func contactHash(v *string) string {
	text := strings.ToLower(strings.Join(strings.Fields(awssdk.ToString(v)), ""))
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
