package awsapi

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	v2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func apigatewayService() *service {
	return &service{
		name: "apigateway",
		kinds: []cloud.Kind{
			kindOf[aws.RestAPI](), kindOf[aws.RestStage](), kindOf[aws.HTTPAPI](), kindOf[aws.HTTPStage](), kindOf[aws.APIDomain](),
		},
		read: readAPIGateway,
	}
}

func readAPIGateway(s *scope) {
	rest, restGap := readRestAPIs(s)
	http, httpGap := readHTTPAPIs(s)
	domains := kindOf[aws.APIDomain]()
	if rest+http == 0 && restGap == nil && httpGap == nil {
		s.decide(nil, []cloud.Kind{domains}) // nothing for a name to lead to
		return
	}
	c := apigateway.NewFromConfig(s.cfg)
	list(s, apigateway.NewGetDomainNamesPaginator(c, &apigateway.GetDomainNamesInput{}), func(out *apigateway.GetDomainNamesOutput) {
		items(s, domains, out.Items, func(d types.DomainName) { s.add(apiDomain(s, d)) })
	}, domains)
}

// apiARN is the ARN of something in API Gateway, which names no account.
func (s *scope) apiARN(path string) cloud.Ref {
	return cloud.Ref("arn:" + s.partition + ":apigateway:" + string(s.region) + "::" + path)
}

// readRestAPIs returns how many APIs there are.
func readRestAPIs(s *scope) (int, *cloud.Gap) {
	apis, stages := kindOf[aws.RestAPI](), kindOf[aws.RestStage]()
	c := apigateway.NewFromConfig(s.cfg)
	var found []types.RestApi
	gap := list(s, apigateway.NewGetRestApisPaginator(c, &apigateway.GetRestApisInput{Limit: awssdk.Int32(500)}), func(out *apigateway.GetRestApisOutput) {
		found = append(found, out.Items...)
	}, apis, stages)
	each(s, apis, found, func(in types.RestApi) {
		a := restAPI(s, in)
		defer s.add(a)
		readRestMethods(s, a)
		readRestAuthorizers(s, a)
		gap := get(s, c.GetStages, &apigateway.GetStagesInput{RestApiId: &a.ID}, func(out *apigateway.GetStagesOutput) {
			items(s, stages, out.Item, func(st types.Stage) { s.add(restStage(s, a, st)) })
		})
		if gap != nil {
			s.decide(gap, []cloud.Kind{stages})
		}
	})
	return len(found), gap
}

func restAPI(s *scope, in types.RestApi) *aws.RestAPI {
	id := awssdk.ToString(in.Id)
	a := &aws.RestAPI{
		Base:                    s.base(s.apiARN("/restapis/"+id), awssdk.ToString(in.Name)),
		ID:                      id,
		CreatedAt:               awssdk.ToTime(in.CreatedDate),
		DefaultEndpointDisabled: in.DisableExecuteApiEndpoint,
		APIKeySource:            string(in.ApiKeySource),
		SecurityPolicy:          string(in.SecurityPolicy),
	}
	a.Tags = in.Tags
	a.EndpointType = endpointType(a, in.EndpointConfiguration)
	if e := in.EndpointConfiguration; e != nil {
		for _, id := range e.VpcEndpointIds {
			a.VPCEndpoints = append(a.VPCEndpoints, cloud.LinkTo[aws.VPCEndpoint](s.arn("ec2", "vpc-endpoint/"+id)))
		}
	}
	// The reply escapes the document once more: {\"Version\":...}.
	doc := awssdk.ToString(in.Policy)
	if strings.Contains(doc, `\"`) {
		doc = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, `/`).Replace(doc)
	}
	a.Policy = parsePolicy(a, "policy", &doc)
	return a
}

func endpointType(r cloud.Resource, e *types.EndpointConfiguration) string {
	if e == nil || len(e.Types) == 0 {
		return needText(r.Meta(), "endpoint_type", "")
	}
	return string(e.Types[0])
}

