package simulate

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

func p[T any](v T) *T { return &v }

func TestChangesAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text string
		want query.NewGrant
	}{
		{"ada -> on-call", query.NewGrant{Source: "ada", Target: "on-call"}},
		{"  Ada Byrne ->  team x  [member]", query.NewGrant{Source: "Ada Byrne", Target: "team x", Permission: "member"}},
		{"a -> b [role=limited]", query.NewGrant{Source: "a", Target: "b", Permission: "role", Value: "limited"}},
		{"a -> b [x] [admin]", query.NewGrant{Source: "a", Target: "b [x]", Permission: "admin"}},
		{"a->b -> c", query.NewGrant{Source: "a->b", Target: "c"}},
	} {
		got, err := ParseAdd(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, *got.AddGrant, c.text)
	}
	got, err := ParseRemove("a -> b [admin]")
	require.NoError(t, err)
	require.Equal(t, query.GrantMatch{Source: "a", Target: "b", Permission: p("admin")}, *got.RemoveGrant)
	got, err = ParseRemove("a -> b")
	require.NoError(t, err)
	require.Nil(t, got.RemoveGrant.Permission)
	for _, bad := range []string{"", "a", "a -> ", " -> b", "a->b", "->"} {
		_, err := ParseAdd(bad)
		require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%q", bad)
	}
}

