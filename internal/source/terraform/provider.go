package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/source/code"
)

// place finds the provider of a resource, and with it where it will be made
// and the tags it gets unasked.
func (s *scope) place(i *instance, r *code.Resource) {
	owner, b := s.provider(providerKey(i))
	r.Region, r.Account = s.run.options.Region, s.run.options.Account
	tags := r.Body.Get("tags")
	if b != nil {
		e := owner.env()
		if region, ok := e.setting(b.Body, "region"); ok {
			r.Region = cloud.Region(region)
		}
		if account := e.account(b.Body); account != "" {
			r.Account = account
		}
		tags = e.defaultTags(b.Body, tags)
	}
	if region, ok := r.Body.Get("region").Known(); ok && region != "" {
		r.Region = cloud.Region(region)
	}
	switch {
	case strings.HasPrefix(string(r.Region), "cn-"):
		r.Partition = "aws-cn"
	case strings.HasPrefix(string(r.Region), "us-gov-"):
		r.Partition = "aws-us-gov"
	}
	r.Tags = tags
}

// providerKey is the provider that a resource names, "aws" or "aws.alias", or
// else the one that its type begins with.
func providerKey(i *instance) string {
	if a := i.block.Body.Attributes["provider"]; a != nil {
		if key := traversalKey(a.Expr); key != "" {
			return key
		}
	}
	name, _, _ := strings.Cut(i.typ, "_")
	return name
}

func traversalKey(x hclsyntax.Expression) string {
	t, diags := hcl.AbsTraversalForExpr(x)
	if diags.HasErrors() {
		return ""
	}
	key := t.RootName()
	if alias, ok := stepName(t, 1); ok {
		key += "." + alias
	}
	return key
}

// provider finds a provider's block, and the module that has it: modules get
// their providers from whoever calls them.
// https://developer.hashicorp.com/terraform/language/modules/develop/providers
func (s *scope) provider(key string) (*scope, *hclsyntax.Block) {
	for range maxNesting {
		if b := s.folder.providers[key]; b != nil && (s.parent == nil || len(b.Body.Attributes) > 0) {
			return s, b
		}
		if s.parent == nil {
			return nil, nil
		}
		key = s.passed(key)
		s = s.parent
	}
	return nil, nil
}

// passed is what the caller of the module calls one of its providers.
func (s *scope) passed(key string) string {
	a := s.call.Body.Attributes["providers"]
	if a == nil {
		return key
	}
	object, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return key
	}
	for _, item := range object.Items {
		k, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
		if ok && traversalKey(unwrapped(k)) == key {
			return traversalKey(item.ValueExpr)
		}
	}
	return key
}

func unwrapped(k *hclsyntax.ObjectConsKeyExpr) hclsyntax.Expression {
	if p, ok := k.Wrapped.(*hclsyntax.ParenthesesExpr); ok {
		return p.Expression
	}
	return k.Wrapped
}

// setting is a text in a block that is known.
func (e *env) setting(body *hclsyntax.Body, name string) (string, bool) {
	a := body.Attributes[name]
	if a == nil {
		return "", false
	}
	v, _ := e.scope.run.unsealed(e.known(a.Expr)).Unmark()
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}

// account is the account that a provider is held to, or that its role is in.
func (e *env) account(body *hclsyntax.Body) cloud.AccountID {
	if a := body.Attributes["allowed_account_ids"]; a != nil {
		v := e.scope.run.toCode(e.known(a.Expr), nil, 0)
		if items, more := v.Items(); more == nil && len(items) == 1 {
			if id, ok := items[0].Known(); ok {
				return cloud.AccountID(id)
			}
		}
	}
	if b := blockNamed(body, "assume_role"); b != nil {
		if arn, ok := e.setting(b.Body, "role_arn"); ok {
			return cloud.AccountOf(cloud.Ref(arn))
		}
	}
	return ""
}

// defaultTags merges the provider's default tags with a resource's own.
func (e *env) defaultTags(body *hclsyntax.Body, own code.Value) code.Value {
	b := blockNamed(body, "default_tags")
	if b == nil || b.Body.Attributes["tags"] == nil {
		return own
	}
	all := e.toCode(e.known(b.Body.Attributes["tags"].Expr), b.Body.Attributes["tags"].Expr)
	switch {
	case own.IsAbsent():
		return all
	case all.Kind() != code.Object || own.Kind() != code.Object:
		if h := all.Hole(); h != nil && own.Kind() == code.Object {
			return own.More(h)
		}
		return own
	}
	fields := map[string]code.Value{}
	for _, v := range []code.Value{all, own} {
		names, _ := v.Fields()
		for _, n := range names {
			fields[n] = v.Field(n)
		}
	}
	_, more := all.Fields()
	if _, mine := own.Fields(); mine != nil {
		more = mine
	}
	return code.ObjectOf(fields, more, own.Origin())
}
