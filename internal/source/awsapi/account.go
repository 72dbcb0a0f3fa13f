package awsapi

func accountinfoService() *service {
	return &service{name: "account", global: true, read: func(*scope) {}}
}
