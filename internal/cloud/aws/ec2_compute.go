package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func ec2ComputeKinds() []cloud.Resource {
	return []cloud.Resource{&Instance{}, &Volume{}, &Snapshot{}, &Image{}, &LaunchTemplate{}}
}

// Instance is one EC2 instance. Terminated instances, which AWS goes on
// listing for about an hour, are not in the model.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
type Instance struct {
	cloud.Base

	// State is pending, running, stopping or stopped.
	State string `json:"state,omitempty"`
	// StoppedAt is when the instance came to rest; unset while it runs.
	StoppedAt time.Time `json:"stopped_at,omitzero"`
	// LaunchTime is when the instance was last started.
	LaunchTime time.Time `json:"launch_time,omitzero"`
	// InstanceType is the hardware, such as m7g.large.
	InstanceType string `json:"instance_type,omitempty"`
	// Architecture is x86_64, arm64, i386 or a mac variant.
	Architecture string `json:"architecture,omitempty"`
	// Virtualization is hvm or, on old hardware, paravirtual.
	Virtualization string `json:"virtualization,omitempty"`
	// Platform is the billing platform, such as Linux/UNIX or Windows.
	Platform string `json:"platform,omitempty"`
	// Lifecycle is spot, scheduled or capacity-block; empty for on-demand.
	Lifecycle string `json:"lifecycle,omitempty"`
	// AvailabilityZone such as eu-west-1a.
	AvailabilityZone string `json:"availability_zone,omitempty"`
	// Tenancy is default, dedicated or host.
	Tenancy string `json:"tenancy,omitempty"`
	// KeyName is the SSH key pair put in at launch; empty for none.
	KeyName string `json:"key_name,omitempty"`
	// EBSOptimized is whether traffic to volumes has its own bandwidth. Current
	// types always have it and report false.
	EBSOptimized bool `json:"ebs_optimized,omitempty"`
	// Enclaves is whether Nitro Enclaves may run.
	Enclaves bool `json:"enclaves,omitempty"`
	// Monitoring is whether detailed (one minute) monitoring is on.
	Monitoring bool `json:"monitoring,omitempty"`
	// Metadata is how the instance metadata service answers.
	Metadata *MetadataOptions `json:"metadata,omitempty"`
	// Profile is the instance profile whose role the instance holds; it leads
	// nowhere when the instance has none.
	Profile cloud.Link[InstanceProfile] `json:"profile,omitzero"`

	// Image is the AMI the instance was launched from. Only the account's own
	// images are in the model; see ImageFacts for all.
	Image cloud.Link[Image] `json:"image,omitzero"`
	// ImageFacts is what AWS tells of the AMI whoever owns it; unset when the
	// image has been deregistered or is no longer shared.
	ImageFacts *ImageFacts `json:"image_facts,omitempty"`
	// Devices are the attached EBS volumes.
	Devices []*InstanceDevice `json:"devices,omitempty"`
	// HasUserData is whether start-up data is set.
	HasUserData bool `json:"has_user_data,omitempty"`
	// UserDataSHA256 is the hex hash of the start-up data as sent.
	UserDataSHA256 string `json:"user_data_sha256,omitempty"`
	// UserDataSecrets are the secrets found in the start-up data, unpacked
	// from gzip where needed.
	UserDataSecrets []*TextSecret `json:"user_data_secrets,omitempty"`

	// PrivateIP and PublicIP are the addresses of the first interface.
	PrivateIP string `json:"private_ip,omitempty"`
	PublicIP  string `json:"public_ip,omitempty"`
	// IPv6Addresses of all interfaces.
	IPv6Addresses []string `json:"ipv6_addresses,omitempty"`
	// SourceDestCheck is false for instances that may forward others' traffic.
	SourceDestCheck bool `json:"source_dest_check,omitempty"`
	// VPC and Subnet of the first interface.
	VPC    cloud.Link[VPC]    `json:"vpc,omitzero"`
	Subnet cloud.Link[Subnet] `json:"subnet,omitzero"`
	// SecurityGroups of the first interface; each interface has its own.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// Interfaces are all network interfaces, the first one first.
	Interfaces []cloud.Link[NetworkInterface] `json:"interfaces,omitempty"`

	// Managed is the instance as Systems Manager knows it; empty when its
	// agent never registered.
	Managed []cloud.Link[ManagedInstance] `json:"-" cel:"managed" backlink:"instance" within:"region"`
	// AutoScalingGroups are the groups that own the instance: one or none.
	AutoScalingGroups []cloud.Link[AutoScalingGroup] `json:"-" cel:"auto_scaling_groups" backlink:"instances" within:"region"`
	// Backups are what AWS Backup holds of the instance: one or none.
	Backups []cloud.Link[ProtectedResource] `json:"-" cel:"backups" backlink:"instance" within:"region"`
}

