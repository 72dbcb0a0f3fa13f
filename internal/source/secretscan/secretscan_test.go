package secretscan_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"merlon.dev/internal/source/secretscan"
)

// Keys are put together here so that no scanner takes this file for a leak.
var (
	awsKey  = "AKIA" + "QWERTYUIOPASDFGH"
	github  = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
	pemKey  = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + strings.Repeat("MIIEpAIBAAKCAQEA04up8hoqzS1APIB0RhjXyObwHQnOzhAk5Bd7mhkSbPkyhP1\n", 3) + "-----END RSA " + "PRIVATE KEY-----"
	example = "AKIA" + "IOSFODNN7EXAMPLE"
)

func TestValue(t *testing.T) {
	for _, test := range []struct {
		name, value, want string
	}{
		{"LOG_LEVEL", "debug", ""},
		{"REGION", "eu-west-1", ""},
		{"TABLE_NAME", "orders-production-table", ""},
		{"AWS_ACCESS_KEY_ID", awsKey, "aws-access-token"},
		{"ANYTHING", awsKey, "aws-access-token"},
		{"ANYTHING", example, "aws-access-token"},
		{"GH", github, "github-pat"},
		{"SSH", pemKey, "private-key"},
		{"DB_PASSWORD", "SuperSecret123!", "named-like-a-secret"},
		{"dbPassword", "hunter22", "named-like-a-secret"},
		{"DB_PASSWORD", "", ""},
		{"DB_PASSWORD", "${DB_PASSWORD}", ""},
		{"DB_PASSWORD", "********", ""},
		{"DB_PASSWORD", "{{resolve:secretsmanager:db:SecretString:password}}", ""},
		{"DB_PASSWORD_ARN", "orders/db", ""},
		{"DB_SECRET", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", ""},
		{"SECRET", "/orders/db/password", ""},
		{"TOKEN_TTL", "3600", ""},
		{"REQUIRE_TOKEN", "true", ""},
		{"TOKEN_URL", "https://login.example.com/oauth/token", ""},
		{"COMPASS", "north-by-northwest", ""},
		{"DATABASE_URL", "postgres://app:hunter22@db.internal:5432/app", "url-credentials"},
		{"DATABASE_URL", "postgres://app@db.internal:5432/app", ""},
		{"DATABASE_URL", "postgres://app:${PASS}@db.internal:5432/app", ""},
	} {
		got, err := secretscan.Value(test.name, test.value)
		if err != nil || got.Detector != test.want {
			t.Errorf("%s=%s: got %q, %v, want %q", test.name, test.value, got.Detector, err, test.want)
		}
		if got.SHA256 != secretscan.Hash(test.value) {
			t.Errorf("%s: wrong hash", test.name)
		}
	}
}

func TestValueKnowsAReference(t *testing.T) {
	for value, want := range map[string]bool{
		"arn:aws:ssm:eu-west-1:123456789012:parameter/db": true,
		"{{resolve:ssm-secure:db:1}}":                     true,
		"plain":                                           false,
		"see arn:aws:ssm:eu-west-1:123456789012:parameter/db there": false,
	} {
		if got, _ := secretscan.Value("X", value); got.Reference != want {
			t.Errorf("%s: reference %v, want %v", value, got.Reference, want)
		}
	}
}

func TestText(t *testing.T) {
	text := strings.Join([]string{
		"#!/bin/bash",
		"set -e",
		"export DB_PASSWORD='SuperSecret123!'",
		"curl -H \"Authorization: token " + github + "\" https://api.example.com",
		"password: ${from_the_store}",
		"mysql --password hunter2222 -e 'select 1'",
		"echo " + awsKey,
		"echo passing the token along",
	}, "\n")
	got, err := secretscan.Text(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		line     int
		detector string
	}{{3, "named-like-a-secret"}, {4, "github-pat"}, {6, "named-like-a-secret"}, {7, "aws-access-token"}}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i, w := range want {
		if got[i].Line != w.line || got[i].Detector != w.detector {
			t.Errorf("finding %d: %+v, want %+v", i, got[i], w)
		}
	}
	if got[0].SHA256 != secretscan.Hash("SuperSecret123!") {
		t.Error("the hash is not that of the secret alone")
	}
}

func TestTextUnpacksGzip(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte("#!/bin/sh\necho " + awsKey + "\n"))
	w.Close()
	got, err := secretscan.Text(packed.String())
	if err != nil || len(got) != 1 || got[0].Line != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSecretName(t *testing.T) {
	for name, want := range map[string]bool{
		"/orders/db/password": true, "apiKey": true, "API_KEY": true, "STRIPE_SECRET_KEY": true, "github-token": true,
		"password_policy": false, "secret_name": false, "monkey": false, "KEYBOARD": false, "tokenizer": false, "": false, "PUBLIC_KEY": false,
	} {
		if got := secretscan.SecretName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("export DB_PASSWORD='SuperSecret123!'\n")
	f.Add("postgres://a:bcd@e")
	f.Add("\x1f\x8b\x08")
	f.Add("token: \xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		found, err := secretscan.Text(text)
		if err != nil {
			t.Fatal(err)
		}
		last := 1
		for _, s := range found {
			if s.Line < last || len(s.SHA256) != 64 || s.Detector == "" {
				t.Fatalf("odd finding %+v after line %d", s, last)
			}
			last = s.Line
		}
	})
}

func TestWithoutLogin(t *testing.T) {
	for _, x := range []struct {
		location, clean string
		secret          bool
	}{
		{"https://github.com/a/b", "https://github.com/a/b", false},
		{"https://user@github.com/a/b", "https://github.com/a/b", false},
		{"https://user:pass@github.com/a/b", "https://github.com/a/b", true},
		{"https://" + strings.Repeat("t", 40) + "@github.com/a/b", "https://github.com/a/b", true},
		{"git@github.com:a/b", "git@github.com:a/b", false},
		{"bucket/key.zip", "bucket/key.zip", false},
		{"https://a:b@bad host/%zz", "", true},
	} {
		clean, secret := secretscan.WithoutLogin(x.location)
		if clean != x.clean || secret != x.secret {
			t.Errorf("%s: %q, %v", x.location, clean, secret)
		}
	}
}
