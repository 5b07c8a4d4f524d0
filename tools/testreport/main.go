// Command testreport reads the output of `go test -json` and prints what a person
// wants of it: one line per package, everything a failed test wrote, the reasons of
// skipped tests, and the totals. It exits with 1 when anything failed.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	counts := flag.String("counts", "", "`file` that gets the two numbers passed and failed")
	flag.Parse()

	report := newReport(os.Stdout)
	if err := report.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	report.finish()
	if *counts != "" {
		line := fmt.Sprintf("%d %d\n", report.passed, report.failed)
		if err := os.WriteFile(*counts, []byte(line), 0o600); err != nil {
			fmt.Fprintln(os.Stderr, "testreport:", err)
			os.Exit(2)
		}
	}
	if report.failed > 0 {
		os.Exit(1)
	}
}
