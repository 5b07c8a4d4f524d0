package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
	yaml "go.yaml.in/yaml/v3"

	"github.com/accessgraph/accessgraph/internal/access"
)

// FileName is the name of the configuration file.
const FileName = "accessgraph.yaml"

// Load reads the configuration. flags are those of Define, already parsed. The file is
// the one that ACCESSGRAPH_CONFIG names, else accessgraph.yaml in the working directory,
// else in the folder accessgraph of the user's configuration directory; none is needed.
// Every problem is an INVALID_INPUT whose path is the option and that says where the
// value came from.
func Load(flags *pflag.FlagSet) (Config, error) {
	return load(flags, os.LookupEnv)
}

// layer is one source of values; it implements koanf.Provider.
type layer map[string]any

// Read returns the values.
func (l layer) Read() (map[string]any, error) { return l, nil }

// ReadBytes is not supported: the values are parsed already.
func (l layer) ReadBytes() ([]byte, error) { return nil, errors.New("a layer has no bytes") }

func load(flags *pflag.FlagSet, env func(string) (string, bool)) (Config, error) {
	file, path, err := readFile(env)
	if err != nil {
		return Config{}, err
	}
	defaults, fromEnv, fromFlags := layer{}, layer{}, layer{}
	source := map[string]string{} // option → where its value came from
	for _, o := range options {
		defaults[o.name] = o.value
		if _, ok := file[o.name]; ok {
			source[o.name] = path
		}
		// An empty variable is an unset one: compose files pass on what is not there.
		if v, _ := env(Env(o.name)); v != "" {
			fromEnv[o.name], source[o.name] = v, "environment variable "+Env(o.name)
		}
		if f := flags.Lookup(o.name); f != nil && f.Changed {
			fromFlags[o.name], source[o.name] = f.Value.String(), "flag --"+o.name
		}
	}
	k := koanf.New("\x00") // no option nests
	for _, l := range []layer{defaults, file, fromEnv, fromFlags} {
		if err := k.Load(l, nil); err != nil {
			return Config{}, err
		}
	}
	b := builder{k: k, source: source, env: env}
	return b.build(path)
}

// readFile returns the values of the configuration file, and its path.
func readFile(env func(string) (string, bool)) (layer, string, error) {
	path, named := env("ACCESSGRAPH_CONFIG")
	candidates := []string{path}
	if !named || path == "" {
		named, candidates = false, []string{FileName}
		if dir, err := os.UserConfigDir(); err == nil {
			candidates = append(candidates, filepath.Join(dir, "accessgraph", FileName))
		}
	}
	for _, path := range candidates {
		raw, err := os.ReadFile(path) //nolint:gosec // the user names their own file
		if errors.Is(err, fs.ErrNotExist) && !named {
			continue
		}
		if err != nil {
			return nil, "", access.Invalid("config", "cannot read the configuration file: %v", err)
		}
		values, err := parseFile(path, raw)
		return values, path, err
	}
	return layer{}, "", nil
}

func parseFile(path string, raw []byte) (layer, error) {
	var values map[string]any
	if err := yaml.Unmarshal(raw, &values); err != nil {
		return nil, access.Invalid("config", "%s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	known := map[string]bool{}
	for _, o := range options {
		known[o.name] = true
	}
	out := layer{}
	for name, v := range values {
		if !known[name] {
			return nil, access.Invalid(name, "%s: there is no such option; there are %s", path, strings.Join(optionNames(), ", "))
		}
		switch v := v.(type) {
		case nil: // "key:" with nothing behind it leaves the default
		case string, bool, int, float64:
			out[name] = fmt.Sprint(v)
		default:
			return nil, access.Invalid(name, "%s: must be a single value", path)
		}
	}
	return out, nil
}

// defaultData is the folder accessgraph in the platform's place for a user's data.
func defaultData(env func(string) (string, bool)) (string, error) {
	// The specification of XDG_DATA_HOME says that relative paths are invalid and ignored.
	if dir, _ := env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "accessgraph"), nil
	}
	if dir, _ := env("LOCALAPPDATA"); runtime.GOOS == "windows" && dir != "" {
		return filepath.Join(dir, "accessgraph"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", access.Invalid("data", "there is no user data directory (%v); say where with --data", err)
	}
	switch runtime.GOOS {
	case "windows":
		return filepath.Join(home, "AppData", "Local", "accessgraph"), nil
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "accessgraph"), nil
	}
	return filepath.Join(home, ".local", "share", "accessgraph"), nil
}
