package cloud

import "time"

// Verdict is the answer to one rule on one resource.
type Verdict string

const (
	Pass       Verdict = "pass"
	Fail       Verdict = "fail"
	Unknown    Verdict = "unknown"
	Suppressed Verdict = "suppressed" // a failure that somebody accepted, with a reason
)

// Severity is how much a failure matters, critical first.
type Severity string

const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Severities in order, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low} }

// Rank is 0 for critical and grows as severity falls; unknown words rank last.
func (s Severity) Rank() int {
	for i, x := range Severities() {
		if s == x {
			return i
		}
	}
	return len(Severities())
}

// A Finding is what one rule says of one resource, with what decided it. Its
// JSON form is the contract of docs/json.md: fields are only ever added.
type Finding struct {
	Rule     string   `json:"rule"`
	Aliases  []string `json:"aliases"`
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Why      string   `json:"why"`
	Fix      string   `json:"fix"`
	Verdict  Verdict  `json:"verdict"`
	Resource Subject  `json:"resource"`
	// Origin is where the resource was declared in code: the resource first,
	// then each module call that made it.
	Origin []Origin `json:"origin,omitempty"`
	// Evidence is what decided: attributes and their values.
	Evidence []Evidence `json:"evidence"`
	// Gaps is what was missing, for an unknown verdict.
	Gaps        []FieldGap   `json:"gaps,omitempty"`
	Suppression *Suppression `json:"suppression,omitempty"`
	// Fingerprint is stable across runs, moved lines and re-ordering.
	Fingerprint string `json:"fingerprint"`
}

// Subject is the resource a finding is about.
type Subject struct {
	Ref  Ref    `json:"ref"`
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
	// Label is the resource's tag Name, where that says more than Name: an
	// instance is named by its id, and called by its tag.
	Label   string    `json:"label,omitempty"`
	Account AccountID `json:"account"`
	Region  Region    `json:"region"`
}

// SubjectOf returns the resource as findings show it.
func SubjectOf(r Resource) Subject {
	m := r.Meta()
	s := Subject{Ref: m.Ref, Kind: r.Kind(), Name: m.Name, Account: m.Account, Region: m.Region}
	if label := m.Tags["Name"]; label != m.Name {
		s.Label = label
	}
	return s
}

// Evidence is one attribute that decided a verdict. Field is a path from the
// resource, such as ingress[2].from_port; where the path leads into another
// resource it starts with that resource's ref and a space.
type Evidence struct {
	Field  string  `json:"field"`
	Value  any     `json:"value"`
	Origin *Origin `json:"origin,omitempty"`
}

// FieldGap is a gap with the field it hides.
type FieldGap struct {
	Field      string `json:"field"`
	Reason     Reason `json:"reason"`
	Operation  string `json:"operation,omitempty"`
	Permission string `json:"permission,omitempty"`
	Message    string `json:"message,omitempty"`
}

// Suppression is why a failure was accepted.
type Suppression struct {
	Reason string     `json:"reason"`
	By     string     `json:"by,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
	Where  string     `json:"where"`
}
