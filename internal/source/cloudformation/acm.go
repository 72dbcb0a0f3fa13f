package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func acmMappings() []code.Mapping {
	return []code.Mapping{code.Makes("AWS::CertificateManager::Certificate", "DomainName", "", certificate)}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
func certificate(f *code.Form, c *aws.Certificate) {
	f.Put(&c.Type, f.Get("CertificateAuthorityArn").Present().Choose("PRIVATE", "AMAZON_ISSUED"))
	f.Set(&c.DomainName, "DomainName")
	f.Set(&c.AuthorityARN, "CertificateAuthorityArn")
	f.Set(&c.AlternativeNames, "SubjectAlternativeNames")
	f.Set(&c.KeyAlgorithm, "KeyAlgorithm", "RSA_2048")
	f.Put(&c.TransparencyLogging, f.Get("CertificateTransparencyLoggingPreference").Or(code.Text("ENABLED", nil)).Is("ENABLED"))
	f.Put(&c.Exportable, f.Get("CertificateExport").Is("ENABLED"))
	f.Default(&c.ImportedAt, &c.Validations)
	if c.Type == "AMAZON_ISSUED" {
		code.Add(f, &c.Validations, func(f *code.Form, v *aws.DomainValidation) {
			f.Set(&v.DomainName, "DomainName")
			f.Set(&v.Method, "ValidationMethod", "EMAIL")
		})
	}
}
