package terraform

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ec2ComputeMappings() []code.Mapping {
	return []code.Mapping{
		instances("aws_instance"),
		instances("aws_spot_instance_request"),
		code.Makes("aws_launch_template", "name", "", launchTemplate),
		code.Settles(code.Makes("aws_ebs_volume", "", "", ebsVolume), code.SettleVolume),
		code.JoinsEach("aws_volume_attachment", volumeAttachment),
		code.Settles(code.Makes("aws_ebs_snapshot", "", "", ebsSnapshot), code.SettleSnapshot),
		code.Settles(code.Makes("aws_ebs_snapshot_copy", "", "", ebsSnapshotCopy), code.SettleSnapshot),
		code.Settles(code.Makes("aws_ebs_snapshot_import", "", "", ebsSnapshotCopy), code.SettleSnapshot),
		code.Makes("aws_ami", "name", "", ami),
		code.Makes("aws_ami_copy", "name", "", amiCopy),
		code.Makes("aws_ami_from_instance", "name", "", func(f *code.Form, i *aws.Image) { newImage(f, i) }),
		code.Joins("aws_ami_launch_permission", "image_id", func(f *code.Form, i *aws.Image) {
			if f.Get("group").IsAbsent() {
				f.Put(&i.SharedWith, f.First("account_id", "organization_arn", "organizational_unit_arn"))
				return
			}
			f.Put(&i.Public, f.Get("group").Is("all"))
		}),
		regionSetting("aws_ebs_encryption_by_default", func(f *code.Form, r *aws.RegionSettings) {
			f.Set(&r.EBSEncryptionByDefault, "enabled", true)
		}),
		regionSetting("aws_ebs_default_kms_key", func(f *code.Form, r *aws.RegionSettings) { f.Set(&r.EBSDefaultKMSKey, "key_arn") }),
		regionSetting("aws_ec2_instance_metadata_defaults", func(f *code.Form, r *aws.RegionSettings) {
			r.MetadataDefaults = nil
			code.Make(f, &r.MetadataDefaults, f.Get(""), metadataOptions)
		}),
		regionSetting("aws_ec2_image_block_public_access", func(f *code.Form, r *aws.RegionSettings) { f.Set(&r.ImageBlockPublicAccess, "state") }),
		regionSetting("aws_ebs_snapshot_block_public_access", func(f *code.Form, r *aws.RegionSettings) { f.Set(&r.SnapshotBlockPublicAccess, "state") }),
		regionSetting("aws_ec2_serial_console_access", func(f *code.Form, r *aws.RegionSettings) { f.Set(&r.SerialConsoleAccess, "enabled", true) }),
	}
}

// regionSetting maps a type that sets up its whole region.
func regionSetting(typ string, fill func(*code.Form, *aws.RegionSettings)) code.Mapping {
	return code.JoinsEach(typ, func(f *code.Form) { code.ConfigureAccount(f, fill) })
}

const primaryInterface = "/primary-interface"

func instances(typ string) code.Mapping {
	m := code.HasPart[aws.NetworkInterface](code.Makes(typ, "", "", ec2Instance), primaryInterface)
	return code.Settles(m, func(f *code.Form, i *aws.Instance) {
		code.SettleInstance(f, i, f.Get("associate_public_ip_address").Or(template(f).Get("network_interfaces.associate_public_ip_address")))
	})
}

// template is the launch template that fills in what an instance leaves out.
func template(f *code.Form) code.Value {
	return f.Of(f.First("launch_template.id", "launch_template.name"), (*aws.LaunchTemplate)(nil).Kind())
}

// ec2Instance reads an instance, with what its launch template says where it is
// silent, the interface that AWS makes for it and its volumes. What the
// metadata service is told nowhere, AWS decides when all else is settled.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance
func ec2Instance(f *code.Form, i *aws.Instance) {
	t := template(f)
	f.Is(&i.State, "running")
	f.Given(&i.AvailabilityZone, "availability_zone")
	f.Given(&i.PrivateIP, "private_ip")
	f.Put(&i.InstanceType, f.Get("instance_type").Or(t.Get("instance_type")))
	f.Put(&i.KeyName, f.Get("key_name").Or(t.Get("key_name")))
	f.Put(&i.Image, f.Get("ami").Or(t.Get("image_id")))
	f.Put(&i.Lifecycle, lifecycle(f, t))
	f.Put(&i.Tenancy, f.Get("tenancy").Or(t.Get("placement.tenancy")), "default")
	f.Put(&i.EBSOptimized, f.Get("ebs_optimized").Or(t.Get("ebs_optimized")))
	f.Put(&i.Enclaves, f.Get("enclave_options.enabled").Or(t.Get("enclave_options.enabled")))
	f.Put(&i.Monitoring, f.Get("monitoring").Or(t.Get("monitoring.enabled")))
	f.Put(&i.Profile, f.Get("iam_instance_profile").Or(t.Get("iam_instance_profile.arn")).Or(t.Get("iam_instance_profile.name")))
	f.Set(&i.SourceDestCheck, "source_dest_check", true)
	code.Make(f, &i.Metadata, f.Get("metadata_options").Or(t.Get("metadata_options")), metadataOptions)
	code.UserData(f, &i.HasUserData, &i.UserDataSHA256, &i.UserDataSecrets, f.Get("user_data"), f.Get("user_data_base64").Or(t.Get("user_data")))
	instanceNetwork(f, i, t)
	instanceVolumes(f, i, !t.IsAbsent())
}

