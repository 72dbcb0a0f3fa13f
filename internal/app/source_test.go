package app

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestSourceShowsNoSecret: what is shown of code holds no secret, and keeps
// what refers to one.
func TestSourceShowsNoSecret(t *testing.T) {
	const code = `variable "pin" {
  default   = "90210-4711"
  sensitive = true
}
variable "public" {
  default   = "90210-4712"
  sensitive = false
}
locals {
  db_password  = "tr0ub4dor-and-3"
  api_token    = var.token
  url          = "postgres://web:tr0ub4dor@db/shop"
  password_len = 12
  "JWT_SECRET" : "b4ttery-h0rse-st4ple",
  key          = <<-EOT
    -----BEGIN RSA PRIVATE KEY-----
    MIIEowIBAAKCAQEA
    -----END RSA PRIVATE KEY-----
  EOT
}`
	const want = `variable "pin" {
  default   = ***
  sensitive = true
}
variable "public" {
  default   = "90210-4712"
  sensitive = false
}
locals {
  db_password  = ***
  api_token    = var.token
  url          = ***
  password_len = 12
  "JWT_SECRET" : ***
  key          = <<-EOT
    ***
    ***
    ***
  EOT
}`
	s := NewSource(fstest.MapFS{"in/a.tf": {Data: []byte(code)}}, func(name string) string { return "in/" + name })
	var got []string
	for from := 1; from <= 30; from += 4 { // as frames ask for it
		got = append(got, s.Lines("a.tf", from, from+3)...)
	}
	if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}
	if s.Lines("none.tf", 1, 5) != nil || s.Lines("a.tf", 90, 95) != nil {
		t.Error("lines of nothing")
	}
}
