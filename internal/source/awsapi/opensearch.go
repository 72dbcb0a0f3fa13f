package awsapi

import (
	"maps"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func opensearchService() *service {
	return &service{name: "opensearch", kinds: []cloud.Kind{kindOf[aws.Domain]()}, read: readOpenSearch}
}

// readOpenSearch reads the domains of one region, of OpenSearch and of
// Elasticsearch, five to a call.
func readOpenSearch(s *scope) {
	c, kind := opensearch.NewFromConfig(s.cfg), kindOf[aws.Domain]()
	var names []string
	get(s, c.ListDomainNames, &opensearch.ListDomainNamesInput{}, func(out *opensearch.ListDomainNamesOutput) {
		for _, d := range out.DomainNames {
			names = append(names, awssdk.ToString(d.DomainName))
		}
	}, kind)
	for batch := range slices.Chunk(names, 5) {
		get(s, c.DescribeDomains, &opensearch.DescribeDomainsInput{DomainNames: batch}, func(out *opensearch.DescribeDomainsOutput) {
			each(s, kind, out.DomainStatusList, func(d types.DomainStatus) { readDomain(s, c, d) })
		}, kind)
	}
}

func readDomain(s *scope, c *opensearch.Client, in types.DomainStatus) {
	name := awssdk.ToString(in.DomainName)
	d := &aws.Domain{Base: s.base(cloud.Ref(orElse(awssdk.ToString(in.ARN), string(s.arn("es", "domain/"+name)))), name)}
	defer s.add(d)
	arn := string(d.Ref)
	d.EngineVersion = need(d, "engine_version", in.EngineVersion)
	d.Endpoint = awssdk.ToString(in.Endpoint)
	if v := in.VPCOptions; v != nil && (awssdk.ToString(v.VPCId) != "" || len(v.SubnetIds) > 0) {
		d.InVPC = true
		d.VPC = ec2Link[aws.VPC](s, "vpc", awssdk.ToString(v.VPCId))
		d.Subnets = ec2Links[aws.Subnet](s, "subnet", v.SubnetIds)
		d.SecurityGroups = ec2Links[aws.SecurityGroup](s, "security-group", v.SecurityGroupIds)
	}
	d.Policy = parsePolicy(d, "policy", in.AccessPolicies)
	domainProtection(s, d, in)
	for _, kind := range slices.Sorted(maps.Keys(in.LogPublishingOptions)) {
		option := in.LogPublishingOptions[kind]
		log := &aws.DomainLog{Type: kind}
		log.Enabled = need(log, "enabled", option.Enabled)
		if group := awssdk.ToString(option.CloudWatchLogsLogGroupArn); group != "" {
			log.LogGroup = cloud.LinkTo[aws.LogGroup](cloud.Ref(strings.TrimSuffix(group, ":*")))
		}
		d.Logs = append(d.Logs, log)
	}
	if o := in.ServiceSoftwareOptions; o != nil {
		d.UpdateAvailable = need(d, "update_available", o.UpdateAvailable)
	} else {
		need[bool](d, "update_available", nil)
	}
	if o := in.SoftwareUpdateOptions; o != nil {
		d.AutoSoftwareUpdate = awssdk.ToBool(o.AutoSoftwareUpdateEnabled)
	}
	if o := in.ClusterConfig; o != nil {
		d.DataNodes = int(need(d, "data_nodes", o.InstanceCount))
		d.ZoneAwareness = need(d, "zone_awareness", o.ZoneAwarenessEnabled)
		if awssdk.ToBool(o.DedicatedMasterEnabled) {
			d.MasterNodes = int(need(d, "master_nodes", o.DedicatedMasterCount))
		}
	} else {
		d.SetGap(&cloud.Gap{Reason: cloud.Missing, Message: "the reply lacks it"}, "data_nodes", "zone_awareness", "master_nodes")
	}
	fill(s, d, []string{"tags"}, c.ListTags, &opensearch.ListTagsInput{ARN: &arn}, func(out *opensearch.ListTagsOutput) {
		d.Tags = map[string]string{}
		for _, t := range out.TagList {
			d.Tags[awssdk.ToString(t.Key)] = awssdk.ToString(t.Value)
		}
	})
}

// domainProtection sets what encrypts the domain and who may log in. AWS sends
// each of these options, switched off or on.
func domainProtection(s *scope, d *aws.Domain, in types.DomainStatus) {
	if o := in.DomainEndpointOptions; o != nil {
		d.EnforceHTTPS = need(d, "enforce_https", o.EnforceHTTPS)
		d.TLSPolicy = string(o.TLSSecurityPolicy)
		if d.TLSPolicy == "" {
			need[string](d, "tls_policy", nil)
		}
		d.CustomEndpointCertificate = cloud.LinkTo[aws.Certificate](cloud.Ref(awssdk.ToString(o.CustomEndpointCertificateArn)))
	} else {
		d.SetGap(&cloud.Gap{Reason: cloud.Missing, Message: "the reply lacks it"}, "enforce_https", "tls_policy")
	}
	if o := in.EncryptionAtRestOptions; o != nil {
		d.EncryptionAtRest = need(d, "encryption_at_rest", o.Enabled)
		d.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(o.KmsKeyId))
	} else {
		need[bool](d, "encryption_at_rest", nil)
	}
	if o := in.NodeToNodeEncryptionOptions; o != nil {
		d.NodeToNodeEncryption = need(d, "node_to_node_encryption", o.Enabled)
	} else {
		need[bool](d, "node_to_node_encryption", nil)
	}
	if o := in.AdvancedSecurityOptions; o != nil {
		d.FineGrainedAccess = need(d, "fine_grained_access", o.Enabled)
		d.AnonymousAccess = awssdk.ToBool(o.AnonymousAuthEnabled)
		d.InternalUsers = awssdk.ToBool(o.InternalUserDatabaseEnabled)
		d.SAML = o.SAMLOptions != nil && awssdk.ToBool(o.SAMLOptions.Enabled)
	} else {
		need[bool](d, "fine_grained_access", nil)
	}
	if o := in.CognitoOptions; o != nil {
		d.Cognito = awssdk.ToBool(o.Enabled)
	}
}