func lifecycle(f *code.Form, t code.Value) code.Value {
	if f.Resource().Type == "aws_spot_instance_request" {
		return code.Text("spot", nil)
	}
	return f.Get("instance_market_options.market_type").Or(t.Get("instance_market_options.market_type"))
}

// metadataOptions reads settings of the metadata service. A setting that is
// left out is empty: the next one in line chooses.
func metadataOptions(f *code.Form, m *aws.MetadataOptions) {
	f.Put(&m.Endpoint, f.Get("http_endpoint").Preference())
	f.Put(&m.Tokens, f.Get("http_tokens").Preference())
	f.Put(&m.HopLimit, f.Get("http_put_response_hop_limit").Preference())
	f.Set(&m.IPv6, "http_protocol_ipv6")
	f.Put(&m.InstanceTags, f.Get("instance_metadata_tags").Preference())
}

// instanceNetwork links an instance to the interfaces it is given, or to the
// one AWS makes for it.
func instanceNetwork(f *code.Form, i *aws.Instance, t code.Value) {
	given := code.Concat(f.Get("primary_network_interface"), f.Get("network_interface"), t.Get("network_interfaces").Every("network_interface_id")).Every("network_interface_id")
	if present, known := given.Present().Bool(); !known || present {
		f.Put(&i.Interfaces, given)
		return
	}
	subnet := f.Get("subnet_id").Or(t.Get("network_interfaces.subnet_id"))
	groups := code.Concat(f.Get("vpc_security_group_ids"), f.Get("security_groups"))
	if groups.IsEmpty() {
		groups = code.Concat(t.Get("vpc_security_group_ids"), t.Get("network_interfaces.security_groups"))
	}
	if !subnet.IsAbsent() {
		f.Put(&i.Subnet, subnet)
	}
	if !groups.IsEmpty() {
		f.Put(&i.SecurityGroups, groups)
	}
	addresses := f.Get("ipv6_addresses")
	if n := f.First("ipv6_address_count"); addresses.IsAbsent() && !n.IsAbsent() {
		addresses = n.Is("0").Choose("", code.Assigned)
	}
	f.Default(&i.Interfaces)
	i.Interfaces = append(i.Interfaces, code.Implied(f, primaryInterface, f.Get(""), func(f *code.Form, n *aws.NetworkInterface) {
		f.Is(&n.InterfaceType, "interface")
		f.Is(&n.Status, "in-use")
		f.Is(&n.Instance, cloud.LinkTo[aws.Instance](f.Resource().Address))
		f.Set(&n.SourceDestCheck, "source_dest_check", true)
		f.Default(&n.DeviceIndex, &n.RequesterManaged, &n.Requester, &n.Description, &n.DenyInternetGateway, &n.LoadBalancer, &n.ClassicLoadBalancer)
		f.Given(&n.PrivateIPs, "private_ip")
		if !subnet.IsAbsent() {
			f.Put(&n.Subnet, subnet)
		}
		if !addresses.IsAbsent() {
			f.Put(&n.IPv6, addresses)
		}
	}))
}

// instanceVolumes adds the volumes that AWS makes along with an instance: the
// root volume always, unless a launch template may describe it. They are
// encrypted when they say so, or when their region or snapshot does.
func instanceVolumes(f *code.Form, i *aws.Instance, templated bool) {
	root := f.Get("root_block_device")
	if root.IsAbsent() && !templated {
		root = code.ObjectOf(nil, nil, nil)
	}
	code.EachOf(f, &i.Devices, root, func(f *code.Form, d *aws.InstanceDevice) { instanceDevice(f, d, "/root") })
	code.Each(f, &i.Devices, "ebs_block_device", func(f *code.Form, d *aws.InstanceDevice) {
		instanceDevice(f, d, cloud.Ref("/"+f.Get("device_name").Show()))
	})
	if templated {
		f.Gap(&i.Devices, cloud.NotInCode, "the launch template and its image add their own")
	}
}

func instanceDevice(f *code.Form, d *aws.InstanceDevice, suffix cloud.Ref) {
	f.Given(&d.Name, "device_name")
	f.Set(&d.DeleteOnTermination, "delete_on_termination", true)
	f.Is(&d.Volume, code.Implied(f, suffix, f.Get(""), func(f *code.Form, v *aws.Volume) {
		v.Context = false
		ebsVolume(f, v)
		code.Add(f, &v.Attachments, func(f *code.Form, a *aws.VolumeAttachment) {
			f.Is(&a.Instance, cloud.LinkTo[aws.Instance](f.Resource().Address))
			f.Is(&a.State, "attached")
			f.Given(&a.Device, "device_name")
			f.Set(&a.DeleteOnTermination, "delete_on_termination", true)
		})
	}))
}

