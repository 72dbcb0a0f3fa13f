package code

import (
	"maps"
	"strings"

	"merlon.dev/internal/cloud"
)

// A Mapping says how the resources of one type in code become part of the model.
type Mapping struct {
	// Type in the words of the language: aws_s3_bucket, AWS::S3::Bucket.
	Type string

	name, arn string // see Makes
	parent    string // see Joins
	minor     bool   // see Minor
	kind      cloud.Kind
	new       func() cloud.Resource
	fill      func(*Form, cloud.Resource)
	each      func(*Form)
	parts     map[cloud.Kind]cloud.Ref    // see HasPart
	settle    func(*Form, cloud.Resource) // see Settles
	takes     string                      // see Takes
}

// Makes maps a type to one resource of the model. Name is the path of the
// attribute that names it, which others may refer to it by: "bucket". Arn is a
// pattern for its ARN, with {partition}, {region}, {account}, {name} and paths of attributes
// in braces, a default behind a bar: {path|/}. It is "" where the ARN holds an id that AWS chooses.
func Makes[T any](typ, name, arn string, fill func(*Form, *T)) Mapping {
	return Mapping{Type: typ, name: name, arn: arn, kind: kindOf[T](), new: makerOf[T](), fill: filler(fill)}
}

// Joins maps a type that configures a resource made elsewhere, found through
// the attribute at the path parent. Where that leads out of the code, what the
// type says is judged on its own, as a resource of which nothing else is known.
func Joins[T any](typ, parent string, fill func(*Form, *T)) Mapping {
	return Mapping{Type: typ, parent: parent, kind: kindOf[T](), new: makerOf[T](), fill: filler(fill)}
}

// Named is a Joins that gives the resource one more name, which others may
// refer to it by: the alias of a key. The name is at a path of the body.
func (m Mapping) Named(path string) Mapping {
	m.name = path
	return m
}

// Minor is a Joins of which nothing is left to judge when its resource is made
// outside of the code.
func (m Mapping) Minor() Mapping {
	m.minor = true
	return m
}

// JoinsEach maps a type that configures several resources, or resources of
// several kinds: each finds them with Configure.
func JoinsEach(typ string, each func(*Form)) Mapping { return Mapping{Type: typ, each: each} }

// AlsoJoins adds to a mapping that makes a resource what it says of others:
// each finds them with Configure.
func AlsoJoins(m Mapping, each func(*Form)) Mapping {
	m.each = each
	return m
}

// Alias maps a type that is no more than another name for the resource at the path.
func Alias(typ, of string) Mapping { return Mapping{Type: typ, parent: of} }

// HasPart says that each resource of the mapping comes with an Implied one of
// another kind under this suffix. Code that refers to the whole where that kind
// belongs means the part: aws_instance.web.primary_network_interface_id.
func HasPart[T any](m Mapping, suffix cloud.Ref) Mapping {
	parts := maps.Clone(m.parts)
	if parts == nil {
		parts = map[cloud.Kind]cloud.Ref{}
	}
	parts[kindOf[T]()] = suffix
	m.parts = parts
	return m
}

// Takes says that each resource of the mapping stands in place of the part that
// the one at the path comes with: aws_default_security_group is what its VPC's
// group is. The part is then not implied.
func (m Mapping) Takes(path string) Mapping {
	m.takes = path
	return m
}

// Settles adds to a mapping what can be said only when all resources are filled
// and joined: what one takes over from another, such as from its subnet.
func Settles[T any](m Mapping, settle func(*Form, *T)) Mapping {
	m.settle = filler(settle)
	return m
}

// Ignores maps types that say nothing the model holds.
func Ignores(types ...string) []Mapping {
	out := make([]Mapping, len(types))
	for i, t := range types {
		out[i].Type = t
	}
	return out
}

func kindOf[T any]() cloud.Kind { return any(new(T)).(cloud.Resource).Kind() }

func makerOf[T any]() func() cloud.Resource {
	return func() cloud.Resource { return any(new(T)).(cloud.Resource) }
}

func filler[T any](fill func(*Form, *T)) func(*Form, cloud.Resource) {
	return func(f *Form, r cloud.Resource) { fill(f, any(r).(*T)) }
}

// Configure lets fill set fields of the resource that the value refers to, as
// Joins does: for types mapped by JoinsEach.
func Configure[T any](f *Form, v Value, fill func(*Form, *T)) {
	f.world.configure(f, v, kindOf[T](), makerOf[T](), filler(fill))
}

// ConfigureEach is Configure for every member of a list. Members that are not
// known may be any of those they are derived from.
func ConfigureEach[T any](f *Form, list Value, fill func(*Form, *T)) {
	items, more := list.Items()
	for _, item := range items {
		Configure(f, item, fill)
	}
	if more != nil {
		Configure(f, Unsure(more, nil), fill)
	}
}

// ConfigureAccount lets fill set fields of the account that the code is for.
func ConfigureAccount[T any](f *Form, fill func(*Form, *T)) {
	f.world.configurePlace(f, kindOf[T](), makerOf[T](), filler(fill))
}

// Implied adds a resource that AWS makes along with the one at hand, such as an
// instance's network interface, filled from a value in its code. Others refer to
// it; no rule judges it unless fill says that it is no mere Context.
func Implied[T any](f *Form, suffix cloud.Ref, v Value, fill func(*Form, *T)) cloud.Link[T] {
	t := makerOf[T]()()
	meta := t.Meta()
	meta.Ref = f.resource.Address + suffix
	if by := f.world.taken[meta.Ref]; by != "" {
		return cloud.LinkTo[T](by)
	}
	meta.Name, meta.Account, meta.Region, meta.Origin, meta.Context = f.resource.Label, f.resource.Account, f.resource.Region, f.resource.Origin, true
	if v.at != nil && len(meta.Origin) > 0 {
		meta.Origin = append([]cloud.Origin{*v.at}, meta.Origin[1:]...)
	}
	inner := f.world.form(f.resource, t)
	inner.body = v
	f.world.add(t)
	f.world.forms[meta.Ref] = inner
	fill(inner, any(t).(*T))
	return cloud.LinkTo[T](meta.Ref)
}

// Target is the resource of this code that a link leads to, or nil.
func Target[T any](f *Form, l cloud.Link[T]) *T {
	t, _ := any(f.world.model[l.To]).(*T)
	return t
}

// All are the resources of one kind that this code makes.
func All[T any](f *Form) []*T {
	var all []*T
	for _, r := range f.world.made {
		if t, ok := any(r).(*T); ok {
			all = append(all, t)
		}
	}
	return all
}

// expand fills in the pattern of an ARN; it is "" while a part is not known.
func (r *Resource) expand(pattern, name string) string {
	var b strings.Builder
	for pattern != "" {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			break
		}
		var path string
		path, pattern, _ = strings.Cut(rest, "}")
		switch path {
		case "partition":
			b.WriteString(r.partition())
		case "region":
			b.WriteString(string(r.Region))
		case "account":
			b.WriteString(string(r.Account))
		case "name":
			if name == "" {
				return ""
			}
			b.WriteString(name)
		default:
			path, otherwise, _ := strings.Cut(path, "|")
			s, ok := r.Body.Get(path).Or(Text(otherwise, nil)).Known()
			if !ok || s == "" {
				return ""
			}
			b.WriteString(s)
		}
	}
	return b.String()
}
