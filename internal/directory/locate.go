package directory

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// integrationNames finds integrations by what people write: the present name, else the
// key, else either without regard to case if that is one.
type integrationNames struct {
	exact, folded map[string][]string // name → keys
}

func nameIntegrations(all []access.Integration) integrationNames {
	n := integrationNames{exact: map[string][]string{}, folded: map[string][]string{}}
	put := func(m map[string][]string, name, key string) {
		if !slices.Contains(m[name], key) {
			m[name] = append(m[name], key)
		}
	}
	for _, i := range all {
		put(n.exact, i.Name, i.Key)
		put(n.folded, access.Fold(i.Name), i.Key)
	}
	for _, i := range all {
		if len(n.exact[i.Key]) == 0 { // a present name wins over another's old one
			put(n.exact, i.Key, i.Key)
		}
		if len(n.folded[access.Fold(i.Key)]) == 0 {
			put(n.folded, access.Fold(i.Key), i.Key)
		}
	}
	return n
}

func (n integrationNames) find(name string) (key, problem string) {
	keys := n.exact[name]
	if len(keys) == 0 {
		keys = n.folded[access.Fold(name)]
	}
	switch len(keys) {
	case 0:
		return "", fmt.Sprintf("there is no integration %q", name)
	case 1:
		return keys[0], ""
	}
	return "", fmt.Sprintf("%d integrations are called %q", len(keys), name)
}

// place is where a file says that an entity is.
type place struct{ integration, sourceID string }

// finder finds the live entities that a file's rows speak of, in one pass over the
// integrations concerned.
type finder map[place][]*access.Entity

func find(ctx context.Context, v store.GraphView, wanted map[place]bool, types ...access.EntityType) (finder, error) {
	integrations := map[string]bool{}
	for p := range wanted {
		integrations[p.integration] = true
	}
	f := finder{}
	for key := range integrations {
		for e, err := range v.Entities(ctx, key, false) {
			if err != nil {
				return nil, err
			}
			p := place{key, e.SourceID}
			if wanted[p] && slices.Contains(types, e.Type) {
				f[p] = append(f[p], e)
			}
		}
	}
	return f, nil
}

// one returns the entity at the place in the project, of the type unless that is "".
// When the project has none, the only one of the whole integration is meant, as in the
// entitlements file.
func (f finder) one(p place, project string, t access.EntityType) (e *access.Entity, problem string) {
	var here, anywhere []*access.Entity
	for _, e := range f[p] {
		if t != "" && e.Type != t {
			continue
		}
		anywhere = append(anywhere, e)
		if e.Project == project {
			here = append(here, e)
		}
	}
	if len(here) > 0 {
		anywhere = here
	}
	switch len(anywhere) {
	case 0:
		return nil, fmt.Sprintf("no live entity of that integration has the source id %q", p.sourceID)
	case 1:
		return anywhere[0], ""
	}
	return nil, fmt.Sprintf("%d entities of that integration have the source id %q; say project and type", len(anywhere), p.sourceID)
}
