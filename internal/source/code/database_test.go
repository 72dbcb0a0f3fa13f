package code_test

import (
	"testing"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func TestDatabasesTakeFromOthers(t *testing.T) {
	member := func(address cloud.Ref, zone string) *code.Resource {
		return &code.Resource{Type: "member", Address: address, Body: object(map[string]code.Value{"cluster": refTo("cluster.a", "id"), "zone": text(zone)})}
	}
	s := code.Build(code.Input{Resources: []*code.Resource{
		{Type: "group", Address: "group.a", Body: object(map[string]code.Value{"name": text("a"), "subnets": code.ListOf([]code.Value{refTo("subnet.a", "id")}, nil, nil)})},
		{Type: "subnet", Address: "subnet.a", Body: object(map[string]code.Value{"vpc": refTo("vpc.a", "id")})},
		{Type: "vpc", Address: "vpc.a", Body: object(nil)},
		{Type: "cluster", Address: "cluster.a", Body: object(map[string]code.Value{"group": text("a"), "encrypted": code.Flag(true, nil)})},
		{Type: "cluster_role", Address: "role.a", Body: object(map[string]code.Value{"cluster": text("elsewhere")})},
		member("member.a", "a"), member("member.b", "b"),
	}}, []code.Mapping{
		code.Ignores("group")[0],
		code.Makes("subnet", "", "", func(f *code.Form, s *aws.Subnet) { f.Set(&s.VPC, "vpc") }),
		code.WithVPCParts(code.Makes("vpc", "", "", func(*code.Form, *aws.VPC) {})),
		code.Settles(code.Makes("cluster", "", "", func(f *code.Form, c *aws.DBCluster) {
			seat := code.SeatIn(f, f.Other(f.Get("group"), "name", "group").Get("subnets"), code.Value{}, "subnet", "vpc")
			f.Put(&c.VPC, seat.VPC)
			f.Put(&c.Subnets, seat.Subnets)
			f.Put(&c.SecurityGroups, seat.Groups)
			f.Set(&c.StorageEncrypted, "encrypted")
		}), func(f *code.Form, c *aws.DBCluster) { code.ClusterSpansZones(f, c, "zone") }),
		code.Settles(code.Makes("member", "", "", func(f *code.Form, i *aws.DBInstance) { f.Set(&i.Cluster, "cluster") }), code.TakeFromCluster),
		code.Joins("cluster_role", "cluster", func(f *code.Form, c *aws.DBCluster) { f.Set(&c.Roles, "role") }).Minor(),
	})
	for _, r := range s.Resources {
		switch r := r.(type) {
		case *aws.DBCluster:
			if r.Ref != "cluster.a" || !r.MultiAZ || r.VPC.To != "vpc.a" || len(r.SecurityGroups) != 1 || r.SecurityGroups[0].To != "vpc.a/default-security-group" {
				t.Errorf("cluster %+v", r)
			}
		case *aws.DBInstance:
			if !r.StorageEncrypted || len(r.Subnets) != 1 || r.Gap("port") == nil {
				t.Errorf("member %+v", r)
			}
		}
	}
}

func TestParametersInForce(t *testing.T) {
	set := func(name, value string) code.Value { return object(map[string]code.Value{name: text(value)}) }
	for _, c := range []struct {
		engine, version string
		parameters      code.Value
		want            string
	}{
		{"postgres", "14.9", code.Value{}, "false"},
		{"postgres", "16", code.Value{}, "true"},
		{"postgres", "", code.Value{}, "?"},
		{"postgres", "16.1", set("rds.force_ssl", "0"), "false"},
		{"mysql", "", set("require_secure_transport", "ON"), "true"},
		{"mariadb", "11.4.3", code.Value{}, "false"},
		{"mariadb", "11.8", code.Value{}, "true"},
		{"aurora-mysql", "8.0.mysql_aurora.3.05.2", code.Value{}, "false"},
		{"db2-se-", "11.5", code.Value{}, "false"},
		{"docdb", "5.0", set("tls", "disabled"), "false"},
		{"docdb", "5.0", set("tls", "tls1.2+"), "true"},
	} {
		v := code.DBRequiresTLS(code.DBFamily(text(c.engine), text(c.version)), c.parameters)
		if got, ok := v.Known(); ok && got != c.want || !ok && c.want != "?" {
			t.Errorf("%s %s: %q, want %s", c.engine, c.version, got, c.want)
		}
	}
}
