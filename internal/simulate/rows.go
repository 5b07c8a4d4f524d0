package simulate

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Row is a difference in full, as files and terminals show it.
type Row struct {
	Kind     query.DifferenceKind `json:"kind"`
	Identity End                  `json:"identity"`
	Target   End                  `json:"target"`
	Gained   []Permission         `json:"permissionsGained"`
	Lost     []Permission         `json:"permissionsLost"`
	Causes   []RowCause           `json:"causes"`
}

// End is one end of an access or a grant.
type End struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Type        access.EntityType `json:"type"`
	Integration Named             `json:"integration"`
}

// Named is something of which the name is shown.
type Named struct {
	Name string `json:"name"`
}

// Permission is the name and value of something granted.
type Permission struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// RowCause is a grant that explains the difference.
type RowCause struct {
	Source     End        `json:"source"`
	Target     End        `json:"target"`
	Permission string     `json:"permission"`
	Value      string     `json:"value"`
	Scope      string     `json:"scope"`
	Gained     bool       `json:"gained"`
	At         *time.Time `json:"at"`
	Change     *int       `json:"change"` // of a simulation
}

// Source gives the rows of simulations and of the past, of this process or of a server.
type Source interface {
	// Resolve returns the id of the one live entity that is meant by an id, or whose name,
	// username, e-mail address or source id is equal to text; INVALID_INPUT at path otherwise.
	Resolve(ctx context.Context, path, text string) (string, error)
	// Simulate yields what the changes would give and take.
	Simulate(ctx context.Context, changes []query.Change, q Query, emit func(*Row) error) error
	// Between yields what was gained and lost from one moment to another.
	Between(ctx context.Context, from, to time.Time, q Query, emit func(*Row) error) error
}

// Local answers in this process.
type Local struct{ discovery *discovery.Service }

var _ Source = (*Local)(nil)

// NewLocal returns the source over the product's own services.
func NewLocal(d *discovery.Service) *Local { return &Local{d} }

// Resolve implements Source.
func (l *Local) Resolve(ctx context.Context, path, text string) (string, error) {
	s, err := l.discovery.Begin(ctx)
	if err != nil {
		return "", err
	}
	first := maxCandidates
	page, err := s.Entities(ctx, discovery.ListQuery{Filter: meant(text), Paging: discovery.Paging{First: &first, WithTotal: true}})
	if err != nil {
		return "", err
	}
	one := make([]candidate, len(page.Entities))
	for i, e := range page.Entities {
		where, err := s.IntegrationByKey(ctx, e.Integration)
		if err != nil {
			return "", err
		}
		one[i] = candidate{e.ID, discovery.DisplayName(e, where)}
	}
	return only(path, text, one, page.Total)
}

// Simulate implements Source.
func (l *Local) Simulate(ctx context.Context, changes []query.Change, q Query, emit func(*Row) error) error {
	s, err := l.discovery.Begin(ctx)
	if err != nil {
		return err
	}
	m, err := New(ctx, s, changes)
	if err != nil {
		return err
	}
	return (&localRows{session: s, compared: m.Comparison, ends: map[string]End{}}).each(ctx, q, emit)
}

// Between implements Source.
func (l *Local) Between(ctx context.Context, from, to time.Time, q Query, emit func(*Row) error) error {
	s, err := l.discovery.Begin(ctx)
	if err != nil {
		return err
	}
	c, err := Between(ctx, s.AsOf(from), s.AsOf(to))
	if err != nil {
		return err
	}
	return (&localRows{session: s, compared: c, ends: map[string]End{}}).each(ctx, q, emit)
}

// localRows turns differences into rows.
type localRows struct {
	session  *discovery.Session
	compared *Comparison
	ends     map[string]End // of causes, which are few
}

func (l *localRows) each(ctx context.Context, q Query, emit func(*Row) error) error {
	return l.compared.Each(ctx, q, func(d *query.Difference) error {
		row := Row{Kind: d.Kind, Gained: permissions(d.Gained), Lost: permissions(d.Lost), Causes: make([]RowCause, len(d.Causes))}
		var err error
		if row.Identity, err = l.end(ctx, d.Source); err != nil {
			return err
		}
		if row.Target, err = l.end(ctx, d.Target); err != nil {
			return err
		}
		for i := range d.Causes {
			if row.Causes[i], err = l.cause(ctx, &d.Causes[i]); err != nil {
				return err
			}
		}
		return emit(&row)
	})
}

func (l *localRows) end(ctx context.Context, e *access.Entity) (End, error) {
	out := End{ID: e.ID, Name: e.Name, Type: e.Type}
	i, err := l.session.IntegrationByKey(ctx, e.Integration)
	if i != nil {
		out.Integration.Name = i.Name
	}
	return out, err
}

func (l *localRows) cause(ctx context.Context, c *query.Cause) (RowCause, error) {
	out := RowCause{Permission: c.Grant.Permission, Value: c.Grant.Value, Scope: c.Grant.Scope, Gained: c.Gained}
	if !c.At.IsZero() {
		out.At = &c.At
	}
	if i, ok := l.compared.ChangeOf(c); ok {
		out.Change = &i
	}
	for _, end := range []struct {
		id string
		to *End
	}{{c.Grant.Source, &out.Source}, {c.Grant.Target, &out.Target}} {
		known, ok := l.ends[end.id]
		if !ok {
			e, err := l.session.Entity(ctx, end.id)
			if err != nil {
				return out, err
			}
			if e == nil {
				known = End{ID: end.id}
			} else if known, err = l.end(ctx, e); err != nil {
				return out, err
			}
			l.ends[end.id] = known
		}
		*end.to = known
	}
	return out, nil
}

func permissions(list []access.Permission) []Permission {
	out := make([]Permission, len(list))
	for i, p := range list {
		out[i] = Permission(p)
	}
	return out
}

// maxCandidates is how many entities a message names when a text means several.
const maxCandidates = 5

type candidate struct{ ID, Name string }

// meant selects the entities that a text may mean besides the one with that id.
func meant(text string) *filter.Filter {
	m := &filter.StringMatch{Eq: &text}
	return &filter.Filter{Or: []filter.Filter{{Name: m}, {Username: m}, {Email: m}, {SourceID: m}}}
}

// only returns the id of the one candidate there is.
func only(path, text string, found []candidate, total int) (string, error) {
	switch total {
	case 0:
		return "", access.Invalid(path, "there is no live entity with the id, name, username, e-mail address or source id %q", text)
	case 1:
		return found[0].ID, nil
	}
	names := ""
	for _, c := range found {
		names += "\n  " + c.ID + "  " + c.Name
	}
	if total > len(found) {
		names += "\n  …"
	}
	return "", access.Invalid(path, "%q means %d entities; give the id of one:%s", text, total, names)
}
