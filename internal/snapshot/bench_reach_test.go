package snapshot_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// BenchmarkReachAll is everything that one identity reaches on one page, with permissions
// and without providers: of the identity with the median reach, and of the one with the
// largest (of some hundred).
func BenchmarkReachAll(b *testing.B) {
	ctx := context.Background()
	s := companySnapshot()
	ask := func(id string, first int) query.AccessPage {
		page, err := s.Reader(time.Unix(1, 0)).Effective(ctx, query.EffectiveQuery{
			Of: []string{id}, Direction: filter.HasAccessTo, NoProviders: true, Page: query.Page{First: first, WithTotal: true},
		})
		if err != nil {
			b.Fatal(err)
		}
		return page[0]
	}
	for _, want := range []int{235, 345} {
		id, total := "", 0
		for _, e := range company().AllEntities[:400] {
			if n := ask(e.ID, 1).Total; n > total && n <= want {
				id, total = e.ID, n
			}
		}
		b.Run(fmt.Sprint(total), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := ask(id, 100_000); len(got.Edges) != total {
					b.Fatal(len(got.Edges))
				}
			}
		})
	}
}
