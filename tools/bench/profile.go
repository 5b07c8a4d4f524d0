package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"runtime/pprof"
	"strconv"
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
// by themselves and, of the product's own, with what they call.
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
	flat, err := pprofTop(file.Name())
	if err != nil {
		return []string{"no profile: " + err.Error()}, nil // a machine without the go command
	}
	var top []string
	for _, f := range flat[:min(len(flat), 8)] {
		top = append(top, f.own+" by itself: "+f.short())
	}
	cumulative, err := pprofTop(file.Name(), "-cum")
	if err != nil {
		return nil, err
	}
	for n, i := 0, 0; n < 10 && i < len(cumulative); i++ {
		if f := cumulative[i]; f.percent() < 90 && ours.MatchString(f.name) {
			top = append(top, f.all+" with what it calls: "+f.short())
			n++
		}
	}
	return top, nil
}

// ours are the functions that say which part of the product it is; the rest is in callees.
var ours = regexp.MustCompile(`accessgraph/(internal|graph|cypher)|gqlgen/graphql|modernc.org/sqlite|database/sql`)

// function is a line of a profile.
type function struct{ own, all, name string }

func (f function) percent() float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(f.all, "%"), 64)
	if err != nil {
		return 100
	}
	return v
}

func (f function) short() string { return f.name[strings.LastIndex(f.name, "/")+1:] }

// A line of `pprof -top`: flat, flat%, sum%, cum, cum%, name.
var topLine = regexp.MustCompile(`^\s*\S+\s+(\S+%)\s+\S+%\s+\S+\s+(\S+%)\s+(.+)$`)

func pprofTop(file string, options ...string) (top []function, err error) {
	out, err := exec.Command("go", append(append([]string{"tool", "pprof", "-top", "-nodecount=300"}, options...), file)...).Output() //nolint:gosec // our own file
	for line := range bytes.Lines(out) {
		if m := topLine.FindSubmatch(bytes.TrimRight(line, "\n")); m != nil {
			top = append(top, function{string(m[1]), string(m[2]), strings.TrimSuffix(string(m[3]), " (inline)")})
		}
	}
	return top, err
}
