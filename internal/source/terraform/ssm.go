package terraform

import (
	"slices"
	"strconv"
	"strings"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ssmMappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("aws_ssm_parameter", "name", "", parameter),
		code.Makes("aws_ssm_document", "name", "arn:{partition}:ssm:{region}:{account}:document/{name}", ssmDocument),
		code.JoinsEach("aws_ssm_service_setting", serviceSetting),
	}
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter
func parameter(f *code.Form, p *aws.Parameter) {
	f.Set(&p.Type, "type")
	f.Set(&p.Tier, "tier", "Standard")
	f.Default(&p.KMSKey)
	if p.Type == "SecureString" {
		f.Set(&p.KMSKey, "key_id", "alias/aws/ssm")
	}
	code.NamedLikeASecret(f, &p.NamedLikeASecret, f.Get("name"))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_document
func ssmDocument(f *code.Form, d *aws.Document) {
	f.Set(&d.Type, "document_type")
	f.Set(&d.Format, "document_format", "JSON")
	code.Secrets(f, &d.Secrets, f.Get("content"))
	ids := f.Get("permissions.account_ids")
	f.Put(&d.Public, ids.Map(func(list string) string { return strconv.FormatBool(slices.ContainsFunc(accountIDs(list), isAll)) }))
	f.Default(&d.SharedWith)
	if list, ok := ids.Known(); ok {
		d.SharedWith = slices.DeleteFunc(accountIDs(list), isAll)
	} else if h := ids.Hole(); h != nil {
		f.Gap(&d.SharedWith, h.Gap().Reason, h.Why)
	}
}

func accountIDs(list string) []string {
	ids := strings.Split(list, ",")
	for i := range ids {
		ids[i] = strings.TrimSpace(ids[i])
	}
	return ids
}

func isAll(id string) bool { return strings.EqualFold(id, "all") }

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_service_setting
func serviceSetting(f *code.Form) {
	id := f.Get("setting_id").Show()
	if strings.HasSuffix(id, "/ssm/documents/console/public-sharing-permission") {
		code.ConfigureAccount(f, func(f *code.Form, r *aws.RegionSettings) { f.Set(&r.SSMDocumentPublicSharing, "setting_value") })
	}
}
