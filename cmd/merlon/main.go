// Merlon secures cloud estates: it reads them, judges them, and says what it
// could not see.
package main

import (
	"os"

	"merlon.dev/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
