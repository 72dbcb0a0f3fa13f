package proxy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go"

	"merlon.dev/internal/testcloud/proxy"
)

// calls are one call in each protocol.
func calls(cfg aws.Config) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"json": func(ctx context.Context) error { _, err := kms.NewFromConfig(cfg).ListKeys(ctx, nil); return err },
		"cbor": func(ctx context.Context) error {
			_, err := cloudwatch.NewFromConfig(cfg).DescribeAlarms(ctx, nil)
			return err
		},
		"query": func(ctx context.Context) error { _, err := iam.NewFromConfig(cfg).ListUsers(ctx, nil); return err },
		"ec2":   func(ctx context.Context) error { _, err := ec2.NewFromConfig(cfg).DescribeVpcs(ctx, nil); return err },
		"restjson": func(ctx context.Context) error {
			_, err := lambda.NewFromConfig(cfg).ListFunctions(ctx, nil)
			return err
		},
		"restxml": func(ctx context.Context) error {
			_, err := route53.NewFromConfig(cfg).ListHostedZones(ctx, nil)
			return err
		},
		"s3": func(ctx context.Context) error { _, err := s3.NewFromConfig(cfg).ListBuckets(ctx, nil); return err },
		"s3head": func(ctx context.Context) error {
			_, err := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String("b")})
			return err
		},
		"s3control": func(ctx context.Context) error {
			_, err := s3control.NewFromConfig(cfg).GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: aws.String("123456789012")})
			return err
		},
	}
}

func config(transport http.RoundTripper, endpoint string, attempts int) aws.Config {
	return aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "s"}, nil
		}),
		HTTPClient: &http.Client{Transport: transport},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, time.Millisecond })
		},
	}
}

func fresh(t *testing.T, endpoint string) *proxy.Proxy {
	t.Helper()
	p, err := proxy.New(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRefuseSpeaksEveryProtocol(t *testing.T) {
	p := fresh(t, "http://127.0.0.1:1")
	p.On(proxy.Any, proxy.Refuse)
	server := httptest.NewServer(p)
	defer server.Close()
	for where, cfg := range map[string]aws.Config{
		"in process":  config(p, "http://127.0.0.1:1", 1),
		"over a wire": config(to(server.URL), server.URL, 1),
	} {
		for name, call := range calls(cfg) {
			t.Run(where+"/"+name, func(t *testing.T) {
				err := call(t.Context())
				var api smithy.APIError
				if !errors.As(err, &api) {
					t.Fatalf("not an error of the API: %v", err)
				}
				switch api.ErrorCode() {
				case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation":
				case "Forbidden": // all a HEAD can say
				default:
					t.Errorf("refused with %s", api.ErrorCode())
				}
			})
		}
	}
}

// to sends everything to one server, as Proxy itself does.
func to(endpoint string) http.RoundTripper {
	p, err := proxy.New(endpoint)
	if err != nil {
		panic(err)
	}
	return p
}

func TestThrottleIsRetried(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"Keys":[],"Truncated":false}`)
	}))
	defer server.Close()
	p := fresh(t, server.URL)
	p.On(proxy.Named("ListKeys"), proxy.Throttle(2))
	cfg := config(p, server.URL, 3)
	if _, err := kms.NewFromConfig(cfg).ListKeys(t.Context(), nil); err != nil {
		t.Errorf("the third attempt: %v", err)
	}
	if got := p.Calls()[proxy.Operation{Service: "KMS", Name: "ListKeys"}]; got != 3 {
		t.Errorf("%d attempts", got)
	}

	p.Clear()
	p.On(proxy.Any, proxy.Throttle(-1))
	for name, call := range calls(config(p, server.URL, 1)) {
		var api smithy.APIError
		err := call(t.Context())
		if name == "s3head" {
			continue // carries no code
		}
		if !errors.As(err, &api) {
			t.Errorf("%s: %v", name, err)
		} else if _, ok := retry.DefaultThrottleErrorCodes[api.ErrorCode()]; !ok {
			t.Errorf("%s: throttled with %s, which the SDK does not take for throttling", name, api.ErrorCode())
		}
	}
}

func TestRememberAsksOnce(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		_, _ = io.WriteString(w, `{"Keys":[{"KeyId":"k"}],"Truncated":false}`)
	}))
	defer server.Close()
	p := fresh(t, server.URL)
	p.Remember()
	client := kms.NewFromConfig(config(p, server.URL, 1))
	for range 3 {
		out, err := client.ListKeys(t.Context(), nil)
		if err != nil || len(out.Keys) != 1 {
			t.Fatal(out, err)
		}
	}
	if _, err := client.ListKeys(t.Context(), &kms.ListKeysInput{Limit: aws.Int32(5)}); err != nil {
		t.Fatal(err)
	}
	if asked != 2 || p.Forwarded() != 2 {
		t.Errorf("asked the endpoint %d times for two different requests, %d forwarded", asked, p.Forwarded())
	}
}

func TestBrokenAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"Keys":[{"KeyId":"k"}],"Truncated":false}`)
	}))
	defer server.Close()
	for name, fault := range map[string]proxy.Fault{"html": proxy.HTML(500), "truncated": proxy.Truncate, "disconnect": proxy.Disconnect} {
		p := fresh(t, server.URL)
		p.On(proxy.Named("List"), fault)
		if _, err := kms.NewFromConfig(config(p, server.URL, 1)).ListKeys(t.Context(), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	p := fresh(t, server.URL)
	p.On(proxy.Any, proxy.Delay(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := kms.NewFromConfig(config(p, server.URL, 1)).ListKeys(ctx, nil); !errors.Is(err, context.DeadlineExceeded) && !strings.Contains(err.Error(), "deadline") {
		t.Errorf("delayed: %v", err)
	}
}
