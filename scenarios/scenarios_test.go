package scenarios_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/enginetest"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
)

func all(t *testing.T, check func(t *testing.T, s *querytest.Scenario)) {
	files, err := filepath.Glob("*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 25)
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
			s, err := querytest.LoadScenario(file)
			require.NoError(t, err)
			check(t, s)
		})
	}
}

// The written answers and the definitions agree, before any engine is asked.
func TestScenariosOnTheOracle(t *testing.T) {
	all(t, func(t *testing.T, s *querytest.Scenario) {
		require.Empty(t, strings.Join(s.Check(t.Context(), querytest.NewOracle(s.World, s.Now)), "\n"))
	})
}

// Every engine over every store gives the written answers.
func TestScenariosOnEveryEngine(t *testing.T) {
	bench := enginetest.New(t)
	all(t, func(t *testing.T, s *querytest.Scenario) {
		for _, n := range bench.Load(t, s.World, s.Now) {
			require.Empty(t, strings.Join(s.Check(t.Context(), n.Reader), "\n"), n.Name)
		}
	})
}
