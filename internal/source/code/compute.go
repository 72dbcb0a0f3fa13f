package code

import (
	"cmp"
	"encoding/base64"
	"slices"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// UserData fills what the model holds of start-up data, which Terraform's
// instances have as text and everything else in base64: whether there is any,
// the hash of its base64, the secrets in it.
func UserData(f *Form, has *bool, hash *string, secrets *[]*aws.TextSecret, plain, encoded Value) {
	data := plain.Or(encoded)
	if s, ok := data.Known(); ok && s == "" {
		data = Value{}
	}
	f.Put(has, data.Present())
	if encoded.IsAbsent() {
		encoded = plain.Map(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) })
	}
	Hash(f, hash, encoded)
	Secrets(f, secrets, data)
}

// Switch names a boolean with three positions: enabled, disabled, or absent
// where the code leaves it to AWS.
func (v Value) Switch() Value { return v.Choose("enabled", "disabled") }

// PublicIP folds the switches of several interfaces into one: enabled when any
// is on, disabled when all are off, absent when the subnet decides.
func PublicIP(interfaces Value, name string) Value {
	items, more := interfaces.Items()
	var folded Value
	for _, item := range items {
		v := item.Get(name).Switch()
		switch s, known := v.Known(); {
		case s == "enabled":
			return v
		case known && folded.IsAbsent():
			folded = v
		case !known && v.Hole() != nil:
			more = v.Hole()
		}
	}
	if more != nil {
		return Unsure(more, interfaces.at)
	}
	return folded
}

// Preference is a setting that may say no-preference, which is none.
func (v Value) Preference() Value {
	if s, ok := v.Known(); ok && (s == "no-preference" || s == "-1") {
		return Value{}
	}
	return v
}

// regionOf is the place a form's resource is in, as this code sets it up.
func (f *Form) regionOf() *aws.RegionSettings {
	r, _ := f.world.model[placeRef(kindOf[aws.RegionSettings](), f.resource)].(*aws.RegionSettings)
	return r
}

// SettleInstance gives an instance what it takes over from its subnet, its
// region and its image. Public is whether it asks for a public address; absent,
// the subnet decides.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
func SettleInstance(f *Form, i *aws.Instance, public Value) {
	if s := Target(f, i.Subnet); s != nil {
		f.Is(&i.VPC, s.VPC)
		if v := Target(f, s.VPC); v != nil && !f.set["security_groups"] {
			f.Is(&i.SecurityGroups, cloud.LinksTo[aws.SecurityGroup](f.world.part(v.Ref, kindOf[aws.SecurityGroup]())))
		}
	}
	settleMetadata(f, i)
	for _, d := range i.Devices {
		if v := Target(f, d.Volume); v != nil {
			SettleVolume(f.world.forms[v.Ref], v)
		}
	}
	if len(i.Interfaces) == 0 {
		return
	}
	if n := Target(f, i.Interfaces[0]); n != nil {
		settleAddresses(f, i, n, public)
	}
}

// settleAddresses settles the first interface of an instance, and what the
// instance shows of it.
func settleAddresses(f *Form, i *aws.Instance, n *aws.NetworkInterface, public Value) {
	if n.Context {
		if own := f.world.forms[n.Ref]; f.set["security_groups"] && !own.set["security_groups"] {
			own.Is(&n.SecurityGroups, i.SecurityGroups)
			n.SetGap(i.Gap("security_groups"), "security_groups")
		}
		SettleInterface(f, i.Interfaces[0], public)
	}
	if g := n.Gap("public_ips"); g != nil {
		i.SetGap(g, "public_ip")
	} else if f.decide(&i.PublicIP); len(n.PublicIPs) > 0 {
		i.PublicIP = n.PublicIPs[0]
	}
}

// settleMetadata fills in what an instance leaves to its region, and then to
// its image.
func settleMetadata(f *Form, i *aws.Instance) {
	m, r := i.Metadata, f.regionOf()
	if m == nil {
		return
	}
	if r != nil && r.MetadataDefaults != nil {
		m.Endpoint, m.Tokens = cmp.Or(m.Endpoint, r.MetadataDefaults.Endpoint), cmp.Or(m.Tokens, r.MetadataDefaults.Tokens)
		m.HopLimit, m.InstanceTags = cmp.Or(m.HopLimit, r.MetadataDefaults.HopLimit), cmp.Or(m.InstanceTags, r.MetadataDefaults.InstanceTags)
	}
	if image := Target(f, i.Image); image != nil && image.IMDSSupport == "v2.0" {
		m.Tokens, m.HopLimit = cmp.Or(m.Tokens, "required"), cmp.Or(m.HopLimit, 2)
	}
	m.Endpoint, m.Tokens, m.HopLimit = cmp.Or(m.Endpoint, "enabled"), cmp.Or(m.Tokens, "optional"), cmp.Or(m.HopLimit, 1)
}

