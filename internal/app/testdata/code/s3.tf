# What a bucket is may be said in resources of their own, in older code inside
# of it, or not at all.

# want: pass aws-s3-bucket-blocks-public-access
# want: pass aws-s3-bucket-is-not-public
# want: pass aws-s3-bucket-is-versioned
# want: pass aws-s3-bucket-requires-tls
# want: pass aws-s3-bucket-encrypts-with-kms
# want: pass aws-s3-bucket-has-customer-key
# want: pass aws-s3-bucket-keeps-access-log
# want: pass aws-s3-bucket-clears-failed-uploads
# want: pass aws-s3-bucket-has-lifecycle
# want: pass aws-s3-bucket-locks-objects
# want: pass aws-s3-bucket-announces-events
# want: pass aws-s3-bucket-is-replicated-elsewhere
# want: pass aws-s3-bucket-acls-are-off
# want: none aws-s3-bucket-needs-mfa-to-delete
resource "aws_s3_bucket" "clean" {
  bucket              = "clean"
  object_lock_enabled = true
}

resource "aws_s3_bucket_public_access_block" "clean" {
  bucket                  = aws_s3_bucket.clean.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "clean" {
  bucket = aws_s3_bucket.clean.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "clean" {
  bucket = aws_s3_bucket.clean.bucket
  policy = data.aws_iam_policy_document.tls.json
}

data "aws_iam_policy_document" "tls" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.clean.arn, "${aws_s3_bucket.clean.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "clean" {
  bucket = aws_s3_bucket.clean.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_alias.data.arn
    }
  }
}

resource "aws_kms_key" "data" {
  enable_key_rotation = true
}

resource "aws_kms_alias" "data" {
  name          = "alias/data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_s3_bucket_logging" "clean" {
  bucket        = aws_s3_bucket.clean.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "clean/"
}

resource "aws_s3_bucket_lifecycle_configuration" "clean" {
  bucket = aws_s3_bucket.clean.id
  rule {
    id     = "uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_notification" "clean" {
  bucket      = aws_s3_bucket.clean.id
  eventbridge = true
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "far"
  region = "us-west-2"
}

resource "aws_s3_bucket_replication_configuration" "clean" {
  bucket = aws_s3_bucket.clean.id
  role   = "arn:aws:iam::111122223333:role/replication"
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.copy.arn
    }
  }
}

# want: fail aws-s3-bucket-is-replicated-elsewhere
resource "aws_s3_bucket" "copy" {
  provider = aws.far
  bucket   = "copy"
}

# A log bucket, whose ACL is for the log service.
# want: pass aws-s3-bucket-is-not-public
# want: fail aws-s3-bucket-acls-are-off
# want: pass aws-s3-bucket-encrypts-by-default
# want: fail aws-s3-bucket-encrypts-with-kms
# want: none aws-s3-bucket-has-customer-key
# want: fail aws-s3-bucket-requires-tls
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
  acl    = "log-delivery-write"
}

# The switches are there, and one of them is off.
# want: fail aws-s3-bucket-blocks-public-access
# want: fail aws-s3-bucket-acl-lets-nobody-list
# want: pass aws-s3-bucket-acl-lets-nobody-write
resource "aws_s3_bucket" "listed" {
  bucket = "listed"
}

resource "aws_s3_bucket_public_access_block" "listed" {
  bucket                  = aws_s3_bucket.listed.id
  block_public_acls       = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_acl" "listed" {
  bucket = aws_s3_bucket.listed.id
  acl    = "public-read"
}

# The same ACL, which the switch makes void.
# want: pass aws-s3-bucket-acl-lets-nobody-list
resource "aws_s3_bucket" "muted" {
  bucket = "muted"
  acl    = "public-read"
}

resource "aws_s3_bucket_public_access_block" "muted" {
  bucket             = aws_s3_bucket.muted.id
  ignore_public_acls = true
}

