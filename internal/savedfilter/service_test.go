package savedfilter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/savedfilter"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
	"github.com/accessgraph/accessgraph/internal/store/neo4j"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

type fixture struct {
	*savedfilter.Service
	store store.Store
}

// onStores runs a test on both stores.
func onStores(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Run("embedded", func(t *testing.T) {
		s, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		test(t, fixture{savedfilter.New(s, time.Now), s})
	})
	t.Run("neo4j", func(t *testing.T) {
		server := neo4jtest.Acquire(t)
		neo4jtest.Fresh(t, server)
		s, err := neo4j.Open(t.Context(), neo4j.Config{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		test(t, fixture{savedfilter.New(s, time.Now), s})
	})
}

func as(role access.ProductRole, key string) context.Context {
	return auth.WithPrincipal(context.Background(), auth.Principal{Kind: auth.KindAPIKey, KeyID: "agk_" + key, Roles: []access.ProductRole{role}})
}

var (
	manager, otherManager = as(access.RiskManager, "manager"), as(access.RiskManager, "other")
	admin                 = as(access.Administrator, "admin")
	reviewer              = as(access.Reviewer, "reviewer")
)

func ptr[T any](v T) *T { return &v }

func save(name, json string) savedfilter.Save {
	return savedfilter.Save{Name: name, Page: savedfilter.Identities, Filter: []byte(json)}
}

func names(t *testing.T, f fixture, ctx context.Context, page savedfilter.Page, search string) []string { //nolint:revive // the context says who asks
	t.Helper()
	list, err := f.List(ctx, page, search)
	require.NoError(t, err)
	out := []string{}
	for _, one := range list {
		out = append(out, one.Name)
	}
	return out
}

func code(err error) access.Code { return access.CodeOf(err) }

func TestLifecycle(t *testing.T) {
	onStores(t, func(t *testing.T, f fixture) {
		in := save(" Sales ", `{"department":{"eq":"Sales"}}`)
		in.Search = " bob "
		a, err := f.Save(manager, in)
		require.NoError(t, err)
		require.Equal(t, "Sales", a.Name)
		require.Equal(t, "bob", a.Search)
		require.True(t, a.Shared)
		require.EqualValues(t, 1, a.Revision)
		got, err := f.Get(reviewer, a.ID)
		require.NoError(t, err)
		require.Equal(t, a.Filter, got.Filter)
		require.Equal(t, a.Revision, got.Revision)
		require.Equal(t, savedfilter.Identities, got.Page)

		_, err = f.Save(otherManager, save("sALES", `{}`))
		require.Equal(t, access.CodeConflict, code(err))
		require.Contains(t, err.Error(), `named "sALES"`)
		_, err = f.Save(otherManager, savedfilter.Save{Name: "SALES", Page: savedfilter.Identities, Filter: []byte(`{}`), Overwrite: true})
		require.Equal(t, access.CodeForbidden, code(err), "somebody else's")

		over := save("SALES", `{"status":["ACTIVE"]}`)
		over.Overwrite = true
		b, err := f.Save(manager, over)
		require.NoError(t, err)
		require.Equal(t, a.ID, b.ID)
		require.Equal(t, "SALES", b.Name)
		require.EqualValues(t, 2, b.Revision)

		change := save("Sales", `{"status":["SUSPENDED"]}`)
		change.ID, change.Revision = a.ID, ptr(int64(1))
		_, err = f.Save(manager, change)
		require.Equal(t, access.CodeConflict, code(err), "an old revision")
		change.Revision = ptr(int64(2))
		c, err := f.Save(admin, change)
		require.NoError(t, err, "administrators change any")
		require.Equal(t, "agk_admin", c.UpdatedBy)
		require.Equal(t, "agk_manager", c.Owner.KeyID)

		d, err := f.Save(manager, save("Ada", `{}`))
		require.NoError(t, err)
		_, err = f.Rename(manager, d.ID, "sales", nil)
		require.Equal(t, access.CodeConflict, code(err))
		_, err = f.Rename(manager, d.ID, "ADA", nil)
		require.NoError(t, err, "its own name in another case")
		_, err = f.Rename(manager, d.ID, "Zoe", ptr(int64(1)))
		require.Equal(t, access.CodeConflict, code(err))
		_, err = f.Rename(manager, d.ID, "Zoe", ptr(int64(2)))
		require.NoError(t, err)
		require.Equal(t, []string{"Sales", "Zoe"}, names(t, f, reviewer, "", ""))
		require.Equal(t, []string{"Zoe"}, names(t, f, reviewer, savedfilter.Identities, "zO"))
		require.Empty(t, names(t, f, reviewer, savedfilter.Resources, ""))
		_, err = f.Save(manager, save("ada", `{}`))
		require.NoError(t, err, "the name is free again")

		require.Equal(t, access.CodeForbidden, code(f.Delete(reviewer, a.ID, nil)))
		require.Equal(t, access.CodeConflict, code(f.Delete(manager, a.ID, ptr(int64(1)))))
		require.NoError(t, f.Delete(manager, a.ID, ptr(int64(3))))
		require.Equal(t, access.CodeNotFound, code(f.Delete(manager, a.ID, nil)))
		_, err = f.Save(manager, save("SALES", `{}`))
		require.NoError(t, err)

		rows, err := f.store.AuditEntries(t.Context(), store.AuditQuery{Object: a.ID})
		require.NoError(t, err)
		var actions []string
		for _, r := range rows {
			actions = append(actions, r.Action)
		}
		require.ElementsMatch(t, []string{"savedFilter.create", "savedFilter.update", "savedFilter.update", "savedFilter.delete"}, actions)
	})
}

func TestPersonalFilters(t *testing.T) {
	onStores(t, func(t *testing.T, f fixture) {
		mine, err := f.Save(reviewer, save("mine", `{}`))
		require.NoError(t, err)
		require.False(t, mine.Shared)
		require.Empty(t, names(t, f, manager, "", ""))
		_, err = f.Get(manager, mine.ID)
		require.Equal(t, access.CodeNotFound, code(err))
		_, err = f.Rename(manager, mine.ID, "x", nil)
		require.Equal(t, access.CodeNotFound, code(err), "that it exists is not said")
		require.Equal(t, []string{"mine"}, names(t, f, admin, "", ""))
		over := save("Mine", `{}`)
		over.Overwrite = true
		_, err = f.Save(manager, over)
		require.Error(t, err, "a hidden one is not overwritten, nor asked for without end")

		share := save("mine", `{}`)
		share.ID, share.Shared = mine.ID, ptr(true)
		_, err = f.Save(reviewer, share)
		require.NoError(t, err)
		require.Equal(t, []string{"mine"}, names(t, f, manager, "", ""))
		_, err = f.Rename(manager, mine.ID, "x", nil)
		require.Equal(t, access.CodeForbidden, code(err))

		// Another key of the same employee is the same person.
		employee := func(key string) context.Context {
			return auth.WithPrincipal(context.Background(), auth.Principal{Kind: auth.KindAPIKey, KeyID: key, EmployeeID: "p_1", Roles: []access.ProductRole{access.Reviewer}})
		}
		theirs, err := f.Save(employee("agk_1"), save("theirs", `{}`))
		require.NoError(t, err)
		_, err = f.Rename(employee("agk_2"), theirs.ID, "ours", nil)
		require.NoError(t, err)
	})
}

func TestRefusedInput(t *testing.T) {
	f := fixture{savedfilter.New(nil, time.Now), nil}
	long := make([]byte, 201)
	for i := range long {
		long[i] = 'x'
	}
	for name, c := range map[string]struct {
		in   savedfilter.Save
		path string
	}{
		"no name":        {save(" ", `{}`), "name"},
		"long name":      {save(string(long), `{}`), "name"},
		"two lines":      {save("a\nb", `{}`), "name"},
		"no page":        {savedfilter.Save{Name: "a", Page: "x", Filter: []byte(`{}`)}, "page"},
		"no JSON":        {save("a", `{`), "filter"},
		"nothing":        {save("a", ``), "filter"},
		"unknown field":  {save("a", `{"colour":"red"}`), "filter"},
		"unknown nested": {save("a", `{"having":[{"entity":{"kolour":1}}]}`), "filter"},
		"bad value":      {save("a", `{"type":["TREE"]}`), "filter.type[0]"},
		"bad having":     {save("a", `{"having":[{"atLeast":0}]}`), "filter.having[0].atLeast"},
	} {
		_, err := f.Save(manager, c.in)
		var e *access.Error
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, access.CodeInvalidInput, e.Code, name)
		require.Equal(t, c.path, e.Path, name)
	}
	_, err := f.Save(context.Background(), save("a", `{}`))
	require.Equal(t, access.CodeUnauthenticated, code(err))
	_, err = f.List(context.Background(), "", "")
	require.Equal(t, access.CodeUnauthenticated, code(err))
}

// TestRaces: of many that want a name one gets it, whatever they do to get it.
func TestRaces(t *testing.T) {
	onStores(t, func(t *testing.T, f fixture) {
		for round := range 5 {
			name := fmt.Sprintf("name %d", round)
			var others []savedfilter.Filter
			for i := range 3 {
				o, err := f.Save(manager, save(fmt.Sprintf("other %d %d", round, i), `{}`))
				require.NoError(t, err)
				others = append(others, o)
			}
			var wg sync.WaitGroup
			errs := make([]error, 9)
			for i := range errs {
				wg.Go(func() {
					spelled := name
					if i%2 == 0 {
						spelled = "NAME " + name[5:]
					}
					if i < len(others) {
						_, errs[i] = f.Rename(manager, others[i].ID, spelled, nil)
						return
					}
					_, errs[i] = f.Save(manager, save(spelled, `{}`))
				})
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
					continue
				}
				require.Equal(t, access.CodeConflict, code(err), "%v", err)
			}
			require.Equal(t, 1, won)
			require.Len(t, names(t, f, manager, "", name), 1)
		}
		// Changes of one filter by many are all made, one after the other.
		one, err := f.Save(manager, save("counted", `{}`))
		require.NoError(t, err)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				_, err := f.Rename(manager, one.ID, fmt.Sprintf("counted %d", i), nil)
				require.NoError(t, err)
			})
		}
		wg.Wait()
		got, err := f.Get(manager, one.ID)
		require.NoError(t, err)
		require.EqualValues(t, 9, got.Revision)
		all, err := f.store.FindRecords(t.Context(), store.RecordQuery{Kind: "SavedFilterName"})
		require.NoError(t, err)
		require.Len(t, all, len(names(t, f, admin, "", "")), "a claim for each filter, none left over")
	})
}

