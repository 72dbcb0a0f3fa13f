# A small shop: files in two buckets, a queue, a function, a door left open.

provider "aws" {
  region = "eu-west-1"
}

module "files" {
  source   = "./modules/bucket"
  for_each = toset(["invoices", "uploads"])

  name      = "shop-${each.key}"
  versioned = each.key == "invoices"
}

resource "aws_sqs_queue" "orders" {
  name                    = "orders"
  sqs_managed_sse_enabled = false
}

resource "aws_lambda_function" "checkout" {
  function_name = "checkout"
  role          = aws_iam_role.checkout.arn
  handler       = "checkout.handler"
  runtime       = "python3.13"
  filename      = "checkout.zip"

  environment {
    variables = {
      QUEUE       = aws_sqs_queue.orders.url
      DB_PASSWORD = "tr0ub4dor-and-3"
    }
  }
}

resource "aws_iam_role" "checkout" {
  name               = "checkout"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
