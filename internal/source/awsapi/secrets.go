package awsapi

import (
	"encoding/base64"

	"merlon.dev/internal/cloud"
	"merlon.dev/internal/cloud/aws"
	"merlon.dev/internal/source/secretscan"
)

// envVar reduces a named value of an object's field to what the model keeps.
func envVar(o cloud.Gapped, field, name, value string) *aws.EnvVar {
	v, err := secretscan.Value(name, value)
	scanFailed(o, field, err)
	return &aws.EnvVar{Name: name, SHA256: v.SHA256, Secret: v.Detector, Reference: v.Reference}
}

// textSecrets are the secrets in a text that is kept in an object's field.
func textSecrets(o cloud.Gapped, field, text string) []*aws.TextSecret {
	found, err := secretscan.Text(text)
	scanFailed(o, field, err)
	var out []*aws.TextSecret
	for _, f := range found {
		out = append(out, &aws.TextSecret{Detector: f.Detector, Line: f.Line, SHA256: f.SHA256})
	}
	return out
}

func scanFailed(o cloud.Gapped, field string, err error) {
	if err != nil {
		o.Obj().SetGap(&cloud.Gap{Reason: cloud.Failed, Message: oneLine("secret detectors: " + err.Error())}, field)
	}
}

// userData reads start-up data, which replies hold in base64: whether there is
// any, its hash, and the secrets in it.
func userData(o cloud.Gapped, field, encoded string) (has bool, hash string, secrets []*aws.TextSecret) {
	if encoded == "" {
		return false, "", nil
	}
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		text = []byte(encoded) // launch templates take any text
	}
	return true, secretscan.Hash(encoded), textSecrets(o, field, string(text))
}
