package cloudformation

import (
	"testing"
	"testing/fstest"
)

func TestCDK(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"cdk.out/manifest.json": `{"artifacts": {
  "App": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "App.template.json", "tags": {"team": "x"}}},
  "Tree": {"type": "cdk:tree"},
  "Missing": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Missing.template.json"}},
  "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}}}`,
		"cdk.out/App.template.json": `{"Resources": {
  "Bucket83908E77": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "App/Bucket/Resource"}},
  "Nested": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:cdk:path": "App/N.NestedStack/N.NestedStackResource", "aws:asset:path": "N.nested.template.json", "aws:asset:property": "TemplateURL"},
    "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}]]}, "Parameters": {"B": {"Ref": "Bucket83908E77"}}}},
  "NoPath": {"Type": "T::A::A", "Properties": {"R": {"Ref": "AWS::Region"}}}},
 "Outputs": {"ExportB": {"Value": {"Fn::GetAtt": ["Bucket83908E77", "Arn"]}, "Export": {"Name": "App:B"}}}}`,
		"cdk.out/N.nested.template.json":        `{"Parameters": {"B": {"Type": "String"}}, "Resources": {"P": {"Type": "AWS::S3::BucketPolicy", "Metadata": {"aws:cdk:path": "App/N/P/Resource"}, "Properties": {"Bucket": {"Ref": "B"}}}}}`,
		"cdk.out/assembly-Prod/manifest.json":   `{"artifacts": {"Prod-S": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "S.template.json"}}}}`,
		"cdk.out/assembly-Prod/S.template.json": `{"Resources": {"A": {"Type": "T::A::A", "Metadata": {"aws:cdk:path": "Prod/S/A"}, "Properties": {"X": {"Fn::ImportValue": "App:B"}, "Y": {"Fn::ImportValue": "Other"}, "R": {"Ref": "AWS::Region"}}}}}`,
		"loose/One.template.json":               `{"Resources": {"A": {"Type": "T::A::A", "Metadata": {"aws:cdk:path": "One/A"}}}}`,
		"loose/One.nested.template.json":        `{"Resources": {"A": {"Type": "T::A::A"}}}`,
		"empty/readme.txt":                      "",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, tc := range []struct{ dir, want string }{
		{"cdk.out", `App/Bucket/Resource AWS::S3::Bucket {} tags {team: "x"} cdk.out/App.template.json:2
App/NoPath T::A::A {R: "eu-west-1"} tags {team: "x"} cdk.out/App.template.json:5
App/N/P/Resource AWS::S3::BucketPolicy {Bucket: "{App/Bucket/Resource.id}"} tags {team: "x"} cdk.out/N.nested.template.json:1 cdk.out/App.template.json:3
Prod/S/A T::A::A {R: "{AWS::Region is where the stack is deployed}", X: "{App/Bucket/Resource.arn}", Y: {export Other of another stack is read at deploy}} cdk.out/assembly-Prod/S.template.json:1
cdk.out/Missing.template.json:1: read template cdk.out/Missing.template.json: file does not exist
`},
		{"loose", "One/A T::A::A {} loose/One.template.json:1\n"},
	} {
		got, err := ReadCDK(files, tc.dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s := list(got); s != tc.want {
			t.Errorf("%s: got\n%s", tc.dir, s)
		}
	}
	for _, dir := range []string{"empty", "nowhere"} {
		if _, err := ReadCDK(files, dir, Options{}); err == nil {
			t.Errorf("%s is read", dir)
		}
	}
}
