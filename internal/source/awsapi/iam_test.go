package awsapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

const allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

// people makes a user with every credential, in a group, with every kind of policy.
func people(t *testing.T, e *estate) (key string) {
	ctx, c := context.Background(), iam.NewFromConfig(e.cfg)
	ann := awssdk.String("ann")
	must(t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: ann, Tags: []types.Tag{{Key: awssdk.String("team"), Value: awssdk.String("blue")}}}))
	must(t)(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: ann, Password: awssdk.String("Correct-horse-9")}))
	made, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ann})
	must(t)(made, err)
	must(t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: awssdk.String("ops"), Path: awssdk.String("/team/")}))
	must(t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: awssdk.String("ops"), UserName: ann}))
	must(t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: ann, PolicyName: awssdk.String("own"), PolicyDocument: awssdk.String(allowAll)}))
	device, err := c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: awssdk.String("phone")})
	must(t)(device, err)
	must(t)(c.EnableMFADevice(ctx, &iam.EnableMFADeviceInput{
		UserName: ann, SerialNumber: device.VirtualMFADevice.SerialNumber, AuthenticationCode1: awssdk.String("123456"), AuthenticationCode2: awssdk.String("654321"),
	}))
	p, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: awssdk.String("wide"), PolicyDocument: awssdk.String(allowAll)})
	must(t)(p, err)
	must(t)(c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: p.Policy.Arn, PolicyDocument: awssdk.String(strings.ReplaceAll(allowAll, `"Action":"*"`, `"Action":"s3:*"`)), SetAsDefault: true}))
	must(t)(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: awssdk.String("ops"), PolicyArn: p.Policy.Arn}))
	must(t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: awssdk.String("bob")}))
	return *made.AccessKey.AccessKeyId
}

func TestIAMPeople(t *testing.T) {
	e := newEstate(t)
	key := people(t, e)
	s := e.read(t, nil, "iam")

	ann := find[aws.User](t, s, "ann")
	noGaps(t, ann)
	if !ann.PasswordEnabled || !ann.MFAActive || ann.Tags["team"] != "blue" || ann.PasswordLastChanged.IsZero() {
		t.Errorf("ann: %+v", ann)
	}
	if len(ann.AccessKeys) != 1 || ann.AccessKeys[0].ID != key || !ann.AccessKeys[0].Active || ann.AccessKeys[0].CreatedAt.IsZero() {
		t.Errorf("keys of ann: %+v", ann.AccessKeys)
	}
	noGaps(t, ann.AccessKeys[0])
	if len(ann.MFADevices) != 1 || ann.MFADevices[0].Type != "virtual" {
		t.Errorf("second factors of ann: %+v", ann.MFADevices)
	}
	if len(ann.InlinePolicies) != 1 || ann.InlinePolicies[0].Document.Statements[0].Actions[0] != "*" {
		t.Errorf("own policies of ann: %+v", ann.InlinePolicies)
	}

	ops := find[aws.Group](t, s, "ops")
	if len(ops.Users) != 1 || ops.Users[0].Target() != ann || ann.Groups[0].Target() != ops {
		t.Errorf("members of ops: %+v, groups of ann: %+v", ops.Users, ann.Groups)
	}
	wide := find[aws.ManagedPolicy](t, s, "wide")
	noGaps(t, wide, "policy_id")
	if wide.Document.Statements[0].Actions[0] != "s3:*" || len(wide.OtherVersions) != 1 || wide.OtherVersions[0].Document.Statements[0].Actions[0] != "*" {
		t.Errorf("versions of wide: %+v and %+v", wide.Document, wide.OtherVersions)
	}
	if wide.AWSManaged || wide.AttachmentCount != 1 || len(wide.Groups) != 1 {
		t.Errorf("use of wide: %+v", wide)
	}
	bob := find[aws.User](t, s, "bob")
	noGaps(t, bob)
	if bob.PasswordEnabled || bob.MFAActive || len(bob.AccessKeys) != 0 {
		t.Errorf("bob: %+v", bob)
	}
	phone := find[aws.VirtualMFADevice](t, s, "phone")
	if phone.User.Target() != ann || phone.Root {
		t.Errorf("phone: %+v", phone)
	}
}

