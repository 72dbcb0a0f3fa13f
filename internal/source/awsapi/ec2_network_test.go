package awsapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// made unwraps the reply of a call that prepares a test.
func made[T any](t *testing.T) func(*T, error) *T {
	return func(out *T, err error) *T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// testNetwork is a VPC with a subnet of its own route table and one of the
// main table.
type testNetwork struct {
	*ec2.Client
	vpc, own, main, table, gateway *string
}

func newTestNetwork(t *testing.T, e *estate) *testNetwork {
	ctx := context.Background()
	n := &testNetwork{Client: ec2.NewFromConfig(e.cfg)}
	n.vpc = made[ec2.CreateVpcOutput](t)(n.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: awssdk.String("10.1.0.0/16"), AmazonProvidedIpv6CidrBlock: awssdk.Bool(true)})).Vpc.VpcId
	must(t)(n.AssociateVpcCidrBlock(ctx, &ec2.AssociateVpcCidrBlockInput{VpcId: n.vpc, CidrBlock: awssdk.String("10.2.0.0/16")}))
	subnet := func(cidr string) *string {
		return made[ec2.CreateSubnetOutput](t)(n.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: n.vpc, CidrBlock: &cidr})).Subnet.SubnetId
	}
	n.own, n.main = subnet("10.1.1.0/24"), subnet("10.1.2.0/24")
	n.gateway = made[ec2.CreateInternetGatewayOutput](t)(n.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})).InternetGateway.InternetGatewayId
	must(t)(n.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{VpcId: n.vpc, InternetGatewayId: n.gateway}))
	n.table = made[ec2.CreateRouteTableOutput](t)(n.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: n.vpc})).RouteTable.RouteTableId
	must(t)(n.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: n.table, SubnetId: n.own}))
	must(t)(n.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: n.table, DestinationCidrBlock: awssdk.String("0.0.0.0/0"), GatewayId: n.gateway}))
	return n
}

func TestNetworkRouting(t *testing.T) {
	e := newEstate(t)
	n := newTestNetwork(t, e)
	ctx := context.Background()
	other := made[ec2.CreateVpcOutput](t)(n.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: awssdk.String("10.9.0.0/16")})).Vpc.VpcId
	peering := made[ec2.CreateVpcPeeringConnectionOutput](t)(n.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: n.vpc, PeerVpcId: other})).VpcPeeringConnection.VpcPeeringConnectionId
	must(t)(n.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: peering}))
	must(t)(n.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: n.table, DestinationCidrBlock: awssdk.String("10.9.0.0/16"), VpcPeeringConnectionId: peering}))
	address := made[ec2.AllocateAddressOutput](t)(n.AllocateAddress(ctx, &ec2.AllocateAddressInput{})).AllocationId
	nat := made[ec2.CreateNatGatewayOutput](t)(n.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: n.own, AllocationId: address})).NatGateway.NatGatewayId
	must(t)(n.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{VpcId: n.vpc, ServiceName: awssdk.String("com.amazonaws.us-east-1.s3"),
		VpcEndpointType: types.VpcEndpointTypeGateway, RouteTableIds: []string{*n.table},
		PolicyDocument: awssdk.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)}))
	must(t)(n.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{Options: &types.TransitGatewayRequestOptions{AutoAcceptSharedAttachments: types.AutoAcceptSharedAttachmentsValueEnable}}))
	must(t)(n.CreateFlowLogs(ctx, &ec2.CreateFlowLogsInput{ResourceIds: []string{*n.vpc}, ResourceType: types.FlowLogsResourceTypeVpc,
		TrafficType: types.TrafficTypeReject, LogGroupName: awssdk.String("flows"), DeliverLogsPermissionArn: awssdk.String("arn:aws:iam::123456789012:role/flows")}))

	s := e.read(t, nil, "ec2")
	vpc := find[aws.VPC](t, s, *n.vpc)
	noGaps(t, vpc)
	if !slices.Equal(vpc.CIDRs4, []string{"10.1.0.0/16", "10.2.0.0/16"}) || len(vpc.CIDRs6) != 1 || vpc.Default {
		t.Errorf("ranges %v %v, default %v", vpc.CIDRs4, vpc.CIDRs6, vpc.Default)
	}
	if len(vpc.Subnets) != 2 || len(vpc.InternetGateways) != 1 || len(vpc.Endpoints) != 1 {
		t.Errorf("%d subnets, %d internet gateways, %d endpoints", len(vpc.Subnets), len(vpc.InternetGateways), len(vpc.Endpoints))
	}
	if len(vpc.FlowLogs) != 1 || vpc.FlowLogs[0].Target().TrafficType != "REJECT" || !strings.HasSuffix(string(vpc.FlowLogs[0].Target().LogGroup.To), ":log-group:flows") {
		t.Errorf("flow logs: %+v", vpc.FlowLogs)
	}
	own, main := find[aws.Subnet](t, s, *n.own), find[aws.Subnet](t, s, *n.main)
	noGaps(t, own)
	noGaps(t, main)
	if own.MainRouteTable || own.RouteTable.Target().Name != *n.table {
		t.Errorf("table of the associated subnet: %v", own.RouteTable)
	}
	if !main.MainRouteTable || !main.RouteTable.Target().Main {
		t.Errorf("table of the other subnet: %v", main.RouteTable)
	}
	kinds := map[string]*aws.Route{}
	for _, r := range own.RouteTable.Target().Routes {
		kinds[r.TargetKind] = r
	}
	if r := kinds["internet-gateway"]; r == nil || r.InternetGateway.Target().VPCs[0].Target() != vpc {
		t.Errorf("internet route: %+v", r)
	}
	if r := kinds["vpc-peering"]; r == nil || r.Peering.Target().Accepter.VPC.Target().Name != *other || len(r.Peering.Target().RouteTables) != 1 {
		t.Errorf("peering route: %+v", r)
	}
	if g := find[aws.NATGateway](t, s, *nat); g.Subnet.Target() != own || g.State != "available" || len(g.PublicIPs) != 1 {
		t.Errorf("NAT gateway: %+v", g)
	}
	if p := vpc.Endpoints[0].Target(); p.Policy == nil || p.Type != "Gateway" || p.RouteTables[0].Target().Name != *n.table {
		t.Errorf("endpoint: %+v", p)
	}
	for _, r := range s.Resources {
		if g, ok := r.(*aws.TransitGateway); ok && (!g.AutoAcceptSharedAttachments || len(g.RouteTables) != 1) {
			t.Errorf("transit gateway: %+v", g)
		}
	}
}

