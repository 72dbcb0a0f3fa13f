package code_test

import (
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func mappings() []code.Mapping {
	return []code.Mapping{
		code.Makes("bucket", "bucket", "arn:{partition}:s3:::{name}", func(f *code.Form, b *aws.Bucket) {
			f.Default(&b.Versioning, &b.Policy)
			f.Set(&b.ObjectOwnership, "ownership", "BucketOwnerEnforced")
			code.Each(f, &b.CORS, "cors_rule", func(f *code.Form, c *aws.CORSRule) { f.Set(&c.Origins, "allowed_origins") })
		}),
		code.Joins("bucket_versioning", "bucket", func(f *code.Form, b *aws.Bucket) {
			f.Set(&b.Versioning, "versioning_configuration.status")
		}),
		code.Joins("bucket_policy", "bucket", func(f *code.Form, b *aws.Bucket) { f.Set(&b.Policy, "policy") }),
	}
}

func object(fields map[string]code.Value) code.Value { return code.ObjectOf(fields, nil, nil) }

func text(s string) code.Value { return code.Text(s, &cloud.Origin{File: "main.tf", Line: 3}) }

func hole(of cloud.Ref, attr string) *code.Hole {
	return &code.Hole{Of: of, Attr: attr, Why: string(of) + "." + attr + " is computed at apply", Mentions: []cloud.Ref{of}}
}

func refTo(of cloud.Ref, attr string) code.Value {
	return code.Pieces([]code.Part{{Hole: hole(of, attr)}}, nil)
}

func build(rs ...*code.Resource) map[cloud.Ref]*aws.Bucket {
	s := code.Build(code.Input{Resources: rs}, mappings())
	s.Resolve()
	out := map[cloud.Ref]*aws.Bucket{}
	for _, r := range s.Resources {
		if b, ok := r.(*aws.Bucket); ok {
			out[b.Ref] = b
		}
	}
	return out
}

func TestSplitResourcesAreJoined(t *testing.T) {
	version := object(map[string]code.Value{"bucket": refTo("bucket.a", "id"), "versioning_configuration": code.ListOf([]code.Value{object(map[string]code.Value{"status": text("Enabled")})}, nil, nil)})
	unsure := code.Unsure(&code.Hole{Why: "variable x has no default", Mentions: []cloud.Ref{"bucket.b"}}, nil)
	bs := build(
		&code.Resource{Type: "bucket", Address: "bucket.a", Body: object(map[string]code.Value{"bucket": text("a")})},
		&code.Resource{Type: "bucket", Address: "bucket.b", Body: object(nil)},
		&code.Resource{Type: "bucket_versioning", Address: "v.a", Body: version},
		&code.Resource{Type: "bucket_versioning", Address: "v.b", Body: object(map[string]code.Value{"bucket": unsure})},
	)
	if a := bs["bucket.a"]; a.Versioning != "Enabled" || a.Gap("versioning") != nil || a.ARN != "arn:aws:s3:::a" {
		t.Errorf("joined: %+v", a)
	}
	if g := bs["bucket.a"].Gap("website"); g == nil || g.Reason != cloud.NotInCode {
		t.Errorf("what no mapping sets must be a gap, got %v", g)
	}
	if g := bs["bucket.b"].Gap("versioning"); g == nil {
		t.Error("an unclear reference may configure bucket.b: its versioning must be a gap")
	}
	if alone := bs["v.b"]; alone == nil || alone.Gap("policy") == nil || alone.Gap("versioning") != nil {
		t.Errorf("judged on its own: %+v", alone)
	}
}

func TestMaybeUnsettles(t *testing.T) {
	open, other := &code.Hole{Why: "condition Open"}, &code.Hole{Why: "condition Other"}
	version := func(address, of cloud.Ref, maybe *code.Hole) *code.Resource {
		status := object(map[string]code.Value{"status": text("Enabled")})
		return &code.Resource{Type: "bucket_versioning", Address: address, Maybe: maybe, Body: object(map[string]code.Value{"bucket": refTo(of, "id"), "versioning_configuration": status})}
	}
	bs := build(
		&code.Resource{Type: "bucket", Address: "bucket.a", Body: object(nil)}, version("v.a", "bucket.a", open),
		&code.Resource{Type: "bucket", Address: "bucket.b", Maybe: open, Body: object(nil)}, version("v.b", "bucket.b", open),
		&code.Resource{Type: "bucket", Address: "bucket.c", Maybe: open, Body: object(nil)}, version("v.c", "bucket.c", other),
	)
	for ref, known := range map[cloud.Ref]bool{"bucket.a": false, "bucket.b": true, "bucket.c": false} {
		if got := bs[ref].Gap("versioning") == nil; got != known {
			t.Errorf("versioning of %s is known: %t", ref, got)
		}
	}
	if alone := bs["v.a"]; alone == nil || alone.Versioning != "Enabled" {
		t.Error("what may be made is judged on its own, as if it were")
	}
	if bs["v.b"] != nil {
		t.Error("what comes with its bucket is a part of it")
	}
}

func TestPolicyWithHoles(t *testing.T) {
	doc := code.Pieces([]code.Part{
		{Text: `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"`}, {Hole: hole("bucket.a", "arn")}, {Text: `/*"},`},
		{Hole: &code.Hole{Why: "variable more has no default"}}, {Text: `,{"Effect":"Allow","Action":`}, {Hole: &code.Hole{Why: "variable actions has no default"}}, {Text: `,"Resource":"*"}]}`},
	}, nil)
	b := build(
		&code.Resource{Type: "bucket", Address: "bucket.a", Body: object(map[string]code.Value{"bucket": text("a")})},
		&code.Resource{Type: "bucket_policy", Address: "p", Body: object(map[string]code.Value{"bucket": refTo("bucket.a", "bucket"), "policy": doc})},
	)["bucket.a"]
	p := b.Policy
	if p == nil || len(p.Statements) != 2 || p.Gap("statements") == nil {
		t.Fatalf("policy %+v, gaps %v", p, b.Gaps)
	}
	if got := p.Statements[0].Resources[0]; got != "arn:aws:s3:::a/*" {
		t.Errorf("resource %s", got)
	}
	if g := p.Statements[1].Gap("actions"); g == nil || !g.Partial {
		t.Errorf("actions: %v", g)
	}
}

func TestPartsAndWhatTheyTakeOver(t *testing.T) {
	instance := code.Makes("instance", "", "", func(f *code.Form, i *aws.Instance) {
		f.Set(&i.Subnet, "subnet_id")
		i.Interfaces = append(i.Interfaces, code.Implied(f, "/interface", f.Get("nic"), func(f *code.Form, n *aws.NetworkInterface) { f.Set(&n.Subnet, "subnet_id") }))
		f.Default(&i.Interfaces)
	})
	instance = code.Settles(code.HasPart[aws.NetworkInterface](instance, "/interface"), func(f *code.Form, i *aws.Instance) {
		if s := code.Target(f, i.Subnet); s != nil && s.AutoAssignPublicIP && len(code.All[aws.ElasticIP](f)) == 1 {
			f.Is(&i.PublicIP, "given by the subnet")
		}
	})
	s := code.Build(code.Input{Resources: []*code.Resource{
		{Type: "instance", Address: "instance.a", Body: object(map[string]code.Value{"subnet_id": refTo("subnet.a", "id")})},
		{Type: "subnet", Address: "subnet.a", Body: object(nil)},
		{Type: "eip", Address: "eip.a", Body: object(map[string]code.Value{"interface": refTo("instance.a", "interface_id")})},
	}}, []code.Mapping{
		instance,
		code.Makes("subnet", "", "", func(f *code.Form, s *aws.Subnet) { f.Is(&s.AutoAssignPublicIP, true) }),
		code.Makes("eip", "", "", func(f *code.Form, e *aws.ElasticIP) { f.Set(&e.Interface, "interface") }),
	})
	for _, r := range s.Resources {
		switch r := r.(type) {
		case *aws.Instance:
			if r.PublicIP == "" {
				t.Error("the subnet's setting is known when all is filled")
			}
		case *aws.ElasticIP:
			if r.Interface.To != "instance.a/interface" {
				t.Errorf("a reference to the whole means its part, got %s", r.Interface.To)
			}
		case *aws.NetworkInterface:
			if !r.Context || r.Gap("public_ips") == nil {
				t.Errorf("an implied resource is not judged, and what is not said of it is a gap: %+v", r)
			}
		}
	}
}

func TestNamesOfKeys(t *testing.T) {
	s := code.Build(code.Input{Resources: []*code.Resource{
		{Type: "key", Address: "key.a", Body: object(nil)},
		{Type: "key_alias", Address: "alias.a", Body: object(map[string]code.Value{"name": text("alias/a"), "key": refTo("key.a", "id")})},
		{Type: "queue", Address: "queue.a", Region: "eu-west-1", Body: object(map[string]code.Value{"path": text("/x/"), "name": text("a"), "key": text("alias/a")})},
		{Type: "queue", Address: "queue.b", Region: "eu-west-1", Body: object(map[string]code.Value{"key": text("alias/aws/sqs"), "redrive": text(`{"to":["x","Y"]}`)})},
	}}, []code.Mapping{
		code.Makes("key", "", "", func(*code.Form, *aws.Key) {}),
		code.Joins("key_alias", "key", func(f *code.Form, k *aws.Key) { f.Set(&k.Aliases, "name") }).Named("name"),
		code.Makes("queue", "name", "arn:aws:sqs:{region}:{account}{path|/}{name}", func(f *code.Form, q *aws.Queue) {
			f.Set(&q.KMSKey, "key")
			f.Put(&q.FIFO, f.Get("redrive").JSON().Get("to").Has("y"))
		}),
	})
	want := map[cloud.Ref]string{"queue.a": "key.a", "queue.b": "arn:aws:kms:eu-west-1::alias/aws/sqs"}
	for _, r := range s.Resources {
		if q, ok := r.(*aws.Queue); ok && (string(q.KMSKey.To) != want[q.Ref] || q.FIFO != (q.Ref == "queue.b")) {
			t.Errorf("%s: key %s, y %t", q.Ref, q.KMSKey.To, q.FIFO)
		} else if ok && q.Ref == "queue.a" && q.ARN != "arn:aws:sqs:eu-west-1:/x/a" {
			t.Errorf("ARN %s", q.ARN)
		}
	}
}

func TestVPCPartsAreThereOrTaken(t *testing.T) {
	subnet := code.Settles(code.Makes("subnet", "", "", func(f *code.Form, s *aws.Subnet) { f.Set(&s.VPC, "vpc") }), code.SettleSubnet)
	s := code.Build(code.Input{Resources: []*code.Resource{
		{Type: "vpc", Address: "vpc.a", Body: object(nil)},
		{Type: "subnet", Address: "subnet.a", Body: object(map[string]code.Value{"vpc": refTo("vpc.a", "id")})},
		{Type: "default_acl", Address: "acl.a", Body: object(map[string]code.Value{"acl": refTo("vpc.a", "default_acl")})},
		{Type: "rule", Address: "rule.a", Body: object(map[string]code.Value{"group": refTo("vpc.a", "default_group")})},
		{Type: "rule", Address: "rule.b", Body: object(map[string]code.Value{"group": code.Unsure(&code.Hole{Why: "variable x"}, nil)})},
	}}, []code.Mapping{
		code.WithVPCParts(code.Makes("vpc", "", "", func(*code.Form, *aws.VPC) {})), subnet,
		code.Makes("default_acl", "", "", func(f *code.Form, a *aws.NetworkACL) { f.Set(&a.VPC, "acl") }).Takes("acl"),
		code.Joins("rule", "group", func(f *code.Form, g *aws.SecurityGroup) {
			code.Add(f, &g.Ingress, func(f *code.Form, r *aws.SecurityGroupRule) { f.Is(&r.Protocol, "tcp") })
		}),
	})
	s.Resolve()
	for _, r := range s.Resources {
		switch r := r.(type) {
		case *aws.Subnet:
			if r.RouteTable.To != "vpc.a/main-route-table" || !r.MainRouteTable || r.NetworkACL.To != "acl.a" {
				t.Errorf("a subnet has its VPC's table, and the ACL that stands in place of its VPC's: %+v", r)
			}
		case *aws.NetworkACL:
			if r.Ref != "acl.a" || r.VPC.To != "vpc.a" {
				t.Errorf("the VPC's own ACL was taken: %+v", r)
			}
		case *aws.SecurityGroup:
			alone := r.Ref == "rule.b"
			if (len(r.Ingress) == 1) != alone {
				t.Errorf("a rule joins the VPC's group: %+v", r.Ingress)
			}
			if alone && r.Gap("load_balancers") == nil {
				t.Error("who wears a group outside of the code is not known")
			}
		}
	}
}

func TestAnObjectAsText(t *testing.T) {
	doc := object(map[string]code.Value{"a": code.ListOf([]code.Value{text("x"), object(map[string]code.Value{"b": code.Num("1", nil)})}, nil, nil), "c": refTo("key.a", "arn")})
	if got, want := doc.Flat().Show(), "a: x\nb: 1\nc: ${key.a.arn}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := text("PT8H").Seconds().Show(); got != "28800" {
		t.Errorf("PT8H: %s", got)
	}
}
