package code

import (
	"cmp"
	"strconv"
	"strings"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// DBFamily is the parameter group family of an engine and its version, in full
// or in part: postgres16, aurora-mysql8.0.
func DBFamily(engine, version Value) Value {
	e, ok := engine.Known()
	if !ok {
		return engine.Or(Unsaid("code names no engine"))
	}
	v, _ := version.Known()
	return Text(e+v, engine.at)
}

// DBRequiresTLS is a boolean: whether databases of a family turn plaintext
// connections away under parameters, an object of names and values.
func DBRequiresTLS(family, parameters Value) Value {
	return dbSwitch(family, parameters, aws.TLSParameter, tlsByDefault)
}

// DBAudits is a boolean: whether databases of a family write an audit log under
// parameters. None does unasked.
func DBAudits(family, parameters Value) Value {
	return dbSwitch(family, parameters, aws.AuditParameter, func(string, string) Value { return Flag(false, nil) })
}

func dbSwitch(family, parameters Value, parameterOf func(engine string) string, byDefault func(engine, version string) Value) Value {
	name, ok := family.Known()
	if !ok {
		return family
	}
	engine, version := splitFamily(name)
	parameter := parameterOf(engine)
	if parameter == "" {
		return Flag(false, family.at)
	}
	return switched(parameters.Field(parameter)).Or(byDefault(engine, version))
}

// splitFamily cuts a family such as sqlserver-se-15.0 into engine and version.
func splitFamily(family string) (engine, version string) {
	i := strings.IndexAny(strings.Replace(family, "db2", "db-", 1), "0123456789")
	if i < 0 {
		return family, ""
	}
	return strings.TrimSuffix(family[:i], "-"), family[i:]
}

// tlsByDefault says which engines turn plaintext connections away when no
// parameter says so.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html
// https://docs.aws.amazon.com/documentdb/latest/developerguide/security.encryption.ssl.html
// https://docs.aws.amazon.com/neptune/latest/userguide/parameters.html
func tlsByDefault(engine, version string) Value {
	switch engine {
	case "docdb", "neptune":
		return Flag(true, nil)
	case "postgres":
		return since(version, "15")
	case "aurora-postgresql":
		return since(version, "17")
	case "mariadb":
		return since(version, "11.8")
	}
	return Flag(false, nil)
}

func since(version, first string) Value {
	if version == "" {
		return Unsaid("code names no engine version, and the engine's default depends on it")
	}
	return Flag(compareVersions(version, first) >= 0, nil)
}

func compareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, _ := strconv.Atoi(as[i])
		y, _ := strconv.Atoi(bs[i])
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(as), len(bs))
}

// DBParameterGroup links a database to its parameter group. Where code names
// none, or one of AWS's own, it is the default group of the family.
func DBParameterGroup(f *Form, field *[]cloud.Link[aws.DBParameterGroup], name, family Value) {
	family, ok := defaultFamily(name, family)
	if !ok {
		f.Put(field, name)
		return
	}
	f.Mark(field, name)
	*field = append(*field, Implied(f, "/default parameters", name, func(f *Form, g *aws.DBParameterGroup) {
		f.Put(&g.TLSRequired, DBRequiresTLS(family, Value{}))
	}))
}

// DBClusterParameterGroup is DBParameterGroup for clusters.
func DBClusterParameterGroup(f *Form, field *cloud.Link[aws.DBClusterParameterGroup], name, family Value) {
	family, ok := defaultFamily(name, family)
	if !ok {
		f.Put(field, name)
		return
	}
	f.Mark(field, name)
	*field = Implied(f, "/default parameters", name, func(f *Form, g *aws.DBClusterParameterGroup) {
		f.Put(&g.TLSRequired, DBRequiresTLS(family, Value{}))
		f.Put(&g.AuditLog, DBAudits(family, Value{}))
	})
}

// defaultFamily is the family of the default parameter group, if the name is
// that of one: default.postgres16.
func defaultFamily(name, family Value) (Value, bool) {
	if name.IsAbsent() {
		return family, true
	}
	text, _ := name.Known()
	given, ok := strings.CutPrefix(text, "default.")
	return Text(given, name.at), ok
}

