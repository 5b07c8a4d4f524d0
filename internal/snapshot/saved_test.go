package snapshot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot/colfile"
)

// worldSnapshot is the snapshot of a random world.
func worldSnapshot(t testing.TB, r *rand.Rand) (*querytest.World, *Snapshot) {
	t.Helper()
	w := querytest.RandomWorld(r)
	d := &Data{GraphVersion: 7, AllApplications: w.Applications, AllIntegrations: w.Integrations}
	for i := range w.Employees {
		d.AllEmployees = append(d.AllEmployees, &w.Employees[i])
	}
	for i := range w.Entities {
		d.AllEntities = append(d.AllEntities, &w.Entities[i])
	}
	for _, g := range w.Grants {
		if g.To.IsZero() {
			d.LiveGrants = append(d.LiveGrants, g)
		} else {
			d.EndedGrants = append(d.EndedGrants, g)
		}
	}
	s, err := Build(context.Background(), d)
	require.NoError(t, err)
	s.mark = "mark"
	return w, s
}

// A snapshot that was saved and read answers every question as it did before.
func TestSavedSnapshots(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	worlds := 60
	if testing.Short() {
		worlds = 15
	}
	dir := t.TempDir()
	for i := range worlds {
		r := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // repeatable
		w, s := worldSnapshot(t, r)
		path, err := writeSnapshot(t.Context(), dir, s)
		require.NoError(t, err)
		got, err := readSnapshot(t.Context(), path)
		require.NoError(t, err, "seed %d, world %d", seed, i)
		require.Equal(t, s.Stats(), got.Stats())
		require.Equal(t, "mark", got.mark)
		d := querytest.Differ{Want: s.Reader(querytest.Now), Got: got.Reader(querytest.Now), World: w, Shapes: r, Rand: r, Questions: 5}
		require.NoError(t, d.Run(t.Context()), "seed %d, world %d", seed, i)
		colfile.Remove(dir, savedStem, "")
	}
}

// What reads as columns but cannot be a snapshot is refused, or answers without running out
// of its arrays: each column is changed in turn, in many ways, under a right digest.
func TestOddColumns(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	r := rand.New(rand.NewPCG(seed, 6))   //nolint:gosec // repeatable
	w, s := worldSnapshot(t, r)
	for len(w.Grants) < 30 || len(w.Entities) < 12 || len(w.Employees) < 3 {
		w, s = worldSnapshot(t, r)
	}
	x := &exchange{}
	x.snapshot(s)
	refused, tried := 0, 0
	for i, c := range x.out {
		for change := range 8 {
			if r.IntN(8) > 0 { // all of them take a minute
				continue
			}
			out := append([]colfile.Column(nil), x.out...)
			out[i].Data = disturbed(r, c.Data, change)
			tried++
			require.NotPanics(t, func() {
				if !readOdd(t, w, s, out) {
					refused++
				}
			}, "seed %d: column %s, change %d", seed, c.Name, change)
		}
		if r.IntN(8) == 0 {
			out := append(append([]colfile.Column(nil), x.out[:i]...), x.out[i+1:]...)
			require.False(t, readOdd(t, w, s, out), "without %s", c.Name)
		}
	}
	t.Logf("%d of %d refused", refused, tried)
	require.Greater(t, refused, tried/3)
}

// readOdd writes and reads columns, and asks what was read everything.
func readOdd(t *testing.T, w *querytest.World, s *Snapshot, columns []colfile.Column) bool {
	t.Helper()
	dir := t.TempDir()
	meta := map[string]string{"format": fmt.Sprint(fileFormat), "version": "7", "mark": "mark", "rows": fmt.Sprint(s.n)}
	path, err := colfile.Write(t.Context(), dir, savedStem, meta, columns)
	require.NoError(t, err)
	got, err := readSnapshot(t.Context(), path)
	if err != nil {
		return false
	}
	reader, r := got.Reader(querytest.Now), rand.New(rand.NewPCG(1, 1)) //nolint:gosec // repeatable
	d := querytest.Differ{Want: reader, Got: reader, World: w, Shapes: r, Rand: r, Questions: 1}
	_ = d.Run(t.Context()) // an answer may be wrong or an error, but it comes
	return true
}

// disturbed is a column with one thing wrong.
func disturbed(r *rand.Rand, data any, change int) any {
	v := reflect.ValueOf(data)
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(out, v)
	at := 0
	if v.Len() > 0 {
		at = r.IntN(v.Len())
	}
	odd := reflect.New(v.Type().Elem()).Elem()
	switch odd.Kind() {
	case reflect.String:
		odd.SetString("odd")
	case reflect.Int32, reflect.Int64:
		odd.SetInt(int64([]int32{-2, 1 << 30, 3}[change%3]))
	default:
		odd.SetUint(uint64([]uint8{255, 254, 7}[change%3]))
	}
	switch {
	case change == 0:
		return reflect.Append(out, odd).Interface()
	case v.Len() == 0:
		return out.Interface()
	case change == 1:
		return out.Slice(0, v.Len()-1).Interface()
	case change == 2:
		return out.Slice(0, 0).Interface()
	case change == 3 && v.Len() > 1:
		reflect.Swapper(out.Interface())(at, (at+1)%v.Len())
	default:
		out.Index(at).Set(odd)
	}
	return out.Interface()
}

// FuzzSavedFile: whatever is in the file, reading it ends with an error or a snapshot.
func FuzzSavedFile(f *testing.F) {
	dir := f.TempDir()
	_, s := worldSnapshot(f, rand.New(rand.NewPCG(3, 4))) //nolint:gosec // repeatable
	path, err := writeSnapshot(context.Background(), dir, s)
	require.NoError(f, err)
	whole, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(0, byte(1))
	f.Add(len(whole)-12, byte(255))
	f.Fuzz(func(t *testing.T, at int, with byte) {
		data := append([]byte(nil), whole...)
		if at < 0 || at >= len(data) || with == 0 {
			t.Skip()
		}
		data[at] ^= with
		require.NoError(t, os.WriteFile(path, data, 0o600))
		_, err := readSnapshot(context.Background(), path)
		require.ErrorIs(t, err, colfile.ErrDamaged)
	})
}
