# A bucket whose switches are set elsewhere, in a resource of its own, and one
# that relies on a key of another module's choosing.

# want: pass aws-s3-bucket-blocks-public-access
# want: pass aws-s3-bucket-is-versioned
resource "aws_s3_bucket" "clean" {
  bucket = "clean"
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

variable "versioning" {
  type = string
}

# want: fail aws-s3-bucket-blocks-public-access
# want: unknown aws-s3-bucket-is-versioned
resource "aws_s3_bucket" "unsure" {
  bucket = "unsure"
}

resource "aws_s3_bucket_versioning" "unsure" {
  bucket = aws_s3_bucket.unsure.id
  versioning_configuration {
    status = var.versioning
  }
}