func TestNetworkFilters(t *testing.T) {
	e := newEstate(t)
	n := newTestNetwork(t, e)
	ctx := context.Background()
	list := made[ec2.CreateManagedPrefixListOutput](t)(n.CreateManagedPrefixList(ctx, &ec2.CreateManagedPrefixListInput{
		PrefixListName: awssdk.String("offices"), AddressFamily: awssdk.String("IPv4"), MaxEntries: awssdk.Int32(5),
		Entries: []types.AddPrefixListEntry{{Cidr: awssdk.String("198.51.100.0/24")}}})).PrefixList.PrefixListId
	group := func(name string) *string {
		return made[ec2.CreateSecurityGroupOutput](t)(n.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: &name, VpcId: n.vpc})).GroupId
	}
	web, db := group("web"), group("db")
	must(t)(n.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: web, IpPermissions: []types.IpPermission{
		{IpProtocol: awssdk.String("tcp"), FromPort: awssdk.Int32(443), ToPort: awssdk.Int32(443),
			IpRanges: []types.IpRange{{CidrIp: awssdk.String("0.0.0.0/0")}}, Ipv6Ranges: []types.Ipv6Range{{CidrIpv6: awssdk.String("::/0")}}},
		{IpProtocol: awssdk.String("tcp"), FromPort: awssdk.Int32(22), ToPort: awssdk.Int32(22), PrefixListIds: []types.PrefixListId{{PrefixListId: list}}},
	}}))
	must(t)(n.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: db, IpPermissions: []types.IpPermission{
		{IpProtocol: awssdk.String("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: web}}},
	}}))
	must(t)(n.CreateNetworkInterface(ctx, &ec2.CreateNetworkInterfaceInput{SubnetId: n.own, Groups: []string{*web, *db}}))
	acls := made[ec2.DescribeNetworkAclsOutput](t)(n.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: []types.Filter{{Name: awssdk.String("vpc-id"), Values: []string{*n.vpc}}}}))
	acl := acls.NetworkAcls[0].NetworkAclId
	must(t)(n.CreateNetworkAclEntry(ctx, &ec2.CreateNetworkAclEntryInput{NetworkAclId: acl, RuleNumber: awssdk.Int32(50), Protocol: awssdk.String("6"), RuleAction: types.RuleActionDeny,
		Egress: awssdk.Bool(false), CidrBlock: awssdk.String("0.0.0.0/0"), PortRange: &types.PortRange{From: awssdk.Int32(22), To: awssdk.Int32(22)}}))

	s := e.read(t, nil, "ec2")
	g, d := find[aws.SecurityGroup](t, s, *web), find[aws.SecurityGroup](t, s, *db)
	noGaps(t, g)
	if len(g.Ingress) != 2 || g.Default || g.VPC.Target().Name != *n.vpc {
		t.Fatalf("web: %+v", g)
	}
	if r := g.Ingress[0]; r.Protocol != "tcp" || r.FromPort != 443 || !slices.Equal(r.CIDRs4, []string{"0.0.0.0/0"}) || !slices.Equal(r.CIDRs6, []string{"::/0"}) {
		t.Errorf("443: %+v", r)
	}
	if p := g.Ingress[1].PrefixLists; len(p) != 1 || len(p[0].Target().Entries) != 1 || p[0].Target().Entries[0].CIDR != "198.51.100.0/24" {
		t.Errorf("prefix list: %+v", p)
	}
	if r := d.Ingress[0]; r.Protocol != "-1" || r.FromPort != -1 || r.Groups[0].Target() != g {
		t.Errorf("reference: %+v", r)
	}
	if len(g.Interfaces) != 1 || len(g.ReferencedByIngress) != 1 || len(g.ReferencedByEgress) != 0 {
		t.Errorf("web is worn by %v, named by %v", g.Interfaces, g.ReferencedByIngress)
	}
	a := find[aws.NetworkACL](t, s, *acl)
	noGaps(t, a)
	if first := a.Entries[0]; first.RuleNumber != 50 || first.Allow || first.Protocol != "tcp" || first.FromPort != 22 || len(a.Subnets) != 2 {
		t.Errorf("ACL: %+v", first)
	}
	for i, x := range a.Entries[1:] {
		if prev := a.Entries[i]; prev.Egress == x.Egress && prev.RuleNumber > x.RuleNumber {
			t.Errorf("entry %d comes before %d", prev.RuleNumber, x.RuleNumber)
		}
	}
}

