package querytest

import (
	"fmt"
	"math/rand/v2"

	"github.com/accessgraph/accessgraph/internal/access"
)

// SmallWorld makes a tangle of a few entities and at most the given number of grants:
// small enough to try every set of grants, and full of cycles, self-loops, parallel and
// false grants, and identities as targets.
func SmallWorld(r *rand.Rand, grants int) *World {
	w := &World{Applications: []access.Application{{ID: access.ApplicationID("App"), Name: "App"}}}
	w.Integrations = []access.Integration{{ID: access.IntegrationID("k"), Key: "k", Name: "k", Application: "App", CreatedAt: someMoments[0]}}
	names := r.Perm(9)
	for i := range 3 + r.IntN(6) {
		e := access.Entity{
			Integration: "k", Type: pick(r, []access.EntityType{access.Identity, access.Connection, access.Connection, access.Connection, access.Resource}),
			SourceID: fmt.Sprint(i), Name: fmt.Sprintf("n%d", names[i]/2), Status: access.StatusActive, FirstSeen: someMoments[0],
		}
		e.ID = e.Key().ID()
		w.Entities = append(w.Entities, e)
	}
	seen := map[access.GrantKey]bool{}
	for range r.IntN(grants + 1) {
		s, t := pick(r, w.Entities), pick(r, w.Entities)
		if s.Type == access.Resource || t.Type == access.Identity && chance(r, 45) {
			continue
		}
		g := access.Grant{Source: s.ID, Target: t.ID, Permission: pick(r, []string{"read", "write", "member"}), Value: "true", From: someMoments[0]}
		if chance(r, 10) {
			g.Value = "false"
		}
		if g.Counts = access.ValueCounts(g.Value); !seen[g.Key()] {
			seen[g.Key()] = true
			w.Grants = append(w.Grants, g)
		}
	}
	return w
}
