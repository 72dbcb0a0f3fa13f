package terraform

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func acmMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_acm_certificate", "domain_name", "", certificate),
		code.Alias("aws_acm_certificate_validation", "certificate_arn"),
	}
}

// certificate reads one that ACM issues, one of a private authority, or one that
// is imported: its own text then says what the others are asked for.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate
func certificate(f *code.Form, c *aws.Certificate) {
	f.Is(&c.Type, "AMAZON_ISSUED")
	switch {
	case !f.Get("certificate_body").IsAbsent():
		f.Is(&c.Type, "IMPORTED")
		f.Is(&c.Status, "ISSUED")
		code.Imported(f, c, f.Get("certificate_body"))
		return
	case !f.Get("certificate_authority_arn").IsAbsent():
		f.Is(&c.Type, "PRIVATE")
	}
	f.Set(&c.DomainName, "domain_name")
	f.Set(&c.AuthorityARN, "certificate_authority_arn")
	f.Set(&c.AlternativeNames, "subject_alternative_names")
	f.Set(&c.KeyAlgorithm, "key_algorithm", "RSA_2048")
	f.Put(&c.TransparencyLogging, f.Get("options.certificate_transparency_logging_preference").Or(code.Text("ENABLED", nil)).Is("ENABLED"))
	f.Put(&c.Exportable, f.Get("options.export").Is("ENABLED"))
	f.Default(&c.ImportedAt, &c.Validations)
	if method := f.Get("validation_method"); !method.IsAbsent() {
		code.Add(f, &c.Validations, func(f *code.Form, v *aws.DomainValidation) {
			f.Set(&v.DomainName, "domain_name")
			f.Set(&v.Method, "validation_method")
		})
	}
}
