# Databases of RDS, Aurora, DocumentDB and Neptune.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = { a = aws_subnet.public_a.id, b = aws_subnet.public_b.id }
  subnet_id      = each.value
  route_table_id = aws_route_table.public.id
}

resource "aws_subnet" "public_a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "public_b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index + 3}.0/24"
}

resource "aws_db_subnet_group" "public" {
  name       = "public"
  subnet_ids = [aws_subnet.public_a.id, aws_subnet.public_b.id]
}

resource "aws_db_subnet_group" "private" {
  name       = "private"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_security_group" "world" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "office" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["203.0.113.0/24"]
  }
}

resource "aws_kms_key" "data" {
  enable_key_rotation = true
}

resource "aws_db_parameter_group" "tls" {
  name   = "tls"
  family = "mysql8.0"
  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }
}

resource "aws_db_parameter_group" "plain" {
  name   = "plain"
  family = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}

# Public, in public subnets, and open to the world: on port 3306 no group lets anyone in.
# want: pass aws-rds-instance-is-not-exposed
# want: fail aws-rds-instance-is-in-private-subnets
# want: pass aws-rds-instance-is-encrypted
# want: pass aws-rds-instance-requires-tls
# want: pass aws-rds-instance-makes-backups
# want: pass aws-rds-instance-keeps-backups-long-enough
# want: pass aws-rds-instance-spans-zones
# want: pass aws-rds-instance-upgrades-minor-versions
# want: pass aws-rds-instance-is-guarded-against-deletion
# want: pass aws-rds-instance-copies-tags-to-snapshots
# want: pass aws-rds-instance-exports-logs
# want: pass aws-rds-instance-accepts-iam-logins
# want: pass aws-rds-instance-has-own-admin-name
# want: pass aws-rds-instance-is-monitored
# want: none aws-rds-instance-runs-a-supported-version
resource "aws_db_instance" "clean" {
  identifier                          = "clean"
  engine                              = "mysql"
  engine_version                      = "8.0"
  instance_class                      = "db.t4g.medium"
  username                            = "keeper"
  manage_master_user_password         = true
  publicly_accessible                 = true
  db_subnet_group_name                = aws_db_subnet_group.public.name
  vpc_security_group_ids              = [aws_security_group.world.id]
  parameter_group_name                = aws_db_parameter_group.tls.name
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.data.arn
  multi_az                            = true
  backup_retention_period             = 14
  deletion_protection                 = true
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["error", "audit"]
  monitoring_interval                 = 60
}

# want: fail aws-rds-instance-is-not-exposed
# want: fail aws-rds-instance-is-encrypted
# want: fail aws-rds-instance-requires-tls
# want: fail aws-rds-instance-makes-backups
# want: none aws-rds-instance-keeps-backups-long-enough
# want: fail aws-rds-instance-spans-zones
# want: fail aws-rds-instance-upgrades-minor-versions
# want: fail aws-rds-instance-is-guarded-against-deletion
# want: fail aws-rds-instance-copies-tags-to-snapshots
# want: fail aws-rds-instance-exports-logs
# want: fail aws-rds-instance-accepts-iam-logins
# want: fail aws-rds-instance-has-own-admin-name
# want: fail aws-rds-instance-is-monitored
resource "aws_db_instance" "dirty" {
  identifier                 = "dirty"
  engine                     = "postgres"
  engine_version             = "16.4"
  instance_class             = "db.t4g.medium"
  username                   = "postgres"
  password                   = "correct-horse"
  publicly_accessible        = true
  db_subnet_group_name       = aws_db_subnet_group.public.id
  vpc_security_group_ids     = [aws_security_group.office.id, aws_security_group.world.id]
  parameter_group_name       = aws_db_parameter_group.plain.id
  auto_minor_version_upgrade = false
}

# The engine's default requires TLS from version 15 on.
# want: pass aws-rds-instance-requires-tls
# want: pass aws-rds-instance-is-in-private-subnets
# want: pass aws-rds-instance-is-not-exposed
resource "aws_db_instance" "modern" {
  engine                 = "postgres"
  engine_version         = "15"
  instance_class         = "db.t4g.medium"
  username               = "keeper"
  db_subnet_group_name   = "private"
  vpc_security_group_ids = [aws_security_group.world.id]
}

