# A network in one file: what a tool that reads block by block gets wrong.

variable "office" {
  type = list(string)
}

variable "home" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "more_rules" {
  type = list(object({ port = number }))
}

# Logged as a whole, and its default group emptied.
# want: pass aws-vpc-flow-logs-are-on
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "main" {
  vpc_id               = aws_vpc.main.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::flow-logs"
}

# want: pass aws-ec2-securitygroup-default-lets-nothing-through
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

# Only what was let in is logged, and only of one subnet of two.
# want: fail aws-vpc-flow-logs-are-on
resource "aws_vpc" "blind" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_flow_log" "blind" {
  vpc_id          = aws_vpc.blind.id
  traffic_type    = "ACCEPT"
  log_destination = "arn:aws:logs:eu-west-1:111122223333:log-group:flows"
  iam_role_arn    = "arn:aws:iam::111122223333:role/flows"
}

# want: fail aws-ec2-securitygroup-default-lets-nothing-through
resource "aws_default_security_group" "blind" {
  vpc_id = aws_vpc.blind.id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# want: pass aws-vpc-subnet-assigns-no-public-address
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

# want: fail aws-vpc-subnet-assigns-no-public-address
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}

# want: fail aws-vpc-subnet-assigns-no-public-address
resource "aws_subnet" "elsewhere" {
  vpc_id                  = var.vpc_id
  cidr_block              = "10.9.2.0/24"
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

# want: pass aws-vpc-routes-lead-somewhere
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

# A group in parts: the rule that opens SSH is not in the group's block.
# want: fail aws-ec2-securitygroup-ssh-closed-to-internet
# want: pass aws-ec2-securitygroup-rdp-closed-to-internet
# want: pass aws-ec2-securitygroup-egress-is-limited
resource "aws_security_group" "parts" {
  name   = "parts"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.parts.id
  ip_protocol       = "6"
  from_port         = 20
  to_port           = 25
  cidr_ipv6         = "::/0"
}

# The same, for one's own group and one's own address: no rule for the internet.
# want: pass aws-ec2-securitygroup-ssh-closed-to-internet
# want: pass aws-ec2-securitygroup-only-web-ports-open-to-internet
# want: pass aws-ec2-securitygroup-rules-are-described
# want: pass aws-ec2-securitygroup-not-made-by-launch-wizard
resource "aws_security_group" "careful" {
  name   = "careful"
  vpc_id = aws_vpc.main.id

  ingress = [
    {
      description      = "each other"
      from_port        = 0
      to_port          = 0
      protocol         = "-1"
      self             = true
      cidr_blocks      = []
      ipv6_cidr_blocks = null
      prefix_list_ids  = []
      security_groups  = []
    },
    {
      description      = "home"
      from_port        = 22
      to_port          = 22
      protocol         = "tcp"
      self             = false
      cidr_blocks      = ["${aws_eip.home.public_ip}/32"]
      ipv6_cidr_blocks = null
      prefix_list_ids  = []
      security_groups  = []
    },
  ]
}

# Half and half of the internet, by a rule with a number for its protocol.
# want: fail aws-ec2-securitygroup-ssh-closed-to-internet
# want: fail aws-ec2-securitygroup-not-every-port-open-to-internet
# want: fail aws-ec2-securitygroup-egress-is-limited
resource "aws_security_group" "halves" {
  name   = "halves"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group_rule" "low" {
  security_group_id = aws_security_group.halves.id
  type              = "ingress"
  protocol          = "all"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/1"]
}

resource "aws_security_group_rule" "high" {
  security_group_id = aws_security_group.halves.id
  type              = "ingress"
  protocol          = "-1"
  from_port         = -1
  to_port           = -1
  cidr_blocks       = ["128.0.0.0/1"]
}

resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.halves.id
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

# Who comes in is for the caller to say, but for the port that is open to all.
# want: unknown aws-ec2-securitygroup-rdp-closed-to-internet
# want: fail aws-ec2-securitygroup-ssh-closed-to-internet
resource "aws_security_group" "asked" {
  name   = "asked"
  vpc_id = var.vpc_id

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", var.home]
  }

  ingress {
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = var.office
  }
}

