package code

import "merlon.dev/internal/cloud/aws"

// SettleRepository works out what the scanning rules that this code gives the
// registry of the region decide for a repository.
func SettleRepository(f *Form, r *aws.Repository) {
	f.Default(&r.RegistryScan)
	for _, registry := range All[aws.Registry](f) {
		if registry.Account != r.Account || registry.Region != r.Region || !f.world.forms[registry.Ref].set["scan_rules"] {
			continue
		}
		r.RegistryScan = aws.ScanFor(registry.ScanRules, r.Name)
		r.SetGap(registry.Gap("scan_rules"), "registry_scan")
		r.SetGap(r.Gap("name"), "registry_scan")
	}
}
