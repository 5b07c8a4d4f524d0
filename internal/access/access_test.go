package access

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// These ids are promises: every store and every later version must derive them.
func TestEntityIDsNeverChange(t *testing.T) {
	k := EntityKey{Integration: "GitHub (test)", Project: "example-org", Type: Identity, SourceID: "gh-user-1"}
	require.Equal(t, k.ID(), k.ID())
	require.Regexp(t, `^e_[a-z2-7]{26}$`, k.ID())
	require.Equal(t, "e_3dmn3xqldrb6u5cniy3j3a5jvk", k.ID())
}

func TestKeysDoNotRunIntoOneAnother(t *testing.T) {
	seen := map[string]EntityKey{}
	for _, k := range []EntityKey{
		{"a", "b", Identity, "c"}, {"ab", "", Identity, "c"}, {"", "ab", Identity, "c"}, {"a", "b", Connection, "c"},
		{"a", "b", Identity, "C"}, {"a", "", Identity, "bc"}, {"", "", Identity, ""},
	} {
		require.NotContains(t, seen, k.ID())
		seen[k.ID()] = k
	}
}

func TestFoldIsStableAndIgnoresCaseAndForm(t *testing.T) {
	for _, pair := range [][2]string{{"Straße", "STRASSE"}, {"ΣΊΣΥΦΟΣ", "σίσυφος"}, {"e\u0301", "É"}, {"\u13b9", "\uab89"}, {"\u13f0", "\u13f8"}, {"\u0345\u0301", "\u0301\u0345"}, {"abc", "ABC"}} {
		require.Equal(t, Fold(pair[0]), Fold(pair[1]))
		require.Equal(t, Fold(pair[0]), Fold(Fold(pair[0])))
		require.Equal(t, SortKey(pair[0]), SortKey(pair[1]))
	}
}

func TestFoldOfEveryLetter(t *testing.T) {
	for r := rune(0); r <= 0x1FFFF; r++ {
		for _, s := range []string{string(r), "a\u0345" + string(r), string(r) + "\u0338"} {
			require.Equal(t, Fold(s), Fold(Fold(s)), "%+q", s)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Straße")
	f.Add("\u0345\u0301a")
	f.Fuzz(func(t *testing.T, s string) {
		c := Clean(s)
		require.Equal(t, c, Clean(c))
		require.Equal(t, Fold(c), Fold(Fold(c)))
		require.Regexp(t, `^[0-9a-f]*$`, SortKey(c))
	})
}

func TestValueCounts(t *testing.T) {
	for v, want := range map[string]bool{"true": true, "": true, "limited": true, "1": true, "false": false, " FALSE ": false, "No": false, "0": false, "00": true} {
		require.Equal(t, want, ValueCounts(v), v)
	}
}

func TestEmployeeStateIsAQuestionOfTheDayInTheZone(t *testing.T) {
	e := Employee{StartDate: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), EndDate: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)}
	chicago := time.FixedZone("CT", -6*3600)
	require.Equal(t, EmployeeFuture, e.State(time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)))
	require.Equal(t, EmployeeActive, e.State(time.Date(2026, 3, 10, 23, 59, 0, 0, time.UTC)))
	require.Equal(t, EmployeeTerminated, e.State(time.Date(2026, 3, 11, 1, 0, 0, 0, time.UTC)))
	require.Equal(t, EmployeeActive, e.State(time.Date(2026, 3, 11, 1, 0, 0, 0, time.UTC).In(chicago)))
}

func TestIdentityTypes(t *testing.T) {
	is, owns, none := &MappingRef{Relation: IS}, &MappingRef{Relation: OWNS}, &MappingRef{Relation: NotMapped}
	for _, c := range []struct {
		e    Entity
		want IdentityType
	}{
		{Entity{Type: Connection, Mapping: is}, ""},
		{Entity{Type: Identity}, Unmapped},
		{Entity{Type: Identity, ServiceAccount: True}, ServiceAccount},
		{Entity{Type: Identity, ServiceAccount: True, Mapping: is}, EmployeeIdentity},
		{Entity{Type: Identity, Mapping: owns}, ServiceAccount},
		{Entity{Type: Identity, Mapping: none}, Unmapped},
	} {
		require.Equal(t, c.want, c.e.IdentityType())
	}
}

func TestServiceAccountsByTypeAndName(t *testing.T) {
	for _, c := range []struct {
		sourceType, name string
		want             Tristate
	}{
		{"user", "alice", False}, {"Service Account", "x", True}, {"bot", "x", True}, {"user", "svc-deploy", True},
		{"user", "my.API.key", True}, {"user", "apiary", False}, {"user", "release_bot", True}, {"user", "robotics", False},
	} {
		got, reason := ClassifyServiceAccount(c.sourceType, c.name)
		require.Equal(t, c.want, got, c.name)
		require.Equal(t, got == True, reason != "")
	}
}

func TestRolesIncludeLowerOnes(t *testing.T) {
	require.True(t, Administrator.Includes(Reviewer))
	require.True(t, RiskManager.Includes(RiskManager))
	require.False(t, Reviewer.Includes(RiskManager))
	require.False(t, ProductRole("").Includes(Reviewer))
	r, ok := ParseProductRole(" risk  manager ")
	require.True(t, ok)
	require.Equal(t, RiskManager, r)
	require.True(t, strings.HasPrefix(EmployeeID("A@b.c"), "p_"))
	require.Equal(t, EmployeeID("A@b.c"), EmployeeID("a@B.C"))
}
