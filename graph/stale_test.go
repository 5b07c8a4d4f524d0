package graph_test

import (
	"io"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/tools/gqlgen/direct"
)

// TestGeneratedFilesAreFresh generates anew beside the module's files and compares.
func TestGeneratedFilesAreFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("generating takes seconds")
	}
	log.SetOutput(io.Discard) // the generator thinks aloud
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	t.Chdir("..") // the configuration speaks from the root of the module
	root, err := os.Getwd()
	require.NoError(t, err)
	cfg, err := config.LoadConfig("gqlgen.yml")
	require.NoError(t, err)
	// The copy lies inside the module, as deep as the original, since it speaks of other
	// files from where it lies. The go tool does not see a folder that begins with "_".
	dir, err := os.MkdirTemp(filepath.Join(root, "graph"), "_stale_")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	cfg.Exec.DirName = dir
	cfg.Resolver = config.ResolverConfig{}
	cfg.SkipValidation = true
	models := cfg.Model.Filename
	before, err := os.ReadFile(models)
	require.NoError(t, err)
	require.NoError(t, api.Generate(cfg, api.AddPlugin(direct.Plugin{})))
	after, err := os.ReadFile(models)
	require.NoError(t, err)
	if string(before) != string(after) {
		require.NoError(t, os.WriteFile(models, before, 0o600)) // a test leaves nothing behind
	}
	require.True(t, string(before) == string(after), "%s is stale: run go generate ./graph", models)

	fresh, err := filepath.Glob(filepath.Join(cfg.Exec.DirName, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, fresh)
	kept, err := filepath.Glob("graph/generated/*.go")
	require.NoError(t, err)
	require.Len(t, kept, len(fresh), "files of removed schemas")
	for _, f := range fresh {
		want, err := os.ReadFile(f) //nolint:gosec // just generated
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join("graph/generated", filepath.Base(f)))
		require.NoError(t, err)
		require.True(t, string(want) == string(got), "graph/generated/%s is stale: run go generate ./graph", filepath.Base(f))
	}
}
