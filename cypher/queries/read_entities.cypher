// What the Cypher reader asks that does not depend on a filter; the rest is compiled.

// name: read_entities
// The answer brings the entities, see compile.Answer.
RETURN $ids AS ids

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
RETURN a.id AS source, collect(b.id) AS targets
