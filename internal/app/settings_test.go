package app_test

import (
	"testing"

	"merlon.dev/internal/app"
)

// FuzzSettings holds the reader of merlon.yaml to errors.
func FuzzSettings(f *testing.F) {
	f.Add([]byte("suppress:\n  - {rule: 'aws-*', reason: r, owner: o, until: 2026-01-01}\nseverity: {a: low}\nparams: {a: {b: [c]}}\n"))
	f.Add([]byte("suppress: [{rule: '[', reason: r, owner: o, until: 2026-01-01}]"))
	f.Fuzz(func(_ *testing.T, src []byte) {
		app.ParseSettings("merlon.yaml", src)
	})
}
