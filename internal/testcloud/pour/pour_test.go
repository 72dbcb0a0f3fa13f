package pour_test

import (
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/testcloud"
	"merlon.dev/internal/testcloud/emulator"
	"merlon.dev/internal/testcloud/pour"
	"merlon.dev/internal/testcloud/proxy"
)

// TestEstate pours the whole estate; nothing may be refused, and every kind
// must be poured or known to be lacking.
func TestEstate(t *testing.T) {
	server := emulator.Start(t)
	p, err := proxy.New(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := testcloud.Estate()
	poured, err := pour.Estate(t.Context(), server.URL, p, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range s.Source.Accounts {
		if poured.Accounts[id] == cloud.AccountID("") {
			t.Errorf("no account stands for %s", id)
		}
	}
}
