# Topics and queues, whose policies and encryption are said in several places.

# want: pass aws-sns-topic-is-encrypted
# want: pass aws-sns-topic-has-customer-key
# want: pass aws-sns-topic-is-not-public
# want: pass aws-sns-topic-sends-no-plain-http
# want: fail aws-sns-topic-requires-tls
resource "aws_sns_topic" "clean" {
  name              = "clean"
  kms_master_key_id = aws_kms_alias.own.name
}

resource "aws_kms_key" "own" {}

resource "aws_kms_alias" "own" {
  name          = "alias/own"
  target_key_id = aws_kms_key.own.id
}

# want: fail aws-sns-topic-is-encrypted
# want: fail aws-sns-topic-is-not-public
# want: fail aws-sns-topic-sends-no-plain-http
resource "aws_sns_topic" "open" {
  name = "open"
}

resource "aws_sns_topic_policy" "open" {
  arn    = aws_sns_topic.open.arn
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sns:Publish", Resource = "*" }] })
}

resource "aws_sns_topic_subscription" "plain" {
  topic_arn = aws_sns_topic.open.arn
  protocol  = "http"
  endpoint  = "http://hooks.example.com/in"
}

# A wildcard that a condition holds to one bucket.
# want: pass aws-sns-topic-is-not-public
# want: pass aws-sns-topic-policy-stays-in-account
# want: fail aws-sns-topic-has-customer-key
resource "aws_sns_topic" "events" {
  name              = "events"
  kms_master_key_id = "alias/aws/sns"
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Principal = { AWS = "*" }
    Action    = "sns:Publish"
    Resource  = "*"
    Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:s3:::uploads" } }
  }] })
}

# want: unknown aws-sns-topic-policy-stays-in-account
resource "aws_sns_topic" "partner" {
  name   = "partner"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "sns:Subscribe", Resource = "*" }] })
}

# SQS encrypts what nobody says a word about.
# want: pass aws-sqs-queue-is-encrypted
# want: fail aws-sqs-queue-has-customer-key
# want: pass aws-sqs-queue-is-not-public
resource "aws_sqs_queue" "silent" {
  name = "silent"
}

# want: fail aws-sqs-queue-is-encrypted
# want: fail aws-sqs-queue-is-not-public
# want: fail aws-sqs-queue-policy-names-actions
resource "aws_sqs_queue" "open" {
  name                    = "open"
  sqs_managed_sse_enabled = false
}

resource "aws_sqs_queue_policy" "open" {
  queue_url = aws_sqs_queue.open.url
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = aws_sqs_queue.open.arn }] })
}

# want: pass aws-sqs-queue-is-encrypted
# want: pass aws-sqs-queue-has-customer-key
# want: pass aws-sqs-queue-requires-tls
resource "aws_sqs_queue" "clean" {
  name              = "clean"
  kms_master_key_id = aws_kms_key.own.arn
  redrive_policy    = jsonencode({ deadLetterTargetArn = aws_sqs_queue.silent.arn, maxReceiveCount = 3 })
  policy = jsonencode({ Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Resource  = "*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}

variable "key" {
  type = string
}

# want: pass aws-sqs-queue-is-encrypted
# want: unknown aws-sqs-queue-has-customer-key
resource "aws_sqs_queue" "unsure" {
  name              = "unsure"
  kms_master_key_id = var.key
}

# A policy for a queue that is somewhere else.
# want: fail aws-sqs-queue-is-not-public
resource "aws_sqs_queue_policy" "elsewhere" {
  queue_url = var.key
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] })
}
