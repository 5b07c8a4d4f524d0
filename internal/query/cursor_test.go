package query

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

var orders = [][]Order{
	nil,
	{{Field: ByName, Desc: true}},
	{{Field: ByLastLogin}},
	{{Field: ByLastLogin, Desc: true}, {Field: BySourceType}},
	{{Field: ByType}, {Field: ByStatus, Desc: true}, {Field: BySourceType, Desc: true}, {Field: ByName}},
}

func TestEntityCursorRoundTrip(t *testing.T) {
	for _, order := range orders {
		for _, e := range []*access.Entity{
			{ID: "e_1", Name: "Ärger & Co", Type: access.Identity, Status: access.StatusActive, SourceType: "Team", LastLogin: time.Date(2024, 2, 29, 1, 2, 3, 999999999, time.UTC)},
			{ID: "e_2", Name: "x", Type: access.Resource},
			{ID: "e_3", LastLogin: time.Date(1969, 12, 31, 23, 59, 59, 1, time.UTC)},
		} {
			want := PositionOf(e, order)
			got, err := DecodeEntityCursor("after", EncodeEntityCursor(order, want), order)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
	}
}

func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	p := PositionOf(&access.Entity{ID: "e_1", Name: "a", Type: access.Identity}, nil)
	entity := EncodeEntityCursor(nil, p)
	edge := EncodeAccessCursor(AccessPosition{"61", "e_1"})
	grant := EncodeGrantCursor(GrantPosition{Other: AccessPosition{"61", "e_1"}, Permission: "read"})
	refused := func(err error, path string) {
		t.Helper()
		var e *access.Error
		require.True(t, errors.As(err, &e), "%v", err)
		assert.Equal(t, access.CodeInvalidInput, e.Code)
		assert.Equal(t, path, e.Path)
	}
	_, err := DecodeEntityCursor("after", entity, []Order{{Field: ByName, Desc: true}})
	refused(err, "after")
	_, err = DecodeEntityCursor("before", entity, []Order{{Field: ByName}, {Field: ByType}})
	refused(err, "before")
	for _, bad := range []string{"", "x", "!!", edge, grant, entity + "A", entity[:len(entity)-1], entity + "=", "\x00"} {
		_, err = DecodeEntityCursor("before", bad, nil)
		refused(err, "before")
	}
	for _, bad := range []string{"", entity, grant, edge[:len(edge)-2]} {
		_, err = DecodeAccessCursor("after", bad)
		refused(err, "after")
	}
	for _, bad := range []string{"", entity, edge, grant[:len(grant)-2]} {
		_, err = DecodeGrantCursor("after", bad)
		refused(err, "after")
	}
}

func TestGrantAndAccessCursorRoundTrip(t *testing.T) {
	a := AccessPosition{access.SortKey("Straße"), "e_9"}
	got, err := DecodeAccessCursor("after", EncodeAccessCursor(a))
	require.NoError(t, err)
	assert.Equal(t, a, got)
	for _, from := range []time.Time{{}, time.Date(2020, 1, 1, 0, 0, 0, 5, time.UTC)} {
		g := GrantPosition{Other: a, Permission: "read", Scope: "s\x00", Value: "true", From: from}
		back, err := DecodeGrantCursor("after", EncodeGrantCursor(g))
		require.NoError(t, err)
		assert.Equal(t, g, back)
	}
}

// Missing values come last in both directions and id ascending decides ties.
func TestCompareEntities(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2024, 1, n, 0, 0, 0, 0, time.UTC) }
	es := []*access.Entity{{ID: "d"}, {ID: "c", LastLogin: day(1)}, {ID: "b", LastLogin: day(2)}, {ID: "a"}, {ID: "e", LastLogin: day(1)}}
	ids := func(order []Order) (out []string) {
		rand.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
		slices.SortFunc(es, CompareEntities(order))
		for _, e := range es {
			out = append(out, e.ID)
		}
		return out
	}
	assert.Equal(t, []string{"c", "e", "b", "a", "d"}, ids([]Order{{Field: ByLastLogin}}))
	assert.Equal(t, []string{"b", "c", "e", "a", "d"}, ids([]Order{{Field: ByLastLogin, Desc: true}}))

	es = []*access.Entity{{ID: "1", Name: "beta"}, {ID: "2", Name: "Alpha"}, {ID: "3", Name: "ALPHA"}}
	assert.Equal(t, []string{"2", "3", "1"}, ids(nil), "names are compared without case")
	assert.Equal(t, []string{"1", "2", "3"}, ids([]Order{{Field: ByName, Desc: true}}), "the id stays ascending")
}

func FuzzCursors(f *testing.F) {
	p := EntityPosition{Values: make([]OrderValue, 4), ID: "e_1"}
	p.Values[0].Time = time.Unix(5, 6)
	for _, order := range orders {
		f.Add(EncodeEntityCursor(order, p))
	}
	f.Add(EncodeAccessCursor(AccessPosition{"61", "e_1"}))
	f.Add(EncodeGrantCursor(GrantPosition{Permission: "read", From: time.Unix(1, 0)}))
	f.Add(EncodeDifferenceCursor(DifferencePosition{Source: AccessPosition{"61", "e_1"}, Target: AccessPosition{"", "e_2"}}))
	f.Fuzz(func(t *testing.T, cursor string) {
		// Whatever decodes is canonical; the rest is INVALID_INPUT.
		check := func(back string, err error) {
			t.Helper()
			if err == nil && back != cursor {
				t.Fatalf("%q decodes, but encodes as %q", cursor, back)
			}
			if err != nil && access.CodeOf(err) != access.CodeInvalidInput {
				t.Fatal(err)
			}
		}
		for _, order := range orders {
			p, err := DecodeEntityCursor("after", cursor, order)
			if err != nil {
				check("", err)
				continue
			}
			check(EncodeEntityCursor(order, p), nil)
		}
		a, err := DecodeAccessCursor("after", cursor)
		check(EncodeAccessCursor(a), err)
		g, err := DecodeGrantCursor("after", cursor)
		check(EncodeGrantCursor(g), err)
		d, err := DecodeDifferenceCursor("after", cursor)
		check(EncodeDifferenceCursor(d), err)
	})
}
