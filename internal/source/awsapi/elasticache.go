package awsapi

func elasticacheService() *service {
	return &service{name: "elasticache", read: func(*scope) {}}
}
