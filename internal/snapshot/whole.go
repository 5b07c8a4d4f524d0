package snapshot

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

var (
	_ query.Whole       = (*reader)(nil)
	_ query.WholeEngine = (*Engine)(nil)
)

// Whole implements query.WholeEngine.
func (e *Engine) Whole(ctx context.Context, now time.Time) (query.Whole, error) {
	s, err := e.fresh(ctx)
	if err != nil {
		return nil, err
	}
	return &reader{s, now}, nil
}

// AsOf implements query.Whole.
func (r *reader) AsOf(ctx context.Context, at time.Time) (query.Whole, error) {
	s, err := r.s.AsOf(ctx, at)
	if err != nil {
		return nil, err
	}
	return &reader{s, r.now}, nil
}

// With implements query.Whole.
func (r *reader) With(ctx context.Context, changes []query.Change) (query.Whole, error) {
	s, err := r.s.With(ctx, changes, r.now)
	if err != nil {
		return nil, err
	}
	return &reader{s, r.now}, nil
}

// Differences implements query.Whole.
func (r *reader) Differences(ctx context.Context, after query.Whole, q query.DifferenceQuery) (query.DifferencePage, error) {
	d, err := r.compare(ctx, after, q)
	if err != nil {
		return query.DifferencePage{}, err
	}
	page := query.DifferencePage{PageInfo: query.PageInfo{Total: -1}}
	var from *query.DifferencePosition
	if q.Page.After != "" {
		p, err := query.DecodeDifferenceCursor("after", q.Page.After)
		if err != nil {
			return query.DifferencePage{}, err
		}
		from = &p
	}
	n, _ := window(q.Page)
	total := 0
	start := from
	if q.Page.WithTotal {
		start = nil // what comes before counts as well
	}
	causes := newCauses(d)
	err = d.each(ctx, start, false, func(p *pairDifference) bool {
		total++
		switch {
		case from != nil && d.position(p).Compare(*from) <= 0:
			page.HasPrevious = true
		case len(page.Differences) < n:
			if !q.NoCauses {
				p.causes = causes.of(p)
			}
			one := d.describe(p)
			one.Cursor = query.EncodeDifferenceCursor(d.position(p))
			page.Differences = append(page.Differences, one)
		default:
			page.HasNext = true
			return q.Page.WithTotal
		}
		return true
	})
	if q.Page.WithTotal {
		page.Total = total
	} else if from != nil && !page.HasPrevious {
		page.HasPrevious = d.any(ctx, *from)
	}
	return page, err
}

// EachDifference implements query.Whole.
func (r *reader) EachDifference(ctx context.Context, after query.Whole, q query.DifferenceQuery, yield func(*query.Difference) error) error {
	d, err := r.compare(ctx, after, q)
	if err != nil {
		return err
	}
	var failed error
	err = d.each(ctx, nil, !q.NoCauses, func(p *pairDifference) bool {
		one := d.describe(p)
		failed = yield(&one)
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

func (r *reader) compare(ctx context.Context, after query.Whole, q query.DifferenceQuery) (*difference, error) {
	other, ok := after.(*reader)
	if !ok {
		return nil, access.Errorf(access.CodeInternal, "differences are found between two snapshots, not with a %T", after)
	}
	return compare(ctx, r, other, q)
}
