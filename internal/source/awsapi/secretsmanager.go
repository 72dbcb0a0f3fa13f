package awsapi

func secretsmanagerService() *service {
	return &service{name: "secretsmanager", read: func(*scope) {}}
}
