package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// reportOf runs the real `go test -json` on a module made of the given files.
func reportOf(t *testing.T, files map[string]string) (*report, string) {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.org/sample\n\ngo 1.26\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	command := exec.CommandContext(t.Context(), "go", "test", "-json", "-timeout", "5s", "./...")
	command.Dir = dir
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	output, _ := command.CombinedOutput() // fails when the sample is meant to
	var printed bytes.Buffer
	r := newReport(&printed)
	require.NoError(t, r.read(bytes.NewReader(output)))
	r.finish()
	return r, printed.String()
}

func TestReportCountsAndShowsFailures(t *testing.T) {
	r, printed := reportOf(t, map[string]string{"a/a_test.go": `package a
import "testing"
func TestFine(t *testing.T)  { t.Log("quiet words") }
func TestTree(t *testing.T) {
	t.Run("one", func(t *testing.T) {})
	t.Run("two", func(t *testing.T) { t.Run("deep", func(t *testing.T) { t.Error("loud words") }) })
}
func TestParentAlone(t *testing.T) {
	t.Run("child", func(t *testing.T) {})
	t.Error("after its child")
}
func TestLeft(t *testing.T)  { t.Skip("no such machine") }
`, "b/b_test.go": `package b
import "testing"
func TestB(t *testing.T) {}
`, "c/c.go": "package c\n"})
	require.Equal(t, []int{4, 2, 1}, []int{r.passed, r.failed, r.skipped}, printed)
	require.Contains(t, printed, "loud words")
	require.Contains(t, printed, "after its child")
	require.Contains(t, printed, "no such machine")
	require.NotContains(t, printed, "quiet words")
	require.Contains(t, printed, "go: 4 passed, 2 failed, 1 skipped\n")
}

func TestReportOfWhatIsNoTest(t *testing.T) {
	for name, c := range map[string]struct {
		text, shows string
		passed      int
	}{
		"does not build": {text: "package a\nfunc broken() { undefinedName() }\n", shows: "undefinedName"},
		"panics":         {text: "package a\nimport \"testing\"\nfunc TestP(t *testing.T) { panic(\"boom\") }\n", shows: "boom"},
		"time-out": {passed: 1, shows: "test timed out",
			text: "package a\nimport (\"testing\"; \"time\")\nfunc TestA(t *testing.T) {}\nfunc TestS(t *testing.T) { time.Sleep(time.Minute) }\n"},
		"exits": {text: "package a\nimport (\"os\"; \"testing\")\nfunc TestE(t *testing.T) { os.Exit(3) }\n", shows: "=== RUN   TestE"},
		"main fails": {passed: 1, shows: "FAIL",
			text: "package a\nimport (\"os\"; \"testing\")\nfunc TestM(t *testing.T) {}\nfunc TestMain(m *testing.M) { m.Run(); os.Exit(1) }\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r, printed := reportOf(t, map[string]string{"a_test.go": c.text})
			require.Equal(t, []int{c.passed, 1}, []int{r.passed, r.failed}, printed)
			require.Contains(t, printed, c.shows)
		})
	}
}
