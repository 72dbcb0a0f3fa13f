# want: pass aws-secretsmanager-secret-has-customer-key
# want: pass aws-secretsmanager-secret-rotates
# want: pass aws-secretsmanager-secret-is-not-public
# want: none aws-secretsmanager-secret-is-in-use
resource "aws_secretsmanager_secret" "clean" {
  name       = "clean"
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_kms_key" "own" {}

resource "aws_secretsmanager_secret_rotation" "clean" {
  secret_id           = aws_secretsmanager_secret_version.clean.secret_id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_secretsmanager_secret_version" "clean" {
  secret_id     = aws_secretsmanager_secret.clean.id
  secret_string = "unread"
}

# want: fail aws-secretsmanager-secret-has-customer-key
# want: fail aws-secretsmanager-secret-rotates
# want: fail aws-secretsmanager-secret-is-not-public
resource "aws_secretsmanager_secret" "open" {
  name = "open"
}

resource "aws_secretsmanager_secret_policy" "open" {
  secret_arn = aws_secretsmanager_secret.open.arn
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}

variable "env" {
  type = string
}

# The end of the name says what it is, whatever the environment.
# want: fail aws-ssm-parameter-named-like-a-secret-is-encrypted
resource "aws_ssm_parameter" "plain" {
  name  = "/${var.env}/db/password"
  type  = "String"
  value = "x"
}

# want: pass aws-ssm-parameter-named-like-a-secret-is-encrypted
resource "aws_ssm_parameter" "secure" {
  name  = "/shop/db/password"
  type  = "SecureString"
  value = "x"
}

# want: none aws-ssm-parameter-named-like-a-secret-is-encrypted
resource "aws_ssm_parameter" "policy" {
  name  = "/shop/password_policy"
  type  = "String"
  value = "x"
}

# want: fail aws-ssm-document-is-not-public
# want: fail aws-ssm-document-holds-no-secrets
resource "aws_ssm_document" "open" {
  name          = "open"
  document_type = "Command"
  content       = jsonencode({ schemaVersion = "2.2", mainSteps = [{ inputs = { runCommand = ["export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"] } }] })
  permissions = {
    type        = "Share"
    account_ids = "All"
  }
}

# want: pass aws-ssm-document-is-not-public
# want: pass aws-ssm-document-holds-no-secrets
resource "aws_ssm_document" "shared" {
  name          = "shared"
  document_type = "Command"
  content       = jsonencode({ schemaVersion = "2.2", mainSteps = [] })
  permissions = {
    type        = "Share"
    account_ids = "111122223333,444455556666"
  }
}

# want: pass aws-ssm-region-blocks-public-documents
resource "aws_ssm_service_setting" "closed" {
  setting_id    = "/ssm/documents/console/public-sharing-permission"
  setting_value = "Disable"
}

# want: pass aws-acm-certificate-key-is-strong
# want: pass aws-acm-certificate-is-in-transparency-logs
# want: pass aws-acm-certificate-names-no-wildcard
resource "aws_acm_certificate" "clean" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}

# want: fail aws-acm-certificate-is-in-transparency-logs
# want: fail aws-acm-certificate-names-no-wildcard
# want: pass aws-acm-certificate-key-is-strong
resource "aws_acm_certificate" "hidden" {
  domain_name               = "example.com"
  subject_alternative_names = ["*.example.com"]
  validation_method         = "DNS"
  key_algorithm             = "EC_prime256v1"
  options {
    certificate_transparency_logging_preference = "DISABLED"
  }
}

# want: fail aws-acm-certificate-key-is-strong
# want: none aws-acm-certificate-is-in-transparency-logs
resource "aws_acm_certificate" "weak" {
  private_key      = var.env
  certificate_body = <<-PEM
    -----BEGIN CERTIFICATE-----
    MIICEjCCAXugAwIBAgIUFkRDcXpHVNKmYgWjr2JysF8NjBEwDQYJKoZIhvcNAQEL
    BQAwGzEZMBcGA1UEAwwQd2Vhay5leGFtcGxlLmNvbTAeFw0yNjExMjIxMjI0MDJa
    Fw0zNjExMTkxMjI0MDJaMBsxGTAXBgNVBAMMEHdlYWsuZXhhbXBsZS5jb20wgZ8w
    DQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAMT1dh5YyG7od0/BR0LV2kOyi9gcFklu
    pBIIMMWlYWkDxV+yTqzACWiXCfaRqVqFp3K6G2qLCctFB/0B2Uva22EVk89NaNES
    +jMJRIOOxEWad7jGlZ6n+qjSWmIHeECvK1TTtoZ6ZgjuYp73CqKJu+WPyO5Eh9hA
    B9cc/vbPHRV/AgMBAAGjUzBRMB0GA1UdDgQWBBRp9M8rdTCUiHg/KnQcoqRquyAZ
    yzAfBgNVHSMEGDAWgBRp9M8rdTCUiHg/KnQcoqRquyAZyzAPBgNVHRMBAf8EBTAD
    AQH/MA0GCSqGSIb3DQEBCwUAA4GBAHaq0w7NJvOlmOWA7OI/6SYBUijPIjTrePaG
    4jXqdUH6cz7fzqbGCAPmy5RBFHBaUGti5mcTqqprs+nYrSlAspcNrS1Afd2EkQ26
    aa6SXx5175yIa3/yCmPXjA6nlXIdeDCxhi/PxWEBlUm1suxLlxOEbfp1un7qujiP
    QCkTFIuY
    -----END CERTIFICATE-----
  PEM
}

# want: fail aws-glacier-vault-is-not-public
resource "aws_glacier_vault" "open" {
  name          = "open"
  access_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "glacier:*", Resource = "*" }] })
}

# want: pass aws-glacier-vault-is-not-public
resource "aws_glacier_vault" "clean" {
  name = "clean"
}
