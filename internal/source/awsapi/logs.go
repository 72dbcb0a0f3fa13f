package awsapi

func logsService() *service {
	return &service{name: "logs", read: func(*scope) {}}
}