# Everything in the words of older providers.
# want: pass aws-s3-bucket-is-versioned
# want: pass aws-s3-bucket-keeps-access-log
# want: fail aws-s3-bucket-policy-lets-nobody-write
# want: fail aws-s3-bucket-acl-lets-nobody-write
# want: fail aws-s3-bucket-cors-is-narrow
# want: fail aws-s3-bucket-serves-no-website
# want: fail aws-s3-bucket-has-customer-key
# want: fail aws-s3-bucket-clears-failed-uploads
# want: pass aws-s3-bucket-has-lifecycle
resource "aws_s3_bucket" "old" {
  bucket = "old"
  versioning {
    enabled = true
  }
  logging {
    target_bucket = "logs"
  }
  grant {
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    permissions = ["READ", "WRITE"]
  }
  policy = <<-POLICY
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::old/*"}}
  POLICY
  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = ["*"]
  }
  website {
    index_document = "index.html"
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = "alias/aws/s3"
      }
    }
  }
  lifecycle_rule {
    enabled                                = true
    prefix                                 = "tmp/"
    abort_incomplete_multipart_upload_days = 1
  }
}

variable "versioning" {
  type = string
}

variable "acl" {
  type = string
}

# want: fail aws-s3-bucket-blocks-public-access
# want: unknown aws-s3-bucket-is-versioned
# want: unknown aws-s3-bucket-acls-are-off
# want: unknown aws-s3-bucket-acl-lets-nobody-write
resource "aws_s3_bucket" "unsure" {
  bucket = "unsure"
  acl    = var.acl
}

resource "aws_s3_bucket_versioning" "unsure" {
  bucket = aws_s3_bucket.unsure.id
  versioning_configuration {
    status = var.versioning
  }
}

# A policy for a bucket that is somewhere else is judged all the same, as far as
# the bucket's own switches do not matter.
# want: unknown aws-s3-bucket-policy-lets-nobody-write
# want: fail aws-s3-bucket-policy-stays-in-account
resource "aws_s3_bucket_policy" "elsewhere" {
  bucket = var.acl
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "s3:*", Resource = "*" }]
  })
}

# Without the number of the own account, another one cannot be told from it.
# want: unknown aws-s3-bucket-policy-stays-in-account
resource "aws_s3_bucket" "partner" {
  bucket = "partner"
}

resource "aws_s3_bucket_policy" "partner" {
  bucket = aws_s3_bucket.partner.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Action = "s3:GetObject", Resource = "${aws_s3_bucket.partner.arn}/*" }]
  })
}

# want: pass aws-s3-bucket-policy-stays-in-account
resource "aws_s3_bucket" "own" {
  bucket = "own"
}

data "aws_caller_identity" "current" {}

resource "aws_s3_bucket_policy" "own" {
  bucket = aws_s3_bucket.own.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = data.aws_caller_identity.current.account_id }, Action = "s3:GetObject", Resource = "${aws_s3_bucket.own.arn}/*" }]
  })
}

# want: pass aws-s3-access-point-blocks-public-access
# want: pass aws-s3-access-point-is-not-public
resource "aws_s3_access_point" "closed" {
  bucket = aws_s3_bucket.clean.id
  name   = "closed"
}

# want: fail aws-s3-access-point-blocks-public-access
# want: fail aws-s3-access-point-is-not-public
resource "aws_s3_access_point" "open" {
  bucket = aws_s3_bucket.clean.id
  name   = "open"
  public_access_block_configuration {
    block_public_policy     = false
    restrict_public_buckets = false
  }
}

resource "aws_s3control_access_point_policy" "open" {
  access_point_arn = aws_s3_access_point.open.arn
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_access_point.open.arn}/object/*" }]
  })
}

# want: fail aws-s3-multi-region-access-point-blocks-public-access
resource "aws_s3control_multi_region_access_point" "wide" {
  details {
    name = "wide"
    public_access_block {
      block_public_acls = false
    }
    region {
      bucket = aws_s3_bucket.clean.id
    }
  }
}
