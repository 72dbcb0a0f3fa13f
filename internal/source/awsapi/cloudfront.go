package awsapi

func cloudfrontService() *service {
	return &service{name: "cloudfront", global: true, read: func(*scope) {}}
}
