// What a snapshot or an import reads. The order of ids comes from an index, so that the
// server streams and never sorts; the tests look at the plans.

// name: graph_entities
MATCH (e:Entity)
WHERE e.id > ''
RETURN
  e.id AS id, e.integration AS integration, e.project AS project, e.type AS type, e.sourceId AS sourceId,
  e.sourceType AS sourceType, e.name AS name, e.username AS username, e.email AS email, e.firstName AS firstName,
  e.lastName AS lastName, e.status AS status, e.lastLogin AS lastLogin, e.latestActivity AS latestActivity,
  e.lastPasswordChanged AS lastPasswordChanged, e.mfa AS mfa, e.superAdmin AS superAdmin,
  e.administrative AS administrative, e.external AS external, e.locked AS locked, e.serviceAccount AS serviceAccount,
  e.serviceAccountReason AS serviceAccountReason, e.factors AS factors, e.metadata AS metadata, e.stub AS stub,
  e.firstSeen AS firstSeen, e.removedAt AS removedAt, e.labels AS labels,
  [(e)-[h:HAS_INSIGHT]->(n:Insight) | {name: n.name, since: h.since, evidence: h.evidence}] AS insights,
  [(p:Employee)-[m:IS|OWNS]->(e) | {employee: p.id, relation: type(m), origin: m.origin, reason: m.reason, at: m.at}] AS mapping
ORDER BY e.id

// name: graph_entities_of
MATCH (e:Entity)
WHERE e.integration = $integration AND e.id > ''
RETURN
  e.id AS id, e.integration AS integration, e.project AS project, e.type AS type, e.sourceId AS sourceId,
  e.sourceType AS sourceType, e.name AS name, e.username AS username, e.email AS email, e.firstName AS firstName,
  e.lastName AS lastName, e.status AS status, e.lastLogin AS lastLogin, e.latestActivity AS latestActivity,
  e.lastPasswordChanged AS lastPasswordChanged, e.mfa AS mfa, e.superAdmin AS superAdmin,
  e.administrative AS administrative, e.external AS external, e.locked AS locked, e.serviceAccount AS serviceAccount,
  e.serviceAccountReason AS serviceAccountReason, e.factors AS factors, e.metadata AS metadata, e.stub AS stub,
  e.firstSeen AS firstSeen, e.removedAt AS removedAt, e.labels AS labels,
  [(e)-[h:HAS_INSIGHT]->(n:Insight) | {name: n.name, since: h.since, evidence: h.evidence}] AS insights,
  [(p:Employee)-[m:IS|OWNS]->(e) | {employee: p.id, relation: type(m), origin: m.origin, reason: m.reason, at: m.at}] AS mapping
ORDER BY e.integration, e.id

// name: graph_entities_removed
MATCH (e:RemovedEntity)
WHERE e.id > ''
RETURN
  e.id AS id, e.integration AS integration, e.project AS project, e.type AS type, e.sourceId AS sourceId,
  e.sourceType AS sourceType, e.name AS name, e.username AS username, e.email AS email, e.firstName AS firstName,
  e.lastName AS lastName, e.status AS status, e.lastLogin AS lastLogin, e.latestActivity AS latestActivity,
  e.lastPasswordChanged AS lastPasswordChanged, e.mfa AS mfa, e.superAdmin AS superAdmin,
  e.administrative AS administrative, e.external AS external, e.locked AS locked, e.serviceAccount AS serviceAccount,
  e.serviceAccountReason AS serviceAccountReason, e.factors AS factors, e.metadata AS metadata, e.stub AS stub,
  e.firstSeen AS firstSeen, e.removedAt AS removedAt, e.labels AS labels,
  [(e)-[h:HAS_INSIGHT]->(n:Insight) | {name: n.name, since: h.since, evidence: h.evidence}] AS insights,
  [(p:Employee)-[m:IS|OWNS]->(e) | {employee: p.id, relation: type(m), origin: m.origin, reason: m.reason, at: m.at}] AS mapping
ORDER BY e.id

