package code

import (
	"slices"
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/secretscan"
)

// SourceLocation fills where a build's source is, without the login that its
// URL may hold, and whether it held one.
func SourceLocation(f *Form, location *string, login *bool, v Value) {
	text, known := v.Known()
	if !known && !v.IsAbsent() {
		text = v.Show()
	}
	clean, secret := secretscan.WithoutLogin(text)
	if secret || known {
		f.Put(login, Flag(secret, v.at))
	} else {
		f.Put(login, v.Is(""))
	}
	if known {
		v = Text(clean, v.at)
	}
	f.Put(location, v)
}

// Buildspec fills what the model holds of the commands of a build. They are the
// place of a file unless they span lines.
func Buildspec(f *Form, p *aws.BuildProject, v Value) {
	if v.Kind() == Unknown {
		f.Put(&p.BuildspecInline, v)
		Secrets(f, &p.BuildspecSecrets, v)
		return
	}
	written := text(v.Parts())
	inline := strings.ContainsAny(written, "\n:{") && !strings.HasPrefix(written, "arn:")
	f.Put(&p.BuildspecInline, Flag(inline, v.at))
	if !inline {
		v = Value{}
	}
	Secrets(f, &p.BuildspecSecrets, v)
}

// BuildVariable reads one variable of a build environment. Those that come
// from a store hold no secret themselves.
func BuildVariable(f *Form, e *aws.EnvVar, name, value, typ Value) {
	text, _ := f.Stand(name).Known()
	if from, known := typ.Known(); known && from != "PLAINTEXT" {
		f.Is(&e.Reference, true)
		f.Default(&e.SHA256, &e.Secret)
	} else {
		f.Default(&e.SHA256, &e.Secret, &e.Reference)
		*e = *envVar(f, "secret", text, value)
	}
	f.Put(&e.Name, name)
}

// BucketOf is the bucket of a place in S3, which begins with its name or ARN.
func BucketOf(location Value) Value {
	for i, p := range location.parts {
		if before, _, found := strings.Cut(p.Text, "/"); found {
			return Pieces(append(slices.Clone(location.parts[:i]), Part{Text: before}), location.at)
		}
	}
	return location.Map(func(s string) string {
		bucket, _, _ := strings.Cut(s, "/")
		return bucket
	})
}
