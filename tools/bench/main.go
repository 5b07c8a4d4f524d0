// Command bench compares accessgraph with what one would write by hand: imports with
// plain loaders, questions with hand-written Cypher. All figures are ratios of runs that
// took turns in one process. Answers that are compared must be equal, or the run fails.
//
// It empties the Neo4j database that it is given, so it refuses one that is not empty.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

// The parts of a run, in their order.
const (
	partEmbedded = "import-embedded"
	partNeo4j    = "import-neo4j"
	partReach    = "reach"
	partHaving   = "having"
)

var allParts = []string{partEmbedded, partNeo4j, partReach, partHaving}

// settings of a run.
type settings struct {
	Parts        []string `json:"parts"`
	Scale        float64  `json:"scale"`
	Seed         uint64   `json:"seed"`
	ImportRounds int      `json:"importRounds"`
	QueryRounds  int      `json:"queryRounds"`

	shapeLimit time.Duration // for one run of a hand-written shape
	server     server
	wipe       bool
	out        string
	log        func(format string, args ...any)
}

func parseFlags(args []string) (settings, error) {
	var s settings
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	run := f.String("run", "import,reach,having", "`parts`: import (= "+partEmbedded+","+partNeo4j+"), reach, having")
	f.Float64Var(&s.Scale, "scale", 1, "size of the graph; 1 = 30,000 entities, 160,000 grants")
	f.Uint64Var(&s.Seed, "seed", 1, "seed of the graph")
	f.IntVar(&s.ImportRounds, "import-rounds", 5, "repetitions of each import")
	f.IntVar(&s.QueryRounds, "query-rounds", 21, "repetitions of each question")
	f.DurationVar(&s.shapeLimit, "shape-limit", 30*time.Second, "how long one run of a hand-written statement may take before it is out of the race")
	f.BoolVar(&s.wipe, "wipe", false, "delete everything in a Neo4j database that is not empty")
	short := f.Bool("short", false, "a tiny graph and two rounds: shows that everything works, measures nothing")
	f.StringVar(&s.out, "out", "", "`folder` for benchmarks.md and benchmarks.json (default: docs for a whole run, else none)")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if f.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	for part := range strings.SplitSeq(*run, ",") {
		switch part = strings.TrimSpace(part); {
		case part == "import":
			s.Parts = append(s.Parts, partEmbedded, partNeo4j)
		case slices.Contains(allParts, part):
			s.Parts = append(s.Parts, part)
		default:
			return s, fmt.Errorf("-run: unknown part %q: choose of import, %s", part, strings.Join(allParts, ", "))
		}
	}
	if s.Scale <= 0 || s.ImportRounds < 1 || s.QueryRounds < 1 {
		return s, fmt.Errorf("-scale, -import-rounds and -query-rounds must be positive")
	}
	if *short {
		s.Scale, s.ImportRounds, s.QueryRounds, s.shapeLimit = 0.01, 2, 2, 5*time.Second
	} else if s.out == "" && s.has(allParts...) {
		s.out = "docs"
	}
	s.server = server{os.Getenv("ACCESSGRAPH_NEO4J_URI"), os.Getenv("ACCESSGRAPH_NEO4J_USERNAME"), os.Getenv("ACCESSGRAPH_NEO4J_PASSWORD"), os.Getenv("ACCESSGRAPH_NEO4J_DATABASE")}
	return s, nil
}

// has reports whether all these parts are asked for.
func (s *settings) has(parts ...string) bool {
	for _, p := range parts {
		if !slices.Contains(s.Parts, p) {
			return false
		}
	}
	return true
}

// run measures what s asks for.
func run(ctx context.Context, s settings) (*result, error) {
	c := newCorpus(s.Scale, s.Seed)
	res := &result{Settings: s, Machine: describeMachine(), Entities: c.entities(), Grants: c.grants(), FileBytes: len(c.first), Changed: c.changed, Start: time.Now().UTC().Truncate(time.Second)}
	s.log("%d entities, %d grants, a file of %.1f MB", res.Entities, res.Grants, float64(res.FileBytes)/1e6)
	if s.has(partEmbedded) {
		if err := benchEmbedded(ctx, s, c, res); err != nil {
			return nil, fmt.Errorf("%s: %w", partEmbedded, err)
		}
	}
	if s.has(partNeo4j) || s.has(partReach) || s.has(partHaving) {
		if err := benchNeo4j(ctx, s, c, res); err != nil {
			return nil, err
		}
	}
	res.Machine.LoadAfter = loadAverage()
	return res, nil
}

func main() {
	s, err := parseFlags(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	start := time.Now()
	s.log = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "bench %6.1fs  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	res, err := run(ctx, s)
	if err == nil {
		fmt.Print(res.table())
		if s.out != "" {
			err = res.write(s.out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}