// Kind implements cloud.Resource.
func (*Instance) Kind() cloud.Kind { return "AWS::EC2::Instance" }

// MetadataOptions are settings of the instance metadata service (IMDS). On an
// instance all are set; on launch templates, launch configurations and region
// defaults an empty field leaves the choice to the next one: template, then
// region default, then image.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
type MetadataOptions struct {
	cloud.Object
	// Endpoint is enabled, disabled or, where nothing was chosen, empty.
	Endpoint string `json:"endpoint,omitempty"`
	// Tokens is required (IMDSv2 only), optional (IMDSv1 answers too) or,
	// where nothing was chosen, empty.
	Tokens string `json:"tokens,omitempty"`
	// HopLimit is how many network hops a token's answer may take; 0 where
	// nothing was chosen.
	HopLimit int `json:"hop_limit,omitempty"`
	// IPv6 is enabled, disabled or empty.
	IPv6 string `json:"ipv6,omitempty"`
	// InstanceTags is whether the instance can read its own tags: enabled,
	// disabled or empty.
	InstanceTags string `json:"instance_tags,omitempty"`
}

// ImageFacts is what AWS tells of the image an instance runs, own or foreign.
type ImageFacts struct {
	cloud.Object
	// Owner is the account that owns the image.
	Owner string `json:"owner,omitempty"`
	// OwnerAlias is amazon or aws-marketplace for images AWS vouches for.
	OwnerAlias string `json:"owner_alias,omitempty"`
	// CreatedAt is when the image was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// DeprecatedAt is when its owner stops recommending it; unset for never.
	DeprecatedAt time.Time `json:"deprecated_at,omitzero"`
	// Public is whether everyone may launch it.
	Public bool `json:"public,omitempty"`
}

// InstanceDevice is an EBS volume in its slot.
type InstanceDevice struct {
	cloud.Object
	// Name of the device, such as /dev/xvda.
	Name string `json:"name"`
	// Volume behind it.
	Volume cloud.Link[Volume] `json:"volume,omitzero"`
	// DeleteOnTermination is whether the volume goes with the instance.
	DeleteOnTermination bool `json:"delete_on_termination,omitempty"`
}

// Volume is one EBS volume.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html
type Volume struct {
	cloud.Base

	// State is creating, available (attached to nothing), in-use, deleting or error.
	State string `json:"state,omitempty"`
	// Encrypted is whether the volume is encrypted at rest.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the volume; it leads nowhere when it is not encrypted.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// VolumeType is gp3, io2, st1 and so on.
	VolumeType string `json:"volume_type,omitempty"`
	// Size in GiB.
	Size int `json:"size,omitempty"`
	// CreatedAt is when the volume was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// AvailabilityZone such as eu-west-1a.
	AvailabilityZone string `json:"availability_zone,omitempty"`
	// MultiAttach is whether several instances may attach it at once.
	MultiAttach bool `json:"multi_attach,omitempty"`
	// From is the snapshot it was made from.
	From cloud.Link[Snapshot] `json:"from,omitzero"`
	// Attachments are the instances that hold it.
	Attachments []*VolumeAttachment `json:"attachments,omitempty"`

	// Snapshots made of the volume that still exist.
	Snapshots []cloud.Link[Snapshot] `json:"-" cel:"snapshots" backlink:"volume" within:"region"`
	// Backups are what AWS Backup holds of the volume itself: one or none.
	Backups []cloud.Link[ProtectedResource] `json:"-" cel:"backups" backlink:"volume" within:"region"`
}

