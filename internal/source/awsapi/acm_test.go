package awsapi

import (
	"context"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"merlon.dev/internal/cloud/aws"
)

func TestACM(t *testing.T) {
	e := newEstate(t)
	ctx := context.Background()
	c := acm.NewFromConfig(e.cfg)
	must(t)(c.RequestCertificate(ctx, &acm.RequestCertificateInput{DomainName: awssdk.String("shop.example.com"), ValidationMethod: types.ValidationMethodDns,
		SubjectAlternativeNames: []string{"www.shop.example.com"}, Tags: []types.Tag{{Key: awssdk.String("team"), Value: awssdk.String("shop")}},
		Options: &types.CertificateOptions{
			CertificateTransparencyLoggingPreference: types.CertificateTransparencyLoggingPreferenceDisabled,
			Export:                                   types.CertificateExportDisabled,
		}}))

	cert := find[aws.Certificate](t, e.read(t, nil, "acm"), "shop.example.com")
	noGaps(t, cert)
	if cert.Type != "AMAZON_ISSUED" || cert.Status == "" || cert.InUse || cert.KeyAlgorithm == "" || cert.TransparencyLogging {
		t.Errorf("certificate: %+v", cert)
	}
	if len(cert.AlternativeNames) != 2 || len(cert.Validations) == 0 || cert.Validations[0].Method != "DNS" || cert.Tags["team"] != "shop" {
		t.Errorf("certificate: %+v", cert)
	}
}

func TestCertificateWithoutItsFields(t *testing.T) {
	cert := &aws.Certificate{}
	summarizeCertificate(cert, types.CertificateSummary{Status: types.CertificateStatusIssued, Type: types.CertificateTypeAmazonIssued})
	describeCertificate(cert, &types.CertificateDetail{})
	for _, field := range []string{"key_algorithm", "in_use", "renewal_eligible", "not_after", "in_use_by", "transparency_logging"} {
		if cert.Gap(field) == nil {
			t.Errorf("no gap on %s", field)
		}
	}
	issued := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	full := summaryOf(&types.CertificateDetail{Type: types.CertificateTypeImported, Status: types.CertificateStatusIssued, NotAfter: &issued,
		KeyAlgorithm: types.KeyAlgorithmEcPrime256v1, InUseBy: []string{"arn"}, RenewalEligibility: types.RenewalEligibilityIneligible})
	cert = &aws.Certificate{}
	summarizeCertificate(cert, full)
	if !cert.InUse || !cert.NotAfter.Equal(issued) || len(cert.Gaps) > 0 {
		t.Errorf("certificate: %+v", cert)
	}
}
