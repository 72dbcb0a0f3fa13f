package app_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"merlon.dev/internal/app"
	"merlon.dev/internal/source/terraform"
)

// terraformEstate is a root that calls so many modules, each with ten groups of
// resources as people write them: variables, locals, loops, policies, links.
func terraformEstate(modules int) (files fstest.MapFS, lines, resources int) {
	files = fstest.MapFS{}
	var root strings.Builder
	root.WriteString("provider \"aws\" {\n  region = \"eu-west-1\"\n  default_tags {\n    tags = { team = \"core\" }\n  }\n}\nvariable \"env\" {\n  default = \"prod\"\n}\n")
	for m := range modules {
		fmt.Fprintf(&root, "module \"m%d\" {\n  source = \"./modules/m%d\"\n  env    = var.env\n  open   = %t\n}\n", m, m, m%7 == 0)
		var b strings.Builder
		b.WriteString("variable \"env\" { type = string }\nvariable \"open\" { type = bool }\nlocals {\n  prefix = \"${var.env}-acme\"\n  cidr   = var.open ? \"0.0.0.0/0\" : \"10.0.0.0/8\"\n}\n")
		for g := range 10 {
			fmt.Fprintf(&b, group, m, g)
			resources += 5
		}
		files[fmt.Sprintf("modules/m%d/main.tf", m)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	files["main.tf"] = &fstest.MapFile{Data: []byte(root.String())}
	for _, f := range files {
		lines += strings.Count(string(f.Data), "\n")
	}
	return files, lines, resources
}

const group = `
resource "aws_s3_bucket" "b%[2]d" {
  bucket = "${local.prefix}-%[1]d-%[2]d"
  tags = {
    name = "b%[2]d"
  }
}

resource "aws_s3_bucket_versioning" "b%[2]d" {
  bucket = aws_s3_bucket.b%[2]d.id
  versioning_configuration {
    status = "Enabled"
  }
}

data "aws_iam_policy_document" "b%[2]d" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.b%[2]d.arn, "${aws_s3_bucket.b%[2]d.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

resource "aws_s3_bucket_policy" "b%[2]d" {
  bucket = aws_s3_bucket.b%[2]d.id
  policy = data.aws_iam_policy_document.b%[2]d.json
}

resource "aws_security_group" "g%[2]d" {
  name   = join("-", [local.prefix, "g", tostring(%[2]d)])
  vpc_id = "vpc-1"
  dynamic "ingress" {
    for_each = toset(["443", "8443"])
    content {
      from_port   = tonumber(ingress.value)
      to_port     = tonumber(ingress.value)
      protocol    = "tcp"
      cidr_blocks = [local.cidr]
    }
  }
}

resource "aws_sqs_queue" "q%[2]d" {
  name                    = format("%%s-q-%%d", local.prefix, %[2]d)
  sqs_managed_sse_enabled = var.env == "prod"
}
`

// BenchmarkTerraform is the evaluator alone: parse and evaluate, no model.
func BenchmarkTerraform(b *testing.B) {
	for _, modules := range []int{2, 20, 200} {
		files, lines, _ := terraformEstate(modules)
		b.Run(fmt.Sprintf("%dlines", lines), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := terraform.Read(files, []string{"."}, terraform.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}

// BenchmarkCheck is everything between the files and the report.
func BenchmarkCheck(b *testing.B) {
	env, rules := loaded(b)
	now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for _, modules := range []int{1, 10, 100} {
		files, _, resources := terraformEstate(modules)
		b.Run(fmt.Sprintf("%dresources", resources), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := app.ReadCode(files, []string{"."}, app.CodeOptions{Now: now})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := app.Judge(env, rules, s, nil, app.Selection{}, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