// name: graph_entities_removed_of
MATCH (e:RemovedEntity)
WHERE e.integration = $integration AND e.id > ''
RETURN
  e.id AS id, e.integration AS integration, e.project AS project, e.type AS type, e.sourceId AS sourceId,
  e.sourceType AS sourceType, e.name AS name, e.username AS username, e.email AS email, e.firstName AS firstName,
  e.lastName AS lastName, e.status AS status, e.lastLogin AS lastLogin, e.latestActivity AS latestActivity,
  e.lastPasswordChanged AS lastPasswordChanged, e.mfa AS mfa, e.superAdmin AS superAdmin,
  e.administrative AS administrative, e.external AS external, e.locked AS locked, e.serviceAccount AS serviceAccount,
  e.serviceAccountReason AS serviceAccountReason, e.factors AS factors, e.metadata AS metadata, e.stub AS stub,
  e.firstSeen AS firstSeen, e.removedAt AS removedAt, e.labels AS labels,
  [(e)-[h:HAS_INSIGHT]->(n:Insight) | {name: n.name, since: h.since, evidence: h.evidence}] AS insights,
  [(p:Employee)-[m:IS|OWNS]->(e) | {employee: p.id, relation: type(m), origin: m.origin, reason: m.reason, at: m.at}] AS mapping
ORDER BY e.integration, e.id

// name: graph_grants
MATCH (s:Entity)
WHERE s.id > ''
MATCH (s)-[r:HAS_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from
ORDER BY s.id

// name: graph_grants_of
MATCH (s:Entity)
WHERE s.integration = $integration AND s.id > ''
MATCH (s)-[r:HAS_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from
ORDER BY s.integration, s.id

// name: graph_history
MATCH (s:Entity)
WHERE s.id > ''
MATCH (s)-[r:HAD_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from, r.to AS to
ORDER BY s.id

// name: graph_history_of
MATCH (s:Entity)
WHERE s.integration = $integration AND s.id > ''
MATCH (s)-[r:HAD_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from, r.to AS to
ORDER BY s.integration, s.id

// name: graph_history_removed
MATCH (s:RemovedEntity)
WHERE s.id > ''
MATCH (s)-[r:HAD_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from, r.to AS to
ORDER BY s.id

// name: graph_history_removed_of
MATCH (s:RemovedEntity)
WHERE s.integration = $integration AND s.id > ''
MATCH (s)-[r:HAD_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from, r.to AS to
ORDER BY s.integration, s.id

// name: graph_employees
MATCH (p:Employee)
WHERE p.id > ''
RETURN p {.*} AS employee
ORDER BY p.id

// name: graph_mappings
MATCH (e:Entity)
WHERE e.id > ''
OPTIONAL MATCH (p:Employee)-[m:IS|OWNS]->(e)
WITH e, p, m
WHERE m IS NOT NULL OR e.mappingPinned
RETURN e.id AS id, p.id AS employee, coalesce(type(m), 'NONE') AS relation, coalesce(m.origin, e.mappingPinnedOrigin) AS origin,
  coalesce(m.reason, e.mappingPinnedReason) AS reason, coalesce(m.at, e.mappingPinnedAt) AS at
ORDER BY e.id

// name: graph_mappings_of
MATCH (e:Entity)
WHERE e.integration = $integration AND e.id > ''
OPTIONAL MATCH (p:Employee)-[m:IS|OWNS]->(e)
WITH e, p, m
WHERE m IS NOT NULL OR e.mappingPinned
RETURN e.id AS id, p.id AS employee, coalesce(type(m), 'NONE') AS relation, coalesce(m.origin, e.mappingPinnedOrigin) AS origin,
  coalesce(m.reason, e.mappingPinnedReason) AS reason, coalesce(m.at, e.mappingPinnedAt) AS at
ORDER BY e.integration, e.id

// name: graph_mappings_removed
MATCH (e:RemovedEntity)
WHERE e.id > ''
OPTIONAL MATCH (p:Employee)-[m:IS|OWNS]->(e)
WITH e, p, m
WHERE m IS NOT NULL OR e.mappingPinned
RETURN e.id AS id, p.id AS employee, coalesce(type(m), 'NONE') AS relation, coalesce(m.origin, e.mappingPinnedOrigin) AS origin,
  coalesce(m.reason, e.mappingPinnedReason) AS reason, coalesce(m.at, e.mappingPinnedAt) AS at
ORDER BY e.id

// name: graph_mappings_removed_of
MATCH (e:RemovedEntity)
WHERE e.integration = $integration AND e.id > ''
OPTIONAL MATCH (p:Employee)-[m:IS|OWNS]->(e)
WITH e, p, m
WHERE m IS NOT NULL OR e.mappingPinned
RETURN e.id AS id, p.id AS employee, coalesce(type(m), 'NONE') AS relation, coalesce(m.origin, e.mappingPinnedOrigin) AS origin,
  coalesce(m.reason, e.mappingPinnedReason) AS reason, coalesce(m.at, e.mappingPinnedAt) AS at
ORDER BY e.integration, e.id
