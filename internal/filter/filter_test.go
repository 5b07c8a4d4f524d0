package filter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

func TestParseNamesTheBadField(t *testing.T) {
	for _, c := range []struct{ in, path, message string }{
		{`{"nom":{"eq":"x"}}`, "filter", "nom"},
		{`{"name":"x"}`, "filter.name", "string"},
		{`{`, "filter", "unexpected"},
		{`{} {}`, "filter", "after the end"},
		{`{"type":["PERSON"]}`, "filter.type[0]", "PERSON"},
		{`{"and":[{},{"inactiveForDays":-1}]}`, "filter.and[1].inactiveForDays", "between"},
		{`{"having":[{"atLeast":0}]}`, "filter.having[0].atLeast", "1 or more"},
		{`{"having":[{"none":true,"atLeast":2}]}`, "filter.having[0].atLeast", "none"},
		{`{"having":[{"reach":"DIRECT","via":{"name":{"eq":"x"}}}]}`, "filter.having[0].via", "direct"},
		{`{"not":{"having":[{"entity":{"status":["ASLEEP"]}}]}}`, "filter.not.having[0].entity.status[0]", "ASLEEP"},
		{`{"having":[{"direction":"SIDEWAYS"}]}`, "filter.having[0].direction[0]", "SIDEWAYS"},
		{`{"name":{"in":[` + strings.Repeat(`"x",`, MaxValues) + `"x"]}}`, "filter.name.in", "values"},
		{strings.Repeat(`{"not":`, MaxDepth) + `{"name":{"eq":"x"}}` + strings.Repeat(`}`, MaxDepth), "filter" + strings.Repeat(".not", MaxDepth), "deeper"},
		{`{"or":[` + strings.Repeat(`{},`, MaxParts) + `{}]}`, "filter.or[499]", "objects"},
	} {
		_, err := Parse([]byte(c.in), "filter")
		var e *access.Error
		require.ErrorAs(t, err, &e, c.in[:min(len(c.in), 60)])
		require.Equal(t, access.CodeInvalidInput, e.Code)
		require.Equal(t, c.path, e.Path)
		require.Contains(t, e.Message, c.message)
	}
}

func TestAFilterSurvivesJSON(t *testing.T) {
	in := `{"or":[{"name":{"contains":"a"}},{"not":{"type":["IDENTITY"]}}],"having":[{"direction":"ACCESSIBLE_BY","reach":"DIRECT","entity":{"mfaEnabled":["FALSE"]},"atLeast":2}]}`
	f, err := Parse([]byte(in), "filter")
	require.NoError(t, err)
	out, err := json.Marshal(f)
	require.NoError(t, err)
	require.JSONEq(t, in, string(out))
}

func TestEmptyPartsAreNeutral(t *testing.T) {
	now := time.Now()
	for _, in := range []string{`{}`, `{"and":[],"or":[],"not":{}}`, `{"or":[{}]}`, `{"name":{},"type":[]}`, `{"not":{"not":{"name":{"in":[]}}}}`} {
		f, err := Parse([]byte(in), "filter")
		require.NoError(t, err)
		require.Nil(t, f.Tree(now), in)
	}
	f, err := Parse([]byte(`{"or":[{},{"name":{"eq":"x"}}]}`), "filter")
	require.NoError(t, err)
	x := "x"
	require.Equal(t, Any{Text{AttrName, StringMatch{Eq: &x}}}, f.Tree(now))
}

