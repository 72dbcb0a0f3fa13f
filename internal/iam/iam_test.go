package iam_test

import (
	"strings"
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/iam"
)

// document is a policy of the given statements, in JSON.
func document(t testing.TB, statements ...string) *aws.Policy {
	t.Helper()
	p, err := aws.ParsePolicy(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func verdict(p cloud.Proof) string {
	switch {
	case p.Gap != nil:
		return "unknown"
	case p.Holds:
		return "yes"
	}
	return "no"
}

func TestPublic(t *testing.T) {
	open := func(condition string) string {
		return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}`
	}
	deny := func(condition string) string {
		return `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{` + condition + `}}`
	}
	for _, c := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"everyone", []string{open("")}, "yes"},
		{"everyone, spelled out", []string{`{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","*"]},"Action":"*","Resource":"*"}`}, "yes"},
		{"everyone but one", []string{`{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}`}, "yes"},
		{"one account", []string{`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}`}, "no"},
		{"a service", []string{`{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"*","Resource":"*"}`}, "no"},
		{"the organization", []string{open(`"StringEquals":{"aws:PrincipalOrgID":"o-1"}`)}, "no"},
		{"any organization", []string{open(`"StringLike":{"aws:PrincipalOrgID":"o-*"}`)}, "yes"},
		{"the organization, if the key is there", []string{open(`"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`)}, "yes"},
		{"every one of no values", []string{open(`"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-1"}`)}, "yes"},
		{"key in capitals", []string{open(`"StringEquals":{"AWS:SOURCEACCOUNT":"111122223333"}`)}, "no"},
		{"a source of one account", []string{open(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}`)}, "no"},
		{"a source of any account", []string{open(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic"}`)}, "yes"},
		{"a source bucket", []string{open(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::logs"}`)}, "no"},
		{"a variable", []string{open(`"StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}`)}, "yes"},
		{"a network", []string{open(`"IpAddress":{"aws:SourceIp":["10.1.2.0/24","2001:db8::/32"]}`)}, "no"},
		{"half the internet", []string{open(`"IpAddress":{"aws:SourceIp":["10.1.2.0/24","0.0.0.0/1"]}`)}, "yes"},
		{"not a network", []string{open(`"NotIpAddress":{"aws:SourceIp":"10.1.2.0/24"}`)}, "yes"},
		{"a user name, which anyone may choose", []string{open(`"StringEquals":{"aws:username":"alice"}`)}, "yes"},
		{"a private address in any VPC", []string{open(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`)}, "yes"},
		{"the organization of the resource, not the caller", []string{open(`"StringEquals":{"aws:ResourceOrgPaths":"o-1/r-1/"}`)}, "yes"},
		{"subscriptions of one domain's addresses", []string{open(`"StringLike":{"sns:Endpoint":"*@example.com"}`)}, "no"},
		{"subscriptions of every address", []string{open(`"StringLike":{"sns:Endpoint":"*@*"}`)}, "yes"},
		{"calls through an open function URL", []string{open(`"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}`)}, "no"},
		{"calls through a function URL, which need a right of their own", []string{open(`"Bool":{"lambda:InvokedViaFunctionUrl":"true"}`)}, "no"},
		{"calls through no function URL", []string{open(`"Bool":{"lambda:InvokedViaFunctionUrl":"false"}`)}, "yes"},
		{"signed calls through a function URL, whoever signs", []string{open(`"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`)}, "yes"},
		{"over TLS", []string{open(`"Bool":{"aws:SecureTransport":"true"}`)}, "yes"},
		{"a referer is no identity", []string{open(`"StringLike":{"aws:Referer":"https://example.org/*"}`)}, "yes"},
		{"taken back from outsiders", []string{open(""), deny(`"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}`)}, "no"},
		{"taken back from outsiders that are no service", []string{open(""), deny(`"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}`)}, "no"},
		{"taken back from plain HTTP only", []string{open(""), deny(`"Bool":{"aws:SecureTransport":"false"}`)}, "yes"},
		{"taken back for other actions", []string{open(""), `{"Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*"}`}, "yes"},
		{"taken back altogether", []string{open(""), deny("")}, "no"},
		{"an access point of one account", []string{open(`"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}`)}, "no"},
	} {
		if got := verdict(iam.Public(document(t, c.statements...), nil)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPublicForActions(t *testing.T) {
	p := document(t, `{"Effect":"Allow","Principal":"*","Action":["s3:Get*","s3:List*"],"Resource":"*"}`)
	for pattern, want := range map[string]string{"s3:GetObject": "yes", "s3:Put*": "no", "s3:*Object": "yes", "s3:?etObject": "yes", "sqs:*": "no", "*": "yes"} {
		if got := verdict(iam.Public(p, []string{pattern})); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
	but := document(t, `{"Effect":"Allow","Principal":"*","NotAction":"s3:Put*","Resource":"*"}`)
	if got := verdict(iam.Public(but, []string{"s3:PutObject"})); got != "no" {
		t.Errorf("all but Put: %s", got)
	}
	if got := verdict(iam.Public(but, []string{"s3:GetObject"})); got != "yes" {
		t.Errorf("all but Put, asked for Get: %s", got)
	}
}

func TestGapsInPolicies(t *testing.T) {
	closed := `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}`
	p := document(t, closed)
	p.SetGap(&cloud.Gap{Reason: cloud.Computed, Partial: true}, "statements")
	if got := verdict(iam.Public(p, nil)); got != "unknown" {
		t.Errorf("a hidden statement may be open: %s", got)
	}
	p = document(t, closed, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)
	p.SetGap(&cloud.Gap{Reason: cloud.Computed, Partial: true}, "statements")
	if got := verdict(iam.Public(p, nil)); got != "yes" {
		t.Errorf("a known open statement decides: %s", got)
	}
	p = document(t, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)
	p.Statements[0].SetGap(&cloud.Gap{Reason: cloud.Computed}, "conditions")
	if got := verdict(iam.Public(p, nil)); got != "unknown" {
		t.Errorf("hidden conditions may narrow: %s", got)
	}
}

func TestAdmin(t *testing.T) {
	for _, c := range []struct{ name, statement, want string }{
		{"everything", `{"Effect":"Allow","Action":"*","Resource":"*"}`, "yes"},
		{"every service", `{"Effect":"Allow","Action":["s3:Get*","*:*"],"Resource":["arn:aws:s3:::b","*"]}`, "yes"},
		{"with a second factor", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, "yes"},
		{"one service", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, "no"},
		{"one bucket", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}`, "no"},
		{"own team's things", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}`, "no"},
		{"denied again", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}`, "no"},
	} {
		if got := verdict(iam.Admin(document(t, c.statement))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEscalates(t *testing.T) {
	for _, c := range []struct{ name, statement, want string }{
		{"writes policies", `{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"*"}`, "yes"},
		{"passes a role to a function", `{"Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}`, "yes"},
		{"may not pass roles", `{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}`, "no"},
		{"passes to the driven service", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}},{"Effect":"Allow","Action":"lambda:*","Resource":"*"}`, "yes"},
		{"own access keys only", `{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::*:user/${aws:username}"}`, "no"},
		{"anybody's access keys", `{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::111122223333:user/*"}`, "yes"},
		{"denied again", `{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}`, "no"},
		{"reads only", `{"Effect":"Allow","Action":["iam:Get*","iam:List*"],"Resource":"*"}`, "no"},
	} {
		if got := verdict(iam.Escalates(document(t, c.statement))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDeniesInsecureTransport(t *testing.T) {
	deny := func(action, resource, condition string) string {
		return `{"Effect":"Deny","Principal":"*","Action":"` + action + `","Resource":` + resource + `,"Condition":` + condition + `}`
	}
	const plain = `{"Bool":{"aws:SecureTransport":"false"}}`
	for _, c := range []struct{ name, statement, want string }{
		{"bucket and objects", deny("s3:*", `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`, plain), "yes"},
		{"everything", deny("*", `"*"`, plain), "yes"},
		{"objects only", deny("s3:*", `"arn:aws:s3:::b/*"`, plain), "no"},
		{"reads only", deny("s3:Get*", `"*"`, plain), "no"},
		{"a statement for each", deny("s3:*", `"arn:aws:s3:::b"`, plain) + "," + deny("s3:*", `"arn:aws:s3:::b/*"`, plain), "yes"},
		{"reads of the bucket, all of the objects", deny("s3:Get*", `"arn:aws:s3:::b"`, plain) + "," + deny("s3:*", `"arn:aws:s3:::b/*"`, plain), "no"},
		{"from one network only", deny("s3:*", `"*"`, `{"Bool":{"aws:SecureTransport":"false"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), "no"},
		{"the wrong way round", deny("s3:*", `"*"`, `{"Bool":{"aws:SecureTransport":"true"}}`), "no"},
		{"allowed over TLS, which denies nothing", `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, "no"},
	} {
		if got := verdict(iam.DeniesInsecureTransport(document(t, c.statement))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// FuzzPolicy holds the questions to never panicking, and to agreeing where one
// implies another, on whatever parses as a policy.
func FuzzPolicy(f *testing.F) {
	f.Add(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`)
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["*"]},"NotAction":"s3:*","Condition":{"Bool":{"aws:SecureTransport":false}}}]}`)
	f.Fuzz(func(t *testing.T, doc string) {
		p, err := aws.ParsePolicy(doc)
		if err != nil {
			return
		}
		public := iam.Public(p, nil)
		if for1 := iam.Public(p, []string{"s3:GetObject"}); for1.Holds && !public.Holds && public.Gap == nil {
			t.Error("public for one action, yet not public")
		}
		iam.Escalates(p)
		iam.DeniesInsecureTransport(p)
		if iam.Admin(p).Holds && !iam.Grants(p, "s3:GetObject", "*").Holds && iam.Grants(p, "s3:GetObject", "*").Gap == nil && !strings.Contains(strings.ToLower(doc), "deny") {
			t.Error("admin, yet one action is not granted")
		}
	})
}
