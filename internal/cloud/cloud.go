// Package cloud is the vocabulary of Merlon: what an estate is made of (Ref,
// Resource, Link, Gap, Origin, Snapshot) and what is said about it (Verdict,
// Finding, Evidence).
//
// Everything in it is plain data. It reads nothing, judges nothing and knows
// no provider: typed resources live in the packages below it, one per
// provider. It imports the standard library only.
package cloud

// Ref is the stable identity of a resource: an ARN, or a code address such as
// module.app.aws_s3_bucket.logs. Two resources of one snapshot never share it.
type Ref string

// AccountID is a provider's name for an account: twelve digits at AWS.
type AccountID string

// Region is a provider's name for a region, such as eu-west-1. Resources that
// belong to no region have the empty Region.
type Region string

// Kind names a type of resource in the provider's own words. At AWS it is the
// CloudFormation type name, such as AWS::S3::Bucket.
type Kind string

// A Resource is one thing in the estate.
type Resource interface {
	// Kind is constant for the Go type and callable on its nil pointer.
	Kind() Kind
	// Meta returns the part that all resources share. It is never nil.
	Meta() *Base
}

// AlsoKnown is implemented by resources that others may refer to by a second
// name: a KMS key by its aliases, for one.
type AlsoKnown interface {
	AlsoKnown() []Ref
}

// Base is the part that all resources share. Every resource embeds it.
type Base struct {
	Object
	// Ref is the resource's identity: its ARN, or its address in code.
	Ref Ref `json:"ref"`
	// Name is what people call the resource: a bucket's name, an instance's
	// id, a user's name.
	Name string `json:"name,omitempty"`
	// Account is the id of the account that owns the resource.
	Account AccountID `json:"account,omitempty"`
	// Region is the region the resource lives in; empty for global ones.
	Region Region `json:"region,omitempty"`
	// Tags are the resource's tags, key to value. Empty when it has none.
	Tags map[string]string `json:"tags,omitempty"`
	// ARN is the resource's ARN where the ref is an address in code and the
	// ARN is known. Links by ARN find the resource.
	ARN Ref `json:"arn,omitempty" cel:""`
	// Context is set on resources that are there for others to refer to, and
	// are not themselves judged: the account that code is for.
	Context bool `json:"context,omitempty" cel:""`
	// Origin is where the resource was declared, for resources read from
	// code: the block itself first, then each module call that made it.
	Origin []Origin `json:"origin,omitempty"`
}

// Meta returns b: it makes every struct that embeds Base a Resource but for
// its Kind.
func (b *Base) Meta() *Base { return b }

// An Object is anything in the model whose fields may be unreadable one by
// one. Resources embed it through Base; every struct nested in a resource
// embeds it directly and is held by pointer.
type Object struct {
	// Gaps says which fields of this object could not be read, by the name
	// that rules use for the field. A gap under "*" covers every field but
	// ref: nothing else is known of the object.
	Gaps map[string]*Gap `json:"gaps,omitempty"`
	// Origins says where single fields came from, for resources read from
	// code; under the empty name, where the object itself was written. For
	// live resources see Snapshot.Calls.
	Origins map[string]*Origin `json:"origins,omitempty"`

	// derived are the gaps of backlinks: they follow from what could not be
	// listed, and are not stored.
	derived map[string]*Gap
}

// Obj returns o, so that code outside can reach the Object inside any model
// struct through the Gapped interface.
func (o *Object) Obj() *Object { return o }

// Gapped is any struct of the model: each embeds an Object.
type Gapped interface{ Obj() *Object }

// Gap returns why the field cannot be read, or nil when it can. A partial gap
// is returned too: check Gap.Partial before using the field's known members.
func (o *Object) Gap(field string) *Gap {
	if len(o.Gaps) == 0 && len(o.derived) == 0 { // most objects: short enough to be inlined
		return nil
	}
	return o.gap(field)
}

func (o *Object) gap(field string) *Gap {
	if g := o.derived[field]; g != nil {
		return g
	}
	if g := o.Gaps[Everything]; g != nil && field != "ref" {
		return g
	}
	return o.Gaps[field]
}

// Everything is the field name under which a gap covers the whole object.
const Everything = "*"

// SetGap marks the fields as unreadable. A field keeps the first gap it got.
func (o *Object) SetGap(g *Gap, fields ...string) {
	if g == nil {
		return
	}
	if o.Gaps == nil {
		o.Gaps = make(map[string]*Gap, len(fields))
	}
	for _, f := range fields {
		if old := o.Gaps[f]; old == nil || old.Partial && !g.Partial {
			o.Gaps[f] = g
		}
	}
}

// SetOrigin records where a field's value was written in code.
func (o *Object) SetOrigin(field string, at *Origin) {
	if o.Origins == nil {
		o.Origins = map[string]*Origin{}
	}
	o.Origins[field] = at
}

// Origin is where something came from: an API call, or a place in code.
type Origin struct {
	// Call is the API operation, such as s3:GetBucketPolicy.
	Call string `json:"call,omitempty"`
	// File is a slash-separated path relative to the scanned folder.
	File string `json:"file,omitempty"`
	// Line and EndLine count from 1, both inclusive.
	Line    int `json:"line,omitempty"`
	EndLine int `json:"end_line,omitempty"`
}
