package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by release builds: -ldflags "-X main.version=1.2.3".
var version = "dev"

// build is what is known of this binary.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"` // with "-dirty" when the tree had changes
	Go      string `json:"go"`
	OS      string `json:"os"` // with the architecture
}

func thisBuild() build {
	b := build{Version: version, Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "dev" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		b.Version = info.Main.Version // go install module@version
	}
	dirty := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "-dirty"
			}
		}
	}
	if b.Commit != "" {
		b.Commit += dirty
	}
	return b
}

func (c *command) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Say which version this is", Args: exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if c.cfg.JSON {
				return json.NewEncoder(c.out).Encode(b)
			}
			commit := b.Commit
			if commit == "" {
				commit = "unknown"
			}
			fmt.Fprintf(c.out, "accessgraph %s (commit %s, %s, %s)\n", b.Version, commit, b.Go, b.OS)
			return nil
		},
	}
}
