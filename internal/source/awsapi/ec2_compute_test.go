package awsapi

import (
	"context"
	"encoding/base64"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// leakedKey is put together so that no scanner takes this file for a leak.
const leakedKey = "AKIA" + "QWERTYUIOPASDFGH"

func TestInstances(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ec2.NewFromConfig(e.cfg)
	subnet, group := newSubnet(t, e)
	roles := iam.NewFromConfig(e.cfg)
	profile := made[iam.CreateInstanceProfileOutput](t)(roles.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: awssdk.String("web")}))
	run := func(in *ec2.RunInstancesInput) string {
		in.MinCount, in.MaxCount, in.ImageId = awssdk.Int32(1), awssdk.Int32(1), awssdk.String("ami-12c6146b")
		return *made[ec2.RunInstancesOutput](t)(c.RunInstances(ctx, in)).Instances[0].InstanceId
	}
	plain := run(&ec2.RunInstancesInput{SubnetId: &subnet})
	web := run(&ec2.RunInstancesInput{
		SubnetId: &subnet, SecurityGroupIds: []string{group},
		UserData:           awssdk.String(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho " + leakedKey + "\n"))),
		MetadataOptions:    &types.InstanceMetadataOptionsRequest{HttpTokens: types.HttpTokensStateRequired, HttpPutResponseHopLimit: awssdk.Int32(2)},
		IamInstanceProfile: &types.IamInstanceProfileSpecification{Arn: profile.InstanceProfile.Arn},
		Monitoring:         &types.RunInstancesMonitoringEnabled{Enabled: awssdk.Bool(true)},
		TagSpecifications:  []types.TagSpecification{{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: awssdk.String("tier"), Value: awssdk.String("web")}}}},
	})
	ended := run(&ec2.RunInstancesInput{SubnetId: &subnet})
	must(t)(c.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{ended}}))
	must(t)(c.StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: []string{plain}}))

	s := e.read(t, nil, "ec2")
	p := find[aws.Instance](t, s, plain)
	noGaps(t, p, "managed", "auto_scaling_groups", "backups")
	if p.State != "stopped" || p.HasUserData || !p.Profile.IsZero() || p.Metadata.Tokens != "optional" {
		t.Errorf("plain instance: %+v", p)
	}
	if p.StoppedAt.IsZero() {
		t.Error("the plain instance has no stop time")
	}
	w := find[aws.Instance](t, s, web)
	if w.State != "running" || w.Metadata.Tokens != "required" || w.Metadata.HopLimit != 2 || w.Tags["tier"] != "web" {
		t.Errorf("web instance: %+v, metadata %+v", w, w.Metadata)
	}
	if w.Profile.To != cloud.Ref(*profile.InstanceProfile.Arn) || w.SecurityGroups[0].To != ec2Ref(e, "security-group/"+group) {
		t.Errorf("profile %v, groups %v", w.Profile, w.SecurityGroups)
	}
	if !w.HasUserData || len(w.UserDataSecrets) != 1 || w.UserDataSecrets[0].Line != 2 {
		t.Errorf("user data: %v %+v", w.HasUserData, w.UserDataSecrets)
	}
	if len(w.Interfaces) != 1 || w.Interfaces[0].Target().Gap("status") != nil {
		t.Errorf("interfaces: %v", w.Interfaces)
	}
	if len(w.Devices) == 0 || w.Devices[0].Volume.Target().Gap("encrypted") != nil {
		t.Errorf("devices: %v", w.Devices)
	}
	for _, r := range s.Resources {
		if r.Meta().Name == ended {
			t.Error("a terminated instance is in the snapshot")
		}
	}
}

