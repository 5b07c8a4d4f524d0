// name: grants_sources
// Which of the entities are live, and their integrations.
UNWIND $ids AS id
MATCH (s:Entity {id: id})
RETURN id, s.integration AS integration

// name: grants_find
// The live grant of each key, if there is one. Keys of unknown or removed entities give no row.
UNWIND $rows AS row
MATCH (s:Entity {id: row.source})
UNWIND row.grants AS g
MATCH (t:Entity {id: g.target})
OPTIONAL MATCH (s)-[r:HAS_ACCESS {permission: g.permission}]->(t)
WHERE coalesce(r.scope, '') = g.scope
RETURN g.n AS n, s.integration AS integration, elementId(r) AS grant, r.value AS value,
  r.counts AS counts

// name: grants_create
// A row is a source and its grants; a grant is a target and the values of the properties in
// the order of grantColumns. Returns how many targets were found; IN and NESTS are kept with the grants.
UNWIND $rows AS row
MATCH (s:Entity {id: row[0]})
UNWIND row[1] AS g
MATCH (t:Entity {id: g[0]})
CREATE (s)-[r:HAS_ACCESS {
  permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
  lastUsed: g[7], metadata: g[8], from: g[9]
}]->(t)
FOREACH (_ IN CASE WHEN g[5] AND t:Connection THEN [1] ELSE [] END | MERGE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN g[5] AND t:Connection AND s:Connection THEN [1] ELSE [] END | MERGE (s)-[:NESTS]->(t))
RETURN count(r) AS written

// name: grants_update
UNWIND $rows AS row
MATCH ()-[r:HAS_ACCESS]->()
WHERE elementId(r) = row.grant
SET r += row.set

// name: grants_end
UNWIND $grants AS grant
MATCH (s)-[r:HAS_ACCESS]->(t)
WHERE elementId(r) = grant
CREATE (s)-[h:HAD_ACCESS]->(t)
SET h = properties(r), h.to = $at
DELETE r

// name: links_refresh
// IN holds exactly for pairs with a counting grant on a connection; NESTS is IN between
// two connections. Without the hint a server that planned it on a nearly empty graph scans all
// connections for each pair.
UNWIND $pairs AS pair
MATCH (s:Entity {id: pair.source})
MATCH (t:Entity {id: pair.target}) USING INDEX t:Entity(id)
WHERE t:Connection
WITH s, t, EXISTS { (s)-[r:HAS_ACCESS]->(t) WHERE r.counts } AS counting
OPTIONAL MATCH (s)-[in:IN]->(t)
OPTIONAL MATCH (s)-[nests:NESTS]->(t)
FOREACH (_ IN CASE WHEN counting AND in IS NULL THEN [1] ELSE [] END | CREATE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN counting AND nests IS NULL AND s:Connection THEN [1] ELSE [] END | CREATE (s)-[:NESTS]->(t))
FOREACH (gone IN CASE WHEN counting THEN [] ELSE [l IN [in, nests] WHERE l IS NOT NULL] END | DELETE gone)
