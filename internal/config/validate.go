package config

import (
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/knadh/koanf/v2"

	"github.com/accessgraph/accessgraph/internal/access"
)

// builder turns the merged values into a Config and remembers the first problem.
type builder struct {
	k      *koanf.Koanf
	source map[string]string
	env    func(string) (string, bool)
	err    error
}

func (b *builder) build(file string) (Config, error) {
	c := Config{
		Store:  b.oneOf("store", StoreEmbedded, StoreNeo4j),
		Data:   b.k.String("data"),
		Engine: b.oneOf("engine", EngineAuto, EngineCypher, EngineMemory),
		Neo4j: Neo4j{
			Username: b.k.String("neo4j-username"),
			Password: Secret(b.k.String("neo4j-password")),
			Database: b.k.String("neo4j-database"),
		},
		LogLevel: b.level("log-level"),
		JSON:     b.boolean("json"),
		APIKey:   Secret(b.k.String("api-key")),
		File:     file,
	}
	c.Neo4j.URI = b.url("neo4j-uri", "neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
	c.Server = strings.TrimRight(b.url("server", "http", "https"), "/")
	if b.err == nil && c.Server == "" {
		b.store(&c)
	}
	return c, b.err
}

// store checks what only matters when a store is opened.
func (b *builder) store(c *Config) {
	if c.Store == StoreNeo4j {
		if c.Neo4j.URI == "" {
			b.fail("neo4j-uri", "the store neo4j needs its address, e.g. --neo4j-uri neo4j://localhost:7687 or %s", Env("neo4j-uri"))
		}
		return
	}
	if c.Engine == EngineCypher {
		b.fail("engine", "cypher needs --store neo4j: the embedded store always answers from memory")
	}
	if c.Data == "" {
		data, err := defaultData(b.env)
		if err != nil && b.err == nil {
			b.err = err
		}
		c.Data = data
	}
}

func (b *builder) fail(name, format string, args ...any) {
	if b.err != nil {
		return
	}
	e := access.Invalid(name, format, args...)
	if from := b.source[name]; from != "" {
		e.Message += " (from " + from + ")"
	}
	b.err = e
}

func (b *builder) oneOf(name string, values ...string) string {
	v := strings.ToLower(strings.TrimSpace(b.k.String(name)))
	if !slices.Contains(values, v) {
		b.fail(name, "%q is not one of %s", v, strings.Join(values, ", "))
	}
	return v
}

func (b *builder) boolean(name string) bool {
	text := b.k.String(name)
	v, err := strconv.ParseBool(text)
	if err != nil {
		b.fail(name, "%q is neither true nor false", text)
	}
	return v
}

func (b *builder) level(name string) slog.Level {
	var l slog.Level
	switch b.oneOf(name, "debug", "info", "warn", "error") {
	case "debug":
		l = slog.LevelDebug
	case "warn":
		l = slog.LevelWarn
	case "error":
		l = slog.LevelError
	}
	return l
}

// url checks an address. One with a password in it is refused: addresses are logged.
func (b *builder) url(name string, schemes ...string) string {
	text := strings.TrimSpace(b.k.String(name))
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	switch {
	case err != nil: // not quoted back: it may hold a password
		b.fail(name, "is no URL")
	case u.User != nil:
		b.fail(name, "must not hold a user name or password; there are options for these")
	case !slices.Contains(schemes, u.Scheme):
		b.fail(name, "%q must begin with one of %s", text, strings.Join(schemes, "://, ")+"://")
	case u.Hostname() == "":
		b.fail(name, "%q names no host", text)
	case u.RawQuery != "" && schemes[0] != "neo4j", u.Fragment != "": // neo4j:// takes a routing context
		b.fail(name, "must have neither a query nor a fragment")
	}
	return text
}
