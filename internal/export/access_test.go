package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// tabler is a random world that has some access, as a table.
func tabler(t *testing.T, r *rand.Rand) query.Tabler {
	t.Helper()
	w := querytest.RandomWorld(r)
	d := &snapshot.Data{AllIntegrations: w.Integrations}
	for i := range w.Entities {
		d.AllEntities = append(d.AllEntities, &w.Entities[i])
	}
	for _, g := range w.Grants {
		if g.To.IsZero() {
			d.LiveGrants = append(d.LiveGrants, g)
		}
	}
	s, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	return s.Reader(querytest.Now).(query.Tabler) //nolint:forcetypeassert // it is one
}

// ids are the cells of a row that all formats have in one form; chain and providers as ids.
func idRows(t *testing.T, source query.Tabler) []string {
	t.Helper()
	n := source.Names()
	list := func(numbers []uint32) (out []string) {
		for _, e := range numbers {
			out = append(out, n.IDs[e])
		}
		return out
	}
	text := permissionTexts(n.Permissions)
	out := []string{}
	require.NoError(t, source.EachBlock(t.Context(), query.TableQuery{}, func(b *query.AccessBlock) (any, error) { return b, nil }, func(v any) error {
		b := v.(*query.AccessBlock) //nolint:forcetypeassert // as above
		for i := range b.Rows() {
			var permissions []string
			for _, p := range b.Permissions[b.PermissionEnds[i]:b.PermissionEnds[i+1]] {
				permissions = append(permissions, text[p])
			}
			s, e := b.Source[i], b.Target[i]
			out = append(out, fmt.Sprintf("%q", []any{
				n.IDs[s], n.Name.Values[n.Name.At(s)], n.Type.Values[n.Type.At(s)], n.Integration.Values[n.Integration.At(s)],
				n.IDs[e], n.Name.Values[n.Name.At(e)], n.Type.Values[n.Type.At(e)], n.SourceType.Values[n.SourceType.At(e)], n.Integration.Values[n.Integration.At(e)],
				strings.Join(permissions, "; "), fmt.Sprint(b.Direct[i]), strings.Join(list(b.Providers[b.ProviderEnds[i]:b.ProviderEnds[i+1]]), "; "),
				fmt.Sprint(b.Length[i]), strings.Join(list(b.Chain[b.ChainEnds[i]:b.ChainEnds[i+1]]), "; "),
			}))
		}
		return nil
	}))
	return out
}

// recordRows are the rows of a record in the form of idRows.
func recordRows(t *testing.T, rec arrow.Record) (out []string) {
	t.Helper()
	text := func(a arrow.Array, i int) string {
		switch a := a.(type) {
		case *array.Dictionary:
			return a.Dictionary().(*array.String).Value(a.GetValueIndex(i)) //nolint:forcetypeassert // of texts
		case *array.String:
			return a.Value(i)
		}
		t.Fatalf("a text is a %T", a)
		return ""
	}
	for i := range int(rec.NumRows()) {
		var cells []any
		for _, c := range rec.Columns() {
			switch c := c.(type) {
			case *array.List:
				from, to := c.ValueOffsets(i)
				var list []string
				for j := from; j < to; j++ {
					list = append(list, text(c.ListValues(), int(j)))
				}
				cells = append(cells, strings.Join(list, "; "))
			case *array.Boolean:
				cells = append(cells, fmt.Sprint(c.Value(i)))
			case *array.Int32:
				cells = append(cells, fmt.Sprint(c.Value(i)))
			default:
				cells = append(cells, text(c, i))
			}
		}
		out = append(out, fmt.Sprintf("%q", cells))
	}
	return out
}

func readArrow(t *testing.T, b []byte) []string {
	t.Helper()
	r, err := ipc.NewFileReader(bytes.NewReader(b))
	require.NoError(t, err)
	out := []string{}
	for i := range r.NumRecords() {
		rec, err := r.Record(i)
		require.NoError(t, err)
		out = append(out, recordRows(t, rec)...)
	}
	return out
}

func readParquet(t *testing.T, b []byte) []string {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(b), file.WithReadProps(parquet.NewReaderProperties(memory.DefaultAllocator)))
	require.NoError(t, err)
	all, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	require.NoError(t, err)
	table, err := all.ReadTable(t.Context())
	require.NoError(t, err)
	out := []string{}
	rows := array.NewTableReader(table, 1<<20)
	for rows.Next() {
		out = append(out, recordRows(t, rows.Record())...)
	}
	require.NoError(t, rows.Err())
	return out
}

// Every format holds the rows of the table, in order, whatever the size of the parts.
func TestFormatsHoldTheTable(t *testing.T) {
	seen := 0
	for seed := range uint64(60) {
		source := tabler(t, rand.New(rand.NewPCG(seed, 77)))
		want := idRows(t, source)
		seen += len(want)
		for _, rows := range []int{1, 0} {
			write := func(f Format) []byte {
				var b bytes.Buffer
				n, err := WriteAccess(t.Context(), &b, small{source, rows}, AccessOptions{Format: f})
				require.NoError(t, err)
				require.EqualValues(t, len(want), n)
				return b.Bytes()
			}
			require.Equal(t, want, readArrow(t, write(Arrow)), "seed %d", seed)
			require.Equal(t, want, readParquet(t, write(Parquet)), "seed %d", seed)
			cells, err := csv.NewReader(bytes.NewReader(write(CSV))).ReadAll()
			require.NoError(t, err)
			require.Equal(t, Columns(Access), cells[0])
			require.Len(t, cells, len(want)+1)
			for i, row := range cells[1:] {
				require.Contains(t, want[i], fmt.Sprintf("%q", row[0]))
				require.Equal(t, strings.Count(row[13], " > "), int(row[12][0]-'0'), "hops of %q", row[13])
			}
		}
	}
	require.Greater(t, seen, 500)
}

// small makes the parts of a table small.
type small struct {
	query.Tabler
	rows int
}

func (s small) EachBlock(ctx context.Context, q query.TableQuery, prepare func(*query.AccessBlock) (any, error), yield func(any) error) error {
	if s.rows > 0 {
		q.Rows = s.rows
	}
	return s.Tabler.EachBlock(ctx, q, prepare, yield)
}

type full struct{ after int }

var errFull = errors.New("the disk is full")

func (f *full) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A writer that fails, at whatever moment, fails the export.
func TestAFullDiskIsNoticed(t *testing.T) {
	source := tabler(t, rand.New(rand.NewPCG(5, 77)))
	for _, f := range Formats {
		var whole bytes.Buffer
		_, err := WriteAccess(t.Context(), &whole, source, AccessOptions{Format: f})
		require.NoError(t, err)
		for after := 0; after < whole.Len(); after += 1 + whole.Len()/40 {
			_, err := WriteAccess(t.Context(), &full{after}, source, AccessOptions{Format: f})
			require.ErrorIs(t, err, errFull, "%s after %d bytes", f, after)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = WriteAccess(ctx, &whole, source, AccessOptions{Format: f})
		require.ErrorIs(t, err, context.Canceled)
	}
}
