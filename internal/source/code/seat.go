package code

import (
	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// A Seat is where a managed service lives in a VPC.
type Seat struct {
	VPC, Subnets, Groups Value
}

// SeatIn is the seat in subnets and security groups. The VPC is that of the
// first subnet, a resource of the type given, which names its VPC at the path.
// Without groups a service has the default group of its VPC.
func SeatIn(f *Form, subnets, groups Value, subnetType, vpc string) Seat {
	if empty(subnets) {
		subnets = Unsaid("without subnets of its own it lives in the default VPC")
	}
	in := f.Other(first(subnets), "id", subnetType).Get(vpc)
	if empty(groups) {
		groups = defaultGroupOf(f, in)
	}
	return Seat{VPC: in, Subnets: subnets, Groups: groups}
}

// defaultGroupOf is the default security group of a VPC, of which nothing else
// is known where the VPC is not in the code.
func defaultGroupOf(f *Form, vpc Value) Value {
	if f.KindOf(vpc) != "" {
		return vpc
	}
	return RefTo(Implied(f, defaultGroup, Value{}, func(f *Form, g *aws.SecurityGroup) { f.Is(&g.Default, true) }).To)
}

func empty(v Value) bool {
	items, more := v.Items()
	return len(items) == 0 && more == nil
}

func first(list Value) Value {
	items, more := list.Items()
	if len(items) > 0 {
		return items[0]
	}
	return Unsure(more, nil)
}

// Interface adds the network interface with which AWS puts the service into its
// seat, so that subnets and security groups count as used.
func (s Seat) Interface(f *Form) cloud.Link[aws.NetworkInterface] {
	return Implied(f, "/interface", f.body, func(f *Form, n *aws.NetworkInterface) {
		f.Put(&n.VPC, s.VPC)
		f.Put(&n.SecurityGroups, s.Groups)
		if items, more := s.Subnets.Items(); len(items) == 1 && more == nil {
			f.Put(&n.Subnet, items[0])
		} else {
			f.Put(&n.Subnet, Unsaid("AWS picks one of the subnets"))
		}
		f.Is(&n.InterfaceType, "interface")
		f.Is(&n.Status, "in-use")
		f.Is(&n.RequesterManaged, true)
	})
}
