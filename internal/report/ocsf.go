package report

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"

	"merlon.dev/internal/cloud"
)

// OCSF 1.8.0, class Compliance Finding (2003), with the cloud profile for live
// accounts: https://schema.ocsf.io/1.8.0/classes/compliance_finding
//
// The output is NDJSON, one event a line: what log shippers, SIEM file inputs
// and bulk APIs read. `jq -s .` makes an array of it.
//
// An unknown verdict is compliance status 0 (Unknown), never a pass, and says
// in status_details what was missing. Severity is the rule's for failures and
// unknowns, Informational for passes. Fields of ours that the class lacks are
// under unmapped.
const ocsfVersion = "1.8.0"

type ocsfEvent struct {
	ActivityID   int             `json:"activity_id"`
	ActivityName string          `json:"activity_name"`
	CategoryUID  int             `json:"category_uid"`
	CategoryName string          `json:"category_name"`
	ClassUID     int             `json:"class_uid"`
	ClassName    string          `json:"class_name"`
	TypeUID      int             `json:"type_uid"`
	TypeName     string          `json:"type_name"`
	Time         int64           `json:"time"`
	SeverityID   int             `json:"severity_id"`
	Severity     string          `json:"severity"`
	StatusID     int             `json:"status_id"`
	Status       string          `json:"status"`
	StatusDetail string          `json:"status_detail,omitempty"`
	Message      string          `json:"message"`
	Comment      string          `json:"comment,omitempty"`
	Metadata     ocsfMetadata    `json:"metadata"`
	Cloud        *ocsfCloud      `json:"cloud,omitempty"`
	FindingInfo  ocsfFinding     `json:"finding_info"`
	Compliance   ocsfCompliance  `json:"compliance"`
	Remediation  ocsfRemediation `json:"remediation"`
	Resources    []ocsfResource  `json:"resources"`
	Evidences    []ocsfEvidence  `json:"evidences,omitempty"`
	Unmapped     ocsfUnmapped    `json:"unmapped"`
}

type ocsfMetadata struct {
	Version    string      `json:"version"`
	Product    ocsfProduct `json:"product"`
	Profiles   []string    `json:"profiles,omitempty"`
	UID        string      `json:"uid"`
	LogVersion string      `json:"log_version"`
}

type ocsfProduct struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
	Version    string `json:"version,omitempty"`
}

type ocsfCloud struct {
	Provider string       `json:"provider"`
	Account  *ocsfAccount `json:"account,omitempty"`
	Region   string       `json:"region,omitempty"`
}

