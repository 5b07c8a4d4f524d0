// name: version
// The graph version, and whether a large import is being applied: then the graph is
// between two versions and must not be read.
CYPHER replan=skip
MATCH (v:GraphVersion {id: 'graph'})
RETURN v.version AS version, v.pending IS NOT NULL AS pending

// name: version_lock
// Setting a property takes the node's write lock, which makes writers wait for one
// another; what is read after it is what the last of them committed.
CYPHER replan=skip
MATCH (v:GraphVersion {id: 'graph'})
SET v.lock = true
REMOVE v.lock
RETURN v.version AS version, v.pending AS pending