func TestExplainReadsLikeASentence(t *testing.T) {
	for in, want := range map[string]string{
		`{}`: `entities`,
		`{"type":["IDENTITY"],"department":{"eq":"Sales"},"having":[{"entity":{"type":["RESOURCE"],"sourceType":{"eq":"vault"}},"atLeast":2,"permission":{"eq":"admin"},"via":{"sourceType":{"eq":"group"},"name":{"contains":"prod"}}}]}`: `identities in Sales having at least 2 resources of type vault with permission admin, via any group named *prod*`,
		`{"type":["IDENTITY"],"inactiveForDays":90,"having":[{"entity":{"name":{"eq":"vault"}},"permission":{"startsWith":"wr"},"via":{"name":{"contains":"Team"}},"none":true}]}`:                                                         `identities not active for 90 days having no entities named vault with permission wr*, via any connection named *Team*`,
		`{"department":{"eq":"Sales"},"removed":true}`:                                                              `entities of or reached by people in Sales, removed ones included`,
		`{"type":["RESOURCE"],"having":[{"direction":"ACCESSIBLE_BY","reach":"DIRECT","atLeast":3}]}`:               `resources reached directly by at least 3 entities`,
		`{"not":{"or":[{"status":["ACTIVE","LOCKED"]},{"email":{"isEmpty":true}}]}}`:                                `entities (but not those (either active or locked, or without e-mail))`,
		`{"type":["IDENTITY","RESOURCE"],"status":["SUSPENDED"],"mfaEnabled":["FALSE"],"name":{"in":["a","b, c"]}}`: `suspended identities or resources named a or "b, c" without MFA`,
		`{"type":["IDENTITY"],"identityType":["UNMAPPED"],"neverActive":true,"passwordOlderThanDays":1}`:            `identities that are not mapped to anybody never active with a password older than 1 day`,
		`{"having":[{"permission":{"eq":"create-vendor"}},{"permission":{"eq":"approve-payment"}}]}`:                `entities having any entity with permission create-vendor, and having any entity with permission approve-payment`,
		`{"or":[{"type":["IDENTITY"],"status":["ACTIVE"]},{"name":{"endsWith":"x"}}],"ids":["e_1","e_2"]}`:          `entities (either being active identities, or named *x) selected by hand (2)`,
		`{"and":[{"type":["IDENTITY"]},{"type":["RESOURCE"]}],"neverActive":false,"label":{"isEmpty":false}}`:       `entities of entity type identity of entity type resource with any label ever active`,
	} {
		f, err := Parse([]byte(in), "filter")
		require.NoError(t, err)
		require.Equal(t, want, f.Explain())
	}
	f := Filter{Type: []access.EntityType{access.Identity}}
	require.Equal(t, `identities matching "bob"`, f.ExplainSearch(" bob "))
	require.Equal(t, `entities`, (*Filter)(nil).Explain())
}

func TestMatch(t *testing.T) {
	text := func(s string) *string { return &s }
	yes, no := true, false
	for _, c := range []struct {
		m     StringMatch
		v     string
		email bool
		want  bool
	}{
		{StringMatch{Eq: text("Ann")}, "Ann", false, true},
		{StringMatch{Eq: text("Ann")}, "ann", false, false},
		{StringMatch{Eq: text("Ann")}, "ann", true, true},
		{StringMatch{In: []string{"x", "STRASSE@a"}}, "straße@A", true, true},
		{StringMatch{Contains: text("SS")}, "Straße", false, true},
		{StringMatch{Contains: text("")}, "x", false, true},
		{StringMatch{Contains: text("")}, "", false, false},
		{StringMatch{Eq: text("")}, "", false, false},
		{StringMatch{IsEmpty: &yes}, "", false, true},
		{StringMatch{IsEmpty: &yes}, "x", false, false},
		{StringMatch{IsEmpty: &no}, "x", false, true},
		{StringMatch{IsEmpty: &no}, "", false, false},
		{StringMatch{IsEmpty: &yes, Contains: text("a")}, "", false, false},
		{StringMatch{StartsWith: text("a"), EndsWith: text("Z")}, "Abcz", false, true},
	} {
		require.Equal(t, c.want, c.m.Value(c.v, c.email), "%+v on %q", c.m, c.v)
	}
	m := StringMatch{StartsWith: text("a"), EndsWith: text("z")}
	require.False(t, m.AnyOf([]string{"ab", "yz"}), "one value must pass all conditions")
	require.True(t, m.AnyOf([]string{"ab", "az"}))
}

// No input may crash the parser, and what it accepts must keep its meaning.
func FuzzParse(f *testing.F) {
	f.Add(`{"name":{"eq":"x"},"having":[{"entity":{"type":["RESOURCE"]},"atLeast":2}]}`)
	f.Add(`{"or":[{},{"not":{}}],"removed":true}`)
	f.Fuzz(func(t *testing.T, in string) {
		parsed, err := Parse([]byte(in), "filter")
		if err != nil {
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
			return
		}
		out, err := json.Marshal(parsed)
		require.NoError(t, err)
		again, err := Parse(out, "filter")
		require.NoError(t, err)
		now := time.Unix(0, 0).UTC()
		require.Equal(t, parsed.Tree(now), again.Tree(now))
		require.NotEmpty(t, parsed.Explain())
	})
}
