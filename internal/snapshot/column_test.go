package snapshot

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/filter"
)

var words = []string{"", "a", "A", "Ab", "aB", "ab", "b", "STRASSE", "straße", "Straße", "ΣΊΣΥΦΟΣ", "σίσυφος", "x_%y", "abc", "ABCD"}

func randomMatch(r *rand.Rand) *filter.StringMatch {
	text := func(percent int) *string {
		if r.IntN(100) >= percent {
			return nil
		}
		w := words[r.IntN(len(words))]
		return &w
	}
	m := &filter.StringMatch{Eq: text(20), Contains: text(25), StartsWith: text(25), EndsWith: text(25)}
	for range r.IntN(4) * r.IntN(2) {
		m.In = append(m.In, words[r.IntN(len(words))])
	}
	if r.IntN(4) == 0 {
		b := r.IntN(2) == 0
		m.IsEmpty = &b
	}
	return m
}

// A column says of each row what filter.StringMatch says of its value.
func TestColumnsMatchAsValuesDo(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	passed := 0
	for range 4000 {
		n := r.IntN(90)
		single, multi := newColumnBuilder(), newColumnBuilder()
		values, lists := make([]string, n), make([][]string, n)
		for i := range n {
			values[i] = words[r.IntN(len(words))]
			for range r.IntN(3) {
				lists[i] = append(lists[i], words[1+r.IntN(len(words)-1)])
			}
			single.add(values[i])
			multi.addAll(lists[i])
		}
		arrival := make([]uint32, n)
		for i := range arrival {
			arrival[i] = uint32(i)
		}
		r.Shuffle(n, func(i, j int) { arrival[i], arrival[j] = arrival[j], arrival[i] })
		s, m := single.single(arrival), multi.multi(arrival)
		match, email := randomMatch(r), r.IntN(2) == 0
		gotS, gotM := NewBits(n), NewBits(n)
		s.matchRows(match, email, gotS)
		m.matchRows(match, false, gotM)
		for row, a := range arrival {
			require.Equal(t, values[a], s.text(uint32(row)))
			require.True(t, slices.Equal(lists[a], m.texts(uint32(row))))
			if match.Neutral() {
				continue // filter.Tree leaves it out
			}
			want := match.Value(values[a], email)
			require.Equal(t, want, gotS.Has(uint32(row)), "%q %+v email=%v", values[a], match, email)
			require.Equal(t, match.AnyOf(lists[a]), gotM.Has(uint32(row)), "%q %+v", lists[a], match)
			if want {
				passed++
			}
		}
	}
	assert.Greater(t, passed, 5000)
}

func TestBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		n := r.IntN(300)
		b, model := NewBits(n), make([]bool, n)
		for range r.IntN(400) {
			if n == 0 {
				break
			}
			i := r.IntN(n)
			if model[i] = r.IntN(3) > 0; model[i] {
				b.Set(uint32(i))
			} else {
				b.Clear(uint32(i))
			}
		}
		if r.IntN(2) == 0 {
			b.Flip(n)
			for i := range model {
				model[i] = !model[i]
			}
		}
		var want []uint32
		for i, in := range model {
			require.Equal(t, len(want), b.CountBelow(uint32(i)))
			require.Equal(t, in, b.Has(uint32(i)))
			if in {
				want = append(want, uint32(i))
			}
		}
		require.Equal(t, len(want), b.Count())
		require.Equal(t, len(want) == 0, b.Empty())
		require.True(t, slices.Equal(want, b.List()))
		from := r.IntN(len(want) + 1)
		to := from + r.IntN(len(want)-from+1)
		require.True(t, slices.Equal(want[from:to], b.slice(from, to)))
		at := uint32(r.IntN(n + 70))
		next, ok := b.Next(at)
		i, _ := slices.BinarySearch(want, at)
		require.Equal(t, i < len(want), ok)
		if ok {
			require.Equal(t, want[i], next)
		}
	}
}

// Marks are cleared when their counter starts over.
func TestStampsSurviveWrapping(t *testing.T) {
	s := &Snapshot{n: 2, kind: []uint8{kindConnection, kindConnection}, to: &Adjacency{offsets: []uint32{0, 1, 1}, rows: []uint32{1}, bundles: []uint32{0}}}
	s.topology = newTopology(s.kind, s.to)
	w := s.walker()
	for _, stamp := range []uint32{0, none - 1, none} {
		w.stamp = stamp
		assert.Equal(t, []uint32{1}, w.reach(0, nil))
		assert.Empty(t, w.reach(1, nil))
	}
}
