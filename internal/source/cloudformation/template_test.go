package cloudformation

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"merlon.dev/internal/source/code"
)

// show writes a value the way the tests read it: holes in braces, what more a
// list or an object may hold after an ellipsis.
func show(v code.Value) string {
	var b strings.Builder
	switch v.Kind() {
	case code.Absent:
		return "-"
	case code.Unknown:
		return "{" + v.Hole().Why + "}"
	case code.String:
		for _, p := range v.Parts() {
			b.WriteString(p.Text)
			if h := p.Hole; h != nil && h.Of != "" {
				fmt.Fprintf(&b, "{%s.%s}", h.Of, h.Attr)
			} else if h != nil {
				b.WriteString("{" + h.Why + "}")
			}
		}
		return fmt.Sprintf("%q", b.String())
	case code.List:
		items, more := v.Items()
		words := []string{}
		for _, item := range items {
			words = append(words, show(item))
		}
		if more != nil {
			words = append(words, "..."+more.Why)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case code.Object:
		names, more := v.Fields()
		words := []string{}
		for _, n := range names {
			words = append(words, n+": "+show(v.Field(n)))
		}
		if more != nil {
			words = append(words, "..."+more.Why)
		}
		return "{" + strings.Join(words, ", ") + "}"
	}
	s, _ := v.Known()
	return s
}

// in reads a template and fails the test when it cannot.
func in(t *testing.T, o Options, template string, more ...string) code.Input {
	t.Helper()
	files := fstest.MapFS{"main.yaml": {Data: []byte(template)}}
	for i := 0; i+1 < len(more); i += 2 {
		files[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	got, err := Read(files, "main.yaml", o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func skips(in code.Input) string {
	var b strings.Builder
	for _, s := range in.Skipped {
		fmt.Fprintf(&b, "%s:%d: %s\n", s.Path, s.Line, s.Why)
	}
	for _, u := range in.Unread {
		fmt.Fprintf(&b, "%s:%d: %s %v\n", u.Origin.File, u.Origin.Line, u.Why, u.Mentions)
	}
	return b.String()
}

// property evaluates one expression as the property of a resource.
func property(t *testing.T, expression string) code.Value {
	t.Helper()
	got := in(t, Options{Region: "eu-west-1"}, `
Parameters:
  Env: {Type: String, Default: prod}
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Open: {Type: String}
  Count: {Type: Number, Default: 3}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/ami}
  Password: {Type: String, NoEcho: true, Default: hunter2}
Mappings:
  Sizes:
    prod: {size: large, encrypted: true, zones: [a, b]}
    dev: {size: small, encrypted: true}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Maybe: !Equals [!Ref Open, "yes"]
  Never: !Equals [!Ref Stage, other]
  Both: !And [!Condition IsProd, !Condition Maybe]
  Either: !Or [!Condition IsProd, !Condition Maybe]
  Loop: !Not [!Condition Loop]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic}
  Gone: {Type: AWS::S3::Bucket, Condition: IsDev}
  X:
    Type: AWS::X::X
    Properties:
      P: `+expression+"\n")
	for _, r := range got.Resources {
		if r.Label == "X" {
			return r.Body.Get("P")
		}
	}
	t.Fatal(skips(got))
	return code.Value{}
}

func TestFunctions(t *testing.T) {
	for expression, want := range map[string]string{
		`text`:                                 `"text"`,
		`yes`:                                  `true`,
		`012345678901`:                         `"012345678901"`,
		`1.50`:                                 `1.50`,
		`2012-10-17`:                           `"2012-10-17"`,
		`!Ref Env`:                             `"prod"`,
		`{Ref: Count}`:                         `3`,
		`!Ref List`:                            `["a", "b", "c"]`,
		`!Ref Open`:                            `{parameter Open has no default}`,
		`!Ref Subnets`:                         `{parameter Subnets has no default}`,
		`!Ref Image`:                           `{parameter Image is read from SSM at deploy}`,
		`!Ref Password`:                        `{parameter Password (NoEcho)}`,
		`!Ref Bucket`:                          `"{Bucket.id}"`,
		`!Ref Topic`:                           `"{Topic.arn}"`,
		`!GetAtt Topic.TopicName`:              `"{Topic.topic_name}"`,
		`!GetAtt Bucket.Arn`:                   `"{Bucket.arn}"`,
		`{"Fn::GetAtt": [Bucket, WebsiteURL]}`: `"{Bucket.website_url}"`,
		`!Ref Gone`:                            `{Gone is not made: its condition is false}`,
		`!Ref Nobody`:                          `{"Nobody" is neither a parameter nor a resource of the template}`,
		`!Ref AWS::NoValue`:                    `-`,
		`!Ref AWS::AccountId`:                  `"{AWS::AccountId is where the stack is deployed}"`,
		`!Sub "${Env}-${AWS::Region}-${!Not}-${Bucket.Arn}/*"`: `"prod-eu-west-1-${Not}-{Bucket.arn}/*"`,
		`!Sub ["${a}${Count}", {a: !Ref Bucket}]`:              `"{Bucket.id}3"`,
		`!Sub "${Open}"`:      `{parameter Open has no default}`,
		`!Sub "x-${Open}"`:    `"x-{parameter Open has no default}"`,
		`!Sub "a ${unclosed"`: `"a ${unclosed"`,
		`!Join ["", ["arn:", !Ref "AWS::Partition", ":s3:::", !Ref Bucket]]`: `"arn:aws:s3:::{Bucket.id}"`,
		`!Join [",", !Ref List]`:                                     `"a,b,c"`,
		`!Join [",", !Ref Subnets]`:                                  `{parameter Subnets has no default}`,
		`!Split [",", "a,b"]`:                                        `["a", "b"]`,
		`!Split [",", !Sub "${Bucket},${Topic}"]`:                    `["{Bucket.id}", "{Topic.arn}"]`,
		`!Select [1, !Split ["/", !Ref Open]]`:                       `{parameter Open has no default}`,
		`!Select [2, !Ref List]`:                                     `"c"`,
		`!Select [7, !Ref List]`:                                     `{Fn::Select: there is no member 7}`,
		`!FindInMap [Sizes, !Ref Env, size]`:                         `"large"`,
		`!FindInMap [Sizes, !Ref Stage, encrypted]`:                  `true`,
		`!FindInMap [Sizes, !Ref Stage, size]`:                       `{parameter Stage has no default}`,
		`!FindInMap [Sizes, none, size]`:                             `{mapping Sizes has no none, size}`,
		`!FindInMap [Sizes, none, size, {DefaultValue: tiny}]`:       `"tiny"`,
		`!If [IsProd, a, b]`:                                         `"a"`,
		`!If [IsDev, a, !Ref "AWS::NoValue"]`:                        `-`,
		`!If [Maybe, a, b]`:                                          `{condition Maybe is open: parameter Open has no default}`,
		`!If [Maybe, a, a]`:                                          `"a"`,
		`!If [Both, a, b]`:                                           `{condition Both is open: condition Maybe is open: parameter Open has no default}`,
		`!If [Either, a, b]`:                                         `"a"`,
		`!If [Never, a, b]`:                                          `"b"`,
		`!If [Loop, a, b]`:                                           `{condition Loop is open: condition Loop refers to itself}`,
		`!If [Missing, a, b]`:                                        `{condition Missing is not declared}`,
		`!If [Maybe, {a: 1, b: 2}, {a: 1, b: 3}]`:                    `{a: 1, b: {condition Maybe is open: parameter Open has no default}}`,
		`!If [Maybe, [a, b], [a]]`:                                   `["a", ...condition Maybe is open: parameter Open has no default]`,
		`[a, !If [Maybe, b, !Ref "AWS::NoValue"], c]`:                `["a", "c", ...condition Maybe is open: parameter Open has no default]`,
		`[a, !If [IsDev, b, !Ref "AWS::NoValue"], c]`:                `["a", "c"]`,
		`!Base64 {"Fn::Sub": "echo ${Env}"}`:                         `"echo prod"`,
		`!Cidr [10.0.0.0/22, 3, 8]`:                                  `["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]`,
		`!Cidr [10.0.0.0/22, 5, 8]`:                                  `{Fn::Cidr: 10.0.0.0/22 holds fewer than 5 subnets}`,
		`!Select [0, !GetAZs ""]`:                                    `{the availability zones of a region are known at deploy}`,
		`!ImportValue net-vpc`:                                       `{export net-vpc of another stack is read at deploy}`,
		`!Transform {Name: Macro}`:                                   `{...macro Macro runs at deploy}`,
		`{"Fn::Length": !Ref List}`:                                  `3`,
		`{"Fn::ToJsonString": {a: [1, true, !Ref Bucket], b: "\""}}`: `"{\"a\":[1,true,\"{Bucket.id}\"],\"b\":\"\\\"\"}"`,
		`"{{resolve:secretsmanager:db:SecretString:password}}"`:      `"{a secret resolved at deploy}"`,
		`!Sub "x{{resolve:ssm-secure:${Env}}}y"`:                     `"x{a secret resolved at deploy}y"`,
		`!Sub "{{resolve:secretsmanager:${Bucket}:SecretString}}"`:   `"{a secret resolved at deploy}"`,
		`"{{resolve:ssm:/a/b:1}}"`:                                   `"{SSM parameter /a/b:1 is read at deploy}"`,
	} {
		if got := show(property(t, expression)); got != want {
			t.Errorf("%s\n got %s\nwant %s", expression, got, want)
		}
	}
}

func TestPlacesAreKept(t *testing.T) {
	yaml := `Resources:
  # about it
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: a
      Tags:
        - Key: k
          Value: v

      # a comment
      VersioningConfiguration:
        Status: Enabled
  Script:
    Type: AWS::X::X
    Properties:
      P: |
        one

        two
`
	json := `{
	"Resources": {
		"Bucket": {
			"Type": "AWS::S3::Bucket",
			"Properties": {
				"BucketName": "\ud83d\ude00",
				"Tags": [
					{"Key": "k", "Value": "v"}
				]
			}
		}
	}
}`
	for _, tc := range []struct{ template, want string }{
		{yaml, "Bucket 3-13 Tags 7-9 Tags.0 8-9 BucketName 6-6 VersioningConfiguration 12-13; Script 14-20 P 17-20; "},
		{json, "Bucket 3-11 Tags 7-9 Tags.0 8-8 BucketName 6-6; "},
	} {
		var b strings.Builder
		for _, r := range in(t, Options{}, tc.template).Resources {
			fmt.Fprintf(&b, "%s %d-%d", r.Label, r.Origin[0].Line, r.Origin[0].EndLine)
			for _, p := range []string{"Tags", "Tags.0", "BucketName", "VersioningConfiguration", "P"} {
				if at := r.Body.Get(p).Origin(); at != nil {
					fmt.Fprintf(&b, " %s %d-%d", p, at.Line, at.EndLine)
				}
			}
			b.WriteString("; ")
		}
		if b.String() != tc.want {
			t.Errorf("got  %s\nwant %s", &b, tc.want)
		}
	}
}

// list writes resources and what was skipped, one a line.
func list(in code.Input) string {
	var b strings.Builder
	for _, r := range in.Resources {
		fmt.Fprintf(&b, "%s %s %s", r.Address, r.Type, show(r.Body))
		if !r.Tags.IsAbsent() {
			b.WriteString(" tags " + show(r.Tags))
		}
		if r.Maybe != nil {
			b.WriteString(" maybe " + r.Maybe.Why)
		}
		for _, o := range r.Origin {
			fmt.Fprintf(&b, " %s:%d", o.File, o.Line)
		}
		b.WriteString("\n")
	}
	return b.String() + skips(in)
}

func TestTemplates(t *testing.T) {
	for name, tc := range map[string]struct {
		template string
		more     []string
		want     string
	}{
		"a resource under a condition that is false is left out, under an open one it may be": {`
Parameters: {Open: {Type: String}}
Conditions:
  No: !Equals [a, b]
  Maybe: !Equals [!Ref Open, "on"]
  More: !And [!Condition Maybe, !Not [!Condition No]]
Resources:
  A: {Type: T::A::A, Condition: No}
  B: {Type: T::A::A, Condition: Maybe, Properties: {X: !If [Maybe, 1, 2], Y: !If [More, 1, 2]}}
  C: {Type: T::A::A, Condition: More, Properties: {X: !If [Maybe, 1, 2]}}
`, nil, `B T::A::A {X: 1, Y: 1} maybe condition Maybe is open: parameter Open has no default main.yaml:9
C T::A::A {X: 1} maybe condition More is open: condition Maybe is open: parameter Open has no default main.yaml:10
`},
		"tags": {`
Resources:
  A: {Type: T::A::A, Properties: {Tags: [{Key: a, Value: 1}, {Key: b}, {Key: !ImportValue x, Value: y}]}}
  B: {Type: T::A::A, Properties: {Tags: {a: b}}}
  C: {Type: T::A::A, DeletionPolicy: Retain, Properties: {FileSystemTags: [{Key: a, Value: b}]}}
`, nil, `A T::A::A {Tags: [{Key: "a", Value: 1}, {Key: "b"}, {Key: {export x of another stack is read at deploy}, Value: "y"}]} tags {a: 1, b: "", ...export x of another stack is read at deploy} main.yaml:3
B T::A::A {Tags: {a: "b"}} tags {a: "b"} main.yaml:4
C T::A::A {DeletionPolicy: "Retain", FileSystemTags: [{Key: "a", Value: "b"}]} tags {a: "b"} main.yaml:5
`},
		"broken pieces cost themselves": {`
Resources:
  A: {Type: T::A::A}
  B:
    Type: T::A::A
    Properties:
      X: "never closed
  C: {Type: T::A::A, Properties: [1]}
  D: 7
  A: {Type: T::A::B}
Conditions: nonsense
`, nil, `A T::A::B {} main.yaml:10
C T::A::A {} main.yaml:8
main.yaml:3: A is written twice; the last one counts
main.yaml:4: B:: broken YAML: found unexpected end of stream
main.yaml:8: the properties of C are not an object
main.yaml:9: D is not a resource: it has no Type
main.yaml:11: Conditions is not an object
`},
		"nested stacks": {`
Parameters: {Open: {Type: String}}
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./net.yaml, Parameters: {Name: a, Key: !GetAtt Store.Outputs.Key}, Tags: [{Key: team, Value: x}]}
  Store:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: store.json}
  Far:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://b.s3.amazonaws.com/x.yaml", Parameters: {Key: !Ref Own}}
  Out:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ../x.yaml}
  Own: {Type: T::A::A, Properties: {X: !GetAtt Net.Outputs.Name, Y: !GetAtt Net.Outputs.No, Z: !GetAtt Far.Outputs.Q}}
`, []string{"net.yaml", `
Parameters: {Name: {Type: String}, Key: {Type: String}}
Resources:
  Thing: {Type: T::A::A, Properties: {Name: !Ref Name, Key: !Ref Key}}
  Me: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: net.yaml}}
Outputs: {Name: {Value: !Ref Thing}}
`, "store.json", `{"Resources": {"Key": {"Type": "T::A::Key"}}, "Outputs": {"Key": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}}}}`},
			`Own T::A::A {X: "{Net.Thing.id}", Y: {nested stack Net has no output No}, Z: {nested stack Far is not read: its template https://b.s3.amazonaws.com/x.yaml is not a local file}} main.yaml:16
Net.Thing T::A::A {Key: "{Store.Key.arn}", Name: "a"} tags {team: "x"} net.yaml:4 main.yaml:4
Store.Key T::A::Key {} store.json:1 main.yaml:7
main.yaml:10: nested stack Far is not read: its template https://b.s3.amazonaws.com/x.yaml is not a local file [Own]
main.yaml:13: nested stack Out is not read: its template ../x.yaml is outside of what is read []
net.yaml:5: nested stack Me is not read: its template net.yaml nests itself []
`},
		"loops": {`
Transform: [AWS::LanguageExtensions, Mine]
Parameters: {Names: {Type: CommaDelimitedList, Default: "a-1,b"}, Open: {Type: CommaDelimitedList}}
Conditions:
  Fn::ForEach::Conds: [N, [a1], {"Is${N}": !Equals [!Ref N, a1]}]
Resources:
  Fn::ForEach::Things:
    - Name
    - !Ref Names
    - "Thing&{Name}":
        Type: T::A::A
        Condition: Isa1
        DeletionPolicy: !If [Isa1, Retain, Delete]
        Properties:
          Name: !Sub "x-${Name}"
          Plain: "y-${Name}"
          Ref: !Ref Name
          Peer: !GetAtt "Thing&{Name}.Arn"
          Fn::ForEach::Props: [P, [A, B], {"${P}${Name}": !Ref P}]
  Fn::ForEach::Lost: [X, !Ref Open, {"L${X}": {Type: T::A::A}}]
`, nil, `Thinga1 T::A::A {Aa-1: "A", Ba-1: "B", DeletionPolicy: "Retain", Name: "x-a-1", Peer: "{Thinga1.arn}", Plain: "y-a-1", Ref: "a-1"} main.yaml:10
Thingb T::A::A {Ab: "A", Bb: "B", DeletionPolicy: "Retain", Name: "x-b", Peer: "{Thingb.arn}", Plain: "y-b", Ref: "b"} main.yaml:10
main.yaml:2: macro Mine may rewrite the template at deploy: it is judged as it is written
main.yaml:6: a part of Resources is not read: the collection of Fn::ForEach::Lost is open: parameter Open has no default []
`},
		"includes": {`
Transform: {Name: AWS::Include, Parameters: {Location: top.yaml}}
Resources:
  A:
    Type: T::A::A
    Properties:
      X: 1
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: props.json}}
  B: {Type: T::A::A, Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://b/k"}}, Y: 2}}
  C: {Type: T::A::A, Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: loop.yaml}}}}
`, []string{"top.yaml", "Mappings: {M: {a: {b: 7}}}\n", "props.json", `{"Z": {"Fn::FindInMap": ["M", "a", "b"]}}`, "loop.yaml", "Fn::Transform: {Name: AWS::Include, Parameters: {Location: loop.yaml}}\n"},
			`A T::A::A {X: 1, Z: 7} main.yaml:4
B T::A::A {Y: 2, ...AWS::Include of s3://b/k is not a local file} tags {AWS::Include of s3://b/k is not a local file} main.yaml:9
C T::A::A {...AWS::Include of loop.yaml: it includes itself} tags {AWS::Include of loop.yaml: it includes itself} main.yaml:10
`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := list(in(t, Options{}, tc.template, tc.more...)); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestParametersGiven(t *testing.T) {
	got := in(t, Options{Parameters: map[string]string{"A": "1, 2", "Secret": "x"}, Prefix: "main.yaml:"}, `
Parameters: {A: {Type: List<Number>}, Secret: {Type: String, NoEcho: "true"}}
Resources: {R: {Type: T::A::A, Properties: {A: !Ref A, S: !Ref Secret}}}
`)
	if got, want := list(got), "main.yaml:R T::A::A {A: [\"1\", \"2\"], S: {parameter Secret (NoEcho)}} main.yaml:3\n"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestNotATemplate(t *testing.T) {
	for _, src := range []string{"", "\t\t", "{", "just text: [", strings.Repeat("a", maxFile+1)} {
		if _, err := Read(fstest.MapFS{"x.yaml": {Data: []byte(src)}}, "x.yaml", Options{}); err == nil {
			t.Errorf("%.20q is a template", src)
		}
	}
	for src, want := range map[string]bool{
		"AWSTemplateFormatVersion: 2010-09-09\n":                        true,
		"Transform: AWS::Serverless-2016-10-31":                         true,
		`{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}`:             true,
		"Resources:\n  A:\n    Type: 'AWS::S3::Bucket'":                 true,
		"resources:\n  A:\n    Type: AWS::S3::Bucket":                   false,
		"resources:\n  Resources:\n    A:\n      Type: AWS::S3::Bucket": false,
		"Transform:\n  - AWS::Serverless-2016-10-31":                    true,
		"apiVersion: v1\nkind: Pod":                                     false,
	} {
		if got := IsTemplate("x.yaml", []byte(src)); got != want {
			t.Errorf("%q: %t", src, got)
		}
	}
}