// Kind implements cloud.Resource.
func (*Volume) Kind() cloud.Kind { return "AWS::EC2::Volume" }

// VolumeAttachment is a volume's hold on an instance.
type VolumeAttachment struct {
	cloud.Object
	// Instance that holds the volume; it leads nowhere for volumes of a
	// managed service.
	Instance cloud.Link[Instance] `json:"instance,omitzero"`
	// Device name, such as /dev/xvda.
	Device string `json:"device,omitempty"`
	// State is attaching, attached, detaching, detached or busy.
	State string `json:"state,omitempty"`
	// DeleteOnTermination is whether the volume goes with the instance.
	DeleteOnTermination bool `json:"delete_on_termination,omitempty"`
}

// Snapshot is an EBS snapshot that the account owns.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
type Snapshot struct {
	cloud.Base

	// State is pending, completed, error, recoverable or recovering.
	State string `json:"state,omitempty"`
	// Encrypted is whether the snapshot is encrypted at rest.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the snapshot; it leads nowhere when it is not encrypted.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Public is whether every AWS account may restore it. The region's
	// snapshot_block_public_access may still withhold it.
	// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
	Public bool `json:"public,omitempty"`
	// Volume it was made of, which may be gone.
	Volume cloud.Link[Volume] `json:"volume,omitzero"`
	// StartedAt is the moment whose data it holds.
	StartedAt time.Time `json:"started_at,omitzero"`
	// Size of the volume in GiB.
	Size int `json:"size,omitempty"`
	// StorageTier is standard or archive.
	StorageTier string `json:"storage_tier,omitempty"`
	// Description as given by its maker.
	Description string `json:"description,omitempty"`

	// Images that start from this snapshot.
	Images []cloud.Link[Image] `json:"-" cel:"images" backlink:"devices" within:"region"`
}

// Kind implements cloud.Resource.
func (*Snapshot) Kind() cloud.Kind { return "AWS::EC2::Snapshot" }

// Image is an AMI that the account owns.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html
type Image struct {
	cloud.Base

	// State is available, pending, failed, disabled and so on.
	State string `json:"state,omitempty"`
	// Public is whether everyone may launch it.
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html
	Public bool `json:"public,omitempty"`
	// SharedWith are the account ids, organization and unit ARNs that may
	// launch it.
	SharedWith []string `json:"shared_with,omitempty"`
	// CreatedAt is when the image was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// DeprecatedAt is when it stops being recommended; unset for never.
	DeprecatedAt time.Time `json:"deprecated_at,omitzero"`
	// LastLaunchedAt is when it was last launched, up to a day late; unset for never.
	LastLaunchedAt time.Time `json:"last_launched_at,omitzero"`
	// IMDSSupport is v2.0 when instances made from it demand IMDSv2 unless
	// told otherwise; empty when not.
	IMDSSupport string `json:"imds_support,omitempty"`
	// Platform such as Linux/UNIX.
	Platform string `json:"platform,omitempty"`
	// Devices are the EBS volumes that come with the image.
	Devices []*ImageDevice `json:"devices,omitempty"`

	// Instances launched from it.
	Instances []cloud.Link[Instance] `json:"-" cel:"instances" backlink:"image" within:"region"`
}

// Kind implements cloud.Resource.
func (*Image) Kind() cloud.Kind { return "AWS::EC2::Image" }

