package aws

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
)

// maxPolicyBytes bounds a policy document; AWS's own largest limit is 20 KB
// (bucket policies), secrets' resource policies included.
const maxPolicyBytes = 1 << 20

// ParsePolicy reads a policy document in JSON. Single values may stand where
// lists are expected. A statement that cannot be understood becomes a gap on
// the statements, and the others survive; only a document that is not a policy
// at all is an error.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func ParsePolicy(doc string) (*Policy, error) {
	if len(doc) > maxPolicyBytes {
		return nil, fmt.Errorf("policy document of %d bytes is larger than %d", len(doc), maxPolicyBytes)
	}
	var raw struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(doc), &raw); err != nil {
		return nil, fmt.Errorf("policy document: %w", err)
	}
	if len(raw.Statement) == 0 {
		return nil, errors.New("policy document without a Statement")
	}
	p := &Policy{Version: raw.Version, ID: raw.ID}
	if p.Version == "" {
		p.Version = "2008-10-17"
	}
	var statements []json.RawMessage
	if bytes.HasPrefix(bytes.TrimSpace(raw.Statement), []byte("{")) {
		statements = []json.RawMessage{raw.Statement}
	} else if err := json.Unmarshal(raw.Statement, &statements); err != nil {
		return nil, fmt.Errorf("policy statements: %w", err)
	}
	for i, doc := range statements {
		st, err := parseStatement(doc)
		if err != nil {
			p.SetGap(&cloud.Gap{Reason: cloud.Malformed, Partial: true, Message: fmt.Sprintf("statement %d: %s", i+1, err)}, "statements")
			continue
		}
		p.Statements = append(p.Statements, st)
	}
	return p, nil
}

func parseStatement(doc json.RawMessage) (*Statement, error) {
	var raw struct {
		SID          string `json:"Sid"`
		Effect       string
		Principal    json.RawMessage
		NotPrincipal json.RawMessage
		Action       words
		NotAction    words
		Resource     words
		NotResource  words
		Condition    map[string]map[string]words
	}
	if err := json.Unmarshal(doc, &raw); err != nil {
		return nil, err
	}
	if raw.Effect != "Allow" && raw.Effect != "Deny" {
		return nil, fmt.Errorf("effect %q", raw.Effect)
	}
	st := &Statement{
		SID: raw.SID, Effect: raw.Effect,
		Actions: raw.Action, NotActions: raw.NotAction,
		Resources: raw.Resource, NotResources: raw.NotResource,
	}
	var err error
	if st.Principals, err = parsePrincipals(raw.Principal); err != nil {
		return nil, err
	}
	if st.NotPrincipals, err = parsePrincipals(raw.NotPrincipal); err != nil {
		return nil, err
	}
	for operator, keys := range raw.Condition {
		for key, values := range keys {
			st.Conditions = append(st.Conditions, &Condition{Operator: operator, Key: key, Values: values})
		}
	}
	slices.SortFunc(st.Conditions, func(a, b *Condition) int {
		return strings.Compare(a.Operator+"\x00"+a.Key, b.Operator+"\x00"+b.Key)
	})
	return st, nil
}

func parsePrincipals(doc json.RawMessage) ([]*Principal, error) {
	if len(doc) == 0 {
		return nil, nil
	}
	var all string
	if json.Unmarshal(doc, &all) == nil {
		if all != "*" {
			return nil, fmt.Errorf("principal %q", all)
		}
		return []*Principal{{Type: "AWS", ID: "*"}}, nil
	}
	var byType map[string]words
	if err := json.Unmarshal(doc, &byType); err != nil {
		return nil, err
	}
	var out []*Principal
	for kind, ids := range byType {
		for _, id := range ids {
			out = append(out, &Principal{Type: kind, ID: id})
		}
	}
	slices.SortStableFunc(out, func(a, b *Principal) int { return strings.Compare(a.Type, b.Type) })
	return out, nil
}

// words is a list of strings, or one of them alone; numbers and booleans are
// taken by their text.
type words []string

func (w *words) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if bytes.HasPrefix(data, []byte("[")) {
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
	} else {
		list = []json.RawMessage{data}
	}
	for _, item := range list {
		var s string
		switch {
		case bytes.HasPrefix(item, []byte(`"`)):
			if err := json.Unmarshal(item, &s); err != nil {
				return err
			}
		case bytes.HasPrefix(item, []byte("{")), bytes.HasPrefix(item, []byte("[")), bytes.Equal(item, []byte("null")):
			return fmt.Errorf("%s where a string is expected", item)
		default:
			s = string(item)
		}
		*w = append(*w, s)
	}
	return nil
}
