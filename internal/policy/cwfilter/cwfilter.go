// Package cwfilter compares filter patterns of CloudWatch Logs by what they
// take, not by how they are written: order, spacing, brackets and quoting do
// not matter, and alternatives may be added.
//
// It understands patterns over JSON events, { $.eventName = "CreateTrail" }.
// Patterns of words and of space-delimited fields are about text, and cover
// nothing here.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
package cwfilter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Covers reports whether every event that wanted takes is surely taken by
// pattern too. It errs towards false. It fails when wanted is no pattern over
// JSON events, or when pattern looks like one and cannot be understood.
func Covers(pattern, wanted string) (bool, error) {
	w, err := parse(wanted)
	if err != nil {
		return false, fmt.Errorf("wanted pattern: %w", err)
	}
	if !strings.HasPrefix(strings.TrimSpace(pattern), "{") {
		return false, nil
	}
	p, err := parse(pattern)
	if err != nil {
		return false, err
	}
	cases, err := w.cases()
	if err != nil {
		return false, fmt.Errorf("wanted pattern: %w", err)
	}
	for _, c := range cases {
		if !p.follows(c) {
			return false, nil
		}
	}
	return true, nil
}

// maxCases bounds the alternatives a wanted pattern may come to.
const maxCases = 4096

var errTooManyCases = errors.New("too many alternatives")

// cases lists the alternatives of an expression: each is a set of conditions
// that together make it true.
func (e *expr) cases() ([][]*condition, error) {
	switch {
	case e.cond != nil:
		return [][]*condition{{e.cond}}, nil
	case e.or:
		var all [][]*condition
		for _, part := range e.parts {
			c, err := part.cases()
			if err != nil {
				return nil, err
			}
			if all = append(all, c...); len(all) > maxCases {
				return nil, errTooManyCases
			}
		}
		return all, nil
	}
	all := [][]*condition{nil}
	for _, part := range e.parts {
		c, err := part.cases()
		if err != nil {
			return nil, err
		}
		if len(all)*len(c) > maxCases {
			return nil, errTooManyCases
		}
		var both [][]*condition
		for _, left := range all {
			for _, right := range c {
				both = append(both, append(left[:len(left):len(left)], right...))
			}
		}
		all = both
	}
	return all, nil
}

// follows reports whether the expression is surely true of an event that meets
// all the conditions.
func (e *expr) follows(known []*condition) bool {
	if e.cond != nil {
		for _, k := range known {
			if e.cond.followsFrom(k) {
				return true
			}
		}
		return false
	}
	for _, part := range e.parts {
		if part.follows(known) == e.or {
			return e.or
		}
	}
	return !e.or
}

// followsFrom reports whether an event that meets k surely meets c.
func (c *condition) followsFrom(k *condition) bool {
	if c.field != k.field {
		return false
	}
	if *c == *k {
		return true
	}
	switch c.op {
	case "=":
		if c.regex {
			return k.op == "=" && k.literal() && matches(c.value, k.value)
		}
		return k.op == "=" && !k.regex && contains(c.value, k.value)
	case "!=":
		if c.regex {
			return k.op == "=" && k.literal() && understood(c.value) && !matches(c.value, k.value)
		}
		if k.op == "=" {
			return k.literal() && !contains(c.value, k.value)
		}
		return k.op == "!=" && !k.regex && contains(k.value, c.value)
	}
	return false
}

// literal reports whether the condition's value stands for itself alone.
func (c *condition) literal() bool { return !c.regex && !strings.Contains(c.value, "*") }

// contains reports whether everything that the second wildcard pattern matches
// is matched by the first: a star of the second is only met by one of the first.
func contains(outer, inner string) bool {
	o, i, star, from := 0, 0, -1, 0
	for i < len(inner) {
		switch {
		case o < len(outer) && outer[o] == '*':
			star, from = o, i
			o++
		case o < len(outer) && outer[o] == inner[i]:
			o++
			i++
		case star >= 0:
			from++
			o, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(outer[o:], "*") == ""
}

func matches(expression, text string) bool {
	re, err := regexp.Compile(expression)
	return err == nil && re.MatchString(text)
}

func understood(expression string) bool {
	_, err := regexp.Compile(expression)
	return err == nil
}
