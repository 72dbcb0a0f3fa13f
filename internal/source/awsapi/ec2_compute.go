package awsapi

import (
	"regexp"
	"slices"
	"sync"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func ec2ComputeService() *service {
	fields := []string{"ebs_encryption_by_default", "metadata_defaults", "image_block_public_access", "snapshot_block_public_access", "serial_console_access"}
	return &service{name: "ec2", fields: fields, read: readCompute, kinds: []cloud.Kind{
		kindOf[aws.Instance](), kindOf[aws.Volume](), kindOf[aws.Snapshot](), kindOf[aws.Image](), kindOf[aws.LaunchTemplate](),
	}}
}

func readCompute(s *scope) {
	c := ec2.NewFromConfig(s.cfg)
	var wg sync.WaitGroup
	for _, read := range []func(*scope, *ec2.Client){
		readComputeSettings, readInstances, readVolumes, readSnapshots, readImages, readLaunchTemplates,
	} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.guard("", func() { read(s, c) })
		}()
	}
	wg.Wait()
}

func readComputeSettings(s *scope, c *ec2.Client) {
	set := s.regionSettings()
	each(s, "", []func(){
		func() { readDefaultEncryption(s, c, set) },
		func() {
			fill(s, set, []string{"metadata_defaults"}, c.GetInstanceMetadataDefaults, &ec2.GetInstanceMetadataDefaultsInput{}, func(out *ec2.GetInstanceMetadataDefaultsOutput) {
				set.MetadataDefaults = &aws.MetadataOptions{}
				if d := out.AccountLevel; d != nil {
					set.MetadataDefaults = metadataOptions(d.HttpEndpoint, d.HttpTokens, d.HttpPutResponseHopLimit, "", d.InstanceMetadataTags)
				}
			})
		},
		func() {
			fill(s, set, []string{"image_block_public_access"}, c.GetImageBlockPublicAccessState, &ec2.GetImageBlockPublicAccessStateInput{}, func(out *ec2.GetImageBlockPublicAccessStateOutput) {
				set.ImageBlockPublicAccess = need(set, "image_block_public_access", out.ImageBlockPublicAccessState)
			})
		},
		func() {
			fill(s, set, []string{"snapshot_block_public_access"}, c.GetSnapshotBlockPublicAccessState, &ec2.GetSnapshotBlockPublicAccessStateInput{}, func(out *ec2.GetSnapshotBlockPublicAccessStateOutput) {
				set.SnapshotBlockPublicAccess = needText(set, "snapshot_block_public_access", out.State)
			})
		},
		func() {
			fill(s, set, []string{"serial_console_access"}, c.GetSerialConsoleAccessStatus, &ec2.GetSerialConsoleAccessStatusInput{}, func(out *ec2.GetSerialConsoleAccessStatusOutput) {
				set.SerialConsoleAccess = need(set, "serial_console_access", out.SerialConsoleAccessEnabled)
			})
		},
	}, func(read func()) { read() })
}

func readDefaultEncryption(s *scope, c *ec2.Client, set *aws.RegionSettings) {
	encrypt := false
	fill(s, set, []string{"ebs_encryption_by_default"}, c.GetEbsEncryptionByDefault, &ec2.GetEbsEncryptionByDefaultInput{}, func(out *ec2.GetEbsEncryptionByDefaultOutput) {
		encrypt = need(set, "ebs_encryption_by_default", out.EbsEncryptionByDefault)
		set.EBSEncryptionByDefault = encrypt
	})
	if encrypt {
		fill(s, set, []string{"ebs_default_kms_key"}, c.GetEbsDefaultKmsKeyId, &ec2.GetEbsDefaultKmsKeyIdInput{}, func(out *ec2.GetEbsDefaultKmsKeyIdOutput) {
			set.EBSDefaultKMSKey = cloud.LinkTo[aws.Key](s.keyRef(out.KmsKeyId))
		})
	}
}

// metadataOptions takes the settings from any of the types the SDK has for them.
// A hop limit of -1 and the value no-preference are no choice.
func metadataOptions[E, T, P, G ~string](endpoint E, tokens T, hops *int32, ipv6 P, tags G) *aws.MetadataOptions {
	chosen := func(v string) string {
		if v == "no-preference" {
			return ""
		}
		return v
	}
	return &aws.MetadataOptions{
		Endpoint:     chosen(string(endpoint)),
		Tokens:       chosen(string(tokens)),
		HopLimit:     max(0, int(awssdk.ToInt32(hops))),
		IPv6:         chosen(string(ipv6)),
		InstanceTags: chosen(string(tags)),
	}
}

