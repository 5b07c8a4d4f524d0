// name: audit_known
CYPHER replan=skip
UNWIND $ids AS id
MATCH (a:AuditEntry {id: id}) USING INDEX SEEK a:AuditEntry(id)
RETURN a.id AS id

// name: audit_append
CYPHER replan=skip
UNWIND $rows AS row
CREATE (a:AuditEntry)
SET a = row

// name: audit_find
MATCH (a:AuditEntry)
WHERE a.id < $after AND ($action = '' OR a.action = $action)
RETURN a {.*} AS entry
ORDER BY a.id DESC
LIMIT $limit

// name: audit_find_actor
MATCH (a:AuditEntry)
WHERE a.actor = $actor AND a.id < $after AND ($action = '' OR a.action = $action)
RETURN a {.*} AS entry
ORDER BY a.actor DESC, a.id DESC
LIMIT $limit

// name: audit_find_object
MATCH (a:AuditEntry)
WHERE a.object = $object AND a.id < $after
  AND ($actor = '' OR a.actor = $actor) AND ($action = '' OR a.action = $action)
RETURN a {.*} AS entry
ORDER BY a.object DESC, a.id DESC
LIMIT $limit
