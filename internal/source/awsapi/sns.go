package awsapi

func snsService() *service {
	return &service{name: "sns", read: func(*scope) {}}
}
