// name: entities_exist
// Which of the integrations have or had entities at all.
UNWIND $integrations AS key
WITH key
WHERE EXISTS {
  MATCH (e:Entity) USING INDEX e:Entity(integration, id) WHERE e.integration = key AND e.id > ''
} OR EXISTS {
  MATCH (h:RemovedEntity) USING INDEX h:RemovedEntity(integration, id) WHERE h.integration = key AND h.id > ''
}
RETURN key

// name: entities_find
// Which of the entities are known, and whether only history keeps them.
CYPHER replan=skip
UNWIND $batch.ids AS id
OPTIONAL MATCH (e:Entity {id: id}) USING INDEX SEEK e:Entity(id)
OPTIONAL MATCH (h:RemovedEntity {id: id}) USING INDEX SEEK h:RemovedEntity(id)
WITH id, e, h
WHERE e IS NOT NULL OR h IS NOT NULL
RETURN id, h IS NOT NULL AS removed

// name: entities_create_identity
// A row lists the values of the properties in the order of entityColumns: lists and literal
// names cost the server less than maps; null sets nothing.
CYPHER replan=skip
MATCH (i) WHERE elementId(i) = $integration
UNWIND $batch.rows AS r
CREATE (e:Entity:Identity {
  id: r[0], integration: r[1], type: r[2], project: r[3], projectFold: r[4], sourceId: r[5],
  sourceIdFold: r[6], sourceType: r[7], sourceTypeFold: r[8], sourceTypeKey: r[9], name: r[10],
  nameFold: r[11], nameKey: r[12], username: r[13], usernameFold: r[14], email: r[15], emailFold: r[16],
  firstName: r[17], lastName: r[18], status: r[19], lastLogin: r[20], latestActivity: r[21], lastActive: r[22],
  lastPasswordChanged: r[23], mfa: r[24], superAdmin: r[25], administrative: r[26], external: r[27],
  locked: r[28], serviceAccount: r[29], serviceAccountReason: r[30], factors: r[31], factorsFold: r[32],
  factorStrengths: r[33], metadata: r[34], stub: r[35], firstSeen: r[36], identityType: r[37]
})-[:PART_OF]->(i)
RETURN count(e) AS written

// name: entities_create_connection
CYPHER replan=skip
MATCH (i) WHERE elementId(i) = $integration
UNWIND $batch.rows AS r
CREATE (e:Entity:Connection {
  id: r[0], integration: r[1], type: r[2], project: r[3], projectFold: r[4], sourceId: r[5],
  sourceIdFold: r[6], sourceType: r[7], sourceTypeFold: r[8], sourceTypeKey: r[9], name: r[10],
  nameFold: r[11], nameKey: r[12], username: r[13], usernameFold: r[14], email: r[15], emailFold: r[16],
  firstName: r[17], lastName: r[18], status: r[19], lastLogin: r[20], latestActivity: r[21], lastActive: r[22],
  lastPasswordChanged: r[23], mfa: r[24], superAdmin: r[25], administrative: r[26], external: r[27],
  locked: r[28], serviceAccount: r[29], serviceAccountReason: r[30], factors: r[31], factorsFold: r[32],
  factorStrengths: r[33], metadata: r[34], stub: r[35], firstSeen: r[36], identityType: r[37]
})-[:PART_OF]->(i)
RETURN count(e) AS written

// name: entities_create_resource
CYPHER replan=skip
MATCH (i) WHERE elementId(i) = $integration
UNWIND $batch.rows AS r
CREATE (e:Entity:Resource {
  id: r[0], integration: r[1], type: r[2], project: r[3], projectFold: r[4], sourceId: r[5],
  sourceIdFold: r[6], sourceType: r[7], sourceTypeFold: r[8], sourceTypeKey: r[9], name: r[10],
  nameFold: r[11], nameKey: r[12], username: r[13], usernameFold: r[14], email: r[15], emailFold: r[16],
  firstName: r[17], lastName: r[18], status: r[19], lastLogin: r[20], latestActivity: r[21], lastActive: r[22],
  lastPasswordChanged: r[23], mfa: r[24], superAdmin: r[25], administrative: r[26], external: r[27],
  locked: r[28], serviceAccount: r[29], serviceAccountReason: r[30], factors: r[31], factorsFold: r[32],
  factorStrengths: r[33], metadata: r[34], stub: r[35], firstSeen: r[36], identityType: r[37]
})-[:PART_OF]->(i)
RETURN count(e) AS written

// name: entities_revive
CYPHER replan=skip
UNWIND $batch.ids AS id
MATCH (e:RemovedEntity {id: id}) USING INDEX SEEK e:RemovedEntity(id)
REMOVE e:RemovedEntity, e.removedAt
SET e:Entity

// name: entities_update
CYPHER replan=skip
UNWIND $batch.rows AS row
MATCH (e:Entity {id: row.id}) USING INDEX SEEK e:Entity(id)
SET e += row

// name: entities_end_grants
// The live grants of entities about to be removed, on both sides, become history.
UNWIND $ids AS id
MATCH (e:Entity {id: id})-[r:HAS_ACCESS]-()
WITH DISTINCT r
WITH r, startNode(r) AS source, endNode(r) AS target
CREATE (source)-[h:HAD_ACCESS]->(target)
SET h = properties(r), h.to = $at
DELETE r
RETURN DISTINCT source.integration AS integration

// name: entities_unlink
UNWIND $ids AS id
MATCH (e:Entity {id: id})-[l:IN|NESTS]-()
WITH DISTINCT l
DELETE l

// name: entities_remove
CYPHER replan=skip
UNWIND $ids AS id
MATCH (e:Entity {id: id}) USING INDEX SEEK e:Entity(id)
REMOVE e:Entity
SET e:RemovedEntity, e.removedAt = $at
RETURN DISTINCT e.integration AS integration

// name: identity_types
// The derived identity type, after the mapping or the service account flag changed.
UNWIND $batch.ids AS id
OPTIONAL MATCH (live:Entity {id: id})
OPTIONAL MATCH (removed:RemovedEntity {id: id})
WITH coalesce(live, removed) AS e
WHERE e:Identity
SET e.identityType = CASE
  WHEN EXISTS { (e)<-[:IS]-(:Employee) } THEN 'EMPLOYEE'
  WHEN e.serviceAccount = 'TRUE' OR EXISTS { (e)<-[:OWNS]-(:Employee) } THEN 'SERVICE_ACCOUNT'
  ELSE 'UNMAPPED'
END
