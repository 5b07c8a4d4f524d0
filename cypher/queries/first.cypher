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

// name: first_create_identity
// As entities_create_identity; says where the entities are, by their ids, so that grants need
// not look them up in an index.
MATCH (i) WHERE elementId(i) = $integration
UNWIND $rows AS r
CREATE (e:Entity:Identity {
  id: r[0], integration: r[1], type: r[2], project: r[3], projectFold: r[4], sourceId: r[5],
  sourceIdFold: r[6], sourceType: r[7], sourceTypeFold: r[8], sourceTypeKey: r[9], name: r[10],
  nameFold: r[11], nameKey: r[12], username: r[13], usernameFold: r[14], email: r[15], emailFold: r[16],
  firstName: r[17], lastName: r[18], status: r[19], lastLogin: r[20], latestActivity: r[21], lastActive: r[22],
  lastPasswordChanged: r[23], mfa: r[24], superAdmin: r[25], administrative: r[26], external: r[27],
  locked: r[28], serviceAccount: r[29], serviceAccountReason: r[30], factors: r[31], factorsFold: r[32],
  factorStrengths: r[33], metadata: r[34], stub: r[35], firstSeen: r[36], identityType: r[37]
})-[:PART_OF]->(i)
RETURN r[0] AS id, elementId(e) AS node

// name: first_create_connection
MATCH (i) WHERE elementId(i) = $integration
UNWIND $rows AS r
CREATE (e:Entity:Connection {
  id: r[0], integration: r[1], type: r[2], project: r[3], projectFold: r[4], sourceId: r[5],
  sourceIdFold: r[6], sourceType: r[7], sourceTypeFold: r[8], sourceTypeKey: r[9], name: r[10],
  nameFold: r[11], nameKey: r[12], username: r[13], usernameFold: r[14], email: r[15], emailFold: r[16],
  firstName: r[17], lastName: r[18], status: r[19], lastLogin: r[20], latestActivity: r[21], lastActive: r[22],
  lastPasswordChanged: r[23], mfa: r[24], superAdmin: r[25], administrative: r[26], external: r[27],
  locked: r[28], serviceAccount: r[29], serviceAccountReason: r[30], factors: r[31], factorsFold: r[32],
  factorStrengths: r[33], metadata: r[34], stub: r[35], firstSeen: r[36], identityType: r[37]
})-[:PART_OF]->(i)
RETURN r[0] AS id, elementId(e) AS node

// name: first_create_resource
MATCH (i) WHERE elementId(i) = $integration
UNWIND $rows AS r
CREATE (e:Entity:Resource {
  id: r[0], integration: r[1], type: r[2], project: r[3], projectFold: r[4], sourceId: r[5],
  sourceIdFold: r[6], sourceType: r[7], sourceTypeFold: r[8], sourceTypeKey: r[9], name: r[10],
  nameFold: r[11], nameKey: r[12], username: r[13], usernameFold: r[14], email: r[15], emailFold: r[16],
  firstName: r[17], lastName: r[18], status: r[19], lastLogin: r[20], latestActivity: r[21], lastActive: r[22],
  lastPasswordChanged: r[23], mfa: r[24], superAdmin: r[25], administrative: r[26], external: r[27],
  locked: r[28], serviceAccount: r[29], serviceAccountReason: r[30], factors: r[31], factorsFold: r[32],
  factorStrengths: r[33], metadata: r[34], stub: r[35], firstSeen: r[36], identityType: r[37]
})-[:PART_OF]->(i)
RETURN r[0] AS id, elementId(e) AS node

// name: first_grants_plain
// As grants_create, for grants that make no links; the ends are element ids of nodes that this load
// has created.
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row[0]
UNWIND row[1] AS g
MATCH (t) WHERE elementId(t) = g[0]
CREATE (s)-[r:HAS_ACCESS {
  permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
  lastUsed: g[7], metadata: g[8], from: g[9]
}]->(t)
RETURN count(r) AS written

// name: first_grants_in
// Grants that make IN: the first counting one of a pair.
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row[0]
UNWIND row[1] AS g
MATCH (t) WHERE elementId(t) = g[0]
CREATE (s)-[r:HAS_ACCESS {
  permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
  lastUsed: g[7], metadata: g[8], from: g[9]
}]->(t), (s)-[:IN]->(t)
RETURN count(r) AS written

// name: first_grants_nests
// Grants that make IN and NESTS.
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row[0]
UNWIND row[1] AS g
MATCH (t) WHERE elementId(t) = g[0]
CREATE (s)-[r:HAS_ACCESS {
  permission: g[1], permissionFold: g[2], scope: g[3], value: g[4], counts: g[5], project: g[6],
  lastUsed: g[7], metadata: g[8], from: g[9]
}]->(t), (s)-[:IN]->(t), (s)-[:NESTS]->(t)
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