func TestIAMRoles(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), iam.NewFromConfig(e.cfg)
	trust := awssdk.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	must(t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: awssdk.String("web"), AssumeRolePolicyDocument: trust, MaxSessionDuration: awssdk.Int32(7200)}))
	must(t)(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: awssdk.String("web"), PolicyArn: awssdk.String("arn:aws:iam::aws:policy/AdministratorAccess")}))
	must(t)(c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: awssdk.String("web")}))
	must(t)(c.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: awssdk.String("web"), RoleName: awssdk.String("web")}))
	must(t)(c.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: awssdk.String("autoscaling.amazonaws.com")}))
	must(t)(c.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{Url: awssdk.String("https://token.actions.githubusercontent.com"), ClientIDList: []string{"sts.amazonaws.com"}}))

	s := e.read(t, nil, "iam")
	web := find[aws.Role](t, s, "web")
	noGaps(t, web)
	if web.ServiceLinked || web.MaxSessionSeconds != 7200 || web.TrustPolicy.Statements[0].Principals[0].ID != "ec2.amazonaws.com" {
		t.Errorf("web: %+v", web)
	}
	admin := find[aws.ManagedPolicy](t, s, "AdministratorAccess")
	if !admin.AWSManaged || web.AttachedPolicies[0].Target() != admin || admin.Document == nil {
		t.Errorf("policies of web: %+v", web.AttachedPolicies)
	}
	if len(web.InstanceProfiles) != 1 {
		t.Errorf("instance profiles of web: %+v", web.InstanceProfiles)
	}
	if linked := find[aws.Role](t, s, "AWSServiceRoleForAutoScaling"); !linked.ServiceLinked {
		t.Errorf("service-linked role: %+v", linked)
	}
	for _, r := range s.Resources {
		if p, ok := r.(*aws.ManagedPolicy); ok && p != admin && p.AttachmentCount == 0 {
			t.Errorf("%s is AWS's own, unused, and was kept", p.Name)
		}
	}
	if idp := find[aws.OIDCProvider](t, s, "token.actions.githubusercontent.com"); idp.URL != "token.actions.githubusercontent.com" {
		t.Errorf("provider: %+v", idp)
	}
}

func TestIAMAccount(t *testing.T) {
	e := newEstate(t)
	a := e.read(t, nil, "iam").Resources[0].(*aws.Account)
	if a.PasswordPolicy != nil || a.Gap("password_policy") != nil {
		t.Errorf("no password policy is a fact: %+v, %v", a.PasswordPolicy, a.Gap("password_policy"))
	}
	if a.Root == nil || a.Root.MFAEnabled || a.Root.AccessKeys || !a.Root.PasswordEnabled {
		t.Errorf("root: %+v", a.Root)
	}
	noGaps(t, a.Root, "last_used", "password_last_used", "password_last_changed")
	if g := a.Root.Gap("last_used"); g == nil || g.Reason != cloud.Missing {
		t.Errorf("the emulator's report lacks root: %v", g)
	}
	_, err := iam.NewFromConfig(e.cfg).UpdateAccountPasswordPolicy(context.Background(), &iam.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: awssdk.Int32(14), MaxPasswordAge: awssdk.Int32(90)})
	must(t)(nil, err)
	a = e.read(t, nil, "iam").Resources[0].(*aws.Account)
	if p := a.PasswordPolicy; p == nil || p.MinimumLength != 14 || p.MaxAgeDays != 90 || p.ReusePrevention != 0 || p.RequireSymbols {
		t.Errorf("password policy: %+v", p)
	}
}

// TestIAMRefused refuses one operation after the other and looks at what is
// known of a user without it.
func TestIAMRefused(t *testing.T) {
	e := newEstate(t)
	people(t, e)
	replies := &replies{}
	for _, c := range []struct {
		refuse string
		gaps   []string // on the user
		keys   []string // on her access key
	}{
		{"iam:ListAccessKeys", nil, []string{"id"}},
		{"iam:GetAccessKeyLastUsed", nil, nil},
		{"iam:ListMFADevices", []string{"mfa_devices"}, nil},
		{"iam:GetLoginProfile", []string{"password_reset_required"}, nil},
		{"iam:GetCredentialReport", []string{"password_last_changed", "signing_certificates"}, nil},
		{"iam:ListAccessKeys iam:GetCredentialReport", []string{"access_keys", "password_last_changed", "signing_certificates"}, nil},
		{"iam:ListUsers", nil, nil},
	} {
		t.Run(c.refuse, func(t *testing.T) {
			s := e.read(t, func(cfg *Config) { cfg.Transport = refusing{e, replies, strings.Fields(c.refuse)} }, "iam")
			ann := find[aws.User](t, s, "ann")
			wantGaps(t, ann, c.gaps)
			if len(ann.AccessKeys) > 0 {
				wantGaps(t, ann.AccessKeys[0], c.keys)
			}
			if ann.Gap("mfa_active") == nil && !ann.MFAActive || ann.Gap("password_enabled") == nil && !ann.PasswordEnabled {
				t.Errorf("a refusal changed what is known: %+v", ann)
			}
		})
	}
	s := e.read(t, func(cfg *Config) {
		cfg.Transport = refusing{e, replies, []string{"iam:GetAccountAuthorizationDetails"}}
	}, "iam")
	for _, kind := range []cloud.Kind{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"} {
		i := slices.IndexFunc(s.Collections, func(c cloud.Collection) bool { return c.Kind == kind })
		if i < 0 || s.Collections[i].Gap == nil || s.Collections[i].Gap.Reason != cloud.Denied {
			t.Errorf("%s was refused, yet: %+v", kind, s.Collections)
		}
	}
}

