package aws

import "merlon.dev/internal/cloud"

func redshiftKinds() []cloud.Resource {
	return []cloud.Resource{&RedshiftCluster{}}
}

// RedshiftCluster is ...
type RedshiftCluster struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*RedshiftCluster) Kind() cloud.Kind { return "AWS::Redshift::Cluster" }