# Blocks nobody knows yet: what is open already stays open.
# want: fail aws-ec2-securitygroup-ssh-closed-to-internet
# want: unknown aws-ec2-securitygroup-rdp-closed-to-internet
resource "aws_security_group" "dynamic" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  dynamic "ingress" {
    for_each = var.more_rules
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

# A rule for a group of the caller's is judged for what it says.
# want: fail aws-ec2-securitygroup-ssh-closed-to-internet
# want: fail aws-ec2-securitygroup-rules-are-described
# want: pass aws-ec2-securitygroup-rdp-closed-to-internet
resource "aws_security_group_rule" "guest" {
  security_group_id = var.vpc_id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
}

# want: pass aws-ec2-networkacl-ssh-closed-to-internet
# want: pass aws-ec2-networkacl-is-used
resource "aws_network_acl" "ordered" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.private.id]

  ingress {
    rule_no    = 50
    action     = "deny"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

# want: fail aws-ec2-networkacl-ssh-closed-to-internet
# want: fail aws-ec2-networkacl-is-used
resource "aws_network_acl" "late" {
  vpc_id = var.vpc_id
}

resource "aws_network_acl_rule" "allow" {
  network_acl_id = aws_network_acl.late.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "6"
  from_port      = 0
  to_port        = 65535
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl_rule" "deny" {
  network_acl_id = aws_network_acl.late.id
  rule_number    = 200
  rule_action    = "deny"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}

# want: pass aws-ec2-eip-is-used
resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}

# want: fail aws-ec2-eip-is-used
resource "aws_eip" "home" {
  domain = "vpc"
}

# want: fail aws-ec2-eni-is-used
resource "aws_network_interface" "idle" {
  subnet_id = aws_subnet.private.id
}

# want: fail aws-ec2-eni-checks-source-and-destination
resource "aws_network_interface" "router" {
  subnet_id         = aws_subnet.public.id
  source_dest_check = false
}

resource "aws_eip" "router" {
  network_interface = aws_network_interface.router.id
}

# want: fail aws-vpc-endpoint-policy-does-not-allow-everything
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.${data.aws_region.here.name}.s3"
}

data "aws_region" "here" {}

# want: pass aws-vpc-endpoint-policy-does-not-allow-everything
# want: fail aws-vpc-endpoint-spans-two-zones
resource "aws_vpc_endpoint" "sqs" {
  vpc_id             = aws_vpc.main.id
  vpc_endpoint_type  = "Interface"
  service_name       = "com.amazonaws.eu-west-1.sqs"
  subnet_ids         = [aws_subnet.private.id]
  security_group_ids = [aws_security_group.careful.id]
}

resource "aws_vpc_endpoint_policy" "sqs" {
  vpc_endpoint_id = aws_vpc_endpoint.sqs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:111122223333:jobs"
    }]
  })
}

# want: fail aws-vpc-endpoint-service-names-its-consumers
# want: pass aws-vpc-endpoint-service-accepts-by-hand
resource "aws_vpc_endpoint_service" "everyone" {
  acceptance_required        = true
  network_load_balancer_arns = ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef"]
}

resource "aws_vpc_endpoint_service_allowed_principal" "everyone" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.everyone.id
  principal_arn           = "*"
}

# want: pass aws-vpc-transit-gateway-accepts-by-hand
# want: fail aws-vpc-transit-gateway-separates-attachments
resource "aws_ec2_transit_gateway" "defaults" {}

# want: fail aws-vpc-transit-gateway-accepts-by-hand
# want: pass aws-vpc-transit-gateway-separates-attachments
resource "aws_ec2_transit_gateway" "open" {
  auto_accept_shared_attachments  = "enable"
  default_route_table_association = "disable"
}

# want: fail aws-vpc-vpn-tunnels-use-ikev2
# want: fail aws-vpc-vpn-tunnels-are-logged
resource "aws_vpn_connection" "half" {
  customer_gateway_id  = "cgw-0123456789abcdef0"
  type                 = "ipsec.1"
  transit_gateway_id   = aws_ec2_transit_gateway.defaults.id
  tunnel1_ike_versions = ["ikev2"]
  tunnel1_log_options {
    cloudwatch_log_options {
      log_enabled = true
    }
  }
}

# want: pass aws-vpc-vpn-tunnels-use-ikev2
resource "aws_vpn_connection" "whole" {
  customer_gateway_id  = "cgw-0123456789abcdef0"
  type                 = "ipsec.1"
  transit_gateway_id   = aws_ec2_transit_gateway.defaults.id
  tunnel1_ike_versions = ["ikev2"]
  tunnel2_ike_versions = ["ikev2"]
}

# want: fail aws-vpc-peering-routes-are-narrow
resource "aws_vpc_peering_connection" "wide" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.blind.id
  auto_accept = true
}

resource "aws_route" "wide" {
  route_table_id            = aws_vpc.main.main_route_table_id
  destination_cidr_block    = aws_vpc.blind.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.wide.id
}
