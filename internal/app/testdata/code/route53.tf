# Zones: only public ones are signed and logged.

# want: pass aws-route53-public-zone-is-signed
# want: pass aws-route53-public-zone-logs-queries
resource "aws_route53_zone" "signed" {
  name = "example.com"
}

resource "aws_route53_hosted_zone_dnssec" "signed" {
  hosted_zone_id = aws_route53_zone.signed.id
}

resource "aws_route53_query_log" "signed" {
  cloudwatch_log_group_arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com"
  zone_id                  = aws_route53_zone.signed.zone_id
}

# Signing is switched off by the very resource that would switch it on.
# want: fail aws-route53-public-zone-is-signed
# want: fail aws-route53-public-zone-logs-queries
resource "aws_route53_zone" "unsigned" {
  name = "example.org"
}

resource "aws_route53_hosted_zone_dnssec" "unsigned" {
  hosted_zone_id = aws_route53_zone.unsigned.id
  signing_status = "NOT_SIGNING"
}

# want: none aws-route53-public-zone-is-signed
# want: none aws-route53-public-zone-logs-queries
resource "aws_route53_zone" "private" {
  name = "internal"
  vpc {
    vpc_id = "vpc-0123456789abcdef0"
  }
}

# want: none aws-route53-record-distribution-exists
resource "aws_route53_record" "www" {
  zone_id = aws_route53_zone.signed.zone_id
  name    = "www"
  type    = "CNAME"
  ttl     = 300
  records = ["d111111abcdef8.cloudfront.net"]
}
