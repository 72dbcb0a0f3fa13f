package terraform

import (
	"slices"

	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/code"
)

func dynamodbMappings() []code.Mapping {
	return slices.Concat([]code.Mapping{
		code.Makes("aws_dynamodb_table", "name", "arn:{partition}:dynamodb:{region}:{account}:table/{name}", table),
		code.Joins("aws_dynamodb_resource_policy", "resource_arn", func(f *code.Form, t *aws.Table) {
			if of := f.Get("resource_arn").Attr(); of == "stream_arn" {
				f.Set(&t.StreamPolicy, "policy")
			} else {
				f.Set(&t.Policy, "policy")
			}
		}),
		code.Joins("aws_dynamodb_table_replica", "global_table_arn", func(f *code.Form, t *aws.Table) {
			f.Put(&t.ReplicaRegions, code.Text(string(f.Resource().Region), f.Get("global_table_arn").Origin()))
		}).Minor(),
	}, code.Ignores("aws_dynamodb_contributor_insights", "aws_dynamodb_global_table", "aws_dynamodb_kinesis_streaming_destination",
		"aws_dynamodb_table_export", "aws_dynamodb_table_item", "aws_dynamodb_tag"))
}

// table reads a table. A key in the account's KMS encrypts it when the code
// switches that on; otherwise a key that AWS owns does.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
func table(f *code.Form, t *aws.Table) {
	f.Is(&t.Status, "ACTIVE")
	f.Set(&t.Class, "table_class", "STANDARD")
	f.Set(&t.BillingMode, "billing_mode", "PROVISIONED")
	f.Set(&t.DeletionProtection, "deletion_protection_enabled")
	f.Set(&t.PointInTimeRecovery, "point_in_time_recovery.enabled")
	f.Set(&t.RecoveryDays, "point_in_time_recovery.recovery_period_in_days", 35)
	f.Set(&t.KMSEncryption, "server_side_encryption.enabled")
	f.Set(&t.KMSKey, "server_side_encryption.kms_key_arn")
	f.Put(&t.StreamView, f.Get("stream_view_type").If(f.Get("stream_enabled")))
	f.Put(&t.ReplicaRegions, f.Get("replica").Each("region_name"))
	f.Default(&t.Policy, &t.StreamPolicy)
}
