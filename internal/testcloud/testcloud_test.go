package testcloud_test

import (
	"encoding/json"
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/testcloud"
)

func TestEstateIsWhole(t *testing.T) {
	s := testcloud.Estate()
	s.Resolve()
	type owned struct {
		ref     cloud.Ref
		account cloud.AccountID
	}
	refs := map[owned]cloud.Kind{}
	type name struct {
		account cloud.AccountID
		region  cloud.Region
		kind    cloud.Kind
		label   string
	}
	labels := map[name]bool{}
	accounts := map[cloud.AccountID]bool{}
	for _, r := range s.Resources {
		m := r.Meta()
		if m.Ref == "" || m.Name == "" || m.Account == "" {
			t.Errorf("%s %q: ref, name or account is missing", r.Kind(), m.Ref)
		}
		if other, taken := refs[owned{m.Ref, m.Account}]; taken {
			t.Errorf("%s is a %s and a %s", m.Ref, other, r.Kind())
		}
		refs[owned{m.Ref, m.Account}] = r.Kind()
		n := name{m.Account, m.Region, r.Kind(), testcloud.Label(r)}
		if labels[n] {
			t.Errorf("two resources have the label %+v", n)
		}
		labels[n] = true
		accounts[m.Account] = true
	}
	if len(accounts) != len(s.Source.Accounts) {
		t.Errorf("resources in %d accounts of %d", len(accounts), len(s.Source.Accounts))
	}
	var instance *aws.Instance
	for _, r := range s.Resources {
		if i, ok := r.(*aws.Instance); ok && testcloud.Label(i) == "web-1" {
			instance = i
		}
	}
	if instance == nil {
		t.Fatal("no web-1")
	}
	if v := instance.VPC.Target(); v == nil || len(v.FlowLogs) != 1 {
		t.Errorf("the VPC of web-1 is not whole: %+v", v)
	}
}

func TestEstateIsAlwaysTheSame(t *testing.T) {
	encode := func() string {
		out, err := json.Marshal(testcloud.Estate().Resources)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	first := encode()
	for range 20 {
		if encode() != first {
			t.Fatal("two descriptions differ")
		}
	}
}
