package terraform_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"merlon.dev/internal/source/code"
	"merlon.dev/internal/source/terraform"
)

func TestTry(t *testing.T) {
	dir := os.Getenv("TRY")
	if dir == "" {
		t.Skip()
	}
	in, err := terraform.Read(os.DirFS(dir), []string{"."}, terraform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := code.Build(in, terraform.Mappings())
	for _, r := range s.Resources {
		b, _ := json.MarshalIndent(r, "", " ")
		fmt.Println(string(b))
	}
	for _, x := range s.Skipped {
		fmt.Println(x)
	}
}
