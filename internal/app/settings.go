package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/policy"
	"merlon.dev/internal/report"
)

// Settings is merlon.yaml: what a team has decided about its rules.
type Settings struct {
	// Rules are further folders of rules, relative to the file.
	Rules []string `yaml:"rules"`
	// Exclude are globs of rule ids that do not run.
	Exclude []string `yaml:"exclude"`
	// Severity overrides severities, by rule id.
	Severity map[string]cloud.Severity `yaml:"severity"`
	// Params overrides rules' parameters, by rule id and name.
	Params map[string]map[string]any `yaml:"params"`
	// Suppress accepts failures.
	Suppress []Suppress `yaml:"suppress"`

	file string
}

// Suppress accepts the failures of some rules on some resources, for a reason,
// until a day. After that day the failures are back.
type Suppress struct {
	Rule     string `yaml:"rule"`     // glob on rule ids
	Resource string `yaml:"resource"` // glob on refs or names; empty means all
	Account  string `yaml:"account"`  // an account id; empty means all
	Reason   string `yaml:"reason"`
	Owner    string `yaml:"owner"`
	Until    string `yaml:"until"` // the last day it holds, YYYY-MM-DD

	last time.Time
	line int
}

// UnmarshalYAML remembers the line, for messages.
func (s *Suppress) UnmarshalYAML(n *yaml.Node) error {
	type plain Suppress
	if err := n.Decode((*plain)(s)); err != nil {
		return err
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i].Value; !slices.Contains([]string{"rule", "resource", "account", "reason", "owner", "until"}, k) {
			return fmt.Errorf("line %d: field %s not found in suppress", n.Content[i].Line, k)
		}
	}
	s.line = n.Line
	return nil
}

// maxSettings bounds merlon.yaml.
const maxSettings = 4 << 20

// ParseSettings reads merlon.yaml.
func ParseSettings(file string, src []byte) (*Settings, error) {
	c := &Settings{file: file}
	if len(src) > maxSettings {
		return nil, fmt.Errorf("%s: larger than %d bytes", file, maxSettings)
	}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " "), "unmarshal errors:   "))
	}
	for id, sev := range c.Severity {
		if sev.Rank() >= len(cloud.Severities()) {
			return nil, fmt.Errorf("%s: severity of %s: %q is none of critical, high, medium, low", file, id, sev)
		}
	}
	for i := range c.Suppress {
		s := &c.Suppress[i]
		if s.Rule == "" || s.Reason == "" || s.Owner == "" || s.Until == "" {
			return nil, fmt.Errorf("%s:%d: a suppression needs rule, reason, owner and until", file, s.line)
		}
		var err error
		if s.last, err = time.Parse(time.DateOnly, s.Until); err != nil {
			return nil, fmt.Errorf("%s:%d: until %q is not a day such as 2026-12-31", file, s.line, s.Until)
		}
		for _, glob := range []string{s.Rule, s.Resource} {
			if _, err := path.Match(glob, ""); err != nil {
				return nil, fmt.Errorf("%s:%d: %q is not a pattern", file, s.line, glob)
			}
		}
	}
	return c, nil
}

// Folders returns the further folders of rules, as paths.
func (c *Settings) Folders() []string {
	if c == nil {
		return nil
	}
	var out []string
	for _, folder := range c.Rules {
		out = append(out, filepath.Join(filepath.Dir(c.file), folder))
	}
	return out
}

// apply returns the rules with severities and parameters overridden and
// excluded ones left out.
func (c *Settings) apply(rules []*policy.Rule) ([]*policy.Rule, error) {
	if c == nil {
		return rules, nil
	}
	byID := map[string]*policy.Rule{}
	var out []*policy.Rule
	for _, r := range rules {
		if slices.ContainsFunc(c.Exclude, func(g string) bool { return matchesRule(g, r) }) {
			continue
		}
		r = r.Clone()
		byID[r.ID] = r
		out = append(out, r)
	}
	known := func(id string) error {
		if byID[id] == nil && !slices.ContainsFunc(rules, func(r *policy.Rule) bool { return r.ID == id }) {
			return fmt.Errorf("%s: there is no rule %s%s", c.file, id, suggest(id, rules))
		}
		return nil
	}
	for id, sev := range c.Severity {
		if err := known(id); err != nil {
			return nil, err
		}
		if r := byID[id]; r != nil {
			r.Severity = sev
		}
	}
	for id, params := range c.Params {
		if err := known(id); err != nil {
			return nil, err
		}
		for name, v := range params {
			if r := byID[id]; r != nil {
				if err := r.SetParam(name, v); err != nil {
					return nil, fmt.Errorf("%s: %w", c.file, err)
				}
			}
		}
	}
	return out, nil
}

// suppress turns accepted failures into suppressed verdicts, and returns a line
// for each suppression that has expired.
func (c *Settings) suppress(findings []cloud.Finding, n *report.Verdicts, now time.Time) []string {
	if c == nil {
		return nil
	}
	var notes []string
	for i := range c.Suppress {
		s := &c.Suppress[i]
		expired := now.After(s.last.AddDate(0, 0, 1))
		hit := 0
		for k := range findings {
			f := &findings[k]
			if f.Verdict != cloud.Fail || !s.covers(f) {
				continue
			}
			hit++
			if expired {
				continue
			}
			f.Verdict = cloud.Suppressed
			f.Suppression = &cloud.Suppression{Reason: s.Reason, By: s.Owner, Until: &s.last, Where: fmt.Sprintf("%s:%d", c.file, s.line)}
			n.Fail--
			n.Suppressed++
		}
		if expired {
			notes = append(notes, fmt.Sprintf("%s:%d: the suppression of %s by %s expired on %s; %s back", c.file, s.line, s.Rule, s.Owner, s.Until, count(hit, "finding is", "findings are")))
		}
	}
	return notes
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (s *Suppress) covers(f *cloud.Finding) bool {
	if ok, _ := path.Match(s.Rule, f.Rule); !ok {
		return false
	}
	if s.Account != "" && s.Account != string(f.Resource.Account) {
		return false
	}
	return s.Resource == "" || matchAny(s.Resource, string(f.Resource.Ref)) || matchAny(s.Resource, f.Resource.Name)
}

// matchAny is path.Match with a star that also crosses slashes, as ARNs have
// them.
func matchAny(glob, s string) bool {
	ok, _ := path.Match(strings.ReplaceAll(glob, "/", "\x00"), strings.ReplaceAll(s, "/", "\x00"))
	return ok
}