func TestVolumesSnapshotsImages(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ec2.NewFromConfig(e.cfg)
	must(t)(c.EnableEbsEncryptionByDefault(ctx, &ec2.EnableEbsEncryptionByDefaultInput{}))
	volume := made[ec2.CreateVolumeOutput](t)(c.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: awssdk.String("us-east-1a"), Size: awssdk.Int32(8), Encrypted: awssdk.Bool(true)})).VolumeId
	snapshot := func() *string {
		return made[ec2.CreateSnapshotOutput](t)(c.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume, Description: awssdk.String("kept")})).SnapshotId
	}
	private, public := snapshot(), snapshot()
	must(t)(c.ModifySnapshotAttribute(ctx, &ec2.ModifySnapshotAttributeInput{
		SnapshotId: public, Attribute: types.SnapshotAttributeNameCreateVolumePermission, OperationType: types.OperationTypeAdd, GroupNames: []string{"all"},
	}))
	subnet, _ := newSubnet(t, e)
	instance := made[ec2.RunInstancesOutput](t)(c.RunInstances(ctx, &ec2.RunInstancesInput{
		MinCount: awssdk.Int32(1), MaxCount: awssdk.Int32(1), ImageId: awssdk.String("ami-12c6146b"), SubnetId: &subnet})).Instances[0].InstanceId
	image := made[ec2.CreateImageOutput](t)(c.CreateImage(ctx, &ec2.CreateImageInput{InstanceId: instance, Name: awssdk.String("golden")})).ImageId
	must(t)(c.ModifyImageAttribute(ctx, &ec2.ModifyImageAttributeInput{ImageId: image, LaunchPermission: &types.LaunchPermissionModifications{
		Add: []types.LaunchPermission{{UserId: awssdk.String("210987654321")}},
	}}))

	s := e.read(t, nil, "ec2")
	v := find[aws.Volume](t, s, *volume)
	noGaps(t, v, "backups")
	if !v.Encrypted || v.KMSKey.IsZero() || v.State != "available" || v.Size != 8 || len(v.Attachments) != 0 || len(v.Snapshots) != 2 {
		t.Errorf("volume: %+v", v)
	}
	if snap := find[aws.Snapshot](t, s, *private); snap.Public || snap.Volume.Target() != v {
		t.Errorf("private snapshot: %+v", snap)
	}
	if snap := find[aws.Snapshot](t, s, *public); !snap.Public || snap.Gap("public") != nil {
		t.Errorf("public snapshot: %+v", snap)
	}
	im := find[aws.Image](t, s, *image)
	if im.Public || len(im.SharedWith) != 1 || im.SharedWith[0] != "210987654321" || len(im.Devices) == 0 {
		t.Errorf("image: %+v", im)
	}
	region := find[aws.RegionSettings](t, s, "us-east-1")
	if !region.EBSEncryptionByDefault || region.Gap("ebs_encryption_by_default") != nil {
		t.Errorf("encryption by default: %+v", region)
	}
	if region.SerialConsoleAccess {
		t.Error("serial console access is on")
	}
}

// TestSharingOfSnapshotsDenied checks that a snapshot whose sharing cannot be
// read is neither public nor private.
func TestSharingOfSnapshotsDenied(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ec2.NewFromConfig(e.cfg)
	volume := made[ec2.CreateVolumeOutput](t)(c.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: awssdk.String("us-east-1a"), Size: awssdk.Int32(8)})).VolumeId
	id := made[ec2.CreateSnapshotOutput](t)(c.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume})).SnapshotId
	s := e.read(t, func(c *Config) { c.Transport = withoutRights{e, "DescribeSnapshotAttribute"} }, "ec2")
	if g := find[aws.Snapshot](t, s, *id).Gap("public"); g == nil || g.Reason != cloud.Denied || g.Permission != "ec2:DescribeSnapshotAttribute" {
		t.Errorf("gap: %v", g)
	}
}

func TestLaunchTemplates(t *testing.T) {
	e := newEstate(t)
	ctx, c := context.Background(), ec2.NewFromConfig(e.cfg)
	made := made[ec2.CreateLaunchTemplateOutput](t)(c.CreateLaunchTemplate(ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: awssdk.String("web"), LaunchTemplateData: &types.RequestLaunchTemplateData{
			ImageId:  awssdk.String("ami-1"),
			UserData: awssdk.String(base64.StdEncoding.EncodeToString([]byte("export DB_PASSWORD=hunter2222\n"))),
		},
	})).LaunchTemplate.LaunchTemplateId
	for range 2 {
		must(t)(c.CreateLaunchTemplateVersion(ctx, &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: made, LaunchTemplateData: &types.RequestLaunchTemplateData{
			ImageId:         awssdk.String("ami-2"),
			MetadataOptions: &types.LaunchTemplateInstanceMetadataOptionsRequest{HttpTokens: types.LaunchTemplateHttpTokensStateRequired},
			NetworkInterfaces: []types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest{
				{DeviceIndex: awssdk.Int32(0), AssociatePublicIpAddress: awssdk.Bool(true), Groups: []string{"sg-1"}},
			},
		}}))
	}
	s := e.read(t, nil, "ec2")
	lt := find[aws.LaunchTemplate](t, s, "web")
	noGaps(t, lt, "auto_scaling_groups")
	if lt.DefaultVersion != 1 || lt.LatestVersion != 3 || len(lt.Versions) != 2 {
		t.Fatalf("template: %+v", lt)
	}
	first, last := lt.Versions[0], lt.Versions[1]
	if !first.Default || !first.HasUserData || len(first.UserDataSecrets) != 1 || first.Metadata != nil {
		t.Errorf("default version: %+v", first)
	}
	if last.Number != 3 || last.Metadata.Tokens != "required" || last.PublicIP != "enabled" || len(last.SecurityGroups) != 1 {
		t.Errorf("latest version: %+v", last)
	}
}

func TestStoppedAt(t *testing.T) {
	if got := stoppedAt("User initiated (2025-03-01 07:08:09 GMT)"); !got.Equal(time.Date(2025, 3, 1, 7, 8, 9, 0, time.UTC)) {
		t.Error(got)
	}
	if got := stoppedAt("Server.SpotInstanceShutdown"); !got.IsZero() {
		t.Error(got)
	}
}