func TestSubnetWithoutRouteTables(t *testing.T) {
	e := newEstate(t)
	n := newTestNetwork(t, e)
	s := e.read(t, func(c *Config) { c.Transport = withoutRights{e, "DescribeRouteTables"} }, "ec2")
	sub := find[aws.Subnet](t, s, *n.main)
	g := sub.Gap("route_table")
	if g == nil || g.Reason != cloud.Denied || g.Permission != "ec2:DescribeRouteTables" {
		t.Errorf("route_table: %v", g)
	}
	noGaps(t, sub, "route_table", "main_route_table")
}

// withoutRights is an estate that refuses one operation of a query protocol.
type withoutRights struct {
	*estate
	operation string
}

func (w withoutRights) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(body, []byte("Action="+w.operation+"&")) {
			return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(
				`<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>`))}, nil
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return w.estate.RoundTrip(r)
}

func TestServiceNamesOfInterfaces(t *testing.T) {
	n := &network{scope: &scope{account: newReader(Config{Now: time.Now, Stats: &Stats{}}).newAccount("123456789012", "aws", awssdk.Config{}), region: "eu-west-1"}}
	for description, want := range map[string]cloud.Ref{
		"ELB app/shop/0123": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0123",
		"ELB old":           "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/old",
		"ELBOW":             "",
	} {
		n.resources = nil
		n.addInterface(types.NetworkInterface{NetworkInterfaceId: awssdk.String("eni-1"), Description: &description, RequesterManaged: awssdk.Bool(true), SourceDestCheck: awssdk.Bool(true)})
		i := n.resources[0].(*aws.NetworkInterface)
		if got := i.LoadBalancer.To + i.ClassicLoadBalancer.To; got != want {
			t.Errorf("%s: %q, want %q", description, got, want)
		}
	}
}
