package scenarios_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
)

// Every scenario is run on the oracle, so that the written answers and the definitions
// agree before any engine is asked.
func TestScenariosOnTheOracle(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 25)
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
			s, err := querytest.LoadScenario(file)
			require.NoError(t, err)
			require.Empty(t, strings.Join(s.Check(t.Context(), querytest.NewOracle(s.World, s.Now)), "\n"))
		})
	}
}
