package exportjob

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/simulate"
	"github.com/accessgraph/accessgraph/internal/store"
)

type report func(done, total int64, stage string)

// run writes the file of a job, whole or not at all.
func (s *Service) run(ctx context.Context, id string, r Request, tell report) (Result, error) {
	if err := r.Check(); err != nil { // parameters of an older version
		return Result{}, err
	}
	began := s.clock()
	out := Result{Name: r.name(began), Dataset: r.Dataset, Format: r.Format}
	entry, err := audit.Entry(ctx, began, "export.run", id, nil, r)
	if err != nil {
		return Result{}, err
	}
	if _, err := s.audit.Commit(ctx, store.Commit{At: began, Audit: []store.AuditEntry{entry}}); err != nil {
		return Result{}, err
	}
	out.Bytes, err = s.files.write(ctx, id, string(r.Format), func(w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 256<<10)
		var err error
		if out.Rows, err = s.rows(ctx, buffered, r, tell); err != nil {
			return err
		}
		return buffered.Flush()
	})
	if err != nil {
		return Result{}, err
	}
	out.ExpiresAt = s.clock().Add(s.files.ttl).UTC()
	return out, nil
}

func (s *Service) rows(ctx context.Context, w io.Writer, r Request, tell report) (int64, error) {
	if r.Dataset == export.Access {
		return s.local.Access(ctx, w, export.AccessOptions{
			Format: r.Format, Sources: r.Filter, Targets: r.TargetFilter, AsOf: r.AsOf,
			Progress: func(done, total int) { tell(int64(done), int64(total), "sources") },
		})
	}
	chosen, err := r.chosen()
	if err != nil {
		return 0, err
	}
	names, cells := make([]string, len(chosen)), make([]string, len(chosen))
	for i, at := range chosen {
		names[i] = Columns(r.Dataset)[at]
	}
	table, err := export.NewTable(w, r.Format, names)
	if err != nil {
		return 0, err
	}
	rows := int64(0)
	emit := func(all []string) error {
		if len(all) != len(Columns(r.Dataset)) {
			return access.Errorf(access.CodeInternal, "a row of %s has %d cells", r.Dataset, len(all))
		}
		for i, at := range chosen {
			cells[i] = all[at]
		}
		rows++
		return table.Write(cells)
	}
	if r.Dataset == Changes {
		err = s.changes.Between(ctx, r.From, r.To, simulate.Query{Filter: r.Filter, Targets: r.TargetFilter}, func(row *simulate.Row) error {
			tell(rows, 0, "changes")
			return emit(row.Cells())
		})
	} else {
		err = s.local.Select(ctx, r.Dataset, export.Selection{
			Filter: r.Filter, Search: r.Search, AsOf: r.AsOf, Progress: func(done, total int64) { tell(done, total, "entities") },
		}, emit)
	}
	if err != nil {
		return rows, err
	}
	return rows, table.Close()
}

func joined(errs ...error) error { return errors.Join(errs...) }
