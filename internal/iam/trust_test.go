package iam_test

import (
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/iam"
)

// TestTrust asks three questions about trust policies of account 111122223333:
// s is an untied service, o an outsider, w an untied web identity.
func TestTrust(t *testing.T) {
	for _, c := range []struct {
		name, principal, action, condition, want string
	}{
		{"service", `{"Service":"cloudtrail.amazonaws.com"}`, "sts:AssumeRole", ``, "s"},
		{"service for one account", `{"Service":"cloudtrail.amazonaws.com"}`, "sts:AssumeRole", `{"StringEquals":{"aws:SourceAccount":"111122223333"}}`, ""},
		{"service for resources of one account", `{"Service":"x.amazonaws.com"}`, "sts:AssumeRole", `{"ArnLike":{"AWS:SourceArn":"arn:aws:x:*:111122223333:*"}}`, ""},
		{"service for resources of any account", `{"Service":"x.amazonaws.com"}`, "sts:AssumeRole", `{"ArnLike":{"aws:SourceArn":"arn:aws:x:*:*:*"}}`, "s"},
		{"service, if an account is told", `{"Service":"x.amazonaws.com"}`, "sts:AssumeRole", `{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}}`, "s"},
		{"own account", `{"AWS":"arn:aws:iam::111122223333:root"}`, "sts:AssumeRole", ``, ""},
		{"other account", `{"AWS":"444455556666"}`, "sts:AssumeRole", ``, "o"},
		{"role of another account", `{"AWS":"arn:aws:iam::444455556666:role/x"}`, "sts:AssumeRole", ``, "o"},
		{"other account with an external id", `{"AWS":"444455556666"}`, "sts:AssumeRole", `{"StringEquals":{"sts:ExternalId":"k"}}`, ""},
		{"other account with an optional external id", `{"AWS":"444455556666"}`, "sts:AssumeRole", `{"StringEqualsIfExists":{"sts:ExternalId":"k"}}`, "o"},
		{"other account with a second factor", `{"AWS":"444455556666"}`, "sts:AssumeRole", `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, ""},
		{"other account, second factor if any", `{"AWS":"444455556666"}`, "sts:AssumeRole", `{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`, "o"},
		{"anyone", `"*"`, "sts:AssumeRole", ``, "o"},
		{"anyone of the organization", `"*"`, "sts:AssumeRole", `{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`, ""},
		{"deleted role", `{"AWS":"AROAEXAMPLE"}`, "sts:AssumeRole", ``, ""},
		{"any pipeline", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`, "sts:AssumeRoleWithWebIdentity", `{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}`, "w"},
		{"any pipeline by pattern", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`, "sts:AssumeRoleWithWebIdentity", `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*"}}`, "w"},
		{"pipelines of owners that begin alike", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`, "sts:AssumeRoleWithWebIdentity", `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme*"}}`, "w"},
		{"pipelines of one owner", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`, "sts:AssumeRoleWithWebIdentity", `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme/*"}}`, ""},
		{"one identity pool", `{"Federated":"cognito-identity.amazonaws.com"}`, "sts:AssumeRoleWithWebIdentity", `{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:x"}}`, ""},
		{"SAML", `{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}`, "sts:AssumeRoleWithSAML", `{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + c.principal + `,"Action":"` + c.action + `"`
			if c.condition != "" {
				doc += `,"Condition":` + c.condition
			}
			p, err := aws.ParsePolicy(doc + `}]}`)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, q := range []struct {
				letter string
				proof  cloud.Proof
			}{
				{"s", iam.UntiedService(p)},
				{"o", iam.Outsiders(p, []string{"111122223333"}, []string{"sts:ExternalId", "aws:MultiFactorAuthPresent", "aws:PrincipalOrgID"})},
				{"w", iam.UntiedWebIdentity(p)},
			} {
				if q.proof.Holds {
					got += q.letter
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
