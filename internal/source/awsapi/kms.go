package awsapi

func kmsService() *service {
	return &service{name: "kms", read: func(*scope) {}}
}
