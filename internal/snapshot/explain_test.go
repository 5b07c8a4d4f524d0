package snapshot_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// explained is a small random graph with both who explain it.
type explained struct {
	r         *rand.Rand
	ids       []string
	grants    int
	want, got query.Explainer
}

// eachSmall runs a check on many random graphs of at most so many grants.
func eachSmall(t *testing.T, worlds, grants int, check func(t *testing.T, x *explained)) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if testing.Short() {
		worlds = (worlds + 5) / 6
	}
	for i := range worlds {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.SmallWorld(r, grants)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		x := &explained{r: r, grants: len(w.Grants), want: querytest.NewOracle(w, querytest.Now), got: s.Reader(querytest.Now).(query.Explainer)}
		for _, e := range w.Entities {
			x.ids = append(x.ids, e.ID)
		}
		check(t, x)
		if t.Failed() {
			t.Fatalf("seed %d, world %d: %+v", seed, i, w.Grants)
		}
	}
}

func (x *explained) id() string {
	if x.r.IntN(40) == 0 {
		return "e_missing"
	}
	return x.ids[x.r.IntN(len(x.ids))]
}

// permission is one to ask for, or none.
func (x *explained) permission() *filter.StringMatch {
	switch x.r.IntN(4) {
	case 0:
		return &filter.StringMatch{Eq: p("read")}
	case 1:
		return &filter.StringMatch{In: []string{"write", "member"}}
	}
	return nil
}

func (x *explained) filter() *filter.Filter {
	switch x.r.IntN(4) {
	case 0:
		return &filter.Filter{Type: []access.EntityType{access.Identity}}
	case 1:
		return &filter.Filter{Type: []access.EntityType{access.Connection, access.Resource}}
	case 2:
		return &filter.Filter{Name: &filter.StringMatch{Contains: p([]string{"1", "2", "3"}[x.r.IntN(3)])}}
	}
	return nil
}

func TestMissingAgainstOracle(t *testing.T) {
	eachSmall(t, 1500, 12, func(t *testing.T, x *explained) {
		for range 6 {
			q := query.MissingQuery{
				From: x.id(), To: x.id(), Permission: x.permission(), ThroughIdentities: x.r.IntN(3) == 0,
				Order: []query.MissingOrder{"", query.Nearest, query.LeastPrivilege}[x.r.IntN(3)], First: 1 + x.r.IntN(20),
			}
			want, err := x.want.Missing(t.Context(), q)
			require.NoError(t, err)
			got, err := x.got.Missing(t.Context(), q)
			require.NoError(t, err)
			require.Equal(t, want, got, "%+v", q)
		}
	})
}

func TestJoiningAgainstOracle(t *testing.T) {
	eachSmall(t, 1000, 14, func(t *testing.T, x *explained) {
		through := x.r.IntN(3) == 0
		q := query.JoinQuery{Of: x.ids, Group: x.id(), ThroughIdentities: through, First: 1 + x.r.IntN(4)}
		want, wantErr := x.want.Joining(t.Context(), q)
		got, err := x.got.Joining(t.Context(), q)
		require.Equal(t, wantErr == nil, err == nil)
		assert.Len(t, got, len(want))
		for i := range want {
			assert.Equal(t, want[i].Count, got[i].Count, "%+v", q)
			assert.Equal(t, append([]string{}, want[i].Targets...), append([]string{}, got[i].Targets...), "%+v", q)
			assert.Equal(t, want[i].Member, got[i].Member, "%+v", q)
		}
		n := query.NewcomerQuery{Group: x.id(), Target: x.id(), Who: x.filter(), Permission: x.permission(), ThroughIdentities: through, First: 1 + x.r.IntN(4)}
		wantN, wantErr := x.want.Newcomers(t.Context(), n)
		gotN, err := x.got.Newcomers(t.Context(), n)
		require.Equal(t, wantErr == nil, err == nil)
		require.Equal(t, wantN, gotN, "%+v", n)
	})
}

func TestCriticalAgainstOracle(t *testing.T) {
	eachSmall(t, 1500, 18, func(t *testing.T, x *explained) {
		q := query.CriticalQuery{Identities: x.filter(), Targets: x.filter(), ThroughIdentities: x.r.IntN(3) == 0, First: 1 + x.r.IntN(20)}
		want, err := x.want.Critical(t.Context(), q)
		require.NoError(t, err)
		got, err := x.got.Critical(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, want.Total, got.Total)
		assert.Equal(t, want.Pairs, got.Pairs)
		require.Len(t, got.Grants, len(want.Grants))
		for i := range want.Grants {
			assert.Equal(t, want.Grants[i].Grant.Key(), got.Grants[i].Grant.Key())
			assert.Equal(t, want.Grants[i].Lost, got.Grants[i].Lost)
			assert.Equal(t, want.Grants[i].Identities, got.Grants[i].Identities)
		}
	})
}

