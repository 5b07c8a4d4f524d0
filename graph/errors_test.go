package graph_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
)

func TestBadInputIsNamedAndLocated(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for _, c := range []struct {
		text     string
		code     access.Code
		argument any
	}{
		{`{ entities(first: 501) { totalCount } }`, access.CodeInvalidInput, "first"},
		{`{ entities(first: 0) { totalCount } }`, access.CodeInvalidInput, "first"},
		{`{ entities(first: -1) { totalCount } }`, access.CodeInvalidInput, "first"},
		{`{ entities(first: 1, last: 1) { totalCount } }`, access.CodeInvalidInput, "last"},
		{`{ entities(last: 501) { totalCount } }`, access.CodeInvalidInput, "last"},
		{`{ entities(before: "x") { totalCount } }`, access.CodeInvalidInput, "before"},
		{`{ entities(last: 1, after: "x") { totalCount } }`, access.CodeInvalidInput, "after"},
		{`{ entities(after: "nonsense") { totalCount } }`, access.CodeInvalidInput, "after"},
		{`{ entities(filter: {having: [{atLeast: 0}]}) { totalCount } }`, access.CodeInvalidInput, "filter.having[0].atLeast"},
		{`{ entities(filter: {or: [{}, {having: [{none: true, atLeast: 2}]}]}) { totalCount } }`, access.CodeInvalidInput, "filter.or[1].having[0].atLeast"},
		{`{ entities(filter: {having: [{reach: DIRECT, via: {}}]}) { totalCount } }`, access.CodeInvalidInput, "filter.having[0].via"},
		{`{ entities(filter: {inactiveForDays: -1}) { totalCount } }`, access.CodeInvalidInput, "filter.inactiveForDays"},
		{`{ entity { id } }`, access.CodeInvalidInput, "id"},
		{`{ entity(id: "e_x", key: {integration: "a", type: IDENTITY, sourceId: "b"}) { id } }`, access.CodeInvalidInput, "id"},
		{`{ accessPaths(from: "e_x", to: "e_y") { truncated } }`, access.CodeNotFound, "from"},
		{`{ accessPaths(from: "e_x", to: "e_y", maxDepth: 33) { truncated } }`, access.CodeInvalidInput, "maxDepth"},
		{`{ accessPaths(from: "e_x", to: "e_y", first: 501) { truncated } }`, access.CodeInvalidInput, "first"},
		{`{ importRuns(integration: "i_x") { edges { cursor } } }`, access.CodeNotFound, "integration"},
		{`{ jobs(first: 501) { edges { cursor } } }`, access.CodeInvalidInput, "first"},
		{`mutation { mapIdentities(input: {entityIds: [], employeeId: "p_x", relation: IS}) { entities { id } } }`, access.CodeInvalidInput, "entityIds"},
		{`mutation { setBusinessOwners(input: {entityIds: ["e_x"]}) { entities { id } } }`, access.CodeInvalidInput, "owners"},
		{`mutation { updateSettings(input: {timeZone: "Mars/Olympus"}) { timeZone } }`, access.CodeInvalidInput, "timeZone"},
		// What the types catch, without the name of an argument of ours.
		{`{ entities(filter: {inactiveForDays: 99999999999}) { totalCount } }`, access.CodeInvalidInput, nil},
		{`{ entities(filter: {nam: {eq: "x"}}) { totalCount } }`, access.CodeInvalidInput, nil},
		{`{ entities(filter: {type: [PERSON]}) { totalCount } }`, access.CodeInvalidInput, nil},
		{`{ entities(first: "many") { totalCount } }`, access.CodeInvalidInput, nil},
		{`{ nothing }`, access.CodeInvalidInput, nil},
		{`{ entities(`, access.CodeInvalidInput, nil},
		{``, access.CodeInvalidInput, nil},
		{`mutation { addEmployee(input: {workEmail: "x@example.com", fullName: "X", startDate: "soon"}) { id } }`, access.CodeInvalidInput, nil},
	} {
		a := w.Ask(auth.System(), c.text, nil)
		require.NotEmpty(t, a.Errors, c.text)
		require.Equal(t, c.code, a.Errors[0].Code(), "%s: %v", c.text, a.Errors)
		require.Equal(t, c.argument, a.Errors[0].Extensions["argument"], c.text)
	}
}

func TestAnErrorHasThePathOfItsField(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	a := w.Ask(auth.System(), `{ me { kind } list: entities(first: 1) { edges { node { name reach: hasAccessTo(first: 501) { totalCount } } } } }`, nil)
	require.Len(t, a.Errors, 1)
	require.Equal(t, []any{"list", "edges", float64(0), "node", "reach"}, a.Errors[0].Path)
	require.Equal(t, "first: must be between 1 and 500", a.Errors[0].Message)
	a = w.Ask(graphtest.Principal(access.Reviewer, ""), `{ me { kind } employees { totalCount } }`, nil)
	require.Equal(t, []any{"employees"}, a.Errors[0].Path)
}

type failing struct{ err error }

func (f failing) Reader(context.Context, time.Time) (query.Reader, error) {
	if f.err == nil {
		panic("secret: hunter2")
	}
	return nil, f.err
}

func TestInternalsStayInside(t *testing.T) {
	ask := func(err error) graphtest.Error {
		w := graphtest.New(t, graphtest.Options{Engine: func(query.Engine) query.Engine { return failing{err} }})
		a := w.Ask(auth.System(), `{ entities { totalCount } }`, nil)
		require.Len(t, a.Errors, 1)
		return a.Errors[0]
	}
	for _, err := range []error{
		errors.New("dial tcp 10.0.0.7: password hunter2"), nil,
		&access.Error{Code: access.CodeInternal, Message: "hunter2"},
	} {
		e := ask(err)
		require.Equal(t, access.CodeInternal, e.Code())
		require.NotContains(t, e.Message, "hunter2")
		require.Regexp(t, `under request [0-9A-Z]{26}$`, e.Message)
	}
	e := ask(&access.Error{Code: access.CodeUnavailable, Message: "the database is starting", Err: errors.New("hunter2")})
	require.Equal(t, access.CodeUnavailable, e.Code())
	require.Equal(t, "the database is starting", e.Message)
}

func TestNullsWhereAnEnumIsExpected(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	got := w.Must(`{ entities(first: 1, search: null, filter: {removed: null, type: null, having: [{direction: null, reach: null, atLeast: null, none: null, entity: {name: {eq: "Platform"}}}]}) {
		totalCount edges { node { hasAccessTo(reach: null, throughIdentities: null) { totalCount } } } } }`, nil)
	require.EqualValues(t, 3, got["entities"].(map[string]any)["totalCount"], "bobgh, carolgh, Platform-OnCall")
}
