package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/query"
)

// AccessOptions say what of the effective access is written, and how.
type AccessOptions struct {
	Format           Format
	Sources, Targets *filter.Filter
	AsOf             time.Time // zero = the present
	// Progress, if any, is told how many of the sources are done.
	Progress func(done, total int)
}

// Check validates the options.
func (o *AccessOptions) Check() error {
	if _, err := ParseFormat(string(o.Format)); err != nil {
		return err
	}
	if err := o.Sources.Validate("filter"); err != nil {
		return err
	}
	return o.Targets.Validate("targetFilter")
}

// Access writes who reaches what: a row for each source and each target that it reaches,
// through connections too, with the providers and the shortest chain. It returns the
// number of rows and needs Risk Manager. Everything is of one graph version. It is
// answered from memory; where there is none, UNAVAILABLE.
func (l *Local) Access(ctx context.Context, w io.Writer, o AccessOptions) (int64, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return 0, err
	}
	if err := o.Check(); err != nil {
		return 0, err
	}
	now, err := l.now(ctx)
	if err != nil {
		return 0, err
	}
	whole, err := query.ReadWhole(ctx, l.engine, now)
	if err != nil {
		return 0, err
	}
	if !o.AsOf.IsZero() {
		if whole, err = whole.AsOf(ctx, o.AsOf); err != nil {
			return 0, err
		}
	}
	t, ok := whole.(query.Tabler)
	if !ok {
		return 0, access.Errorf(access.CodeUnavailable, "effective access is exported from memory alone: run with --engine auto or memory")
	}
	return WriteAccess(ctx, w, t, o)
}

// WriteAccess is Access from t. Rows are put together on all cores and written in order.
func WriteAccess(ctx context.Context, w io.Writer, t query.Tabler, o AccessOptions) (int64, error) {
	out, err := newBlockWriter(w, t.Names(), o.Format)
	if err != nil {
		return 0, err
	}
	var rows int64
	type part struct {
		rows int
		of   any
	}
	q := query.TableQuery{Sources: o.Sources, Targets: o.Targets, Rows: out.rows(), Progress: o.Progress}
	if err := t.EachBlock(ctx, q, func(b *query.AccessBlock) (any, error) {
		of, err := out.prepare(b)
		return part{b.Rows(), of}, err
	}, func(v any) error {
		p := v.(part) //nolint:forcetypeassert // as above
		rows += int64(p.rows)
		if p.rows == 0 {
			return nil
		}
		return broken(out.write(p.of))
	}); err != nil {
		return rows, err
	}
	return rows, broken(out.close())
}

// blockWriter writes blocks in one format. prepare may run many times at once; write is
// given what it made, in order.
type blockWriter interface {
	rows() int // how many rows a block should have
	prepare(b *query.AccessBlock) (any, error)
	write(prepared any) error
	close() error
}

func newBlockWriter(w io.Writer, names query.AccessNames, f Format) (blockWriter, error) {
	switch f {
	case Arrow:
		return newArrowWriter(w, names)
	case Parquet:
		return newParquetWriter(w, names)
	}
	return newCSVBlocks(w, names)
}

// csvBlocks writes CSV that is safe to open in a spreadsheet.
type csvBlocks struct {
	w           io.Writer
	names       query.AccessNames
	permissions []string // as permissionList writes them
}

func newCSVBlocks(w io.Writer, names query.AccessNames) (blockWriter, error) {
	c := &csvBlocks{w: w, names: names, permissions: permissionTexts(names.Permissions)}
	head := csv.NewWriter(w)
	if err := head.Write(Columns(Access)); err != nil {
		return nil, broken(err)
	}
	head.Flush()
	return c, broken(head.Error())
}

// permissionTexts are the permissions as texts; a value other than true stands behind its name.
func permissionTexts(list []access.Permission) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
		if p.Value != "true" {
			out[i] += "=" + p.Value
		}
	}
	return out
}

func (*csvBlocks) rows() int { return 0 }

func (c *csvBlocks) prepare(b *query.AccessBlock) (any, error) {
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	names := &c.names
	name := func(e uint32) string { return names.Name.Values[names.Name.At(e)] }
	cells := make([]string, len(Columns(Access)))
	list := func(numbers []uint32, text func(uint32) string, between string) string {
		n := 0
		for _, x := range numbers {
			n += len(text(x)) + len(between)
		}
		all := make([]byte, 0, n)
		for i, x := range numbers {
			if i > 0 {
				all = append(all, between...)
			}
			all = append(all, text(x)...)
		}
		return ingest.EscapeFormula(string(all))
	}
	end := func(e uint32) [5]string {
		return [5]string{
			ingest.EscapeFormula(names.IDs[e]), ingest.EscapeFormula(name(e)), names.Type.Values[names.Type.At(e)],
			ingest.EscapeFormula(names.SourceType.Values[names.SourceType.At(e)]), ingest.EscapeFormula(names.Integration.Values[names.Integration.At(e)]),
		}
	}
	var source [5]string
	for i := range b.Rows() {
		if i == 0 || b.Source[i] != b.Source[i-1] {
			source = end(b.Source[i])
		}
		target := end(b.Target[i])
		copy(cells, []string{source[0], source[1], source[2], source[4], target[0], target[1], target[2], target[3], target[4]})
		cells[9] = list(b.Permissions[b.PermissionEnds[i]:b.PermissionEnds[i+1]], func(p uint32) string { return c.permissions[p] }, "; ")
		cells[10] = strconv.FormatBool(b.Direct[i])
		cells[11] = list(b.Providers[b.ProviderEnds[i]:b.ProviderEnds[i+1]], name, "; ")
		cells[12] = strconv.Itoa(int(b.Length[i]))
		cells[13] = list(b.Chain[b.ChainEnds[i]:b.ChainEnds[i+1]], name, " > ")
		if err := out.Write(cells); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return text.Bytes(), out.Error()
}

func (c *csvBlocks) write(prepared any) error {
	_, err := c.w.Write(prepared.([]byte)) //nolint:forcetypeassert // as prepare returns it
	return err
}

func (*csvBlocks) close() error { return nil }
