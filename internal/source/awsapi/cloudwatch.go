package awsapi

func cloudwatchService() *service {
	return &service{name: "cloudwatch", read: func(*scope) {}}
}
