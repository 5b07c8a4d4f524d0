package discovery

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// HintKind says what looks wrong.
type HintKind string

// The kinds of hints.
const (
	NonHumanConnection         HintKind = "NON_HUMAN_CONNECTION"
	ConnectionCycle            HintKind = "CONNECTION_CYCLE"
	SelfGrant                  HintKind = "SELF_GRANT"
	Stub                       HintKind = "STUB"
	UnmappedIdentity           HintKind = "UNMAPPED_IDENTITY"
	ServiceAccountWithoutOwner HintKind = "SERVICE_ACCOUNT_WITHOUT_OWNER"
	NeverActive                HintKind = "NEVER_ACTIVE"
	TerminatedEmployee         HintKind = "TERMINATED_EMPLOYEE"
	IntegrationWithoutOwner    HintKind = "INTEGRATION_WITHOUT_OWNER"
)

// Hint is something that looks wrong in the data as it was loaded.
type Hint struct {
	Kind     HintKind
	Message  string
	Count    int              // entities it concerns
	Entities []*access.Entity // the first hintSample of them, by name; all members of a cycle
	// Filter lists all of them; nil where no filter can.
	Filter      *filter.Filter
	Integration *access.Integration // where one is meant
}

const (
	hintSample = 20
	scanPage   = 5000
)

// DataQuality lists hints of one integration (by id), or of all. Nothing is altered. It
// needs Risk Manager. It scans the entities once: O(entities) time, a page of memory.
func (s *Session) DataQuality(ctx context.Context, integrationID string) ([]Hint, error) {
	r, err := s.readAll(ctx)
	if err != nil {
		return nil, err
	}
	var one *access.Integration
	if integrationID != "" {
		if one, err = s.Integration(ctx, integrationID); err != nil {
			return nil, err
		}
		if one == nil {
			return nil, &access.Error{Code: access.CodeNotFound, Path: "integration", Message: "there is no such integration"}
		}
	}
	q := &quality{session: s, reader: r, one: one}
	for _, step := range []func(context.Context) error{q.filtered, q.nonHuman, q.nesting, q.stubs, q.owners} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return q.hints, nil
}

type quality struct {
	session *Session
	reader  query.Reader
	one     *access.Integration
	hints   []Hint
}

func (q *quality) narrowed(f filter.Filter) filter.Filter {
	if q.one != nil {
		f.Integration = &filter.StringMatch{Eq: &q.one.Name}
	}
	return f
}

// add makes a hint of everything that passes the filter, if anything does.
func (q *quality) add(ctx context.Context, kind HintKind, f filter.Filter, message string) error {
	f = q.narrowed(f)
	page, err := q.reader.Entities(ctx, query.EntityQuery{Filter: &f, Page: query.Page{First: hintSample, WithTotal: true}})
	if err != nil || page.Total == 0 {
		return err
	}
	q.hints = append(q.hints, Hint{Kind: kind, Message: fmt.Sprintf(message, page.Total), Count: page.Total,
		Entities: page.Entities, Filter: &f, Integration: q.one})
	return nil
}

// filtered finds what a filter alone can find.
func (q *quality) filtered(ctx context.Context) error {
	yes := true
	identity := []access.EntityType{access.Identity}
	for _, h := range []struct {
		kind    HintKind
		filter  filter.Filter
		message string
	}{
		{UnmappedIdentity, filter.Filter{IdentityType: []access.IdentityType{access.Unmapped}},
			"%d identities belong to no employee and are no known service accounts"},
		{ServiceAccountWithoutOwner, filter.Filter{IdentityType: []access.IdentityType{access.ServiceAccount}, User: &filter.StringMatch{IsEmpty: &yes}},
			"%d service accounts have nobody who answers for them"},
		{NeverActive, filter.Filter{Type: identity, NeverActive: &yes},
			"%d identities were never active, or their source does not say"},
		{TerminatedEmployee, filter.Filter{Type: identity, Status: []access.Status{access.StatusActive}, EmployeeState: []access.EmployeeState{access.EmployeeTerminated}},
			"%d identities are active although their employee has left"},
	} {
		if err := q.add(ctx, h.kind, h.filter, h.message); err != nil {
			return err
		}
	}
	return nil
}