// SettleVolume encrypts a volume that does not ask for it where the region does
// so by default, or the snapshot it is made from is encrypted.
// https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
func SettleVolume(f *Form, v *aws.Volume) {
	if v.Gap("encrypted") == nil {
		v.Encrypted, _ = volumeEncrypted(f, v, maxSteps)
	}
	if r := f.regionOf(); v.Encrypted && v.KMSKey.IsZero() && r != nil {
		v.KMSKey = r.EBSDefaultKMSKey
	}
	if len(v.Attachments) > 0 {
		f.Is(&v.State, "in-use")
	}
}

// SettleSnapshot encrypts a snapshot as its volume is.
func SettleSnapshot(f *Form, s *aws.Snapshot) {
	yes, gap := snapshotEncrypted(f, s, maxSteps)
	if gap != nil {
		f.Gap(&s.Encrypted, gap.Reason, gap.Message)
		return
	}
	f.Is(&s.Encrypted, yes)
	if v := Target(f, s.Volume); v != nil && s.KMSKey.IsZero() {
		s.KMSKey = v.KMSKey
	}
}

// maxSteps bounds the way from a volume to its snapshot, to that one's volume and so on.
const maxSteps = 8

func volumeEncrypted(f *Form, v *aws.Volume, steps int) (bool, *cloud.Gap) {
	r, from := f.regionOf(), Target(f, v.From)
	switch {
	case v.Encrypted, r != nil && r.EBSEncryptionByDefault:
		return true, nil
	case v.Gap("encrypted") != nil:
		return false, v.Gap("encrypted")
	case from != nil && steps > 0:
		return snapshotEncrypted(f, from, steps-1)
	}
	return false, nil
}

func snapshotEncrypted(f *Form, s *aws.Snapshot, steps int) (bool, *cloud.Gap) {
	r, volume := f.regionOf(), Target(f, s.Volume)
	switch {
	case s.Encrypted, r != nil && r.EBSEncryptionByDefault && s.Volume.IsZero():
		return true, nil
	case s.Gap("encrypted") != nil:
		return false, s.Gap("encrypted")
	case volume != nil && steps > 0:
		return volumeEncrypted(f, volume, steps-1)
	case s.Volume.IsZero():
		return false, nil
	}
	return false, &cloud.Gap{Reason: cloud.NotInCode, Message: "its volume is not in this code"}
}

// SettleGroup gives an Auto Scaling group that names no zones those of its subnets.
func SettleGroup(f *Form, g *aws.AutoScalingGroup) {
	if f.set["availability_zones"] {
		return
	}
	f.Default(&g.AvailabilityZones)
	g.SetGap(g.Gap("subnets").AsPartial(), "availability_zones")
	for _, l := range g.Subnets {
		switch s := Target(f, l); {
		case s == nil:
			g.SetGap(&cloud.Gap{Reason: cloud.NotInCode, Partial: true, Message: string(l.To) + " is not in this code"}, "availability_zones")
		case s.Gap("availability_zone") != nil:
			g.SetGap(s.Gap("availability_zone").AsPartial(), "availability_zones")
		case !slices.Contains(g.AvailabilityZones, s.AvailabilityZone):
			g.AvailabilityZones = append(g.AvailabilityZones, s.AvailabilityZone)
		}
	}
}

// SettleFunction puts a function into the VPC of its subnets. Where these are
// not in this code, it is in a VPC that nothing is known of.
func SettleFunction(f *Form, fn *aws.Function) { f.Is(&fn.VPC, vpcOf(f, &fn.Base, fn.Subnets)) }

// vpcOf is the VPC of subnets that a resource has interfaces in.
func vpcOf(f *Form, b *cloud.Base, subnets []cloud.Link[aws.Subnet]) cloud.Link[aws.VPC] {
	for _, l := range subnets {
		if s := Target(f, l); s != nil && !s.VPC.IsZero() {
			return s.VPC
		}
	}
	if len(subnets) == 0 {
		b.SetGap(b.Gap("subnets"), "vpc")
		return cloud.Link[aws.VPC]{}
	}
	return cloud.LinkTo[aws.VPC](subnets[0].To + " (its VPC)")
}

// SettleCluster puts a cluster's control plane into the VPC of its subnets.
func SettleCluster(f *Form, c *aws.EKSCluster) { f.Is(&c.VPC, vpcOf(f, &c.Base, c.Subnets)) }
