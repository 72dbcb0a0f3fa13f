package functions

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"

	"github.com/google/uuid"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func hashes() map[string]function.Function {
	table := map[string]function.Function{"uuidv5": define(cty.String, uuidV5, text("namespace"), text("name"))}
	for name, digest := range digests() {
		table[name] = mapText(func(s string) (string, error) { return digest([]byte(s)), nil })
	}
	return table
}

// digests are the hash functions, each of which has a twin that hashes a file.
func digests() map[string]func([]byte) string {
	return map[string]func([]byte) string{
		"base64sha256": digest(sha256.New, base64.StdEncoding.EncodeToString),
		"base64sha512": digest(sha512.New, base64.StdEncoding.EncodeToString),
		"md5":          digest(md5.New, hex.EncodeToString),
		"sha1":         digest(sha1.New, hex.EncodeToString),
		"sha256":       digest(sha256.New, hex.EncodeToString),
		"sha512":       digest(sha512.New, hex.EncodeToString),
	}
}

func digest(algorithm func() hash.Hash, encode func([]byte) string) func([]byte) string {
	return func(b []byte) string {
		h := algorithm()
		h.Write(b)
		return encode(h.Sum(nil))
	}
}

func uuidV5(args []cty.Value) (cty.Value, error) {
	spaces := map[string]uuid.UUID{"dns": uuid.NameSpaceDNS, "url": uuid.NameSpaceURL, "oid": uuid.NameSpaceOID, "x500": uuid.NameSpaceX500}
	space, ok := spaces[args[0].AsString()]
	if !ok {
		parsed, err := uuid.Parse(args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		space = parsed
	}
	return cty.StringVal(uuid.NewSHA1(space, []byte(args[1].AsString())).String()), nil
}