// nonHuman finds source types of non-human accounts that were declared as connections.
func (q *quality) nonHuman(ctx context.Context) error {
	f := q.narrowed(ofType(access.Connection))
	facets, err := q.reader.Facets(ctx, query.FacetQuery{Filter: &f, By: []filter.Field{filter.FieldSourceType}})
	if err != nil {
		return err
	}
	var types []string
	for _, b := range facets[0].Buckets {
		if access.NonHumanSourceType(b.Value) {
			types = append(types, b.Value)
		}
	}
	if len(types) == 0 {
		return nil
	}
	slices.Sort(types)
	f.SourceType = &filter.StringMatch{In: types}
	return q.add(ctx, NonHumanConnection, f, "%d connections have a source type that names something non-human: "+strings.ReplaceAll(strings.Join(types, ", "), "%", "%%"))
}

// nesting finds cycles among connections and grants of connections on themselves.
func (q *quality) nesting(ctx context.Context) error {
	integration := ""
	if q.one != nil {
		integration = q.one.Key
	}
	pairs, err := q.reader.Nesting(ctx, integration)
	if err != nil {
		return err
	}
	var loops []string
	for _, p := range pairs {
		if p.From == p.To {
			loops = append(loops, p.From)
		}
	}
	for _, ring := range cycles(pairs) {
		if err := q.named(ctx, ConnectionCycle, ring, len(ring), "%d connections contain each other in a circle"); err != nil {
			return err
		}
	}
	if len(loops) == 0 {
		return nil
	}
	return q.named(ctx, SelfGrant, loops, hintSample, "%d connections have a grant on themselves")
}

// named makes a hint of entities known by id, showing the first so many.
func (q *quality) named(ctx context.Context, kind HintKind, ids []string, show int, message string) error {
	list, err := q.reader.EntitiesByID(ctx, ids)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(e *access.Entity) bool { return e == nil })
	slices.SortFunc(list, byName)
	q.hints = append(q.hints, Hint{Kind: kind, Message: fmt.Sprintf(message, len(ids)), Count: len(ids),
		Entities: list[:min(show, len(list))], Integration: q.one})
	return nil
}

// stubs finds entities that no row describes; no filter can tell them.
func (q *quality) stubs(ctx context.Context) error {
	f := q.narrowed(filter.Filter{})
	h := Hint{Kind: Stub, Integration: q.one}
	page := query.Page{First: scanPage}
	for {
		got, err := q.reader.Entities(ctx, query.EntityQuery{Filter: &f, Page: page})
		if err != nil {
			return err
		}
		for _, e := range got.Entities {
			if !e.Stub {
				continue
			}
			h.Count++
			if len(h.Entities) < hintSample {
				h.Entities = append(h.Entities, e)
			}
		}
		if !got.HasNext || len(got.Cursors) == 0 {
			break
		}
		page.After = got.Cursors[len(got.Cursors)-1]
	}
	if h.Count > 0 {
		h.Message = fmt.Sprintf("%d entities are only known as targets of grants: no row describes them", h.Count)
		q.hints = append(q.hints, h)
	}
	return nil
}

// owners finds integrations without a primary owner.
func (q *quality) owners(ctx context.Context) error {
	all, err := q.session.Directory(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Owners.Primary == "" && (q.one == nil || q.one.ID == i.ID) {
			q.hints = append(q.hints, Hint{Kind: IntegrationWithoutOwner, Message: i.Name + " has no primary application owner", Integration: i})
		}
	}
	return nil
}

func byName(a, b *access.Entity) int {
	return cmp.Or(strings.Compare(access.SortKey(a.Name), access.SortKey(b.Name)), strings.Compare(a.ID, b.ID))
}
