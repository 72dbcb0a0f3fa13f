package terraform

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func efsMappings() []code.Mapping {
	return slices.Concat([]code.Mapping{
		code.Makes("aws_efs_file_system", "", "", fileSystem),
		code.Joins("aws_efs_file_system_policy", "file_system_id", func(f *code.Form, s *aws.FileSystem) { f.Set(&s.Policy, "policy") }),
		code.Joins("aws_efs_backup_policy", "file_system_id", func(f *code.Form, s *aws.FileSystem) {
			f.Put(&s.AutomaticBackups, f.Get("backup_policy.status").Is("ENABLED"))
		}),
		code.Joins("aws_efs_mount_target", "file_system_id", func(f *code.Form, s *aws.FileSystem) { code.Add(f, &s.MountTargets, mountTarget) }),
		code.Makes("aws_efs_access_point", "", "", fileSystemAccessPoint),
	}, code.Ignores("aws_efs_replication_configuration"))
}

// fileSystem reads a file system. AWS backs those up unasked that are kept in
// one zone.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/efs_file_system
// https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html
func fileSystem(f *code.Form, s *aws.FileSystem) {
	f.Is(&s.State, "available")
	f.Set(&s.Encrypted, "encrypted")
	f.Set(&s.KMSKey, "kms_key_id")
	f.Set(&s.OneZone, "availability_zone_name")
	f.Put(&s.AutomaticBackups, f.Get("availability_zone_name").Present())
	f.Default(&s.Policy, &s.MountTargets)
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/efs_mount_target
func mountTarget(f *code.Form, t *aws.MountTarget) {
	f.Is(&t.ID, string(f.Resource().Address))
	seat := code.SeatIn(f, f.Get("subnet_id"), f.Get("security_groups"), "aws_subnet", "vpc_id")
	f.Put(&t.Subnet, f.Get("subnet_id"))
	f.Put(&t.VPC, seat.VPC)
	f.Put(&t.SecurityGroups, seat.Groups)
	f.Is(&t.NetworkInterface, seat.Interface(f))
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/efs_access_point
func fileSystemAccessPoint(f *code.Form, p *aws.FileSystemAccessPoint) {
	f.Set(&p.FileSystem, "file_system_id")
	f.Set(&p.RootDirectory, "root_directory.path", "/")
	f.Put(&p.EnforcesUser, f.Get("posix_user").Present())
	f.Set(&p.UserID, "posix_user.uid")
	f.Set(&p.GroupID, "posix_user.gid")
}
