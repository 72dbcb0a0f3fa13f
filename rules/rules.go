// Package rules is the posture content: one YAML file for each claim. It holds
// no code.
package rules

import "embed"

// FS holds the rules under provider/service/claim.yaml.
//
//go:embed aws
var FS embed.FS
