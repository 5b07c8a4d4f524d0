package packed

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// shelf keeps parts as a store does.
type shelf map[int64]map[Section][][]byte

func (s shelf) put(p Part) error {
	if s[p.Run] == nil {
		s[p.Run] = map[Section][][]byte{}
	}
	s[p.Run][p.Section] = append(s[p.Run][p.Section], p.Seal())
	return nil
}

func (s shelf) source(_ context.Context, run int64, section Section) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, data := range s[run][section] {
			if !yield(data, nil) {
				return
			}
		}
	}
}

// state is the copy written for clarity.
type state struct {
	entities map[string]access.Entity
	grants   map[access.GrantKey]access.Grant
}

func (s *state) apply(cs []store.Change) {
	for _, c := range cs {
		switch {
		case c.PutEntity != nil:
			s.entities[c.PutEntity.ID] = *c.PutEntity
		case c.RemoveEntity != "":
			delete(s.entities, c.RemoveEntity)
		case c.PutGrant != nil:
			s.grants[c.PutGrant.Key()] = *c.PutGrant
		case c.RemoveGrant != nil:
			delete(s.grants, *c.RemoveGrant)
		}
	}
}

const key = "Main"

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func randomText(r *rand.Rand) string {
	return pick(r, "", "", "a", "Ünïcode \x00 text", `{"json":"`+fmt.Sprint(r.IntN(5))+`"}`)
}

func randomTime(r *rand.Rand) time.Time {
	return pick(r, time.Time{}, time.UnixMicro(r.Int64N(1e16)).UTC(), time.UnixMicro(-r.Int64N(1e16)).UTC())
}

func randomEntity(r *rand.Rand, id string) *access.Entity {
	e := &access.Entity{
		ID: id, Integration: key, Type: pick(r, access.Identity, access.Connection, access.Resource), SourceID: "s" + id, Name: randomText(r),
		Status: pick(r, access.Statuses...), Stub: r.IntN(2) == 0, Factors: pick(r, nil, []string{"sms"}, []string{"otp", "sms"}),
	}
	for _, s := range texts(e) {
		*s = randomText(r)
	}
	for _, t := range times(e) {
		*t = randomTime(r)
	}
	for _, f := range flags(e) {
		*f = pick(r, access.Tristates...)
	}
	return e
}

func randomGrant(r *rand.Rand, ids int) *access.Grant {
	id := func() string { return fmt.Sprint("e", r.IntN(ids)) }
	return &access.Grant{
		Source: id(), Target: id(), Permission: pick(r, "", "read", "write"), Scope: pick(r, "", "", "x"), Value: pick(r, "true", "false", "", "maybe"),
		Counts: r.IntN(2) == 0, Project: pick(r, "", "p", "q"), LastUsed: randomTime(r), Metadata: randomText(r),
	}
}

// randomChanges says at most one thing of each key.
func randomChanges(r *rand.Rand, ids, n int) []store.Change {
	said := map[any]bool{}
	var out []store.Change
	for range n {
		var k any
		var c store.Change
		if r.IntN(2) == 0 {
			e := randomEntity(r, fmt.Sprint("e", r.IntN(ids)))
			if k, c.PutEntity = e.ID, e; r.IntN(3) == 0 {
				c = store.Change{RemoveEntity: e.ID}
			}
		} else {
			g := randomGrant(r, ids)
			gk := g.Key()
			if k, c.PutGrant = gk, g; r.IntN(3) == 0 {
				c = store.Change{RemoveGrant: &gk}
			}
		}
		if !said[k] {
			said[k] = true
			out = append(out, c)
		}
	}
	return out
}

func inOrder(cs []store.Change) []store.Change {
	rank := func(c store.Change) (string, *access.Grant) {
		switch {
		case c.PutEntity != nil:
			return c.PutEntity.ID, nil
		case c.RemoveEntity != "":
			return c.RemoveEntity, nil
		case c.PutGrant != nil:
			return "", c.PutGrant
		}
		k := c.RemoveGrant
		return "", &access.Grant{Source: k.Source, Target: k.Target, Permission: k.Permission, Scope: k.Scope}
	}
	cs = slices.Clone(cs)
	slices.SortStableFunc(cs, func(a, b store.Change) int {
		ida, ga := rank(a)
		idb, gb := rank(b)
		switch {
		case ga != nil && gb != nil:
			return access.CompareGrants(ga, gb)
		case ga != nil:
			return 1
		case gb != nil:
			return -1
		case ida < idb:
			return -1
		}
		return 1
	})
	return cs
}

func write(t *testing.T, s shelf, id int64, window, partSize int, cs []store.Change) (Run, bool) {
	t.Helper()
	w := NewWriter(id, s.put)
	w.window, w.partSize = window, partSize
	for i := range cs {
		require.NoError(t, w.Add(&cs[i]))
	}
	run, ok, err := w.Close()
	require.NoError(t, err)
	return run, ok
}

