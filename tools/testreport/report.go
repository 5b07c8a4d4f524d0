package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is a line of `go test -json`; see `go doc test2json`.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build events
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// report sums the events up. A test with subtests is not counted beside them,
// unless it failed on its own.
type report struct {
	out                     io.Writer
	passed, failed, skipped int

	packages map[string]*packageRun
	builds   map[string]*bytes.Buffer // what the compiler wrote, by import path
	skips    []string
}

// packageRun is what is known of a package until it ends.
type packageRun struct {
	tests  map[string]*testRun
	order  []string
	output bytes.Buffer // written outside of any test
}

type testRun struct {
	action string // pass, fail or skip; empty while it runs
	parent bool
	output bytes.Buffer
}

func newReport(out io.Writer) *report {
	return &report{out: out, packages: map[string]*packageRun{}, builds: map[string]*bytes.Buffer{}}
}

// read consumes the whole input. Lines that are not events (such as what the go
// command itself complains about) are passed through.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if line[0] != '{' || json.Unmarshal(line, &e) != nil {
				_, _ = r.out.Write(line)
			} else {
				r.take(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) take(e event) {
	if e.Action == "build-output" {
		if r.builds[e.ImportPath] == nil {
			r.builds[e.ImportPath] = &bytes.Buffer{}
		}
		r.builds[e.ImportPath].WriteString(e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &packageRun{tests: map[string]*testRun{}}
		r.packages[e.Package] = p
	}
	if e.Test == "" {
		switch e.Action {
		case "output":
			p.output.WriteString(e.Output)
		case "pass", "fail", "skip":
			r.end(e, p)
			delete(r.packages, e.Package)
		}
		return
	}
	t := p.test(e.Test)
	switch e.Action {
	case "output":
		t.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		t.action = e.Action
		if e.Action == "pass" {
			t.output.Reset() // long runs keep failures only
		}
	}
}

// test returns the run of a test, and marks the tests that it is a subtest of.
func (p *packageRun) test(name string) *testRun {
	if t := p.tests[name]; t != nil {
		return t
	}
	t := &testRun{}
	p.tests[name] = t
	p.order = append(p.order, name)
	for i := strings.LastIndexByte(name, '/'); i > 0; i = strings.LastIndexByte(name[:i], '/') {
		if parent := p.tests[name[:i]]; parent != nil {
			parent.parent = true
		}
	}
	return t
}

// end counts and prints a package that has ended.
func (r *report) end(e event, p *packageRun) {
	var failures []string
	passed := 0
	for _, name := range p.order {
		t := p.tests[name]
		switch {
		case t.action == "skip":
			r.skipped++
			r.skips = append(r.skips, fmt.Sprintf("%s %s: %s", e.Package, name, reason(t.output.String())))
		case t.action == "pass" && !t.parent:
			passed++
		case t.action == "fail", t.action == "" && e.Action == "fail":
			// Without an end, a panic or a time-out cut it short.
			failures = append(failures, name)
		}
	}
	// A failed parent is its failed subtests; alone, it is a failure of its own.
	counted := slices.DeleteFunc(slices.Clone(failures), func(name string) bool {
		return slices.ContainsFunc(failures, func(other string) bool { return strings.HasPrefix(other, name+"/") })
	})
	r.passed += passed
	r.failed += len(counted)

	if e.Action != "fail" {
		if passed > 0 {
			_, _ = fmt.Fprintf(r.out, "ok    %s  %d passed  %.1fs\n", e.Package, passed, e.Elapsed)
		}
		return
	}
	_, _ = fmt.Fprintf(r.out, "FAIL  %s  %d passed, %d failed  %.1fs\n", e.Package, passed, max(1, len(counted)), e.Elapsed)
	for _, name := range failures {
		_, _ = io.Copy(r.out, &p.tests[name].output)
	}
	if len(failures) == 0 {
		// It did not build, or something outside of the tests failed.
		r.failed++
		if built := r.builds[e.FailedBuild]; built != nil {
			_, _ = r.out.Write(built.Bytes())
		}
	}
	_, _ = io.Copy(r.out, &p.output)
}

// reason is what a skipped test said, on one line.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "--- SKIP") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

// finish reports packages that never ended, then skips and totals.
func (r *report) finish() {
	for name, p := range r.packages {
		r.end(event{Action: "fail", Package: name}, p)
	}
	for _, skip := range r.skips {
		_, _ = fmt.Fprintln(r.out, "skip ", skip)
	}
	_, _ = fmt.Fprintf(r.out, "go: %d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
}
