package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"runtime/pprof"
	"strings"
	"time"
)

// profileFor is how long something runs under the profiler.
const profileFor = 2 * time.Second

// addProfiled is add, and when the goal is missed run is repeated under the CPU profiler,
// so that the report says where the time goes.
func (r *result) addProfiled(c comparison, log func(string, ...any), run func() error) error {
	c = c.finish()
	if c.Met != nil && !*c.Met && run != nil && !r.Settings.tiny {
		top, err := profileTop(run)
		if err != nil {
			return err
		}
		c.Profile = top
		for _, line := range top {
			log("%s: NOT MET: %s", c.Name, line)
		}
	}
	r.Lines = append(r.Lines, c)
	return nil
}

// profileTop repeats run for a while and returns the functions that took most of the time,
// as "12.3 % package.Function" by themselves.
func profileTop(run func() error) ([]string, error) {
	file, err := os.CreateTemp("", "accessgraph-bench-*.pprof")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a temporary file
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	for start := time.Now(); err == nil && time.Since(start) < profileFor; {
		err = run()
	}
	pprof.StopCPUProfile()
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	out, err := exec.Command("go", "tool", "pprof", "-top", "-nodecount=12", file.Name()).Output() //nolint:gosec // our own file
	if err != nil {
		return []string{"no profile: " + err.Error()}, nil // a machine without the go command
	}
	return topLines(out), nil
}

// A line of `pprof -top`: flat, flat%, sum%, cum, cum%, name.
var topLine = regexp.MustCompile(`^\s*\S+\s+(\S+%)\s+\S+%\s+\S+\s+(\S+%)\s+(.+)$`)

func topLines(out []byte) (top []string) {
	for line := range bytes.Lines(out) {
		if m := topLine.FindSubmatch(bytes.TrimRight(line, "\n")); m != nil {
			name := string(m[3])
			name = name[strings.LastIndex(name, "/")+1:]
			top = append(top, string(m[1])+" (with callees "+string(m[2])+") "+name)
		}
	}
	return top
}
