// Package docs_test runs the examples of the documentation: what a page shows is what
// the program prints.
package docs_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what the commands print into the pages")

// A console block holds commands after "$ ", each with what it prints. A line "…" stands
// for any lines. The commands of one page run in order, in the root of the repository,
// on an empty store of their own.
var block = regexp.MustCompile("(?s)```console\n(.*?)```")

func TestExamplesDoWhatThePagesSay(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "accessgraph"), "../cmd/accessgraph").CombinedOutput() //nolint:gosec // our own program
	require.NoError(t, err, string(out))
	pages, err := filepath.Glob("*.md")
	require.NoError(t, err)
	pages = append(pages, "../README.md")
	ran := 0
	for _, page := range pages {
		text, err := os.ReadFile(page) //nolint:gosec // our own pages
		require.NoError(t, err)
		if !block.Match(text) {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(page), ".md"), func(t *testing.T) {
			home := t.TempDir()
			env := append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home, "PATH="+bin+":"+os.Getenv("PATH"))
			fresh := block.ReplaceAllStringFunc(string(text), func(whole string) string {
				body := block.FindStringSubmatch(whole)[1]
				n, after := runBlock(t, root, env, body)
				ran += n
				return "```console\n" + after + "```"
			})
			if *update {
				require.NoError(t, os.WriteFile(page, []byte(fresh), 0o644)) //nolint:gosec // a page
			}
		})
	}
	require.Greater(t, ran, 15, "the pages have lost their examples")
}

// runBlock runs the commands and returns how many there were and the block as it should be.
func runBlock(t *testing.T, root string, env []string, body string) (int, string) {
	t.Helper()
	var fresh strings.Builder
	n := 0
	for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
		command, want := cut(strings.TrimSuffix(part, "\n") + "\n")
		cmd := exec.Command("bash", "-c", command) //nolint:gosec // the page's own commands
		cmd.Dir, cmd.Env = root, env
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil {
			require.ErrorAs(t, err, &exit, command)
		}
		got := strings.TrimRight(string(out), "\n") + "\n"
		if got == "\n" {
			got = ""
		}
		n++
		fresh.WriteString("$ " + command + "\n")
		if *update && !strings.Contains(want, "…") {
			fresh.WriteString(got)
			continue
		}
		fresh.WriteString(want)
		require.Regexp(t, pattern(want), got, command)
	}
	return n, fresh.String()
}

// cut parts a command, which goes on after a line that ends in a backslash, from its output.
func cut(part string) (command, output string) {
	lines := strings.SplitAfter(part, "\n")
	i := 0
	for i < len(lines)-1 && strings.HasSuffix(lines[i], "\\\n") {
		i++
	}
	return strings.TrimSuffix(strings.Join(lines[:i+1], ""), "\n"), strings.Join(lines[i+1:], "")
}

func pattern(want string) string {
	quoted := regexp.QuoteMeta(want)
	quoted = strings.ReplaceAll(quoted, "…\n", "(?s:.*)")
	return `\A` + strings.ReplaceAll(quoted, "…", `[^\n]*`) + `\z`
}
