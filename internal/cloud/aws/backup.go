package aws

import "merlon.dev/internal/cloud"

func backupKinds() []cloud.Resource {
	return []cloud.Resource{&BackupVault{}, &BackupPlan{}}
}

// BackupVault is ...
type BackupVault struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*BackupVault) Kind() cloud.Kind { return "AWS::Backup::BackupVault" }

// BackupPlan is ...
type BackupPlan struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*BackupPlan) Kind() cloud.Kind { return "AWS::Backup::BackupPlan" }
