package proxy

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
)

// A protocol is one of the forms in which AWS services say no.
type protocol struct {
	contentType string
	render      func(*wireError, http.Header) []byte
	denied      wireError
	throttled   wireError
}

type wireError struct {
	status        int
	code, message string
}

const (
	deniedText    = "User: arn:aws:iam::123456789012:user/auditor is not authorized to do this"
	throttledText = "Rate exceeded"
)

// protocolOf recognises a request's protocol.
func protocolOf(r *http.Request) protocol {
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		return protocol{"application/cbor", cborError, wireError{400, "AccessDeniedException", deniedText}, wireError{400, "ThrottlingException", throttledText}}
	case r.Header.Get("X-Amz-Target") != "":
		return protocol{r.Header.Get("Content-Type"), jsonError, wireError{400, "AccessDeniedException", deniedText}, wireError{400, "ThrottlingException", throttledText}}
	case isForm(r) && signedFor(r) == "ec2":
		return protocol{"text/xml;charset=UTF-8", ec2Error, wireError{403, "UnauthorizedOperation", deniedText}, wireError{503, "RequestLimitExceeded", throttledText}}
	case isForm(r):
		return protocol{"text/xml", xmlError, wireError{403, "AccessDenied", deniedText}, wireError{400, "Throttling", throttledText}}
	case signedFor(r) == "s3" && !strings.HasPrefix(r.URL.Path, "/v20180820/"):
		return protocol{"application/xml", s3Error, wireError{403, "AccessDenied", "Access Denied"}, wireError{503, "SlowDown", "Please reduce your request rate."}}
	case signedFor(r) == "s3", signedFor(r) == "route53", signedFor(r) == "cloudfront":
		return protocol{"text/xml", xmlError, wireError{403, "AccessDenied", deniedText}, wireError{400, "Throttling", throttledText}}
	}
	return protocol{"application/json", restJSONError, wireError{403, "AccessDeniedException", deniedText}, wireError{429, "TooManyRequestsException", throttledText}}
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// signedFor is the service in the request's signature.
func signedFor(r *http.Request) string {
	if m := signature.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		return m[3]
	}
	return ""
}

func refusal(r *http.Request, e wireError) *http.Response {
	p := protocolOf(r)
	header := http.Header{"Content-Type": {p.contentType}}
	a := &answer{e.status, header, p.render(&e, header)}
	if r.Method == http.MethodHead {
		a.body = nil
	}
	return a.response(r)
}

func jsonError(e *wireError, _ http.Header) []byte {
	return fmt.Appendf(nil, `{"__type":%q,"message":%q}`, e.code, e.message)
}

func restJSONError(e *wireError, h http.Header) []byte {
	h.Set("X-Amzn-Errortype", e.code)
	return fmt.Appendf(nil, `{"message":%q}`, e.message)
}

func xmlError(e *wireError, _ http.Header) []byte {
	return fmt.Appendf(nil, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, e.code, e.message)
}

func ec2Error(e *wireError, _ http.Header) []byte {
	return fmt.Appendf(nil, `<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>1</RequestID></Response>`, e.code, e.message)
}

func s3Error(e *wireError, _ http.Header) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message><RequestId>1</RequestId></Error>`, e.code, e.message)
}

// cborError is a CBOR map of two texts.
func cborError(e *wireError, h http.Header) []byte {
	h.Set("Smithy-Protocol", "rpc-v2-cbor")
	b := []byte{0xa2}
	for _, s := range []string{"__type", "com.amazonaws#" + e.code, "message", e.message} {
		b = append(b, 0x79) // a text with a length of two bytes
		b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
		b = append(b, s...)
	}
	return b
}
