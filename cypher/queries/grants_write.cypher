// name: grants_sources
// Which of the entities are live, and their integrations.
CYPHER replan=skip
UNWIND $batch.ids AS id
MATCH (s:Entity {id: id}) USING INDEX SEEK s:Entity(id)
RETURN id, s.integration AS integration

// name: grants_create
// A row is a source and its grants; a grant is a target and the values of the properties in
// the order of grantColumns. Returns how many targets were found; IN and NESTS are kept with the grants.
CYPHER replan=skip
UNWIND $batch.rows AS row
MATCH (s:Entity {id: row[0]}) USING INDEX SEEK s:Entity(id)
UNWIND row[1] AS g
MATCH (t:Entity {id: g[0]}) USING INDEX SEEK t:Entity(id)
CREATE (s)-[r:HAS_ACCESS {
  permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
  lastUsed: g[7], metadata: g[8], from: g[9]
}]->(t)
FOREACH (_ IN CASE WHEN g[5] AND t:Connection THEN [1] ELSE [] END | MERGE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN g[5] AND t:Connection AND s:Connection THEN [1] ELSE [] END | MERGE (s)-[:NESTS]->(t))
RETURN count(r) AS written

// name: grants_put
// Rows as those of grants_create. A grant that is there under its key, with another value, becomes history and
// begins anew; with the same value only the rest of it is written. Returns how many ends were
// found, the integrations of the sources, and the pairs that have one counting grant fewer.
CYPHER replan=skip
UNWIND $batch.rows AS row
MATCH (s:Entity {id: row[0]}) USING INDEX SEEK s:Entity(id)
UNWIND row[1] AS g
MATCH (t:Entity {id: g[0]}) USING INDEX SEEK t:Entity(id)
WITH s, t, g
OPTIONAL MATCH (s)-[r:HAS_ACCESS]->(t)
WHERE r.permission = g[1] AND coalesce(r.scope, '') = coalesce(g[3], '')
WITH s, t, g, r, r IS NOT NULL AS live, r.value = g[4] AS same, r.counts = true AS counted
FOREACH (_ IN CASE WHEN live THEN [] ELSE [1] END |
  CREATE (s)-[:HAS_ACCESS {
    permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
    lastUsed: g[7], metadata: g[8], from: g[9]
  }]->(t))
FOREACH (_ IN CASE WHEN same OR NOT live THEN [] ELSE [1] END |
  CREATE (s)-[h:HAD_ACCESS]->(t)
  SET h = properties(r), h.to = $at)
FOREACH (_ IN CASE WHEN live THEN [1] ELSE [] END |
  SET r += {
    permissionFold: g[2], value: g[4], counts: g[5], project: g[6],
    lastUsed: g[7], metadata: g[8], from: CASE WHEN same THEN r.from ELSE $at END
  })
FOREACH (_ IN CASE WHEN g[5] AND NOT coalesce(counted, false) AND t:Connection THEN [1] ELSE [] END |
  MERGE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN g[5] AND NOT coalesce(counted, false) AND t:Connection AND s:Connection THEN [1] ELSE [] END |
  MERGE (s)-[:NESTS]->(t))
RETURN count(*) AS found, collect(DISTINCT s.integration) AS integrations,
  collect(DISTINCT CASE WHEN counted AND NOT g[5] AND t:Connection THEN [s.id, t.id] END) AS fewer

// name: grants_remove
// Rows as those of grants_put, of which only the key counts: its grant, if there is one, becomes history.
CYPHER replan=skip
UNWIND $batch.rows AS row
MATCH (s:Entity {id: row[0]}) USING INDEX SEEK s:Entity(id)
UNWIND row[1] AS g
MATCH (t:Entity {id: g[0]}) USING INDEX SEEK t:Entity(id)
WITH s, t, g
MATCH (s)-[r:HAS_ACCESS]->(t)
WHERE r.permission = g[1] AND coalesce(r.scope, '') = coalesce(g[2], '')
WITH s, t, r, r.counts = true AS counted
CREATE (s)-[h:HAD_ACCESS]->(t)
SET h = properties(r), h.to = $at
DELETE r
RETURN collect(DISTINCT s.integration) AS integrations,
  collect(DISTINCT CASE WHEN counted AND t:Connection THEN [s.id, t.id] END) AS fewer

// name: links_refresh
// IN holds exactly for pairs with a counting grant on a connection; NESTS is IN between
// two connections.
CYPHER replan=skip
UNWIND $batch.pairs AS pair
MATCH (s:Entity {id: pair[0]}) USING INDEX SEEK s:Entity(id)
MATCH (t:Entity {id: pair[1]}) USING INDEX SEEK t:Entity(id)
WHERE t:Connection
WITH s, t, EXISTS { (s)-[r:HAS_ACCESS]->(t) WHERE r.counts } AS counting
OPTIONAL MATCH (s)-[in:IN]->(t)
OPTIONAL MATCH (s)-[nests:NESTS]->(t)
FOREACH (_ IN CASE WHEN counting AND in IS NULL THEN [1] ELSE [] END | CREATE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN counting AND nests IS NULL AND s:Connection THEN [1] ELSE [] END | CREATE (s)-[:NESTS]->(t))
FOREACH (gone IN CASE WHEN counting THEN [] ELSE [l IN [in, nests] WHERE l IS NOT NULL] END | DELETE gone)
