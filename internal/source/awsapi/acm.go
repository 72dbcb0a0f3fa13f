package awsapi

func acmService() *service {
	return &service{name: "acm", read: func(*scope) {}}
}
