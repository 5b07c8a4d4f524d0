package graph

import "testing"

// General has only the general executor answer until the test is over.
func (g *Graph) General(t *testing.T, ask func()) {
	t.Helper()
	g.general = true
	defer func() { g.general = false }()
	ask()
}

// OnDirect tells about every query that the direct executor is asked: whether it answered.
func (g *Graph) OnDirect(tell func(answered bool)) { g.onDirect = tell }
