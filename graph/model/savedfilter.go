package model

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/describe"
	"github.com/accessgraph/accessgraph/internal/savedfilter"
)

// SavedFilter is a saved filter; its own form answers for who may change it.
type SavedFilter struct {
	Of        savedfilter.Filter
	ID        string
	Name      string
	Page      savedfilter.Page
	Filter    JSON
	Search    *string
	Shared    bool
	Sentence  string
	CreatedBy string
	CreatedAt time.Time
	UpdatedBy string
	UpdatedAt time.Time
	Revision  int64
}

// SavedFilterOf shows a saved filter.
func SavedFilterOf(f savedfilter.Filter) *SavedFilter {
	out := &SavedFilter{
		Of: f, ID: f.ID, Name: f.Name, Page: f.Page, Filter: JSON(f.Filter), Shared: f.Shared, CreatedBy: f.Owner.Actor(),
		CreatedAt: f.CreatedAt, UpdatedBy: f.UpdatedBy, UpdatedAt: f.UpdatedAt, Revision: f.Revision,
	}
	if f.Search != "" {
		out.Search = &f.Search
	}
	if parsed, err := f.Parsed(); err == nil {
		out.Sentence = parsed.ExplainSearch(f.Search)
	} else {
		out.Sentence = "a filter that this version cannot read"
	}
	return out
}

// FilterDescription is what is said of a filter.
type FilterDescription struct {
	Sentence string
	Graphql  string
	Compiled func() (describe.Statement, error)
}
