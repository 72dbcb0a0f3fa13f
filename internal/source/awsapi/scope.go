package awsapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"golang.org/x/time/rate"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// A scope is what a service's reader works with: one service in one region of
// one account.
//
// A reader lists resources with list or get, converts each reply item inside
// items, and reads further fields of a resource with fill. Each of them turns a
// failure into a gap of the right size: a failed list into a gap of the
// collection, a failed item into a partial collection, a failed call into a gap
// on the fields it would have supplied.
type scope struct {
	*account
	ctx     context.Context
	service *service
	// region is where resources of this scope live; empty for global services,
	// whose calls go to the account's home region.
	region cloud.Region
	// cfg makes clients: s3.NewFromConfig(s.cfg).
	cfg awssdk.Config
}

func (a *account) scope(ctx context.Context, svc *service, region cloud.Region) *scope {
	s := &scope{account: a, ctx: ctx, service: svc, region: region, cfg: a.cfg.Copy()}
	if region != "" {
		s.cfg.Region = string(region)
	} else {
		s.cfg.Region = globalRegion(a.partition)
	}
	limit := a.limit(svc.name, region)
	s.cfg.APIOptions = append(s.cfg.APIOptions, func(stack *middleware.Stack) error {
		if err := stack.Initialize.Add(nameCall{}, middleware.After); err != nil {
			return err
		}
		return stack.Finalize.Insert(&pace{a, limit}, "Retry", middleware.After)
	})
	return s
}

// globalRegion is where the services without regions answer.
func globalRegion(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return "us-east-1"
}

func (a *account) limit(service string, region cloud.Region) *rate.Limiter {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := limitKey{service, region}
	if a.limits[key] == nil {
		a.limits[key] = rate.NewLimiter(rate.Limit(a.MaxRate), max(1, int(a.MaxRate)))
	}
	return a.limits[key]
}

// in returns the same scope in another region: for global services whose
// resources live in regions, as S3's buckets do.
func (s *scope) in(region cloud.Region) *scope {
	return s.account.scope(s.ctx, s.service, region)
}

// base starts a resource that lives in this scope.
func (s *scope) base(ref cloud.Ref, name string) cloud.Base {
	return cloud.Base{Ref: ref, Name: name, Account: s.id, Region: s.region}
}

// arn builds an ARN in this scope: arn("ec2", "vpc/vpc-1").
func (s *scope) arn(service, resource string) cloud.Ref {
	return cloud.Ref(fmt.Sprintf("arn:%s:%s:%s:%s:%s", s.partition, service, s.region, s.id, resource))
}

// keyRef makes the ref of a KMS key out of what replies hold: a key or alias
// ARN, a bare key id, or alias/name. It is empty for an empty id.
func (s *scope) keyRef(id *string) cloud.Ref {
	switch v := awssdk.ToString(id); {
	case v == "", strings.HasPrefix(v, "arn:"):
		return cloud.Ref(v)
	case strings.HasPrefix(v, "alias/"):
		return s.arn("kms", v)
	default:
		return s.arn("kms", "key/"+v)
	}
}

// regionSettings returns the scope's region, to be filled; nil for global services.
// Other readers fill it too: only touch it through fill.
func (s *scope) regionSettings() *aws.RegionSettings { return s.account.settings[s.region] }

// kindOf returns the kind of a resource type.
func kindOf[T any]() cloud.Kind { return any(new(T)).(cloud.Resource).Kind() }

// pager is any paginator of the SDK.
type pager[O, Opt any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*Opt)) (*O, error)
}

// byToken pages through an operation for which the SDK has no paginator.
type byToken[O, Opt any] struct {
	read  func(ctx context.Context, token *string, opts ...func(*Opt)) (*O, error)
	next  func(*O) *string // the token in a reply
	token *string
	begun bool
}

// HasMorePages implements pager.
func (p *byToken[O, Opt]) HasMorePages() bool { return !p.begun || awssdk.ToString(p.token) != "" }

// NextPage implements pager.
func (p *byToken[O, Opt]) NextPage(ctx context.Context, opts ...func(*Opt)) (*O, error) {
	out, err := p.read(ctx, p.token, opts...)
	if err == nil {
		p.begun, p.token = true, p.next(out)
	}
	return out, err
}