func TestFilesOfChanges(t *testing.T) {
	want := []query.Change{
		{AddGrant: &query.NewGrant{Source: "a", Target: "b", Permission: "admin", Value: "limited", Scope: "s"}},
		{RemoveGrant: &query.GrantMatch{Source: "a", Target: "b", Scope: p("")}},
		{Suspend: "c"}, {Delete: "d"},
	}
	for _, text := range []string{
		"- addGrant: {source: a, target: b, permission: admin, value: limited, scope: s}\n- removeGrant: {source: a, target: b, scope: ''}\n- suspend: c\n- delete: d\n",
		`[{"addGrant": {"source":"a","target":"b","permission":"admin","value":"limited","scope":"s"}},{"removeGrant":{"source":"a","target":"b","scope":""}},{"suspend":"c"},{"delete":"d"}]`,
	} {
		got, err := ReadChanges(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for text, path := range map[string]string{
		"":                                       "changes",
		"- suspend: a\n  delete: b\n":            "changes[0]",
		"- suspend: a\n- {}\n":                   "changes[1]",
		"- suspendd: a\n":                        "changes",
		"suspend: a\n":                           "changes",
		"- removeGrant: {source: a, value: x}\n": "changes[0].removeGrant.value",
		strings.Repeat("- suspend: a\n", MaxChanges+1): "changes",
	} {
		_, err := ReadChanges(strings.NewReader(text))
		var e *access.Error
		require.ErrorAs(t, err, &e, text)
		require.Equal(t, path, e.Path, text)
	}
}

// known resolves names by a list.
type known map[string]string

func (k known) Resolve(_ context.Context, path, text string) (string, error) {
	if id, ok := k[text]; ok {
		return id, nil
	}
	return only(path, text, nil, 0)
}

func (known) Simulate(context.Context, []query.Change, Query, func(*Row) error) error { return nil }

func (known) Between(context.Context, time.Time, time.Time, Query, func(*Row) error) error {
	return nil
}

func TestNamesBecomeIDs(t *testing.T) {
	id := access.EntityKey{Integration: "i", Type: access.Identity, SourceID: "x"}.ID()
	changes := []query.Change{{AddGrant: &query.NewGrant{Source: "ada", Target: id}}, {RemoveGrant: &query.GrantMatch{Source: "ada", Target: "team"}}, {Suspend: "ada"}, {Delete: "team"}}
	require.NoError(t, ResolveAll(t.Context(), known{"ada": "e_1", "team": "e_2"}, changes))
	require.Equal(t, []query.Change{{AddGrant: &query.NewGrant{Source: "e_1", Target: id}}, {RemoveGrant: &query.GrantMatch{Source: "e_1", Target: "e_2"}}, {Suspend: "e_1"}, {Delete: "e_2"}}, changes)
	err := ResolveAll(t.Context(), known{}, []query.Change{{Suspend: id}, {RemoveGrant: &query.GrantMatch{Source: id, Target: "gone"}}})
	var e *access.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "changes[1].removeGrant.target", e.Path)
	_, err = only("delete", "x", []candidate{{"e_1", "One"}, {"e_2", "Two"}}, 7)
	require.Equal(t, "delete: \"x\" means 7 entities; give the id of one:\n  e_1  One\n  e_2  Two\n  …", err.Error())
}

// A cause is put down to the last change that touches its grant.
func TestWhichChangeDidIt(t *testing.T) {
	grant := access.Grant{Source: "a", Target: "b", Permission: "read", Value: "true"}
	lost, gained := query.Cause{Grant: grant}, query.Cause{Grant: grant, Gained: true}
	for _, c := range []struct {
		change       query.Change
		lost, gained bool
	}{
		{query.Change{AddGrant: &query.NewGrant{Source: "a", Target: "b", Permission: "read"}}, true, true},
		{query.Change{AddGrant: &query.NewGrant{Source: "a", Target: "b", Permission: "write"}}, false, false},
		{query.Change{RemoveGrant: &query.GrantMatch{Source: "a", Target: "b"}}, true, false},
		{query.Change{RemoveGrant: &query.GrantMatch{Source: "a", Target: "b", Permission: p("write")}}, false, false},
		{query.Change{Delete: "a"}, true, false},
		{query.Change{Delete: "b"}, true, false},
		{query.Change{Delete: "c"}, false, false},
		{query.Change{Suspend: "a"}, false, false},
	} {
		compared := &Comparison{changes: []query.Change{{Suspend: "z"}, c.change, {Suspend: "y"}}}
		for cause, want := range map[*query.Cause]bool{&lost: c.lost, &gained: c.gained} {
			i, ok := compared.ChangeOf(cause)
			require.Equal(t, want, ok, "%+v %+v", c.change, cause)
			require.True(t, !ok || i == 1)
		}
	}
}

// pagesOf answers with pages of one row each, of a graph version each.
func pagesOf(versions ...int) Ask {
	n := 0
	return func(_ context.Context, request []byte) ([]byte, error) {
		var asked struct{ Variables map[string]any }
		if err := json.Unmarshal(request, &asked); err != nil {
			return nil, err
		}
		v := versions[n]
		n++
		return json.Marshal(map[string]any{
			"data": map[string]any{"rows": map[string]any{
				"pageInfo": map[string]any{"hasNextPage": n < len(versions), "endCursor": "c"},
				"edges":    []any{map[string]any{"node": map[string]any{"kind": "LOST", "identity": map[string]any{"name": asked.Variables["after"]}}}},
			}},
			"extensions": map[string]any{"accessgraph": map[string]any{"graphVersion": v}},
		})
	}
}

func TestPagesOfAServerFitTogether(t *testing.T) {
	var names []string
	collect := func(r *Row) error { names = append(names, r.Identity.Name); return nil }
	require.NoError(t, NewRemote(pagesOf(3, 3, 3)).Between(t.Context(), time.Unix(1, 0), time.Unix(2, 0), Query{}, collect))
	require.Equal(t, []string{"", "c", "c"}, names)
	err := NewRemote(pagesOf(3, 4)).Between(t.Context(), time.Unix(1, 0), time.Unix(2, 0), Query{}, collect)
	require.Equal(t, access.CodeConflict, access.CodeOf(err))
	failure := errors.New("enough")
	require.ErrorIs(t, NewRemote(pagesOf(3, 3)).Between(t.Context(), time.Unix(1, 0), time.Unix(2, 0), Query{}, func(*Row) error { return failure }), failure)
	err = NewRemote(func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}`), nil
	}).Simulate(t.Context(), []query.Change{{Suspend: "a"}}, Query{}, collect)
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
}
