// name: applications_put
UNWIND $rows AS row
MERGE (a:Application {id: row.id})
SET a += row
WITH a
MATCH (i:Integration {application: a.name})
MERGE (i)-[:INSTANCE_OF]->(a)

// name: integrations_put
CYPHER replan=skip
UNWIND $rows AS row
MERGE (i:Integration {id: row.id})
ON CREATE SET i.revision = 0
SET i += row
WITH i
OPTIONAL MATCH (i)-[old:INSTANCE_OF]->(other:Application)
WHERE other.name <> i.application OR i.application IS NULL
DELETE old
WITH DISTINCT i
MATCH (a:Application {name: i.application})
MERGE (i)-[:INSTANCE_OF]->(a)

// name: integrations_touch
CYPHER replan=skip
UNWIND $keys AS key
MATCH (i:Integration {key: key})
SET i.revision = coalesce(i.revision, 0) + 1

// name: integrations_revisions
CYPHER replan=skip
UNWIND $keys AS key
OPTIONAL MATCH (i:Integration {key: key})
RETURN key, coalesce(i.revision, 0) AS revision

// name: integrations_known
CYPHER replan=skip
UNWIND $keys AS key
MATCH (i:Integration {key: key})
RETURN key, elementId(i) AS node

// name: app_owners_clear
CYPHER replan=skip
UNWIND $ids AS id
MATCH (:Employee)-[o:APP_OWNER]->(:Integration {id: id})
DELETE o

// name: app_owners_put
UNWIND $rows AS row
OPTIONAL MATCH (i:Integration {id: row.id})
WITH row, i
MATCH (p:Employee {id: row.employee})
CREATE (p)-[:APP_OWNER {rank: row.rank}]->(i)
RETURN count(*) AS written

// name: employees_put
UNWIND $rows AS row
MERGE (p:Employee {id: row.id})
SET p += row

// name: employees_managers
// REPORTS_TO follows the managers' e-mails, whichever of the two came first.
UNWIND $rows AS row
MATCH (p:Employee {id: row.id})
OPTIONAL MATCH (p)-[old:REPORTS_TO]->()
DELETE old
WITH DISTINCT p, row
MATCH (m:Employee {id: row.manager})
CREATE (p)-[:REPORTS_TO]->(m)

// name: employees_reports
UNWIND $rows AS row
MATCH (m:Employee {id: row.id})
MATCH (p:Employee {managerEmailFold: row.email})
MERGE (p)-[:REPORTS_TO]->(m)

// name: employees_known
UNWIND $ids AS id
MATCH (p:Employee {id: id})
RETURN id

// name: mappings_clear
// Returns how many of the entities there are, live or in history.
UNWIND $ids AS id
OPTIONAL MATCH (live:Entity {id: id})
OPTIONAL MATCH (removed:RemovedEntity {id: id})
WITH coalesce(live, removed) AS e
WHERE e IS NOT NULL
REMOVE e.mappingPinned, e.mappingPinnedOrigin, e.mappingPinnedReason, e.mappingPinnedAt
WITH e
OPTIONAL MATCH (e)<-[m:IS|OWNS]-(:Employee)
DELETE m
RETURN count(DISTINCT e) AS found

// name: mappings_is
UNWIND $rows AS row
OPTIONAL MATCH (live:Entity {id: row.id})
OPTIONAL MATCH (removed:RemovedEntity {id: row.id})
WITH row, coalesce(live, removed) AS e
MATCH (p:Employee {id: row.employee})
CREATE (p)-[m:IS]->(e)
SET m = row.set
RETURN count(m) AS written

// name: mappings_owns
UNWIND $rows AS row
OPTIONAL MATCH (live:Entity {id: row.id})
OPTIONAL MATCH (removed:RemovedEntity {id: row.id})
WITH row, coalesce(live, removed) AS e
MATCH (p:Employee {id: row.employee})
CREATE (p)-[m:OWNS]->(e)
SET m = row.set
RETURN count(m) AS written

// name: mappings_none
// A person's word that the identity is nobody's.
UNWIND $rows AS row
OPTIONAL MATCH (live:Entity {id: row.id})
OPTIONAL MATCH (removed:RemovedEntity {id: row.id})
WITH row, coalesce(live, removed) AS e
SET e.mappingPinned = true, e.mappingPinnedOrigin = row.set.origin,
    e.mappingPinnedReason = row.set.reason, e.mappingPinnedAt = row.set.at

// name: owners_clear
UNWIND $ids AS id
OPTIONAL MATCH (live:Entity {id: id})
OPTIONAL MATCH (removed:RemovedEntity {id: id})
WITH coalesce(live, removed) AS e
WHERE e IS NOT NULL
OPTIONAL MATCH (e)<-[o:BUSINESS_OWNER]-(:Employee)
DELETE o
RETURN count(DISTINCT e) AS found

// name: owners_put
UNWIND $rows AS row
OPTIONAL MATCH (live:Entity {id: row.id})
OPTIONAL MATCH (removed:RemovedEntity {id: row.id})
WITH row, coalesce(live, removed) AS e
MATCH (p:Employee {id: row.employee})
CREATE (p)-[:BUSINESS_OWNER {rank: row.rank}]->(e)
RETURN count(*) AS written

// name: labels_put
UNWIND $rows AS row
OPTIONAL MATCH (live:Entity {id: row.id})
OPTIONAL MATCH (removed:RemovedEntity {id: row.id})
WITH row, coalesce(live, removed) AS e
WHERE e IS NOT NULL
SET e.labels = row.labels, e.labelsFold = row.labelsFold
RETURN count(e) AS found

// name: insights_clear
UNWIND $ids AS id
OPTIONAL MATCH (live:Entity {id: id})
OPTIONAL MATCH (removed:RemovedEntity {id: id})
WITH coalesce(live, removed) AS e
WHERE e IS NOT NULL
OPTIONAL MATCH (e)-[h:HAS_INSIGHT]->(:Insight)
DELETE h
RETURN count(DISTINCT e) AS found

// name: insights_put
UNWIND $rows AS row
MERGE (n:Insight {id: row.insight})
ON CREATE SET n.name = row.name, n.nameFold = row.nameFold
WITH row, n
OPTIONAL MATCH (live:Entity {id: row.id})
OPTIONAL MATCH (removed:RemovedEntity {id: row.id})
WITH row, n, coalesce(live, removed) AS e
CREATE (e)-[h:HAS_INSIGHT]->(n)
SET h = row.set