// list reads all pages of a listing and hands each to use. It decides the
// collections of the given kinds: complete, or incomplete for the gap it
// returns.
func list[O, Opt any](s *scope, p pager[O, Opt], use func(*O), kinds ...cloud.Kind) *cloud.Gap {
	for p.HasMorePages() {
		info := &callInfo{}
		out, gap := answer(s, info, func(ctx context.Context) (*O, error) { return p.NextPage(ctx) })
		if gap != nil {
			s.decide(gap, kinds)
			return gap
		}
		s.calledFor(kinds, info)
		s.guard(firstKind(kinds), func() { use(out) })
	}
	s.decide(nil, kinds)
	return nil
}

// get is list for operations that answer on one page.
func get[I, O, Opt any](s *scope, f operation[I, O, Opt], in *I, use func(*O), kinds ...cloud.Kind) *cloud.Gap {
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*O, error) { return f(ctx, in) })
	if gap == nil {
		s.calledFor(kinds, info)
		s.guard(firstKind(kinds), func() { use(out) })
	}
	s.decide(gap, kinds)
	return gap
}

// operation is a method of a client: client.GetBucketPolicy.
type operation[I, O, Opt any] func(context.Context, *I, ...func(*Opt)) (*O, error)

// items converts the items of a reply, each on its own: one that cannot be
// understood makes the collection partial and the others survive.
func items[T any](s *scope, kind cloud.Kind, list []T, convert func(T)) {
	for _, item := range list {
		s.guard(kind, func() { convert(item) })
	}
}

// each is items for many resources that need further calls: several at once.
func each[T any](s *scope, kind cloud.Kind, list []T, convert func(T)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 8)
	for _, item := range list {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			s.guard(kind, func() { convert(item) })
		}()
	}
	wg.Wait()
}

// fill reads further fields of an object. When the call fails the fields get
// the gap, unless the error's code is among absent: those say that nothing is
// configured, which is an answer; the fields then keep their zero value.
// Fields of the account and of region settings may be filled from any reader;
// use must not call fill again on them.
func fill[I, O, Opt any](s *scope, into cloud.Gapped, fields []string, f operation[I, O, Opt], in *I, use func(*O), absent ...string) *cloud.Gap {
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*O, error) { return f(ctx, in) })
	defer s.lock(into)()
	s.asked(into, fields...)
	if r, ok := into.(cloud.Resource); ok {
		s.recordOrigin(r.Kind(), info, fields...)
	}
	for _, code := range absent {
		if gap != nil && info.code == code {
			return nil
		}
	}
	if gap == nil {
		gap = caught(func() { use(out) }, info)
	}
	into.Obj().SetGap(gap, fields...)
	return gap
}

// need returns the value of a field that AWS always sends. When the reply lacks
// it the field gets a gap.
func need[T any](o cloud.Gapped, field string, v *T) T {
	if v == nil {
		o.Obj().SetGap(&cloud.Gap{Reason: cloud.Missing, Message: "the reply lacks it"}, field)
		var zero T
		return zero
	}
	return *v
}

// needText is need for the names that replies hold by value.
func needText[T ~string](o cloud.Gapped, field string, v T) string {
	if v == "" {
		return need[string](o, field, nil)
	}
	return string(v)
}

// fillList is fill for operations that answer on several pages. What was read
// before a page failed stays, and the gap is partial.
func fillList[O, Opt any](s *scope, into cloud.Gapped, fields []string, p pager[O, Opt], use func(*O), absent ...string) *cloud.Gap {
	for first := true; p.HasMorePages(); first = false {
		info := &callInfo{}
		out, gap := answer(s, info, func(ctx context.Context) (*O, error) { return p.NextPage(ctx) })
		if r, ok := into.(cloud.Resource); ok {
			s.recordOrigin(r.Kind(), info, fields...)
		}
		if gap != nil && slices.Contains(absent, info.code) {
			return nil
		}
		if gap == nil {
			gap = caught(func() { use(out) }, info)
		}
		if gap != nil {
			if !first {
				gap = gap.AsPartial()
			}
			into.Obj().SetGap(gap, fields...)
			return gap
		}
	}
	return nil
}

