package discovery

import (
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Paging is a page as callers ask for it; nil = not given.
type Paging struct {
	First  *int
	After  *string
	Last   *int
	Before *string
	// WithTotal asks for the number of all items as well.
	WithTotal bool
}

// Page checks p: 1 to query.MaxFirst items, and only one direction.
func (p Paging) Page() (query.Page, error) {
	page := query.Page{After: text(p.After), Before: text(p.Before), WithTotal: p.WithTotal}
	switch {
	case p.First != nil && p.Last != nil:
		return page, access.Invalid("last", "first and last cannot be combined")
	case page.After != "" && (p.Last != nil || page.Before != ""):
		return page, access.Invalid("after", "after goes with first")
	case page.Before != "" && p.Last == nil:
		return page, access.Invalid("before", "before goes with last")
	}
	var err error
	switch {
	case p.Last != nil:
		page.Last, err = size("last", p.Last)
	default:
		page.First, err = size("first", p.First)
	}
	return page, err
}

func size(path string, n *int) (int, error) {
	switch {
	case n == nil:
		return query.DefaultFirst, nil
	case *n < 1 || *n > query.MaxFirst:
		return 0, access.Invalid(path, "must be between 1 and %d", query.MaxFirst)
	}
	return *n, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
