package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func acmService() *service {
	return &service{name: "acm", kinds: []cloud.Kind{kindOf[aws.Certificate]()}, read: readACM}
}

func readACM(s *scope) {
	c := acm.NewFromConfig(s.cfg)
	kind := kindOf[aws.Certificate]()
	// Unless all key types are named ACM lists the small RSA ones only.
	pages := acm.NewListCertificatesPaginator(c, &acm.ListCertificatesInput{
		Includes: &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()},
	})
	var found []types.CertificateSummary
	list(s, pages, func(out *acm.ListCertificatesOutput) { found = append(found, out.CertificateSummaryList...) }, kind)
	each(s, kind, found, func(in types.CertificateSummary) { readCertificate(s, c, in) })
}

func readCertificate(s *scope, c *acm.Client, in types.CertificateSummary) {
	arn := in.CertificateArn
	cert := &aws.Certificate{Base: s.base(cloud.Ref(awssdk.ToString(arn)), awssdk.ToString(in.DomainName))}
	defer s.add(cert)
	fields := []string{"alternative_names", "in_use_by", "signature_algorithm", "issuer", "authority_arn", "transparency_logging",
		"exportable", "renewal_status", "failure_reason", "validations"}
	summarized := in.Status != ""
	if summarized {
		summarizeCertificate(cert, in)
	} else {
		fields = append(fields, "type", "status", "not_before", "not_after", "created_at", "imported_at", "in_use", "key_algorithm", "renewal_eligible")
	}
	cert.DomainName = awssdk.ToString(in.DomainName)
	fill(s, cert, fields, c.DescribeCertificate, &acm.DescribeCertificateInput{CertificateArn: arn}, func(out *acm.DescribeCertificateOutput) {
		if !summarized {
			summarizeCertificate(cert, summaryOf(out.Certificate))
		}
		describeCertificate(cert, out.Certificate)
	})
	fill(s, cert, []string{"tags"}, c.ListTagsForCertificate, &acm.ListTagsForCertificateInput{CertificateArn: arn}, func(out *acm.ListTagsForCertificateOutput) {
		cert.Tags = tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	})
}

// summaryOf reduces the detail of a certificate to what a listing says of it,
// for endpoints whose listing says less.
func summaryOf(d *types.CertificateDetail) types.CertificateSummary {
	in := types.CertificateSummary{
		Type: d.Type, Status: d.Status, NotBefore: d.NotBefore, NotAfter: d.NotAfter, CreatedAt: d.CreatedAt, ImportedAt: d.ImportedAt,
		KeyAlgorithm: d.KeyAlgorithm, RenewalEligibility: d.RenewalEligibility,
	}
	if d.InUseBy != nil {
		in.InUse = awssdk.Bool(len(d.InUseBy) > 0)
	}
	return in
}

func summarizeCertificate(cert *aws.Certificate, in types.CertificateSummary) {
	cert.Type = needText(cert, "type", in.Type)
	cert.Status = needText(cert, "status", in.Status)
	cert.KeyAlgorithm = needText(cert, "key_algorithm", in.KeyAlgorithm)
	cert.InUse = need(cert, "in_use", in.InUse)
	cert.RenewalEligible = needText(cert, "renewal_eligible", in.RenewalEligibility) == string(types.RenewalEligibilityEligible)
	cert.NotBefore, cert.NotAfter = awssdk.ToTime(in.NotBefore), awssdk.ToTime(in.NotAfter)
	cert.CreatedAt, cert.ImportedAt = awssdk.ToTime(in.CreatedAt), awssdk.ToTime(in.ImportedAt)
	if in.NotAfter == nil && (cert.Status == "ISSUED" || cert.Status == "EXPIRED") {
		need[string](cert, "not_after", nil)
	}
}

func describeCertificate(cert *aws.Certificate, d *types.CertificateDetail) {
	cert.AlternativeNames = d.SubjectAlternativeNames
	if cert.InUseBy = d.InUseBy; d.InUseBy == nil {
		need[string](cert, "in_use_by", nil)
	}
	cert.SignatureAlgorithm = awssdk.ToString(d.SignatureAlgorithm)
	cert.Issuer = awssdk.ToString(d.Issuer)
	cert.AuthorityARN = awssdk.ToString(d.CertificateAuthorityArn)
	cert.FailureReason = string(d.FailureReason)
	if d.RenewalSummary != nil {
		cert.RenewalStatus = string(d.RenewalSummary.RenewalStatus)
	}
	options := d.Options
	if options == nil {
		options = &types.CertificateOptions{}
	}
	cert.Exportable = options.Export == types.CertificateExportEnabled
	if cert.Type == "AMAZON_ISSUED" {
		logging := needText(cert, "transparency_logging", options.CertificateTransparencyLoggingPreference)
		cert.TransparencyLogging = logging == string(types.CertificateTransparencyLoggingPreferenceEnabled)
	}
	for _, v := range d.DomainValidationOptions {
		cert.Validations = append(cert.Validations, &aws.DomainValidation{
			DomainName: awssdk.ToString(v.DomainName), Method: string(v.ValidationMethod), Status: string(v.ValidationStatus),
		})
	}
}
