package aws

import "merlon.dev/internal/cloud"

func rdsKinds() []cloud.Resource {
	return []cloud.Resource{&DBInstance{}, &DBCluster{}, &DBSnapshot{}, &DBClusterSnapshot{}}
}

// DBInstance is ...
type DBInstance struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*DBInstance) Kind() cloud.Kind { return "AWS::RDS::DBInstance" }

// DBCluster is ...
type DBCluster struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*DBCluster) Kind() cloud.Kind { return "AWS::RDS::DBCluster" }

// DBSnapshot is ...
type DBSnapshot struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*DBSnapshot) Kind() cloud.Kind { return "AWS::RDS::DBSnapshot" }

// DBClusterSnapshot is ...
type DBClusterSnapshot struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*DBClusterSnapshot) Kind() cloud.Kind { return "AWS::RDS::DBClusterSnapshot" }
