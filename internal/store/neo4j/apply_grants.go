package neo4j

import (
	"cmp"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
)

// pair is two ends of grants whose derived links are to be looked at again.
type pair struct{ source, target string }

func (a *applier) putGrants(b *changes) error {
	if len(b.grants) == 0 {
		return nil
	}
	// In the order of sources: one index look-up for each, and locks are always taken
	// in the same order.
	grants := slices.Clone(b.grants)
	slices.SortStableFunc(grants, func(x, y *access.Grant) int { return cmp.Compare(x.Source, y.Source) })
	fresh, err := a.grantSources(grants)
	if err != nil {
		return err
	}
	var created, uncertain []*access.Grant
	for _, g := range grants {
		if fresh[g.Source] {
			created = append(created, g)
		} else {
			uncertain = append(uncertain, g)
		}
	}
	added, err := a.mergeGrants(uncertain)
	if err != nil {
		return err
	}
	return a.createGrants(append(created, added...))
}

// grantSources tells for each source whether it had no grants before the commit, as far
// as is known without looking for them, and refuses sources that are not live.
func (a *applier) grantSources(grants []*access.Grant) (map[string]bool, error) {
	fresh := map[string]bool{}
	var ids []string
	for i, g := range grants {
		if i > 0 && grants[i-1].Source == g.Source {
			continue
		}
		if integration, ok := a.made[g.Source]; ok {
			fresh[g.Source] = true // the commit made it, so it had no grants before
			a.touched[integration] = true
			continue
		}
		ids = append(ids, g.Source)
	}
	if len(ids) == 0 {
		return fresh, nil
	}
	found, err := a.run("grants_sources", map[string]any{"ids": ids})
	if err != nil {
		return nil, err
	}
	var unmet []string
	for _, r := range found {
		integration := r.text("integration")
		if _, met := a.fresh[integration]; !met && !slices.Contains(unmet, integration) {
			unmet = append(unmet, integration) // it has this source, so it is not empty
			a.fresh[integration] = false
		}
		fresh[r.text("id")] = a.fresh[integration]
		a.touched[integration] = true
	}
	for _, g := range grants {
		if _, live := fresh[g.Source]; !live {
			return nil, grantError(g, g.Source)
		}
	}
	return fresh, nil
}

// createGrants writes grants that are known to be new.
func (a *applier) createGrants(grants []*access.Grant) error {
	if len(grants) == 0 {
		return nil
	}
	var list, of []any
	for i, g := range grants {
		p := grantProps(g)
		p["from"] = micros(or(g.From, a.at))
		of = append(of, p.columns(grantColumns, g.Target))
		if i+1 == len(grants) || grants[i+1].Source != g.Source {
			list = append(list, []any{g.Source, of})
			of = nil
		}
	}
	written, err := count(a, "grants_create", "rows", list)
	if err != nil || written == int64(len(grants)) {
		return err
	}
	return a.missingTarget(grants)
}

// missingTarget names the first grant whose target is not live.
func (a *applier) missingTarget(grants []*access.Grant) error {
	ids := make([]string, len(grants))
	for i, g := range grants {
		ids[i] = g.Target
	}
	found, err := a.run("grants_sources", map[string]any{"ids": ids})
	if err != nil {
		return err
	}
	live := make(map[string]bool, len(found))
	for _, r := range found {
		live[r.text("id")] = true
	}
	for _, g := range grants {
		if !live[g.Target] {
			return grantError(g, g.Target)
		}
	}
	return access.Errorf(access.CodeInternal, "Neo4j wrote fewer grants than it was given")
}

// foundGrant is a live grant of the database.
type foundGrant struct {
	id, value, integration string
	counts                 bool
}

// findGrants looks keys up; the answer has nil where the ends are live and have no such
// grant, and no entry where an end is not live. Keys are in the order of sources.
func (a *applier) findGrants(keys []access.GrantKey) (map[int]*foundGrant, error) {
	var list, of []any
	for i, k := range keys {
		of = append(of, map[string]any{"n": i, "target": k.Target, "permission": k.Permission, "scope": k.Scope})
		if i+1 == len(keys) || keys[i+1].Source != k.Source {
			list = append(list, map[string]any{"source": k.Source, "grants": of})
			of = nil
		}
	}
	found, err := a.run("grants_find", map[string]any{"rows": list})
	if err != nil {
		return nil, err
	}
	out := make(map[int]*foundGrant, len(found))
	for _, r := range found {
		n := int(r.int("n"))
		if id := r.text("grant"); id != "" {
			out[n] = &foundGrant{id: id, value: r.text("value"), integration: r.text("integration"), counts: r.bool("counts")}
		} else {
			out[n] = nil
		}
	}
	return out, nil
}

// mergeGrants updates or ends those that are there and returns those to be created.
func (a *applier) mergeGrants(grants []*access.Grant) (created []*access.Grant, err error) {
	if len(grants) == 0 {
		return nil, nil
	}
	keys := make([]access.GrantKey, len(grants))
	for i, g := range grants {
		keys[i] = g.Key()
	}
	found, err := a.findGrants(keys)
	if err != nil {
		return nil, err
	}
	var updated []map[string]any
	var ended []string
	var changed []pair
	for i, g := range grants {
		old, live := found[i]
		switch {
		case !live:
			return nil, a.missingTarget(grants)
		case old == nil:
			created = append(created, g)
			continue
		case old.value == g.Value:
			updated = append(updated, map[string]any{"grant": old.id, "set": map[string]any(grantProps(g))})
			if old.counts == g.Counts {
				continue // the links of the pair stay as they are
			}
		default:
			again := *g
			again.From = a.at
			ended = append(ended, old.id)
			created = append(created, &again)
		}
		changed = append(changed, pair{g.Source, g.Target})
	}
	if err := execRows(a, "grants_update", "rows", updated); err != nil {
		return nil, err
	}
	if err := execRows(a, "grants_end", "grants", ended); err != nil {
		return nil, err
	}
	return created, a.refreshLinks(changed)
}

func (a *applier) removeGrants(b *changes) error {
	if len(b.removedGrants) == 0 {
		return nil
	}
	keys := make([]access.GrantKey, len(b.removedGrants))
	for i, k := range b.removedGrants {
		keys[i] = *k
	}
	slices.SortStableFunc(keys, func(x, y access.GrantKey) int { return cmp.Compare(x.Source, y.Source) })
	found, err := a.findGrants(keys)
	if err != nil {
		return err
	}
	var ended []string
	var changed []pair
	for i, k := range keys {
		if old := found[i]; old != nil {
			ended = append(ended, old.id)
			changed = append(changed, pair{k.Source, k.Target})
			a.touched[old.integration] = true
		}
	}
	if err := execRows(a, "grants_end", "grants", ended); err != nil {
		return err
	}
	return a.refreshLinks(changed)
}

// refreshLinks makes IN and NESTS of the pairs what their grants say. Links of pairs
// that gain a counting grant are made with it.
func (a *applier) refreshLinks(pairs []pair) error {
	if len(pairs) == 0 {
		return nil
	}
	seen := make(map[pair]bool, len(pairs))
	var list []map[string]any
	for _, p := range pairs {
		if !seen[p] {
			seen[p] = true
			list = append(list, map[string]any{"source": p.source, "target": p.target})
		}
	}
	return execRows(a, "links_refresh", "pairs", list)
}
