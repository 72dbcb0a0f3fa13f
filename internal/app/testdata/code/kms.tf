# want: pass aws-kms-key-rotates
# want: pass aws-kms-key-is-enabled
# want: pass aws-kms-key-is-not-public
# want: pass aws-kms-key-stays-in-one-region
resource "aws_kms_key" "clean" {
  enable_key_rotation = true
}

# A key that KMS cannot rotate is not asked to.
# want: none aws-kms-key-rotates
resource "aws_kms_key" "signing" {
  customer_master_key_spec = "RSA_2048"
  key_usage                = "SIGN_VERIFY"
}

# It rotates, but too seldom.
# want: fail aws-kms-key-rotates
# want: pass aws-kms-key-is-not-public
resource "aws_kms_key" "slow" {
  enable_key_rotation     = true
  rotation_period_in_days = 730
}

# want: none aws-kms-key-rotates
# want: fail aws-kms-key-is-enabled
# want: fail aws-kms-key-is-not-public
# want: fail aws-kms-key-stays-in-one-region
resource "aws_kms_key" "open" {
  is_enabled   = false
  multi_region = true
}

resource "aws_kms_key_policy" "open" {
  key_id = aws_kms_key.open.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "kms:*", Resource = "*" }] })
}

# A replica rotates with its primary key.
# want: pass aws-kms-key-rotates
resource "aws_kms_replica_key" "copy" {
  primary_key_arn = aws_kms_key.wide.arn
}

resource "aws_kms_key" "wide" {
  multi_region        = true
  enable_key_rotation = true
}
