package cloudformation

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func ec2ComputeMappings() []code.Mapping {
	instance := code.HasPart[aws.NetworkInterface](code.Makes("AWS::EC2::Instance", "", "", instance), primaryInterface)
	return append(code.Ignores("AWS::EC2::KeyPair", "AWS::EC2::PlacementGroup"),
		code.Settles(instance, func(f *code.Form, i *aws.Instance) {
			code.SettleInstance(f, i, firstInterface(f, template(f)).Get("AssociatePublicIpAddress"))
		}),
		code.Makes("AWS::EC2::LaunchTemplate", "LaunchTemplateName", "", launchTemplate),
		code.Settles(code.Makes("AWS::EC2::Volume", "", "", volume), code.SettleVolume),
		code.Joins("AWS::EC2::VolumeAttachment", "VolumeId", func(f *code.Form, v *aws.Volume) {
			code.Add(f, &v.Attachments, func(f *code.Form, a *aws.VolumeAttachment) {
				f.Set(&a.Instance, "InstanceId")
				f.Set(&a.Device, "Device")
				f.Is(&a.State, "attached")
				f.Default(&a.DeleteOnTermination)
			})
		}),
		code.JoinsEach("AWS::EC2::SnapshotBlockPublicAccess", func(f *code.Form) {
			code.ConfigureAccount(f, func(f *code.Form, r *aws.RegionSettings) { f.Set(&r.SnapshotBlockPublicAccess, "State") })
		}),
	)
}

const primaryInterface = "/primary-interface"

// template is the launch template that fills in what an instance leaves out.
func template(f *code.Form) code.Value {
	return f.Of(f.First("LaunchTemplate.LaunchTemplateId", "LaunchTemplate.LaunchTemplateName"), (*aws.LaunchTemplate)(nil).Kind()).Get("LaunchTemplateData")
}

// firstInterface is what an instance or its template says of the interface
// that AWS makes for it.
func firstInterface(f *code.Form, t code.Value) code.Value {
	return f.Get("NetworkInterfaces").Or(t.Get("NetworkInterfaces"))
}

// instance reads an instance, with what its launch template says where it is
// silent, the interface that AWS makes for it and its volumes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
func instance(f *code.Form, i *aws.Instance) {
	t := template(f)
	f.Is(&i.State, "running")
	f.Given(&i.AvailabilityZone, "AvailabilityZone")
	f.Given(&i.PrivateIP, "PrivateIpAddress")
	f.Put(&i.InstanceType, f.Get("InstanceType").Or(t.Get("InstanceType")), "m1.small")
	f.Put(&i.KeyName, f.Stand(f.Get("KeyName").Or(t.Get("KeyName"))))
	f.Put(&i.Image, f.Get("ImageId").Or(t.Get("ImageId")))
	f.Put(&i.Lifecycle, t.Get("InstanceMarketOptions.MarketType"))
	f.Put(&i.Tenancy, f.Get("Tenancy").Or(t.Get("Placement.Tenancy")), "default")
	f.Put(&i.EBSOptimized, f.Get("EbsOptimized").Or(t.Get("EbsOptimized")))
	f.Put(&i.Enclaves, f.Get("EnclaveOptions.Enabled").Or(t.Get("EnclaveOptions.Enabled")))
	f.Put(&i.Monitoring, f.Get("Monitoring").Or(t.Get("Monitoring.Enabled")))
	f.Put(&i.Profile, f.Get("IamInstanceProfile").Or(t.Get("IamInstanceProfile.Arn")).Or(t.Get("IamInstanceProfile.Name")))
	f.Set(&i.SourceDestCheck, "SourceDestCheck", true)
	code.Make(f, &i.Metadata, f.Get("MetadataOptions").Or(t.Get("MetadataOptions")), metadataOptions)
	code.UserData(f, &i.HasUserData, &i.UserDataSHA256, &i.UserDataSecrets, f.Get("UserData").Or(t.Get("UserData")), code.Value{})
	instanceNetwork(f, i, t)
	instanceVolumes(f, i, t)
}

// instanceVolumes adds the volumes that AWS makes along with an instance: the
// root volume always, unless a launch template may describe it.
func instanceVolumes(f *code.Form, i *aws.Instance, t code.Value) {
	devices := f.Get("BlockDeviceMappings").Or(t.Get("BlockDeviceMappings"))
	if devices.IsEmpty() && t.IsAbsent() {
		devices = code.ObjectOf(map[string]code.Value{"Ebs": code.ObjectOf(nil, nil, nil)}, nil, nil)
	}
	code.EachOf(f, &i.Devices, devices, instanceDevice)
}

// metadataOptions reads settings of the metadata service. A setting that is
// left out is empty: the next one in line chooses.
func metadataOptions(f *code.Form, m *aws.MetadataOptions) {
	f.Set(&m.Endpoint, "HttpEndpoint")
	f.Set(&m.Tokens, "HttpTokens")
	f.Set(&m.HopLimit, "HttpPutResponseHopLimit")
	f.Set(&m.IPv6, "HttpProtocolIpv6")
	f.Set(&m.InstanceTags, "InstanceMetadataTags")
}