// read is the copy as a state; it sees to the order.
func read(t *testing.T, h Head, s shelf) (*state, error) {
	t.Helper()
	ctx := context.Background()
	out := &state{map[string]access.Entity{}, map[access.GrantKey]access.Grant{}}
	last := ""
	for list, err := range ReadEntities(ctx, h.Runs, key, s.source) {
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			require.Greater(t, e.ID, last)
			last = e.ID
			out.entities[e.ID] = *e
		}
	}
	var before *access.Grant
	for list, err := range ReadGrants(ctx, h.Runs, s.source) {
		if err != nil {
			return nil, err
		}
		for i := range list {
			require.True(t, before == nil || access.CompareGrants(before, &list[i]) < 0)
			before = &list[i]
			out.grants[list[i].Key()] = list[i]
		}
	}
	return out, nil
}

// TestRuns: random runs, in order or not, in small parts or one, compacted now and then,
// read as what was put and removed.
func TestRuns(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		s, h, want := shelf{}, Head{Format: Format}, &state{map[string]access.Entity{}, map[access.GrantKey]access.Grant{}}
		ids := 1 + r.IntN(60)
		for step := range 12 {
			cs := randomChanges(r, ids, r.IntN(80))
			window := defaultWindow
			if r.IntN(2) == 0 {
				cs, window = inOrder(cs), 1+r.IntN(20)
			}
			run, ok := write(t, s, int64(seed*100)+int64(step), window, 1+r.IntN(500), cs) //nolint:gosec // small
			require.True(t, ok)
			h.Runs = append(h.Runs, run)
			want.apply(cs)
			got, err := read(t, h, s)
			require.NoError(t, err)
			require.Equal(t, want, got, "seed %d, step %d", seed, step)
			again, ok := ParseHead(h.Text())
			require.True(t, ok)
			require.Equal(t, h, again)

			from, stale := h.Stale(pick(r, int64(10), SmallDeltas))
			if !stale {
				continue
			}
			w := NewWriter(int64(seed*100)+int64(step)+50, s.put) //nolint:gosec // small
			w.window = 1 + r.IntN(10)
			require.NoError(t, h.Compact(context.Background(), from, key, s.source, w))
			merged, ok, err := w.Close()
			require.True(t, ok)
			require.NoError(t, err)
			h.Runs = append(h.Runs[:from:from], merged)
			got, err = read(t, h, s)
			require.NoError(t, err)
			require.Equal(t, want, got, "seed %d, step %d, compacted from %d", seed, step, from)
		}
	}
}

// TestDamage: whatever is done to the parts, reading notices.
func TestDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	make2 := func() (Head, shelf) {
		s := shelf{}
		a, ok := write(t, s, 1, defaultWindow, 300, randomChanges(rand.New(rand.NewPCG(1, 1)), 40, 200))
		require.True(t, ok)
		b, ok := write(t, s, 2, defaultWindow, 300, randomChanges(rand.New(rand.NewPCG(2, 2)), 40, 100))
		require.True(t, ok)
		return Head{Format: Format, Runs: []Run{a, b}}, s
	}
	h, s := make2()
	_, err := read(t, h, s)
	require.NoError(t, err)
	for n := range 600 {
		h, s := make2()
		run, section := pick(r, int64(1), 2), pick(r, Entities, Removed, Grants)
		parts := s[run][section]
		at := r.IntN(len(parts))
		switch n % 6 {
		case 0: // a bit
			i := r.IntN(len(parts[at]))
			parts[at][i] ^= 1 << r.IntN(8)
		case 1: // the end
			parts[at] = parts[at][:r.IntN(len(parts[at]))]
		case 2: // missing
			s[run][section] = slices.Delete(parts, at, at+1)
		case 3: // twice
			s[run][section] = slices.Insert(parts, at, parts[at])
		case 4: // of elsewhere
			parts[at] = s[3-run][Grants][0]
		case 5: // another count
			h.Runs[run-1].Records[section]++
		}
		_, err := read(t, h, s)
		require.ErrorIs(t, err, ErrDamaged, "case %d", n%6)
	}
}

// TestGivenUp: what cannot be packed is said, never packed wrongly.
func TestGivenUp(t *testing.T) {
	put := func(id string) store.Change {
		return store.Change{PutEntity: randomEntity(rand.New(rand.NewPCG(1, 1)), id)}
	}
	for name, c := range map[string]struct {
		cs     []store.Change
		window int
	}{
		"two changes of one thing": {[]store.Change{put("a"), put("a")}, defaultWindow},
		"many in disorder":         {[]store.Change{put("b"), put("a")}, 1},
		"no UTF-8":                 {[]store.Change{put("\xff")}, defaultWindow},
		"an unknown type":          {[]store.Change{{PutEntity: &access.Entity{ID: "a", Type: "THING"}}}, defaultWindow},
	} {
		t.Run(name, func(t *testing.T) {
			_, ok := write(t, shelf{}, 1, c.window, PartSize, c.cs)
			require.False(t, ok)
		})
	}
	_, ok := ParseHead(`{"format":99,"runs":[{"id":1}]}`)
	require.False(t, ok, "another format")
	_, ok = ParseHead("")
	require.False(t, ok)
}
