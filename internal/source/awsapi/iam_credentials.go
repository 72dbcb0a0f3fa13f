package awsapi

import (
	"context"
	"encoding/csv"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
)

// readUserCredentials asks for a user's password, second factors and keys. What
// AWS refuses is taken from the credential report, which may be some hours old;
// it alone says when a password was changed and knows of signing certificates.
func readUserCredentials(s *scope, c *iam.Client, u *aws.User, listed map[string]types.User, row credentialRow) {
	readPassword(s, c, u, row)
	readPasswordUse(u, listed, row)
	readMFADevices(s, c, u, row)
	readAccessKeys(s, c, u, row)
	if row.gap != nil {
		u.SetGap(row.gap, "signing_certificates")
		return
	}
	for _, n := range []string{"cert_1", "cert_2"} {
		if isTrue(row.exists(n)) {
			u.SigningCertificates = append(u.SigningCertificates, &aws.SigningCertificate{
				Active: isTrue(row.bool(n + "_active")), CreatedAt: row.time(n + "_last_rotated"),
			})
		}
	}
}

func readPassword(s *scope, c *iam.Client, u *aws.User, row credentialRow) {
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*iam.GetLoginProfileOutput, error) {
		return c.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &u.Name})
	})
	s.recordOrigin(u.Kind(), info, "password_enabled", "password_reset_required")
	reported := row.bool("password_enabled")
	switch {
	case gap == nil:
		u.PasswordEnabled = true
		u.PasswordResetRequired = out.LoginProfile != nil && out.LoginProfile.PasswordResetRequired
	case info.code == "NoSuchEntity":
	case reported != nil:
		u.PasswordEnabled = *reported
		u.SetGap(gap, "password_reset_required")
	default:
		u.SetGap(gap, "password_enabled", "password_reset_required")
	}
}

func readPasswordUse(u *aws.User, listed map[string]types.User, row credentialRow) {
	if l, ok := listed[string(u.Ref)]; ok {
		u.PasswordLastUsed = awssdk.ToTime(l.PasswordLastUsed)
	} else if u.PasswordLastUsed = row.time("password_last_used"); row.gap != nil {
		u.SetGap(row.gap, "password_last_used")
	}
	if row.gap != nil {
		u.SetGap(row.gap, "password_last_changed")
	} else if u.PasswordEnabled {
		u.PasswordLastChanged = row.time("password_last_changed")
	}
}

func readMFADevices(s *scope, c *iam.Client, u *aws.User, row credentialRow) {
	gap := fill(s, u, []string{"mfa_devices"}, c.ListMFADevices, &iam.ListMFADevicesInput{UserName: &u.Name}, func(out *iam.ListMFADevicesOutput) {
		for _, d := range out.MFADevices {
			serial := awssdk.ToString(d.SerialNumber)
			u.MFADevices = append(u.MFADevices, &aws.MFADevice{Serial: serial, Type: mfaType(serial), EnabledAt: awssdk.ToTime(d.EnableDate)})
		}
	})
	u.MFAActive = len(u.MFADevices) > 0
	if gap == nil {
		return
	}
	if reported := row.bool("mfa_active"); reported != nil {
		u.MFAActive = *reported
	} else {
		u.SetGap(gap, "mfa_active")
	}
}

// mfaType tells a device's type from its serial number.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func mfaType(serial string) string {
	switch {
	case strings.Contains(serial, ":sms-mfa/"):
		return "sms"
	case strings.Contains(serial, ":u2f/"):
		return "fido"
	case strings.Contains(serial, ":mfa/"):
		return "virtual"
	}
	return "hardware"
}

func readAccessKeys(s *scope, c *iam.Client, u *aws.User, row credentialRow) {
	info := &callInfo{}
	out, gap := answer(s, info, func(ctx context.Context) (*iam.ListAccessKeysOutput, error) {
		return c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &u.Name})
	})
	s.recordOrigin(u.Kind(), info, "access_keys")
	switch {
	case gap == nil:
		for _, k := range out.AccessKeyMetadata {
			u.AccessKeys = append(u.AccessKeys, readAccessKey(s, c, k, row))
		}
	case row.gap != nil:
		u.SetGap(gap, "access_keys")
	default:
		u.AccessKeys = reportedKeys(row, gap)
	}
}

func readAccessKey(s *scope, c *iam.Client, in types.AccessKeyMetadata, row credentialRow) *aws.AccessKey {
	k := &aws.AccessKey{ID: awssdk.ToString(in.AccessKeyId), Active: in.Status == types.StatusTypeActive}
	k.CreatedAt = need(k, "created_at", in.CreateDate)
	out, gap := call(s, c.GetAccessKeyLastUsed, &iam.GetAccessKeyLastUsedInput{AccessKeyId: in.AccessKeyId})
	if gap == nil {
		if used := out.AccessKeyLastUsed; used != nil && used.LastUsedDate != nil {
			k.LastUsed, k.LastUsedRegion, k.LastUsedService = *used.LastUsedDate, awssdk.ToString(used.Region), awssdk.ToString(used.ServiceName)
		}
		return k
	}
	for _, known := range reportedKeys(row, gap) {
		if known.CreatedAt.Equal(k.CreatedAt.Truncate(time.Second)) {
			k.LastUsed, k.LastUsedRegion, k.LastUsedService = known.LastUsed, known.LastUsedRegion, known.LastUsedService
			return k
		}
	}
	k.SetGap(gap, "last_used", "last_used_region", "last_used_service")
	return k
}