// tagMap collects the tags of a reply.
func tagMap[T any](list []T, pair func(T) (key, value *string)) map[string]string {
	if len(list) == 0 {
		return nil
	}
	tags := make(map[string]string, len(list))
	for _, t := range list {
		k, v := pair(t)
		tags[awssdk.ToString(k)] = awssdk.ToString(v)
	}
	return tags
}

// call makes one call and returns its reply or its gap.
func call[I, O, Opt any](s *scope, f operation[I, O, Opt], in *I) (*O, *cloud.Gap) {
	return answer(s, &callInfo{}, func(ctx context.Context) (*O, error) { return f(ctx, in) })
}

// page reads the next page of a listing.
func page[O, Opt any](s *scope, p pager[O, Opt]) (*O, *cloud.Gap) {
	return answer(s, &callInfo{}, func(ctx context.Context) (*O, error) { return p.NextPage(ctx) })
}

func answer[O any](s *scope, info *callInfo, do func(context.Context) (*O, error)) (*O, *cloud.Gap) {
	ctx, cancel := context.WithTimeout(s.ctx, s.CallTimeout)
	defer cancel()
	out, err := do(context.WithValue(ctx, callInfoKey{}, info))
	if err == nil {
		return out, nil
	}
	if s.ctx.Err() != nil {
		err = s.ctx.Err()
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		info.code = api.ErrorCode()
	}
	gap := gapOf(err, info.name())
	if gap.Reason == cloud.Denied || gap.Reason == cloud.Throttled {
		s.Stats.refused(gap.Reason)
	}
	return nil, gap
}

func (s *scope) decide(gap *cloud.Gap, kinds []cloud.Kind) {
	for _, k := range kinds {
		s.mark(k, s.service.placeOf(s.region), gap)
	}
}

// placeOf is the region under which a service's collections are recorded: a
// global service keeps them under "" whatever region it calls.
func (svc *service) placeOf(region cloud.Region) cloud.Region {
	if svc.global {
		return ""
	}
	return region
}

func firstKind(kinds []cloud.Kind) cloud.Kind {
	if len(kinds) == 0 {
		return ""
	}
	return kinds[0]
}

// guard runs a conversion; a reply that breaks it costs what the conversion
// would have made, not the reader.
func (s *scope) guard(kind cloud.Kind, convert func()) {
	if gap := caught(convert, &callInfo{service: s.service.name}); gap != nil {
		kinds := []cloud.Kind{kind}
		if kind == "" {
			kinds = s.service.kinds
		}
		s.decide(gap, kinds)
	}
}

func caught(f func(), info *callInfo) (gap *cloud.Gap) {
	defer func() {
		if p := recover(); p != nil {
			gap = &cloud.Gap{Reason: cloud.Malformed, Operation: info.name(), Message: oneLine(fmt.Sprint(p))}
		}
	}()
	f()
	return nil
}

// lock guards the objects that several readers fill.
func (s *scope) lock(o cloud.Gapped) (unlock func()) {
	switch o.(type) {
	case *aws.Account, *aws.RegionSettings:
		s.account.mu.Lock()
		return s.account.mu.Unlock
	}
	return func() {}
}

func (s *scope) calledFor(kinds []cloud.Kind, info *callInfo) {
	for _, k := range kinds {
		s.recordOrigin(k, info, "")
	}
}

func (r *reader) recordOrigin(kind cloud.Kind, info *callInfo, fields ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.origins[kind] == nil {
		r.origins[kind] = map[string]string{}
	}
	for _, f := range fields {
		if old := r.origins[kind][f]; old == "" || info.name() < old {
			r.origins[kind][f] = info.name()
		}
	}
}

// callInfo learns from the SDK which operation a call was.
type callInfo struct{ service, operation, code string }

type callInfoKey struct{}

func (c *callInfo) name() string {
	if c.operation == "" {
		return c.service
	}
	return operationName(c.service, c.operation)
}

// nameCall notes the operation's name in the callInfo of the context.
type nameCall struct{}

