package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// machine is what the figures were measured on.
type machine struct {
	CPU        string `json:"cpu"`
	Cores      int    `json:"cores"`
	Memory     string `json:"memory"`
	System     string `json:"system"`
	Go         string `json:"go"`
	Neo4j      string `json:"neo4j,omitempty"`
	Commit     string `json:"commit"`
	LoadBefore string `json:"loadBefore"`
	LoadAfter  string `json:"loadAfter"`
}

const unknown = "unknown"

func describeMachine() machine {
	return machine{
		CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Memory: field("/proc/meminfo", "MemTotal"),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Commit: commit(), LoadBefore: loadAverage(),
	}
}

// field reads a line like "name : value".
func field(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return unknown // not Linux
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return unknown
}

// loadAverage is the number of running processes over 1, 5 and 15 minutes.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if parts := strings.Fields(string(text)); err == nil && len(parts) >= 3 {
		return strings.Join(parts[:3], " ")
	}
	return unknown
}

// commit names the version of the source, and says whether it was changed since.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return unknown
	}
	name := strings.TrimSpace(string(out))
	if changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no", "--", "*.go", "*.cypher").Output(); err != nil || len(changed) > 0 {
		name += " with uncommitted changes"
	}
	return name
}
