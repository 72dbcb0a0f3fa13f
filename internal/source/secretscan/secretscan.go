// Package secretscan says whether a text or a named value holds a secret. It
// hands back the name of the detector, the line and a hash, never the secret.
//
// Secrets of known shape (keys and tokens of several hundred services) are
// recognised by the rules of gitleaks. What those leave out on purpose, since
// source code is full of it, is added here, since live settings are not: values
// under names that say password or token, credentials inside URLs, and AWS
// keys that end in EXAMPLE. A reference to a secret store is no secret.
package secretscan

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/zricethezav/gitleaks/v8/detect"
)

// A Finding is one secret in a text.
type Finding struct {
	Detector string // such as aws-access-token
	Line     int    // from 1
	SHA256   string // hex, of the secret
}

// A Verdict is what is said of one named value.
type Verdict struct {
	// Detector that took the value for a secret; empty when none did.
	Detector string
	// Reference is set when the value points into a secret store.
	Reference bool
	// SHA256 is the hex hash of the value.
	SHA256 string
}

const (
	namedLikeASecret = "named-like-a-secret"
	urlCredentials   = "url-credentials"
	awsAccessKey     = "aws-access-token"
)

// maxText bounds what is looked at of one text: well above the 16 KiB of user
// data and the 64 KiB of a document, well below a gzip bomb.
const maxText = 1 << 20

var gitleaks = sync.OnceValues(func() (*detect.Detector, error) {
	d, err := detect.NewDetectorDefaultConfig()
	if err == nil {
		d.MaxDecodeDepth = 1
	}
	return d, err
})

// Text finds the secrets in a text, in the order of lines. A gzipped text is
// unpacked first.
func Text(text string) ([]Finding, error) {
	d, err := gitleaks()
	if err != nil {
		return nil, err
	}
	text = unpack(text)
	var found []Finding
	add := func(detector string, line int, secret string) {
		found = append(found, Finding{Detector: detector, Line: line, SHA256: Hash(secret)})
	}
	for _, f := range d.DetectString(text) {
		add(f.RuleID, f.StartLine+1, f.Secret)
	}
	p := patterns()
	for i, line := range strings.Split(text, "\n") {
		for _, key := range p.awsKey.FindAllString(line, -1) {
			add(awsAccessKey, i+1, key)
		}
		for _, m := range p.urlPassword.FindAllStringSubmatch(line, -1) {
			if !placeholder(m[1]) {
				add(urlCredentials, i+1, m[1])
			}
		}
		for _, m := range append(p.assignment.FindAllStringSubmatch(line, -1), p.flag.FindAllStringSubmatch(line, -1)...) {
			if value := firstOf(m[2:]); SecretName(m[1]) && plausible(value) {
				add(namedLikeASecret, i+1, value)
			}
		}
	}
	return strongest(found), nil
}

// strongest keeps of several detectors that took the same words for a secret
// the one that says most.
func strongest(found []Finding) []Finding {
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(vagueness(a.Detector), vagueness(b.Detector)),
			cmp.Compare(a.Detector, b.Detector), cmp.Compare(a.SHA256, b.SHA256))
	})
	var kept []Finding
	for _, f := range found {
		same := func(g Finding) bool {
			return g.Line == f.Line && (g.SHA256 == f.SHA256 || vagueness(f.Detector) > vagueness(g.Detector))
		}
		if !slices.ContainsFunc(kept, same) {
			kept = append(kept, f)
		}
	}
	return kept
}

// vagueness ranks detectors: those that know the secret's own shape first, those
// that only see where it stands after them.
func vagueness(detector string) int {
	switch {
	case detector == namedLikeASecret:
		return 2
	case strings.HasPrefix(detector, "generic-"), strings.HasPrefix(detector, "curl-"), detector == urlCredentials:
		return 1
	}
	return 0
}

// Value judges one named value, such as an environment variable.
func Value(name, value string) (Verdict, error) {
	v := Verdict{SHA256: Hash(value), Reference: reference(value)}
	if v.Reference || value == "" {
		return v, nil
	}
	if SecretName(name) && plausible(value) {
		v.Detector = namedLikeASecret
	}
	// The assignment gives the detectors that look at the name its context.
	found, err := Text(strings.ReplaceAll(name, "\n", " ") + "=\"" + value + "\"")
	for _, f := range found {
		if f.Detector != namedLikeASecret {
			v.Detector = f.Detector
			break
		}
	}
	return v, err
}

