package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// state is everything that a store says about the graph, in its order.
type state struct {
	Version      int64
	Entities     []*access.Entity
	Grants       []access.Grant
	History      []access.Grant
	Applications []access.Application
	Integrations []access.Integration
	Employees    []*access.Employee
	Mappings     []access.Mapping
	Owners       map[string]access.Owners // only those that are not empty
}

// stateOf reads everything; integration "" = all.
func stateOf(t *testing.T, s store.Store, integration string) state {
	t.Helper()
	var st state
	read(t, s, func(ctx context.Context, v store.GraphView) {
		st = state{
			Version:   v.Version(),
			Entities:  collect(t, v.Entities(ctx, integration, true)),
			Grants:    collect(t, v.Grants(ctx, integration)),
			History:   collect(t, v.History(ctx, integration)),
			Employees: collect(t, v.Employees(ctx)),
			Mappings:  collect(t, v.Mappings(ctx, integration)),
			Owners:    map[string]access.Owners{},
		}
		var err error
		st.Applications, err = v.Applications(ctx)
		require.NoError(t, err)
		st.Integrations, err = v.Integrations(ctx)
		require.NoError(t, err)
	})
	st.inUTC()
	ids := make([]string, len(st.Entities))
	for i, e := range st.Entities {
		ids[i] = e.ID
	}
	owners, err := s.BusinessOwners(t.Context(), ids)
	require.NoError(t, err)
	require.Len(t, owners, len(ids))
	for i, o := range owners {
		if !o.Empty() {
			st.Owners[ids[i]] = o
		}
	}
	return st
}

// inUTC makes times comparable: that they are the right instants is what matters.
func (st *state) inUTC() {
	for _, e := range st.Entities {
		utc(&e.FirstSeen, &e.RemovedAt, &e.LastLogin, &e.LatestActivity, &e.LastPasswordChanged)
		for i := range e.Insights {
			utc(&e.Insights[i].Since)
		}
		if e.Mapping != nil {
			utc(&e.Mapping.At)
		}
	}
	for _, gs := range [][]access.Grant{st.Grants, st.History} {
		for i := range gs {
			utc(&gs[i].From, &gs[i].To, &gs[i].LastUsed)
		}
	}
	for i := range st.Integrations {
		utc(&st.Integrations[i].CreatedAt, &st.Integrations[i].LastSync)
	}
	for _, e := range st.Employees {
		utc(&e.StartDate, &e.EndDate)
	}
	for i := range st.Mappings {
		utc(&st.Mappings[i].At)
	}
}

func utc(times ...*time.Time) {
	for _, at := range times {
		if !at.IsZero() {
			*at = at.UTC()
		}
	}
}

// find returns the entity with this id, live or removed, as it was read.
func (st *state) find(t *testing.T, id string) *access.Entity {
	t.Helper()
	for _, e := range st.Entities {
		if e.ID == id {
			return e
		}
	}
	require.Fail(t, "no entity "+id)
	return nil
}

// revision of an integration.
func revision(t *testing.T, s store.Store, key string) int64 {
	t.Helper()
	all, err := s.Integrations(t.Context())
	require.NoError(t, err)
	for _, i := range all {
		if i.Key == key {
			return i.Revision
		}
	}
	return 0
}
