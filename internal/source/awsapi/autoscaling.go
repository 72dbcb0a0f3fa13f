package awsapi

func autoscalingService() *service {
	return &service{name: "autoscaling", read: func(*scope) {}}
}
