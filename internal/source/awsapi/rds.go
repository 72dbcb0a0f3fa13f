package awsapi

func rdsService() *service {
	return &service{name: "rds", read: func(*scope) {}}
}
