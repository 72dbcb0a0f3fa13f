package cloudformation

import (
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ssmMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("AWS::SSM::Parameter", "Name", "", parameter),
		code.Makes("AWS::SSM::Document", "Name", "arn:{partition}:ssm:{region}:{account}:document/{name}", ssmDocument),
	}
}

// parameter reads a parameter. CloudFormation makes no SecureString.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
func parameter(f *code.Form, p *aws.Parameter) {
	f.Set(&p.Type, "Type")
	f.Set(&p.Tier, "Tier", "Standard")
	f.Default(&p.KMSKey)
	code.NamedLikeASecret(f, &p.NamedLikeASecret, f.Get("Name").Or(code.Text(f.Resource().Label, nil)))
}

// ssmDocument reads a document. A template cannot share one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html
func ssmDocument(f *code.Form, d *aws.Document) {
	f.Set(&d.Type, "DocumentType", "Command")
	f.Set(&d.Format, "DocumentFormat", "JSON")
	f.Default(&d.Public, &d.SharedWith)
	code.Secrets(f, &d.Secrets, f.Get("Content").Flat())
}
