package awsapi

import (
	"fmt"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

func inspectorService() *service {
	return &service{name: "inspector", kinds: []cloud.Kind{kindOf[aws.Inspector]()}, read: readInspector}
}

func readInspector(s *scope) {
	kind := kindOf[aws.Inspector]()
	in := &inspector2.BatchGetAccountStatusInput{AccountIds: []string{string(s.id)}}
	get(s, inspector2.NewFromConfig(s.cfg).BatchGetAccountStatus, in, func(out *inspector2.BatchGetAccountStatusOutput) {
		for _, f := range out.FailedAccounts {
			s.decide(&cloud.Gap{Reason: cloud.Failed, Operation: "inspector2:BatchGetAccountStatus", Permission: "inspector2:BatchGetAccountStatus",
				Message: oneLine(fmt.Sprintf("%s: %s", f.ErrorCode, awssdk.ToString(f.ErrorMessage)))}, []cloud.Kind{kind})
		}
		items(s, kind, out.Accounts, func(a types.AccountState) { s.add(inspector(s, a)) })
	}, kind)
}

func inspector(s *scope, a types.AccountState) *aws.Inspector {
	i := &aws.Inspector{Base: s.base(s.arn("inspector2", "account"), "inspector")}
	on := func(field string, st *types.State) bool {
		if st == nil || st.Status == "" {
			need[bool](i, field, nil)
			return false
		}
		return st.Status == types.StatusEnabled
	}
	i.Enabled = on("enabled", a.State)
	r := a.ResourceState
	if r == nil {
		r = &types.ResourceState{}
	}
	i.EC2, i.ECR = on("ec2", r.Ec2), on("ecr", r.Ecr)
	i.Lambda, i.LambdaCode, i.CodeRepository = on("lambda", r.Lambda), on("lambda_code", r.LambdaCode), on("code_repository", r.CodeRepository)
	return i
}
