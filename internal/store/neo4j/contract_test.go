package neo4j

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
	"github.com/accessgraph/accessgraph/internal/store/storetest"
)

var _ store.Store = (*Store)(nil)

func TestContract(t *testing.T) {
	server := neo4jtest.Acquire(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		neo4jtest.Fresh(t, server)
		s := openOn(t, server)
		t.Cleanup(func() { requireDerived(t, s) })
		return s
	}, storetest.Options{Large: 6000, Steps: 40})
}

// TestContractInBatches applies every commit of more than a few changes as a change set.
func TestContractInBatches(t *testing.T) {
	server := neo4jtest.Acquire(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		neo4jtest.Fresh(t, server)
		config := configOf(server)
		config.MaxTransaction = 3
		s, err := Open(context.Background(), config)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		t.Cleanup(func() { requireDerived(t, s) })
		return s
	}, storetest.Options{Large: 300, Steps: 25})
}
