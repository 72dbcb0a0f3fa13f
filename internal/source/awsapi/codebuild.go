package awsapi

func codebuildService() *service {
	return &service{name: "codebuild", read: func(*scope) {}}
}
