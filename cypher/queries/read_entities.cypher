// What the Cypher reader asks that does not depend on a filter; the rest is compiled.

// name: read_entities
// Whole entities by id, removed ones included.
UNWIND $ids AS id
CALL (id) {
  MATCH (e:Entity {id: id})
  RETURN e
  UNION ALL
  MATCH (e:RemovedEntity {id: id})
  RETURN e
}
RETURN e {.*} AS entity,
  [(e)-[h:HAS_INSIGHT]->(n:Insight) | {name: n.name, since: h.since, evidence: h.evidence}] AS insights,
  [(p:Employee)-[m:IS|OWNS]->(e) | {employee: p.id, relation: type(m), origin: m.origin, reason: m.reason, at: m.at}] AS mapping

// name: read_integrations
MATCH (i:Integration)
RETURN i.key AS key, i.name AS name, i.application AS application

// name: read_people_names
UNWIND $emails AS email
MATCH (p:Employee {workEmailFold: email})
RETURN email, p.fullName AS name

// name: read_nesting
MATCH (a:Connection)-[:NESTS]->(b)
WHERE a:Entity AND ($integration = '' OR a.integration = $integration)
RETURN a.id AS source, b.id AS target
