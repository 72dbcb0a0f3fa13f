package code

import (
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// A Permission is what code says of one statement of a function's policy.
type Permission struct {
	Action, Principal, Resource                                                        Value
	SourceARN, SourceAccount, OrganizationID, EventSourceToken, URLAuthType, Qualifier Value
}

// AddPermission adds a permission to the policy of the function, or of the
// alias it is for, as AWS writes it.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func AddPermission(f *Form, fn *aws.Function, p Permission) {
	statement := p.statement()
	if p.Qualifier.IsAbsent() {
		AddStatement(f, &fn.Policy, statement)
		return
	}
	f.decide(&fn.Aliases)
	alias, gap := aliasOf(f, fn, p.Qualifier)
	if gap != nil {
		fn.SetGap(gap.AsPartial(), "aliases")
		return
	}
	if alias.Policy == nil {
		alias.Policy = &aws.Policy{Version: "2012-10-17"}
	}
	alias.Policy.Statements = append(alias.Policy.Statements, f.world.statement(statement))
}

// aliasOf is the alias of a function that a permission or an alias itself
// names; it is made where nothing has yet.
func aliasOf(f *Form, fn *aws.Function, name Value) (*aws.FunctionAlias, *cloud.Gap) {
	name = f.Stand(name)
	if h := name.Hole(); h != nil {
		return nil, h.Gap()
	}
	text := name.Show()
	for _, a := range fn.Aliases {
		if a.Name == text {
			return a, nil
		}
	}
	a := &aws.FunctionAlias{Name: text}
	fn.Aliases = append(fn.Aliases, a)
	return a, nil
}

// AddAlias adds an alias to a function.
func AddAlias(f *Form, fn *aws.Function, name, version Value) {
	f.decide(&fn.Aliases)
	alias, gap := aliasOf(f, fn, name)
	if gap != nil {
		fn.SetGap(gap.AsPartial(), "aliases")
		return
	}
	if text, known := version.Known(); known {
		alias.Version = text
	} else if h := version.Hole(); h != nil {
		alias.SetGap(h.Gap(), "version")
	}
}

func (p Permission) statement() Value {
	conditions := map[string]Value{}
	for _, c := range []struct {
		operator, key string
		value         Value
	}{
		{"ArnLike", "AWS:SourceArn", p.SourceARN},
		{"StringEquals", "AWS:SourceAccount", p.SourceAccount},
		{"StringEquals", "aws:PrincipalOrgID", p.OrganizationID},
		{"StringEquals", "lambda:EventSourceToken", p.EventSourceToken},
		{"StringEquals", "lambda:FunctionUrlAuthType", p.URLAuthType},
	} {
		if c.value.IsAbsent() {
			continue
		}
		keys := map[string]Value{c.key: c.value}
		for k, v := range conditions[c.operator].fields {
			keys[k] = v
		}
		conditions[c.operator] = ObjectOf(keys, nil, c.value.at)
	}
	fields := map[string]Value{"Effect": Text("Allow", nil), "Action": p.Action, "Resource": p.Resource, "Principal": p.principal()}
	if len(conditions) > 0 {
		fields["Condition"] = ObjectOf(conditions, nil, nil)
	}
	return ObjectOf(fields, nil, p.Principal.at)
}

// principal is a service by its name, or else an account or a role.
func (p Permission) principal() Value {
	switch text := p.Principal.Show(); {
	case text == "*":
		return p.Principal
	case strings.HasSuffix(text, ".amazonaws.com"), strings.HasSuffix(text, ".amazon.com"), strings.HasSuffix(text, ".amazonaws.com.cn"):
		return ObjectOf(map[string]Value{"Service": p.Principal}, nil, p.Principal.at)
	}
	return ObjectOf(map[string]Value{"AWS": p.Principal}, nil, p.Principal.at)
}

// FunctionLayer reads a layer from its ARN. One of this code belongs to the
// account of this code.
func FunctionLayer(f *Form, l *aws.FunctionLayer) {
	v := f.Get("")
	f.Put(&l.ARN, f.Stand(v))
	if h := v.Hole(); h != nil && f.world.resource[h.Of] != nil {
		f.Is(&l.Account, string(f.resource.Account))
		return
	}
	f.Put(&l.Account, v.Map(func(arn string) string { return string(cloud.AccountOf(cloud.Ref(arn))) }))
}