func readRestMethods(s *scope, a *aws.RestAPI) {
	in := &apigateway.GetResourcesInput{RestApiId: &a.ID, Embed: []string{"methods"}, Limit: awssdk.Int32(500)}
	fillList(s, a, []string{"methods"}, apigateway.NewGetResourcesPaginator(apigateway.NewFromConfig(s.cfg), in), func(out *apigateway.GetResourcesOutput) {
		for _, r := range out.Items {
			for verb, m := range r.ResourceMethods {
				a.Methods = append(a.Methods, restMethod(awssdk.ToString(r.Path), verb, m))
			}
		}
	})
	sortMethods(a.Methods)
}

func sortMethods(ms []*aws.APIMethod) {
	slices.SortFunc(ms, func(a, b *aws.APIMethod) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
}

func restMethod(path, verb string, in types.Method) *aws.APIMethod {
	m := &aws.APIMethod{
		Path: path, Method: verb,
		Authorizer:     awssdk.ToString(in.AuthorizerId),
		APIKeyRequired: awssdk.ToBool(in.ApiKeyRequired),
		Validator:      awssdk.ToString(in.RequestValidatorId),
	}
	m.Authorization = need(m, "authorization", in.AuthorizationType)
	if i := in.MethodIntegration; i != nil {
		m.Integration, m.IntegrationURI = string(i.Type), awssdk.ToString(i.Uri)
	}
	return m
}

func readRestAuthorizers(s *scope, a *aws.RestAPI) {
	c := apigateway.NewFromConfig(s.cfg)
	fillList(s, a, []string{"authorizers"}, &byToken[apigateway.GetAuthorizersOutput, apigateway.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*apigateway.Options)) (*apigateway.GetAuthorizersOutput, error) {
			return c.GetAuthorizers(ctx, &apigateway.GetAuthorizersInput{RestApiId: &a.ID, Position: token}, opts...)
		},
		next: func(out *apigateway.GetAuthorizersOutput) *string { return out.Position },
	}, func(out *apigateway.GetAuthorizersOutput) {
		for _, x := range out.Items {
			a.Authorizers = append(a.Authorizers, &aws.APIAuthorizer{
				ID: awssdk.ToString(x.Id), Name: awssdk.ToString(x.Name), Type: string(x.Type),
				URI: awssdk.ToString(x.AuthorizerUri), Providers: x.ProviderARNs,
			})
		}
	})
}

func restStage(s *scope, a *aws.RestAPI, in types.Stage) *aws.RestStage {
	name := awssdk.ToString(in.StageName)
	st := &aws.RestStage{
		Base:              s.base(a.Ref+cloud.Ref("/stages/"+name), a.Name+"/"+name),
		API:               cloud.LinkTo[aws.RestAPI](a.Ref),
		Tracing:           in.TracingEnabled,
		CacheCluster:      in.CacheClusterEnabled,
		ClientCertificate: awssdk.ToString(in.ClientCertificateId),
		WebACL:            cloud.LinkTo[aws.WebACL](cloud.Ref(awssdk.ToString(in.WebAclArn))),
	}
	st.Tags = in.Tags
	if l := in.AccessLogSettings; l != nil {
		st.AccessLog = strings.TrimSuffix(awssdk.ToString(l.DestinationArn), ":*")
	}
	for path, m := range in.MethodSettings {
		st.Settings = append(st.Settings, &aws.StageSettings{
			Path:            strings.ReplaceAll(path, "~1", "/"),
			LoggingLevel:    loggingLevel(awssdk.ToString(m.LoggingLevel)),
			DataTrace:       m.DataTraceEnabled,
			Metrics:         m.MetricsEnabled,
			Caching:         m.CachingEnabled,
			CacheEncrypted:  m.CacheDataEncrypted,
			ThrottlingRate:  max(m.ThrottlingRateLimit, 0),
			ThrottlingBurst: max(int(m.ThrottlingBurstLimit), 0),
		})
	}
	sortSettings(st.Settings)
	st.Variables = envVars(st, "variables", in.Variables)
	return st
}

func loggingLevel(level string) string {
	if level == "" {
		return "OFF"
	}
	return strings.ToUpper(level)
}

func sortSettings(all []*aws.StageSettings) {
	slices.SortFunc(all, func(a, b *aws.StageSettings) int { return cmp.Compare(a.Path, b.Path) })
}

