package awsapi

func efsService() *service {
	return &service{name: "efs", read: func(*scope) {}}
}
