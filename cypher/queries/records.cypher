// Statements on records are written once; RECORD_KIND is the label of the kind.

// name: record_get
MATCH (r:RECORD_KIND {id: $id})
RETURN r.id AS id, r.revision AS revision, r.doc AS doc, r.index AS index

// name: record_lock
// The revision of a record, locked until the transaction ends; 0 when there is none.
CYPHER replan=skip
MERGE (r:RECORD_KIND {id: $id})
SET r.lock = true
REMOVE r.lock
RETURN coalesce(r.revision, 0) AS revision

// name: record_put
CYPHER replan=skip
MATCH (r:RECORD_KIND {id: $id}) USING INDEX SEEK r:RECORD_KIND(id)
SET r = $set

// name: record_delete
CYPHER replan=skip
MATCH (r:RECORD_KIND {id: $id}) USING INDEX SEEK r:RECORD_KIND(id)
DETACH DELETE r

// name: record_find
MATCH (r:RECORD_KIND)
WHERE r.id > $after /* WHERE FIELDS */
RETURN r.id AS id, r.revision AS revision, r.doc AS doc, r.index AS index
ORDER BY r.id
LIMIT $limit

// name: record_find_descending
MATCH (r:RECORD_KIND)
WHERE r.id < $after /* WHERE FIELDS */
RETURN r.id AS id, r.revision AS revision, r.doc AS doc, r.index AS index
ORDER BY r.id DESC
LIMIT $limit
