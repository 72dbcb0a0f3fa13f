package awsapi

func ssoService() *service {
	return &service{name: "sso", read: func(*scope) {}}
}
