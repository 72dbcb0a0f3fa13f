package aws

import "merlon.dev/internal/cloud"

func dynamodbKinds() []cloud.Resource {
	return []cloud.Resource{&Table{}}
}

// Table is ...
type Table struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*Table) Kind() cloud.Kind { return "AWS::DynamoDB::Table" }
