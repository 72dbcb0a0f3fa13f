package awsapi

func iamService() *service {
	return &service{name: "iam", global: true, read: func(*scope) {}}
}