func TestFit(t *testing.T) {
	const all = `{"type":["IDENTITY"],"name":{"contains":"a"},"mfaEnabled":["TRUE"],"department":{"eq":"Sales"},"application":{"eq":"GitHub"},
		"or":[{"username":{"eq":"x"}},{"status":["ACTIVE"]}],"not":{"external":["TRUE"]},"having":[{"entity":{"type":["RESOURCE"]}}]}`
	f, err := filter.Parse([]byte(all), "filter")
	require.NoError(t, err)
	for page, want := range map[savedfilter.Page]struct {
		left    string
		dropped []string
	}{
		savedfilter.Entities:   {all, []string{}},
		savedfilter.Identities: {`{"name":{"contains":"a"},"mfaEnabled":["TRUE"],"department":{"eq":"Sales"},"application":{"eq":"GitHub"},"or":[{"username":{"eq":"x"}},{"status":["ACTIVE"]}],"not":{"external":["TRUE"]},"having":[{"entity":{"type":["RESOURCE"]}}]}`, []string{"type"}},
		savedfilter.Resources: {`{"name":{"contains":"a"},"department":{"eq":"Sales"},"application":{"eq":"GitHub"},"or":[{},{"status":["ACTIVE"]}],"not":{},"having":[{"entity":{"type":["RESOURCE"]}}]}`,
			[]string{"mfaEnabled", "not.external", "or[0].username", "type"}},
		savedfilter.Applications: {`{"application":{"eq":"GitHub"},"or":[{},{}],"not":{}}`,
			[]string{"department", "having", "mfaEnabled", "name", "not.external", "or[0].username", "or[1].status", "type"}},
		savedfilter.Employees: {`{"department":{"eq":"Sales"},"or":[{},{}],"not":{}}`,
			[]string{"application", "having", "mfaEnabled", "name", "not.external", "or[0].username", "or[1].status", "type"}},
	} {
		got, dropped, err := savedfilter.Fit(f, page)
		require.NoError(t, err)
		raw, err := json.Marshal(got)
		require.NoError(t, err)
		require.JSONEq(t, want.left, string(raw), page)
		require.Equal(t, want.dropped, dropped, page)
	}
}
