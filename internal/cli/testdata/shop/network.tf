variable "vpc_id" {
  type = string
}

variable "office" {
  type        = list(string)
  description = "Where administrators come from."
}

resource "aws_security_group" "admin" {
  name        = "admin"
  description = "administration"
  vpc_id      = var.vpc_id

  ingress {
    description = "ssh"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "office" {
  name        = "office"
  description = "the office"
  vpc_id      = var.vpc_id

  ingress {
    description = "ssh"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.office
  }
}
