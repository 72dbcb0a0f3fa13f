package aws

import "merlon.dev/internal/cloud"

func apigatewayKinds() []cloud.Resource {
	return []cloud.Resource{&RestAPI{}, &RestStage{}, &HTTPAPI{}, &HTTPStage{}}
}

// RestAPI is ...
type RestAPI struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*RestAPI) Kind() cloud.Kind { return "AWS::ApiGateway::RestApi" }

// RestStage is ...
type RestStage struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*RestStage) Kind() cloud.Kind { return "AWS::ApiGateway::Stage" }

// HTTPAPI is ...
type HTTPAPI struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*HTTPAPI) Kind() cloud.Kind { return "AWS::ApiGatewayV2::Api" }

// HTTPStage is ...
type HTTPStage struct {
	cloud.Base
}

// Kind implements cloud.Resource.
func (*HTTPStage) Kind() cloud.Kind { return "AWS::ApiGatewayV2::Stage" }
