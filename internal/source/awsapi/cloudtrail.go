package awsapi

func cloudtrailService() *service {
	return &service{name: "cloudtrail", read: func(*scope) {}}
}
