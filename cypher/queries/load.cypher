// A commit too large for one transaction. Its changes are first kept in chunks, each in
// a transaction of its own; then the change set is published at the version node; then
// chunks are applied, each in a transaction that deletes it; the last one advances the version.

// name: load_chunk_write
CREATE (c:ChangeChunk {id: $id, changeSet: $changeSet, number: $number, changes: $changes, data: $data})

// name: load_chunks_count
MATCH (c:ChangeChunk)
WHERE c.changeSet = $changeSet AND c.number >= 0
RETURN count(c) AS chunks

// name: load_discard
// Chunks of change sets that were never published, some at a time.
MATCH (c:ChangeChunk)
WHERE NOT EXISTS { (v:GraphVersion {id: 'graph'}) WHERE v.pending = c.changeSet }
WITH c LIMIT 20
DELETE c
RETURN count(c) AS deleted

// name: load_publish
MATCH (v:GraphVersion {id: 'graph'})
CREATE (m:ChangeSet {id: $id})
SET m += $set, v.pending = $id

// name: load_next
// The published change set, and its first chunk that is not applied yet.
MATCH (m:ChangeSet {id: $id})
OPTIONAL MATCH (c:ChangeChunk)
USING INDEX c:ChangeChunk(changeSet, number)
WHERE c.changeSet = $id AND c.number >= 0
WITH m, c ORDER BY c.number LIMIT 1
RETURN m.first AS first, m.version AS version, m.at AS at, m.fresh AS fresh, m.touched AS touched, m.tail AS tail, m.changes AS changes,
  c.id AS chunk, c.number AS number, c.data AS data

// name: load_applied
MATCH (m:ChangeSet {id: $id})
SET m.touched = $touched
WITH m
MATCH (c:ChangeChunk {id: $chunk})
DELETE c

// name: load_finish
MATCH (v:GraphVersion {id: 'graph', pending: $id})
REMOVE v.pending
WITH v
MATCH (m:ChangeSet {id: $id})
DELETE m