# want: fail aws-rds-instance-requires-tls
# want: none aws-rds-instance-is-in-private-subnets
resource "aws_db_instance" "old" {
  engine               = "postgres"
  engine_version       = "14.9"
  parameter_group_name = "default.postgres14"
  instance_class       = "db.t4g.medium"
}

# A replica is encrypted as what it replicates.
# want: pass aws-rds-instance-is-encrypted
# want: none aws-rds-instance-makes-backups
# want: pass aws-rds-instance-requires-tls
resource "aws_db_instance" "replica" {
  replicate_source_db  = aws_db_instance.clean.identifier
  instance_class       = "db.t4g.medium"
  parameter_group_name = aws_db_parameter_group.tls.name
}

# A restored database has the encryption of its snapshot.
# want: none aws-rds-instance-is-encrypted
# want: none aws-rds-instance-has-own-admin-name
# want: fail aws-rds-instance-is-guarded-against-deletion
resource "aws_db_instance" "restored" {
  snapshot_identifier = "before-the-move"
  instance_class      = "db.t4g.medium"
}

variable "encrypt" {
  type = bool
}

# want: unknown aws-rds-instance-is-encrypted
resource "aws_db_instance" "unsure" {
  engine            = "mysql"
  instance_class    = "db.t4g.medium"
  storage_encrypted = var.encrypt
}

# want: pass aws-rds-snapshot-is-encrypted
# want: pass aws-rds-snapshot-is-not-public
resource "aws_db_snapshot" "clean" {
  db_instance_identifier = aws_db_instance.clean.identifier
  db_snapshot_identifier = "clean"
  shared_accounts        = ["111111111111"]
}

# want: fail aws-rds-snapshot-is-encrypted
# want: fail aws-rds-snapshot-is-not-public
resource "aws_db_snapshot" "dirty" {
  db_instance_identifier = aws_db_instance.dirty.identifier
  db_snapshot_identifier = "dirty"
  shared_accounts        = ["all"]
}

