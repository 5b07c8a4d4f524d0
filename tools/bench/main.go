// Command bench compares accessgraph with what one would write by hand: imports with
// plain loaders, questions with hand-written Cypher, whole-graph answers with graph
// libraries and with a bare loop. All figures are ratios of runs that took turns on one
// machine. Answers that are compared must be equal, or the run fails.
//
// "bench render FOLDER" writes FOLDER/benchmarks.md again from the runs that are kept there.
//
// It empties the Neo4j database that it is given, so it refuses one that is not empty.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
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

var (
	storeParts = []string{partEmbedded, partNeo4j, partReach, partHaving}
	allParts   = slices.Concat(storeParts, scaleParts)
)

// settings of a run.
type settings struct {
	Parts        []string `json:"parts"`
	Scale        float64  `json:"scale"`
	Seed         uint64   `json:"seed"`
	ImportRounds int      `json:"importRounds"`
	QueryRounds  int      `json:"queryRounds"`
	// Of the memory engine at scale.
	Sizes       []string `json:"sizes,omitempty"`
	ScaleRounds int      `json:"scaleRounds"`

	graphSizes map[string]graphSize
	tiny       bool
	python     string
	mixedFor   time.Duration
	shapeLimit time.Duration // for one run of a hand-written shape
	server     server
	wipe       bool
	out        string
	log        func(format string, args ...any)
}

func parseFlags(args []string) (settings, error) {
	var s settings
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	run := f.String("run", "import,reach,having,scale", "`parts`: import (= "+partEmbedded+","+partNeo4j+"), reach, having, scale (= "+strings.Join(scaleParts, ",")+")")
	f.Float64Var(&s.Scale, "scale", 1, "size of the graph; 1 = 30,000 entities, 160,000 grants")
	f.Uint64Var(&s.Seed, "seed", 1, "seed of the graph")
	f.IntVar(&s.ImportRounds, "import-rounds", 5, "repetitions of each import")
	sizes := f.String("size", "S,M", "`sizes` of graphs for scale: S (30,000 entities, 160,000 grants), M (320,000, 1.6 million), L (1.5 million, 10 million; a quarter of an hour more, 8 GB)")
	f.IntVar(&s.ScaleRounds, "scale-rounds", 11, "repetitions of each question at scale")
	f.DurationVar(&s.mixedFor, "mixed-for", time.Minute, "how long many clients ask at once")
	f.StringVar(&s.python, "python", "", "`interpreter` with the Python peers (default: that of scripts/bench-peers; none = leave them out)")
	f.IntVar(&s.QueryRounds, "query-rounds", 21, "repetitions of each question")
	f.DurationVar(&s.shapeLimit, "shape-limit", 30*time.Second, "how long one run of a hand-written statement may take before it is out of the race")
	f.BoolVar(&s.wipe, "wipe", false, "delete everything in a Neo4j database that is not empty")
	short := f.Bool("short", false, "a tiny graph and two rounds: shows that everything works, measures nothing")
	f.StringVar(&s.out, "out", "", "`folder` for benchmarks.md and benchmarks/RUN.json (default: docs for a whole run, else none)")
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
		case part == "scale":
			s.Parts = append(s.Parts, scaleParts...)
		case slices.Contains(allParts, part):
			s.Parts = append(s.Parts, part)
		default:
			return s, fmt.Errorf("-run: unknown part %q: choose of import, scale, %s", part, strings.Join(allParts, ", "))
		}
	}
	if s.Scale <= 0 || s.ImportRounds < 1 || s.QueryRounds < 1 || s.ScaleRounds < 1 || s.mixedFor <= 0 {
		return s, fmt.Errorf("-scale, -import-rounds, -query-rounds, -scale-rounds and -mixed-for must be positive")
	}
	s.tiny = *short
	var err error
	if s.graphSizes, err = sizesOf(*sizes, s.tiny); err != nil {
		return s, err
	}
	s.Sizes = slices.Sorted(maps.Keys(s.graphSizes))
	if *short {
		s.Scale, s.ImportRounds, s.QueryRounds, s.ScaleRounds, s.shapeLimit, s.mixedFor = 0.01, 2, 2, 2, 5*time.Second, 2*time.Second
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
	res := &result{Settings: s, Machine: describeMachine(), Start: time.Now().UTC().Truncate(time.Second)}
	if slices.ContainsFunc(storeParts, func(part string) bool { return s.has(part) }) {
		if err := benchStores(ctx, s, res); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(scaleParts, func(part string) bool { return s.has(part) }) {
		if err := benchScale(ctx, s, res); err != nil {
			return nil, err
		}
	}
	res.Machine.LoadAfter = loadAverage()
	return res, nil
}

// benchStores measures imports and questions on both stores.
func benchStores(ctx context.Context, s settings, res *result) error {
	c := newCorpus(s.Scale, s.Seed)
	res.Entities, res.Grants, res.FileBytes, res.Changed = c.entities(), c.grants(), len(c.first), c.changed
	s.log("%d entities, %d grants, a file of %.1f MB", res.Entities, res.Grants, float64(res.FileBytes)/1e6)
	if s.has(partEmbedded) {
		if err := benchEmbedded(ctx, s, c, res); err != nil {
			return fmt.Errorf("%s: %w", partEmbedded, err)
		}
	}
	if s.has(partNeo4j) || s.has(partReach) || s.has(partHaving) {
		return benchNeo4j(ctx, s, c, res)
	}
	return nil
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "render" {
		if err := render(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
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