type ocsfAccount struct {
	UID    string `json:"uid"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfFinding struct {
	UID         string       `json:"uid"`
	Title       string       `json:"title"`
	Desc        string       `json:"desc"`
	Types       []string     `json:"types"`
	Analytic    ocsfAnalytic `json:"analytic"`
	DataSources []string     `json:"data_sources,omitempty"`
	CreatedTime int64        `json:"created_time,omitempty"`
}

type ocsfAnalytic struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfCompliance struct {
	Control       string      `json:"control"`
	Desc          string      `json:"desc"`
	Standards     []string    `json:"standards"`
	StatusID      int         `json:"status_id"`
	Status        string      `json:"status"`
	StatusDetails []string    `json:"status_details,omitempty"`
	Checks        []ocsfCheck `json:"checks"`
}

type ocsfCheck struct {
	UID        string   `json:"uid"`
	Name       string   `json:"name"`
	Standards  []string `json:"standards"`
	SeverityID int      `json:"severity_id"`
	StatusID   int      `json:"status_id"`
	Status     string   `json:"status"`
}

type ocsfRemediation struct {
	Desc string `json:"desc"`
}

type ocsfResource struct {
	UID    string `json:"uid"`
	Name   string `json:"name,omitempty"`
	Type   string `json:"type"`
	Region string `json:"region,omitempty"`
	RoleID int    `json:"role_id"`
	Role   string `json:"role"`
}

type ocsfEvidence struct {
	Data cloud.Evidence `json:"data"`
}

type ocsfUnmapped struct {
	Verdict     cloud.Verdict      `json:"verdict"`
	Aliases     []string           `json:"aliases"`
	Fingerprint string             `json:"fingerprint"`
	Origin      []cloud.Origin     `json:"origin,omitempty"`
	Gaps        []cloud.FieldGap   `json:"gaps,omitempty"`
	Suppression *cloud.Suppression `json:"suppression,omitempty"`
}

func writeOCSF(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(asciiControls{out})
	enc.SetEscapeHTML(false)
	for i := range r.Findings {
		if err := enc.Encode(ocsfEventOf(r, &r.Findings[i])); err != nil {
			return err
		}
	}
	return out.Flush()
}

func ocsfEventOf(r *Report, f *cloud.Finding) ocsfEvent {
	sevID, sev := ocsfSeverity(f)
	compID, comp := ocsfComplianceStatus(f.Verdict)
	standards := ocsfStandards(f.Aliases)
	e := ocsfEvent{
		ActivityID: 1, ActivityName: "Create",
		CategoryUID: 2, CategoryName: "Findings",
		ClassUID: 2003, ClassName: "Compliance Finding",
		TypeUID: 200301, TypeName: "Compliance Finding: Create",
		SeverityID: sevID, Severity: sev,
		StatusID: 1, Status: "New",
		Message: f.Title + ": " + string(f.Verdict) + " for " + called(f),
		Metadata: ocsfMetadata{
			Version:    ocsfVersion,
			Product:    ocsfProduct{Name: "Merlon", VendorName: "Merlon", Version: r.Tool.Version},
			UID:        f.Fingerprint,
			LogVersion: "1",
		},
		FindingInfo: ocsfFinding{
			UID: f.Fingerprint, Title: f.Title, Desc: f.Why,
			Types:       []string{"Cloud Security Posture"},
			Analytic:    ocsfAnalytic{UID: f.Rule, Name: f.Title, Type: "Rule", TypeID: 1},
			DataSources: dataSources(f),
		},
		Compliance: ocsfCompliance{
			Control: f.Rule, Desc: f.Title, Standards: standards, StatusID: compID, Status: comp,
			Checks: []ocsfCheck{{UID: f.Rule, Name: f.Title, Standards: standards, SeverityID: sevID, StatusID: compID, Status: comp}},
		},
		Remediation: ocsfRemediation{f.Fix},
		Resources: []ocsfResource{{
			UID: string(f.Resource.Ref), Name: f.Resource.Name, Type: string(f.Resource.Kind),
			Region: string(f.Resource.Region), RoleID: 3, Role: "Affected",
		}},
		Unmapped: ocsfUnmapped{Verdict: f.Verdict, Aliases: f.Aliases, Fingerprint: f.Fingerprint, Origin: f.Origin, Gaps: f.Gaps, Suppression: f.Suppression},
	}
	if !r.Source.ReadAt.IsZero() {
		e.Time = r.Source.ReadAt.UnixMilli()
		e.FindingInfo.CreatedTime = e.Time
	}
	for _, ev := range f.Evidence {
		e.Evidences = append(e.Evidences, ocsfEvidence{ev})
	}
	for _, g := range f.Gaps {
		e.Compliance.StatusDetails = append(e.Compliance.StatusDetails, g.Field+": "+need(g.Reason, g.Permission, g.Message))
	}
	if f.Verdict == cloud.Suppressed {
		e.StatusID, e.Status = 3, "Suppressed"
		if f.Suppression != nil {
			e.Comment = f.Suppression.Reason
		}
	}
	if r.Source.Kind == "aws" {
		e.Metadata.Profiles = []string{"cloud"}
		e.Cloud = &ocsfCloud{Provider: "AWS", Region: string(f.Resource.Region)}
		if f.Resource.Account != "" {
			e.Cloud.Account = &ocsfAccount{UID: string(f.Resource.Account), Type: "AWS Account", TypeID: 10}
		}
	}
	return e
}

func ocsfSeverity(f *cloud.Finding) (int, string) {
	if f.Verdict == cloud.Pass {
		return 1, "Informational"
	}
	switch f.Severity {
	case cloud.Critical:
		return 5, "Critical"
	case cloud.High:
		return 4, "High"
	case cloud.Medium:
		return 3, "Medium"
	case cloud.Low:
		return 2, "Low"
	}
	return 0, "Unknown"
}

func ocsfComplianceStatus(v cloud.Verdict) (int, string) {
	switch v {
	case cloud.Pass:
		return 1, "Pass"
	case cloud.Fail, cloud.Suppressed:
		return 3, "Fail"
	}
	return 0, "Unknown"
}

// ocsfStandards are the aliases that belong to a published standard rather
// than to another tool.
func ocsfStandards(aliases []string) []string {
	out := []string{}
	for _, a := range aliases {
		if strings.HasPrefix(a, "fsbp:") || strings.HasPrefix(a, "cis:") {
			out = append(out, a)
		}
	}
	return out
}

// dataSources are the API calls or files the evidence came from.
func dataSources(f *cloud.Finding) []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range f.Evidence {
		if s := origin(e.Origin); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
