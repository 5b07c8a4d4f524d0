// What the latest versions changed (store.ChangeView), and the present state of it. The
// client gives ids in order and gets rows in that order.

// name: version_advance
// Begins the next version. Its changes are kept in pieces under it (none: they were too
// many), with the mark of the version before; logged counts the bytes of all logs so far.
CYPHER replan=skip
MATCH (v:GraphVersion {id: 'graph'})
WITH v, v.mark AS base
SET v.version = v.version + 1, v.mark = randomUUID(), v.logged = coalesce(v.logged, 0) + $bytes
WITH v, base
CALL (v, base) {
  UNWIND range(0, size($pieces) - 1) AS piece
  CREATE (:GraphChange {
    id: toString(v.version) + '-' + toString(piece), version: v.version, base: base, piece: piece, pieces: size($pieces),
    logged: v.logged, data: $pieces[piece]
  })
}
WITH v
OPTIONAL MATCH (old:GraphChange)
WHERE old.version > 0 AND (old.version <= v.version - $versions OR old.logged <= v.logged - $keep)
WITH v, collect(old) AS forgotten
FOREACH (old IN forgotten | DELETE old)
RETURN v.version AS version

// name: version_mark
CYPHER replan=skip
MATCH (v:GraphVersion {id: 'graph'})
RETURN v.version AS version, v.mark AS mark, v.pending IS NOT NULL AS pending

// name: changes_since
MATCH (c:GraphChange)
WHERE c.version > $version
RETURN c.version AS version, c.base AS base, c.piece AS piece, c.pieces AS pieces, c.data AS data
ORDER BY c.version, c.piece

// name: changed_entities
UNWIND $items AS id
MATCH (e:Entity {id: id})
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

// name: changed_entities_removed
UNWIND $items AS id
MATCH (e:RemovedEntity {id: id})
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

// name: changed_grants
// An item is a source and its targets.
UNWIND $items AS item
MATCH (s:Entity {id: item[0]})
UNWIND item[1] AS id
MATCH (t:Entity {id: id})
MATCH (s)-[r:HAS_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from

// name: changed_history
// As changed_grants; either end may be removed by now.
UNWIND $items AS item
OPTIONAL MATCH (live:Entity {id: item[0]})
OPTIONAL MATCH (removed:RemovedEntity {id: item[0]})
WITH item, coalesce(live, removed) AS s
WHERE s IS NOT NULL
UNWIND item[1] AS id
OPTIONAL MATCH (live:Entity {id: id})
OPTIONAL MATCH (removed:RemovedEntity {id: id})
WITH s, coalesce(live, removed) AS t
WHERE t IS NOT NULL
MATCH (s)-[r:HAD_ACCESS]->(t)
RETURN s.id AS source, t.id AS target, r.permission AS permission, r.scope AS scope, r.value AS value, r.counts AS counts,
  r.project AS project, r.lastUsed AS lastUsed, r.metadata AS metadata, r.from AS from, r.to AS to

// name: changed_employees
UNWIND $items AS id
MATCH (p:Employee {id: id})
RETURN p {.*} AS employee