// Hash is the hex SHA-256 of a value.
func Hash(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

func unpack(text string) string {
	if strings.HasPrefix(text, "\x1f\x8b") {
		if r, err := gzip.NewReader(strings.NewReader(text)); err == nil {
			var out bytes.Buffer
			if _, err := io.Copy(&out, io.LimitReader(r, maxText)); err == nil {
				text = out.String()
			}
		}
	}
	return text[:min(len(text), maxText)]
}

const oneValue = `(?:"([^"]+)"|'([^']+)'|([^\s"',;&|)]+))`

// patterns are the expressions of this package. They are compiled at first use:
// most commands never scan.
var patterns = sync.OnceValue(func() (p struct{ awsKey, urlPassword, assignment, flag, words *regexp.Regexp }) {
	p.awsKey = regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`)
	p.urlPassword = regexp.MustCompile(`\b[a-zA-Z][a-zA-Z0-9+.-]+://[^\s:/@"']*:([^\s@"'/]{3,})@[^\s"'/]`)
	// name = value in the ways of shells, YAML, JSON and property files, and the
	// flags of commands.
	p.assignment = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_.-]+)["']?\s*(?:=>|:=|=|:)\s*` + oneValue)
	p.flag = regexp.MustCompile(`\s--?([A-Za-z][A-Za-z0-9_-]+)\s+` + oneValue)
	p.words = regexp.MustCompile(`[A-Z]+[a-z]*|[a-z]+|[0-9]+`)
	return p
})

// SecretName says whether a name tells that what it stands for is a secret:
// DB_PASSWORD is one, PASSWORD_POLICY and TOKEN_SECRET_ARN are not.
func SecretName(name string) bool {
	ws := patterns().words.FindAllString(name, -1)
	for i := range ws {
		ws[i] = strings.ToLower(ws[i])
	}
	if len(ws) == 0 || describesSecret[ws[len(ws)-1]] {
		return false
	}
	for i, w := range ws {
		if secretWords[w] || i > 0 && secretPairs[ws[i-1]+w] {
			return true
		}
	}
	return false
}

var secretWords = set("password", "passwords", "passwd", "passphrase", "pwd", "pass", "secret", "secrets", "token", "apikey", "secretkey",
	"accesskey", "privatekey", "authtoken", "credential", "credentials")

var secretPairs = set("apikey", "accesskey", "privatekey", "secretkey", "encryptionkey", "signingkey", "masterkey", "authkey", "licensekey")

// describesSecret are last words that turn a name into something about a
// secret, or into where it is kept.
var describesSecret = set("arn", "name", "id", "ids", "path", "file", "url", "uri", "endpoint", "param", "parameter", "ref", "length", "ttl",
	"expiry", "expires", "expiration", "timeout", "seconds", "minutes", "hours", "days", "enabled", "disabled", "type", "header", "algorithm",
	"alg", "policy", "bucket", "table", "region", "version", "rotation", "prefix", "suffix", "issuer", "audience", "store", "provider",
	"manager", "count", "limit", "max", "min", "field", "dir", "location", "alias", "role", "scope", "mode", "format", "host", "port", "username", "user")

func set(items ...string) map[string]bool {
	m := make(map[string]bool, len(items))
	for _, i := range items {
		m[i] = true
	}
	return m
}

// plausible says whether a value under a secret-like name can be the secret.
func plausible(value string) bool {
	v := strings.ToLower(strings.TrimSpace(value))
	if len(v) < 4 || placeholder(value) || reference(value) {
		return false
	}
	switch v {
	case "true", "false", "null", "none", "yes", "enabled", "disabled", "required", "optional", "undefined", "default":
		return false
	}
	// A place where the secret is kept, not the secret.
	return !strings.HasPrefix(v, "/") && !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") && !strings.HasPrefix(v, "file://")
}

// placeholder says whether a value is filled in elsewhere.
func placeholder(value string) bool {
	v := strings.TrimSpace(value)
	return v == "" || strings.ContainsAny(v[:1], "$<%`") || strings.Contains(v, "{{") || strings.Contains(v, "${") ||
		strings.Trim(v, "*") == "" || strings.Trim(strings.ToLower(v), "x") == ""
}

// reference says whether a value points into a secret store.
func reference(value string) bool {
	v := strings.ToLower(strings.TrimSpace(value))
	return strings.HasPrefix(v, "arn:aws") || strings.HasPrefix(v, "{{resolve:") ||
		strings.HasPrefix(v, "ssm:") || strings.HasPrefix(v, "secretsmanager:") || strings.HasPrefix(v, "vault:")
}

func firstOf(values []string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// WithoutLogin cuts the user name and password out of a repository's URL and
// reports whether there was a secret among them. A lone name before the @ of a
// URL is a token where providers take tokens for names.
func WithoutLogin(location string) (clean string, secret bool) {
	if !strings.Contains(location, "://") {
		return location, false // a bucket's path, or git@host:path
	}
	u, err := url.Parse(location)
	if err != nil {
		return "", strings.Contains(location, "@") // of a broken URL nothing is kept
	}
	if u.User == nil {
		return location, false
	}
	name := u.User.Username()
	_, secret = u.User.Password()
	u.User = nil
	return u.String(), secret || len(name) >= 20
}
