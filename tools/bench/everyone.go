package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// everyone counts everybody's effective access, (identity, resource) pairs, in every way.
func (b *scale) everyone() error {
	for _, name := range []string{"S", "M"} {
		if !b.hasSizes("everyone's effective access", name) {
			continue
		}
		g, err := b.graph(name)
		if err != nil {
			return err
		}
		if err := b.everyoneOf(g); err != nil {
			return err
		}
	}
	return nil
}

func (b *scale) everyoneOf(g *sized) error {
	question := "everyone's effective access, " + g.Name
	ours, err := g.everyone(b.ctx)
	if err != nil {
		return err
	}
	first, err := timed(func() error { _, err := ours.count(b.ctx); return err })
	if err != nil {
		return err
	}
	if err := g.check(b.ctx, ours); err != nil {
		return err
	}
	scratches := g.csr.scratches()
	cores := len(scratches)
	counted := func(n int64) error {
		if n != g.oracle.Pairs {
			return fmt.Errorf("%d pairs, not %d", n, g.oracle.Pairs)
		}
		return nil
	}
	contenders := []contender{
		{"accessgraph, memory", func(ctx context.Context) (time.Duration, error) {
			return repeatedFor(func() error {
				n, err := ours.count(ctx)
				if err != nil {
					return err
				}
				return counted(n)
			})
		}},
		{fmt.Sprintf("plain Go loop over CSR, %d cores", cores), func(context.Context) (time.Duration, error) {
			return repeatedFor(func() error { return counted(g.csr.countAll(cores, scratches)) })
		}},
		{"plain Go loop over CSR, one core", func(context.Context) (time.Duration, error) {
			return repeatedFor(func() error { return counted(g.csr.countAll(1, scratches)) })
		}},
	}
	goals := []float64{0, 2, 0} // of each contender; that of the loop is a limit
	var told []contender        // besides, with fewer rounds
	why := map[string]string{}  // they are told, by name
	python, reason := pythonOf(b.s.python)
	for _, kind := range peerKinds {
		if kind.sizes != g.Name {
			continue
		}
		if python == "" {
			b.res.skip(kind.program + ": " + reason)
			continue
		}
		edges, err := g.edgeList(g.csr)
		if err != nil {
			return err
		}
		p, err := startPeer(b.ctx, python, kind.program, edges)
		if err != nil {
			return err
		}
		defer p.stop() //nolint:errcheck // it has answered everything
		alone, many, err := p.best(g.oracle, question, b.res, b.s.log)
		if errors.Is(err, errPeerEnded) {
			b.res.skip(err.Error())
			continue
		}
		if err != nil {
			return err
		}
		contenders, goals = append(contenders, p.contender(alone, g.oracle)), append(goals, kind.goal)
		if kind.usual >= 0 && p.ways[kind.usual] != alone {
			told = append(told, p.contender(p.ways[kind.usual], g.oracle))
			why[told[len(told)-1].name] = "; what one would write first"
		}
		if many != "" {
			told = append(told, p.contender(many, g.oracle))
			why[told[len(told)-1].name] = "; the library uses one core, so this is its best run in several processes"
		}
	}
	if g.Name == "S" && b.db != nil {
		best, err := b.bestCypher(g, question)
		if err != nil {
			return err
		}
		contenders, goals = append(contenders, best), append(goals, 300)
	}
	tell := func(times []series, goal func(i int) (limit bool, value float64)) error {
		for i, t := range times {
			b.s.log("%s: %s: %s, %.3g pairs/s", question, t.Name, duration(t.median()), float64(g.oracle.Pairs)/t.median())
			if i == 0 {
				continue
			}
			limit, value := goal(i)
			err := b.res.addProfiled(comparison{
				Part: partEveryone, Size: g.Name, Name: question + ": vs " + t.Name,
				Detail: fmt.Sprintf("%s; %d pairs of identity and resource, counted: %s a second (the first time, on a new snapshot, in %s), the peer %s%s", g.describe(), g.oracle.Pairs,
					rate(float64(g.oracle.Pairs)/times[0].median()), duration(first.Seconds()), rate(float64(g.oracle.Pairs)/t.median()), why[t.Name]),
				Ours: times[0], Peer: t, Cost: limit, Goal: value,
			}, b.s.log, func() error { _, err := ours.count(b.ctx); return err })
			if err != nil {
				return err
			}
		}
		return nil
	}
	times, err := b.race(2, b.s.ScaleRounds, slices.Clone(contenders)...)
	if err != nil {
		return err
	}
	if err := tell(times, func(i int) (bool, float64) { return i == 1, goals[i] }); err != nil || len(told) == 0 {
		return err
	}
	if times, err = b.race(1, min(b.s.ScaleRounds, 3), append([]contender{contenders[0]}, told...)...); err != nil {
		return err
	}
	return tell(times, func(int) (bool, float64) { return false, 0 })
}

// everybody asks the memory engine for everyone's effective access.
type everybody struct {
	s         *snapshot.Snapshot
	resources snapshot.Bits
}

func (g *sized) everyone(ctx context.Context) (*everybody, error) {
	e := &everybody{s: g.snapshot()}
	var err error
	e.resources, err = e.s.Select(ctx, &filter.Filter{Type: []access.EntityType{access.Resource}}, "", now)
	return e, err
}

// count is how many (identity, resource) pairs there are.
func (e *everybody) count(ctx context.Context) (int64, error) {
	return e.s.CountEffective(ctx, nil, e.resources)
}

// check holds the memory engine's answer to the oracle, person by person.
func (g *sized) check(ctx context.Context, e *everybody) error {
	numberOf := make([]uint32, g.snapshot().Rows())
	for n, row := range g.rows {
		numberOf[row] = uint32(n) //nolint:gosec // an index
	}
	counts, sums := make([]uint32, g.People), make([]uint64, g.People)
	err := e.s.EachIdentityAccess(ctx, nil, 0, func(row uint32, targets []uint32) error {
		person := numberOf[row]
		for _, to := range targets {
			if n := numberOf[to]; n >= g.firstResource() {
				counts[person]++
				sums[person] += pairSum(n - g.firstResource())
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.oracle.equal("the memory engine", counts, sums)
}

// rate prints a number a second.
func rate(perSecond float64) string {
	text := strings.Replace(fmt.Sprintf("%.1e", perSecond), "e+0", " × 10^", 1)
	return strings.Replace(text, "e+", " × 10^", 1)
}

// repeatedFor times something until that took long enough that a moment's noise does not
// decide; what takes long runs once.
func repeatedFor(run func() error) (time.Duration, error) {
	const enough = 100 * time.Millisecond
	var took []time.Duration
	for sum := time.Duration(0); sum < enough && len(took) < 50; {
		t, err := timed(run)
		if err != nil {
			return 0, err
		}
		took, sum = append(took, t), sum+t
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
