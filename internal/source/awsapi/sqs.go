package awsapi

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func sqsService() *service {
	return &service{name: "sqs", kinds: []cloud.Kind{kindOf[aws.Queue]()}, read: readSQS}
}

func readSQS(s *scope) {
	c := sqs.NewFromConfig(s.cfg)
	kind := kindOf[aws.Queue]()
	var urls []string
	// Without a page size SQS sends the first 1,000 queues and no way to the rest.
	list(s, sqs.NewListQueuesPaginator(c, &sqs.ListQueuesInput{MaxResults: awssdk.Int32(1000)}), func(out *sqs.ListQueuesOutput) {
		urls = append(urls, out.QueueUrls...)
	}, kind)
	each(s, kind, urls, func(url string) { readQueue(s, c, url) })
}

func readQueue(s *scope, c *sqs.Client, url string) {
	name := url[strings.LastIndex(url, "/")+1:]
	q := &aws.Queue{Base: s.base(s.arn("sqs", name), name), URL: url, FIFO: strings.HasSuffix(name, ".fifo")}
	defer s.add(q)
	fill(s, q, []string{"created_at", "policy", "kms_key", "data_key_reuse_seconds", "managed_sse", "dead_letter_queue", "max_receives",
		"redrive_permission", "redrive_sources", "retention_seconds", "visibility_seconds"},
		c.GetQueueAttributes, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}},
		func(out *sqs.GetQueueAttributesOutput) { queueAttributes(s, q, out.Attributes) })
	fill(s, q, []string{"tags"}, c.ListQueueTags, &sqs.ListQueueTagsInput{QueueUrl: &url}, func(out *sqs.ListQueueTagsOutput) { q.Tags = out.Tags })
}

func queueAttributes(s *scope, q *aws.Queue, in map[string]string) {
	q.Ref = cloud.Ref(cmp.Or(in["QueueArn"], string(q.Ref)))
	q.CreatedAt = epoch(in["CreatedTimestamp"])
	q.Policy = parsePolicy(q, "policy", awssdk.String(in["Policy"]))
	q.RetentionSeconds, _ = strconv.Atoi(in["MessageRetentionPeriod"])
	q.VisibilitySeconds, _ = strconv.Atoi(in["VisibilityTimeout"])
	if key := in["KmsMasterKeyId"]; key != "" {
		q.KMSKey = cloud.LinkTo[aws.Key](s.keyRef(&key))
		q.DataKeyReuseSeconds, _ = strconv.Atoi(in["KmsDataKeyReusePeriodSeconds"])
	} else {
		q.ManagedSSE = needText(q, "managed_sse", in["SqsManagedSseEnabled"]) == "true"
	}
	redrive(q, in["RedrivePolicy"], in["RedriveAllowPolicy"])
}

// redrive reads the two small documents that connect queues with their
// dead-letter queues.
func redrive(q *aws.Queue, policy, allow string) {
	var to struct {
		Target      string      `json:"deadLetterTargetArn"`
		MaxReceives json.Number `json:"maxReceiveCount"`
	}
	if err := parseDocument(policy, &to); err != nil {
		q.SetGap(&cloud.Gap{Reason: cloud.Malformed, Message: oneLine(err.Error())}, "dead_letter_queue", "max_receives")
	}
	q.DeadLetterQueue = cloud.LinkTo[aws.Queue](cloud.Ref(to.Target))
	q.MaxReceives, _ = strconv.Atoi(strings.Trim(to.MaxReceives.String(), `"`))

	from := struct {
		Permission string   `json:"redrivePermission"`
		Sources    []string `json:"sourceQueueArns"`
	}{Permission: "allowAll"}
	if err := parseDocument(allow, &from); err != nil {
		q.SetGap(&cloud.Gap{Reason: cloud.Malformed, Message: oneLine(err.Error())}, "redrive_permission", "redrive_sources")
	}
	q.RedrivePermission = from.Permission
	for _, arn := range from.Sources {
		q.RedriveSources = append(q.RedriveSources, cloud.LinkTo[aws.Queue](cloud.Ref(arn)))
	}
}

// parseDocument parses a JSON document that sits in a string; an empty one
// holds nothing.
func parseDocument(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// epoch reads a time given in seconds since 1970 as text.
func epoch(text string) time.Time {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || seconds == 0 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}
