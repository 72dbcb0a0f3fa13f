package awsapi

func macieService() *service {
	return &service{name: "macie", read: func(*scope) {}}
}
