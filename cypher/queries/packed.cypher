// The packed copy of what imports compare with: parts beside an integration, whose
// property "packed" says what they are. Staged parts have a label of their own, by which they are
// found without an index: there are only those of the one large commit under way.

// name: packed_heads
CYPHER replan=skip
UNWIND $keys AS key
MATCH (i:Integration {key: key})
RETURN key, coalesce(i.revision, 0) AS revision, i.packed AS packed

// name: packed_read
CYPHER replan=skip
MATCH (i:Integration {key: $key})
WITH i
MATCH (i)-[:PACKED]->(p)
WHERE p.run = $run AND p.section = $section
WITH p ORDER BY p.number
RETURN p.data AS data

// name: packed_put
CYPHER replan=skip
MATCH (i:Integration {key: $key})
SET i.packed = $head
WITH i
UNWIND $batch.parts AS part
CREATE (i)-[:PACKED]->(:PackedPart {run: part.run, section: part.section, number: part.number, data: part.data})

// name: packed_drop
UNWIND $keys AS key
MATCH (i:Integration {key: key})
REMOVE i.packed
WITH i
MATCH (i)-[l:PACKED]->(p:PackedPart)
DELETE l, p

// name: packed_drop_runs
MATCH (i:Integration {key: $key})-[l:PACKED]->(p:PackedPart)
WHERE p.run IN $runs
DELETE l, p

// name: packed_drop_all
// Heads only: without one the parts are not read, and the next import replaces them.
MATCH (i:Integration)
WHERE i.packed IS NOT NULL
REMOVE i.packed

// name: packed_stage
CREATE (:StagedPart {changeSet: $changeSet, run: $run, section: $section, number: $number, data: $data})

// name: packed_stage_manifest
// Written when all parts are: what they are together.
CREATE (:StagedPart {changeSet: $changeSet, manifest: $manifest})

// name: packed_staged
MATCH (p:StagedPart)
WHERE p.changeSet = $changeSet
RETURN count(p.number) AS parts, max(p.manifest) AS manifest

// name: packed_attach
MATCH (i:Integration {key: $key})
SET i.packed = $head
WITH i
MATCH (p:StagedPart)
WHERE p.changeSet = $changeSet AND p.manifest IS NULL
CREATE (i)-[:PACKED]->(p)
REMOVE p:StagedPart, p.changeSet
SET p:PackedPart

// name: packed_unstage
MATCH (p:StagedPart)
WHERE p.changeSet = $changeSet
DELETE p

// name: packed_discard
// Staged parts of change sets that were never published.
MATCH (p:StagedPart)
WHERE NOT EXISTS { (v:GraphVersion {id: 'graph'}) WHERE v.pending = p.changeSet }
WITH p LIMIT 100
DELETE p
RETURN count(p) AS deleted