// ImageDevice is a volume made when an image is launched.
type ImageDevice struct {
	cloud.Object
	// Name of the device, such as /dev/xvda.
	Name string `json:"name"`
	// Snapshot the volume starts from; it leads nowhere for an empty volume.
	Snapshot cloud.Link[Snapshot] `json:"snapshot,omitzero"`
	// Encrypted is whether its snapshot is encrypted.
	Encrypted bool `json:"encrypted,omitempty"`
}

// LaunchTemplate is an EC2 launch template with the versions that launches
// use unless they name another: the default and the latest.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html
type LaunchTemplate struct {
	cloud.Base

	// DefaultVersion is the number of the default version.
	DefaultVersion int `json:"default_version,omitempty"`
	// LatestVersion is the number of the newest version.
	LatestVersion int `json:"latest_version,omitempty"`
	// CreatedAt is when the template was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Versions are the default and the latest version; one when they are the same.
	Versions []*LaunchTemplateVersion `json:"versions,omitempty"`

	// AutoScalingGroups that launch from it.
	AutoScalingGroups []cloud.Link[AutoScalingGroup] `json:"-" cel:"auto_scaling_groups" backlink:"launch_templates" within:"region"`
}

// Kind implements cloud.Resource.
func (*LaunchTemplate) Kind() cloud.Kind { return "AWS::EC2::LaunchTemplate" }

// LaunchTemplateVersion is one version of a launch template. What it leaves
// out is decided at launch.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html
type LaunchTemplateVersion struct {
	cloud.Object
	// Number of the version, from 1.
	Number int `json:"number"`
	// Default is whether launches take this version unless told otherwise.
	Default bool `json:"default,omitempty"`
	// CreatedAt is when the version was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ImageID is an AMI id or an SSM parameter that resolves to one.
	ImageID string `json:"image_id,omitempty"`
	// InstanceType is the hardware; empty when left to the launch.
	InstanceType string `json:"instance_type,omitempty"`
	// KeyName is the SSH key pair; empty for none.
	KeyName string `json:"key_name,omitempty"`
	// Monitoring is whether detailed (one minute) monitoring is asked for.
	Monitoring bool `json:"monitoring,omitempty"`
	// Metadata is what the version says of the metadata service; unset when it
	// says nothing.
	Metadata *MetadataOptions `json:"metadata,omitempty"`
	// Profile is the instance profile; it leads nowhere for none.
	Profile cloud.Link[InstanceProfile] `json:"profile,omitzero"`
	// SecurityGroups of the version and of its interfaces.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// PublicIP is enabled when an interface asks for a public address, disabled
	// when all interfaces refuse one, and empty when the subnet decides.
	PublicIP string `json:"public_ip,omitempty"`
	// Devices are the volumes it describes.
	Devices []*TemplateDevice `json:"devices,omitempty"`
	// HasUserData is whether start-up data is set.
	HasUserData bool `json:"has_user_data,omitempty"`
	// UserDataSHA256 is the hex hash of the start-up data as sent.
	UserDataSHA256 string `json:"user_data_sha256,omitempty"`
	// UserDataSecrets are the secrets found in the start-up data.
	UserDataSecrets []*TextSecret `json:"user_data_secrets,omitempty"`
}

// TemplateDevice is a volume that a launch template or launch configuration
// describes.
type TemplateDevice struct {
	cloud.Object
	// Name of the device, such as /dev/xvda.
	Name string `json:"name"`
	// EBS is false for instance store and suppressed devices.
	EBS bool `json:"ebs,omitempty"`
	// Encryption is enabled, disabled or, where the snapshot and the region's
	// default decide, empty.
	Encryption string `json:"encryption,omitempty"`
	// KMSKey to encrypt with; it leads nowhere where the default decides.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// Snapshot the volume starts from.
	Snapshot cloud.Link[Snapshot] `json:"snapshot,omitzero"`
}
