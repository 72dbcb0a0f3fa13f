package cwfilter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// expr is a condition, or several expressions joined by && or ||.
type expr struct {
	cond  *condition
	or    bool
	parts []*expr
}

// condition is one comparison. Comparable: equal conditions say the same.
type condition struct {
	field string // path without the $: .userIdentity.type
	op    string // = != < <= > >=, or NOT EXISTS, EXISTS, IS NULL, IS TRUE, IS FALSE
	value string // with wildcards; numbers in their shortest form
	regex bool   // the value is a regular expression
}

// AWS allows 1,024 characters.
const (
	maxPattern = 1 << 14
	maxDepth   = 100
)

// parse reads a pattern over JSON events.
func parse(pattern string) (*expr, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("longer than %d bytes", maxPattern)
	}
	p := &parser{rest: pattern}
	if !p.take("{") {
		return nil, errors.New("does not begin with {")
	}
	e, err := p.alternatives()
	if err != nil {
		return nil, fmt.Errorf("at character %d: %w", len(pattern)-len(p.rest)+1, err)
	}
	if !p.take("}") {
		return nil, fmt.Errorf("at character %d: && or || or } expected", len(pattern)-len(p.rest)+1)
	}
	if p.space(); p.rest != "" {
		return nil, errors.New("goes on after }")
	}
	return e, nil
}

type parser struct {
	rest  string
	depth int
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take skips a token if it comes next.
func (p *parser) take(token string) bool {
	p.space()
	if !strings.HasPrefix(p.rest, token) {
		return false
	}
	p.rest = p.rest[len(token):]
	return true
}

// takeWord skips a keyword, in either case, if it comes next and ends there.
func (p *parser) takeWord(word string) bool {
	p.space()
	if len(p.rest) < len(word) || !strings.EqualFold(p.rest[:len(word)], word) {
		return false
	}
	if after := p.rest[len(word):]; after == "" || strings.ContainsRune(" \t\r\n()}&|", rune(after[0])) {
		p.rest = after
		return true
	}
	return false
}

func (p *parser) alternatives() (*expr, error) { return p.joined("||", true, p.conjunction) }

func (p *parser) conjunction() (*expr, error) { return p.joined("&&", false, p.factor) }

func (p *parser) joined(operator string, or bool, part func() (*expr, error)) (*expr, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	e := &expr{or: or, parts: []*expr{first}}
	for p.take(operator) {
		next, err := part()
		if err != nil {
			return nil, err
		}
		e.parts = append(e.parts, next)
	}
	if len(e.parts) == 1 {
		return first, nil
	}
	return e, nil
}

func (p *parser) factor() (*expr, error) {
	if !p.take("(") {
		c, err := p.condition()
		return &expr{cond: c}, err
	}
	if p.depth++; p.depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	e, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, errors.New(") expected")
	}
	p.depth--
	return e, nil
}

func (p *parser) condition() (*condition, error) {
	field, err := p.selector()
	if err != nil {
		return nil, err
	}
	c := &condition{field: field}
	switch {
	case p.takeWord("NOT"):
		if !p.takeWord("EXISTS") {
			return nil, errors.New("EXISTS expected after NOT")
		}
		c.op = "NOT EXISTS"
		return c, nil
	case p.takeWord("EXISTS"):
		c.op = "EXISTS"
		return c, nil
	case p.takeWord("IS"):
		for _, word := range []string{"NULL", "TRUE", "FALSE"} {
			if p.takeWord(word) {
				c.op = "IS " + word
				return c, nil
			}
		}
		return nil, errors.New("NULL, TRUE or FALSE expected after IS")
	}
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if p.take(op) {
			c.op = op
			return c, p.value(c)
		}
	}
	return nil, errors.New("comparison expected")
}

// selector reads $.a.b[0]["c.d"].
func (p *parser) selector() (string, error) {
	if !p.take("$") {
		return "", errors.New("$ expected")
	}
	var path strings.Builder
	for p.rest != "" {
		switch {
		case strings.HasPrefix(p.rest, `.["`), strings.HasPrefix(p.rest, `["`):
			p.rest = p.rest[strings.Index(p.rest, `"`):]
			name, err := p.quoted()
			if err != nil {
				return "", err
			}
			if !strings.HasPrefix(p.rest, "]") {
				return "", errors.New("] expected")
			}
			p.rest = p.rest[1:]
			if strings.ContainsAny(name, ".[]\" ") {
				path.WriteString("." + strconv.Quote(name))
			} else {
				path.WriteString("." + name)
			}
		case strings.ContainsRune(" \t\r\n=!<>()&|{}", rune(p.rest[0])):
			return endOfPath(path.String())
		default:
			path.WriteByte(p.rest[0])
			p.rest = p.rest[1:]
		}
	}
	return endOfPath(path.String())
}

func endOfPath(path string) (string, error) {
	if len(path) < 2 || path[0] != '.' && path[0] != '[' {
		return "", errors.New("$.field expected")
	}
	return path, nil
}

// value reads what a field is compared with.
func (p *parser) value(c *condition) error {
	p.space()
	var err error
	switch {
	case strings.HasPrefix(p.rest, `"`):
		c.value, err = p.quoted()
		return err
	case strings.HasPrefix(p.rest, "%"):
		end := strings.Index(p.rest[1:], "%")
		if end < 0 {
			return errors.New("% expected at the end of a regular expression")
		}
		c.value, c.regex = p.rest[1:end+1], true
		p.rest = p.rest[end+2:]
		return nil
	}
	end := 0
	for end < len(p.rest) && !strings.ContainsRune(" \t\r\n()}", rune(p.rest[end])) &&
		!strings.HasPrefix(p.rest[end:], "&&") && !strings.HasPrefix(p.rest[end:], "||") {
		end++
	}
	if end == 0 {
		return errors.New("value expected")
	}
	c.value, p.rest = p.rest[:end], p.rest[end:]
	if n, err := strconv.ParseFloat(c.value, 64); err == nil && strings.Trim(c.value, "-+.0123456789eE") == "" {
		c.value = strconv.FormatFloat(n, 'g', -1, 64)
	}
	return nil
}

// quoted reads a string in double quotes, in which \" is a quote.
func (p *parser) quoted() (string, error) {
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch ch := p.rest[i]; {
		case ch == '"':
			p.rest = p.rest[i+1:]
			return b.String(), nil
		case ch == '\\' && i+1 < len(p.rest) && (p.rest[i+1] == '"' || p.rest[i+1] == '\\'):
			i++
			b.WriteByte(p.rest[i])
		default:
			b.WriteByte(ch)
		}
	}
	return "", errors.New(`" expected at the end of a string`)
}
