package cloudformation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"merlon.dev/internal/source/code"
)

// hostile are templates that try to cost more than they are worth.
func hostile() map[string]string {
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		n := string(rune('0' + i))
		if i > 9 {
			n = string(rune('a' + i))
		}
		prev := string(rune('0' + i - 1))
		if i > 10 {
			prev = string(rune('a' + i - 1))
		}
		laughs += "a" + n + ": &a" + n + " [" + strings.TrimSuffix(strings.Repeat("*a"+prev+", ", 10), ", ") + "]\n"
	}
	long := strings.Repeat("x", 50_000)
	join := "Resources: {R: {Type: T::A::A, Properties: {P: !Join [\"" + long + "\", [" + strings.Repeat("a, ", 5000) + "a]]}}}\n"
	loop := "{\"X${I}\": {Type: T::A::A}}"
	for _, id := range []string{"H", "G", "F", "E", "D", "C", "B", "A"} {
		loop = "{\"Fn::ForEach::" + id + "\": [" + id + ", [a,b,c,d,e,f,g,h,i,j], " + strings.Replace(loop, "${I}", "${I}${"+id+"}", 1) + "]}"
	}
	nested := ""
	for i := range 30 {
		nested += "  S" + string(rune('A'+i)) + ": {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: other.yaml}}\n"
	}
	return map[string]string{
		"a billion laughs":      laughs + "Resources: {R: {Type: T::A::A, Properties: {P: *al}}}\n",
		"an alias of itself":    "Resources: &a {R: *a}\n",
		"a merge of itself":     "Resources: &a {R: {Type: T::A::A}, <<: *a}\n",
		"deep flow":             "Resources: {R: {Type: T::A::A, Properties: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}}\n",
		"deep block":            "Resources:\n  R:\n    Type: T::A::A\n    Properties:\n" + deep(3000),
		"deep JSON":             `{"Resources": {"R": {"Type": "T::A::A", "Properties": ` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + "}}}",
		"a text that grows":     join,
		"loops in loops":        "Resources: " + loop + "\n",
		"stacks that multiply":  "Resources:\n" + nested,
		"conditions in a ring":  "Conditions: {A: !Or [!Condition B, !Condition B], B: !Or [!Condition A, !Condition A]}\nResources: {R: {Type: T::A::A, Condition: A}}\n",
		"parameters in a ring":  "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: other.yaml, Parameters: {P: !GetAtt B.Outputs.O}}}\n  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: other.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n",
		"transforms in a ring":  "Resources: {Fn::Transform: [{Name: AWS::Include, Parameters: {Location: main.yaml}}, {Name: AWS::Include, Parameters: {Location: main.yaml}}]}\n",
		"not UTF-8":             "Resources: {R: {Type: T::A::A, Properties: {P: \xff\xfe}}} # \xe9\n",
		"a tab":                 "Resources:\n\tR:\n\t\tType: T::A::A\n",
		"windows":               "\xef\xbb\xbfResources:\r\n  R:\r\n    Type: T::A::A\r\n",
		"null everywhere":       "Parameters: ~\nConditions: ~\nResources: {A: ~, B: {Type: ~}, C: {Type: T::A::A, Properties: ~}, ~: {Type: T::A::A}}\n",
		"lists everywhere":      "Parameters: []\nMappings: []\nTransform: [[], {}]\nGlobals: []\nResources: {A: [], B: {Type: []}, C: {Type: T::A::A, Properties: [], Condition: []}}\n",
		"functions cut short":   "Resources: {R: {Type: T::A::A, Properties: {A: !Sub [], B: !Join [], C: !Select [], D: !FindInMap [], E: !If [], F: !GetAtt [], G: !Split [], H: !Cidr [], I: !Ref [], J: !Base64 [], K: {Fn::ForEach::X: []}, L: !Transform [], M: !Not [], N: {Fn::Length: {}}}}}\n",
		"a serverless function": "Globals: {Function: {Policies: [x]}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {Policies: [!If [A, {S3ReadPolicy: x}, !Ref AWS::NoValue], [], {}], Events: {A: [], B: {Type: Api}, C: {Type: HttpApi, Properties: []}, D: {Type: S3}, E: {Type: SNS}, F: {Type: SQS}, G: {Type: Schedule}, H: {Type: CloudWatchLogs}}}}, A: {Type: AWS::Serverless::Api}, H: {Type: AWS::Serverless::HttpApi, Properties: {Domain: x}}, T: {Type: AWS::Serverless::SimpleTable}, M: {Type: AWS::Serverless::StateMachine, Properties: {Events: {A: {Type: Api}, B: {Type: Schedule}}}}}\n",
	}
}

func deep(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", 6+i) + "a:\n")
	}
	return b.String()
}

const otherTemplate = "Parameters: {P: {Type: String, Default: x}}\nResources: {A: {Type: T::A::A, Properties: {P: !Ref P}}, M: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: main.yaml}}}\nOutputs: {O: {Value: !Sub '${P}${P}'}}\n"

// TestHostile reads each within bounds of time, and twice to the same end.
func TestHostile(t *testing.T) {
	for name, src := range hostile() {
		t.Run(name, func(t *testing.T) {
			started := time.Now()
			twice(t, []byte(src))
			if took := time.Since(started); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

// twice reads a template, builds the model and does so again: with the same result.
func twice(t *testing.T, src []byte) {
	files := fstest.MapFS{"main.yaml": {Data: src}, "other.yaml": {Data: []byte(otherTemplate)}}
	read := func() string {
		in, err := Read(files, "main.yaml", Options{})
		if err != nil {
			return err.Error()
		}
		code.Build(in, Mappings())
		if s := list(in); len(s) < 1<<20 {
			return s
		}
		return ""
	}
	if one, two := read(), read(); one != two {
		t.Errorf("two readings differ:\n%s\n%s", one, two)
	}
}

func FuzzRead(f *testing.F) {
	for _, src := range hostile() {
		if len(src) < 4096 {
			f.Add([]byte(src))
		}
	}
	f.Add(large(80))
	samples, _ := filepath.Glob("../../app/testdata/code/*.yaml")
	for _, name := range samples {
		if src, err := os.ReadFile(name); err == nil {
			f.Add(src)
		}
	}
	f.Add([]byte(`{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${AWS::StackName}-x"}, "Tags": [{"Key": "a", "Value": "{{resolve:ssm:b}}"}]}}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		IsTemplate("main.yaml", src)
		twice(t, src)
	})
}
