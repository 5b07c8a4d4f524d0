package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

type world struct {
	env  map[string]string
	args []string
}

// load runs Load with the file (when not empty) as accessgraph.yaml of an empty folder.
func (w world) load(t *testing.T, file string) (Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	if file != "" {
		require.NoError(t, os.WriteFile(FileName, []byte(file), 0o600))
	}
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	Define(flags)
	require.NoError(t, flags.Parse(w.args))
	return load(flags, func(name string) (string, bool) { v, ok := w.env[name]; return v, ok })
}

func TestDefaults(t *testing.T) {
	c, err := world{env: map[string]string{"XDG_DATA_HOME": "/data"}}.load(t, "")
	require.NoError(t, err)
	require.Equal(t, Config{Store: "embedded", Data: filepath.Join("/data", "accessgraph"), Engine: "auto", Neo4j: Neo4j{Username: "neo4j"}}, c)

	c, err = world{env: map[string]string{"XDG_DATA_HOME": "relative"}}.load(t, "")
	require.NoError(t, err)
	home, err := os.UserHomeDir()
	require.NoError(t, err)
	require.Contains(t, c.Data, home)
	require.Equal(t, "accessgraph", filepath.Base(c.Data))
}

func TestFlagOverEnvironmentOverFileOverDefault(t *testing.T) {
	file := "data: /file\nengine: memory\nlog-level: debug\njson: true\n"
	env := map[string]string{"ACCESSGRAPH_DATA": "/env", "ACCESSGRAPH_LOG_LEVEL": "warn", "ACCESSGRAPH_ENGINE": ""}
	c, err := world{env: env, args: []string{"--data", "/flag"}}.load(t, file)
	require.NoError(t, err)
	require.Equal(t, "/flag", c.Data)
	require.Equal(t, slog.LevelWarn, c.LogLevel)
	require.Equal(t, "memory", c.Engine, "an empty variable is an unset one")
	require.True(t, c.JSON)
	require.Equal(t, "embedded", c.Store)
	require.Equal(t, FileName, c.File)

	// A flag that says the default still wins.
	c, err = world{env: env, args: []string{"--log-level", "info", "--json=false"}}.load(t, file)
	require.NoError(t, err)
	require.Equal(t, slog.LevelInfo, c.LogLevel)
	require.False(t, c.JSON)
	require.Equal(t, "/env", c.Data)
}

func TestEveryOptionReachesTheConfig(t *testing.T) {
	want := Config{
		Store: "neo4j", Data: "/d", Engine: "cypher", LogLevel: slog.LevelError, JSON: true, Server: "https://ag.example.com/base", APIKey: "agk_1.s",
		Neo4j: Neo4j{URI: "neo4j+s://db.example.com:7687", Username: "u", Password: "p4ss", Database: "db"},
	}
	values := map[string]string{
		"store": "neo4j", "data": "/d", "engine": "cypher", "log-level": "error", "json": "true", "server": "https://ag.example.com/base/",
		"api-key": "agk_1.s", "neo4j-uri": want.Neo4j.URI, "neo4j-username": "u", "neo4j-password": "p4ss", "neo4j-database": "db",
	}
	require.Len(t, values, len(options))
	var args []string
	env, file := map[string]string{}, ""
	for name, v := range values {
		args = append(args, "--"+name+"="+v)
		env[Env(name)] = v
		file += name + ": " + v + "\n"
	}
	for source, load := range map[string]func() (Config, error){
		"flags":       func() (Config, error) { return world{args: args}.load(t, "") },
		"environment": func() (Config, error) { return world{env: env}.load(t, "") },
		"file":        func() (Config, error) { return world{}.load(t, file) },
	} {
		c, err := load()
		require.NoError(t, err, source)
		c.File = ""
		require.Equal(t, want, c, source)
	}
}

func TestProblemsAreLocated(t *testing.T) {
	for name, test := range map[string]struct {
		world
		file, path, says string
	}{
		"store":            {world{args: []string{"--store", "mysql"}}, "", "store", "flag --store"},
		"level":            {world{env: map[string]string{"ACCESSGRAPH_LOG_LEVEL": "loud"}}, "", "log-level", "environment variable ACCESSGRAPH_LOG_LEVEL"},
		"json":             {world{}, "json: perhaps\n", "json", FileName},
		"unknown key":      {world{}, "stroe: neo4j\n", "stroe", "there is no such option"},
		"nested":           {world{}, "server: {url: x}\n", "server", "single value"},
		"no yaml":          {world{}, "a: b: c\n", "config", FileName},
		"cypher on file":   {world{args: []string{"--engine", "cypher"}}, "", "engine", "--store neo4j"},
		"no address":       {world{args: []string{"--store", "neo4j"}}, "", "neo4j-uri", "ACCESSGRAPH_NEO4J_URI"},
		"scheme":           {world{args: []string{"--neo4j-uri", "http://h"}}, "", "neo4j-uri", "bolt://"},
		"no host":          {world{args: []string{"--server", "http:///x"}}, "", "server", "no host"},
		"missing config":   {world{env: map[string]string{"ACCESSGRAPH_CONFIG": "/does/not/exist.yaml"}}, "", "config", "/does/not/exist.yaml"},
		"secret in a URL":  {world{args: []string{"--neo4j-uri", "bolt://u:hunter2@h"}}, "", "neo4j-uri", "must not hold"},
		"secret in no URL": {world{args: []string{"--server", "http://u:hunter2@h:x%zz"}}, "", "server", "no URL"},
	} {
		_, err := test.load(t, test.file)
		var e *access.Error
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, access.CodeInvalidInput, e.Code, name)
		require.Equal(t, test.path, e.Path, name)
		require.Contains(t, e.Message, test.says, name)
		require.NotContains(t, e.Error(), "hunter2", name)
	}
}

func TestNamedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(path, []byte("data: /mine\nengine:\n"), 0o600))
	c, err := world{env: map[string]string{"ACCESSGRAPH_CONFIG": path}}.load(t, "data: /not-read\n")
	require.NoError(t, err)
	require.Equal(t, "/mine", c.Data)
	require.Equal(t, "auto", c.Engine)
	require.Equal(t, path, c.File)
}

func TestServerNeedsNoStore(t *testing.T) {
	c, err := world{args: []string{"--server", "http://localhost:8080", "--store", "neo4j"}}.load(t, "")
	require.NoError(t, err)
	require.Equal(t, "http://localhost:8080", c.Server)
}

func TestSecretsNeverShow(t *testing.T) {
	c, err := world{args: []string{"--neo4j-password", "hunter2", "--api-key", "hunter3"}}.load(t, "")
	require.NoError(t, err)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("x", "config", c, "password", c.Neo4j.Password)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c)
	raw, err := json.Marshal(c)
	require.NoError(t, err)
	shown := log.String() + string(raw) + fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.APIKey, c.APIKey)
	require.NotContains(t, shown, "hunter")
	require.Contains(t, shown, blanked)
	require.Equal(t, "hunter2", c.Neo4j.Password.Reveal())
}
