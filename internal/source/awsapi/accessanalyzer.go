package awsapi

func accessanalyzerService() *service {
	return &service{name: "accessanalyzer", read: func(*scope) {}}
}
