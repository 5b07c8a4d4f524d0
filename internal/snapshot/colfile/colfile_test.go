package colfile_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/snapshot/colfile"
)

func columns() []colfile.Column {
	return []colfile.Column{
		{"small", []uint8{1, 2, 3}}, {"rows", []uint32{7, 8}}, {"words", []uint64{1 << 63}}, {"half", []uint16{65535}},
		{"at", []int64{-1, 0, 1 << 62}}, {"index", []int32{-1}}, {"texts", []string{"", "é", "", "x\xff"}},
		{"none", []uint32{}}, {"no texts", []string{}},
	}
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	path, err := colfile.Write(t.Context(), dir, "stem", map[string]string{"version": "7"}, columns())
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, []string{path}, colfile.Find(dir, "stem"))
	require.Empty(t, colfile.Find(dir, "ste"))
	f, err := colfile.Read(t.Context(), path, "stem")
	require.NoError(t, err)
	require.Equal(t, "7", f.Meta["version"])
	take[uint8](t, f, 0)
	take[uint32](t, f, 1)
	take[uint64](t, f, 2)
	take[uint16](t, f, 3)
	take[int64](t, f, 4)
	take[int32](t, f, 5)
	take[string](t, f, 6)
	empty, err := colfile.Take[uint32](f, "none")
	require.NoError(t, err)
	require.Empty(t, empty)
	none, err := colfile.Take[string](f, "no texts")
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = colfile.Take[uint32](f, "small")
	require.ErrorIs(t, err, colfile.ErrDamaged)
	_, err = colfile.Take[uint32](f, "missing")
	require.ErrorIs(t, err, colfile.ErrDamaged)

	_, err = colfile.Write(t.Context(), dir, "stem", nil, []colfile.Column{{"odd", []bool{true}}})
	require.ErrorContains(t, err, "odd")
	again, err := colfile.Write(t.Context(), dir, "stem", map[string]string{"version": "8"}, columns())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "stem-1.tmp"), nil, 0o600))
	colfile.Remove(dir, "stem", again)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func take[T colfile.Number | string](t *testing.T, f *colfile.File, i int) {
	t.Helper()
	got, err := colfile.Take[T](f, columns()[i].Name)
	require.NoError(t, err)
	require.Equal(t, columns()[i].Data, got)
}

func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := colfile.Write(ctx, dir, "stem", nil, columns())
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "nothing is left behind")
}

// Any flipped bit, any cut and any addition is found.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	big := make([]uint64, 400_000) // several pages
	for i := range big {
		big[i] = r.Uint64()
	}
	path, err := colfile.Write(t.Context(), dir, "stem", map[string]string{"version": "7"}, append(columns(), colfile.Column{Name: "big", Data: big}))
	require.NoError(t, err)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	refused := func(data []byte) {
		t.Helper()
		require.NoError(t, os.WriteFile(path, data, 0o600))
		_, err := colfile.Read(t.Context(), path, "stem")
		require.ErrorIs(t, err, colfile.ErrDamaged)
	}
	for range 300 {
		data := append([]byte(nil), whole...)
		data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		refused(data)
	}
	for range 50 {
		refused(whole[:r.IntN(len(whole))])
	}
	refused(append(append([]byte(nil), whole...), 0))
	refused(nil)
	page := append([]byte(nil), whole...)
	copy(page[1<<20:2<<20], whole[2<<20:3<<20])
	copy(page[2<<20:3<<20], whole[1<<20:2<<20])
	refused(page)
	require.NoError(t, os.WriteFile(path, whole, 0o600))
	_, err = colfile.Read(t.Context(), path, "stem")
	require.NoError(t, err)
	_, err = colfile.Read(t.Context(), path, "other")
	require.ErrorIs(t, err, colfile.ErrDamaged)
	_, err = colfile.Read(t.Context(), filepath.Join(dir, "stem-00000000000000000000000000000000.arrow"), "stem")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Whatever texts and numbers are written read back the same.
func TestProperty(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.String()).Draw(t, "texts")
		numbers := rapid.SliceOf(rapid.Uint32()).Draw(t, "numbers")
		path, err := colfile.Write(context.Background(), dir, "p", nil, []colfile.Column{{"t", texts}, {"n", numbers}})
		require.NoError(t, err)
		f, err := colfile.Read(context.Background(), path, "p")
		require.NoError(t, err)
		gotTexts, err := colfile.Take[string](f, "t")
		require.NoError(t, err)
		gotNumbers, err := colfile.Take[uint32](f, "n")
		require.NoError(t, err)
		require.Len(t, gotTexts, len(texts))
		require.ElementsMatch(t, texts, gotTexts)
		require.ElementsMatch(t, numbers, gotNumbers)
		colfile.Remove(dir, "p", "")
	})
}
