package neo4j

import (
	"context"
	"maps"
	"slices"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// applier applies batches of changes in a transaction that holds the version lock.
type applier struct {
	ctx     context.Context
	tx      driver.ManagedTransaction
	at      time.Time
	fresh   map[string]bool   // integrations that had no entities, not even removed ones, before this commit
	nodes   map[string]string // element ids of integrations, by key
	touched map[string]bool   // keys of the integrations whose revision advances
	made    made
	log     changelog.Log // what the commit changes
	logged  *[]byte       // instead of log, when a change set is finished: what packedLog said then
}

func newApplier(ctx context.Context, tx driver.ManagedTransaction, at time.Time) *applier {
	return &applier{ctx: ctx, tx: tx, at: at, fresh: map[string]bool{}, nodes: map[string]string{}, touched: map[string]bool{}, made: made{}}
}

// made are the entities that this commit made and that still live, with their
// integrations: their grants need no look whether the source is there.
type made map[string]string

// maxMade bounds the memory of it; the database is asked about the others.
const maxMade = 500_000

func (m made) add(e *access.Entity) {
	if len(m) < maxMade {
		m[e.ID] = e.Integration
	}
}

func (a *applier) run(name string, params map[string]any) ([]row, error) {
	return rows(a.ctx, a.tx, name, params)
}

func (a *applier) exec(name string, params map[string]any) error {
	_, err := a.run(name, params)
	return err
}

// execRows runs a statement on rows, if there are any.
func execRows[T any](a *applier, name, param string, list []T) error {
	if len(list) == 0 {
		return nil
	}
	return a.exec(name, map[string]any{param: plain(list), "at": micros(a.at)})
}

// batched is a list as a parameter that the server does not look into when it plans: it keeps a plan for
// each order of magnitude of a list that is a parameter itself, so that a commit of another size
// would wait for its statements to be planned again.
func batched(name string, list any) map[string]any {
	return map[string]any{"batch": map[string]any{name: list}}
}

// execBatch is execRows for statements whose rows are batched.
func execBatch[T any](a *applier, name, param string, list []T) error {
	if len(list) == 0 {
		return nil
	}
	return a.exec(name, batched(param, plain(list)))
}

// plain gives the driver the types that it writes without looking into them.
func plain[T any](list []T) []any {
	out := make([]any, len(list))
	for i, item := range list {
		if p, ok := any(item).(props); ok {
			out[i] = map[string]any(p)
			continue
		}
		out[i] = item
	}
	return out
}

// count runs a statement that returns one number.
func count[T any](a *applier, name, param string, list []T) (int64, error) {
	if len(list) == 0 {
		return 0, nil
	}
	found, err := a.run(name, map[string]any{param: plain(list)})
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return asInt(found[0].record.Values[0]), nil
}

func (a *applier) apply(b *changes) error {
	for _, step := range []func(*changes) error{
		a.putApplications, a.putEmployees, a.putIntegrations, a.putEntities, a.removeGrants, a.putGrants,
		a.removeEntities, a.putMappings, a.removeMappings, a.putOwners, a.putLabels, a.putInsights,
	} {
		if err := step(b); err != nil {
			return err
		}
	}
	return nil
}

// learnFresh finds out which integrations are empty before the commit's first change:
// what is put into those needs no look whether it is there already.
func (a *applier) learnFresh(keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	found, err := a.run("entities_exist", map[string]any{"integrations": keys})
	if err != nil {
		return err
	}
	for _, key := range keys {
		a.fresh[key] = true
	}
	for _, r := range found {
		a.fresh[r.text("key")] = false
	}
	return nil
}

func (a *applier) putEntities(b *changes) error {
	if len(b.entities) == 0 {
		return nil
	}
	if err := a.meetIntegrations(b.entities); err != nil {
		return err
	}
	known, err := a.knownEntities(b.entities)
	if err != nil {
		return err
	}
	type group struct {
		integration string
		kind        access.EntityType
	}
	created := map[group][]any{}
	var updated []props
	var revived, identities []string
	for _, e := range b.entities {
		removed, there := known[e.ID]
		if !there {
			g := group{e.Integration, e.Type}
			created[g] = append(created[g], newEntity(e, a.at))
			a.made.add(e)
			continue
		}
		if removed {
			revived = append(revived, e.ID)
		}
		if e.Type == access.Identity {
			identities = append(identities, e.ID)
		}
		updated = append(updated, entityProps(e))
	}
	for g, list := range created {
		params := batched("rows", list)
		params["integration"] = a.nodes[g.integration]
		if err := a.exec(createStatements[g.kind], params); err != nil {
			return err
		}
	}
	if err := execBatch(a, "entities_revive", "ids", revived); err != nil {
		return err
	}
	if err := execBatch(a, "entities_update", "rows", updated); err != nil {
		return err
	}
	return execBatch(a, "identity_types", "ids", identities)
}

// newEntity is the row of an entity for its create statement; it has no mapping yet.
func newEntity(e *access.Entity, at time.Time) []any {
	p := entityProps(e)
	p["firstSeen"] = micros(or(e.FirstSeen, at))
	if e.Type == access.Identity {
		unmapped := access.Entity{Type: e.Type, ServiceAccount: e.ServiceAccount}
		p["identityType"] = string(unmapped.IdentityType())
	}
	return p.columns(entityColumns)
}

var createStatements = map[access.EntityType]string{
	access.Identity:   "entities_create_identity",
	access.Connection: "entities_create_connection",
	access.Resource:   "entities_create_resource",
}

// meetIntegrations sees that the integrations exist and learns which are empty.
func (a *applier) meetIntegrations(entities []*access.Entity) error {
	unknown := map[string]bool{}
	for _, e := range entities {
		if a.nodes[e.Integration] == "" {
			unknown[e.Integration] = true
		}
		a.touched[e.Integration] = true
	}
	if len(unknown) == 0 {
		return nil
	}
	keys := slices.Sorted(maps.Keys(unknown))
	found, err := a.run("integrations_known", map[string]any{"keys": keys})
	if err != nil {
		return err
	}
	var unmet []string
	for _, r := range found {
		key := r.text("key")
		a.nodes[key] = r.text("node")
		if _, met := a.fresh[key]; !met {
			unmet = append(unmet, key)
		}
		delete(unknown, key)
	}
	for _, e := range entities {
		if unknown[e.Integration] {
			return access.Errorf(access.CodeInvalidInput, "entity %s is of the integration %q, which does not exist", e.ID, e.Integration)
		}
	}
	return a.learnFresh(unmet)
}

// knownEntities tells which of the entities exist, and whether they are removed.
func (a *applier) knownEntities(entities []*access.Entity) (map[string]bool, error) {
	var ids []string
	for _, e := range entities {
		if !a.fresh[e.Integration] {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := a.run("entities_find", batched("ids", ids))
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(found))
	for _, r := range found {
		known[r.text("id")] = r.bool("removed")
	}
	return known, nil
}

func (a *applier) removeEntities(b *changes) error {
	if len(b.removedIDs) == 0 {
		return nil
	}
	for _, id := range b.removedIDs {
		delete(a.made, id)
	}
	params := map[string]any{"ids": b.removedIDs, "at": micros(a.at)}
	for _, name := range []string{"entities_end_grants", "entities_unlink", "entities_remove"} {
		found, err := a.run(name, params)
		if err != nil {
			return err
		}
		for _, r := range found {
			a.touched[r.text("integration")] = true
		}
		if name == "entities_end_grants" {
			if err := a.endedGrants(found); err != nil {
				return err
			}
		}
	}
	return nil
}

func or(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t
}
