package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// Everyone's access is what the oracle says of each identity, whatever is kept and
// however many do the work.
func TestEveryoneAgainstOracle(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range 150 {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.RandomWorld(r)
		name := fmt.Sprintf("seed %d, world %d", seed, i)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		snapshot.KeepFlats(s, []int64{0, 2000, 1 << 30}[i%3])
		if i%2 == 0 {
			snapshot.KeepUnions(s, 0)
		}
		want := everyoneByOracle(t, w)
		var got []string
		require.NoError(t, s.EachAccess(t.Context(), nil, 1+i%4, func(identity uint32, targets []uint32, permissions [][]access.Permission) error {
			require.Len(t, permissions, len(targets))
			require.True(t, slices.IsSorted(targets))
			for j, to := range targets {
				got = append(got, fmt.Sprint(s.ID(identity), s.ID(to), permissions[j]))
			}
			return nil
		}))
		require.Equal(t, want, got, name)
		pairs := 0
		require.NoError(t, s.EachIdentityAccess(t.Context(), nil, 1+i%4, func(_ uint32, targets []uint32) error {
			pairs += len(targets)
			return nil
		}))
		n, err := s.CountEffective(t.Context(), nil, nil)
		require.NoError(t, err)
		require.Equal(t, []int{len(want), len(want)}, []int{pairs, int(n)}, name)

		some, err := s.Select(t.Context(), &filter.Filter{Name: &filter.StringMatch{Contains: p("a")}}, "", querytest.Now)
		require.NoError(t, err)
		pairs = 0
		require.NoError(t, s.EachIdentityAccess(t.Context(), some, 0, func(identity uint32, targets []uint32) error {
			require.True(t, some.Has(identity))
			for _, to := range targets {
				if some.Has(to) {
					pairs++
				}
			}
			return nil
		}))
		n, err = s.CountEffective(t.Context(), some, some)
		require.NoError(t, err)
		require.Equal(t, pairs, int(n), name)
	}
}

// everyoneByOracle lists what each live identity reaches, in the order of rows.
func everyoneByOracle(t *testing.T, w *querytest.World) (out []string) {
	o := querytest.NewOracle(w, querytest.Now)
	all, err := o.Entities(t.Context(), query.EntityQuery{Filter: &filter.Filter{Type: []access.EntityType{access.Identity}}, Page: query.Page{First: 500}})
	require.NoError(t, err)
	for _, e := range all.Entities {
		pages, err := o.Effective(t.Context(), query.EffectiveQuery{Of: []string{e.ID}, Direction: filter.HasAccessTo, Page: query.Page{First: 500}})
		require.NoError(t, err)
		require.False(t, pages[0].HasNext)
		for _, edge := range pages[0].Edges {
			out = append(out, fmt.Sprint(e.ID, edge.Entity.ID, edge.Permissions))
		}
	}
	return out
}

// An error or the end of the context ends the stream.
func TestEveryoneEnds(t *testing.T) {
	s := companySnapshot()
	stop := errors.New("enough")
	n := 0
	assert.ErrorIs(t, s.EachIdentityAccess(t.Context(), nil, 0, func(uint32, []uint32) error {
		if n++; n == 3000 {
			return stop
		}
		return nil
	}), stop)
	assert.Equal(t, 3000, n)
	ctx, cancel := context.WithCancel(t.Context())
	assert.ErrorIs(t, s.EachIdentityAccess(ctx, nil, 0, func(uint32, []uint32) error { cancel(); return nil }), context.Canceled)
	_, err := s.CountEffective(ctx, nil, nil)
	assert.ErrorIs(t, err, context.Canceled)
}

// bareCount is the physical limit that whole-graph counting is measured against: a plain
// loop over the adjacency with a stamp array, on all cores, as one would write it in C.
func bareCount(s *snapshot.Snapshot, identities []uint32, connection []bool) int64 {
	var next, total atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			stamps, queue, n := make([]uint32, s.Rows()), make([]uint32, 0, 1024), int64(0)
			stamp := uint32(0)
			for {
				from := int(next.Add(256)) - 256
				if from >= len(identities) {
					break
				}
				for _, row := range identities[from:min(from+256, len(identities))] {
					stamp++
					queue = append(queue[:0], row)
					stamps[row] = stamp
					for i := 0; i < len(queue); i++ {
						for _, to := range s.To().Of(queue[i]) {
							if stamps[to] != stamp {
								stamps[to] = stamp
								n++
								if connection[to] {
									queue = append(queue, to)
								}
							}
						}
					}
				}
			}
			total.Add(n)
		})
	}
	wait.Wait()
	return total.Load()
}

func BenchmarkEveryone(b *testing.B) {
	s := companySnapshot()
	var identities []uint32
	connection := make([]bool, s.Rows())
	for row := range uint32(s.Rows()) {
		e := s.Entity(row)
		connection[row] = e.Type == access.Connection
		if e.Type == access.Identity {
			identities = append(identities, row)
		}
	}
	pairs := bareCount(s, identities, connection)
	b.Run("bare loop", func(b *testing.B) {
		for b.Loop() {
			bareCount(s, identities, connection)
		}
		b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
	})
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if n, err := s.CountEffective(context.Background(), nil, nil); err != nil || n != pairs {
				b.Fatal(n, pairs, err)
			}
		}
		b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
	})
	b.Run("count of resources", func(b *testing.B) {
		resources, err := s.Select(context.Background(), &filter.Filter{Type: []access.EntityType{access.Resource}}, "", time.Now())
		require.NoError(b, err)
		n := int64(0)
		for b.Loop() {
			if n, err = s.CountEffective(context.Background(), nil, resources); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
	})
	b.Run("count, cold", func(b *testing.B) {
		for b.Loop() {
			snapshot.Forget(s)
			if n, err := s.CountEffective(context.Background(), nil, nil); err != nil || n != pairs {
				b.Fatal(n, pairs, err)
			}
		}
		b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
	})
	b.Run("each", func(b *testing.B) {
		for b.Loop() {
			n := int64(0)
			if err := s.EachIdentityAccess(context.Background(), nil, 0, func(_ uint32, to []uint32) error { n += int64(len(to)); return nil }); err != nil || n != pairs {
				b.Fatal(n, pairs, err)
			}
		}
		b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
	})
	b.Run("each with permissions", func(b *testing.B) {
		for b.Loop() {
			n := int64(0)
			if err := s.EachAccess(context.Background(), nil, 0, func(_ uint32, to []uint32, _ [][]access.Permission) error { n += int64(len(to)); return nil }); err != nil || n != pairs {
				b.Fatal(n, pairs, err)
			}
		}
		b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
	})
}
