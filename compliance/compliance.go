// Package compliance is the mapping from the requirements of frameworks to
// rules: one YAML file for each framework. It holds no code. Titles are in our
// own words; numbers are the frameworks' own.
package compliance

import "embed"

// FS holds framework files at its root.
//
//go:embed *.yaml
var FS embed.FS
