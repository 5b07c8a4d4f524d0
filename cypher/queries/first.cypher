// The first load of a graph without entities: several transactions at once write them
// while the version node says that a change set is pending. The last one completes it all; a load
// that never gets there is undone, which is easy, since there were no entities before it.

// name: first_entities
// How many entities there are, removed ones included; 0 = a load may be undone by deleting them.
CALL () {
  MATCH (e:Entity) RETURN count(e) AS n
  UNION ALL
  MATCH (h:RemovedEntity) RETURN count(h) AS n
}
RETURN sum(n) AS entities

// name: first_begin
// Gates are what undoing takes away: each transaction of the load locks one.
MATCH (v:GraphVersion {id: 'graph'})
CREATE (:ChangeSet {id: $id, first: true})
SET v.pending = $id
WITH v
UNWIND range(1, $gates) AS n
CREATE (g:LoadGate {changeSet: $id})
RETURN elementId(g) AS gate

// name: first_gate
// Locks a gate and notes the number of the batch; the number before tells whether this
// is a batch that was written already, by a try whose end was not heard of.
MATCH (g:LoadGate)
WHERE elementId(g) = $gate AND g.changeSet = $id
SET g.lock = true
REMOVE g.lock
WITH g, g.batch AS last
SET g.batch = $batch
RETURN last

// name: first_integration
// What the entities of a new integration are part of until the load is complete; nobody
// sees it before.
MERGE (n:NewIntegration {key: $key})
RETURN elementId(n) AS node

// name: first_adopt
// New integrations become seen; all their properties are put after this.
UNWIND $rows AS row
MATCH (n:NewIntegration)
WHERE n.key = row.key
REMOVE n:NewIntegration
SET n:Integration, n.id = row.id, n.revision = 0

// name: first_grants
// As grants_create, for entities that are all known to be there; the last value of a grant
// is 1 when it makes IN, 2 when it makes NESTS as well.
UNWIND $rows AS row
MATCH (s:Entity {id: row[0]})
UNWIND row[1] AS g
MATCH (t:Entity {id: g[0]})
CREATE (s)-[r:HAS_ACCESS {
  permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
  lastUsed: g[7], metadata: g[8], from: g[9]
}]->(t)
FOREACH (_ IN CASE WHEN g[10] > 0 THEN [1] ELSE [] END | CREATE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN g[10] > 1 THEN [1] ELSE [] END | CREATE (s)-[:NESTS]->(t))
RETURN count(r) AS written

// name: first_close
// Waits for the transactions that hold gates; later ones find none and give up.
MATCH (g:LoadGate)
WHERE g.changeSet = $id
DELETE g

// name: first_undo_links
MATCH (:Entity)-[r:HAS_ACCESS|IN|NESTS|PART_OF]->()
WITH r LIMIT 10000
DELETE r
RETURN count(r) AS deleted

// name: first_undo_entities
MATCH (e:Entity)
WITH e LIMIT 5000
DETACH DELETE e
RETURN count(*) AS deleted

// name: first_undo_integrations
MATCH (n:NewIntegration)
DETACH DELETE n
RETURN count(*) AS deleted
