package awsapi

func organizationsService() *service {
	return &service{name: "organizations", global: true, read: func(*scope) {}}
}
