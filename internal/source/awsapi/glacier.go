package awsapi

func glacierService() *service {
	return &service{name: "glacier", read: func(*scope) {}}
}
