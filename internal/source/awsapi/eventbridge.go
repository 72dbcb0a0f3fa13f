package awsapi

func eventbridgeService() *service {
	return &service{name: "eventbridge", read: func(*scope) {}}
}
