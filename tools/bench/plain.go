package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"sort"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// The plain loader is what a competent engineer writes for a file like this: a constraint,
// the entities by batches of UNWIND … MERGE, a statement for each label, then the grants.
// It keeps the columns of the file, and none of what accessgraph derives: folded texts,
// sort keys, IN and NESTS, history, removals, the record of the import.
const (
	plainConstraint = `CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE`
	plainEntities   = `UNWIND $rows AS row MERGE (e:Entity {id: row.id}) SET e:%s, e += row.properties`
	plainGrants     = `UNWIND $rows AS row MATCH (s:Entity {id: row.source}) MATCH (t:Entity {id: row.target})
MERGE (s)-[g:HAS_ACCESS {permission: row.permission}]->(t) SET g += row.properties`
	plainBatch = 10_000
)

// The equal loader is what the plain one becomes when the graph has to answer the same
// questions: all properties, PART_OF, IN and NESTS, on the schema of accessgraph.
const (
	equalEntities = `MERGE (i:Integration {key: $key}) WITH i
UNWIND $rows AS row MERGE (e:Entity {id: row.id}) SET e:%s, e += row.properties MERGE (e)-[:PART_OF]->(i)`
	equalGrants = plainGrants + `
FOREACH (_ IN CASE WHEN g.counts AND t:Connection THEN [1] ELSE [] END | MERGE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN g.counts AND t:Connection AND s:Connection THEN [1] ELSE [] END | MERGE (s)-[:NESTS]->(t))`
)

// The sweeping loader is what the plain one becomes when a file may also lack what the one
// before had, as loaders of inventories do it: everything gets the mark of the run, and
// what has another mark afterwards is deleted.
const (
	sweepEntities = plainEntities + `, e.lastupdated = $mark`
	sweepGrants   = plainGrants + `, g.lastupdated = $mark`
	sweptGrants   = `MATCH (:Entity)-[g:HAS_ACCESS]->(:Entity) WHERE g.lastupdated <> $mark WITH g LIMIT $limit DELETE g RETURN count(*)`
	sweptEntities = `MATCH (e:Entity) WHERE e.lastupdated <> $mark WITH e LIMIT $limit DETACH DELETE e RETURN count(*)`
)

// plainData is a graph as parameters.
type plainData struct {
	entities map[string][]any // by label
	grants   []any
	mark     int64 // of the run, for the sweeping loader
}

// readPlain reads a file: each entity and each grant once.
func readPlain(file []byte) (*plainData, error) {
	in := csv.NewReader(bytes.NewReader(file))
	header, err := in.Read()
	if err != nil {
		return nil, err
	}
	d := &plainData{entities: map[string][]any{}}
	labels := map[string]string{"identity": "Identity", "connection": "Connection", "resource": "Resource"}
	entities, described := map[string]map[string]any{}, map[string]bool{}
	entity := func(id, kind string) map[string]any {
		p, ok := entities[id]
		if !ok {
			p = map[string]any{"type": kind}
			entities[id] = p
			d.entities[labels[kind]] = append(d.entities[labels[kind]], map[string]any{"id": id, "properties": p})
		}
		return p
	}
	names := map[int]string{}
	for i, column := range header {
		if i < atTarget || i > atValue {
			names[i] = column
		}
	}
	for {
		row, err := in.Read()
		if err == io.EOF {
			return d, nil
		}
		if err != nil {
			return nil, err
		}
		source := row[atType] + ":" + row[atSourceID]
		if p := entity(source, row[atType]); !described[source] {
			described[source] = true
			for i, name := range names {
				if row[i] != "" {
					p[name] = row[i]
				}
			}
		}
		if row[atTarget+1] == "" {
			continue
		}
		target := row[atTarget+2] + ":" + row[atTarget+1]
		if p := entity(target, row[atTarget+2]); p[columns[atName]] == nil {
			p[columns[atName]], p[columns[atSourceType]], p[columns[atSourceID]] = row[atTarget], row[atTarget+3], row[atTarget+1]
		}
		d.grants = append(d.grants, map[string]any{"source": source, "target": target, "permission": row[atPermission],
			"properties": map[string]any{"value": row[atValue], "counts": row[atValue] != "false"}})
	}
}

// load writes everything, each batch in a managed transaction.
func (d *plainData) load(ctx context.Context, db *database, entities, grants string) error {
	session := db.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the writes say it
	write := func(statement string, rows []any) error {
		for len(rows) > 0 {
			n := min(len(rows), plainBatch)
			_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
				result, err := tx.Run(ctx, statement, map[string]any{"rows": rows[:n], "key": integration, "mark": d.mark})
				if err != nil {
					return nil, err
				}
				return result.Consume(ctx)
			})
			if err != nil {
				return err
			}
			rows = rows[n:]
		}
		return nil
	}
	for label, rows := range d.entities {
		if err := write(fmt.Sprintf(entities, label), rows); err != nil {
			return err
		}
	}
	return write(grants, d.grants)
}

// loadPlain is the plain loader from file to database.
func loadPlain(ctx context.Context, db *database, file []byte) error {
	d, err := readPlain(file)
	if err != nil {
		return err
	}
	return d.load(ctx, db, plainEntities, plainGrants)
}

// loadSweeping is the sweeping loader from file to database; mark differs from that of the
// run before.
func loadSweeping(ctx context.Context, db *database, file []byte, mark int64) error {
	d, err := readPlain(file)
	if err != nil {
		return err
	}
	d.mark = mark
	if err := d.load(ctx, db, sweepEntities, sweepGrants); err != nil {
		return err
	}
	for _, statement := range []string{sweptGrants, sweptEntities} {
		for swept := int64(plainBatch); swept == plainBatch; {
			found, err := db.auto(ctx, statement, map[string]any{"mark": mark, "limit": plainBatch})
			if err != nil {
				return err
			}
			swept = found[0].Values[0].(int64)
		}
	}
	return nil
}

// storedData reads what accessgraph wrote, as input of the equal loader.
func storedData(ctx context.Context, db *database) (*plainData, error) {
	d := &plainData{entities: map[string][]any{}}
	found, err := db.auto(ctx, `MATCH (e:Entity) RETURN [l IN labels(e) WHERE l <> 'Entity'][0] AS label, e.id AS id, properties(e) AS properties`, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		label := r.Values[0].(string)
		d.entities[label] = append(d.entities[label], map[string]any{"id": r.Values[1], "properties": r.Values[2]})
	}
	found, err = db.auto(ctx, `MATCH (s:Entity)-[g:HAS_ACCESS]->(t:Entity) RETURN s.id AS source, t.id AS target, g.permission AS permission, properties(g) AS properties`, nil)
	for _, r := range found {
		d.grants = append(d.grants, r.AsMap())
	}
	return d, err
}

// grantsIn lists the grants of the database in words that do not depend on who loaded it.
// sourceID is the property that holds the source id.
func grantsIn(ctx context.Context, db *database, sourceID string) ([]string, error) {
	found, err := db.auto(ctx, `MATCH (s:Entity)-[g:HAS_ACCESS]->(t:Entity)
RETURN s[$id] AS source, t[$id] AS target, g.permission AS permission, g.value AS value, g.counts AS counts`, map[string]any{"id": sourceID})
	if err != nil {
		return nil, err
	}
	out := make([]string, len(found))
	for i, r := range found {
		out[i] = fmt.Sprint(r.Values...)
	}
	sort.Strings(out)
	return out, nil
}