// DBPort is the port that an engine listens on when code names none.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
func DBPort(engine Value) Value {
	name, ok := engine.Known()
	switch {
	case !ok:
		return engine.Or(Unsaid("code names no engine"))
	case strings.Contains(name, "postgres"):
		return Num("5432", nil)
	case strings.HasPrefix(name, "oracle"):
		return Num("1521", nil)
	case strings.HasPrefix(name, "sqlserver"):
		return Num("1433", nil)
	case strings.HasPrefix(name, "db2"):
		return Num("50000", nil)
	case name == "docdb":
		return Num("27017", nil)
	case name == "neptune":
		return Num("8182", nil)
	}
	return Num("3306", nil)
}

// ManagedSecret links a database to the secret in which AWS keeps its
// administrator's password, where AWS manages it.
func ManagedSecret(f *Form, field *cloud.Link[aws.Secret], managed Value) {
	if on, ok := managed.Bool(); ok && on {
		f.Mark(field, managed)
		*field = Implied(f, "/master secret", managed, func(*Form, *aws.Secret) {})
		return
	}
	if h := managed.Hole(); h != nil {
		f.Gap(field, h.Gap().Reason, h.Why)
		return
	}
	f.Default(field)
}

// ClusterSpansZones decides whether the instances of an Aurora, DocumentDB or
// Neptune cluster run in more than one zone: AWS spreads two of them, unless
// code puts them all into one. Zone is the path at which an instance names it.
func ClusterSpansZones(f *Form, c *aws.DBCluster, zone string) {
	more := f.Incomplete()
	zones, members := map[string]bool{}, 0
	for _, i := range All[aws.DBInstance](f) {
		if i.Cluster.To != c.Ref {
			continue
		}
		in := f.world.forms[i.Ref]
		at := in.body.Get(zone)
		if h := cmp.Or(in.resource.Maybe, at.Hole()); h != nil {
			more = h
			continue
		}
		members++
		name, _ := at.Known()
		zones[name] = true
	}
	switch {
	case members > 1 && (zones[""] || len(zones) > 1):
		f.Is(&c.MultiAZ, true)
	case more != nil:
		f.Gap(&c.MultiAZ, more.Gap().Reason, more.Why)
	case members == 0:
		f.Gap(&c.MultiAZ, cloud.NotInCode, "its instances are not in this code")
	default:
		f.Is(&c.MultiAZ, false)
	}
}

// TakeFromCluster decides what a member has from its cluster.
func TakeFromCluster(f *Form, i *aws.DBInstance) {
	c := Target(f, i.Cluster)
	if c == nil {
		return
	}
	f.Take(&i.Port, c, &c.Port)
	f.Take(&i.VPC, c, &c.VPC)
	f.Take(&i.Subnets, c, &c.Subnets)
	f.Take(&i.SecurityGroups, c, &c.SecurityGroups)
	f.Take(&i.StorageEncrypted, c, &c.StorageEncrypted)
	f.Take(&i.KMSKey, c, &c.KMSKey)
	f.Take(&i.BackupRetentionDays, c, &c.BackupRetentionDays)
	f.Take(&i.IAMAuthentication, c, &c.IAMAuthentication)
	f.Take(&i.MasterUsername, c, &c.MasterUsername)
	f.Take(&i.MasterSecret, c, &c.MasterSecret)
	f.Take(&i.LogExports, c, &c.LogExports)
}

// TakeFromSource decides what a snapshot has from its instance.
func TakeFromSource(f *Form, s *aws.DBSnapshot) {
	if i := Target(f, s.Instance); i != nil {
		f.Take(&s.Engine, i, &i.Engine)
		f.Take(&s.Encrypted, i, &i.StorageEncrypted)
		f.Take(&s.KMSKey, i, &i.KMSKey)
	}
}

// TakeFromClusterSource decides what a snapshot has from its cluster.
func TakeFromClusterSource(f *Form, s *aws.DBClusterSnapshot) {
	if c := Target(f, s.Cluster); c != nil {
		f.Take(&s.Engine, c, &c.Engine)
		f.Take(&s.Encrypted, c, &c.StorageEncrypted)
		f.Take(&s.KMSKey, c, &c.KMSKey)
	}
}