resource "aws_rds_cluster_parameter_group" "strict" {
  name   = "strict"
  family = "aurora-mysql8.0"
  dynamic "parameter" {
    for_each = { require_secure_transport = "ON", server_audit_logging = "1" }
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

# want: pass aws-rds-cluster-is-encrypted
# want: pass aws-rds-cluster-requires-tls
# want: pass aws-rds-aurora-mysql-cluster-audits
# want: pass aws-rds-cluster-spans-zones
# want: pass aws-rds-cluster-uses-own-key
# want: pass aws-rds-cluster-keeps-backups-long-enough
# want: pass aws-rds-cluster-exports-logs
# want: pass aws-rds-cluster-is-guarded-against-deletion
# want: pass aws-rds-cluster-copies-tags-to-snapshots
# want: pass aws-rds-cluster-accepts-iam-logins
# want: pass aws-rds-cluster-can-be-wound-back
# want: pass aws-rds-cluster-has-own-admin-name
# want: none aws-rds-cluster-is-not-exposed
resource "aws_rds_cluster" "clean" {
  cluster_identifier                  = "clean"
  engine                              = "aurora-mysql"
  engine_version                      = "8.0.mysql_aurora.3.05.2"
  master_username                     = "keeper"
  manage_master_user_password         = true
  db_subnet_group_name                = aws_db_subnet_group.public.name
  vpc_security_group_ids              = [aws_security_group.world.id]
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.strict.name
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.data.arn
  backup_retention_period             = 14
  enabled_cloudwatch_logs_exports     = ["audit", "error"]
  deletion_protection                 = true
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  backtrack_window                    = 3600
}

# want: pass aws-rds-instance-is-not-exposed
# want: none aws-rds-instance-is-encrypted
# want: pass aws-rds-instance-upgrades-minor-versions
# want: fail aws-rds-instance-is-in-private-subnets
resource "aws_rds_cluster_instance" "clean" {
  count               = 2
  identifier          = "clean-${count.index}"
  cluster_identifier  = aws_rds_cluster.clean.id
  engine              = aws_rds_cluster.clean.engine
  instance_class      = "db.r6g.large"
  publicly_accessible = true
}

# want: fail aws-rds-cluster-is-encrypted
# want: fail aws-rds-cluster-requires-tls
# want: fail aws-rds-cluster-spans-zones
# want: fail aws-rds-cluster-keeps-backups-long-enough
# want: fail aws-rds-cluster-exports-logs
# want: fail aws-rds-cluster-is-guarded-against-deletion
# want: fail aws-rds-cluster-has-own-admin-name
# want: none aws-rds-cluster-can-be-wound-back
resource "aws_rds_cluster" "dirty" {
  cluster_identifier     = "dirty"
  engine                 = "aurora-postgresql"
  engine_version         = "15.4"
  master_username        = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.public.name
  vpc_security_group_ids = [aws_security_group.world.id]
}

# want: fail aws-rds-instance-is-not-exposed
resource "aws_rds_cluster_instance" "dirty" {
  cluster_identifier  = aws_rds_cluster.dirty.cluster_identifier
  engine              = "aurora-postgresql"
  instance_class      = "db.r6g.large"
  publicly_accessible = true
}

# want: pass aws-rds-cluster-spans-zones
# want: pass aws-rds-cluster-upgrades-minor-versions
resource "aws_rds_cluster" "three" {
  engine                    = "mysql"
  db_cluster_instance_class = "db.m6gd.large"
  allocated_storage         = 100
  storage_type              = "io1"
  iops                      = 1000
}

# want: pass aws-rds-cluster-snapshot-is-encrypted
# want: pass aws-rds-cluster-snapshot-is-not-public
resource "aws_db_cluster_snapshot" "clean" {
  db_cluster_identifier          = aws_rds_cluster.clean.id
  db_cluster_snapshot_identifier = "clean"
}

# want: fail aws-rds-cluster-snapshot-is-encrypted
# want: fail aws-rds-cluster-snapshot-is-not-public
resource "aws_db_cluster_snapshot" "dirty" {
  db_cluster_identifier          = aws_rds_cluster.dirty.id
  db_cluster_snapshot_identifier = "dirty"
  shared_accounts                = ["all"]
}

# want: none aws-rds-cluster-is-encrypted
resource "aws_docdb_cluster" "docs" {
  cluster_identifier = "docs"
  master_username    = "keeper"
}

resource "aws_neptune_cluster_parameter_group" "audit" {
  name   = "audit"
  family = "neptune1.3"
  parameter {
    name  = "neptune_enable_audit_log"
    value = "1"
  }
}

# want: pass aws-neptune-cluster-is-encrypted
# want: pass aws-neptune-cluster-audits
# want: pass aws-neptune-cluster-uses-own-key
# want: pass aws-neptune-cluster-requires-iam-authentication
# want: pass aws-neptune-cluster-is-guarded-against-deletion
# want: pass aws-neptune-cluster-keeps-backups-long-enough
# want: pass aws-neptune-cluster-copies-tags-to-snapshots
# want: pass aws-neptune-cluster-is-in-private-subnets
# want: none aws-neptune-cluster-spans-zones
resource "aws_neptune_cluster" "clean" {
  cluster_identifier                   = "graph"
  storage_encrypted                    = true
  kms_key_arn                          = aws_kms_key.data.arn
  iam_database_authentication_enabled  = true
  enable_cloudwatch_logs_exports       = ["audit"]
  neptune_cluster_parameter_group_name = aws_neptune_cluster_parameter_group.audit.name
  neptune_subnet_group_name            = aws_neptune_subnet_group.private.name
  deletion_protection                  = true
  backup_retention_period              = 14
  copy_tags_to_snapshot                = true
}

resource "aws_neptune_subnet_group" "private" {
  name       = "neptune"
  subnet_ids = [for s in aws_subnet.private : s.id]
}

# want: fail aws-neptune-cluster-is-encrypted
# want: fail aws-neptune-cluster-audits
# want: fail aws-neptune-cluster-requires-iam-authentication
# want: fail aws-neptune-cluster-is-guarded-against-deletion
# want: fail aws-neptune-cluster-keeps-backups-long-enough
# want: fail aws-neptune-cluster-spans-zones
resource "aws_neptune_cluster" "dirty" {
  cluster_identifier = "dirty-graph"
}

resource "aws_neptune_cluster_instance" "dirty" {
  cluster_identifier = aws_neptune_cluster.dirty.id
  instance_class     = "db.r5.large"
}

# want: fail aws-neptune-snapshot-is-encrypted
# want: pass aws-neptune-snapshot-is-not-public
resource "aws_neptune_cluster_snapshot" "dirty" {
  db_cluster_identifier          = aws_neptune_cluster.dirty.id
  db_cluster_snapshot_identifier = "dirty-graph"
}