func (nameCall) ID() string { return "MerlonNameCall" }

func (nameCall) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	if info, ok := ctx.Value(callInfoKey{}).(*callInfo); ok {
		info.service, info.operation = awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)
	}
	return next.HandleInitialize(ctx, in)
}

// pace holds every attempt to the service's call budget, and counts it.
type pace struct {
	account *account
	limit   *rate.Limiter
}

func (*pace) ID() string { return "MerlonPace" }

func (p *pace) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (out middleware.FinalizeOutput, md middleware.Metadata, err error) {
	if err := p.limit.Wait(ctx); err != nil {
		return out, md, err
	}
	select {
	case p.account.calls <- struct{}{}:
	case <-ctx.Done():
		return out, md, ctx.Err()
	}
	defer func() { <-p.account.calls }()
	p.account.Stats.call(operationName(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)))
	return next.HandleFinalize(ctx, in)
}

// gapOf classifies an error of the SDK.
func gapOf(err error, operation string) *cloud.Gap {
	g := &cloud.Gap{Reason: cloud.Failed, Operation: operation, Message: oneLine(err.Error())}
	if service, op, ok := strings.Cut(operation, ":"); ok {
		g.Permission = permissionFor(service, op)
	}
	status := 0
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		status = response.HTTPStatusCode()
	}
	var (
		api      smithy.APIError
		decoding *smithy.DeserializationError
		sending  *smithyhttp.RequestSendError
		network  net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		g.Reason, g.Message = cloud.Interrupted, "interrupted"
	case errors.Is(err, context.DeadlineExceeded):
		g.Reason, g.Message = cloud.TimedOut, "no answer in time"
	case errors.As(err, &api):
		g.Message = oneLine(api.ErrorCode() + ": " + api.ErrorMessage())
		g.Reason = reasonOf(api.ErrorCode(), status)
		if m := deniedAction.FindStringSubmatch(api.ErrorMessage()); m != nil && g.Reason == cloud.Denied {
			g.Permission = m[1]
		}
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		g.Reason, g.Message = cloud.Denied, fmt.Sprintf("the endpoint answered %d", status)
	case status >= http.StatusBadRequest:
		g.Reason, g.Message = cloud.Unsupported, fmt.Sprintf("the endpoint answered %d in a form that is not the service's", status)
	case errors.As(err, &decoding), status != 0:
		g.Reason, g.Message = cloud.Malformed, "the reply could not be understood"
	case errors.As(err, &sending), errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		g.Reason, g.Message = cloud.Unreachable, oneLine(rootCause(err).Error())
	}
	return g
}

var deniedAction = regexp.MustCompile(`not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)`)

func reasonOf(code string, status int) cloud.Reason {
	if _, throttled := retry.DefaultThrottleErrorCodes[code]; throttled {
		return cloud.Throttled
	}
	switch code {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "AuthorizationError",
		"AuthorizationErrorException", "Forbidden", "ForbiddenException", "Client.UnauthorizedOperation", "NotAuthorized", "UnauthorizedException":
		return cloud.Denied
	case "UnknownOperationException", "InvalidAction", "UnsupportedOperation", "UnsupportedOperationException", "NotImplemented",
		"OptInRequired", "SubscriptionRequiredException", "UnknownOperation", "InternalFailure", "InternalError":
		return cloud.Unsupported
	}
	switch {
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return cloud.Denied
	case status == http.StatusNotImplemented || status == http.StatusMethodNotAllowed || code == "UnknownError" && status >= 400:
		return cloud.Unsupported
	}
	return cloud.Failed
}

// credentialsAreBad reports whether an error speaks of the credentials
// themselves, not of what they may do.
func credentialsAreBad(message string) bool {
	for _, code := range []string{"ExpiredToken", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
		"InvalidAccessKeyId", "AuthFailure", "RequestExpired", "IncompleteSignature", "get credentials", "refresh cached credentials", "no EC2 IMDS role found"} {
		if strings.Contains(message, code) {
			return true
		}
	}
	return false
}

func rootCause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// oneLine reduces a message to one line of bounded length.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "..."
	}
	return s
}
