package awsapi

func opensearchService() *service {
	return &service{name: "opensearch", read: func(*scope) {}}
}