// ec2Tags collects the tags of a reply.
func ec2Tags(in []types.Tag) map[string]string {
	return tagMap(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func readInstances(s *scope, c *ec2.Client) {
	kind := kindOf[aws.Instance]()
	var found []*aws.Instance
	list(s, ec2.NewDescribeInstancesPaginator(c, &ec2.DescribeInstancesInput{}), func(out *ec2.DescribeInstancesOutput) {
		for _, r := range out.Reservations {
			items(s, kind, r.Instances, func(in types.Instance) {
				if !gone(in.State) {
					found = append(found, instanceOf(s, in))
				}
			})
		}
	}, kind)
	readImageFacts(s, c, found)
	each(s, kind, found, func(i *aws.Instance) {
		defer s.add(i)
		fill(s, i, []string{"has_user_data", "user_data_sha256", "user_data_secrets"}, c.DescribeInstanceAttribute,
			&ec2.DescribeInstanceAttributeInput{InstanceId: &i.Name, Attribute: types.InstanceAttributeNameUserData}, func(out *ec2.DescribeInstanceAttributeOutput) {
				if out.UserData != nil {
					i.HasUserData, i.UserDataSHA256, i.UserDataSecrets = userData(i, "user_data_secrets", awssdk.ToString(out.UserData.Value))
				}
			})
	})
}

// gone says whether an instance is only a memory of one.
func gone(state *types.InstanceState) bool {
	return state != nil && (state.Name == types.InstanceStateNameTerminated || state.Name == types.InstanceStateNameShuttingDown)
}

func instanceOf(s *scope, in types.Instance) *aws.Instance {
	id := *in.InstanceId
	i := &aws.Instance{
		Base:            s.base(s.arn("ec2", "instance/"+id), id),
		LaunchTime:      awssdk.ToTime(in.LaunchTime),
		InstanceType:    string(in.InstanceType),
		Architecture:    string(in.Architecture),
		Virtualization:  string(in.VirtualizationType),
		Platform:        awssdk.ToString(in.PlatformDetails),
		Lifecycle:       string(in.InstanceLifecycle),
		KeyName:         awssdk.ToString(in.KeyName),
		EBSOptimized:    awssdk.ToBool(in.EbsOptimized),
		Image:           imageLink[aws.Image](s, "image", in.ImageId),
		PrivateIP:       awssdk.ToString(in.PrivateIpAddress),
		PublicIP:        awssdk.ToString(in.PublicIpAddress),
		SourceDestCheck: awssdk.ToBool(in.SourceDestCheck),
		VPC:             ec2Link[aws.VPC](s, "vpc", awssdk.ToString(in.VpcId)),
		Subnet:          ec2Link[aws.Subnet](s, "subnet", awssdk.ToString(in.SubnetId)),
	}
	i.Tags = ec2Tags(in.Tags)
	if i.Platform == "" {
		i.Platform = string(in.Platform)
	}
	if in.State != nil {
		i.State = string(in.State.Name)
	} else {
		need[string](i, "state", nil)
	}
	if i.State == "stopped" || i.State == "stopping" {
		i.StoppedAt = stoppedAt(awssdk.ToString(in.StateTransitionReason))
		if i.StoppedAt.IsZero() {
			need[string](i, "stopped_at", nil)
		}
	}
	if p := in.Placement; p != nil {
		i.AvailabilityZone, i.Tenancy = awssdk.ToString(p.AvailabilityZone), string(p.Tenancy)
	}
	if m := in.Monitoring; m != nil {
		i.Monitoring = m.State == types.MonitoringStateEnabled || m.State == types.MonitoringStatePending
	} else {
		need[string](i, "monitoring", nil)
	}
	if e := in.EnclaveOptions; e != nil {
		i.Enclaves = awssdk.ToBool(e.Enabled)
	}
	if p := in.IamInstanceProfile; p != nil {
		i.Profile = cloud.LinkTo[aws.InstanceProfile](cloud.Ref(awssdk.ToString(p.Arn)))
	}
	if m := in.MetadataOptions; m != nil {
		i.Metadata = metadataOptions(m.HttpEndpoint, m.HttpTokens, m.HttpPutResponseHopLimit, m.HttpProtocolIpv6, m.InstanceMetadataTags)
		needText(i.Metadata, "tokens", m.HttpTokens)
	} else {
		need[string](i, "metadata", nil)
	}
	for _, g := range in.SecurityGroups {
		i.SecurityGroups = append(i.SecurityGroups, ec2Link[aws.SecurityGroup](s, "security-group", awssdk.ToString(g.GroupId)))
	}
	instanceInterfaces(s, i, in.NetworkInterfaces)
	for _, d := range in.BlockDeviceMappings {
		if d.Ebs != nil {
			i.Devices = append(i.Devices, &aws.InstanceDevice{
				Name:                awssdk.ToString(d.DeviceName),
				Volume:              ec2Link[aws.Volume](s, "volume", awssdk.ToString(d.Ebs.VolumeId)),
				DeleteOnTermination: awssdk.ToBool(d.Ebs.DeleteOnTermination),
			})
		}
	}
	return i
}

func instanceInterfaces(s *scope, i *aws.Instance, in []types.InstanceNetworkInterface) {
	slot := func(n types.InstanceNetworkInterface) int32 {
		if n.Attachment == nil {
			return 0
		}
		return awssdk.ToInt32(n.Attachment.NetworkCardIndex)<<8 + awssdk.ToInt32(n.Attachment.DeviceIndex)
	}
	slices.SortStableFunc(in, func(a, b types.InstanceNetworkInterface) int { return int(slot(a) - slot(b)) })
	for _, n := range in {
		i.Interfaces = append(i.Interfaces, ec2Link[aws.NetworkInterface](s, "network-interface", awssdk.ToString(n.NetworkInterfaceId)))
		for _, a := range n.Ipv6Addresses {
			i.IPv6Addresses = append(i.IPv6Addresses, awssdk.ToString(a.Ipv6Address))
		}
	}
}

// imageLink links to an image or snapshot, whose ARNs name no account.
func imageLink[T any](s *scope, what string, id *string) cloud.Link[T] {
	if awssdk.ToString(id) == "" {
		return cloud.Link[T]{}
	}
	return cloud.LinkTo[T](imageRef(s, what, *id))
}

func imageRef(s *scope, what, id string) cloud.Ref {
	return cloud.Ref("arn:" + s.partition + ":ec2:" + string(s.region) + "::" + what + "/" + id)
}

var transition = regexp.MustCompile(`\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)`)

// stoppedAt reads the time out of a transition reason, the only place that has
// it: "User initiated (2025-03-01 07:08:09 GMT)".
func stoppedAt(reason string) time.Time {
	m := transition.FindStringSubmatch(reason)
	if m == nil {
		return time.Time{}
	}
	at, _ := time.Parse(time.DateTime, m[1])
	return at
}

// readImageFacts asks for the images that the instances run, own or not. A
// filter is used since naming an image that is gone fails the whole call.
func readImageFacts(s *scope, c *ec2.Client, instances []*aws.Instance) {
	prefix := imageRef(s, "image", "")
	var ids []string
	for _, i := range instances {
		if !i.Image.IsZero() {
			ids = append(ids, string(i.Image.To[len(prefix):]))
		}
	}
	slices.Sort(ids)
	facts := map[cloud.Ref]types.Image{}
	var gap *cloud.Gap
	for ids := range slices.Chunk(slices.Compact(ids), 200) {
		var out *ec2.DescribeImagesOutput
		out, gap = call(s, c.DescribeImages, &ec2.DescribeImagesInput{
			Filters: []types.Filter{{Name: awssdk.String("image-id"), Values: ids}}, IncludeDeprecated: awssdk.Bool(true), IncludeDisabled: awssdk.Bool(true),
		})
		if gap != nil {
			break
		}
		for _, im := range out.Images {
			facts[imageRef(s, "image", awssdk.ToString(im.ImageId))] = im
		}
	}
	for _, i := range instances {
		im, ok := facts[i.Image.To]
		switch {
		case ok:
			i.ImageFacts = &aws.ImageFacts{
				Owner:        awssdk.ToString(im.OwnerId),
				OwnerAlias:   awssdk.ToString(im.ImageOwnerAlias),
				CreatedAt:    timeOf(im.CreationDate),
				DeprecatedAt: timeOf(im.DeprecationTime),
				Public:       awssdk.ToBool(im.Public),
			}
		case gap != nil:
			i.SetGap(gap, "image_facts")
		}
	}
}

// timeOf parses a time that a reply holds as text; zero when there is none.
func timeOf(text *string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000-0700"} {
		if t, err := time.Parse(layout, awssdk.ToString(text)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func readVolumes(s *scope, c *ec2.Client) {
	kind := kindOf[aws.Volume]()
	list(s, ec2.NewDescribeVolumesPaginator(c, &ec2.DescribeVolumesInput{}), func(out *ec2.DescribeVolumesOutput) {
		items(s, kind, out.Volumes, func(in types.Volume) { s.add(volumeOf(s, in)) })
	}, kind)
}

func volumeOf(s *scope, in types.Volume) *aws.Volume {
	id := *in.VolumeId
	v := &aws.Volume{
		Base:             s.base(s.arn("ec2", "volume/"+id), id),
		State:            string(in.State),
		KMSKey:           cloud.LinkTo[aws.Key](s.keyRef(in.KmsKeyId)),
		VolumeType:       string(in.VolumeType),
		Size:             int(awssdk.ToInt32(in.Size)),
		CreatedAt:        awssdk.ToTime(in.CreateTime),
		AvailabilityZone: awssdk.ToString(in.AvailabilityZone),
		MultiAttach:      awssdk.ToBool(in.MultiAttachEnabled),
		From:             imageLink[aws.Snapshot](s, "snapshot", in.SnapshotId),
	}
	v.Tags = ec2Tags(in.Tags)
	v.Encrypted = need(v, "encrypted", in.Encrypted)
	for _, a := range in.Attachments {
		v.Attachments = append(v.Attachments, &aws.VolumeAttachment{
			Instance:            ec2Link[aws.Instance](s, "instance", awssdk.ToString(a.InstanceId)),
			Device:              awssdk.ToString(a.Device),
			State:               string(a.State),
			DeleteOnTermination: awssdk.ToBool(a.DeleteOnTermination),
		})
	}
	return v
}

func readSnapshots(s *scope, c *ec2.Client) {
	kind := kindOf[aws.Snapshot]()
	var found []*aws.Snapshot
	list(s, ec2.NewDescribeSnapshotsPaginator(c, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}}), func(out *ec2.DescribeSnapshotsOutput) {
		items(s, kind, out.Snapshots, func(in types.Snapshot) {
			if owner := awssdk.ToString(in.OwnerId); owner == "" || owner == string(s.id) {
				found = append(found, snapshotOf(s, in))
			}
		})
	}, kind)
	if len(found) == 0 {
		return
	}
	public, gap := publicSnapshots(s, c)
	each(s, kind, found, func(snap *aws.Snapshot) {
		defer s.add(snap)
		if gap != nil {
			snap.SetGap(gap, "public")
		}
		if !public[snap.Name] {
			return
		}
		// The list only nominates: some endpoints ignore its filter, and then
		// it names every snapshot. The snapshot's own permissions decide.
		fill(s, snap, []string{"public"}, c.DescribeSnapshotAttribute, &ec2.DescribeSnapshotAttributeInput{
			SnapshotId: &snap.Name, Attribute: types.SnapshotAttributeNameCreateVolumePermission,
		}, func(out *ec2.DescribeSnapshotAttributeOutput) {
			for _, p := range out.CreateVolumePermissions {
				snap.Public = snap.Public || p.Group == types.PermissionGroupAll
			}
		})
	})
}

func snapshotOf(s *scope, in types.Snapshot) *aws.Snapshot {
	snap := &aws.Snapshot{
		Base:        s.base(imageRef(s, "snapshot", *in.SnapshotId), *in.SnapshotId),
		State:       string(in.State),
		KMSKey:      cloud.LinkTo[aws.Key](s.keyRef(in.KmsKeyId)),
		StartedAt:   awssdk.ToTime(in.StartTime),
		Size:        int(awssdk.ToInt32(in.VolumeSize)),
		StorageTier: string(in.StorageTier),
		Description: awssdk.ToString(in.Description),
	}
	// Copies and imports name a volume that never was.
	if v := awssdk.ToString(in.VolumeId); v != "vol-ffffffff" {
		snap.Volume = ec2Link[aws.Volume](s, "volume", v)
	}
	snap.Tags = ec2Tags(in.Tags)
	snap.Encrypted = need(snap, "encrypted", in.Encrypted)
	return snap
}

// publicSnapshots are the ids of own snapshots that everyone may restore.
func publicSnapshots(s *scope, c *ec2.Client) (map[string]bool, *cloud.Gap) {
	public := map[string]bool{}
	pages := ec2.NewDescribeSnapshotsPaginator(c, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, RestorableByUserIds: []string{"all"}})
	for pages.HasMorePages() {
		out, gap := page(s, pages)
		if gap != nil {
			return public, gap
		}
		for _, in := range out.Snapshots {
			public[awssdk.ToString(in.SnapshotId)] = true
		}
	}
	return public, nil
}

func readImages(s *scope, c *ec2.Client) {
	kind := kindOf[aws.Image]()
	var found []types.Image
	own := &ec2.DescribeImagesInput{Owners: []string{"self"}, IncludeDeprecated: awssdk.Bool(true), IncludeDisabled: awssdk.Bool(true)}
	list(s, ec2.NewDescribeImagesPaginator(c, own), func(out *ec2.DescribeImagesOutput) { found = append(found, out.Images...) }, kind)
	each(s, kind, found, func(in types.Image) {
		image := imageOf(s, in)
		defer s.add(image)
		fill(s, image, []string{"shared_with"}, c.DescribeImageAttribute, &ec2.DescribeImageAttributeInput{
			ImageId: in.ImageId, Attribute: types.ImageAttributeNameLaunchPermission,
		}, func(out *ec2.DescribeImageAttributeOutput) {
			for _, p := range out.LaunchPermissions {
				for _, who := range []*string{p.UserId, p.OrganizationArn, p.OrganizationalUnitArn} {
					if awssdk.ToString(who) != "" {
						image.SharedWith = append(image.SharedWith, *who)
					}
				}
			}
			slices.Sort(image.SharedWith)
		})
	})
}

func imageOf(s *scope, in types.Image) *aws.Image {
	image := &aws.Image{
		Base:           s.base(imageRef(s, "image", *in.ImageId), *in.ImageId),
		State:          string(in.State),
		CreatedAt:      timeOf(in.CreationDate),
		DeprecatedAt:   timeOf(in.DeprecationTime),
		LastLaunchedAt: timeOf(in.LastLaunchedTime),
		IMDSSupport:    string(in.ImdsSupport),
		Platform:       awssdk.ToString(in.PlatformDetails),
	}
	image.Tags = ec2Tags(in.Tags)
	image.Public = need(image, "public", in.Public)
	for _, d := range in.BlockDeviceMappings {
		if d.Ebs == nil {
			continue
		}
		device := &aws.ImageDevice{Name: awssdk.ToString(d.DeviceName), Snapshot: imageLink[aws.Snapshot](s, "snapshot", d.Ebs.SnapshotId)}
		device.Encrypted = need(device, "encrypted", d.Ebs.Encrypted)
		image.Devices = append(image.Devices, device)
	}
	return image
}

func readLaunchTemplates(s *scope, c *ec2.Client) {
	kind := kindOf[aws.LaunchTemplate]()
	byID := map[string]*aws.LaunchTemplate{}
	list(s, ec2.NewDescribeLaunchTemplatesPaginator(c, &ec2.DescribeLaunchTemplatesInput{MaxResults: awssdk.Int32(200)}), func(out *ec2.DescribeLaunchTemplatesOutput) {
		items(s, kind, out.LaunchTemplates, func(in types.LaunchTemplate) {
			t := launchTemplateOf(s, in)
			byID[*in.LaunchTemplateId] = t
		})
	}, kind)
	if len(byID) == 0 {
		return
	}
	gap := readTemplateVersions(s, c, byID)
	for _, t := range byID {
		if len(t.Versions) == 0 || !slices.ContainsFunc(t.Versions, func(v *aws.LaunchTemplateVersion) bool { return v.Number == t.LatestVersion }) {
			if gap == nil {
				gap = &cloud.Gap{Reason: cloud.Missing, Operation: "ec2:DescribeLaunchTemplateVersions", Message: "the reply lacks it"}
			}
			t.SetGap(gap, "versions")
		}
		slices.SortFunc(t.Versions, func(a, b *aws.LaunchTemplateVersion) int { return a.Number - b.Number })
		s.add(t)
	}
}

func launchTemplateOf(s *scope, in types.LaunchTemplate) *aws.LaunchTemplate {
	t := &aws.LaunchTemplate{
		Base:           s.base(s.arn("ec2", "launch-template/"+*in.LaunchTemplateId), awssdk.ToString(in.LaunchTemplateName)),
		DefaultVersion: int(awssdk.ToInt64(in.DefaultVersionNumber)),
		LatestVersion:  int(awssdk.ToInt64(in.LatestVersionNumber)),
		CreatedAt:      awssdk.ToTime(in.CreateTime),
	}
	t.Tags = ec2Tags(in.Tags)
	return t
}

// readTemplateVersions reads the default and latest versions of all templates
// at once.
func readTemplateVersions(s *scope, c *ec2.Client, byID map[string]*aws.LaunchTemplate) *cloud.Gap {
	pages := ec2.NewDescribeLaunchTemplateVersionsPaginator(c, &ec2.DescribeLaunchTemplateVersionsInput{Versions: []string{"$Default", "$Latest"}})
	for pages.HasMorePages() {
		out, gap := page(s, pages)
		if gap != nil {
			return gap
		}
		items(s, kindOf[aws.LaunchTemplate](), out.LaunchTemplateVersions, func(in types.LaunchTemplateVersion) {
			t, number := byID[awssdk.ToString(in.LaunchTemplateId)], int(awssdk.ToInt64(in.VersionNumber))
			if t == nil || slices.ContainsFunc(t.Versions, func(v *aws.LaunchTemplateVersion) bool { return v.Number == number }) {
				return
			}
			t.Versions = append(t.Versions, templateVersion(s, in))
		})
	}
	return nil
}

func templateVersion(s *scope, in types.LaunchTemplateVersion) *aws.LaunchTemplateVersion {
	d := in.LaunchTemplateData
	v := &aws.LaunchTemplateVersion{
		Number:         int(awssdk.ToInt64(in.VersionNumber)),
		Default:        awssdk.ToBool(in.DefaultVersion),
		CreatedAt:      awssdk.ToTime(in.CreateTime),
		ImageID:        awssdk.ToString(d.ImageId),
		InstanceType:   string(d.InstanceType),
		KeyName:        awssdk.ToString(d.KeyName),
		SecurityGroups: ec2Links[aws.SecurityGroup](s, "security-group", d.SecurityGroupIds),
	}
	if d.Monitoring != nil {
		v.Monitoring = awssdk.ToBool(d.Monitoring.Enabled)
	}
	if m := d.MetadataOptions; m != nil {
		v.Metadata = metadataOptions(m.HttpEndpoint, m.HttpTokens, m.HttpPutResponseHopLimit, m.HttpProtocolIpv6, m.InstanceMetadataTags)
	}
	if p := d.IamInstanceProfile; p != nil {
		v.Profile = profileLink(s, awssdk.ToString(p.Arn), awssdk.ToString(p.Name))
	}
	for _, n := range d.NetworkInterfaces {
		v.SecurityGroups = append(v.SecurityGroups, ec2Links[aws.SecurityGroup](s, "security-group", n.Groups)...)
		v.PublicIP = publicIP(v.PublicIP, n.AssociatePublicIpAddress)
	}
	for _, b := range d.BlockDeviceMappings {
		device := &aws.TemplateDevice{Name: awssdk.ToString(b.DeviceName)}
		if e := b.Ebs; e != nil {
			device.EBS, device.Encryption = true, enabled(e.Encrypted)
			device.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(e.KmsKeyId))
			device.Snapshot = imageLink[aws.Snapshot](s, "snapshot", e.SnapshotId)
		}
		v.Devices = append(v.Devices, device)
	}
	v.HasUserData, v.UserDataSHA256, v.UserDataSecrets = userData(v, "user_data_secrets", awssdk.ToString(d.UserData))
	return v
}

// profileLink links to an instance profile by its ARN, or by its name, which
// says nothing of a path.
func profileLink(s *scope, arn, name string) cloud.Link[aws.InstanceProfile] {
	if arn == "" && name != "" {
		arn = "arn:" + s.partition + ":iam::" + string(s.id) + ":instance-profile/" + name
	}
	return cloud.LinkTo[aws.InstanceProfile](cloud.Ref(arn))
}

// enabled names a switch with three positions: enabled, disabled, or empty for
// never touched.
func enabled(v *bool) string {
	switch {
	case v == nil:
		return ""
	case *v:
		return "enabled"
	}
	return "disabled"
}

// publicIP folds the switches of several interfaces into one: enabled when any
// is on, disabled when all are off.
func publicIP(before string, v *bool) string {
	if now := enabled(v); before == "" || now == "enabled" {
		return now
	}
	return before
}