// ebsVolume reads a volume: one of its own, or a block device.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume
func ebsVolume(f *code.Form, v *aws.Volume) {
	f.Set(&v.Encrypted, "encrypted")
	f.Set(&v.KMSKey, "kms_key_id")
	f.Set(&v.From, "snapshot_id")
	f.Set(&v.MultiAttach, "multi_attach_enabled")
	f.Given(&v.VolumeType, "type", "volume_type")
	f.Given(&v.Size, "size", "volume_size")
	f.Given(&v.AvailabilityZone, "availability_zone")
}

func volumeAttachment(f *code.Form) {
	code.Configure(f, f.Get("volume_id"), func(f *code.Form, v *aws.Volume) {
		code.Add(f, &v.Attachments, func(f *code.Form, a *aws.VolumeAttachment) {
			f.Set(&a.Instance, "instance_id")
			f.Set(&a.Device, "device_name")
			f.Is(&a.State, "attached")
			f.Default(&a.DeleteOnTermination)
		})
	})
}

// ebsSnapshot reads a snapshot, which is as encrypted as its volume. Terraform
// can share it with single accounts, but with everyone it cannot.
func ebsSnapshot(f *code.Form, s *aws.Snapshot) {
	f.Is(&s.State, "completed")
	f.Default(&s.Public, &s.KMSKey)
	f.Set(&s.Volume, "volume_id")
	f.Set(&s.Description, "description")
	f.Set(&s.StorageTier, "storage_tier", "standard")
}

func ebsSnapshotCopy(f *code.Form, s *aws.Snapshot) {
	ebsSnapshot(f, s)
	f.Set(&s.Encrypted, "encrypted")
	f.Set(&s.KMSKey, "kms_key_id")
}

func newImage(f *code.Form, i *aws.Image) {
	f.Is(&i.State, "available")
	f.Default(&i.Public, &i.SharedWith)
	f.Given(&i.DeprecatedAt, "deprecation_time")
	f.Set(&i.IMDSSupport, "imds_support")
}

// ami reads an image made of snapshots. A device is encrypted when its snapshot is.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ami
func ami(f *code.Form, i *aws.Image) {
	newImage(f, i)
	code.Each(f, &i.Devices, "ebs_block_device", func(f *code.Form, d *aws.ImageDevice) {
		f.Set(&d.Name, "device_name")
		f.Set(&d.Snapshot, "snapshot_id")
		f.Put(&d.Encrypted, f.Get("encrypted").Or(f.Of(f.Get("snapshot_id"), (*aws.Snapshot)(nil).Kind()).Get("encrypted")))
	})
}

// amiCopy reads a copy, of whose devices code says no more than whether they
// are encrypted.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ami_copy
func amiCopy(f *code.Form, i *aws.Image) {
	newImage(f, i)
	code.Add(f, &i.Devices, func(f *code.Form, d *aws.ImageDevice) { f.Set(&d.Encrypted, "encrypted") })
}

// launchTemplate reads a template in the version that the code describes.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template
func launchTemplate(f *code.Form, t *aws.LaunchTemplate) {
	code.Add(f, &t.Versions, func(f *code.Form, v *aws.LaunchTemplateVersion) {
		interfaces := f.Get("network_interfaces")
		f.Put(&v.ImageID, f.Stand(f.Get("image_id")))
		f.Set(&v.InstanceType, "instance_type")
		f.Set(&v.KeyName, "key_name")
		f.Set(&v.Monitoring, "monitoring.enabled")
		code.One(f, &v.Metadata, "metadata_options", metadataOptions)
		f.Put(&v.Profile, f.First("iam_instance_profile.arn", "iam_instance_profile.name"))
		f.Put(&v.SecurityGroups, code.Concat(f.Get("vpc_security_group_ids"), code.Flatten(interfaces.Every("security_groups"))))
		f.Put(&v.PublicIP, code.PublicIP(interfaces, "associate_public_ip_address"))
		code.Each(f, &v.Devices, "block_device_mappings", func(f *code.Form, d *aws.TemplateDevice) {
			f.Set(&d.Name, "device_name")
			f.Put(&d.EBS, f.Get("ebs").Present())
			templateDisk(f, d, f.Get("ebs"))
		})
		code.UserData(f, &v.HasUserData, &v.UserDataSHA256, &v.UserDataSecrets, code.Value{}, f.Get("user_data"))
	})
}

func templateDisk(f *code.Form, d *aws.TemplateDevice, disk code.Value) {
	f.Put(&d.Encryption, disk.Get("encrypted").Switch())
	f.Put(&d.KMSKey, disk.Get("kms_key_id"))
	f.Put(&d.Snapshot, disk.Get("snapshot_id"))
}
