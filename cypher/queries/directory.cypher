// name: directory_applications
CYPHER replan=skip
MATCH (a:Application)
RETURN a.id AS id, a.name AS name

// name: directory_integrations
CYPHER replan=skip
MATCH (i:Integration)
RETURN i {.*} AS integration,
  [(p:Employee)-[o:APP_OWNER]->(i) | {employee: p.id, rank: o.rank}] AS owners

// name: directory_employees_by_id
UNWIND $ids AS id
MATCH (p:Employee {id: id})
RETURN p {.*} AS employee

// name: directory_employees
// In the order of the index on both: it is used for what has a condition on both. Without
// coalesce the planner makes a union of the two sides of OR and sorts it.
MATCH (p:Employee)
USING INDEX p:Employee(fullNameKey, id)
WHERE p.fullNameKey >= $afterName AND p.id > '' AND coalesce(p.fullNameKey > $afterName OR p.id > $afterId, false)
  AND ($search = '' OR p.fullNameFold CONTAINS $search OR p.workEmailFold CONTAINS $search
    OR p.titleFold CONTAINS $search OR p.departmentFold CONTAINS $search)
  AND ($department = '' OR p.departmentFold = $department)
  AND ($title = '' OR p.titleFold = $title)
  AND ($manager = '' OR p.managerEmailFold = $manager)
  AND ($state = '' OR $state = CASE
    WHEN p.endDate < $today THEN 'TERMINATED'
    WHEN p.startDate > $today THEN 'FUTURE'
    ELSE 'ACTIVE'
  END)
RETURN p {.*} AS employee
ORDER BY p.fullNameKey, p.id
LIMIT $limit

// name: directory_employees_total
MATCH (p:Employee)
WHERE ($search = '' OR p.fullNameFold CONTAINS $search OR p.workEmailFold CONTAINS $search
    OR p.titleFold CONTAINS $search OR p.departmentFold CONTAINS $search)
  AND ($department = '' OR p.departmentFold = $department)
  AND ($title = '' OR p.titleFold = $title)
  AND ($manager = '' OR p.managerEmailFold = $manager)
  AND ($state = '' OR $state = CASE
    WHEN p.endDate < $today THEN 'TERMINATED'
    WHEN p.startDate > $today THEN 'FUTURE'
    ELSE 'ACTIVE'
  END)
RETURN count(p) AS total

// name: directory_mapped
UNWIND $ids AS id
MATCH (p:Employee {id: id})-[:IS|OWNS]->(e:Entity)
RETURN id AS employee, e.id AS entity
ORDER BY entity

// name: directory_owners
UNWIND $ids AS id
OPTIONAL MATCH (live:Entity {id: id})
OPTIONAL MATCH (removed:RemovedEntity {id: id})
WITH id, coalesce(live, removed) AS e
MATCH (p:Employee)-[o:BUSINESS_OWNER]->(e)
RETURN id, p.id AS employee, o.rank AS rank
ORDER BY id, rank

// name: directory_find_entities
MATCH (e:Entity)
WHERE e.sourceId = $sourceId AND e.integration = $integration
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
