package testcloud

import (
	"fmt"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// network is the production VPC: three tiers in two zones. The outer tier
// routes to the internet gateway, the application tier out through a NAT
// gateway, the database tier nowhere.
type network struct {
	vpc                  *aws.VPC
	outer, inner, sealed []*aws.Subnet
	groups               map[string]*aws.SecurityGroup
}

func (p place) network() *network {
	n := &network{groups: map[string]*aws.SecurityGroup{}}
	n.vpc = add(p, &aws.VPC{Base: p.ec2("vpc", "vpc", "tern-live"), CIDRs4: []string{"10.20.0.0/16"}, Tenancy: "default", BlockPublicAccess: "off"})
	gateway := add(p, &aws.InternetGateway{Base: p.ec2("internet-gateway", "igw", "tern-live"), VPCs: toAll(n.vpc)})

	outer := p.routes("outer", n.vpc, &aws.Route{Destination: "0.0.0.0/0", TargetKind: "internet-gateway", Target: idOf(gateway), InternetGateway: to(gateway)})
	n.outer = p.subnets("outer", n.vpc, outer, 0)
	nat := p.nat(n)
	inner := p.routes("inner", n.vpc, &aws.Route{Destination: "0.0.0.0/0", TargetKind: "nat-gateway", Target: idOf(nat), NATGateway: to(nat)})
	n.inner = p.subnets("inner", n.vpc, inner, 10)
	sealed := p.routes("sealed", n.vpc)
	n.sealed = p.subnets("sealed", n.vpc, sealed, 20)
	main := p.routes("main", n.vpc)
	main.Main = true

	p.acl("tern-live", n.vpc, n.outer, n.inner, n.sealed)
	p.defaultACL(n.vpc, "tern-live-default")
	p.groupsOf(n)
	p.flowLog(n.vpc)
	return n
}

func idOf(r cloud.Resource) string { return r.Meta().Name }

// routes adds a route table with the local route and the given ones.
func (p place) routes(label string, vpc *aws.VPC, routes ...*aws.Route) *aws.RouteTable {
	local := &aws.Route{Destination: vpc.CIDRs4[0], TargetKind: "local", Target: "local"}
	return add(p, &aws.RouteTable{Base: p.ec2("route-table", "rtb", label), VPC: to(vpc), Routes: append([]*aws.Route{local}, routes...)})
}

// subnets adds one subnet in each of two zones.
func (p place) subnets(tier string, vpc *aws.VPC, table *aws.RouteTable, third int) []*aws.Subnet {
	var both []*aws.Subnet
	for i, zone := range []string{"a", "b"} {
		both = append(both, add(p, &aws.Subnet{
			Base: p.ec2("subnet", "subnet", tier+"-"+zone), VPC: to(vpc), CIDR4: fmt.Sprintf("10.20.%d.0/24", third+i),
			AvailabilityZone: string(p.region) + zone, AvailabilityZoneID: fmt.Sprintf("euw1-az%d", i+1), BlockPublicAccess: "off", RouteTable: to(table),
		}))
	}
	return both
}

func (p place) nat(n *network) *aws.NATGateway {
	nic := p.nic("nat", n.outer[0], "10.20.0.5")
	nic.InterfaceType, nic.SourceDestCheck, nic.RequesterManaged, nic.PublicIPs = "nat_gateway", false, true, []string{"198.51.100.5"}
	gateway := add(p, &aws.NATGateway{Base: p.ec2("natgateway", "nat", "tern-live"), VPC: to(n.vpc), Subnet: to(n.outer[0]), Connectivity: "public", State: "available", Interfaces: toAll(nic), PublicIPs: nic.PublicIPs})
	add(p, &aws.ElasticIP{Base: p.ec2("elastic-ip", "eipalloc", "nat"), PublicIP: nic.PublicIPs[0], PrivateIP: nic.PrivateIPs[0], Associated: true, Interface: to(nic)})
	return gateway
}

func (p place) nic(label string, subnet *aws.Subnet, ip string, groups ...*aws.SecurityGroup) *aws.NetworkInterface {
	return add(p, &aws.NetworkInterface{
		Base: p.ec2("network-interface", "eni", label), VPC: subnet.VPC, Subnet: to(subnet), SecurityGroups: toAll(groups...),
		PrivateIPs: []string{ip}, InterfaceType: "interface", Status: "in-use", SourceDestCheck: true,
	})
}

// acl lets in web traffic and the answers to what went out. Its range for
// answers begins above the ports of databases and remote desktops.
func (p place) acl(label string, vpc *aws.VPC, tiers ...[]*aws.Subnet) *aws.NetworkACL {
	a := add(p, &aws.NetworkACL{Base: p.ec2("network-acl", "acl", label), VPC: to(vpc), Entries: []*aws.NetworkACLEntry{
		{RuleNumber: 100, Allow: true, Protocol: "tcp", FromPort: 443, ToPort: 443, CIDR: "0.0.0.0/0"},
		{RuleNumber: 110, Allow: true, Protocol: "tcp", FromPort: 80, ToPort: 80, CIDR: "0.0.0.0/0"},
		{RuleNumber: 120, Allow: true, Protocol: "tcp", FromPort: 32768, ToPort: 65535, CIDR: "0.0.0.0/0"},
		{RuleNumber: 130, Allow: true, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "10.20.0.0/16"},
		{RuleNumber: 140, Allow: true, Protocol: "tcp", FromPort: 22, ToPort: 22, CIDR: "198.51.100.0/24"},
		{RuleNumber: 32767, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "0.0.0.0/0"},
		{RuleNumber: 100, Egress: true, Allow: true, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "0.0.0.0/0"},
		{RuleNumber: 32767, Egress: true, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "0.0.0.0/0"},
	}})
	for _, tier := range tiers {
		for _, s := range tier {
			s.NetworkACL = to(a)
		}
	}
	return a
}

// defaultACL lets everything through, as AWS makes it.
func (p place) defaultACL(vpc *aws.VPC, label string) *aws.NetworkACL {
	a := &aws.NetworkACL{Base: p.ec2("network-acl", "acl", label), VPC: to(vpc), Default: true}
	for _, egress := range []bool{false, true} {
		a.Entries = append(a.Entries,
			&aws.NetworkACLEntry{RuleNumber: 100, Egress: egress, Allow: true, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "0.0.0.0/0"},
			&aws.NetworkACLEntry{RuleNumber: 32767, Egress: egress, Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: "0.0.0.0/0"})
	}
	return add(p, a)
}

// groupsOf adds the security groups. Flaw: "bastion" opens SSH to the world in
// two halves; its twin "office" opens it to one office.
func (p place) groupsOf(n *network) {
	own := p.group(n, "tern-live-default")
	own.GroupName, own.Default, own.Egress = "default", true, nil
	p.group(n, "balancer", tcp(443, "0.0.0.0/0"), tcp(80, "0.0.0.0/0"))
	p.group(n, "web", from(8443, n.groups["balancer"]))
	p.group(n, "app", from(8080, n.groups["web"]))
	p.group(n, "data", from(5432, n.groups["app"]))
	p.group(n, "bastion", tcp(22, "0.0.0.0/1", "128.0.0.0/1"))
	p.group(n, "office", tcp(22, "198.51.100.0/24"))
}

func (p place) group(n *network, label string, ingress ...*aws.SecurityGroupRule) *aws.SecurityGroup {
	out := []*aws.SecurityGroupRule{{Protocol: "-1", FromPort: -1, ToPort: -1, CIDRs4: []string{"0.0.0.0/0"}}}
	g := add(p, &aws.SecurityGroup{Base: p.ec2("security-group", "sg", label), GroupName: label, Description: label, VPC: to(n.vpc), Ingress: ingress, Egress: out})
	n.groups[label] = g
	return g
}

func tcp(port int, cidrs ...string) *aws.SecurityGroupRule {
	return &aws.SecurityGroupRule{Protocol: "tcp", FromPort: port, ToPort: port, CIDRs4: cidrs}
}

func from(port int, group *aws.SecurityGroup) *aws.SecurityGroupRule {
	return &aws.SecurityGroupRule{Protocol: "tcp", FromPort: port, ToPort: port, Groups: toAll(group)}
}

func (p place) flowLog(vpc *aws.VPC) {
	group := p.logGroup("/vpc/"+Label(vpc), 400)
	p.role("flow-logs", p.trust("vpc-flow-logs.amazonaws.com"), policy(`{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"%s:*"}`, group.Ref))
	add(p, &aws.FlowLog{Base: p.ec2("vpc-flow-log", "fl", Label(vpc)), VPC: to(vpc), TrafficType: "ALL", Active: true, DestinationType: "cloud-watch-logs", LogGroup: to(group)})
}

// machine adds a running instance with its interface and its disk.
func (p place) machine(label string, subnet *aws.Subnet, ip string, tokens string, profile *aws.InstanceProfile, groups ...*aws.SecurityGroup) *aws.Instance {
	i := add(p, &aws.Instance{
		Base: p.ec2("instance", "i", label), State: "running", LaunchTime: daysAgo(20), InstanceType: "t3.small", Architecture: "x86_64", Virtualization: "hvm",
		AvailabilityZone: subnet.AvailabilityZone, Tenancy: "default", EBSOptimized: true, Monitoring: true,
		Metadata:  &aws.MetadataOptions{Endpoint: "enabled", Tokens: tokens, HopLimit: 1, IPv6: "disabled", InstanceTags: "disabled"},
		PrivateIP: ip, SourceDestCheck: true, VPC: subnet.VPC, Subnet: to(subnet), SecurityGroups: toAll(groups...),
	})
	if profile != nil {
		i.Profile = to(profile)
	}
	nic := p.nic(label, subnet, ip, groups...)
	nic.Instance = to(i)
	i.Interfaces = toAll(nic)
	disk := p.disk(label, true)
	disk.State, disk.AvailabilityZone = "in-use", subnet.AvailabilityZone
	disk.Attachments = []*aws.VolumeAttachment{{Instance: to(i), Device: "/dev/xvda", State: "attached", DeleteOnTermination: true}}
	i.Devices = []*aws.InstanceDevice{{Name: "/dev/xvda", Volume: to(disk), DeleteOnTermination: true}}
	return i
}

// exposed gives a machine a public address.
func (p place) exposed(i *aws.Instance, ip string) {
	i.PublicIP = ip
	for _, r := range p.Resources {
		if nic, ok := r.(*aws.NetworkInterface); ok && nic.Instance.To == i.Ref {
			nic.PublicIPs = []string{ip}
			add(p, &aws.ElasticIP{Base: p.ec2("elastic-ip", "eipalloc", Label(i)), PublicIP: ip, PrivateIP: i.PrivateIP, Associated: true, Interface: to(nic), Instance: to(i)})
		}
	}
}

func (p place) disk(label string, encrypted bool) *aws.Volume {
	return add(p, &aws.Volume{Base: p.ec2("volume", "vol", label), State: "available", Encrypted: encrypted, VolumeType: "gp3", Size: 20, CreatedAt: daysAgo(20), AvailabilityZone: string(p.region) + "a"})
}
