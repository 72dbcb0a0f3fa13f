package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func efsKinds() []cloud.Resource {
	return []cloud.Resource{&FileSystem{}, &FileSystemAccessPoint{}}
}

// FileSystem is an EFS file system.
// https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html
type FileSystem struct {
	cloud.Base

	// CreatedAt is when the file system was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// State is available, creating and so on.
	State string `json:"state,omitempty"`
	// Encrypted is whether data at rest is encrypted.
	Encrypted bool `json:"encrypted,omitempty"`
	// KMSKey encrypts the data.
	KMSKey cloud.Link[Key] `json:"kms_key,omitzero"`
	// OneZone is the only zone that holds the data; empty when it is kept in
	// several.
	OneZone string `json:"one_zone,omitempty"`
	// Policy is the file system policy. Without one, every client that reaches a
	// mount target has full access: has(resource.policy) tells.
	// https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
	Policy *Policy `json:"policy,omitempty"`
	// AutomaticBackups is whether EFS has AWS Backup keep daily backups.
	AutomaticBackups bool `json:"automatic_backups,omitempty"`
	// MountTargets are the addresses clients mount, at most one a zone.
	MountTargets []*MountTarget `json:"mount_targets,omitempty"`

	// AccessPoints into the file system.
	AccessPoints []cloud.Link[FileSystemAccessPoint] `json:"-" cel:"access_points" backlink:"file_system" within:"region"`
	// Backups says what AWS Backup holds of the file system.
	Backups []cloud.Link[ProtectedResource] `json:"-" cel:"backups" backlink:"file_system" within:"region"`
}

// Kind implements cloud.Resource.
func (*FileSystem) Kind() cloud.Kind { return "AWS::EFS::FileSystem" }

// MountTarget is an NFS endpoint of a file system.
// https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html
type MountTarget struct {
	cloud.Object
	// ID of the mount target.
	ID string `json:"id"`
	// Subnet it lives in.
	Subnet cloud.Link[Subnet] `json:"subnet,omitzero"`
	// VPC it lives in.
	VPC cloud.Link[VPC] `json:"vpc,omitzero"`
	// NetworkInterface it answers on.
	NetworkInterface cloud.Link[NetworkInterface] `json:"network_interface,omitzero"`
	// SecurityGroups guard it.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
}

// FileSystemAccessPoint is an application's own way into a file system.
// https://docs.aws.amazon.com/efs/latest/ug/API_AccessPointDescription.html
type FileSystemAccessPoint struct {
	cloud.Base

	// FileSystem it leads into.
	FileSystem cloud.Link[FileSystem] `json:"file_system,omitzero"`
	// RootDirectory is what clients see as the root; / is the whole file system.
	RootDirectory string `json:"root_directory,omitempty"`
	// EnforcesUser is whether every request runs as one POSIX user.
	EnforcesUser bool `json:"enforces_user,omitempty"`
	// UserID is that user.
	UserID int `json:"user_id,omitempty"`
	// GroupID is that user's group.
	GroupID int `json:"group_id,omitempty"`
}

// Kind implements cloud.Resource.
func (*FileSystemAccessPoint) Kind() cloud.Kind { return "AWS::EFS::AccessPoint" }