func wantGaps(t *testing.T, o cloud.Gapped, want []string) {
	t.Helper()
	noGaps(t, o, want...)
	for _, field := range want {
		if o.Obj().Gap(field) == nil {
			t.Errorf("no gap on %s", field)
		}
	}
}

// refusing denies the named operations of the services that name theirs in
// the body, and passes on all other calls.
type refusing struct {
	*estate
	*replies
	operations []string
}

// replies keeps the one reply that the emulator takes seconds to make.
type replies struct {
	sync.Mutex
	details []byte
}

func (d refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	for _, op := range d.operations {
		_, action, _ := strings.Cut(op, ":")
		if bytes.Contains(body, []byte("Action="+action+"&")) {
			deny := `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: ` + op + `</Message></Error></ErrorResponse>`
			return &http.Response{StatusCode: 403, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(deny)), Request: r}, nil
		}
	}
	if !bytes.Contains(body, []byte("Action=GetAccountAuthorizationDetails&")) {
		return d.estate.RoundTrip(r)
	}
	d.Lock()
	defer d.Unlock()
	if d.details == nil {
		out, err := d.estate.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer out.Body.Close()
		d.details, _ = io.ReadAll(out.Body)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(bytes.NewReader(d.details)), Request: r}, nil
}

func TestCredentialReport(t *testing.T) {
	const header = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,cert_1_active,cert_1_last_rotated\n"
	const root = "<root_account>,arn:aws:iam::1:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-02T03:04:05+00:00,not_supported,true,false,N/A,N/A,false,2025-01-01T00:00:00+00:00,false,N/A\n"
	denied := &cloud.Gap{Reason: cloud.Denied}
	for _, c := range []struct {
		name    string
		report  string
		summary map[string]int32
		gap     *cloud.Gap
		want    aws.RootUser
		gaps    []string
	}{
		{"both", header + root, map[string]int32{"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 1, "AccountSigningCertificatesPresent": 0, "AccountPasswordPresent": 1}, nil,
			aws.RootUser{PasswordEnabled: true, MFAEnabled: true, AccessKeys: true, LastUsed: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, nil},
		{"report alone", header + root, nil, denied,
			aws.RootUser{PasswordEnabled: true, MFAEnabled: true, AccessKeys: true, LastUsed: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, nil},
		{"summary alone", header, map[string]int32{"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountSigningCertificatesPresent": 0, "AccountPasswordPresent": 0}, nil,
			aws.RootUser{}, []string{"last_used", "password_last_used", "password_last_changed"}},
		{"neither", header, nil, denied,
			aws.RootUser{PasswordEnabled: true}, []string{"mfa_enabled", "access_keys", "signing_certificates", "password_enabled", "last_used", "password_last_used", "password_last_changed"}},
		{"a summary without the keys", header, map[string]int32{"Users": 3}, nil,
			aws.RootUser{PasswordEnabled: true}, []string{"mfa_enabled", "access_keys", "signing_certificates", "last_used", "password_last_used", "password_last_changed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, gap := parseCredentialReport([]byte(c.report))
			if gap != nil {
				t.Fatal(gap)
			}
			got := rootUser(c.summary, c.gap, (&credentialReport{rows: rows}).row("arn:aws:iam::1:root", "<root_account>"))
			wantGaps(t, got, c.gaps)
			if got.PasswordEnabled != c.want.PasswordEnabled || got.MFAEnabled != c.want.MFAEnabled || got.AccessKeys != c.want.AccessKeys || !got.LastUsed.Equal(c.want.LastUsed) {
				t.Errorf("root: %+v", got)
			}
		})
	}
	for _, broken := range []string{"", "<html>", "a,b\n1,2"} {
		if _, gap := parseCredentialReport([]byte(broken)); gap == nil || gap.Reason != cloud.Malformed {
			t.Errorf("%q: %v", broken, gap)
		}
	}
}
