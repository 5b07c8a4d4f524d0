package neo4j

import (
	"cmp"
	"maps"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
)

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
	if err := a.mergeGrants(uncertain); err != nil {
		return err
	}
	return a.createGrants(created)
}

// grantSources tells which sources had no grants before the commit, as far as is known
// without looking for them.
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
	// Of the other sources only those of an integration that was empty are without grants.
	if len(ids) == 0 || !slices.Contains(slices.Collect(maps.Values(a.fresh)), true) {
		return fresh, nil
	}
	found, err := a.run("grants_sources", batched("ids", ids))
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		integration := r.text("integration")
		fresh[r.text("id")] = a.fresh[integration]
		a.touched[integration] = true
	}
	return fresh, nil
}

// createGrants writes grants that are known to be new.
func (a *applier) createGrants(grants []*access.Grant) error {
	if len(grants) == 0 {
		return nil
	}
	found, err := a.run("grants_create", batched("rows", a.grantRows(grants)))
	if err != nil || found[0].int("written") == int64(len(grants)) {
		return err
	}
	return a.missingEnd(grants)
}

// grantRows lists grants, which are in the order of sources, under their sources.
func (a *applier) grantRows(grants []*access.Grant) []any {
	return underSources(len(grants), func(i int) string { return grants[i].Source }, func(i int) any {
		p := grantProps(grants[i])
		p["from"] = micros(or(grants[i].From, a.at))
		return p.columns(grantColumns, grants[i].Target)
	})
}

// underSources lists n items, which are in the order of sources, under their sources.
func underSources(n int, source func(i int) string, item func(i int) any) []any {
	var list, of []any
	for i := range n {
		of = append(of, item(i))
		if i+1 == n || source(i+1) != source(i) {
			list = append(list, []any{source(i), of})
			of = nil
		}
	}
	return list
}

// missingEnd names the first grant of which an end is not live.
func (a *applier) missingEnd(grants []*access.Grant) error {
	var ids []any
	for _, g := range grants {
		ids = append(ids, g.Source, g.Target)
	}
	found, err := a.run("grants_sources", batched("ids", ids))
	if err != nil {
		return err
	}
	live := make(map[string]bool, len(found))
	for _, r := range found {
		live[r.text("id")] = true
	}
	for _, g := range grants {
		for _, id := range []string{g.Source, g.Target} {
			if !live[id] {
				return grantError(g, id)
			}
		}
	}
	return access.Errorf(access.CodeInternal, "Neo4j wrote fewer grants than it was given")
}

// mergeGrants writes grants that may be there already.
func (a *applier) mergeGrants(grants []*access.Grant) error {
	if len(grants) == 0 {
		return nil
	}
	found, err := a.changeGrants("grants_put", a.grantRows(grants))
	if err != nil {
		return err
	}
	if found[0].int("found") != int64(len(grants)) {
		return a.missingEnd(grants)
	}
	return a.grantsChanged(found[0])
}

func (a *applier) removeGrants(b *changes) error {
	if len(b.removedGrants) == 0 {
		return nil
	}
	keys := slices.Clone(b.removedGrants)
	slices.SortStableFunc(keys, func(x, y *access.GrantKey) int { return cmp.Compare(x.Source, y.Source) })
	list := underSources(len(keys), func(i int) string { return keys[i].Source }, func(i int) any {
		return []any{keys[i].Target, keys[i].Permission, keys[i].Scope}
	})
	found, err := a.changeGrants("grants_remove", list)
	if err != nil {
		return err
	}
	return a.grantsChanged(found[0])
}

func (a *applier) changeGrants(name string, list []any) ([]row, error) {
	params := batched("rows", list)
	params["at"] = micros(a.at)
	return a.run(name, params)
}

// grantsChanged follows what a statement on grants says: the integrations that it
// touched, and the pairs that may have lost their last counting grant and with it their derived links.
// Links of pairs that gain a counting grant are made with it.
func (a *applier) grantsChanged(r row) error {
	for _, key := range r.texts("integrations") {
		a.touched[key] = true
	}
	pairs, _ := r.any("fewer").([]any)
	return execBatch(a, "links_refresh", "pairs", pairs)
}