func TestShortestAgainstOracle(t *testing.T) {
	eachSmall(t, 800, 20, func(t *testing.T, x *explained) {
		q := query.ShortestQuery{From: x.filter(), To: x.filter(), ThroughIdentities: x.r.IntN(3) == 0, Limit: x.r.IntN(12)}
		collect := func(e query.Explainer) (all []query.Chain, out query.Yielded) {
			out, err := e.Shortest(t.Context(), q, func(c query.Chain) error { all = append(all, c); return nil })
			require.NoError(t, err)
			return all, out
		}
		want, wantOut := collect(x.want)
		got, gotOut := collect(x.got)
		require.Equal(t, want, got)
		require.Equal(t, wantOut, gotOut)
	})
}

// keys are the grants of a cut.
func keys(c query.Cut) []access.GrantKey {
	out := []access.GrantKey{}
	for _, g := range c.Grants {
		out = append(out, g.Key())
	}
	return out
}

func TestCutAgainstOracle(t *testing.T) {
	eachSmall(t, 1200, 10, func(t *testing.T, x *explained) {
		q := query.CutQuery{ThroughIdentities: x.r.IntN(3) == 0, Permission: x.permission(), NearTarget: x.r.IntN(2) == 0}
		ids := slices.Clone(x.ids)
		x.r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		from := 1 + x.r.IntN(2)
		q.From, q.To = ids[:from], append(ids[from:from+1+x.r.IntN(len(ids)-from)], "e_missing")
		if x.r.IntN(2) == 0 {
			salt := x.r.IntN(5)
			q.Weight = func(g access.Grant) int64 { return int64((len(g.Permission) + int(g.Source[5]) + salt) % 4) }
		}
		if x.r.IntN(4) == 0 {
			q.From, q.FromFilter = nil, &filter.Filter{Type: []access.EntityType{access.Identity}}
			q.To, q.ToFilter = nil, &filter.Filter{Type: []access.EntityType{access.Resource}}
		}
		want, err := x.want.Cut(t.Context(), q)
		require.NoError(t, err)
		got, err := x.got.Cut(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, want.Impossible, got.Impossible)
		require.Equal(t, want.Weight, got.Weight)
		require.Equal(t, got.Weight, got.Flow)
		require.Equal(t, keys(want), keys(got), "%+v", q)
		if q.FromFilter == nil {
			x.checkProof(t, q, got)
		}
	})
}

// checkProof sees that the chains exist and share no more than grants weigh.
func (x *explained) checkProof(t *testing.T, q query.CutQuery, c query.Cut) {
	sum := int64(0)
	used := map[[2]string]int64{}
	for _, chain := range c.Proof {
		sum += chain.Weight
		require.Contains(t, q.From, chain.Nodes[0])
		require.Contains(t, q.To, chain.Nodes[len(chain.Nodes)-1])
		for i := range chain.Nodes[1:] {
			used[[2]string{chain.Nodes[i], chain.Nodes[i+1]}] += chain.Weight
		}
	}
	require.Equal(t, c.Flow, sum)
	for pair, n := range used {
		page, err := x.got.(query.Reader).Neighbors(t.Context(), query.NeighborQuery{Of: []string{pair[0]}, Direction: filter.HasAccessTo, Page: query.Page{First: 500}})
		require.NoError(t, err)
		weight := int64(0)
		for _, g := range page[0].Grants {
			if g.Target != pair[1] || !g.Counts {
				continue
			}
			w := int64(1)
			if q.Weight != nil {
				if w = q.Weight(g); w == 0 {
					w = 1 << 40
				}
			}
			weight += w
		}
		require.LessOrEqual(t, n, weight)
		require.Positive(t, weight)
	}
}

func TestCutOfBothSides(t *testing.T) {
	x := small(t, "a b member").(query.Explainer)
	_, err := x.Cut(t.Context(), query.CutQuery{From: []string{"e_a"}, To: []string{"e_b", "e_a"}})
	var problem *access.Error
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, access.CodeInvalidInput, problem.Code)
}

// Whatever stops a stream, an error of the caller or the end of its context, no goroutine
// is left, and the answer does not depend on how many there were.
func TestStreamsStop(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	x := companySnapshot().Reader(time.Now()).(query.Explainer)
	identities := &filter.Filter{Type: []access.EntityType{access.Identity}}
	stop := errors.New("stop")
	n := 0
	_, err := x.Shortest(t.Context(), query.ShortestQuery{From: identities}, func(query.Chain) error {
		if n++; n == 1000 {
			return stop
		}
		return nil
	})
	require.ErrorIs(t, err, stop)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = x.Critical(ctx, query.CriticalQuery{Progress: func(done, total int) {
		if done > total/10 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	first := func() (out []query.Chain) {
		y, err := x.Shortest(t.Context(), query.ShortestQuery{From: identities, Limit: 3000}, func(c query.Chain) error { out = append(out, c); return nil })
		require.NoError(t, err)
		assert.Equal(t, query.Yielded{Count: 3000, Truncated: true}, y)
		return out
	}
	many := first()
	manyCritical, err := x.Critical(t.Context(), query.CriticalQuery{})
	require.NoError(t, err)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	assert.Equal(t, many, first())
	oneCritical, err := x.Critical(t.Context(), query.CriticalQuery{})
	require.NoError(t, err)
	assert.Equal(t, manyCritical, oneCritical)
}
