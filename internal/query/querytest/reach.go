package querytest

import (
	"sort"

	"github.com/accessgraph/accessgraph/internal/access"
)

// hop is everything that one entity holds directly on another, counting grants only.
type hop struct{ from, to string }

// graph is the world as the definitions of access read it.
type graph struct {
	entities map[string]*access.Entity // live ones
	hops     map[hop][]access.Permission
	ids      []string // live, sorted
}

func newGraph(w *World) *graph {
	g := &graph{entities: map[string]*access.Entity{}, hops: map[hop][]access.Permission{}}
	for i := range w.Entities {
		if e := &w.Entities[i]; !e.Removed() {
			g.entities[e.ID] = e
			g.ids = append(g.ids, e.ID)
		}
	}
	sort.Strings(g.ids)
	for _, gr := range w.Grants {
		if gr.Counts && gr.To.IsZero() && g.entities[gr.Source] != nil && g.entities[gr.Target] != nil {
			h := hop{gr.Source, gr.Target}
			g.hops[h] = append(g.hops[h], access.Permission{Name: gr.Permission, Value: gr.Value})
		}
	}
	return g
}

// passable: what a chain may go through.
func (g *graph) passable(id string, throughIdentities bool) bool {
	t := g.entities[id].Type
	return t == access.Connection || (throughIdentities && t == access.Identity)
}

// holders: x and all that a chain of passable entities leads to from x. Repeats the
// definition until nothing is added.
func (g *graph) holders(x string, throughIdentities bool) map[string]bool {
	held := map[string]bool{x: true}
	for grown := true; grown; {
		grown = false
		for h := range g.hops {
			if held[h.from] && !held[h.to] && g.passable(h.to, throughIdentities) {
				held[h.to], grown = true, true
			}
		}
	}
	return held
}

// reach: every target of a holder, x excepted.
func (g *graph) reach(x string, throughIdentities bool) map[string]bool {
	reached := map[string]bool{}
	if g.entities[x] == nil {
		return reached
	}
	held := g.holders(x, throughIdentities)
	for h := range g.hops {
		if held[h.from] && h.to != x {
			reached[h.to] = true
		}
	}
	return reached
}

// effective: the permissions of all holders of x on t.
func (g *graph) effective(x, t string, throughIdentities bool) []access.Permission {
	if x == t || g.entities[x] == nil {
		return nil
	}
	var all []access.Permission
	for holder := range g.holders(x, throughIdentities) {
		all = append(all, g.hops[hop{holder, t}]...)
	}
	return distinct(all)
}

// providers: the holders other than x with a counting grant on t.
func (g *graph) providers(x, t string, throughIdentities bool) []string {
	var out []string
	for holder := range g.holders(x, throughIdentities) {
		if holder != x && len(g.hops[hop{holder, t}]) > 0 {
			out = append(out, holder)
		}
	}
	sort.Slice(out, func(i, j int) bool { return g.nameLess(out[i], out[j]) })
	return out
}

func (g *graph) nameLess(a, b string) bool {
	if x, y := access.SortKey(g.entities[a].Name), access.SortKey(g.entities[b].Name); x != y {
		return x < y
	}
	return a < b
}

func distinct(ps []access.Permission) []access.Permission {
	seen := map[access.Permission]bool{}
	var out []access.Permission
	for _, p := range ps {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Name != out[j].Name {
			return out[i].Name < out[j].Name
		}
		return out[i].Value < out[j].Value
	})
	return out
}

// chains: every chain of at most maxDepth hops, in order, by trying everything.
func (g *graph) chains(x, t string, maxDepth int, throughIdentities bool) [][]string {
	var out [][]string
	if x == t || g.entities[x] == nil || g.entities[t] == nil {
		return nil
	}
	var walk func(path []string)
	walk = func(path []string) {
		at := path[len(path)-1]
		if len(path) > maxDepth {
			return
		}
		if len(g.hops[hop{at, t}]) > 0 {
			out = append(out, append(append([]string{}, path...), t))
		}
	next:
		for _, id := range g.ids {
			if len(g.hops[hop{at, id}]) == 0 || !g.passable(id, throughIdentities) {
				continue
			}
			for _, before := range path {
				if before == id {
					continue next
				}
			}
			walk(append(path, id))
		}
	}
	walk([]string{x})
	sort.SliceStable(out, func(i, j int) bool {
		if len(out[i]) != len(out[j]) {
			return len(out[i]) < len(out[j])
		}
		for k := range out[i] {
			if out[i][k] != out[j][k] {
				return out[i][k] < out[j][k]
			}
		}
		return false
	})
	return out
}

// longer reports whether chains longer than maxDepth cannot be ruled out: a walk of
// maxDepth hops from x stays among the entities in between, and there are enough of
// them for a longer chain.
func (g *graph) longer(x, t string, maxDepth int, throughIdentities bool) bool {
	if x == t || g.entities[x] == nil || g.entities[t] == nil {
		return false
	}
	between := map[string]bool{}
	for c := range g.holders(x, throughIdentities) {
		if c == x {
			continue
		}
		reachesT := false
		for h := range g.holders(c, throughIdentities) {
			reachesT = reachesT || len(g.hops[hop{h, t}]) > 0
		}
		if reachesT {
			between[c] = true
		}
	}
	at := map[string]bool{x: true}
	for i := 0; i < maxDepth; i++ {
		next := map[string]bool{}
		for h := range g.hops {
			if at[h.from] && between[h.to] {
				next[h.to] = true
			}
		}
		at = next
	}
	return len(at) > 0 && len(between)+1 > maxDepth
}
