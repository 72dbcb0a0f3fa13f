# Rights come in documents, in attachments of every kind, and from other places.

data "aws_caller_identity" "current" {}

# Everything on everything, in a document that a data source puts together.
# want: fail aws-iam-policy-in-use-is-not-admin
# want: none aws-iam-policy-unused-is-not-admin
resource "aws_iam_policy" "admin" {
  name   = "admin"
  policy = data.aws_iam_policy_document.admin.json
}

data "aws_iam_policy_document" "admin" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}

# want: fail aws-iam-policy-unused-is-not-admin
resource "aws_iam_policy" "waiting" {
  name   = "waiting"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

# Every action, but on one bucket: no administrator.
# want: pass aws-iam-policy-in-use-is-not-admin
# want: pass aws-iam-policy-does-not-escalate
# want: pass aws-iam-policy-does-not-allow-all-of-kms
resource "aws_iam_policy" "bucket" {
  name   = "bucket"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = ["${aws_s3_bucket.data.arn}/*"] }] })
}

# want: fail aws-iam-policy-does-not-escalate
# want: fail aws-iam-policy-does-not-pass-every-role
# want: fail aws-iam-policy-does-not-allow-all-of-kms
resource "aws_iam_policy" "deployer" {
  name   = "deployer"
  policy = <<-JSON
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"},
      {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    ]}
  JSON
}

variable "actions" {
  type = list(string)
}

# want: unknown aws-iam-policy-unused-is-not-admin
resource "aws_iam_policy" "unsure" {
  name   = "unsure"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }] })
}

resource "aws_s3_bucket" "data" {}

# want: fail aws-iam-role-is-not-administrator
# want: fail aws-iam-role-inline-policy-is-not-admin
# want: pass aws-iam-role-is-not-public
resource "aws_iam_role" "boss" {
  name = "boss"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "boss" {
  role   = aws_iam_role.boss.id
  policy = jsonencode({ Statement = { Effect = "Allow", Action = "*", Resource = "*" } })
}

resource "aws_iam_role_policy_attachment" "boss" {
  role       = aws_iam_role.boss.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.boss.name
  policy_arn = aws_iam_policy.admin.arn
}

# Attached through the resource that lists all holders.
# want: fail aws-iam-role-is-not-administrator
# want: none aws-iam-role-inline-policy-is-not-admin
# want: pass aws-iam-role-trusts-one-pipeline
resource "aws_iam_role" "pipeline" {
  name = "pipeline"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.hub.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:*" } }
    }]
  })
}

resource "aws_iam_openid_connect_provider" "hub" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_policy_attachment" "everyone" {
  name       = "everyone"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
  roles      = [aws_iam_role.pipeline.name]
  users      = [aws_iam_user.root_like.name]
  groups     = [aws_iam_group.admins.name]
}

# want: fail aws-iam-role-is-not-public
# want: fail aws-iam-role-inline-policy-does-not-escalate
resource "aws_iam_role" "open" {
  name                = "open"
  managed_policy_arns = [aws_iam_policy.bucket.arn]
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
  inline_policy {
    name   = "escalate"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "*" }] })
  }
}

# The own account, by way of a data source, is no outsider.
# want: none aws-iam-role-asks-outsiders-for-proof
# want: pass aws-iam-role-is-not-public
resource "aws_iam_role" "own" {
  name = "own"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }, Action = "sts:AssumeRole" }]
  })
}

# want: fail aws-iam-role-trusts-one-pipeline
resource "aws_iam_role" "any_pipeline" {
  name = "any-pipeline"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } }
    }]
  })
}

# Policies of roles that are made elsewhere.
variable "role" {
  type = string
}

# want: fail aws-iam-role-inline-policy-is-not-admin
resource "aws_iam_role_policy" "elsewhere" {
  role   = var.role
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

# want: fail aws-iam-role-is-not-administrator
resource "aws_iam_role_policy_attachment" "elsewhere" {
  role       = "made-elsewhere"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# want: fail aws-iam-user-is-not-administrator
# want: fail aws-iam-user-has-no-own-policies
# want: fail aws-iam-user-is-in-a-group
# want: fail aws-iam-user-has-no-active-access-key
# want: fail aws-iam-user-has-no-console-password
# want: none aws-iam-user-console-has-mfa
# want: pass aws-iam-user-has-one-active-access-key
resource "aws_iam_user" "root_like" {
  name = "root-like"
}

resource "aws_iam_access_key" "root_like" {
  user = aws_iam_user.root_like.name
}

resource "aws_iam_user_login_profile" "root_like" {
  user = aws_iam_user.root_like.name
}

# An access key that is there, and switched off.
# want: pass aws-iam-user-has-no-own-policies
# want: pass aws-iam-user-is-in-a-group
# want: pass aws-iam-user-has-no-active-access-key
# want: pass aws-iam-user-has-no-console-password
resource "aws_iam_user" "reader" {
  name = "reader"
}

resource "aws_iam_access_key" "reader" {
  user   = aws_iam_user.reader.name
  status = "Inactive"
}

resource "aws_iam_user_group_membership" "reader" {
  user   = aws_iam_user.reader.name
  groups = [aws_iam_group.readers.name]
}

# want: pass aws-iam-group-has-members
# want: pass aws-iam-group-is-not-administrator
resource "aws_iam_group" "readers" {
  name = "readers"
}

# want: fail aws-iam-group-has-members
# want: fail aws-iam-group-is-not-administrator
# want: fail aws-iam-group-inline-policy-is-not-admin
resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_group_policy" "admins" {
  group  = aws_iam_group.admins.name
  policy = data.aws_iam_policy_document.admin.json
}

# want: pass aws-iam-password-policy-asks-for-length
# want: pass aws-iam-password-policy-asks-for-symbols
# want: fail aws-iam-password-policy-asks-for-numbers
# want: fail aws-iam-password-policy-refuses-reuse
# want: pass aws-iam-password-policy-expires-passwords
resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = 14
  require_symbols         = true
  max_password_age        = 90
}
