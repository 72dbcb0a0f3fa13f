package aws

import "strings"

// TLSParameter names the parameter with which a database engine turns plaintext
// connections away. Oracle and Db2 have none.
func TLSParameter(engine string) string {
	switch {
	case engine == "docdb":
		return "tls"
	case engine == "neptune":
		return "neptune_enforce_ssl"
	case strings.Contains(engine, "postgres"), strings.Contains(engine, "sqlserver"):
		return "rds.force_ssl"
	case strings.Contains(engine, "mysql"), engine == "mariadb":
		return "require_secure_transport"
	}
	return ""
}

// AuditParameter names the parameter with which a database engine begins to audit.
func AuditParameter(engine string) string {
	switch engine {
	case "docdb":
		return "audit_logs"
	case "neptune":
		return "neptune_enable_audit_log"
	case "aurora-mysql":
		return "server_audit_logging"
	}
	return ""
}

// SwitchedOn reads a parameter that is a switch: engines write on as 1, ON,
// enabled, or as what is switched on (a TLS version, a list of events).
func SwitchedOn(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "off", "disabled", "none", "false":
		return false
	}
	return true
}
