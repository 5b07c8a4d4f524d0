package discovery

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

func TestPeopleAreRememberedForOneVersion(t *testing.T) {
	var m remembered
	var asked [][]string
	name := "first"
	fetch := func(_ context.Context, ids []string) ([]*access.Employee, error) {
		asked = append(asked, ids)
		out := make([]*access.Employee, len(ids))
		for i, id := range ids {
			if id != "nobody" {
				out[i] = &access.Employee{ID: id, FullName: name}
			}
		}
		return out, nil
	}
	names := func(version int64, ids ...string) (out []string) {
		list, err := m.employees(t.Context(), version, ids, fetch)
		require.NoError(t, err)
		for i, p := range list {
			if p == nil {
				out = append(out, "")
				continue
			}
			require.Equal(t, ids[i], p.ID)
			out = append(out, p.FullName)
		}
		return out
	}
	require.Equal(t, []string{"first", "", "first"}, names(7, "a", "nobody", "b"))
	require.Equal(t, []string{"", "first", "first"}, names(7, "nobody", "c", "a"))
	require.Equal(t, [][]string{{"a", "nobody", "b"}, {"c"}}, asked)
	name = "second"
	require.Equal(t, []string{"first"}, names(7, "a"))
	require.Equal(t, []string{"second"}, names(8, "a"), "a write has advanced the version")
	name = "third"
	require.Equal(t, []string{"third"}, names(7, "a"), "an older request reads by itself")
	require.Equal(t, []string{"second"}, names(8, "a"), "and leaves nothing")
}

func TestThePeopleRememberedAreBounded(t *testing.T) {
	var m remembered
	fetch := func(_ context.Context, ids []string) ([]*access.Employee, error) {
		return make([]*access.Employee, len(ids)), nil
	}
	ids := make([]string, 999)
	for n := range 3 * mostPeople / len(ids) {
		for i := range ids {
			ids[i] = string(rune('a'+n)) + string(rune(i))
		}
		_, err := m.employees(t.Context(), 1, ids, fetch)
		require.NoError(t, err)
		require.LessOrEqual(t, len(m.people), mostPeople)
	}
}