// instanceNetwork links an instance to the interfaces it is given, or to the
// one AWS makes for it.
func instanceNetwork(f *code.Form, i *aws.Instance, t code.Value) {
	first := firstInterface(f, t)
	given := first.Every("NetworkInterfaceId")
	if present, known := given.Present().Bool(); !known || present {
		f.Put(&i.Interfaces, given)
		return
	}
	subnet := f.Get("SubnetId").Or(first.Get("SubnetId"))
	groups := code.Concat(f.Get("SecurityGroupIds"), f.Get("SecurityGroups"))
	if groups.IsEmpty() {
		groups = code.Concat(first.Get("GroupSet"), first.Get("Groups"), t.Get("SecurityGroupIds"))
	}
	if !subnet.IsAbsent() {
		f.Put(&i.Subnet, subnet)
	}
	if !groups.IsEmpty() {
		f.Put(&i.SecurityGroups, groups)
	}
	addresses := code.Concat(f.Get("Ipv6Addresses"), first.Get("Ipv6Addresses")).Every("Ipv6Address")
	if n := f.First("Ipv6AddressCount", "NetworkInterfaces.Ipv6AddressCount"); addresses.IsEmpty() && !n.IsAbsent() {
		addresses = n.Is("0").Choose("", code.Assigned)
	}
	f.Default(&i.Interfaces)
	i.Interfaces = append(i.Interfaces, code.Implied(f, primaryInterface, f.Get(""), func(f *code.Form, n *aws.NetworkInterface) {
		f.Is(&n.InterfaceType, "interface")
		f.Is(&n.Status, "in-use")
		f.Is(&n.Instance, cloud.LinkTo[aws.Instance](f.Resource().Address))
		f.Set(&n.SourceDestCheck, "SourceDestCheck", true)
		f.Default(&n.DeviceIndex, &n.RequesterManaged, &n.Requester, &n.Description, &n.DenyInternetGateway, &n.LoadBalancer, &n.ClassicLoadBalancer)
		if !subnet.IsAbsent() {
			f.Put(&n.Subnet, subnet)
		}
		if !addresses.IsEmpty() {
			f.Put(&n.IPv6, addresses)
		}
	}))
}

// instanceDevice reads a volume that AWS makes along with an instance.
func instanceDevice(f *code.Form, d *aws.InstanceDevice) {
	ebs, name := f.Get("Ebs"), f.Get("DeviceName")
	f.Put(&d.Name, name)
	f.Set(&d.DeleteOnTermination, "Ebs.DeleteOnTermination", true)
	f.Default(&d.Volume)
	if ebs.IsAbsent() {
		return // instance store, or a device of the image that is left out
	}
	d.Volume = code.Implied(f, cloud.Ref("/volume"+name.Show()), ebs, func(f *code.Form, v *aws.Volume) {
		v.Context = false
		volume(f, v)
		code.Add(f, &v.Attachments, func(f *code.Form, a *aws.VolumeAttachment) {
			f.Is(&a.Instance, cloud.LinkTo[aws.Instance](f.Resource().Address))
			f.Is(&a.State, "attached")
			f.Put(&a.Device, name)
			f.Set(&a.DeleteOnTermination, "DeleteOnTermination", true)
		})
	})
}

// volume reads a volume: one of its own, or a block device.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html
func volume(f *code.Form, v *aws.Volume) {
	f.Set(&v.Encrypted, "Encrypted")
	f.Set(&v.KMSKey, "KmsKeyId")
	f.Set(&v.From, "SnapshotId")
	f.Set(&v.MultiAttach, "MultiAttachEnabled")
	f.Given(&v.VolumeType, "VolumeType")
	f.Given(&v.Size, "Size", "VolumeSize")
	f.Given(&v.AvailabilityZone, "AvailabilityZone")
}

// launchTemplate reads a template in the version that the code describes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html
func launchTemplate(f *code.Form, t *aws.LaunchTemplate) {
	code.EachOf(f, &t.Versions, f.Get("LaunchTemplateData"), func(f *code.Form, v *aws.LaunchTemplateVersion) {
		interfaces := f.Get("NetworkInterfaces")
		f.Put(&v.ImageID, f.Stand(f.Get("ImageId")))
		f.Set(&v.InstanceType, "InstanceType")
		f.Put(&v.KeyName, f.Stand(f.Get("KeyName")))
		f.Set(&v.Monitoring, "Monitoring.Enabled")
		code.One(f, &v.Metadata, "MetadataOptions", metadataOptions)
		f.Put(&v.Profile, f.First("IamInstanceProfile.Arn", "IamInstanceProfile.Name"))
		f.Put(&v.SecurityGroups, code.Concat(f.Get("SecurityGroupIds"), code.Flatten(interfaces.Every("Groups"))))
		f.Put(&v.PublicIP, code.PublicIP(interfaces, "AssociatePublicIpAddress"))
		code.Each(f, &v.Devices, "BlockDeviceMappings", templateDevice)
		code.UserData(f, &v.HasUserData, &v.UserDataSHA256, &v.UserDataSecrets, f.Get("UserData"), code.Value{})
	})
}

func templateDevice(f *code.Form, d *aws.TemplateDevice) {
	f.Set(&d.Name, "DeviceName")
	f.Put(&d.EBS, f.Get("Ebs").Present())
	f.Put(&d.Encryption, f.Get("Ebs.Encrypted").Switch())
	f.Set(&d.KMSKey, "Ebs.KmsKeyId")
	f.Set(&d.Snapshot, "Ebs.SnapshotId")
}
