package awsapi

func backupService() *service {
	return &service{name: "backup", read: func(*scope) {}}
}
