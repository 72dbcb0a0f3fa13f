# Load balancers: what their attributes, listeners and rules say together.

variable "lb_arn" {
  type = string
}

variable "protected" {
  type = bool
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-west-1b"
}

# want: pass aws-ec2-securitygroup-is-used
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
}

# want: pass aws-elbv2-deletion-is-protected
# want: pass aws-elbv2-access-logs-are-on
# want: pass aws-elbv2-drops-invalid-headers
# want: pass aws-elbv2-spans-two-zones
# want: pass aws-elbv2-public-alb-has-web-acl
# want: pass aws-elbv2-desync-mitigation-is-strict
# want: none aws-elbv2-balances-across-zones
resource "aws_lb" "good" {
  name                       = "good"
  subnets                    = [aws_subnet.a.id, aws_subnet.b.id]
  security_groups            = [aws_security_group.web.id]
  enable_deletion_protection = true
  drop_invalid_header_fields = true

  access_logs {
    bucket  = "logs"
    enabled = true
  }
}

resource "aws_wafv2_web_acl_association" "good" {
  resource_arn = aws_lb.good.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/web/00000000-0000-0000-0000-000000000000"
}

# A block of access logs does not switch them on.
# want: fail aws-elbv2-access-logs-are-on
# want: fail aws-elbv2-deletion-is-protected
# want: fail aws-elbv2-drops-invalid-headers
# want: fail aws-elbv2-public-alb-has-web-acl
# want: fail aws-elbv2-spans-two-zones
# want: fail aws-elbv2-desync-mitigation-is-strict
resource "aws_alb" "bad" {
  name                   = "bad"
  desync_mitigation_mode = "monitor"

  subnet_mapping {
    subnet_id = aws_subnet.a.id
  }

  access_logs {
    bucket = "logs"
  }
}

# want: unknown aws-elbv2-deletion-is-protected
# want: none aws-elbv2-public-alb-has-web-acl
resource "aws_lb" "asked" {
  internal                   = true
  enable_deletion_protection = var.protected
  subnets                    = [aws_subnet.a.id, aws_subnet.b.id]
}

# want: fail aws-elbv2-balances-across-zones
# want: none aws-elbv2-access-logs-are-on
resource "aws_lb" "network" {
  load_balancer_type = "network"
  subnets            = [aws_subnet.a.id, aws_subnet.b.id]
}

# want: pass aws-elbv2-listener-speaks-tls
resource "aws_lb_listener" "redirects" {
  load_balancer_arn = aws_lb.good.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

# It redirects, but for one path.
# want: fail aws-elbv2-listener-speaks-tls
resource "aws_lb_listener" "mostly" {
  load_balancer_arn = aws_alb.bad.arn
  port              = 80

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "mostly" {
  listener_arn = aws_lb_listener.mostly.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain.arn
  }

  condition {
    path_pattern {
      values = ["/old/*"]
    }
  }
}

# A redirect that stays where it is.
# want: fail aws-elbv2-listener-speaks-tls
resource "aws_lb_listener" "loops" {
  load_balancer_arn = var.lb_arn
  port              = "80"
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# want: pass aws-elbv2-listener-requires-tls12
# want: pass aws-elbv2-listener-speaks-tls
resource "aws_lb_listener" "modern" {
  load_balancer_arn = var.lb_arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type = "forward"
    forward {
      target_group {
        arn = aws_lb_target_group.tls.arn
      }
    }
  }
}

# The policy that a listener has whose maker chose none speaks TLS 1.0.
# want: fail aws-elbv2-listener-requires-tls12
resource "aws_lb_listener" "old" {
  load_balancer_arn = aws_lb.good.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tls.arn
  }
}

# want: none aws-elbv2-listener-speaks-tls
# want: none aws-elbv2-listener-requires-tls12
resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.network.arn
  port              = 5432
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tcp.arn
  }
}

# want: fail aws-elbv2-target-group-uses-tls
# want: fail aws-elbv2-target-group-probes-its-targets
resource "aws_lb_target_group" "plain" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id

  health_check {
    enabled = false
  }
}

# want: pass aws-elbv2-target-group-uses-tls
# want: pass aws-elbv2-target-group-probes-its-targets
resource "aws_lb_target_group" "tls" {
  port     = 443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.main.id
}

# want: none aws-elbv2-target-group-uses-tls
resource "aws_lb_target_group" "tcp" {
  port     = 5432
  protocol = "TCP"
  vpc_id   = aws_vpc.main.id
}

# want: pass aws-elb-listeners-speak-tls
# want: pass aws-elb-listeners-require-tls12
# want: pass aws-elb-certificates-come-from-acm
# want: pass aws-elb-access-logs-are-on
# want: pass aws-elb-balances-across-zones
# want: pass aws-elb-connections-are-drained
# want: pass aws-elb-spans-two-zones
resource "aws_elb" "good" {
  name                = "good"
  subnets             = [aws_subnet.a.id, aws_subnet.b.id]
  security_groups     = [aws_security_group.web.id]
  connection_draining = true

  access_logs {
    bucket = "logs"
  }

  listener {
    instance_port      = 8080
    instance_protocol  = "http"
    lb_port            = 443
    lb_protocol        = "https"
    ssl_certificate_id = "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
  }
}

resource "aws_load_balancer_policy" "tls" {
  load_balancer_name = aws_elb.good.name
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }

  policy_attribute {
    name  = "Protocol-TLSv1.1"
    value = "false"
  }
}

resource "aws_load_balancer_listener_policy" "tls" {
  load_balancer_name = aws_elb.good.name
  load_balancer_port = 443
  policy_names       = [aws_load_balancer_policy.tls.policy_name]
}

# want: fail aws-elb-listeners-speak-tls
# want: fail aws-elb-listeners-require-tls12
# want: fail aws-elb-certificates-come-from-acm
# want: fail aws-elb-access-logs-are-on
# want: fail aws-elb-connections-are-drained
# want: fail aws-elb-spans-two-zones
# want: fail aws-elb-desync-mitigation-is-strict
resource "aws_elb" "bad" {
  name                   = "bad"
  availability_zones     = ["eu-west-1a"]
  desync_mitigation_mode = "monitor"

  access_logs {
    bucket  = "logs"
    enabled = false
  }

  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }

  listener {
    instance_port      = 80
    instance_protocol  = "http"
    lb_port            = 443
    lb_protocol        = "https"
    ssl_certificate_id = "arn:aws:iam::111122223333:server-certificate/web"
  }
}
