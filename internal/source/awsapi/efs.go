package awsapi

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func efsService() *service {
	return &service{name: "efs", kinds: []cloud.Kind{kindOf[aws.FileSystem](), kindOf[aws.FileSystemAccessPoint]()}, read: readEFS}
}

// readEFS reads the file systems of one region. Access points hang off file
// systems: without any there are none to ask for.
func readEFS(s *scope) {
	c, kind := efs.NewFromConfig(s.cfg), kindOf[aws.FileSystem]()
	var found []types.FileSystemDescription
	gap := list(s, efs.NewDescribeFileSystemsPaginator(c, &efs.DescribeFileSystemsInput{}), func(out *efs.DescribeFileSystemsOutput) {
		found = append(found, out.FileSystems...)
	}, kind)
	each(s, kind, found, func(in types.FileSystemDescription) { readFileSystem(s, c, in) })
	points := kindOf[aws.FileSystemAccessPoint]()
	if len(found) == 0 {
		s.decide(gap, []cloud.Kind{points})
		return
	}
	list(s, efs.NewDescribeAccessPointsPaginator(c, &efs.DescribeAccessPointsInput{}), func(out *efs.DescribeAccessPointsOutput) {
		items(s, points, out.AccessPoints, func(in types.AccessPointDescription) { addAccessPoint(s, in) })
	}, points)
}

func readFileSystem(s *scope, c *efs.Client, in types.FileSystemDescription) {
	id := awssdk.ToString(in.FileSystemId)
	fs := &aws.FileSystem{Base: s.base(fileSystemRef(s, id), orElse(awssdk.ToString(in.Name), id))}
	defer s.add(fs)
	fs.Tags = efsTags(in.Tags)
	fs.CreatedAt = awssdk.ToTime(in.CreationTime)
	fs.State = string(in.LifeCycleState)
	fs.Encrypted = need(fs, "encrypted", in.Encrypted)
	fs.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(in.KmsKeyId))
	fs.OneZone = awssdk.ToString(in.AvailabilityZoneName)
	fill(s, fs, []string{"policy"}, c.DescribeFileSystemPolicy, &efs.DescribeFileSystemPolicyInput{FileSystemId: &id}, func(out *efs.DescribeFileSystemPolicyOutput) {
		fs.Policy = parsePolicy(fs, "policy", out.Policy)
	}, "PolicyNotFound")
	fill(s, fs, []string{"automatic_backups"}, c.DescribeBackupPolicy, &efs.DescribeBackupPolicyInput{FileSystemId: &id}, func(out *efs.DescribeBackupPolicyOutput) {
		status := out.BackupPolicy.Status
		fs.AutomaticBackups = status == types.StatusEnabled || status == types.StatusEnabling
	}, "PolicyNotFound")
	if in.NumberOfMountTargets > 0 {
		readMountTargets(s, c, fs, id)
	}
}

func fileSystemRef(s *scope, id string) cloud.Ref {
	return s.arn("elasticfilesystem", "file-system/"+id)
}

func readMountTargets(s *scope, c *efs.Client, fs *aws.FileSystem, id string) {
	gap := list(s, efs.NewDescribeMountTargetsPaginator(c, &efs.DescribeMountTargetsInput{FileSystemId: &id}), func(out *efs.DescribeMountTargetsOutput) {
		for _, in := range out.MountTargets {
			fs.MountTargets = append(fs.MountTargets, readMountTarget(s, c, in))
		}
	})
	s.recordOrigin(fs.Kind(), &callInfo{service: "EFS", operation: "DescribeMountTargets"}, "mount_targets")
	fs.SetGap(gap.AsPartial(), "mount_targets")
}

func readMountTarget(s *scope, c *efs.Client, in types.MountTargetDescription) *aws.MountTarget {
	t := &aws.MountTarget{
		ID:               awssdk.ToString(in.MountTargetId),
		Subnet:           ec2Link[aws.Subnet](s, "subnet", awssdk.ToString(in.SubnetId)),
		VPC:              ec2Link[aws.VPC](s, "vpc", awssdk.ToString(in.VpcId)),
		NetworkInterface: ec2Link[aws.NetworkInterface](s, "network-interface", awssdk.ToString(in.NetworkInterfaceId)),
	}
	fill(s, t, []string{"security_groups"}, c.DescribeMountTargetSecurityGroups, &efs.DescribeMountTargetSecurityGroupsInput{MountTargetId: in.MountTargetId}, func(out *efs.DescribeMountTargetSecurityGroupsOutput) {
		t.SecurityGroups = ec2Links[aws.SecurityGroup](s, "security-group", out.SecurityGroups)
	})
	return t
}

func addAccessPoint(s *scope, in types.AccessPointDescription) {
	id := awssdk.ToString(in.AccessPointId)
	p := &aws.FileSystemAccessPoint{Base: s.base(cloud.Ref(orElse(awssdk.ToString(in.AccessPointArn), string(s.arn("elasticfilesystem", "access-point/"+id)))), orElse(awssdk.ToString(in.Name), id))}
	p.Tags = efsTags(in.Tags)
	p.FileSystem = cloud.LinkTo[aws.FileSystem](fileSystemRef(s, awssdk.ToString(in.FileSystemId)))
	p.RootDirectory = "/"
	if d := in.RootDirectory; d != nil && awssdk.ToString(d.Path) != "" {
		p.RootDirectory = *d.Path
	}
	if u := in.PosixUser; u != nil {
		p.EnforcesUser = true
		p.UserID, p.GroupID = int(need(p, "user_id", u.Uid)), int(need(p, "group_id", u.Gid))
	}
	s.add(p)
}

func efsTags(in []types.Tag) map[string]string {
	tags := make(map[string]string, len(in))
	for _, t := range in {
		tags[awssdk.ToString(t.Key)] = awssdk.ToString(t.Value)
	}
	return tags
}
