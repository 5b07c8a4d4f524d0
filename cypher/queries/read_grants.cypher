// The grants of entities, a page of other ends for each: at (the place in $of), page (a
// list of {other, key, grants}, in order), lower (whether other ends come before the page)
// and total. A group of parallel grants is never cut: $limit counts other ends.

// name: read_grants_held
UNWIND range(0, size($of) - 1) AS at
CALL (at) {
  MATCH (x:Entity {id: $of[at]})
  RETURN x
  UNION ALL
  MATCH (x:RemovedEntity {id: $of[at]})
  RETURN x
}
CALL (x) {
  MATCH (x)-[g:HAS_ACCESS]->(o)
  WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key, collect(g) AS grants
  WHERE key > $key OR (key = $key AND o.id >= $id)
  WITH o, key, grants
  ORDER BY key, o.id
  LIMIT $limit
  RETURN collect({other: o.id, key: o.nameKey, grants: [g IN grants | properties(g)]}) AS page
}
RETURN at, page,
  $id <> '' AND EXISTS {
    MATCH (x)-[g:HAS_ACCESS]->(o)
    WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key
    WHERE key < $key OR (key = $key AND o.id < $id)
    RETURN o
  } AS lower,
  CASE WHEN $total THEN COUNT { (x)-[g:HAS_ACCESS]->(o) } ELSE -1 END AS total

// name: read_grants_on
UNWIND range(0, size($of) - 1) AS at
CALL (at) {
  MATCH (x:Entity {id: $of[at]})
  RETURN x
  UNION ALL
  MATCH (x:RemovedEntity {id: $of[at]})
  RETURN x
}
CALL (x) {
  MATCH (x)<-[g:HAS_ACCESS]-(o)
  WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key, collect(g) AS grants
  WHERE key > $key OR (key = $key AND o.id >= $id)
  WITH o, key, grants
  ORDER BY key, o.id
  LIMIT $limit
  RETURN collect({other: o.id, key: o.nameKey, grants: [g IN grants | properties(g)]}) AS page
}
RETURN at, page,
  $id <> '' AND EXISTS {
    MATCH (x)<-[g:HAS_ACCESS]-(o)
    WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key
    WHERE key < $key OR (key = $key AND o.id < $id)
    RETURN o
  } AS lower,
  CASE WHEN $total THEN COUNT { (x)<-[g:HAS_ACCESS]-(o) } ELSE -1 END AS total

// name: read_ended_held
UNWIND range(0, size($of) - 1) AS at
CALL (at) {
  MATCH (x:Entity {id: $of[at]})
  RETURN x
  UNION ALL
  MATCH (x:RemovedEntity {id: $of[at]})
  RETURN x
}
CALL (x) {
  MATCH (x)-[g:HAD_ACCESS]->(o)
  WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key, collect(g) AS grants
  WHERE key > $key OR (key = $key AND o.id >= $id)
  WITH o, key, grants
  ORDER BY key, o.id
  LIMIT $limit
  RETURN collect({other: o.id, key: o.nameKey, grants: [g IN grants | properties(g)]}) AS page
}
RETURN at, page,
  $id <> '' AND EXISTS {
    MATCH (x)-[g:HAD_ACCESS]->(o)
    WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key
    WHERE key < $key OR (key = $key AND o.id < $id)
    RETURN o
  } AS lower,
  CASE WHEN $total THEN COUNT { (x)-[g:HAD_ACCESS]->(o) } ELSE -1 END AS total

// name: read_ended_on
UNWIND range(0, size($of) - 1) AS at
CALL (at) {
  MATCH (x:Entity {id: $of[at]})
  RETURN x
  UNION ALL
  MATCH (x:RemovedEntity {id: $of[at]})
  RETURN x
}
CALL (x) {
  MATCH (x)<-[g:HAD_ACCESS]-(o)
  WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key, collect(g) AS grants
  WHERE key > $key OR (key = $key AND o.id >= $id)
  WITH o, key, grants
  ORDER BY key, o.id
  LIMIT $limit
  RETURN collect({other: o.id, key: o.nameKey, grants: [g IN grants | properties(g)]}) AS page
}
RETURN at, page,
  $id <> '' AND EXISTS {
    MATCH (x)<-[g:HAD_ACCESS]-(o)
    WITH o, CASE WHEN o.nameKey > '' THEN o.nameKey ELSE '~' END AS key
    WHERE key < $key OR (key = $key AND o.id < $id)
    RETURN o
  } AS lower,
  CASE WHEN $total THEN COUNT { (x)<-[g:HAD_ACCESS]-(o) } ELSE -1 END AS total
