// Package terraform reads Terraform and OpenTofu: configuration, plans and state.
package terraform
