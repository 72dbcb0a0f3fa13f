// Package cloudformation reads CloudFormation and SAM templates.
package cloudformation
