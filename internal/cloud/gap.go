package cloud

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Reason is why a field could not be read.
type Reason string

const (
	Denied      Reason = "denied"      // the provider refused the call
	Unsupported Reason = "unsupported" // the endpoint does not know the call
	Throttled   Reason = "throttled"   // still refused for its rate after all retries
	TimedOut    Reason = "timeout"     // no answer within the limit
	Unreachable Reason = "unreachable" // no connection to the endpoint
	Malformed   Reason = "malformed"   // the answer could not be understood
	Missing     Reason = "missing"     // the answer lacks a field that is always sent
	LeftOut     Reason = "left-out"    // outside what was asked for: --region or --service
	NotRead     Reason = "not-read"    // not asked for, or outside the snapshot
	Interrupted Reason = "interrupted" // the read was stopped before it came to this
	Computed    Reason = "computed"    // known only after apply
	NotInCode   Reason = "not-in-code" // left to the provider by the code; a live read would say
	Elsewhere   Reason = "elsewhere"   // of a resource that this code configures and other code makes
	Failed      Reason = "failed"      // any other error; the message says which
)

// A Gap is a hole in what is known: a field whose value could not be read, or
// is unknown until apply. It never stands for a value.
type Gap struct {
	// Reason is the class of the hole.
	Reason Reason `json:"reason"`
	// Operation is the API call that would have supplied the value, such as
	// s3:GetBucketPolicy.
	Operation string `json:"operation,omitempty"`
	// Permission is the IAM action that would make the call succeed.
	Permission string `json:"permission,omitempty"`
	// Message is what the provider or the parser said, on one line.
	Message string `json:"message,omitempty"`
	// Partial is set when a list or map was read in part: its known members
	// hold, and there may be more.
	Partial bool `json:"partial,omitempty"`
}

// String renders the gap on one line: "denied: s3:GetBucketPolicy (needs
// s3:GetBucketPolicy): message".
func (g *Gap) String() string {
	var b strings.Builder
	b.WriteString(string(g.Reason))
	if g.Operation != "" {
		b.WriteString(": " + g.Operation)
	}
	if g.Permission != "" {
		b.WriteString(" (needs " + g.Permission + ")")
	}
	if g.Message != "" {
		b.WriteString(": " + g.Message)
	}
	return b.String()
}

// AsPartial returns g as a gap of a list whose known members hold.
func (g *Gap) AsPartial() *Gap {
	if g == nil || g.Partial {
		return g
	}
	p := *g
	p.Partial = true
	return &p
}

// UnmarshalJSON accepts, beside the full form, a bare reason; "partial" alone
// is short for a partial denial. Rule examples use both.
func (g *Gap) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		var reason Reason
		if err := json.Unmarshal(data, &reason); err != nil {
			return err
		}
		*g = Gap{Reason: reason}
		if reason == "partial" {
			*g = Gap{Reason: Denied, Partial: true}
		}
		return nil
	}
	type plain Gap
	return json.Unmarshal(data, (*plain)(g))
}