func apiDomain(s *scope, in types.DomainName) *aws.APIDomain {
	name := awssdk.ToString(in.DomainName)
	d := &aws.APIDomain{
		Base:      s.base(s.apiARN("/domainnames/"+name), name),
		MutualTLS: in.MutualTlsAuthentication != nil && awssdk.ToString(in.MutualTlsAuthentication.TruststoreUri) != "",
	}
	d.Tags = in.Tags
	if id := awssdk.ToString(in.DomainNameId); id != "" {
		d.Ref += cloud.Ref("+" + id) // private names exist more than once
	}
	d.SecurityPolicy = needText(d, "security_policy", in.SecurityPolicy)
	d.EndpointType = endpointType(d, in.EndpointConfiguration)
	for _, arn := range []*string{in.RegionalCertificateArn, in.CertificateArn} {
		if arn != nil {
			d.Certificate = cloud.LinkTo[aws.Certificate](cloud.Ref(*arn))
		}
	}
	return d
}

// readHTTPAPIs returns how many APIs there are.
func readHTTPAPIs(s *scope) (int, *cloud.Gap) {
	apis, stages := kindOf[aws.HTTPAPI](), kindOf[aws.HTTPStage]()
	c := apigatewayv2.NewFromConfig(s.cfg)
	var found []v2.Api
	gap := list(s, &byToken[apigatewayv2.GetApisOutput, apigatewayv2.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApisOutput, error) {
			return c.GetApis(ctx, &apigatewayv2.GetApisInput{NextToken: token}, opts...)
		},
		next: func(out *apigatewayv2.GetApisOutput) *string { return out.NextToken },
	}, func(out *apigatewayv2.GetApisOutput) { found = append(found, out.Items...) }, apis, stages)
	each(s, apis, found, func(in v2.Api) {
		a := httpAPI(s, in)
		defer s.add(a)
		readRoutes(s, a)
		readHTTPAuthorizers(s, a)
		readHTTPStages(s, a)
	})
	return len(found), gap
}

func httpAPI(s *scope, in v2.Api) *aws.HTTPAPI {
	id := awssdk.ToString(in.ApiId)
	a := &aws.HTTPAPI{
		Base:                    s.base(s.apiARN("/apis/"+id), awssdk.ToString(in.Name)),
		ID:                      id,
		CreatedAt:               awssdk.ToTime(in.CreatedDate),
		DefaultEndpointDisabled: awssdk.ToBool(in.DisableExecuteApiEndpoint),
	}
	a.Tags = in.Tags
	a.Protocol = needText(a, "protocol", in.ProtocolType)
	if c := in.CorsConfiguration; c != nil {
		a.CORSOrigins, a.CORSCredentials = c.AllowOrigins, awssdk.ToBool(c.AllowCredentials)
	}
	return a
}

func readRoutes(s *scope, a *aws.HTTPAPI) {
	c := apigatewayv2.NewFromConfig(s.cfg)
	fillList(s, a, []string{"routes"}, &byToken[apigatewayv2.GetRoutesOutput, apigatewayv2.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*apigatewayv2.Options)) (*apigatewayv2.GetRoutesOutput, error) {
			return c.GetRoutes(ctx, &apigatewayv2.GetRoutesInput{ApiId: &a.ID, NextToken: token}, opts...)
		},
		next: func(out *apigatewayv2.GetRoutesOutput) *string { return out.NextToken },
	}, func(out *apigatewayv2.GetRoutesOutput) {
		for _, r := range out.Items {
			a.Routes = append(a.Routes, route(a, r))
		}
	})
	sortMethods(a.Routes)
}

func route(a *aws.HTTPAPI, in v2.Route) *aws.APIMethod {
	m := &aws.APIMethod{
		Path:           awssdk.ToString(in.RouteKey),
		Authorizer:     awssdk.ToString(in.AuthorizerId),
		APIKeyRequired: awssdk.ToBool(in.ApiKeyRequired),
	}
	if a.Protocol == string(v2.ProtocolTypeHttp) {
		m.Method = "ANY" // the route $default takes everything
		if verb, path, ok := strings.Cut(m.Path, " "); ok {
			m.Method, m.Path = verb, path
		}
	}
	m.Authorization = needText(m, "authorization", in.AuthorizationType)
	return m
}

