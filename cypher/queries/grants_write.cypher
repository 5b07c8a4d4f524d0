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
RETURN g.n AS n, s.integration AS integration, elementId(r) AS grant, r.value AS value

// name: grants_create
// Returns how many targets were found; IN and NESTS are kept with the grants.
UNWIND $rows AS row
MATCH (s:Entity {id: row.source})
UNWIND row.grants AS g
MATCH (t:Entity {id: g.target})
CREATE (s)-[r:HAS_ACCESS]->(t)
SET r = g.set
FOREACH (_ IN CASE WHEN g.counts AND t:Connection THEN [1] ELSE [] END | MERGE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN g.counts AND t:Connection AND s:Connection THEN [1] ELSE [] END | MERGE (s)-[:NESTS]->(t))
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

// name: links_in
// IN holds exactly for pairs with a counting grant on a connection.
UNWIND $pairs AS pair
MATCH (s:Entity {id: pair.source})
MATCH (t:Entity {id: pair.target})
WHERE t:Connection
OPTIONAL MATCH (s)-[link:IN]->(t)
WITH s, t, link, EXISTS { (s)-[r:HAS_ACCESS]->(t) WHERE r.counts } AS counting
FOREACH (_ IN CASE WHEN counting AND link IS NULL THEN [1] ELSE [] END | CREATE (s)-[:IN]->(t))
FOREACH (gone IN CASE WHEN NOT counting AND link IS NOT NULL THEN [link] ELSE [] END | DELETE gone)

// name: links_nests
// NESTS is IN between two connections.
UNWIND $pairs AS pair
MATCH (s:Entity {id: pair.source})
WHERE s:Connection
MATCH (t:Entity {id: pair.target})
WHERE t:Connection
OPTIONAL MATCH (s)-[link:NESTS]->(t)
WITH s, t, link, EXISTS { (s)-[r:HAS_ACCESS]->(t) WHERE r.counts } AS counting
FOREACH (_ IN CASE WHEN counting AND link IS NULL THEN [1] ELSE [] END | CREATE (s)-[:NESTS]->(t))
FOREACH (gone IN CASE WHEN NOT counting AND link IS NOT NULL THEN [link] ELSE [] END | DELETE gone)
