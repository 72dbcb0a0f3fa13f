package awsapi

func eksService() *service {
	return &service{name: "eks", read: func(*scope) {}}
}
