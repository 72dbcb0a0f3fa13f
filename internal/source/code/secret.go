package code

import (
	"encoding/base64"
	"slices"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/secretscan"
)

// EnvVars fills a list of named values from an object: each is reduced to its
// hash and to what the secret detectors say of it.
func EnvVars(f *Form, field *[]*aws.EnvVar, v Value) {
	name := f.decide(field)
	if v.at != nil {
		f.into.Obj().SetOrigin(name, v.at)
	}
	names, more := v.Fields()
	for _, n := range names {
		*field = append(*field, envVar(f, name, n, v.fields[n]))
	}
	if more != nil {
		f.into.Obj().SetGap(more.Gap().AsPartial(), name)
	}
}

// EnvVar reduces one named value of an object's field to what the model keeps.
func EnvVar(f *Form, field any, name string, v Value) *aws.EnvVar {
	return envVar(f, f.decide(field), name, v)
}

func envVar(f *Form, field, name string, v Value) *aws.EnvVar {
	e := &aws.EnvVar{Name: name}
	if v.at != nil {
		e.SetOrigin("secret", v.at)
	}
	text, ok := v.Known()
	if h := v.Hole(); !ok && h != nil {
		if secretscan.SecretName(name) || !v.onlyNames() {
			e.SetGap(h.Gap(), "sha256", "secret", "reference")
			return e
		}
		e.SetGap(h.Gap(), "sha256")
		text = v.Show()
	}
	found, err := secretscan.Value(name, text)
	f.scanned(field, err)
	e.Secret, e.Reference = found.Detector, found.Reference
	if ok {
		e.SHA256 = found.SHA256
	}
	return e
}

// Secrets fills a list with the secrets in a text, which is base64 or not. The
// known pieces of a text with holes are looked at; in the holes more may hide.
func Secrets(f *Form, field *[]*aws.TextSecret, v Value) {
	name := f.decide(field)
	if v.at != nil {
		f.into.Obj().SetOrigin(name, v.at)
	}
	text, ok := v.Known()
	if h := v.Hole(); !ok && h != nil {
		text = v.Show()
		if !v.onlyNames() {
			f.into.Obj().SetGap(h.Gap().AsPartial(), name)
		}
	}
	if plain, err := base64.StdEncoding.DecodeString(text); err == nil {
		text = string(plain)
	}
	found, err := secretscan.Text(text)
	f.scanned(name, err)
	for _, s := range found {
		*field = append(*field, &aws.TextSecret{Detector: s.Detector, Line: s.Line, SHA256: s.SHA256})
	}
}

// NamedLikeASecret decides whether a name says that what it stands for is a
// secret. The known pieces of a name with holes may say so.
func NamedLikeASecret(f *Form, field *bool, name Value) {
	says := Flag(secretscan.SecretName(name.Show()), name.at)
	if h := name.Hole(); h != nil && !says.flag {
		says = Unsure(h, name.at)
	}
	f.Put(field, says)
}

// onlyNames reports whether every hole of a text is what AWS calls or numbers a
// resource: its ARN, id, address. Such a value is no secret, whatever it will be.
func (v Value) onlyNames() bool {
	if v.kind != String {
		return false
	}
	for _, p := range v.parts {
		if p.Hole != nil && !p.Hole.isName() {
			return false
		}
	}
	return true
}

func (h *Hole) isName() bool {
	if h.Stands {
		return true
	}
	attr := strings.ToLower(h.Attr)
	return h.Of != "" && slices.ContainsFunc([]string{"arn", "id", "name", "url", "uri", "endpoint", "address", "port", "host", "bucket", "region", "domain", "zone", "ip", "ref", "dns"},
		func(end string) bool { return strings.HasSuffix(attr, end) })
}

// Hash fills a field with the hash of a text.
func Hash(f *Form, field *string, v Value) {
	f.Put(field, v.Map(func(s string) string {
		if s == "" {
			return ""
		}
		return secretscan.Hash(s)
	}))
}

func (f *Form) scanned(field string, err error) {
	if err != nil {
		f.into.Obj().SetGap(&cloud.Gap{Reason: cloud.Failed, Message: "secret detectors: " + err.Error()}, field)
	}
}
