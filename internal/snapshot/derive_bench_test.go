package snapshot_test

import (
	"context"
	"testing"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// What a simulation, a past moment and their differences cost, apart from the questions
// asked of them.
func BenchmarkDerive(b *testing.B) {
	s := companySnapshot()
	d := company()
	now := time.Unix(1800000000, 0)
	whole := s.Reader(now).(query.Whole) //nolint:forcetypeassert // as of Reader
	person, group := d.AllEntities[5].ID, d.AllEntities[20000*scale+3].ID
	add := []query.Change{{AddGrant: &query.NewGrant{Source: person, Target: group}}}
	nest := []query.Change{{AddGrant: &query.NewGrant{Source: group, Target: d.AllEntities[20000*scale+900].ID}}}
	for name, changes := range map[string][]query.Change{"join": add, "nest": nest} {
		b.Run("with/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := whole.With(context.Background(), changes); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("difference/"+name, func(b *testing.B) {
			after, err := whole.With(context.Background(), changes)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				n = 0
				if err := whole.EachDifference(context.Background(), after, query.DifferenceQuery{}, func(*query.Difference) error { n++; return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "differences")
		})
	}
	// Who gained access to one resource: everything there is was gained.
	b.Run("difference/of one target", func(b *testing.B) {
		before, err := whole.AsOf(context.Background(), time.Unix(0, 0))
		if err != nil {
			b.Fatal(err)
		}
		page, err := whole.Ranked(context.Background(), query.RankQuery{Filter: &filter.Filter{Type: []access.EntityType{access.Resource}}, Direction: filter.AccessibleBy, First: 1})
		if err != nil {
			b.Fatal(err)
		}
		q := query.DifferenceQuery{Targets: &filter.Filter{IDs: []string{page[0].Entity.ID}}, Page: query.Page{First: 50, WithTotal: true}}
		n := 0
		for b.Loop() {
			found, err := before.Differences(context.Background(), whole, q)
			if err != nil {
				b.Fatal(err)
			}
			n = found.Total
		}
		b.ReportMetric(float64(n), "differences")
	})
	for name, at := range map[string]time.Time{"same": now, "empty": time.Unix(0, 0)} {
		b.Run("as of/"+name, func(b *testing.B) {
			for b.Loop() {
				at = at.Add(1) // the moments asked for last are kept
				if _, err := whole.AsOf(context.Background(), at); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
