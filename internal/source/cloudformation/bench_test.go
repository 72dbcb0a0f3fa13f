package cloudformation

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"merlon.dev/internal/source/code"
)

// large writes a template of about so many lines: what people write most.
func large(lines int) []byte {
	var b bytes.Buffer
	b.WriteString("AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Env: {Type: String, Default: prod}\nConditions:\n  IsProd: !Equals [!Ref Env, prod]\nResources:\n")
	for i := 0; bytes.Count(b.Bytes(), []byte("\n")) < lines; i++ {
		fmt.Fprintf(&b, `  Bucket%[1]d:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub '${Env}-data-%[1]d-${AWS::AccountId}'
      # who may see it
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: !If [IsProd, true, false]
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              SSEAlgorithm: aws:kms
              KMSMasterKeyID: !GetAtt Key%[1]d.Arn
      Tags:
        - Key: Name
          Value: !Join ['-', [!Ref Env, data]]
  Policy%[1]d:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket%[1]d
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: 's3:*'
            Resource: [!GetAtt Bucket%[1]d.Arn, !Sub '${Bucket%[1]d.Arn}/*']
            Condition: {Bool: {aws:SecureTransport: false}}
  Key%[1]d:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
`, i)
	}
	return b.Bytes()
}

// BenchmarkRead reads 75,000 lines in 300 templates.
func BenchmarkRead(b *testing.B) {
	const templates, lines = 300, 250
	src := large(lines)
	files := fstest.MapFS{"t.yaml": {Data: src}}
	b.SetBytes(int64(templates * len(src)))
	b.ReportAllocs()
	for b.Loop() {
		for range templates {
			if !IsTemplate("t.yaml", src) {
				b.Fatal("not a template")
			}
			if _, err := Read(files, "t.yaml", Options{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkBuild reads the same and makes the model of it.
func BenchmarkBuild(b *testing.B) {
	files := fstest.MapFS{"t.yaml": {Data: large(250)}}
	mappings := Mappings()
	for b.Loop() {
		for range 300 {
			in, err := Read(files, "t.yaml", Options{})
			if err != nil {
				b.Fatal(err)
			}
			code.Build(in, mappings)
		}
	}
}