func readHTTPAuthorizers(s *scope, a *aws.HTTPAPI) {
	c := apigatewayv2.NewFromConfig(s.cfg)
	fillList(s, a, []string{"authorizers"}, &byToken[apigatewayv2.GetAuthorizersOutput, apigatewayv2.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*apigatewayv2.Options)) (*apigatewayv2.GetAuthorizersOutput, error) {
			return c.GetAuthorizers(ctx, &apigatewayv2.GetAuthorizersInput{ApiId: &a.ID, NextToken: token}, opts...)
		},
		next: func(out *apigatewayv2.GetAuthorizersOutput) *string { return out.NextToken },
	}, func(out *apigatewayv2.GetAuthorizersOutput) {
		for _, x := range out.Items {
			auth := &aws.APIAuthorizer{ID: awssdk.ToString(x.AuthorizerId), Name: awssdk.ToString(x.Name), Type: string(x.AuthorizerType), URI: awssdk.ToString(x.AuthorizerUri)}
			if j := x.JwtConfiguration; j != nil && j.Issuer != nil {
				auth.Providers = []string{*j.Issuer}
			}
			a.Authorizers = append(a.Authorizers, auth)
		}
	})
}

func readHTTPStages(s *scope, a *aws.HTTPAPI) {
	stages := kindOf[aws.HTTPStage]()
	c := apigatewayv2.NewFromConfig(s.cfg)
	gap := list(s, &byToken[apigatewayv2.GetStagesOutput, apigatewayv2.Options]{
		read: func(ctx context.Context, token *string, opts ...func(*apigatewayv2.Options)) (*apigatewayv2.GetStagesOutput, error) {
			return c.GetStages(ctx, &apigatewayv2.GetStagesInput{ApiId: &a.ID, NextToken: token}, opts...)
		},
		next: func(out *apigatewayv2.GetStagesOutput) *string { return out.NextToken },
	}, func(out *apigatewayv2.GetStagesOutput) {
		items(s, stages, out.Items, func(st v2.Stage) { s.add(httpStage(s, a, st)) })
	})
	if gap != nil {
		s.decide(gap, []cloud.Kind{stages})
	}
}

func httpStage(s *scope, a *aws.HTTPAPI, in v2.Stage) *aws.HTTPStage {
	name := awssdk.ToString(in.StageName)
	st := &aws.HTTPStage{
		Base:       s.base(a.Ref+cloud.Ref("/stages/"+name), a.Name+"/"+name),
		API:        cloud.LinkTo[aws.HTTPAPI](a.Ref),
		AutoDeploy: awssdk.ToBool(in.AutoDeploy),
	}
	st.Tags = in.Tags
	if l := in.AccessLogSettings; l != nil {
		st.AccessLog = strings.TrimSuffix(awssdk.ToString(l.DestinationArn), ":*")
	}
	if d := in.DefaultRouteSettings; d != nil {
		st.Settings = append(st.Settings, routeSettings("*", *d))
	}
	for key, r := range in.RouteSettings {
		st.Settings = append(st.Settings, routeSettings(key, r))
	}
	sortSettings(st.Settings)
	st.Variables = envVars(st, "variables", in.StageVariables)
	return st
}

func routeSettings(path string, in v2.RouteSettings) *aws.StageSettings {
	return &aws.StageSettings{
		Path:            path,
		LoggingLevel:    loggingLevel(string(in.LoggingLevel)),
		DataTrace:       awssdk.ToBool(in.DataTraceEnabled),
		Metrics:         awssdk.ToBool(in.DetailedMetricsEnabled),
		ThrottlingRate:  awssdk.ToFloat64(in.ThrottlingRateLimit),
		ThrottlingBurst: int(awssdk.ToInt32(in.ThrottlingBurstLimit)),
	}
}

// envVars reduces named values to what the model keeps, sorted by name.
func envVars(o cloud.Gapped, field string, values map[string]string) []*aws.EnvVar {
	var out []*aws.EnvVar
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, envVar(o, field, name, values[name]))
	}
	return out
}
