package awsapi

import (
	"net/url"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// parsePolicy parses a policy document of a reply, URL-encoded (as IAM sends
// it) or plain. No document is no policy; one that cannot be understood is a
// gap on the field.
func parsePolicy(o cloud.Gapped, field string, doc *string) *aws.Policy {
	text := strings.TrimSpace(awssdk.ToString(doc))
	if text == "" {
		return nil
	}
	if strings.HasPrefix(text, "%7B") {
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	p, err := aws.ParsePolicy(text)
	if err != nil {
		o.Obj().SetGap(&cloud.Gap{Reason: cloud.Malformed, Message: oneLine(err.Error())}, field)
		return nil
	}
	return p
}