// reportedKeys are the access keys that the credential report knows of; it
// does not name them.
func reportedKeys(row credentialRow, unnamed *cloud.Gap) []*aws.AccessKey {
	var keys []*aws.AccessKey
	for _, n := range []string{"access_key_1", "access_key_2"} {
		if !isTrue(row.exists(n)) {
			continue
		}
		k := &aws.AccessKey{
			Active:          isTrue(row.bool(n + "_active")),
			CreatedAt:       row.time(n + "_last_rotated"),
			LastUsed:        row.time(n + "_last_used_date"),
			LastUsedRegion:  row.text(n + "_last_used_region"),
			LastUsedService: row.text(n + "_last_used_service"),
		}
		k.SetGap(unnamed, "id")
		keys = append(keys, k)
	}
	return keys
}

// credentialReport is the account's credential report: one row for each user
// and one for root.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
type credentialReport struct {
	client *iam.Client
	state  types.ReportStateType
	rows   map[string]map[string]string
	gap    *cloud.Gap
}

// startCredentialReport has AWS make the report while other things are read.
func startCredentialReport(s *scope, c *iam.Client) *credentialReport {
	r := &credentialReport{client: c}
	r.generate(s)
	return r
}

func (r *credentialReport) generate(s *scope) {
	out, gap := call(s, r.client.GenerateCredentialReport, &iam.GenerateCredentialReportInput{})
	if r.gap = gap; gap == nil {
		r.state = out.State
	}
}

// wait waits for the report, half a minute at most, and fetches it. Where
// making one is refused, an earlier one may still be there.
func (r *credentialReport) wait(s *scope) *credentialReport {
	pause := 100 * time.Millisecond
	for range 9 {
		if r.gap != nil || r.state == types.ReportStateTypeComplete {
			break
		}
		select {
		case <-time.After(pause):
		case <-s.ctx.Done():
		}
		pause = min(2*pause, 8*time.Second)
		r.generate(s)
	}
	out, gap := call(s, r.client.GetCredentialReport, &iam.GetCredentialReportInput{})
	switch {
	case gap == nil:
		r.rows, r.gap = parseCredentialReport(out.Content)
	case r.gap == nil:
		r.gap = gap
	}
	return r
}

func parseCredentialReport(content []byte) (map[string]map[string]string, *cloud.Gap) {
	in := csv.NewReader(strings.NewReader(string(content)))
	in.FieldsPerRecord = -1
	lines, err := in.ReadAll()
	if err != nil || len(lines) == 0 || lines[0][0] != "user" {
		return nil, &cloud.Gap{Reason: cloud.Malformed, Operation: "iam:GetCredentialReport", Message: "the credential report is not a table"}
	}
	rows := map[string]map[string]string{}
	for _, line := range lines[1:] {
		cells := map[string]string{}
		for i, name := range lines[0] {
			if i < len(line) {
				cells[name] = line[i]
			}
		}
		rows[orElse(cells["arn"], cells["user"])] = cells
	}
	return rows, nil
}

// row returns a user's row. The name is for reports that lack ARNs.
func (r *credentialReport) row(arn, name string) credentialRow {
	if r.gap != nil {
		return credentialRow{gap: r.gap}
	}
	for _, key := range []string{arn, name} {
		if cells, ok := r.rows[key]; ok {
			return credentialRow{cells: cells}
		}
	}
	return credentialRow{gap: &cloud.Gap{
		Reason: cloud.Missing, Operation: "iam:GetCredentialReport", Permission: "iam:GetCredentialReport",
		Message: "the credential report has no row for " + name,
	}}
}

// credentialRow is one row of the report, or why there is none.
type credentialRow struct {
	cells map[string]string
	gap   *cloud.Gap
}

// bool reads a cell; nil when it says neither true nor false.
func (r credentialRow) bool(column string) *bool {
	switch strings.ToLower(r.cells[column]) {
	case "true":
		return awssdk.Bool(true)
	case "false":
		return awssdk.Bool(false)
	}
	return nil
}

// exists is whether there is a key or certificate, active or not; nil when the
// row does not say.
func (r credentialRow) exists(what string) *bool {
	if !r.time(what + "_last_rotated").IsZero() {
		return awssdk.Bool(true)
	}
	return r.bool(what + "_active")
}

// either is whether any of the facts is true; nil when none is known.
func (r credentialRow) either(facts ...*bool) *bool {
	var out *bool
	for _, f := range facts {
		if out == nil || isTrue(f) {
			out = f
		}
	}
	return out
}

// text reads a cell; words that stand for nothing read as nothing.
func (r credentialRow) text(column string) string {
	switch v := r.cells[column]; v {
	case "N/A", "no_information", "not_supported":
		return ""
	default:
		return v
	}
}

// time reads a cell; zero when it holds no time.
func (r credentialRow) time(column string) time.Time {
	t, err := time.Parse(time.RFC3339, r.cells[column])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func isTrue(b *bool) bool { return b != nil && *b }
