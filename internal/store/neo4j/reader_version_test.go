package neo4j

import (
	"context"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

func TestCypherAnswersOneVersion(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	ctx := t.Context()
	loadWorld(t, s, server, company(20))
	version, err := s.Version(ctx)
	require.NoError(t, err)

	reader, err := s.CypherEngine().Reader(ctx, querytest.Now)
	require.NoError(t, err)
	require.Equal(t, query.Info{Engine: query.Cypher, GraphVersion: version, Now: querytest.Now}, reader.Info())
	r := s.Cypher(querytest.Now).(*cypherReader)
	require.Zero(t, r.Info().GraphVersion)
	advance := func() {
		require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
			return newApplier(ctx, tx, querytest.Now).advance()
		}))
	}

	one := compile.Rows{Columns: []string{"n"}}
	number := func(a *asking) error {
		_, err := a.ask(ctx, compile.Statement{Text: "RETURN 1 AS n"}, one)
		return err
	}
	t.Run("a change in between is asked about again", func(t *testing.T) {
		asked := 0
		require.NoError(t, r.answer(ctx, func(a *asking) error {
			require.NoError(t, number(a))
			if asked++; asked == 1 {
				advance()
			}
			return number(a)
		}))
		require.Equal(t, 2, asked)
		require.Equal(t, version+1, r.Info().GraphVersion)
	})
	t.Run("changes that do not stop are a conflict", func(t *testing.T) {
		err := r.answer(ctx, func(a *asking) error {
			require.NoError(t, number(a))
			advance()
			return number(a)
		})
		require.Equal(t, access.CodeConflict, access.CodeOf(err))
	})
	t.Run("a statement sees a change while it runs", func(t *testing.T) {
		for _, slow := range []string{ // at work before it gives a row, after one, and on the way out
			`UNWIND range(1, 20000000) AS i WITH count(i) AS n RETURN n`,
			`UNWIND [1, 2] AS n CALL (n) { UNWIND range(1, 10000000) AS i RETURN count(i) AS m } RETURN n + m AS n`,
			`WITH 1 AS n RETURN size([i IN range(1, 20000000) WHERE i < n]) AS n`,
		} {
			a := &asking{store: s, now: querytest.Now}
			done := make(chan error, 1)
			go func() {
				_, err := a.ask(ctx, compile.Statement{Text: slow}, one)
				done <- err
			}()
			time.Sleep(200 * time.Millisecond)
			advance()
			select {
			case err := <-done:
				t.Fatalf("the statement was too fast for this test: %v", err)
			default:
			}
			require.ErrorIs(t, <-done, errChanged, slow)
		}
	})
	t.Run("between two versions there is no answer", func(t *testing.T) {
		pending := func(text string) {
			require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
				_, err := textRows(ctx, tx, text, nil)
				return err
			}))
		}
		pending(`MATCH (v:GraphVersion {id: 'graph'}) SET v.pending = 'test'`)
		_, err := r.Entities(ctx, query.EntityQuery{})
		require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
		pending(`MATCH (v:GraphVersion {id: 'graph'}) REMOVE v.pending`)
		_, err = r.Entities(ctx, query.EntityQuery{})
		require.NoError(t, err)
	})
}

func TestCypherStopsWithItsContext(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	loadWorld(t, s, server, company(200))
	r := s.Cypher(querytest.Now).(*cypherReader)
	// Minutes of work for the server.
	slow := func(ctx context.Context) error {
		return r.answer(ctx, func(a *asking) error {
			text := `UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a WHERE a * b < 0 RETURN count(a) AS n`
			_, err := a.ask(ctx, compile.Statement{Text: text}, compile.Rows{Columns: []string{"n"}})
			return err
		})
	}

	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	require.Equal(t, access.CodeTimeout, access.CodeOf(slow(ctx)))
	require.Less(t, time.Since(begun), 10*time.Second)

	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	require.ErrorIs(t, slow(ctx), context.Canceled)

	// Nothing of it goes on in the server.
	require.Eventually(t, func() bool {
		running := 0
		require.NoError(t, s.read(t.Context(), func(tx driver.ManagedTransaction) error {
			found, err := textRows(t.Context(), tx, `SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'UNWIND range(1, 1000000)' AND NOT currentQuery STARTS WITH 'SHOW' RETURN count(*) AS n`, nil)
			if err == nil {
				running = int(found[0].int("n"))
			}
			return err
		}))
		return running == 0
	}, 20*time.Second, 200*time.Millisecond)
}

func TestCypherRefusesForeignCursors(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	loadWorld(t, s, server, company(20))
	r := s.Cypher(querytest.Now)
	ctx := t.Context()
	page, err := r.Entities(ctx, query.EntityQuery{Page: query.Page{First: 1}})
	require.NoError(t, err)
	cursor := page.Cursors[0]
	byStatus := []query.Order{{Field: query.ByStatus}}

	for path, ask := range map[string]func() error{
		"after": func() error {
			_, err := r.Entities(ctx, query.EntityQuery{OrderBy: byStatus, Page: query.Page{First: 1, After: cursor}})
			return err
		},
		"before": func() error {
			_, err := r.Entities(ctx, query.EntityQuery{OrderBy: byStatus, Page: query.Page{Last: 1, Before: cursor}})
			return err
		},
	} {
		var fault *access.Error
		require.ErrorAs(t, ask(), &fault)
		require.Equal(t, access.CodeInvalidInput, fault.Code)
		require.Equal(t, path, fault.Path)
	}
	_, err = r.Effective(ctx, query.EffectiveQuery{Of: []string{page.Entities[0].ID}, Page: query.Page{After: cursor}})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	_, err = r.Neighbors(ctx, query.NeighborQuery{Of: []string{page.Entities[0].ID}, Page: query.Page{After: "x"}})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}
