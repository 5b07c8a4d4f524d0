// name: audit_known
UNWIND $ids AS id
MATCH (a:AuditEntry {id: id})
RETURN a.id AS id

// name: audit_append
UNWIND $rows AS row
CREATE (a:AuditEntry)
SET a = row

// name: audit_find
MATCH (a:AuditEntry)
WHERE ($after = '' OR a.id < $after)
  AND ($actor = '' OR a.actor = $actor)
  AND ($action = '' OR a.action = $action)
  AND ($object = '' OR a.object = $object)
RETURN a {.*} AS entry
ORDER BY a.id DESC
LIMIT $limit
