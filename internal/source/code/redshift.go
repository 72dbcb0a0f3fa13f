package code

import (
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// RedshiftParameters decides what a parameter group of a family switches on.
// The second family requires TLS unasked.
// https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
func RedshiftParameters(f *Form, g *aws.RedshiftParameterGroup, family, parameters Value) {
	f.Put(&g.TLSRequired, switched(parameters.Field("require_ssl")).Or(family.Is("redshift-2.0")))
	f.Put(&g.ActivityLog, switched(parameters.Field("enable_user_activity_logging")))
}

func switched(v Value) Value {
	if text, ok := v.Known(); ok {
		return Flag(aws.SwitchedOn(text), v.at)
	}
	return v
}

// RedshiftParameterGroup links a cluster to its parameter group. Where code
// names none it is AWS's default group, which requires TLS in clusters that are
// new since 2025.
func RedshiftParameterGroup(f *Form, field *[]cloud.Link[aws.RedshiftParameterGroup], name Value) {
	text, _ := name.Known()
	family, isDefault := strings.CutPrefix(text, "default.")
	if !name.IsAbsent() && !isDefault {
		f.Put(field, name)
		return
	}
	f.Mark(field, name)
	*field = append(*field, Implied(f, "/default parameters", name, func(f *Form, g *aws.RedshiftParameterGroup) {
		if name.IsAbsent() {
			f.Put(&g.TLSRequired, Unsaid("AWS picks the default parameter group"))
			f.Default(&g.ActivityLog)
			return
		}
		RedshiftParameters(f, g, Text(family, name.at), Value{})
	}))
}

// TakeFromWarehouse decides what a snapshot has from its cluster.
func TakeFromWarehouse(f *Form, s *aws.RedshiftSnapshot) {
	if c := Target(f, s.Cluster); c != nil {
		f.Take(&s.Encrypted, c, &c.Encrypted)
		f.Take(&s.KMSKey, c, &c.KMSKey)
	}
}
