// Package config reads what every command needs to know before it can begin: which
// store, where, and how to speak. A flag wins over an environment variable, that over
// the file accessgraph.yaml, that over the default.
package config

import (
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Secret is text that never shows by accident: it prints, logs and encodes as blanked.
type Secret string

const blanked = "[secret]"

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer without the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return blanked
}

// GoString implements fmt.GoStringer without the secret.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// LogValue implements slog.LogValuer without the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON implements json.Marshaler without the secret.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// The stores and the engine choices.
const (
	StoreEmbedded = "embedded"
	StoreNeo4j    = "neo4j"

	EngineAuto   = "auto"
	EngineCypher = "cypher"
	EngineMemory = "memory"
)

// Config is the outcome. It is safe to log and to print.
type Config struct {
	Store    string     `json:"store"` // StoreEmbedded or StoreNeo4j
	Data     string     `json:"data"`  // the embedded store's folder; need not exist yet
	Neo4j    Neo4j      `json:"neo4j"`
	Engine   string     `json:"engine"` // EngineAuto, EngineCypher or EngineMemory
	LogLevel slog.Level `json:"logLevel"`
	JSON     bool       `json:"json"`             // machine output
	Server   string     `json:"server,omitempty"` // base URL without a trailing slash; empty = open the store
	APIKey   Secret     `json:"apiKey,omitempty"`

	// File is the configuration file that was read, empty if none.
	File string `json:"file,omitempty"`
}

// Neo4j says how to reach the database.
type Neo4j struct {
	URI      string `json:"uri,omitempty"`
	Username string `json:"username,omitempty"`
	Password Secret `json:"password,omitempty"`
	Database string `json:"database,omitempty"` // empty = the server's default
}

// option is one global option: its name is the flag, the key of the file and, in upper
// case with underscores behind ACCESSGRAPH_, the environment variable.
type option struct {
	name, value, usage string
	isBool             bool
}

var options = []option{
	{name: "store", value: StoreEmbedded, usage: "where the data is: embedded or neo4j"},
	{name: "data", usage: "folder of the embedded store (default: accessgraph in the user data directory)"},
	{name: "neo4j-uri", usage: "address of Neo4j, e.g. neo4j://localhost:7687"},
	{name: "neo4j-username", value: "neo4j", usage: "user name for Neo4j"},
	{name: "neo4j-password", usage: "password for Neo4j; better given as ACCESSGRAPH_NEO4J_PASSWORD"},
	{name: "neo4j-database", usage: "database in Neo4j (default: the server's default)"},
	{name: "engine", value: EngineAuto, usage: "what answers questions: auto, cypher or memory"},
	{name: "log-level", value: "info", usage: "debug, info, warn or error"},
	{name: "json", value: "false", usage: "print for machines", isBool: true},
	{name: "server", usage: "URL of a running server to work against, instead of opening the store"},
	{name: "api-key", usage: "API key for --server; better given as ACCESSGRAPH_API_KEY"},
}

// Define adds the global flags to flags.
func Define(flags *pflag.FlagSet) {
	for _, o := range options {
		if o.isBool {
			flags.Bool(o.name, o.value == "true", o.usage)
			continue
		}
		flags.String(o.name, o.value, o.usage)
	}
}

// Env is the environment variable of the option called name.
func Env(name string) string {
	return "ACCESSGRAPH_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func optionNames() []string {
	names := map[string]bool{}
	for _, o := range options {
		names[o.name] = true
	}
	return slices.Sorted(maps.Keys(names))
}
