package code

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"merlon.dev/internal/cloud/aws"
)

// Certificate is the first certificate in a text of PEM blocks; nil where the
// text is not known, or holds none that can be read.
func Certificate(v Value) *x509.Certificate {
	text, _ := v.Known()
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return c
}

// Imported decides what the text of a certificate says, in the words of ACM.
// Where it cannot be read all of that stays unknown.
func Imported(f *Form, c *aws.Certificate, pem Value) {
	x := Certificate(pem)
	if x == nil {
		return
	}
	f.Is(&c.DomainName, x.Subject.CommonName)
	f.Is(&c.AlternativeNames, x.DNSNames)
	f.Is(&c.NotBefore, x.NotBefore)
	f.Is(&c.NotAfter, x.NotAfter)
	f.Is(&c.Issuer, x.Issuer.CommonName)
	f.Is(&c.KeyAlgorithm, keyAlgorithm(x))
	f.Is(&c.SignatureAlgorithm, signatureAlgorithm(x))
	f.Default(&c.AuthorityARN, &c.RenewalEligible, &c.RenewalStatus, &c.Validations, &c.Exportable)
	f.Mark(&c.KeyAlgorithm, pem)
}

// https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
func keyAlgorithm(x *x509.Certificate) string {
	switch key := x.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA_%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		switch key.Curve.Params().BitSize {
		case 256:
			return "EC_prime256v1"
		default:
			return fmt.Sprintf("EC_secp%dr1", key.Curve.Params().BitSize)
		}
	}
	return x.PublicKeyAlgorithm.String()
}

func signatureAlgorithm(x *x509.Certificate) string {
	name := x.SignatureAlgorithm.String() // SHA256-RSA, ECDSA-SHA256
	hash, key, _ := strings.Cut(name, "-")
	if strings.HasPrefix(key, "SHA") {
		hash, key = key, hash
	}
	return hash + "WITH" + key
}
