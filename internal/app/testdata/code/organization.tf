# want: pass aws-organizations-all-features-are-on
# want: pass aws-organizations-regions-are-limited
# want: pass aws-organizations-service-control-policies-limit-accounts
# want: pass aws-organizations-ai-services-are-opted-out
# want: fail aws-organizations-tag-policies-are-attached
# want: fail aws-organizations-mfa-is-required-from-above
resource "aws_organizations_organization" "org" {
  enabled_policy_types = ["SERVICE_CONTROL_POLICY", "AISERVICES_OPT_OUT_POLICY"]
}

resource "aws_organizations_organizational_unit" "prod" {
  name      = "prod"
  parent_id = aws_organizations_organization.org.roots[0].id
}

resource "aws_organizations_policy" "regions" {
  name = "regions"
  content = jsonencode({ Statement = [{
    Effect    = "Deny"
    Action    = "*"
    Resource  = "*"
    Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-1"] } }
  }] })
}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = aws_organizations_organizational_unit.prod.id
}

resource "aws_organizations_policy" "ai" {
  name    = "ai"
  type    = "AISERVICES_OPT_OUT_POLICY"
  content = jsonencode({ services = { default = { opt_out_policy = { "@@assign" = "optOut" } } } })
}

resource "aws_organizations_policy_attachment" "ai" {
  policy_id = aws_organizations_policy.ai.id
  target_id = aws_organizations_organization.org.roots[0].id
}

# want: fail aws-sso-permission-set-is-not-administrator
# want: fail aws-sso-permission-set-is-assigned-to-groups
# want: fail aws-sso-permission-set-session-is-short
resource "aws_ssoadmin_permission_set" "admin" {
  name             = "admin"
  instance_arn     = "arn:aws:sso:::instance/ssoins-1"
  session_duration = "PT12H"
}

resource "aws_ssoadmin_managed_policy_attachment" "admin" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_ssoadmin_account_assignment" "admin" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
  principal_id       = "somebody"
  principal_type     = "USER"
  target_id          = "111122223333"
  target_type        = "AWS_ACCOUNT"
}

# want: pass aws-sso-permission-set-is-not-administrator
# want: pass aws-sso-permission-set-is-assigned-to-groups
# want: pass aws-sso-permission-set-session-is-short
resource "aws_ssoadmin_permission_set" "reader" {
  name         = "reader"
  instance_arn = "arn:aws:sso:::instance/ssoins-1"
}

resource "aws_ssoadmin_permission_set_inline_policy" "reader" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.reader.arn
  inline_policy      = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:Get*", Resource = "*" }] })
}

resource "aws_ssoadmin_account_assignment" "reader" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.reader.arn
  principal_id       = aws_identitystore_group.readers.group_id
  principal_type     = "GROUP"
  target_id          = "111122223333"
  target_type        = "AWS_ACCOUNT"
}

resource "aws_identitystore_group" "readers" {
  display_name      = "readers"
  identity_store_id = "d-1"
}
